#!/usr/bin/env python3
"""Record PyTorch's messages for data-dependent shapes.

usage: record_open_questions.py OUT.json      (needs PyTorch 2.13)

`rows` is `x[mask]` for `x: f32[s0, 4]`, so it has an unbacked number `u0` of rows. Each case is an operator on it
that guards on `u0`; the golden has PyTorch's message up to the list of size-like symbols.
"""
import json, logging, re, sys
import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.fx.experimental.symbolic_shapes import (
    DimDynamic, GuardOnDataDependentSymNode, ShapeEnv, StatelessSymbolicContext,
)

# overload -> arguments after `rows`
CASES = {
    "diff.default": [2, 0],
    "unbind.int": [0],
    "unfold.default": [0, 3, 1],
    "pixel_shuffle.default": [1],
    "glu.default": [0],
    "amax.default": [[0]],
    "std.default": [True],
    "median.default": [],
    "cumsum.default": [0],
    "cummax.default": [0],
    "logcumsumexp.default": [0],
    "tril.default": [0],
    "take.default": [torch.zeros(3, dtype=torch.int64)],
    "nanmedian.default": [],
    "linalg_qr.default": [],
    "linalg_eigvals.default": [],
    "mode.default": [0],
    "gradient.array": [[0]],
    "vander.default": [],
    "flip.default": [[0]],
    "chunk.default": [2, 0],
    "split.Tensor": [2, 0],
    "squeeze.dim": [0],
    "argmax.default": [0],
    "min.dim": [0],
    "aminmax.default": [],
    "linalg_norm.default": [],
    "corrcoef.default": [],
    "cov.default": [],
    "view.default": [[2, -1]],
    "reshape.default": [[2, -1]],
    "expand.default": [[5, 4]],
    "repeat_interleave.self_int": [2, 0],
    "cdist.default": ["rows"],
    "searchsorted.Tensor": ["x"],
}


def run(overload, arguments):
    shapes = ShapeEnv()
    mode = FakeTensorMode(shape_env=shapes, allow_non_fake_inputs=True)
    dims = StatelessSymbolicContext(dynamic_sizes=[DimDynamic.DYNAMIC, DimDynamic.STATIC])
    x = mode.from_tensor(torch.randn(8, 4), symbolic_context=dims)
    mask = mode.from_tensor(
        torch.ones(8, dtype=torch.bool), symbolic_context=StatelessSymbolicContext(dynamic_sizes=[DimDynamic.DYNAMIC]))
    name, _, kind = overload.partition(".")
    with mode:
        rows = x[mask]
        known = {"rows": rows, "x": x}
        given = [known.get(a, a) if isinstance(a, str) else a for a in arguments]
        getattr(getattr(torch.ops.aten, name), kind)(rows, *given)


def main():
    logging.disable()
    rows = []
    for overload, arguments in CASES.items():
        message = None
        try:
            run(overload, arguments)
        except GuardOnDataDependentSymNode as error:
            message = re.sub(r"\bs\d+", "s0", str(error).split("  (Size-like")[0])
        except Exception as error:
            print(overload, type(error).__name__, str(error)[:100], file=sys.stderr)
            continue
        print(overload, "|", message, file=sys.stderr)
        if all(not isinstance(a, torch.Tensor) for a in arguments):
            rows.append({"operator": overload, "arguments": arguments, "message": message})
    lines = ",\n".join("  " + json.dumps(r) for r in rows)
    with open(sys.argv[1], "w") as file:
        file.write('{"torch_version": "%s", "cases": [\n%s\n]}\n' % (torch.__version__, lines))


if __name__ == "__main__":
    main()
