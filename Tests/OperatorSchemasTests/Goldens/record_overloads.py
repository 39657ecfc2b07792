#!/usr/bin/env python3
"""Records, for a list of overloads, whether PyTorch calls them views and mutable.

    python record_overloads.py < overloads.tsv > new.tsv

Reads the names from the first column and writes `name<TAB>facts`; facts are `view`, `mutable` or nothing.
"""

import sys

import torch

for line in sorted(sys.stdin):
    name = line.rstrip("\n").split("\t")[0]
    namespace, base, overload = name.split(".")
    op = getattr(getattr(getattr(torch.ops, namespace), base), overload)
    fact = "view" if op.is_view else "mutable" if op._schema.is_mutable else ""
    print(f"{name}\t{fact}")
