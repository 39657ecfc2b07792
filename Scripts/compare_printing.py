#!/usr/bin/env python3
"""Compare what `swiftfx show` prints of a program with PyTorch's `print_readable`, to the byte.

usage: compare_printing.py ARCHIVE_OR_FOLDER... --bin .build/debug/swiftfx [--only TEXT] [--diff N]

Run it with the Python whose PyTorch loads the archives; the newest of the versions that are compared is best. An archive
that PyTorch does not load is left out. Prints the archives that differ, with the first N lines of the difference, and how
many agree; exits with 1 when one differs.
"""
import argparse, difflib, pathlib, subprocess, sys, warnings

import torch

warnings.simplefilter("ignore")


def expected(path):
    program = torch.export.load(path)
    return program.graph_module.print_readable(print_output=False)


def found(binary, path):
    run = subprocess.run([binary, "show", path], capture_output=True, text=True)
    body = run.stdout[run.stdout.find("\n\n") + 2:]
    end = body.rfind("\ninputs:\n")
    return (body[:end] if end >= 0 else body) or run.stderr


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("paths", nargs="+", type=pathlib.Path)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--diff", type=int, default=12)
    arguments = parser.parse_args()
    archives = [f for p in arguments.paths for f in (sorted(p.glob("*.pt2")) if p.is_dir() else [p])]
    agree, differ, skipped = 0, 0, 0
    for path in archives:
        if arguments.only not in path.name: continue
        try: theirs = expected(str(path))
        except Exception as error:
            skipped += 1
            print(f"skip {path.name}: {type(error).__name__}: {str(error).splitlines()[0][:120] if str(error) else ''}")
            continue
        ours = found(arguments.bin, str(path))
        if theirs.strip("\n") == ours.strip("\n"):
            agree += 1
            continue
        differ += 1
        print(f"FAIL {path.name}")
        lines = list(difflib.unified_diff(theirs.splitlines(), ours.splitlines(), "PyTorch", "swiftfx", n=0, lineterm=""))
        for line in lines[: arguments.diff]: print("    " + line[:300])
    print(f"{agree} agree, {differ} differ, {skipped} left out")
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
