#!/usr/bin/env python3
"""Write tracks.pt2, an example, and branches.pt2, for the tests: programs with data-dependent decisions.

usage: unchecked_programs.py FOLDER      (needs PyTorch 2.13)

PyTorch does not export such programs. They are exported with the checks that they need, which are then removed from
the archives with the ranges that they implied. branches.pt2 also calls an unknown operator.
"""
import json, pathlib, sys, tempfile, zipfile
import torch
from torch.export import Dim, export, save


class Tracks(torch.nn.Module):
    """Spectra of the positions that score high enough, and of the first `count` scores."""

    def forward(self, positions, scores, count):
        kept = positions[scores > 0.5]
        torch._check(kept.shape[0] >= 5)
        waves = torch.fft.rfft(kept, n=4, dim=0)
        n = count.item()
        torch._check(n >= 1)
        torch._check(n <= scores.shape[0])
        head = torch.fft.rfft(scores.narrow(0, 0, n))
        return waves, head


@torch.library.custom_op("mylib::twist", mutates_args=())
def twist(x: torch.Tensor) -> torch.Tensor:
    return x.flip(0)


@twist.register_fake
def _(x):
    return torch.empty_like(x)


class Branches(torch.nn.Module):
    """Decisions in both branches of a cond and in the body of a loop."""

    def forward(self, x, flag):
        y = torch.ops.mylib.twist(x)

        def steep(y):
            high = y[y > 0]
            torch._check(high.shape[0] >= 1)
            waves = torch.fft.rfft(high).abs()
            return torch.ops.mylib.twist(waves).sum()

        def flat(y):
            low = y[y < 0]
            torch._check(low.shape[0] >= 1)
            return torch.fft.rfft(low).abs().sum()

        def goes_on(i, total):
            return i < 4

        def body(i, total):
            part = y[y > total]
            torch._check(part.shape[0] >= 1)
            return i + 1, total + torch.fft.rfft(part).abs().sum()

        chosen = torch.cond(flag, steep, flat, (y,))
        _, total = torch._higher_order_ops.while_loop(goes_on, body, (torch.tensor(0), chosen))
        return torch.ops.mylib.twist(y) + total


CHECKS = ("_assert_scalar", "sym_constrain_range")


def name_of(output):
    value = next(iter(output.values()))
    return value.get("name") or value.get("as_name")


def nested_graphs(graph):
    for node in graph["nodes"]:
        for given in node["inputs"]:
            if "as_graph" in given["arg"]:
                yield given["arg"]["as_graph"]["graph"]


def take_out_checks(graph):
    """Removes the checks, and what only they read."""
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
    for inner in nested_graphs(graph):
        take_out_checks(inner)


def without_checks(program, name, numbers):
    """The program without its checks; `numbers` are the symbols that are not sizes."""
    take_out_checks(program["graph_module"]["graph"])
    for symbol, bounds in program["range_constraints"].items():
        if symbol.startswith("u"):
            bounds["min_val"], bounds["max_val"] = None if symbol in numbers else 0, None
    here = str(pathlib.Path(__file__).resolve())
    return json.loads(json.dumps(program).replace(here, f"/home/author/{name}.py"))


def write(name, model, arguments, shapes, numbers=()):
    exported = export(model, arguments, dynamic_shapes=shapes)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, f"{name}.pt2")
        save(exported, path)
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(pathlib.Path(sys.argv[1], path.name), "w") as target:
            for entry in source.namelist():
                data = source.read(entry)
                if entry.endswith("models/model.json"):
                    data = json.dumps(without_checks(json.loads(data), name, numbers))
                target.writestr(entry, data)


def main():
    n = Dim("n", min=4, max=256)
    tracks = (torch.randn(8, 2), torch.linspace(0, 1, 8), torch.tensor(3))
    write("tracks", Tracks(), tracks, ({0: n}, {0: n}, None), numbers=("u1",))
    m = Dim("m", min=8, max=64)
    write("branches", Branches(), (torch.linspace(-1, 1, 16), torch.tensor(True)), ({0: m}, None))


if __name__ == "__main__":
    main()
