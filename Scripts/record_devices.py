#!/usr/bin/env python3
"""Record which devices the tensors of one call may be on, for the tests of the operators.

usage: record_devices.py Tests/ATenOperatorsTests/Goldens/devices.json

Every tensor of every call is once on the CPU and once on a fake GPU, in all combinations, with and without dims. No GPU is
needed. Recorded with 2.13.0.
"""
import itertools, json, pathlib, sys

import torch
from torch._dispatch.python import enable_python_dispatcher
from torch._subclasses.fake_tensor import FakeTensorMode

from operator_goldens import golden

F32, I64, BOOL = torch.float32, torch.int64, torch.bool

# An empty tensor to write the result to, which is resized.
OUT = (F32, 0)

# An operator and its arguments: a tensor is a dtype with sizes.
CALLS = [
    ("gather", (F32, 3), 0, (I64, 2)), ("gather", (F32,), 0, (I64, 1)),
    ("scatter.src", (F32, 3), 0, (I64, 2), (F32, 2)), ("scatter.src", (F32,), 0, (I64,), (F32,)),
    ("scatter.value", (F32, 3), 0, (I64, 2), 1.0), ("scatter_add", (F32, 3), 0, (I64, 2), (F32, 2)),
    ("scatter_add_", (F32,), 0, (I64,), (F32,)), ("scatter_reduce.two", (F32, 3), 0, (I64, 2), (F32, 2), "sum"),
    ("index_select", (F32, 3), 0, (I64, 2)), ("index_select", (F32,), 0, (I64, 1)),
    ("index_add", (F32, 3), 0, (I64, 2), (F32, 2)), ("index_add_", (F32,), 0, (I64, 1), (F32,)),
    ("index_copy", (F32, 3), 0, (I64, 2), (F32, 2)), ("index_copy_", (F32, 3), 0, (I64, 1), (F32, 1)),
    ("index_fill.int_Scalar", (F32, 3), 0, (I64, 2), 1.0), ("index_fill.int_Tensor", (F32, 3), 0, (I64, 2), (F32,)),
    ("index_fill_.int_Scalar", (F32,), 0, (I64, 1), 1.0), ("index_reduce", (F32, 3), 0, (I64, 2), (F32, 2), "prod"),
    ("index.Tensor", (F32, 3, 4), [(I64, 2)]), ("index_put", (F32, 3), [(I64, 2)], (F32, 2)),
    ("index_put", (F32, 3), [(I64, 2)], (F32,)), ("_unsafe_index.Tensor", (F32, 3, 4), [(I64, 2)]),
    ("_unsafe_index_put", (F32, 3), [(I64, 2)], (F32, 2)),
    ("masked_fill.Scalar", (F32, 3), (BOOL, 3), 1.0), ("masked_fill.Scalar", (F32, 3), (BOOL,), 1.0),
    ("masked_fill.Tensor", (F32, 3), (BOOL, 3), (F32,)), ("masked_fill_.Tensor", (F32,), (BOOL,), (F32,)),
    ("masked_scatter", (F32, 3), (BOOL, 3), (F32, 3)), ("masked_scatter_", (F32, 3), (BOOL, 3), (F32, 3)),
    ("take", (F32, 3), (I64, 2)), ("take", (F32,), (I64, 2)), ("put", (F32, 3), (I64, 2), (F32, 2)),
    ("put_", (F32,), (I64,), (F32, 1)), ("where.self", (BOOL, 3), (F32, 3), (F32,)), ("where.self", (BOOL,), (F32, 3), (F32, 3)),
    ("embedding", (F32, 3, 4), (I64, 2)), ("isin.Tensor_Tensor", (F32, 3), (F32, 2)), ("nextafter", (F32, 3), (F32,)),
    ("take_along_dim", (F32, 3, 2), (I64, 3, 2), 0), ("lerp_.Scalar", (F32,), (F32,), 0.5), ("add_.Tensor", (F32, 3), (F32,)),
    ("bilinear", (F32, 3, 4), (F32, 3, 4), (F32, 5, 4, 4)), ("nll_loss_forward", (F32, 3, 4), (I64, 3), None, 1, -100),
    ("nll_loss_forward", (F32, 4), (I64,), None, 1, -100), ("select_scatter", (F32, 3, 4), (F32, 4), 0, 0),
    ("select_scatter", (F32, 3), (F32,), 0, 0), ("embedding_bag", (F32, 5, 4), (I64, 3), (I64, 2)),
    ("grid_sampler_2d_backward", (F32, 1, 2, 3, 3), (F32, 1, 2, 4, 4), (F32, 1, 3, 3, 2), 0, 0, False, [True, True]),
    ("mul.out", (F32, 3), (F32, 3), OUT), ("cat.out", [(F32, 3), (F32, 3)], 0, OUT), ("exp.out", (F32, 3), OUT),
    ("sum.IntList_out", (F32, 3, 2), [0], OUT), ("mm.out", (F32, 3, 2), (F32, 2, 3), OUT),
    ("prelu", (F32,), (F32,)), ("prelu", (F32,), (F32, 1)), ("prelu", (F32, 3), (F32,)), ("prelu", (F32, 3), (F32, 1)),
]


def is_tensor(argument): return isinstance(argument, tuple)


def flat(arguments): return [a for x in arguments for a in (x if isinstance(x, list) else [x])]


def tagged(x):
    if isinstance(x, torch.Tensor):
        return {"tensor": dict(dtype=str(x.dtype), sizes=list(x.size()), strides=list(x.stride()), storage_offset=x.storage_offset(),
                               device=str(x.device), layout="strided", requires_grad=False)}
    if isinstance(x, list): return {"list": [tagged(y) for y in x]}
    if isinstance(x, tuple): return {"tuple": [tagged(y) for y in x]}
    if x is None: return {"none": True}
    return {{float: "float", int: "int", str: "str", bool: "bool"}[type(x)]: x}


def record(number, name, arguments, devices):
    with FakeTensorMode():
        left = iter(devices)
        make = lambda a: torch.empty(a[1:], dtype=a[0], device=next(left)) if is_tensor(a) else a
        made = [[make(y) for y in a] if isinstance(a, list) else make(a) for a in arguments]
        packet, _, overload = name.partition(".")
        named = {"out": made.pop()} if arguments[-1] is OUT else {}
        case = dict(id=f"{name} {number} {' '.join(devices)}", op=f"aten.{packet}.{overload or 'default'}", args=[tagged(a) for a in made],
                    kwargs={key: tagged(a) for key, a in named.items()})
        try:
            with enable_python_dispatcher(): case["out"] = tagged(getattr(getattr(torch.ops.aten, packet), overload or "default")(*made, **named))
        except Exception as error:
            case["error"] = {"type": "RuntimeError" if isinstance(error, RuntimeError) else type(error).__name__}
    return golden(case)


def main():
    rows = []
    for number, (name, *arguments) in enumerate(CALLS):
        count = sum(map(is_tensor, flat(arguments)))
        for devices in itertools.product(("cpu", "cuda"), repeat=count):
            if len(set(devices)) > 1: rows.append(record(number, name, arguments, devices))
    pathlib.Path(sys.argv[1]).write_text("[\n" + ",\n".join(map(json.dumps, rows)) + "\n]\n")


if __name__ == "__main__":
    main()
