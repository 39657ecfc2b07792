#!/usr/bin/env python3
"""Writes Examples/tracks.pt2, a program with decisions that depend on data.

usage: tracks_example.py OUT.pt2      (needs PyTorch 2.13)

PyTorch exports no such program. So it is exported with the checks that it needs, and the checks are taken out
of the archive again, with the ranges that they gave.
"""
import json, pathlib, sys, tempfile, zipfile
import torch
from torch.export import Dim, export, save


class Tracks(torch.nn.Module):
    """Speeds and turns of the detections that score high enough, and of the first `count`."""

    def forward(self, positions, scores, count):
        kept = positions[scores > 0.5]
        torch._check(kept.shape[0] >= 3)
        speed = torch.diff(kept, dim=0)
        turn = torch.diff(kept, n=2, dim=0)
        n = count.item()
        torch._check(n >= 1)
        torch._check(n <= positions.shape[0])
        head = torch.diff(positions.narrow(0, 0, n), dim=0)
        return speed, turn, head


CHECKS = ("_assert_scalar", "sym_constrain_range")


def name_of(output):
    value = next(iter(output.values()))
    return value.get("name") or value.get("as_name")


def without_checks(program):
    """The program without its checks, and without what only they read."""
    graph = program["graph_module"]["graph"]
    nodes = [n for n in graph["nodes"] if not any(c in n["target"] for c in CHECKS)]
    while True:
        used = json.dumps([n["inputs"] for n in nodes] + graph["outputs"])
        kept = [
            n for n in nodes
            if not (n["target"].startswith("_operator.") or "sym_size" in n["target"])
            or f'"{name_of(n["outputs"][0])}"' in used
        ]
        if len(kept) == len(nodes):
            break
        nodes = kept
    graph["nodes"] = nodes
    used = json.dumps(nodes) + json.dumps(graph["outputs"])
    for values in ("sym_int_values", "sym_bool_values", "sym_float_values"):
        graph[values] = {k: v for k, v in graph[values].items() if f'"{k}"' in used}
    for name, bounds in program["range_constraints"].items():
        if name.startswith("u"):
            bounds["min_val"], bounds["max_val"] = None if name == "u1" else 0, None
    here = str(pathlib.Path(__file__).resolve())
    return json.loads(json.dumps(program).replace(here, "/home/author/tracks.py"))


def main():
    n = Dim("n", min=4, max=256)
    arguments = (torch.randn(8, 2), torch.linspace(0, 1, 8), torch.tensor(3))
    exported = export(Tracks(), arguments, dynamic_shapes=({0: n}, {0: n}, None))
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "tracks.pt2")
        save(exported, path)
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(sys.argv[1], "w") as target:
            for entry in source.namelist():
                data = source.read(entry)
                if entry.endswith("models/model.json"):
                    data = json.dumps(without_checks(json.loads(data)))
                if "sample_inputs" not in entry:
                    target.writestr(entry, data)


if __name__ == "__main__":
    main()
