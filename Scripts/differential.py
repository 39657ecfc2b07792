#!/usr/bin/env python3
"""Random programs of several operators, asked of PyTorch and of SwiftFX.

usage: differential.py --bin .build/debug/fx-conformance [--count N] [--seed S] [--device cpu|cuda] [--show N] [--keep FILE]

Run it with the Python whose PyTorch is asked; `fx-conformance` answers as that version. A program has inputs with constant,
symbolic (an example is known) and unbacked sizes, and calls operators on what it has; `nonzero` and its like make sizes
that depend on data. Compared are the values of every call, by text or at sampled sizes, the kind of an error, and at the
end guards, replacements and runtime asserts. The same seed makes the same programs.
"""
import argparse, collections, json, logging, math, pathlib, random, subprocess, sys, tempfile, warnings

import torch
from torch._dispatch.python import enable_python_dispatcher
from torch._dynamo.source import ConstantSource
from torch._subclasses.fake_tensor import FakeTensorMode, unset_fake_temporarily
from torch.fx.experimental.symbolic_shapes import (
    DimDynamic, GuardOnDataDependentSymNode, ShapeEnv, StatelessSymbolicContext)

import random_calls

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
aten = torch.ops.aten

class Skipped(Exception):
    """The program cannot go on, or its facts cannot be compared."""


class Program:
    """The calls of one program, made as they are run."""

    def __init__(self, seed, device):
        self.random = random.Random(seed)
        self.device = device
        self.env = ShapeEnv()
        self.mode = FakeTensorMode(shape_env=self.env)
        # Up to 2.14, the key of PyTorch's cache of calls asks about the layout of every tensor of four or five dims.
        self.mode.cache_enabled = False
        self.symbols, self.steps, self.results, self.pool, self.numbers, self.sizes = {}, [], [], [], [], []
        self.inputs, self.places, self.made, self.learned = {}, {}, [], {}

    def declare_unbacked(self):
        """Sizes that only a run knows; all are created before the first call, as SwiftFX declares them."""
        for _ in range(self.random.choice([0, 1, 1, 2, 2, 3])):
            value = self.env.create_unbacked_symint()
            lower, upper = self.random.choice([(0, None), (0, None), (1, None), (2, None), (0, 64), (2, 10)])
            torch._check(value >= lower)
            if upper is not None: torch._check(value <= upper)
            self.symbols[str(value)] = {"range": [lower, upper], "hint": None}
            self.sizes.append(value)

    def symbolic(self, hint):
        if hint not in self.inputs:
            with unset_fake_temporarily(): vector = torch.empty(hint)
            context = StatelessSymbolicContext(dynamic_sizes=[DimDynamic.DYNAMIC])
            value = self.mode.from_tensor(vector, symbolic_context=context, source=ConstantSource(f"s{hint}")).size(0)
            self.symbols[str(value)] = {"range": [2, None], "hint": hint}
            self.inputs[hint] = value
        return self.inputs[hint]

    def size(self, hint):
        """A constant, a symbolic or an unbacked size."""
        kind = self.random.random()
        if kind < 0.4: return hint
        return self.random.choice(self.sizes) if kind > 0.7 and self.sizes else self.symbolic(hint)

    def start(self):
        with self.mode:
            self.declare_unbacked()
            for _ in range(self.random.randint(2, 3)):
                rank = self.random.choice([1, 2, 2, 3, 3, 4])
                sizes = [self.size(self.random.choice([3, 4, 5, 6, 8])) for _ in range(rank)]
                dtype = self.random.choice([torch.float32] * 4 + [torch.int64, torch.bool, torch.float16])
                tensor = torch.empty(sizes, dtype=dtype, device=self.device)
                if rank > 1 and self.random.random() < 0.3: tensor = tensor.transpose(0, self.random.randrange(1, rank))
                elif self.random.random() < 0.1: tensor = tensor[1:] if isinstance(sizes[0], int) else tensor
                elif rank == 4 and self.random.random() < 0.2: tensor = tensor.contiguous(memory_format=torch.channels_last)
                self.add(tensor, {"tensor": self.meta(tensor)})
        self.given = set(self.asserts())
        self.known = self.what_is_known()
        self.env.pending_fresh_unbacked_symbols.clear()

    def asserts(self): return [str(a.expr) for v in self.env.deferred_runtime_asserts.values() for a in v]

    def facts(self):
        """Changes when a call adds a fact or a symbol."""
        return len(self.env.guards), len(self.asserts()), len(self.env.replacements), len(self.env.var_to_range), str(self.env.var_to_range)

    def what_is_known(self):
        """The facts at this call, without those of the inputs."""
        return dict(guards=[str(g.expr) for g in self.env.guards], asserts=sorted(set(self.asserts()) - self.given),
                    replacements={str(k): str(v) for k, v in self.env.replacements.items()})

    def meta(self, t):
        number = lambda x: x if isinstance(x, int) else {"symint": {"expr": str(x)}}
        return dict(dtype=str(t.dtype)[6:], sizes=[number(x) for x in t.size()], strides=[number(x) for x in t.stride()],
                    storage_offset=number(t.storage_offset()), device=str(t.device), layout="strided",
                    requires_grad=t.requires_grad, tid=id(t))

    def add(self, tensor, place):
        self.pool.append(tensor)
        self.places[id(tensor)] = place

    def tensors(self): return self.pool

    def pick(self, *, floating=False, boolean=False, integral=False, made=False, dtype=None, least=0, most=9):
        fits = [t for t in self.pool if least <= t.dim() <= most and (not floating or t.dtype.is_floating_point)
                and (not boolean or t.dtype is torch.bool) and (not integral or t.dtype is torch.int64) and (dtype is None or t.dtype is dtype)
                and (not made or "result" in self.places[id(t)]["tensor"])]
        return self.random.choice(fits) if fits else None

    def like(self, x, dim=None):
        """Sizes like those of a tensor: the same, some of them 1, or another size of one dim."""
        sizes = list(x.size())
        if dim is not None and sizes: sizes[dim] = self.any_size(plain=True)
        elif self.random.random() < 0.3: sizes = [self.random.choice([s, s, 1]) for s in sizes]
        elif self.random.random() < 0.2: sizes = sizes[1:]
        return sizes

    def any_size(self, plain=False):
        """A size that some tensor has, one made of it, or a constant; `plain` sizes are never negative."""
        r = self.random
        sizes = [s for t in self.pool for s in t.size()] or [4]
        value = r.choice(sizes + [1, 2, 4, 5])
        if plain or r.random() < 0.7: return value
        other = r.choice(sizes)
        return r.choice([lambda: value * 2, lambda: value + 1, lambda: value - 1, lambda: value // 2, lambda: value + other,
                         lambda: value * other, lambda: torch.sym_max(value, other), lambda: torch.sym_min(value, other)])()

    def derived_size(self):
        """A size made of others that is never negative."""
        r, value = self.random, self.any_size(plain=True)
        if isinstance(value, int) or r.random() < 0.3: return value
        return r.choice([value * 2, value + 1, value // 2, torch.sym_max(value, 3), value * self.any_size(plain=True)]
                        + [value - 1, value - 2] * (value.node.has_hint() and value.node.hint > 2))

    def make(self, sizes, dtype=torch.float32, layout=None):
        """A tensor made by a call of the program."""
        if len(self.steps) > 40: raise Skipped
        options = dict(dtype=dtype, device=torch.device(self.device))
        if layout is not None: options["memory_format"] = layout
        result = self.call("empty.memory_format", [list(sizes)], options)
        if not isinstance(result, torch.Tensor): raise Skipped
        return result

    def tagged(self, x):
        if isinstance(x, torch.Tensor): return self.places[id(x)]
        if isinstance(x, (list, tuple)): return {"list": [self.tagged(y) for y in x]}
        for kind, name in ((bool, "bool"), (int, "int"), (str, "str")):
            if isinstance(x, kind): return {name: x}
        if isinstance(x, float): return {"float": x if math.isfinite(x) else str(x)}
        for kind, name in ((torch.SymInt, "symint"), (torch.SymFloat, "symfloat"), (torch.SymBool, "symbool")):
            if isinstance(x, kind): return {name: {"expr": str(x)}}
        for kind, name in ((torch.dtype, "dtype"), (torch.device, "device"), (torch.memory_format, "memory_format")):
            if isinstance(x, kind): return {name: str(x)}
        return {"none": True}

    def single(self):
        """One call on tensors of derived sizes, so that a difference tells the operator."""
        for _ in range(2):
            sizes = [self.derived_size() for _ in range(self.random.choice([1, 2, 2, 3, 4, 4]))]
            x = self.make(sizes, self.random.choice([torch.float32, torch.float32, torch.float32, torch.int64, torch.bool]))
            if x.dim() > 1 and self.random.random() < 0.3: self.call("transpose.int", [x, 0, -1], {})
        while self.steps[-1]["op"] == "aten.empty.memory_format": self.step()

    def step(self):
        made = self.random.choice(random_calls.FAMILIES)(self, self.random)
        if made: self.call(*made)

    def call(self, name, args, kwargs):
        packet, _, overload = name.partition(".")
        op = getattr(getattr(aten, packet), overload or "default")
        call = dict(op=f"aten.{packet}.{overload or 'default'}", args=[self.tagged(a) for a in args],
                    kwargs={k: self.tagged(v) for k, v in kwargs.items()}, result=len(self.steps))
        before = self.facts()
        with self.mode:
            try:
                with enable_python_dispatcher(): result = op(*args, **kwargs)
                self.env.pending_fresh_unbacked_symbols.clear()
            except Exception as error:
                text = str(error)
                # The schema refuses the call before any operator sees it.
                if any(t in text for t in ("INTERNAL ASSERT", "missing value for argument", "expected at most", "Expected a value of type",
                                           "Unable to cast", "has no attribute", "incompatible function arguments")): return None
                kind = "GuardOnDataDependentSymNode" if isinstance(error, GuardOnDataDependentSymNode) else type(error).__name__
                self.steps.append(call)
                self.results.append({"error": {"type": kind, "message": text.split("\n")[0][:200]}})
                self.env.pending_fresh_unbacked_symbols.clear()
                # What a call left behind before it failed is not part of any program.
                if self.facts() != before: raise Skipped
                return None
        self.steps.append(call)
        if self.facts() != before: self.known = self.learned[call["result"]] = self.what_is_known()
        self.results.append(self.value(result, call["result"]))
        self.made.append(result)
        return result

    def value(self, x, number, index=None):
        if isinstance(x, torch.Tensor):
            place = {"result": number} if index is None else {"result": number, "index": index}
            if id(x) not in self.places: self.add(x, {"tensor": place})
            return {"tensor": self.meta(x)}
        if isinstance(x, (list, tuple)): return {"list": [self.value(y, number, i) for i, y in enumerate(x)]}
        if isinstance(x, torch.SymInt): self.numbers.append(x)
        return self.tagged(x)


def make(seed, device, length):
    p = Program(seed, device)
    p.start()
    try:
        if length == 1: p.single()
        else:
            for _ in range(length): p.step()
    except Skipped: pass
    return dict(id=seed, symbols=p.symbols, program=p.steps, expected=p.results, learned=p.learned, **p.known)


# Comparing. Expressions are equal when they are at all sampled sizes.

def evaluator():
    """The judge's way of evaluating expressions, kept small."""
    names = {"FloorDiv": lambda a, b: a // b, "CleanDiv": lambda a, b: a // b, "Mod": lambda a, b: a % b,
             "PythonMod": lambda a, b: a % b, "Max": max, "Min": min, "TruncToInt": math.trunc, "CeilToInt": math.ceil,
             "FloorToInt": math.floor, "ToFloat": float, "IntTrueDiv": lambda a, b: a / b, "FloatTrueDiv": lambda a, b: a / b,
             "Eq": lambda a, b: a == b, "Ne": lambda a, b: a != b, "Where": lambda c, a, b: a if c else b,
             "PowByNatural": lambda a, b: a ** b, "ModularIndexing": lambda a, b, c: a // b % c, "__builtins__": {}}
    return lambda text, values: eval(text, names, values)


def same(a, b, values, evaluate):
    if a == b: return True
    for sample in values:
        try: x, y = evaluate(str(a), sample), evaluate(str(b), sample)
        except Exception: continue
        if x != y: return False
    return True


def text(x):
    while isinstance(x, dict): x = x.get("symint", x.get("expr", x.get("symfloat", x.get("symbool"))))
    return x


def difference(a, b, values, evaluate, where="out"):
    (kind, x), = list(a.items())[:1]
    other = next(iter(b), None)
    if kind in ("list", "tuple"):
        if other not in ("list", "tuple") or len(b[other]) != len(x): return f"{where}: {len(x)} values, got {b}"[:200]
        for i, (p, q) in enumerate(zip(x, b[other])):
            if d := difference(p, q, values, evaluate, f"{where}[{i}]"): return d
        return None
    if kind == "tensor":
        if other != "tensor": return f"{where}: a tensor, got {other}"
        y = b["tensor"]
        for field in ("dtype", "device"):
            if str(x[field]).replace("torch.", "") != str(y[field]).replace("torch.", ""): return f"{where}.{field}: {x[field]}, got {y[field]}"
        for field in ("sizes", "strides"):
            p, q = [text(s) for s in x[field]], [text(s) for s in y[field]]
            if len(p) != len(q) or not all(same(s, t, values, evaluate) for s, t in zip(p, q)): return f"{where}.{field}: {p}, got {q}"
        p, q = text(x["storage_offset"]), text(y.get("storage_offset", 0))
        return None if same(p, q, values, evaluate) else f"{where}.storage_offset: {p}, got {q}"
    p, q = text(a[kind]), text(b.get(other))
    return None if kind == "none" or same(p, q, values, evaluate) else f"{where}: {p}, got {q}"


def samples(case, evaluate):
    """Numbers for all symbols that satisfy ranges, replacements and, if some do, the asserts."""
    names = set(case["symbols"]) | {f"u{i}" for i in range(60)}
    rng = random.Random(1)
    found, right = [], []
    for _ in range(64):
        sample = {}
        for name in names:
            lower, upper = case["symbols"].get(name, {}).get("range", [0, None])
            fits = [n for n in [0, 1, 2, 3, 4, 5, 7, 8, 12] if n >= lower and (upper is None or n <= upper)]
            sample[name] = rng.choice(fits or [lower])
        sample |= {f"zuf{i}": rng.choice([0.5, 2.0, 3.5]) for i in range(20)}
        for _ in range(3):
            for k, v in case["replacements"].items():
                try: sample[k] = evaluate(v, sample)
                except Exception: pass
        found.append(sample)
        try:
            if all(evaluate(fact, sample) for fact in case["asserts"]): right.append(sample)
        except Exception: pass
    return (right if len(right) > 3 else found)[:16]


def compare(case, answer, evaluate):
    """None, or what differs, with the operator."""
    if "steps" not in answer: return f"{answer.get('unsupported', answer)}"
    values = samples(case, evaluate)
    for step, (call, expected) in enumerate(zip(case["program"], case["expected"])):
        if step >= len(answer["steps"]): return f"{call['op']}: not answered"
        got = answer["steps"][step]
        if "error" in expected or "error" in got or "unsupported" in got:
            p, q = ("error" in expected and expected["error"]["type"]), got.get("error", got.get("unsupported"))
            q = q["type"] if isinstance(q, dict) else q
            dde = "GuardOnDataDependentSymNode"
            if not p: return f"{call['op']}: PyTorch goes on, got {got}"[:400]
            if not q: return f"{call['op']}: PyTorch stops with {expected['error']}"[:400]
            # PyTorch cannot format the sizes in its own message.
            if p == dde and "specialized integer" in expected["error"]["message"]: continue
            if (p == dde) != (q == dde): return f"{call['op']}: {expected['error']}, got {got}"[:500]
        elif d := difference(expected, got, values, evaluate): return f"{call['op']}: {d}"
    return None


def facts_that_differ(case, answer, key, evaluate):
    """The facts of one side that are none of the other's, by text or at sampled sizes."""
    values = samples(case, evaluate)
    def truth(fact):
        seen = []
        for sample in values:
            try: seen.append(bool(evaluate(fact, sample)))
            except Exception: seen.append(None)
        return tuple(seen)
    mine, theirs = {truth(f): f for f in answer.get(key) or []}, {truth(f): f for f in case[key]}
    always = (True,) * len(values)
    missing = [f for t, f in theirs.items() if t not in mine and t != always]
    extra = [f for t, f in mine.items() if t not in theirs and t != always]
    return (missing, extra) if missing or extra else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--length", type=int, default=8)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--show", type=int, default=40)
    parser.add_argument("--keep", type=pathlib.Path)
    arguments = parser.parse_args()
    cases = []
    for number in range(arguments.count):
        try: case = make(arguments.seed * 1_000_000 + number, arguments.device, arguments.length)
        except Exception as error:
            print(f"not made {number}: {error!r}", file=sys.stderr)
            continue
        if case and case["program"]: cases.append(case)
    version = ".".join(torch.__version__.split(".")[:2])
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder) / "cases.jsonl", pathlib.Path(folder) / "answers.jsonl"
        source.write_text("".join(json.dumps({k: c[k] for k in ("id", "symbols", "program")}) + "\n" for c in cases))
        if arguments.keep: arguments.keep.write_text("".join(json.dumps(c) + "\n" for c in cases))
        subprocess.run([arguments.bin, str(source), "--answers", str(target), "--profile", version], check=True)
        answers = {a["id"]: a for a in map(json.loads, target.read_text().splitlines())}
    evaluate, found, facts = evaluator(), [], collections.Counter()
    for case in cases:
        answer = answers.get(case["id"], {})
        why = compare(case, answer, evaluate)
        if why: found.append((why.split(":")[0], case["id"], why))
        else:
            for key in ("guards", "asserts"):
                differs = facts_that_differ(case, answer, key, evaluate)
                facts[key] += differs is None
                if differs: print(f"  {case['id']}  {case['program'][-1]['op']}  {key}: missing {differs[0]}, extra {differs[1]}"[:400])
    kinds = collections.Counter(op for op, _, _ in found)
    for op, count in kinds.most_common(): print(f"{count:5}  {op}")
    for _, number, why in found[: arguments.show]: print(f"  {number}  {why}")
    calls = sum(len(c["program"]) for c in cases)
    print(f"PyTorch {version}, seed {arguments.seed}, {arguments.device}: {len(cases) - len(found)} of {len(cases)} programs"
          f" ({calls} calls) agree; of these {facts['guards']} in guards, {facts['asserts']} in asserts")


if __name__ == "__main__":
    main()
