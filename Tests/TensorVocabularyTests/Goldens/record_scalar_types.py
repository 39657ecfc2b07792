#!/usr/bin/env python3
"""Records what PyTorch says about its dtypes.

    python record_scalar_types.py > scalar_types.json

One line per dtype, in the order of c10::ScalarType: its facts (null where PyTorch raises an error), and for each dtype
in the list, in order, the result of torch.promote_types for the two.
"""

import json

import torch
from torch._export.serde.serialize import _TORCH_TO_SERIALIZE_DTYPE
from torch.utils._dtype_abbrs import dtype_abbrs

NAMES = """uint8 int8 int16 int32 int64 float16 float32 float64 complex32 complex64 complex128 bool qint8 quint8 qint32
bfloat16 quint4x2 quint2x4 bits1x8 bits2x4 bits4x2 bits8 bits16 float8_e5m2 float8_e4m3fn float8_e5m2fnuz
float8_e4m3fnuz uint16 uint32 uint64 uint1 uint2 uint3 uint4 uint5 uint6 uint7 int1 int2 int3 int4 int5 int6 int7
float8_e8m0fnu float4_e2m1fn_x2 bcomplex32""".split()


def attempt(function):
    try:
        return function()
    except Exception:
        return None


def name(dtype):
    return str(dtype).removeprefix("torch.") if dtype is not None else None


def facts(dtype):
    code = _TORCH_TO_SERIALIZE_DTYPE.get(dtype)
    others = [getattr(torch, other) for other in NAMES]
    return {
        "name": name(dtype),
        "shortName": dtype_abbrs.get(dtype),
        "archiveCode": None if code is None else int(code),
        "itemSize": dtype.itemsize,
        "isFloatingPoint": dtype.is_floating_point,
        "isComplex": dtype.is_complex,
        "isSigned": attempt(lambda: dtype.is_signed),
        "toReal": name(dtype.to_real()),
        "toComplex": name(attempt(dtype.to_complex)),
        "promotions": [name(attempt(lambda: torch.promote_types(dtype, other))) for other in others],
    }


rows = [json.dumps(facts(getattr(torch, dtype))) for dtype in NAMES]
print("[\n" + ",\n".join(rows) + "\n]")
