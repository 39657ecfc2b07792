#!/usr/bin/env python3
"""Record calls in which differential.py found a difference, for the tests of the operators.

usage: record_differences.py Tests/ATenOperatorsTests/Goldens/differential.json

Run it with each PyTorch: the rows of its version are replaced, the others kept. Recorded with 2.13.0 and 2.15.0. The
format is explained in Tests/TestSupport/OperatorGolden.swift.
"""
import json, sys

import torch

from differential import Program
from operator_goldens import golden, update

LAST = torch.channels_last


class Call(Program):
    """One call with the sizes u0, u1 (unbacked) and s, t (examples 9 and 7)."""

    def __init__(self, lower, device):
        super().__init__(0, device)
        with self.mode:
            for _ in range(2):
                value = self.env.create_unbacked_symint()
                torch._check(value >= lower)
                self.symbols[str(value)] = {"range": [lower, None], "hint": None}
                self.sizes.append(value)
        self.u, self.v = self.sizes
        self.given, self.known = set(self.asserts()), None

    s = property(lambda self: self.symbolic(9))
    t = property(lambda self: self.symbolic(7))

    def meta(self, tensor): return super().meta(tensor) | {"tid": None}

    def tensor(self, *sizes, dtype=torch.float32, **options):
        with self.mode: tensor = torch.empty(sizes, dtype=dtype, device=self.device, **options)
        self.add(tensor, {"tensor": self.meta(tensor)})
        return tensor


def norm(p, *sizes, training=False):
    return [p.tensor(*sizes), *[p.tensor(sizes[1]) for _ in range(4)], training, 0.1, 1e-5, True]


CALLS = [
    (2, "cpu", "avg_pool2d", lambda p: [p.tensor(2, 4, p.u, 8, memory_format=LAST), [2, 2], [2, 2], [1, 1]]),
    (0, "cpu", "avg_pool2d", lambda p: [p.tensor(2, 4, p.u, 8, memory_format=LAST), [2, 2], [2, 2], [1, 1]]),
    (0, "cpu", "max_pool2d_with_indices", lambda p: [p.tensor(2, 4, p.u, 8, memory_format=LAST), [2, 2], [2, 2], [1, 1]]),
    (1, "cuda", "batch_norm", lambda p: norm(p, 2, 4, p.u, 3)),
    (1, "cuda", "batch_norm", lambda p: norm(p, p.s, 4, p.t, 3)),
    (1, "cpu", "batch_norm", lambda p: norm(p, 2, 4, p.u, 3)),
    (1, "cuda", "batch_norm", lambda p: [p.tensor(2, 4, p.u, 3), None, None, p.tensor(4), p.tensor(4), False, 0.1, 1e-5, True]),
    (2, "cpu", "bilinear", lambda p: [p.tensor(p.s, 4), p.tensor(p.s, 3), p.tensor(p.t // 2, 4, 3)]),
    (2, "cpu", "cdist", lambda p: [p.tensor(p.u, 3), p.tensor(5, 3)]),
    (2, "cpu", "cdist", lambda p: [p.tensor(5, 3), p.tensor(p.u, 3)]),
    (2, "cpu", "cdist", lambda p: [p.tensor(26, 3), p.tensor(p.u, 3)]),
    (2, "cpu", "cdist", lambda p: [p.tensor(p.u, 3), p.tensor(5, 3), 1.0]),
    (2, "cpu", "cdist", lambda p: [p.tensor(p.u, 3), p.tensor(5, 3), 2.0, 2]),
    (2, "cpu", "chain_matmul", lambda p: [[p.tensor(3, 4), p.tensor(4, p.t // 2)]]),
    (1, "cpu", "channel_shuffle", lambda p: [p.tensor(4, p.u, 3, 5), 2]),
    (1, "cpu", "channel_shuffle", lambda p: [p.tensor(4, 4, p.u, 5), 2]),
    (1, "cuda", "channel_shuffle", lambda p: [p.tensor(4, p.u, 3, 5), 2]),
    (0, "cpu", "channel_shuffle", lambda p: [p.tensor(4, 4, p.u, 5), 2]),
    (2, "cpu", "im2col", lambda p: [p.tensor(1, 4, 2, 2), [2, 2], [1, 1], [0, 0], [2, 2]]),
    (2, "cpu", "im2col", lambda p: [p.tensor(3, 1, 2, 2), [1, 2], [1, 1], [0, 0], [1, 1]]),
    (2, "cpu", "im2col", lambda p: [p.tensor(4, 3, 2), [2, 2], [1, 1], [0, 0], [1, 1]]),
    (2, "cpu", "im2col", lambda p: [p.tensor(3, 4, p.s, p.t), [2, 2], [1, 1], [0, 0], [2, 2]]),
    (2, "cpu", "max_pool1d", lambda p: [p.tensor(1, 4, p.u), [2], [1]]),
    (2, "cpu", "max_pool1d", lambda p: [p.tensor(p.s, 4, 8), [2], [1]]),
    (2, "cpu", "mv", lambda p: [p.tensor(p.t // 2, p.u), p.tensor(p.v)]),
    (2, "cpu", "nansum", lambda p: [p.tensor(p.u, 3), [], False]),
    (2, "cpu", "nansum", lambda p: [p.tensor(p.s, 3), [], True]),
    (1, "cpu", "rsub.Tensor", lambda p: [p.tensor(p.u, dtype=torch.bool), p.tensor(p.u, dtype=torch.bool)]),
    (1, "cpu", "rsub.Tensor", lambda p: [p.tensor(3, dtype=torch.bool), p.tensor(3, dtype=torch.bool)]),
    (1, "cpu", "tensordot", lambda p: [p.tensor(8), p.tensor(8, p.u), [-1], [0]]),
    (2, "cpu", "tensordot", lambda p: [p.tensor(8), p.tensor(8, p.u), [-1], [0]]),
    (1, "cpu", "tensordot", lambda p: [p.tensor(3, 8), p.tensor(8, p.u), [-1], [0]]),
    (1, "cpu", "view.dtype", lambda p: [p.tensor(3, p.u, dtype=torch.int32), torch.int64]),
]


def record(number, lower, device, name, arguments):
    p = Call(lower, device)
    arguments = arguments(p)
    try: p.call(name, arguments, {})
    except Exception: pass
    case = dict(id=f"differential {number}", op=p.steps[0]["op"], args=p.steps[0]["args"])
    case |= p.results[0] if "error" in p.results[0] else {"out": p.results[0]}
    used = json.dumps(case)
    case["symbols"] = {k: v for k, v in p.symbols.items() if k in used}
    if not case["symbols"]: del case["symbols"]
    return golden(case | {"torch_version": torch.__version__})


def main():
    version = ".".join(torch.__version__.split(".")[:2])
    update(sys.argv[1], version, [record(number, *call) for number, call in enumerate(CALLS)])


if __name__ == "__main__":
    main()
