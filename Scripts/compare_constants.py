#!/usr/bin/env python3
"""Compare what `swiftfx explain` says about constant sizes of inputs with PyTorch's own runs at other sizes.

usage: compare_constants.py SWIFTFX ARCHIVE.pt2 ...      (needs PyTorch 2.13)

`explain` names the node that specializes a size, or says that no node needs it. Each size is changed to four others,
and the program is run on fake tensors of these sizes. If no node needs the size, all runs must succeed. If a node is
named, runs may still succeed, because a guard can specialize more than an operator requires; they are counted.
"""
import json, logging, pathlib, re, subprocess, sys, warnings
import torch
from torch._subclasses import FakeTensorMode

warnings.filterwarnings("ignore"); logging.disable(logging.CRITICAL)
try: import transformers, transformers.cache_utils, transformers.modeling_outputs
except ImportError: pass


def hinted(number):
    return int(number.node.hint) if isinstance(number, torch.SymInt) else number


def value(name, recorded, change):
    """A placeholder's value at the hints, with the sizes of `change` in place."""
    if not isinstance(recorded, torch.Tensor): return change.get((name, None), hinted(recorded))
    sizes = [change.get((name, dim), hinted(size)) for dim, size in enumerate(recorded.shape)]
    if recorded.is_contiguous() or any(n == name for n, _ in change): return torch.empty(sizes, dtype=recorded.dtype)
    return torch.empty_strided(sizes, [hinted(s) for s in recorded.stride()], dtype=recorded.dtype)


def refusal(program, change):
    """The error of a run, or None."""
    graph = program.graph_module.graph
    with FakeTensorMode():
        inputs = [value(n.name, n.meta["val"], change) for n in graph.nodes if n.op == "placeholder"]
        try: torch.fx.Interpreter(program.graph_module).run(*inputs)
        except Exception as error: return f"{type(error).__name__}: {str(error).splitlines()[0]}"


def main():
    swiftfx, *archives = sys.argv[1:]
    free = wrong = refused = runs = skipped = 0
    for path in map(pathlib.Path, archives):
        explained = subprocess.run([swiftfx, "explain", path, "--json"], capture_output=True, text=True, check=True)
        constants = json.loads(explained.stdout)["sections"].get("constant", [])
        if not constants: continue
        try: program = torch.export.load(path)
        except Exception: program = None
        if program is None or refusal(program, {}):
            skipped += 1
            continue
        for constant in constants:
            name, dim, number = re.match(r"(\S+?)(?:\.shape\[(\d+)\])? = (-?\d+)$", constant["text"]).groups()
            key, number = (name, int(dim) if dim else None), int(number)
            found = [refusal(program, {key: other}) for other in (number + 1, 2 * number, 2 * number + 3, number + 8)]
            if "no node needs it" not in constant["because"]:
                refused += all(found)
                runs += not all(found)
            elif any(found):
                wrong += 1
                print(path.stem, constant["text"], next(filter(None, found)))
            else:
                free += 1
    print(f"no node needs it: {free} of {free + wrong} run; a node is named: {refused} refused, {runs} run at some size; "
          f"{skipped} programs do not run")


if __name__ == "__main__":
    main()
