#!/usr/bin/env python3
"""Record guards that PyTorch writes into `guards_code`, and their values in Python.

usage: record_guards.py OUT.json

Exports a module for each condition below, takes the guards that the exporter wrote, and evaluates each for all
`a = x.size()[0]` and `b = y.size()[0]` in SIZES, b varying fastest: t for true, f for false, - where Python raises an error.
Needs PyTorch 2.13.
"""
import json, math, sys, warnings

import torch
from torch.export import Dim, export

warnings.filterwarnings("ignore")

CONDITIONS = [
    lambda n, m: n % m == 2, lambda n, m: (n << 1) > 7, lambda n, m: (n >> 1) > 2, lambda n, m: (n & 3) == 0,
    lambda n, m: (n | 3) > 5, lambda n, m: (n ^ 3) > 5, lambda n, m: n**m > 10, lambda n, m: 2**n > 10,
    lambda n, m: n / m > 1.2, lambda n, m: torch._sym_sqrt(n) < 7, lambda n, m: int(n / m) == 1,
    lambda n, m: round(n / m) == 1, lambda n, m: round(n / m, 2) > 1, lambda n, m: math.ceil(n / m) == 2,
    lambda n, m: math.floor(n / m) == 1, lambda n, m: torch.sym_not((n == 3) | (m == 4)),
    lambda n, m: (n == 8) | (m == 7), lambda n, m: (n >= 8) & (m != 7), lambda n, m: torch.sym_ite(n > 3, n, m) > 4,
    lambda n, m: 1.5 * n > m, lambda n, m: torch.sym_float(n) * 0.3 > 1.1, lambda n, m: max(n, m, 7) > 4,
    lambda n, m: (n - 20) % m == 0, lambda n, m: (n - 20) // m < 0, lambda n, m: abs(n - m) < 5,
    lambda n, m: n * m < 2**62, lambda n, m: n * 1.0 == 8.0, lambda n, m: 1 < n < m + 5,
    lambda n, m: n * n * n > m * m + 3, lambda n, m: math.trunc(n * 0.7) > 2, lambda n, m: (n * 0.5).is_integer(),
    lambda n, m: n // 2 * 3 < 4 * m, lambda n, m: (n * m) % 4 == 0, lambda n, m: min(n, m) > 3,
]
SIZES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 21, 60, 61, 4096]


class Sized:
    def __init__(self, *sizes):
        self.sizes = sizes

    def size(self):
        return self.sizes


def guards(condition):
    class Module(torch.nn.Module):
        def forward(self, x, y):
            return x + 1 if condition(x.shape[0], y.shape[0]) else x * 2

    dims = ({0: Dim.AUTO}, {0: Dim.AUTO})
    return export(Module(), (torch.randn(8, 4), torch.randn(6)), dynamic_shapes=dims)._guards_code


def value(code, a, b):
    try:
        return "t" if eval(code, {"L": {"x": Sized(a, 4), "y": Sized(b)}, "math": math, "torch": torch}) else "f"
    except Exception:
        return "-"


def main():
    codes = sorted({code for condition in CONDITIONS for code in guards(condition)})
    rows = [json.dumps({"code": code, "values": "".join(value(code, a, b) for a in SIZES for b in SIZES)})
            for code in codes]
    with open(sys.argv[1], "w") as out:
        out.write('{"torch": %s, "sizes": %s, "guards": [\n%s\n]}\n'
                  % (json.dumps(torch.__version__), SIZES, ",\n".join(rows)))


if __name__ == "__main__":
    main()
