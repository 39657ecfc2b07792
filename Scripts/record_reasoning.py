#!/usr/bin/env python3
"""Generate random scenarios of symbolic reasoning and record what PyTorch's ShapeEnv answers.

usage: record_reasoning.py OUT.jsonl[.gz] [--kind plain|wide|both] [--count N] [--seed S] [--orders K]
       record_reasoning.py --check CASES.jsonl[.gz]

A scenario is one JSON object per line: symbols, checks, queries and the final facts; fx-conformance answers them.
`plain` scenarios have a few symbols and common questions; `wide` ones have more symbols, declared ranges, deeper
expressions, chains of equalities and checks that contradict each other.

PyTorch iterates over Python sets, whose order changes from process to process. A scenario is recorded in K processes
with different orders (default 3) and dropped unless all of them agree: otherwise PyTorch has no single answer.
--check answers the scenarios of a file again and prints the answers that differ.
Needs PyTorch 2.13.
"""
import argparse, gzip, hashlib, itertools, json, os, random, subprocess, sys

# MARK: Scenarios

RELATIONS = ("==", "!=", "<", "<=", ">", ">=")
HINTS = (3, 4, 6, 8, 10, 16, 24, 100)
CONSTANTS = (0, 1, 2, 3, 4, 5, 7, 8, 16)


class Plain:
    """A few symbols, facts as a model states them, questions as operators ask them."""

    depth = 3

    def __init__(self, rng):
        self.rng = rng

    def scenario(self):
        symbols = self.symbols()
        self.names = [s["symbol"] for s in symbols]
        self.facts = []
        steps = [self.fact(text) for text in self.first_checks()]
        steps += [self.fact(self.check()) for _ in range(self.rng.randint(0, self.most_checks))]
        queries = [self.query() for _ in range(self.rng.randint(3, 8))]
        return {"symbols": symbols, "steps": [{"check": s} for s in steps], "queries": queries}

    most_checks = 5

    def symbols(self):
        backed = ["s7", "s93"][: self.rng.choice((0, 0, 1, 1, 2))]
        found = [{"symbol": n, "kind": "backed", "hint": self.rng.choice(HINTS), "range": [2, None]} for n in backed]
        return found + [{"symbol": f"u{i}", "kind": "unbacked"} for i in range(self.rng.randint(1, 3))]

    def first_checks(self):
        return [f"{n} >= 0" for n in self.names if n[0] == "u" and self.rng.random() < 0.8]

    def fact(self, text):
        self.facts.append(text)
        return text

    def symbol(self):
        return self.rng.choice(self.names)

    def check(self):
        rng, x, y = self.rng, self.symbol(), self.symbol()
        return rng.choice((
            lambda: f"{x} % {rng.choice((2, 4, 8))} == 0",
            lambda: f"{x} <= {rng.choice((10, 64, 1000))}",
            lambda: f"{x} >= {rng.choice((0, 1, 2))}",
            lambda: f"{x} == {y}",
            lambda: f"{x} == {rng.choice((2, 3))} * {y}",
            lambda: f"{x} {rng.choice(('<', '<='))} {y}",
            self.relation,
        ))()

    def relation(self):
        return f"{self.expression()} {self.rng.choice(RELATIONS)} {self.expression()}"

    def expression(self, depth=None):
        rng = self.rng
        depth = rng.randint(0, self.depth) if depth is None else depth
        if depth == 0:
            return self.symbol() if rng.random() < 0.75 else str(rng.choice(CONSTANTS))
        a, b = self.expression(depth - 1), self.expression(rng.randint(0, depth - 1))
        return rng.choice((
            lambda: f"({a} + {b})", lambda: f"({b} + {a})", lambda: f"({a} - {b})", lambda: f"({b} - {a})",
            lambda: f"({a} * {b})", lambda: f"({rng.choice((2, 3, 4, 8))} * {a})",
            lambda: f"({a} // {rng.choice((2, 3, 4, 8))})", lambda: f"({a} % {rng.choice((2, 3, 4, 8))})",
            lambda: f"{rng.choice(('sym_min', 'sym_max'))}({a}, {b})",
        ))()

    def query(self):
        kind = self.rng.choice(
            ("statically_known_true",) * 7 + ("evaluate",) * 4 + ("guard_or_false",) * 4 + ("bound",) * 3 + ("simplify",) * 3)
        if kind in ("bound", "simplify"):
            return {"kind": kind, "expr": self.symbol() if self.rng.random() < 0.4 else self.expression()}
        return {"kind": kind, "expr": self.question()}

    def question(self):
        rng = self.rng
        pick = rng.random()
        if pick < 0.35 and self.facts: return self.variation(rng.choice(self.facts))
        return self.everyday() if pick < 0.7 else self.relation()

    def everyday(self):
        """Questions of operators: is it empty, is it one, does it divide, does it fit."""
        rng, x, y = self.rng, self.symbol(), self.symbol()
        return rng.choice((
            f"{x} {rng.choice(('==', '!=', '<', '<=', '>', '>='))} {rng.choice((0, 1, 2, 4, 16))}",
            f"{rng.choice((0, 1, 3, 8))} {rng.choice(RELATIONS)} {x}",
            f"{x} {rng.choice(RELATIONS)} {y}",
            f"{x} // 4 * 4 == {x}", f"{x} % 4 < 4", f"{x} % 2 == 0", f"({x} * 6) % 3 == 0", f"({x} * 4) // 4 == {x}",
            f"{x} * 4 == 4 * {y}", f"{x} + 1 > 0", f"{x} + 1 == {y} + 1", f"{x} // 2 <= {x}", f"{x} * {y} >= {y}",
            f"sym_min({x}, 4) <= 4", f"sym_max({x}, {y}) >= {y}", f"2 * {x} != {x}", f"3 * {x} >= {x}",
            f"{x} < 9223372036854775807",
        ))

    def variation(self, fact):
        """A fact, shifted, scaled, divided or compared another way."""
        rng = self.rng
        left, relation, right = split(fact)
        other = rng.choice(RELATIONS) if rng.random() < 0.5 else relation
        k = rng.choice((2, 3))
        return rng.choice((
            lambda: f"({left}) + {self.expression(0)} {other} ({right}) + {self.expression(0)}",
            lambda: f"({left}) + {k} {other} ({right}) + {k}",
            lambda: f"({left}) - ({right}) {other} {rng.choice((-1, 0, 1))}",
            lambda: f"({left}) // 2 {other} ({right})",
            lambda: f"{k} * ({left}) {other} {rng.choice((2, 3))} * ({right})",
            lambda: f"{right} {other} {left}",
            lambda: f"({left}) + {self.expression()} {other} ({right}) + {self.expression()}",
        ))()


def split(relation):
    """The sides and the sign of a relation at the outermost level."""
    depth = 0
    words = relation.split(" ")
    for i, word in enumerate(words):
        if depth == 0 and word in RELATIONS: return " ".join(words[:i]), word, " ".join(words[i + 1:])
        depth += word.count("(") - word.count(")")
    raise ValueError(relation)


class Wide(Plain):
    """More symbols, declared ranges, deeper expressions, chains of equalities, contradictions."""

    depth = 4
    most_checks = 8

    def symbols(self):
        rng = self.rng
        found = []
        for number in rng.sample((7, 15, 31, 44, 93), rng.randint(0, 4)):
            low = rng.choice((0, 2, 2, 2, 2, 3, 5)); high = rng.choice((None, None, None, None, 64, 128, 1000, 4096))
            hint = rng.choice([h for h in (2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 24, 32, 60, 64, 100) if low <= h <= (high or 100)])
            found.append({"symbol": f"s{number}", "kind": "backed", "hint": hint, "range": [low, high]})
        return found + [{"symbol": f"u{i}", "kind": "unbacked"} for i in range(rng.randint(1, 4))]

    def check(self):
        rng, x, y, z = self.rng, self.symbol(), self.symbol(), self.symbol()
        k = rng.choice((2, 3, 4, 5, 6, 8))
        return rng.choice((
            super().check, super().check, super().check, self.relation,
            lambda: f"{x} + {y} == {z}", lambda: f"{x} - {y} == {rng.choice((0, 1, 2, 4))}", lambda: f"{x} * {y} == {z}",
            lambda: f"{k} * {x} == {rng.choice((2, 3, 4, 6))} * {y}", lambda: f"{x} == {k} * {y} + {rng.choice((1, 2, 3))}",
            lambda: f"{x} // {k} == {rng.choice((y, 1, 2, 4))}", lambda: f"{x} // {k} * {k} == {x}",
            lambda: f"{x} % {k} == {rng.choice((0, 0, 0, 1, 2))}", lambda: f"({x} * {y}) % {k} == 0", lambda: f"({x} + {y}) % {k} == 0",
            lambda: f"{x} >= {rng.choice((3, 5, 17))}", lambda: f"{x} < {rng.choice((3, 9, 33, 129))}",
            lambda: f"{x} == {rng.choice((0, 1, 2, 4, 8))}", lambda: f"{x} != {rng.choice((0, 1, 2, 8))}",
            lambda: f"{x} <= {k} * {y}", lambda: f"{x} // {k} <= {y}", lambda: f"{x} <= {y} + {z}",
        ))()

    def expression(self, depth=None):
        rng = self.rng
        if depth is None and rng.random() < 0.35: return self.idiom()
        return super().expression(depth)

    def idiom(self):
        """Sizes as operators compute them."""
        rng, x, y, z = self.rng, self.symbol(), self.symbol(), self.symbol()
        k, m = rng.choice((2, 3, 4, 8, 16)), rng.choice((2, 3, 4, 5))
        return rng.choice((
            f"(({x} + {k - 1}) // {k})", f"(({x} - {m}) // {k} + 1)", f"(({x} + 2 * {m} - 3) // 2 + 1)", f"({x} // {k} // {m})",
            f"({x} // {k} * {k})", f"({x} * {y} // {z})", f"({x} * {y} // {k})", f"(({x} + {y}) // {k})", f"({x} - {x} % {k})",
            f"({k} * {x} + {m} * {y})", f"({x} * {y} * {z})", f"({x} * ({y} + {m}))", f"(({x} + {y}) * ({x} - {z}))",
            f"sym_max({x} - {m}, 0)", f"sym_max({x}, sym_max({y}, {z}))", f"sym_min({x}, sym_max({y}, {m}))", f"sym_max(1, {x})",
            f"sym_min({x} + {m}, {y})", f"sym_max({x} + {y}, {z})", f"sym_max({k} * {x}, {m} * {x})", f"(({k} * {x} + {m}) // {k})",
            f"(({k} * {x} + {m}) % {k})", f"({x} % {k} + {y} % {m})", f"({x} % {k} // {m})", f"({x} // {k} % {m})",
            f"(({x} - {y}) * {k})", f"({x} * {x})", f"(-{x})", f"({m} - {x})", f"({x} // ({x} // {k}))",
        ))

    def question(self):
        rng, x, y = self.rng, self.symbol(), self.symbol()
        if rng.random() < 0.15:
            k = rng.choice((2, 3, 4, 8))
            return rng.choice((
                f"({x} // {k}) * {k} <= {x}", f"sym_max({x}, {x} + 1) == {x} + 1", f"({x} + {k}) % {k} == {x} % {k}",
                f"({x} * {y}) % {x} == 0" if x[0] == "s" else f"{x} % {k} == 0", f"{x} * {y} == {y} * {x}", f"{x} * {y} == 0",
                f"{x} // {k} == 0", f"{x} // {k} >= 1", f"{k} * {x} < {x}", f"{x} + {y} >= {x}", f"{x} * {x} >= 0", f"{x} * {y} > 1",
                f"{x} % {k} == {x} - {x} // {k} * {k}", f"-{x} <= 0", f"{x} - 1 >= 0",
            ))
        return super().question()


# MARK: PyTorch's answers


def source_names():
    """For each number k below 100, an input name for whose size PyTorch chooses the symbol sk."""
    names = {}
    for i in itertools.count():
        name = f"x{i}"
        names.setdefault(int(hashlib.sha256(name.encode()).hexdigest(), 16) % 100, name)
        if len(names) == 100: return names


class Recorder:
    def __init__(self):
        import logging, sympy, torch
        from torch._dynamo.source import ConstantSource
        from torch.fx.experimental import symbolic_shapes
        from torch.utils._sympy.numbers import int_oo
        from torch.utils._sympy.value_ranges import ValueRanges
        logging.disable(logging.CRITICAL)
        self.sympy, self.torch, self.shapes, self.ranges = sympy, torch, symbolic_shapes, ValueRanges
        self.infinite = (int_oo, -int_oo, sympy.oo, -sympy.oo)
        self.int_oo, self.source, self.names = int_oo, ConstantSource, source_names()

    def answer(self, case):
        env = self.shapes.ShapeEnv()
        scope = {"sym_max": self.torch.sym_max, "sym_min": self.torch.sym_min, "__builtins__": {}}
        for symbol in case["symbols"]: scope[symbol["symbol"]] = self.declare(env, symbol)
        answered = {"symbols": case["symbols"], "steps": [self.step(s["check"], scope) for s in case["steps"]]}
        answered["queries"] = [self.query(env, q, scope) for q in case["queries"]]
        return answered | {"final": self.final(env), "id": case["id"]}

    def declare(self, env, symbol):
        if symbol["kind"] == "unbacked": return env.create_unbacked_symint()
        source = self.source(self.names[int(symbol["symbol"][1:])])
        low, high = symbol["range"]
        zero_one = low >= 2
        created = env.create_symbol(
            symbol["hint"], source=source, dynamic_dim=self.shapes.DimDynamic.DYNAMIC,
            do_not_specialize_zero_one=not zero_one)
        if (low, high) != (2, None):
            env.var_to_range[created] = self.ranges(low, self.int_oo if high is None else high)
        assert str(created) == symbol["symbol"], (created, symbol)
        return env.create_symintnode(created, hint=symbol["hint"], source=source)

    def step(self, text, scope):
        try: self.torch._check(eval(text, scope))
        except Exception as error: return {"check": text, "ok": False, "error": type(error).__name__}
        return {"check": text, "ok": True}

    def query(self, env, query, scope):
        recorded = {"kind": query["kind"], "expr": query["expr"]}
        before = len(env.guards)
        try: recorded["answer"] = self.ask(env, query["kind"], eval(query["expr"], scope))
        except Exception as error: recorded["error"] = type(error).__name__
        if query["kind"] in ("evaluate", "guard_or_false") and "error" not in recorded:
            recorded["guards_added"] = [str(g.expr) for g in env.guards[before:]]
        return recorded

    def ask(self, env, kind, value):
        if kind == "evaluate": return bool(value)
        if kind == "statically_known_true": return self.shapes.statically_known_true(value)
        if kind == "guard_or_false": return self.shapes.guard_or_false(value)
        expression = self.sympy.Integer(value) if isinstance(value, int) else value.node.expr
        return self.ends(env.bound_sympy(expression)) if kind == "bound" else str(env.simplify(expression))

    def ends(self, range):
        return [None if x in self.infinite else int(x) for x in (range.lower, range.upper)]

    def final(self, env):
        return {
            "replacements": {str(k): str(v) for k, v in env.replacements.items()},
            "ranges": {str(k): self.ends(v) for k, v in env.var_to_range.items()},
            "runtime_asserts": {str(k): [str(r.expr) for r in v] for k, v in env.deferred_runtime_asserts.items()},
            "guards": [str(g.expr) for g in env.guards],
        }


# MARK: Files


def read(path):
    with gzip.open(path, "rt") if str(path).endswith(".gz") else open(path) as lines:
        return [json.loads(line) for line in lines if line.strip()]


def write(path, cases):
    with gzip.open(path, "wt") if str(path).endswith(".gz") else open(path, "w") as out:
        out.writelines(json.dumps(case) + "\n" for case in cases)


def answered_in_order(cases, order):
    """The answers of a separate process, which iterates over sets in order number `order`."""
    run = subprocess.run(
        [sys.executable, __file__, "--answer"], env=os.environ | {"PYTHONHASHSEED": str(order)}, check=True,
        input="".join(json.dumps(case) + "\n" for case in cases), stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def check(path):
    recorder, different = Recorder(), 0
    for case in read(path):
        answered = recorder.answer(case)
        for part in ("steps", "queries", "final"):
            if answered[part] == case[part]: continue
            different += 1
            print(case["id"], part, "\n  recorded", json.dumps(case[part]), "\n  answered", json.dumps(answered[part]))
    print(f"{different} parts differ")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", nargs="?")
    parser.add_argument("--kind", choices=("plain", "wide", "both"), default="both")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--orders", type=int, default=3)
    parser.add_argument("--check", metavar="CASES")
    parser.add_argument("--answer", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.answer:
        recorder = Recorder()
        for line in sys.stdin: print(json.dumps(recorder.answer(json.loads(line))), flush=True)
        return
    if options.check: return check(options.check)
    if not options.out: parser.error("a file to write is missing")
    rng = random.Random(options.seed)
    makers = {"plain": [Plain], "wide": [Wide], "both": [Plain, Wide]}[options.kind]
    cases = [makers[i % len(makers)](rng).scenario() | {"id": i} for i in range(options.count)]
    runs = [answered_in_order(cases, order) for order in range(1, options.orders + 1)]
    agreed = [run[0] for run in zip(*runs) if all(answer == run[0] for answer in run)]
    write(options.out, agreed)
    print(f"{len(agreed)} of {len(cases)} scenarios recorded; the others depend on the order of a set")


if __name__ == "__main__":
    main()
