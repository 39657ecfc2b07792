#!/usr/bin/env python3
"""Record which sizes PyTorch accepts for exported programs.

usage: record_admission.py OUT_DIR ARCHIVE ... [--cases N] [--seed N] [--edges]

For each archive, draws sizes of the user inputs: from values of the program's symbols, and sometimes with one
size changed. Runs `ep.module()` on real tensors of these sizes (zeros of the recorded dtypes, so that indices
are in range) and writes NAME.admission.json: the inputs, and for each case the sizes, whether the run went
through, and the first words of the error. With --edges, takes sizes where answers change instead of drawn ones: 0
to 3, the example and its neighbours, and the bounds of ranges, for one symbol and for two; it writes
NAME.edges.json. Needs PyTorch 2.13.
"""
import argparse, itertools, json, pathlib, random, warnings

import sympy
import torch

warnings.filterwarnings("ignore")

VALUES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 20, 24, 31, 32, 33, 40, 48, 64, 65]


def parameters(program):
    """Each integer that a caller passes: (input name, dim or None, what the program expects)."""
    values = {n.name: n.meta.get("val") for n in program.graph.nodes if n.op == "placeholder"}
    for spec in program.graph_signature.input_specs:
        if spec.kind != torch.export.graph_signature.InputKind.USER_INPUT:
            continue
        value = values.get(spec.arg.name)
        if isinstance(value, torch.Tensor):
            for dim, size in enumerate(value.shape):
                yield spec.arg.name, dim, size
        elif isinstance(value, (int, torch.SymInt)) and not isinstance(value, bool):
            yield spec.arg.name, None, value


def expression(size):
    return sympy.Integer(size) if isinstance(size, int) else size.node.expr


def draw(rng, expected):
    """Consistent sizes, one of them changed in every third case."""
    symbols = sorted({s for e in expected for s in e.free_symbols}, key=str)
    values = {s: rng.choice(VALUES) for s in symbols}
    sizes = [int(e.subs(values)) for e in expected]
    if sizes and rng.random() < 1 / 3:
        position = rng.randrange(len(sizes))
        sizes[position] = max(0, sizes[position] + rng.choice([-2, -1, 1, 2, 7]))
    return sizes


def examples(program, expected):
    """The value of each symbol in the example inputs; 4 where they do not tell."""
    numbers = []
    for value in torch.utils._pytree.tree_flatten(program.example_inputs)[0]:
        if isinstance(value, torch.Tensor):
            numbers += value.shape
        elif isinstance(value, int) and not isinstance(value, bool):
            numbers.append(value)
    values = {s: 4 for e in expected for s in e.free_symbols}
    if len(numbers) == len(expected):
        values.update({e: int(n) for e, n in zip(expected, numbers) if e.is_Symbol})
    return values


def edges(program, expected, limit=90):
    """Sizes where answers change."""
    base = examples(program, expected)
    symbols = sorted(base, key=str)
    found = {}

    def add(values):
        sizes = tuple(int(e.subs(values)) for e in expected)
        if all(0 <= size < 3000 for size in sizes):
            found.setdefault(sizes)

    add(base)
    for symbol in symbols:
        numbers = {0, 1, 2, 3, base[symbol] - 1, base[symbol] + 1}
        bounds = program.range_constraints.get(symbol)
        for end in (bounds.lower, bounds.upper) if bounds else ():
            if end.is_finite and end < 3000:
                numbers |= {int(end) - 1, int(end), int(end) + 1}
        for number in sorted(numbers):
            add({**base, symbol: number})
    for number in (0, 1, 2, 3):
        add({symbol: number for symbol in symbols})
    for a, b in itertools.combinations(symbols, 2):
        for x, y in itertools.product((0, 1, 2, 3), repeat=2):
            add({**base, a: x, b: y})
    return list(found)[:limit]


def leaf(value, sizes):
    if isinstance(value, torch.Tensor):
        rank = value.dim()
        shape, rest = sizes[:rank], sizes[rank:]
        made = torch.zeros(shape, dtype=value.dtype)
        return (made.bool() | True if value.dtype == torch.bool else made), rest
    if isinstance(value, int) and not isinstance(value, bool):
        return sizes[0], sizes[1:]
    return value, sizes


def run(module, program, sizes):
    leaves, spec = torch.utils._pytree.tree_flatten(program.example_inputs)
    rest, made = sizes, []
    for value in leaves:
        new, rest = leaf(value, rest)
        made.append(new)
    args, kwargs = torch.utils._pytree.tree_unflatten(made, spec)
    try:
        with torch.no_grad():
            module(*args, **kwargs)
        return True, ""
    except Exception as error:  # any exception is a refusal
        return False, f"{type(error).__name__}: {error}".split("\n")[0][:90]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("out", type=pathlib.Path)
    arguments.add_argument("archives", nargs="+", type=pathlib.Path)
    arguments.add_argument("--cases", type=int, default=40)
    arguments.add_argument("--seed", type=int, default=13)
    arguments.add_argument("--edges", action="store_true")
    options = arguments.parse_args()
    for path in options.archives:
        rng = random.Random(options.seed)
        program = torch.export.load(path)
        listed = list(parameters(program))
        expected = [expression(size) for _, _, size in listed]
        module = program.module()
        cases = {}
        drawn = (draw(rng, expected) for _ in range(4 * options.cases))
        for sizes in edges(program, expected) if options.edges else drawn:
            if (options.edges or len(cases) < options.cases) and tuple(sizes) not in cases:
                cases[tuple(sizes)] = run(module, program, sizes)
        rows = [json.dumps([list(sizes), accepted, why]) for sizes, (accepted, why) in cases.items()]
        text = '{"torch": %s, "parameters": %s, "cases": [\n%s\n]}\n' % (
            json.dumps(torch.__version__), json.dumps([[n, d] for n, d, _ in listed]), ",\n".join(rows))
        kind = "edges" if options.edges else "admission"
        (options.out / f"{path.stem}.{kind}.json").write_text(text)


if __name__ == "__main__":
    main()
