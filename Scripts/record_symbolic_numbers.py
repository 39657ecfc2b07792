#!/usr/bin/env python3
"""Records what PyTorch's fake tensors do if a number argument of an operator is symbolic.

usage: record_symbolic_numbers.py > Tests/ATenOperatorsTests/Goldens/Symbolic/numbers.json

Each call is made with a number of four kinds: an integer with the hint 3 (`s93`), that integer divided by 4, an
unbacked integer and an unbacked float. A row has the result or the exception, the guards and the deferred asserts. Values are written as in Tests/TestSupport/OperatorGolden.swift; `?` stands for the number,
`?i` for an integer, and `?!` for one that is not a known float: PyTorch guards on whether the order of a norm is even, which
affects no shape.
Recorded with PyTorch 2.13.0+cpu.
"""
import json, logging, torch
from torch._dynamo.source import ConstantSource
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.fx.experimental.symbolic_shapes import DimDynamic, ShapeEnv, StatelessSymbolicContext

logging.disable(logging.CRITICAL)
DTYPES = {"f32": torch.float32, "i64": torch.int64, "u8": torch.uint8}
CALLS = [
    ("pow.Tensor_Scalar", "f32[2, 2]", "?"), ("pow.Tensor_Scalar", "i64[2, 2]", "?"),
    ("isclose", "f32[2, 2]", "f32[2, 2]", "?"), ("hardtanh", "f32[2, 2]", "?", 10), ("hardtanh", "i64[2, 2]", "?", 10),
    ("hardtanh", "u8[2]", 0, "?"), ("renorm", "f32[2, 2]", 2, 0, "?"), ("renorm", "f32[2, 2]", "?!", 0, 1),
    ("quantile.scalar", "f32[2, 2]", "?"), ("histc", "f32[5]", 10, "?", 100), ("histc", "f32[5]", "?", 0, 100),
    ("normal.Tensor_float", "f32[5]", "?"), ("bernoulli.p", "f32[5]", "?"), ("exponential", "f32[5]", "?"),
    ("_pdist_forward", "f32[5, 3]", "?"), ("pdist", "f32[5, 3]", "?"), ("linalg_vector_norm", "f32[5, 3]", "?!"),
    ("norm.ScalarOpt_dim", "f32[5, 3]", "?!", [0]), ("linalg_matrix_norm", "f32[5, 3]", "?"),
    ("linalg_cond", "f32[3, 3]", "?"), ("dropout", "f32[3, 3]", "?", True), ("native_dropout", "f32[3, 3]", "?", True),
    ("scaled_dot_product_attention", "f32[1, 2, 3, 8]", "f32[1, 2, 3, 8]", "f32[1, 2, 3, 8]", None, "?"),
    ("multi_margin_loss", "f32[3, 3]", "i64[3]", "?"), ("huber_loss", "f32[3, 3]", "f32[3, 3]", 1, "?"),
    ("cdist", "f32[3, 3]", "f32[3, 3]", "?"), ("_cdist_forward", "f32[3, 3]", "f32[3, 3]", "?", None),
    ("triplet_margin_loss", "f32[3, 3]", "f32[3, 3]", "f32[3, 3]", "float 1.0", "?"),
    ("pairwise_distance", "f32[3, 3]", "f32[3, 3]", "?"),
    ("cross_entropy_loss", "f32[3, 3]", "i64[3]", None, 1, -100, "?"), ("elu", "f32[3, 3]", "?"),
    ("rrelu", "f32[3, 3]", "?", "float 8.0"), ("clamp", "f32[3, 3]", "?", "float 8.0"), ("full", [2], "?"),
    ("one_hot", "i64[3]", "?i"), ("pixel_shuffle", "f32[1, 9, 2, 2]", "?i"), ("threshold", "f32[3]", "?", 0),
]


def example(shapes, mode):
    tensor = mode.from_tensor(
        torch.empty(3), source=ConstantSource("x"),
        symbolic_context=StatelessSymbolicContext(dynamic_sizes=[DimDynamic.DYNAMIC]))
    return tensor.shape[0]


NUMBERS = {
    "int s93": example,
    "float FloatTrueDiv(ToFloat(s93), 4.0)": lambda shapes, mode: torch.sym_float(example(shapes, mode)) / 4,
    "int u0": lambda shapes, mode: shapes.create_unbacked_symint(),
    "float zuf0": lambda shapes, mode: shapes.create_unbacked_symfloat(),
}


def is_number(argument): return isinstance(argument, str) and argument.startswith("?")


def value(text, number):
    if not isinstance(text, str): return text
    if is_number(text): return number
    if text.startswith("float "): return float(text[6:])
    dtype, sizes = text[:-1].split("[")
    return torch.empty([int(size) for size in sizes.split(", ")], dtype=DTYPES[dtype])


def written(result):
    if isinstance(result, (list, tuple)): return [written(item) for item in result]
    names = {dtype: name for name, dtype in DTYPES.items()} | {torch.bool: "b8"}
    sizes = ", ".join(str(size) for size in result.shape)
    assert result.is_contiguous(), result
    return f"{names[result.dtype]}[{sizes}]"


rows = []
for name, *arguments in CALLS:
    packet, _, overload = name.partition(".")
    operator = getattr(getattr(torch.ops.aten, packet), overload or "default")
    for text, make in NUMBERS.items():
        if "?i" in arguments and not text.startswith("int"): continue
        if "?!" in arguments and text.startswith("float Float"): continue
        shapes = ShapeEnv()
        mode = FakeTensorMode(shape_env=shapes)
        number = make(shapes, mode)
        row = {"op": f"aten.{packet}.{overload or 'default'}",
               "args": [text if is_number(argument) else argument for argument in arguments]}
        try:
            with mode:
                row["out"] = written(operator(*[value(argument, number) for argument in arguments]))
        except Exception as error:
            row["error"] = type(error).__name__
        row["guards"] = [str(guard.expr) for guard in shapes.guards]
        row["asserts"] = [str(left.expr) for all in shapes.deferred_runtime_asserts.values() for left in all]
        rows.append(json.dumps(row))
print("[\n" + ",\n".join(rows) + "\n]")
