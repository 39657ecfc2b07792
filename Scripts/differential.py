#!/usr/bin/env python3
"""Random programs of several operators, asked of PyTorch and of SwiftFX.

usage: differential.py --bin .build/debug/fx-conformance [--count N] [--seed S] [--device cpu|cuda] [--show N] [--keep FILE]

Run it with the Python whose PyTorch is asked; `fx-conformance` answers as that version. A program has inputs with constant,
symbolic (an example is known) and unbacked sizes, and calls operators on what it has; `nonzero` and its like make sizes
that depend on data. Compared are the values of every call, by text or at sampled sizes, the kind of an error, and at the
end guards, replacements and runtime asserts. The same seed makes the same programs.
"""
import argparse, collections, json, logging, pathlib, random, subprocess, sys, tempfile, warnings

import torch
from torch._dispatch.python import enable_python_dispatcher
from torch._dynamo.source import ConstantSource
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.fx.experimental.symbolic_shapes import (
    DimDynamic, GuardOnDataDependentSymNode, ShapeEnv, StatelessSymbolicContext, free_unbacked_symbols)

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
aten = torch.ops.aten

UNARY = "abs neg relu exp sigmoid sin sqrt silu gelu tanh floor isnan logical_not sign square".split()
BINARY = "add.Tensor sub.Tensor mul.Tensor div.Tensor maximum atan2 eq.Tensor lt.Tensor logical_and pow.Tensor_Tensor".split()
REDUCTIONS = "sum.dim_IntList mean.dim amax amin all.dim any.dim logsumexp var.dim prod.dim_int argmax max.dim".split()


class Program:
    """The calls of one program, made as they are run."""

    def __init__(self, seed, device):
        self.random = random.Random(seed)
        self.device = device
        self.env = ShapeEnv()
        self.mode = FakeTensorMode(shape_env=self.env)
        self.symbols, self.steps, self.results, self.pool, self.numbers = {}, [], [], [], []
        self.inputs = {}

    def size(self, hint):
        """A constant, a symbolic or an unbacked size, remembered so that sizes are shared."""
        kind = self.random.random()
        if kind < 0.4: return hint
        name = f"{'u' if kind > 0.7 else 's'}{hint}"
        if name not in self.inputs:
            if name[0] == "u":
                value = self.env.create_unbacked_symint()
                torch._check(value >= 0)
                self.symbols[str(value)] = {"range": [0, None], "hint": None}
            else:
                vector = torch.empty(hint)
                context = StatelessSymbolicContext(dynamic_sizes=[DimDynamic.DYNAMIC])
                value = self.mode.from_tensor(vector, symbolic_context=context, source=ConstantSource(name)).size(0)
                self.symbols[str(value)] = {"range": [2, None], "hint": hint}
            self.inputs[name] = value
        return self.inputs[name]

    def start(self):
        with self.mode:
            for _ in range(self.random.randint(2, 3)):
                rank = self.random.choice([1, 2, 2, 3, 3, 4])
                sizes = [self.size(self.random.choice([3, 4, 5, 6])) for _ in range(rank)]
                dtype = self.random.choice([torch.float32] * 4 + [torch.int64, torch.bool, torch.float16])
                tensor = torch.empty(sizes, dtype=dtype, device=self.device)
                if rank > 1 and self.random.random() < 0.3: tensor = tensor.transpose(0, self.random.randrange(1, rank))
                self.pool.append((tensor, {"tensor": self.meta(tensor)}))

    def meta(self, t):
        number = lambda x: x if isinstance(x, int) else {"symint": {"expr": str(x)}}
        return dict(dtype=str(t.dtype)[6:], sizes=[number(x) for x in t.size()], strides=[number(x) for x in t.stride()],
                    storage_offset=number(t.storage_offset()), device=str(t.device), layout="strided",
                    requires_grad=t.requires_grad, tid=id(t))

    def pick(self, *, floating=False, boolean=False, least=0, most=9):
        fits = [(t, v) for t, v in self.pool if least <= t.dim() <= most
                and (not floating or t.dtype.is_floating_point) and (not boolean or t.dtype is torch.bool)]
        return self.random.choice(fits) if fits else None

    def any_size(self):
        """A size that some tensor has, or a constant."""
        t, _ = self.random.choice(self.pool)
        sizes = list(t.size()) or [4]
        value = self.random.choice(sizes + [1, 2, 4, 5])
        return value, ({"int": value} if isinstance(value, int) else {"symint": {"expr": str(value)}})

    def choose(self):
        """An operator with values and their tagged form; None when nothing fits."""
        r, kind = self.random, self.random.choice(list(MAKERS))
        return MAKERS[kind](self, r)

    def step(self):
        made = self.choose()
        if made is None: return True
        name, args, kwargs = made
        packet, _, overload = name.partition(".")
        op = getattr(getattr(aten, packet), overload or "default")
        plain = lambda x: [plain(y) for y in x] if isinstance(x, list) else x[0] if isinstance(x, tuple) else x
        tag = lambda x: {"list": [tag(y) for y in x]} if isinstance(x, list) else x[1]
        call = dict(op=f"aten.{packet}.{overload or 'default'}", args=[tag(a) for a in args],
                    kwargs={k: tag(v) for k, v in kwargs.items()}, result=len(self.steps))
        with self.mode:
            try:
                with enable_python_dispatcher(): result = op(*map(plain, args), **{k: plain(v) for k, v in kwargs.items()})
                self.env.pending_fresh_unbacked_symbols.clear()
            except Exception as error:
                kind = "GuardOnDataDependentSymNode" if isinstance(error, GuardOnDataDependentSymNode) else type(error).__name__
                if "INTERNAL ASSERT" in str(error): return None
                self.steps.append(call)
                self.results.append({"error": {"type": kind, "message": str(error).split("\n")[0][:200]}})
                return False
        self.steps.append(call)
        self.results.append(self.value(result, call["result"]))
        return True

    def value(self, x, number, index=None):
        if isinstance(x, torch.Tensor):
            place = {"result": number} if index is None else {"result": number, "index": index}
            if x.numel is not None: self.pool.append((x, {"tensor": place}))
            return {"tensor": self.meta(x)}
        if isinstance(x, (list, tuple)): return {"list": [self.value(y, number, i) for i, y in enumerate(x)]}
        if isinstance(x, torch.SymInt): return {"symint": {"expr": str(x)}}
        if isinstance(x, bool): return {"bool": x}
        if isinstance(x, int): return {"int": x}
        if isinstance(x, torch.SymFloat): return {"symfloat": {"expr": str(x)}}
        if isinstance(x, float): return {"float": x}
        if isinstance(x, torch.SymBool): return {"symbool": {"expr": str(x)}}
        return {"none": True}


def integer(x): return (x, {"int": x})
def truth(x): return (x, {"bool": x})
def number(x): return (x, {"float": x})


def unary(p, r):
    name = r.choice(UNARY)
    x = p.pick(floating=name in "exp sigmoid sin sqrt silu gelu tanh floor".split())
    return x and (name, [x], {})


def binary(p, r):
    name = r.choice(BINARY)
    a, b = p.pick(), p.pick()
    return (name, [a, b], {})


def reduction(p, r):
    name = r.choice(REDUCTIONS)
    x = p.pick(floating=name in ("mean.dim", "logsumexp", "var.dim"), least=1)
    if not x: return None
    dim, keep = r.randrange(-x[0].dim(), x[0].dim()), r.random() < 0.5
    one = name in ("all.dim", "any.dim", "prod.dim_int", "argmax", "max.dim")
    if name == "var.dim": return (name, [x, [integer(dim)], truth(True), truth(keep)], {})
    return (name, [x, integer(dim) if one else [integer(dim)], truth(keep)], {})


def reshaping(p, r):
    x = p.pick(least=1)
    sizes = list(x[0].size())
    kind = r.choice("flatten reshape view unsqueeze squeeze transpose permute expand unflatten".split())
    dim = r.randrange(len(sizes))
    tagged = lambda v: (v, {"int": v} if isinstance(v, int) else {"symint": {"expr": str(v)}})
    if kind == "flatten": return ("flatten.using_ints", [x, integer(dim), integer(-1)], {})
    if kind == "unsqueeze": return (kind, [x, integer(r.randint(0, len(sizes)))], {})
    if kind == "squeeze": return ("squeeze.dim", [x, integer(dim)], {})
    if kind == "transpose": return ("transpose.int", [x, integer(dim), integer(r.randrange(len(sizes)))], {})
    if kind == "permute":
        order = list(range(len(sizes))); r.shuffle(order)
        return (kind, [x, [integer(d) for d in order]], {})
    if kind == "expand":
        target = [tagged(s) for s in sizes]
        return (kind, [x, [p.any_size()] + target], {})
    if kind == "unflatten": return ("unflatten.int", [x, integer(dim), [p.any_size(), integer(-1)]], {})
    target = [tagged(s) for s in sizes]
    if r.random() < 0.5: target = [integer(-1)] + target[2:] if len(target) > 1 else [integer(-1), p.any_size()]
    else: target = target[:1] + [integer(-1)]
    return (kind, [x, target], {})


def slicing(p, r):
    x = p.pick(least=1)
    dim = r.randrange(x[0].dim())
    kind = r.choice("slice select narrow split chunk unbind split_sizes".split())
    if kind == "slice":
        return ("slice.Tensor", [x, integer(dim), r.choice([integer(0), integer(1), integer(-2), p.any_size()]),
                                 r.choice([integer(2), integer(-1), integer(2**63 - 1), p.any_size()]), integer(r.choice([1, 1, 2]))], {})
    if kind == "select": return ("select.int", [x, integer(dim), integer(r.choice([0, -1, 1]))], {})
    if kind == "narrow": return (kind, [x, integer(dim), integer(r.choice([0, 1])), integer(r.choice([1, 2]))], {})
    if kind == "split": return ("split.Tensor", [x, integer(2), integer(dim)], {})
    if kind == "chunk": return (kind, [x, integer(2), integer(dim)], {})
    if kind == "split_sizes": return ("split_with_sizes", [x, [integer(1), integer(2)], integer(dim)], {})
    return ("unbind.int", [x, integer(dim)], {})


def joining(p, r):
    x = p.pick(least=1)
    y = r.choice([x, p.pick(least=1)])
    kind = r.choice(["cat", "stack", "cat", "hstack"])
    dim = r.randrange(x[0].dim())
    return (kind, [[x, y], integer(dim)], {}) if kind != "hstack" else (kind, [[x, y]], {})


def selecting(p, r):
    kind = r.choice("nonzero masked_select index unique item index_select gather where masked_fill topk sort cumsum".split())
    if kind == "nonzero": return (kind, [p.pick(least=1)], {})
    if kind == "unique": return ("_unique2", [p.pick(least=1), truth(True), truth(True), truth(False)], {})
    if kind in ("topk",): x = p.pick(least=1); return (kind, [x, integer(r.choice([1, 2])), integer(-1)], {})
    if kind == "sort": return (kind, [p.pick(least=1), integer(-1)], {})
    if kind == "cumsum": return (kind, [p.pick(least=1), integer(r.choice([0, -1]))], {})
    mask = p.pick(boolean=True, least=1)
    if kind == "item":
        x = p.pick(most=0)
        return x and ("item", [x], {})
    if kind == "where": return mask and ("where.self", [mask, p.pick(), p.pick()], {})
    if kind == "masked_fill": return mask and ("masked_fill.Scalar", [p.pick(floating=True, least=1), mask, number(0.5)], {}) if p.pick(floating=True, least=1) else None
    if kind in ("masked_select",): return mask and (kind, [p.pick(), mask], {})
    integers = [(t, v) for t, v in p.pool if t.dtype is torch.int64 and t.dim() == 1]
    if kind == "index":
        chosen = r.choice(integers + ([mask] if mask else [])) if integers or mask else None
        return chosen and ("index.Tensor", [p.pick(least=1), [chosen]], {})
    if not integers: return None
    x = p.pick(least=1)
    if kind == "index_select": return (kind, [x, integer(r.randrange(x[0].dim())), r.choice(integers)], {})
    return ("gather", [x, integer(0), r.choice(integers)], {}) if x[0].dim() == 1 else None


def products(p, r):
    kind = r.choice("mm matmul linear bmm softmax layer_norm embedding pad conv1d dropout attention".split())
    x = p.pick(floating=True, least=1)
    if not x: return None
    if kind == "mm": a, b = p.pick(floating=True, least=2, most=2), p.pick(floating=True, least=2, most=2); return a and b and (kind, [a, b], {})
    if kind == "bmm": a, b = p.pick(floating=True, least=3, most=3), p.pick(floating=True, least=3, most=3); return a and b and (kind, [a, b], {})
    if kind == "matmul": return (kind, [x, p.pick(floating=True, least=1)], {})
    if kind == "linear": w = p.pick(floating=True, least=2, most=2); return w and (kind, [x, w], {})
    if kind == "softmax": return ("softmax.int", [x, integer(-1)], {})
    if kind == "layer_norm":
        s = x[0].size(-1)
        return (kind, [x, [(s, {"int": s} if isinstance(s, int) else {"symint": {"expr": str(s)}})]], {})
    if kind == "pad": return ("constant_pad_nd", [x, [integer(1), integer(r.choice([-1, 0, 2]))]], {})
    if kind == "dropout": return (kind, [x, number(r.choice([0.0, 0.5])), truth(r.random() < 0.5)], {})
    if kind == "attention":
        q = p.pick(floating=True, least=3, most=4)
        return q and ("scaled_dot_product_attention", [q, q, q], {})
    if kind == "conv1d":
        x, w = p.pick(floating=True, least=3, most=3), p.pick(floating=True, least=3, most=3)
        return x and w and (kind, [x, w], {})
    w = p.pick(floating=True, least=2, most=2)
    i = [(t, v) for t, v in p.pool if t.dtype is torch.int64]
    return w and i and (kind, [w, r.choice(i)], {})


def factories(p, r):
    kind = r.choice("zeros arange full_like new_zeros ones_like repeat roll flip tril to clone contiguous copy".split())
    x = p.pick(least=1)
    if kind == "zeros": return (kind, [[p.any_size(), p.any_size()]], {})
    if kind == "arange": return (kind, [p.any_size()], {})
    if kind == "new_zeros": return (kind, [x, [p.any_size(), p.any_size()]], {})
    if kind == "full_like": return (kind, [x, number(1.5)], {})
    if kind == "repeat": return (kind, [x, [integer(2)] + [integer(1)] * x[0].dim()], {})
    if kind == "roll": return (kind, [x, [integer(1)], [integer(0)]], {})
    if kind == "flip": return (kind, [x, [integer(0)]], {})
    if kind == "tril": x = p.pick(least=2); return x and (kind, [x], {})
    if kind == "to": return ("to.dtype", [x, (torch.float32, {"dtype": "torch.float32"})], {})
    if kind == "copy": return (kind, [x, p.pick()], {})
    return (kind, [x], {})


MAKERS = dict(unary=unary, binary=binary, binary2=binary, reduction=reduction, reshaping=reshaping, reshaping2=reshaping,
              slicing=slicing, joining=joining, selecting=selecting, selecting2=selecting, products=products, factories=factories)


def make(seed, device, length):
    p = Program(seed, device)
    p.start()
    for _ in range(length):
        outcome = p.step()
        if outcome is None: return None
        if not outcome: break
    env = p.env
    return dict(id=seed, symbols=p.symbols, program=p.steps, expected=p.results,
                guards=[str(g.expr) for g in env.guards], replacements={str(k): str(v) for k, v in env.replacements.items()},
                asserts=sorted({str(a.expr) for v in env.deferred_runtime_asserts.values() for a in v}))


# Comparing. Expressions are equal when they are at all sampled sizes.

def evaluator():
    """The judge's way of evaluating expressions, kept small."""
    import math
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


def compare(case, answer, evaluate):
    """None, or what differs, with the operator."""
    if "steps" not in answer: return f"{answer.get('unsupported', answer)}"
    names = set(case["symbols"]) | {f"u{i}" for i in range(60)}
    rng = random.Random(1)
    values = []
    for _ in range(12):
        sample = {n: rng.choice([0, 1, 2, 3, 5, 8] if n[0] == "u" else [2, 3, 4, 7, 12]) for n in names}
        for _ in range(3):
            for k, v in case["replacements"].items():
                try: sample[k] = evaluate(v, sample)
                except Exception: pass
        values.append(sample)
    for step, (call, expected) in enumerate(zip(case["program"], case["expected"])):
        if step >= len(answer["steps"]): return f"{call['op']}: not answered"
        got = answer["steps"][step]
        if "error" in expected or "error" in got or "unsupported" in got:
            p, q = ("error" in expected and expected["error"]["type"]), got.get("error", got.get("unsupported"))
            q = q["type"] if isinstance(q, dict) else q
            dde = "GuardOnDataDependentSymNode"
            if not p: return f"{call['op']}: PyTorch goes on, got {got}"[:400]
            if not q: return f"{call['op']}: PyTorch stops with {expected['error']}"[:400]
            if (p == dde) != (q == dde): return f"{call['op']}: {expected['error']}, got {got}"[:500]
            return None
        if d := difference(expected, got, values, evaluate): return f"{call['op']}: {d}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--length", type=int, default=6)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--show", type=int, default=40)
    parser.add_argument("--keep", type=pathlib.Path)
    arguments = parser.parse_args()
    cases = []
    for number in range(arguments.count):
        try: case = make(arguments.seed * 1_000_000 + number, arguments.device, arguments.length)
        except Exception as error:
            print(f"not made {number}: {error}", file=sys.stderr)
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
                facts[key] += sorted(case[key]) == sorted(set(answer.get(key) or []))
    kinds = collections.Counter(op for op, _, _ in found)
    for op, count in kinds.most_common(): print(f"{count:5}  {op}")
    for _, number, why in found[: arguments.show]: print(f"  {number}  {why}")
    calls = sum(len(c["program"]) for c in cases)
    print(f"PyTorch {version}, seed {arguments.seed}, {arguments.device}: {len(cases) - len(found)} of {len(cases)} programs"
          f" ({calls} calls) agree; of these {facts['guards']} in guards, {facts['asserts']} in asserts, to the letter")


if __name__ == "__main__":
    main()
