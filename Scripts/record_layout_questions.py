#!/usr/bin/env python3
"""Record what calls ask about the layout of their tensors, for the tests of the operators.

usage: record_layout_questions.py Tests/ATenOperatorsTests/Goldens/layout_questions.json

Whether a tensor is contiguous or dense, and whether a size is 0 or 1, is open for sizes such as `s - 3`: each question is a
guard. Run it with each PyTorch: the rows of its version are replaced, the others kept. Recorded with 2.13.0 and 2.15.0.
"""
import json, sys

import sympy, torch

from operator_goldens import golden, update
from record_differences import Call

F16, I64, BOOL = torch.float16, torch.int64, torch.bool


def cube(p, **options): return p.tensor(2, p.s - 3, 4, **options)


def slab(p): return p.tensor(2, p.s - 1, 4)


CALLS = {
    "any": [("any.dim", lambda p: [cube(p), 1]), ("any.dims", lambda p: [cube(p), [1], True]), ("all.dim", lambda p: [cube(p), 1])],
    "average": [("mean.dim", lambda p: [cube(p), [1], True]), ("mean.dim", lambda p: [cube(p, dtype=F16), [1]])],
    "batch": [("baddbmm", lambda p: [slab(p), p.tensor(2, p.s - 1, 5), p.tensor(2, 5, 4)]),
              ("addbmm", lambda p: [p.tensor(p.s - 1, 4), p.tensor(2, p.s - 1, 5), p.tensor(2, 5, 4)]),
              ("linalg_cross", lambda p: [p.tensor(p.s - 1, 3)] * 2), ("_cdist_forward", lambda p: [slab(p), slab(p), 2.0, None]),
              ("_linalg_solve_ex", lambda p: [p.tensor(p.s - 1, 3, 3), p.tensor(p.s - 1, 3, 2)])],
    "cat": [("cat", lambda p: [[p.tensor(p.s - 3, 5)] * 2]), ("cat", lambda p: [[p.tensor(p.s - 3, 5)] * 2, 1])],
    "convert": [("_to_copy", lambda p: [cube(p)], dict(dtype=I64)), ("_to_copy", lambda p: [p.tensor(p.s - 3)], dict(dtype=I64))],
    "copy": [("clone", lambda p: [p.tensor(p.s - 3)]), ("clone", lambda p: [cube(p)]), ("_to_copy", lambda p: [p.tensor(p.s - 3)])],
    "count": [("arange", lambda p: [p.s - 1], dict(dtype=torch.float32)), ("arange", lambda p: [p.s - 1], dict(dtype=I64)), ("eye", lambda p: [p.s - 1]),
              ("eye.m", lambda p: [p.s - 1, 3]), ("count_nonzero", lambda p: [slab(p)])],
    "expand": [("expand_copy", lambda p: [p.tensor(p.s - 1, 1, 4), [-1, 5, -1]]), ("meshgrid", lambda p: [[p.tensor(p.s - 1)]]),
               ("repeat_interleave.self_int", lambda p: [slab(p), 2])],
    "fourier": [("_fft_r2c", lambda p: [slab(p), [2], 0, True])],
    "half": [("exp", lambda p: [cube(p, dtype=F16)]), ("add.Tensor", lambda p: [cube(p, dtype=F16)] * 2)],
    "image": [("grid_sampler_2d", lambda p: [p.tensor(p.s, p.s - 1, 4, 4), p.tensor(p.s, 4, 4, 2), 0, 0, False]),
              ("adaptive_avg_pool1d", lambda p: [slab(p), [1]]), ("adaptive_max_pool1d", lambda p: [slab(p), [1]]),
              ("conv1d", lambda p: [p.tensor(1, 2, p.s), p.tensor(3, 2, p.t - 1)]),
              ("upsample_nearest1d", lambda p: [p.tensor(2, 3, p.s), [p.s - 1]]), ("upsample_linear1d", lambda p: [p.tensor(2, 3, p.s), [p.s - 1], False])],
    "index": [("index.Tensor", lambda p: [p.tensor(9), [p.tensor(p.s - 1, dtype=I64)]]),
              ("index_fill.int_Tensor", lambda p: [p.tensor(4, 3), 1, p.tensor(p.s - 1, dtype=I64), p.tensor()])],
    "not": [("logical_not", lambda p: [cube(p)]), ("logical_not", lambda p: [cube(p, dtype=BOOL)])],
    "norm": [("linalg_vector_norm", lambda p, n=n: [cube(p), n, [1], True]) for n in (0, 2)],
    "outer": [("outer", lambda p: [p.tensor(p.s - 1), p.tensor(p.t - 1)]), ("linalg_vander", lambda p: [p.tensor(p.s - 1)], dict(N=4)),
              ("mul.Tensor", lambda p: [p.tensor(4, 1), p.tensor(p.s - 1)])],
    "product": [("dot", lambda p: [p.tensor(p.s - 3)] * 2), ("mv", lambda p: [p.tensor(p.s - 3, 4), p.tensor(4)]),
                ("matmul", lambda p: [p.tensor(p.s, 3, 4), p.tensor(4, p.t - 2)]),
                ("matmul", lambda p: [p.tensor(p.s, 3, 4), p.tensor(4, 0)]),
                ("linear", lambda p: [p.tensor(p.s, p.t, 4), p.tensor(p.s // 2, 4)]),
                ("linear", lambda p: [p.tensor(p.s, p.t - 1, 4), p.tensor(3, 4), p.tensor(3)])],
    "reduce": [("sum.dim_IntList", lambda p: [cube(p), [1]]), ("sum.dim_IntList", lambda p: [cube(p), [1], True]),
               ("sum.dim_IntList", lambda p: [cube(p, dtype=F16), [1], True]), ("amax", lambda p: [cube(p), [1], True]),
               ("prod.dim_int", lambda p: [cube(p), 1]), ("max.dim", lambda p: [cube(p), 1, True])],
    "reshape": [("reshape", lambda p: [p.tensor(p.s, p.t - 1, 4), [p.s, -1]]), ("view", lambda p: [p.tensor(p.s, p.t - 1, 4), [-1, p.s * 2]]),
                ("reshape", lambda p: [p.tensor(p.s * (p.t - 1), 4), [p.s, p.t - 1, 4]]), ("flatten.using_ints", lambda p: [p.tensor(p.s, p.t - 1, 4), 0, 1])],
    "row": [("_safe_softmax", lambda p: [slab(p), 1]), ("logsumexp", lambda p: [slab(p), [1]])],
    "scan": [("cumsum", lambda p: [cube(p), 1])],
    "shift": [("roll", lambda p: [cube(p), [1], [0]]), ("put", lambda p: [cube(p), p.tensor(2, dtype=I64), p.tensor(2)])],
    "sign": [("signbit", lambda p: [cube(p)]), ("signbit", lambda p: [p.tensor(p.s - 3)]), ("copysign.Tensor", lambda p: [cube(p)] * 2),
             ("floor_divide", lambda p: [cube(p)] * 2)],
    "special": [("special_airy_ai", lambda p: [slab(p)]), ("special_bessel_j0", lambda p: [slab(p)])],
    "spread": [("var.dim", lambda p: [cube(p), [1], True, True]), ("std.dim", lambda p: [cube(p), [1], True, True]),
               ("var_mean.dim", lambda p: [cube(p), [1], True, True]),
               ("layer_norm", lambda p: [p.tensor(p.s - 1, 4), [4], p.tensor(4), p.tensor(4)])],
    "view": [("unsqueeze", lambda p: [cube(p), 1])],
    "write": [("masked_scatter", lambda p: [cube(p), cube(p, dtype=BOOL), p.tensor(3)]),
              ("normal_", lambda p: [slab(p)]), ("put_", lambda p: [slab(p), p.tensor(2, dtype=I64), p.tensor(2)])],
}


# Up to 2.14, views ask what 2.15 does not.
SINCE_2_15 = ("scan", "view")


def spelled(guard):
    """Expanded, with a number before a maximum."""
    if not isinstance(guard, sympy.core.relational.Relational): return str(guard)
    left, right = sympy.expand(guard.lhs), sympy.expand(guard.rhs)
    if isinstance(guard, sympy.StrictGreaterThan) and right.is_Integer and "Max" in str(left): return f"{right} < {left}"
    return str(guard.func(left, right, evaluate=False))


def record(family, number, name, arguments, options={}):
    p = Call(2, "cpu")
    made = arguments(p)
    before = len(p.env.guards)
    p.call(name, made, options)
    case = dict(id=f"{family} {number}", op=p.steps[0]["op"], args=p.steps[0]["args"], kwargs=p.steps[0]["kwargs"], out=p.results[0])
    used = json.dumps(case)
    case["symbols"] = {k: v for k, v in p.symbols.items() if k in used}
    row = golden(case | {"torch_version": torch.__version__})
    row["guards"] = [spelled(guard.expr) for guard in p.env.guards[before:]]
    return row


def main():
    version = ".".join(torch.__version__.split(".")[:2])
    families = [f for f in CALLS if version == "2.15" or f not in SINCE_2_15]
    rows = [record(family, number, *call) for family in families for number, call in enumerate(CALLS[family])]
    update(sys.argv[1], version, rows)


if __name__ == "__main__":
    main()
