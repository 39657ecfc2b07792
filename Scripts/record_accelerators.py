#!/usr/bin/env python3
"""Record calls on CUDA tensors that differ from those on the CPU, for the tests of the operators.

usage: record_accelerators.py Tests/ATenOperatorsTests/Goldens/accelerators.json

The tensors are fake, so no GPU is needed, but PyTorch must be a build for CUDA. Recorded with 2.15.0. The format is
explained in Tests/TestSupport/OperatorGolden.swift.
"""
import json, sys

import torch
import torch.distributed._functional_collectives  # noqa: F401  registers _c10d_functional
from torch._subclasses.fake_tensor import FakeTensor, FakeTensorMode
from torch.fx.experimental.symbolic_shapes import ShapeEnv

from operator_goldens import SHORT, contiguous

SHORT = {**SHORT, "float8_e4m3fn": "f8e4m3fn", "float8_e8m0fnu": "f8e8m0fnu"}
F16, F32, F64, I32, I64 = torch.float16, torch.float32, torch.float64, torch.int32, torch.int64
U8, F8, BF16 = torch.uint8, torch.float8_e4m3fn, torch.bfloat16


def t(*sizes, dtype=F32, strides=None, device="cuda"):
    if strides is None:
        return torch.empty(sizes, dtype=dtype, device=device)
    return torch.empty_strided(sizes, strides, dtype=dtype, device=device)


def last(*sizes, dtype=F32):
    format = torch.channels_last if len(sizes) == 4 else torch.channels_last_3d
    return t(*sizes, dtype=dtype).to(memory_format=format)


def calls():
    heads = t(2, 4, 16, 32, dtype=F16, strides=(2048, 32, 128, 1))
    wide = t(2, 4, 16, 48, dtype=F16, strides=(3072, 48, 192, 1))
    dense = t(2, 16, 4, 32, dtype=F16)
    no = [0, 0]
    yield "aten.zeros.default", ([2],), {"device": torch.device("cuda")}
    yield "aten.arange.default", (4,), {"device": torch.device("cuda")}
    yield "aten.empty_like.default", (t(2, device="cpu"),), {"device": torch.device("cuda")}
    yield "aten.new_zeros.default", (t(2, device="cpu"), [3]), {"device": torch.device("cuda:1")}
    yield "aten._to_copy.default", (t(2, device="cpu"),), {"device": torch.device("cuda")}
    for dtype in (F32, F64):
        weight = t(4, 3, 3, 3, dtype=dtype)
        yield "aten.convolution.default", (last(2, 3, 8, 8, dtype=dtype), weight, None, [1, 1], no, [1, 1], False, no, 1), {}
        yield "aten.convolution.default", (t(2, 3, 8, 8, dtype=dtype), last(4, 3, 3, 3, dtype=dtype), None, [1, 1], no, [1, 1], False, no, 1), {}
    yield "aten.convolution.default", (last(2, 3, 4, 8, 8), t(4, 3, 2, 3, 3), None, [1] * 3, [0] * 3, [1] * 3, False, [0] * 3, 1), {}
    yield "aten.convolution.default", (t(2, 3, 8), t(4, 3, 3), None, [1], [0], [1], False, [0], 1), {}
    yield "aten.convolution_backward.default", (t(2, 4, 6, 6), last(2, 3, 8, 8), t(4, 3, 3, 3), [4], [1, 1], no, [1, 1], False, no, 1, [True] * 3), {}
    for channels in (3, 8, 16):
        yield "aten.upsample_bilinear2d.default", (last(2, channels, 4, 4), [6, 7], False), {}
    for dtype in (F32, F64, BF16):
        channels = t(3, dtype=F32)
        for strides in ((1, 2, 6, 24), (180, 1, 36, 9)):
            x = t(2, 3, 4, 5, dtype=dtype, strides=strides)
            yield "aten.batch_norm.default", (x, channels, channels, channels, channels, False, 0.1, 1e-5, True), {}
    yield "aten.one_hot.default", (t(3, dtype=I64), 5), {}
    yield "aten.nonzero_static.default", (t(3, 4),), {"size": 5}
    yield "aten.linalg_eig.default", (t(2, 4, 4),), {}
    for mode in (0, 1, 2):
        yield "aten._embedding_bag.default", (t(10, 4), t(6, dtype=I64), t(3, dtype=I64), False, mode), {}
    for dims in ([0, 1], [0, 1, 2], [2], [2, 1], [0, 1, 2, 3]):
        for one in (True, False):
            yield "aten._fft_r2c.default", (t(2, 3, 4, 6), dims, 0, one), {}
        yield "aten._fft_c2c.default", (t(2, 3, 4, 6, dtype=torch.complex64).transpose(1, 3), dims, 0, True), {}
        yield "aten._fft_c2r.default", (t(2, 3, 4, 6, dtype=torch.complex64).transpose(1, 3), dims, 0, 5), {}
    for value in (heads, wide):
        yield "aten._scaled_dot_product_flash_attention.default", (heads, heads, value, 0.0, True), {}
        yield "aten._scaled_dot_product_efficient_attention.default", (heads, heads, value, None, True), {}
        yield "aten._scaled_dot_product_cudnn_attention.default", (heads, heads, value, None, True), {}
    yield "aten._scaled_dot_product_flash_attention.default", (heads, heads, heads, 0.1, True, True), {}
    yield "aten._flash_attention_forward.default", (dense, dense, dense, None, None, 16, 16, 0.0, True, False), {}
    starts, flat = t(3, dtype=I32), t(32, 4, 32, dtype=F16)
    yield "aten._flash_attention_forward.default", (flat, flat, flat, starts, starts, 16, 16, 0.0, True, False), {}
    yield "aten._efficient_attention_forward.default", (dense, dense, dense, None, None, None, 16, 16, 0.0, 0, True), {}
    a, b = t(128, 256, dtype=F8), t(64, 256, dtype=F8).t()
    yield "aten._scaled_mm.default", (a, b, t(), t()), {"out_dtype": BF16}
    yield "aten._scaled_mm.default", (a, b, t(128, 1), t(1, 64)), {"out_dtype": BF16}
    yield "aten._scaled_mm.default", (a, b.t(), t(), t()), {}
    ends = t(4, dtype=I32)
    yield "aten._grouped_mm.default", (t(64, 32, dtype=BF16), t(4, 48, 32, dtype=BF16).transpose(1, 2), ends), {}
    yield "aten._grouped_mm.default", (t(64, 32, dtype=BF16), t(64, 24, dtype=BF16).t(), None), {}
    yield "aten._grouped_mm.default", (t(24, 64, dtype=BF16), t(64, 40, dtype=BF16), ends), {}
    yield "aten._convert_weight_to_int4pack.default", (t(64, 128, dtype=U8), 8), {}
    yield "aten._thnn_fused_gru_cell.default", (t(2, 48), t(2, 48), t(2, 16)), {}
    yield "aten._thnn_fused_gru_cell_backward.default", (t(2, 16), t(2, 80), True), {}
    yield "aten._jagged_to_padded_dense_forward.default", (t(9, 8), [t(4, dtype=I64)], [5]), {}
    yield "aten._foreach_norm.Scalar", ([t(2, 3), t(4)],), {}
    yield "_c10d_functional.all_gather_into_tensor.default", (t(2, 3), 4, "0"), {}
    yield "_c10d_functional.all_reduce.default", (t(2, 3, strides=(1, 2)), "sum", "0"), {}
    yield "_c10d_functional.reduce_scatter_tensor.default", (t(8, 3), "sum", 4, "0"), {}
    yield "_c10d_functional.all_to_all_single.default", (t(6, 3), [1, 4], [2, 4], "0"), {}
    yield "_c10d_functional.wait_tensor.default", (t(2, 3, strides=(1, 2)),), {}
    yield "_c10d_functional.all_gather_into_tensor_coalesced.default", ([t(2, 3), t()], 4, "0"), {}


def text(x):
    if isinstance(x, FakeTensor):
        out = f"{SHORT[str(x.dtype)[6:]]}[{', '.join(map(str, x.shape))}]"
        if list(x.stride()) != contiguous(list(x.shape)):
            out += f" s[{', '.join(map(str, x.stride()))}]"
        return out + (f" @{x.device}" if x.device.type != "cpu" else "")
    if isinstance(x, (list, tuple)):
        return [text(y) for y in x]
    if x is None or isinstance(x, (bool, int)):
        return x
    if isinstance(x, float):
        return f"float {x}"
    kind = {torch.dtype: "dtype", torch.device: "device", str: "str"}[type(x)]
    return f"{kind} {x}".replace("torch.", "")


def record(calls, prefix):
    """Write the results of what `calls` gives, with ids that begin with `prefix`, to the file that is the argument."""
    rows = []
    with FakeTensorMode(shape_env=ShapeEnv()):
        for number, (name, args, kwargs) in enumerate(calls()):
            row = {"id": f"{prefix}{number}", "op": name, "args": text(args)}
            if kwargs:
                row["kwargs"] = {key: text(value) for key, value in kwargs.items()}
            operator = torch.ops
            for part in name.split("."):
                operator = getattr(operator, part)
            try:
                row["out"] = text(operator(*args, **kwargs))
            except (RuntimeError, AssertionError) as error:
                row["error"] = type(error).__name__
            rows.append(row)
    with open(sys.argv[1], "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")


if __name__ == "__main__":
    record(calls, "g")
