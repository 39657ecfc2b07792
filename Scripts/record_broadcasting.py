#!/usr/bin/env python3
"""Record which guards elementwise calls add, for the tests of the operators.

usage: record_broadcasting.py Tests/ATenOperatorsTests/Goldens/broadcasting.json

Broadcasting asks of every size whether it is 1. The tensors have sizes such as `s - 1`, for which that is open. Run it with
each PyTorch: the rows of its version are replaced, the others kept. Recorded with 2.13.0 and 2.15.0.
"""
import sys

import torch

from operator_goldens import golden, update
from record_differences import Call

UNARY = "relu celu gelu square logical_not isinf exp abs neg neg_ exp_ relu_".split()
NUMBERS = "add.Tensor mul.Tensor maximum eq.Scalar add.Scalar pow.Tensor_Scalar clamp mul_.Scalar pow_.Scalar clamp_".split()
BINARY = "add.Tensor mul.Tensor sub.Tensor div.Tensor maximum atan2 eq.Tensor logical_and where.self add_.Tensor mul_.Tensor".split()
OTHERS = {"add.Tensor": 2.0, "mul.Tensor": 2.0, "maximum": None, "clamp": 0.0, "clamp_": 0.0}

SHAPES = {
    "less": lambda p: [(p.s - 1,), (p.s - 1,)],
    "half": lambda p: [(p.s // 2,), (p.s // 2,)],
    "one": lambda p: [(p.symbolic(2) - 1,), (p.symbolic(2) - 1,)],
    "two dims": lambda p: [(p.s - 1, p.t // 2), (p.s - 1, p.t // 2)],
    "second is 1": lambda p: [(p.s - 1,), (1,)],
    "first is 1": lambda p: [(3, 1), (p.s - 1,)],
    "no dims first": lambda p: [(), (p.s - 1,)],
    "no dims second": lambda p: [(p.s - 1,), ()],
    "constant second": lambda p: [(p.s - 1,), (8,)],
    "constant first": lambda p: [(8,), (p.s - 1,)],
    "four dims": lambda p: [(2, 8, p.s // 2, p.t // 2), (2, 8, p.s // 2, p.t // 2)],
    "channels second": lambda p: [(2, 8, p.s // 2, p.t // 2), (1, 8, 1, 1)],
    "known": lambda p: [(p.s,), (p.s,)],
    "unbacked": lambda p: [(p.u,), (p.u,)],
}


def calls():
    """Operators, shapes, and how many tensors they take."""
    for name in UNARY:
        for shape in ("less", "half", "one"): yield name, shape, 1, []
    for name in NUMBERS:
        if OTHERS.get(name, 2) is None: continue
        for shape in ("less", "half", "one", "known"): yield name, shape, 1, [OTHERS.get(name, 3)]
    for name in BINARY:
        for shape in SHAPES:
            in_place = name.partition(".")[0].endswith("_")
            if in_place and shape in ("first is 1", "no dims first"): continue
            # Its layouts differ: Documentation/known-differences.md.
            if name == "logical_and" and shape == "channels second": continue
            yield name, shape, 2, []


def record(name, shape, count, numbers):
    p = Call(2, "cpu")
    tensors = [p.tensor(*sizes) for sizes in SHAPES[shape](p)[:count]]
    if name == "where.self": tensors.insert(0, p.tensor(*SHAPES[shape](p)[0], dtype=torch.bool))
    before = len(p.env.guards)
    p.call(name, tensors + numbers, {})
    case = dict(id=f"{name} {shape}", op=p.steps[0]["op"], args=p.steps[0]["args"], out=p.results[0])
    case["symbols"] = p.symbols
    row = golden(case | {"torch_version": torch.__version__})
    row["guards"] = [str(guard.expr) for guard in p.env.guards[before:]]
    return row


def main():
    version = ".".join(torch.__version__.split(".")[:2])
    update(sys.argv[1], version, [record(*call) for call in calls()])


if __name__ == "__main__":
    main()
