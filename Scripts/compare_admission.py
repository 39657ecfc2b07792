#!/usr/bin/env python3
"""Compare `swiftfx check` with what PyTorch accepted, as recorded by record_admission.py.

usage: compare_admission.py SWIFTFX CORPUS_DIR GOLDEN.admission.json ...

Prints every case where the two disagree, and how many agree. Refusals that depend on the values of
tensors are expected to differ: sizes cannot tell.
"""
import collections, json, pathlib, subprocess, sys


def arguments(parameters, sizes):
    inputs = collections.OrderedDict()
    for (name, _), size in zip(parameters, sizes):
        inputs.setdefault(name, []).append(str(size))
    return [x for name, dims in inputs.items() for x in ("--input", f"{name}={'x'.join(dims)}")]


def main():
    swiftfx, corpus, *goldens = sys.argv[1:]
    agree = total = 0
    for path in map(pathlib.Path, goldens):
        golden = json.loads(path.read_text())
        name = path.name.removesuffix(".admission.json")
        wrong = []
        for sizes, accepted, error in golden["cases"]:
            command = [swiftfx, "check", f"{corpus}/{name}.pt2", "--json", *arguments(golden["parameters"], sizes)]
            result = subprocess.run(command, capture_output=True, text=True)
            total += 1
            if result.returncode not in (0, 1):
                wrong.append((sizes, accepted, error, f"exit {result.returncode}: {result.stderr[:120]}"))
                continue
            answer = json.loads(result.stdout)
            if (answer["verdict"] != "refused") == accepted:
                agree += 1
            else:
                why = "; ".join(x["constraint"] for x in answer["violations"])[:110]
                wrong.append((sizes, accepted, error, f"{answer['verdict']} {why}"))
        for sizes, accepted, error, ours in wrong[:4]:
            print(f"{name} {sizes}: PyTorch {'accepts' if accepted else error}; we: {ours}")
        if len(wrong) > 4:
            print(f"{name}: {len(wrong) - 4} more")
    print(f"{agree} of {total} agree")


if __name__ == "__main__":
    main()
