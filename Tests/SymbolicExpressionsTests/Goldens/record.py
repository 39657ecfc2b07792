"""Records what PyTorch's symbolic functions print, simplify, bound, canonicalize and solve.

Run with PyTorch 2.13 and sympy 1.14:  python record.py
Writes printing.json, ranges.json, canonical.json and solve.json beside itself, one case per line.
"""

import json
import pathlib
import random

import sympy
from sympy import And, Eq, Ge, Gt, Le, Lt, Ne, Not, Or, Piecewise  # noqa: F401
import torch.utils._sympy.functions as F
from torch.fx.experimental.symbolic_shapes import ShapeEnv, canonicalize_bool_expr
from torch.utils._sympy.functions import *  # noqa: F403
from torch.utils._sympy.solve import try_solve
from torch.utils._sympy.value_ranges import ValueRanges, bound_sympy

HERE = pathlib.Path(__file__).parent
SYMBOLS = {
    **{f"s{k}": sympy.Symbol(f"s{k}", positive=True, integer=True) for k in (0, 2, 10)},
    **{f"u{k}": sympy.Symbol(f"u{k}", integer=True) for k in (0, 1, 12)},
}
NAMES = {**{k: getattr(F, k) for k in dir(F) if not k.startswith("_")}, **SYMBOLS}
NAMES.update(And=And, Or=Or, Not=Not, Eq=Eq, Ne=Ne, Lt=Lt, Le=Le, Gt=Gt, Ge=Ge)
RANGES = {"s0": (2, 128), "s2": (2, None), "s10": (1, 7), "u0": (0, 100), "u1": (-5, 9), "u12": (None, None)}
INT_OO = F.int_oo


def build(text):
    return eval(text, {}, NAMES)  # the texts are our own, made below


def expanded(e):
    if isinstance(e, sympy.Rel):
        return e.func(*[sympy.expand(a) for a in e.args])
    return sympy.expand(e) if isinstance(e, sympy.Expr) else e


def write(name, cases):
    lines = ",\n".join(json.dumps(case, sort_keys=True) for case in cases)
    (HERE / name).write_text(f"[\n{lines}\n]\n")


HAND = """
u0 + s0 + s10 + s2 + 3 | u0*s0 + u0 + s0**2 - 4 | 2*u0 - 3*s0 | -u0 | -u0 - 1 | 1 - u0 | 1 - u0**2 | -u0**2 - 1
FloorDiv(u0 + 1, s0) + Mod(u0, s0) + u0*3 | Max(1, u0)*2 + s0*FloorDiv(u0, 4) | FloorDiv(u0, 4)**2
And(u0 > 3, s0 < 5) | Or(u0 > 3, s0 < 5) | Not(And(u0 > 3, s0 < 5)) | And(Eq(u0, s0), u0 >= 0) | s0 >= 0
s0*u0 >= 0 | Le(0, u0) | Gt(3, u0) | Eq(u0, u0 + 1) | Eq(u0, 2*u0) | Lt(u0, u0 + 1) | s0 + s2 > 0 | s0*s2 >= 1
s0 - 1 >= 0 | 3*u0 + 3*s0 | 2*(u0 + s0) | u0*(u0 + 1) | s0*u0*s2 | u0*s0**3 | Max(u0, s0, 3) | Min(u0, u1, 0)
(u0 + 1)**2 | IntTrueDiv(u0, 2) | TruncToInt(IntTrueDiv(u0, 2)) | ModularIndexing(u0, 4, 7) | Eq(2*u0, 4)
Eq(u0, 0) | Ne(u0, 0) | Mod(u0, 2) > 0 | FloorDiv(4*s0 + 2, 2) | FloorDiv(u0*s0, s0) | FloorDiv(6*u0 + 4, 4)
FloorDiv(FloorDiv(u0, 2), 3) | FloorDiv(s0 + 4, 4) | Mod(4*u0, 2) | Mod(s0, s0 + 1) | Max(s0, 1)
Max(2*s0, 3*s0) | Min(2*s0, 3*s0) | CeilDiv(u0, 4) | CeilDiv(8*u0, 4) | Max(0, u0) | Max(u0, u0 + 1)
Mod(s0 + 4, 4) | FloorDiv(2*s0 + 3, s0) | FloorDiv(-u0, 2) | FloorDiv(u0, -1) | FloorDiv(s0*u0 + s0, s0)
FloorDiv(u0, u0) | FloorDiv(u0*s0 + 2*u0, s0 + 2) | FloorDiv(2*u0, 4*s0) | CleanDiv(u0, s0) | CleanDiv(4*u0, 4)
Mod(2*u0 + 1, 2) | Mod(u0, 1) | Mod(0, s0) | Mod(s0*u0, s0) | PythonMod(u0, 2) | PythonMod(4*u0, 4)
PythonMod(u0, -3) | ModularIndexing(4*u0, 4, 7) | ModularIndexing(u0 + 28*s0, 4, 7) | ModularIndexing(FloorDiv(u0, 3), 4, 7)
ModularIndexing(0, 3, 4) | ModularIndexing(u0, 3, 1) | Where(u0 > 3, s0, u1) | LShift(u0, 3) | RShift(u0, 3)
PowByNatural(u0, 3) | PowByNatural(2, u0) | PowByNatural(2, 10) | Max(u0, Min(u0, u1)) | Min(u0, Max(u0, u1))
Max(Min(u0, u1), Min(u0, s0)) | Max(3, Min(2, u0)) | Max(u0, Max(u1, 4), 5) | Max(u0, u0) | Min(0, s0) | Min(1, s0)
ToFloat(u0) | TruncToInt(ToFloat(u0)) | Max(0, 2*s0 - 2) | Max(1, s0*s2) | FloorDiv(s0*s2, 2) | FloorDiv(s0 - 1, 2)
s0*FloorDiv(u0, s2) - 4*FloorDiv(s0, 2)**2 | Eq(FloorDiv(u0, 2), 3) | Ne(Mod(s0, 8), 0) | Lt(FloorDiv(u0, 2), u1)
Eq(s0, -1) | Ne(s0, 0) | Eq(u0, s0*u1) | Eq(1, u0) | FloorDiv(s0 + 1, 2)*2 + 1 | u12 + u1 + u0 | Max(u12, u1, u0)
Or(And(u0 > 3, u1 > 4), s0 < 5) | And(Or(u0 > 3, u1 > 4), s0 < 5) | Not(u0 > 3) | And(u0 > 3, u0 <= 3)
s0**2*s2 + s0*s2**2 + s2**3 + s0 | u0**2*s0 - u0*s0 - 7 | -3*FloorDiv(u0, 2) | 5 - 3*Mod(u0, 7) | -FloorDiv(u0, 2) - 1
IsNonOverlappingAndDenseIndicator(u0, s0, 4, 1) | FloorDiv(s0*s2*u0, s0*s2) | FloorDiv(12*u0 + 8*s0, 4)
FloorDiv(12*u0 + 8*s0 + 2, 4) | FloorDiv(u0 + FloorDiv(u1, 2)*4, 4) | OpaqueUnaryFn_sqrt(ToFloat(s0))
"""


def random_int(rng, depth):
    if depth == 0 or rng.random() < 0.2:
        return rng.choice(list(SYMBOLS)) if rng.random() < 0.7 else str(rng.randint(-4, 9))
    a, b = random_int(rng, depth - 1), random_int(rng, depth - 1)
    c = str(rng.choice([2, 3, 4, 6, 8]))
    return rng.choice([
        f"({a} + {b})", f"({a} - {b})", f"({c}*{a})", f"({a} + {c})", f"({a}*{b})", f"FloorDiv({a}, {c})",
        f"Max({a}, {b})", f"Min({a}, {b})", f"PythonMod({a}, {c})", f"FloorDiv({a}, {rng.choice(['s0', 's2'])})",
        f"Max({c}, {a})",
    ])


def random_bool(rng, depth):
    kind = rng.choice(["Lt", "Le", "Gt", "Ge", "Eq", "Ne"])
    return f"{kind}({random_int(rng, depth)}, {random_int(rng, depth)})"


def random_texts(seed, count, depth=2):
    rng = random.Random(seed)
    texts = set()
    while len(texts) < count:
        texts.add(random_int(rng, depth) if rng.random() < 0.7 else random_bool(rng, depth))
    return sorted(texts)


def hand():
    return [text.strip() for line in HAND.strip().splitlines() for text in line.split("|")]


def evaluated(texts):
    for text in texts:
        try:
            yield text, expanded(sympy.sympify(build(text)))
        except (ZeroDivisionError, AssertionError, ValueError):
            continue


def printing():
    for text, e in evaluated(hand() + random_texts(1, 300)):
        yield {"build": text, "text": str(e), "srepr": sympy.srepr(e)}


def end(x):
    return None if x in (INT_OO, -INT_OO, sympy.oo, -sympy.oo) else int(x)


def ranges():
    bounds = {
        SYMBOLS[k]: ValueRanges(-INT_OO if lo is None else lo, INT_OO if hi is None else hi)
        for k, (lo, hi) in RANGES.items()
    }
    for text, e in evaluated(hand() + random_texts(2, 300)):
        if e.has(sympy.Float, F.ToFloat, F.IntTrueDiv, F.ModularIndexing, F.IsNonOverlappingAndDenseIndicator):
            continue
        try:
            r = bound_sympy(e, bounds)
        except Exception:
            continue
        if r.is_bool:
            yield {"build": text, "truth": None if not r.is_singleton() else bool(r.lower)}
        elif not (abs(end(r.lower) or 0) >> 62 or abs(end(r.upper) or 0) >> 62):
            yield {"build": text, "lower": end(r.lower), "upper": end(r.upper)}


def relations(seed):
    rng = random.Random(seed)
    texts = [t for t in hand() if build(t) in (True, False) or isinstance(build(t), sympy.logic.boolalg.Boolean)]
    return texts + sorted({random_bool(rng, 2) for _ in range(150)})


def canonical():
    env = ShapeEnv()
    for text, e in evaluated(relations(3)):
        if e in (True, False):
            continue
        c = canonicalize_bool_expr(e)
        try:
            facts = [[str(k), bool(v)] for k, v in env.get_implications(e)]
        except AssertionError:  # PyTorch has no canonical form of a negated disjunction
            continue
        yield {"build": text, "text": str(c), "facts": sorted(facts)}


def solve():
    for text, e in evaluated(relations(4)):
        if not isinstance(e, sympy.Rel):
            continue
        for name in sorted(str(s) for s in e.free_symbols):
            r = try_solve(e, SYMBOLS[name])
            if r is None:
                yield {"build": text, "symbol": name, "solution": None}
                continue
            relation, right = r[0].func(r[0].lhs, expanded(r[1]), evaluate=False), expanded(r[1])
            if right.is_integer and not any(x.q != 1 for x in right.atoms(sympy.Rational)) and not right.has(sympy.Pow):
                yield {"build": text, "symbol": name, "solution": str(relation)}


write("printing.json", printing())
write("ranges.json", ranges())
write("canonical.json", canonical())
write("solve.json", solve())
