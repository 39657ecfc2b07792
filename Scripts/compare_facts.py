#!/usr/bin/env python3
"""Compare what a propagation learned with what PyTorch learned: guards, ranges, runtime asserts, replacements.

    Scripts/compare_facts.py CORPUS --bin .build/release/swiftfx [--only TEXT] [--suffix _213] [--verbose]

Facts agree when they are equal as formulas, up to the names of fresh symbols: each implementation numbers those that
no node binds differently, so they are matched in the order of their creation. Ranges of expressions, such as 2*s0,
follow from those of their symbols and are not compared. If a golden file holds a run under the Python dispatcher, that
run is compared. Exits with 0 when every program agrees.
"""
import argparse, ast, gzip, json, pathlib, re, subprocess, sys

FIELDS = ("guards", "ranges", "asserts", "replacements")
SYMBOL = re.compile(r"\b(?:zuf|zf|u|s|z|f)\d+\b")
MIRROR = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


class Formula:
    """A relation brought to `polynomial REL 0` over opaque atoms, so that spelling does not matter."""

    def __init__(self, text, names):
        self.names = names
        self.key = self.boolean(ast.parse(text.strip(), mode="eval").body)

    def boolean(self, node):
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            kinds = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
            return self.relation(kinds[type(node.ops[0])], node.left, node.comparators[0])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            calls = {"Eq": "==", "Ne": "!=", "Lt": "<", "Le": "<=", "Gt": ">", "Ge": ">="}
            if node.func.id in calls:
                return self.relation(calls[node.func.id], *node.args)
            if node.func.id in ("And", "Or"):
                return (node.func.id, frozenset(self.boolean(a) for a in node.args))
            if node.func.id == "Not":
                return ("Not", self.boolean(node.args[0]))
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitAnd, ast.BitOr)):
            kind = "And" if isinstance(node.op, ast.BitAnd) else "Or"
            parts = set()
            for part in (self.boolean(node.left), self.boolean(node.right)):
                parts |= part[1] if part[0] == kind else {part}
            return (kind, frozenset(parts))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert):
            return ("Not", self.boolean(node.operand))
        return ("value", self.frozen(self.polynomial(node)))

    def relation(self, kind, left, right):
        difference = self.polynomial(left)
        for monomial, factor in self.polynomial(right).items():
            difference[monomial] = difference.get(monomial, 0) - factor
        difference = {m: f for m, f in difference.items() if f}
        if kind in (">", ">="):
            kind, difference = MIRROR[kind], {m: -f for m, f in difference.items()}
        integral = all(isinstance(f, int) for f in difference.values())
        if kind == "<" and integral:
            kind = "<="
            difference[()] = difference.get((), 0) + 1
            difference = {m: f for m, f in difference.items() if f}
        if kind in ("==", "!=") and difference and sorted(difference.items(), key=repr)[0][1] < 0:
            difference = {m: -f for m, f in difference.items()}
        return (kind, self.frozen(difference))

    @staticmethod
    def frozen(polynomial):
        return frozenset(polynomial.items())

    def polynomial(self, node):
        """{monomial: factor}; a monomial is a sorted tuple of atoms."""
        if isinstance(node, ast.Constant):
            value = int(node.value) if isinstance(node.value, bool) else node.value
            return {(): value} if value else {}
        if isinstance(node, ast.Name):
            return {(self.names.get(node.id, node.id),): 1}
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return {m: -f for m, f in self.polynomial(node.operand).items()}
        if isinstance(node, ast.BinOp):
            left, right = self.polynomial(node.left), self.polynomial(node.right)
            if isinstance(node.op, (ast.Add, ast.Sub)):
                sign = 1 if isinstance(node.op, ast.Add) else -1
                total = dict(left)
                for m, f in right.items():
                    total[m] = total.get(m, 0) + sign * f
                return {m: f for m, f in total.items() if f}
            if isinstance(node.op, ast.Mult):
                return self.product(left, right)
            if isinstance(node.op, ast.Pow) and list(right) == [()] and right[()] in range(1, 9):
                total = left
                for _ in range(right[()] - 1):
                    total = self.product(total, left)
                return total
            kinds = {ast.FloorDiv: "FloorDiv", ast.Mod: "Mod", ast.Div: "Div", ast.Pow: "Pow"}
            return {((kinds[type(node.op)], self.frozen(left), self.frozen(right)),): 1}
        if isinstance(node, ast.Call):
            parts = [self.frozen(self.polynomial(a)) if not isinstance(a, ast.Compare) else self.boolean(a)
                     for a in node.args]
            name = node.func.id
            if name in ("Max", "Min"):
                parts = [frozenset(parts)]
            if name == "CleanDiv":
                name = "FloorDiv"
            return {((name, *parts),): 1}
        return {(self.boolean(node),): 1}

    @staticmethod
    def product(left, right):
        total = {}
        for a, f in left.items():
            for b, g in right.items():
                key = tuple(sorted(a + b, key=repr))
                total[key] = total.get(key, 0) + f * g
        return {m: f for m, f in total.items() if f}


def load(path):
    return json.loads(gzip.decompress(path.read_bytes()))


def formulas(texts, names):
    return {Formula(text, names).key: text for text in texts}


def number(text):
    return int(text) if isinstance(text, str) and re.fullmatch(r"-?\d+", text) else text


def golden_facts(golden):
    source = golden
    second = golden.get("python_dispatcher")
    if second and second.get("values"):
        source = second
    bound = lambda r, end: None if r.get(end) in (None, "-int_oo", "int_oo", "-oo", "oo") else number(r[end])
    return {
        "guards": list(map(str, source.get("guards") or [])),
        "ranges": {k: [bound(v, "lower"), bound(v, "upper")] for k, v in (source.get("var_to_range") or {}).items()
                   if SYMBOL.fullmatch(k)},
        "asserts": [e for es in (source.get("deferred_runtime_asserts") or {}).values() for e in es],
        "replacements": {k: v["expr"] for k, v in (source.get("replacements") or {}).items()},
    }


def our_facts(out):
    return {
        "guards": out.get("guards") or [], "ranges": out.get("ranges") or {},
        "asserts": [e for es in (out.get("runtime_asserts") or {}).values() for e in es],
        "replacements": out.get("replacements") or {},
    }


def order(name):
    kind = name.rstrip("0123456789")
    return kind, int(name[len(kind):] or 0)


def fresh_names(golden, ours, known):
    """Our fresh symbols with the names of PyTorch's, matched in the order of their creation."""
    kinds = {}
    for name in sorted(set(golden["ranges"]) - known, key=order):
        kinds.setdefault(order(name)[0], []).append(name)
    names = {}
    for name in sorted(set(ours["ranges"]) - known, key=order):
        waiting = kinds.get(order(name)[0])
        if waiting:
            names[name] = waiting.pop(0)
    return names


def differences(golden, ours, known):
    names = fresh_names(golden, ours, known)
    found = {}
    for field in ("guards", "asserts"):
        theirs, mine = formulas(golden[field], {}), formulas(ours[field], names)
        missing = [theirs[k] for k in theirs.keys() - mine.keys()]
        extra = [mine[k] for k in mine.keys() - theirs.keys()]
        if missing or extra:
            found[field] = (sorted(missing), sorted(extra))
    renamed = {names.get(k, k): v for k, v in ours["ranges"].items()}
    missing = [f"{k} {v}" for k, v in golden["ranges"].items() if renamed.get(k) != v]
    extra = [f"{k} {v}" for k, v in renamed.items() if golden["ranges"].get(k) != v]
    if missing or extra:
        found["ranges"] = (sorted(missing), sorted(extra))
    theirs = {k: Formula(v, {}).key for k, v in golden["replacements"].items()}
    mine = {names.get(k, k): Formula(str(v), names).key for k, v in ours["replacements"].items()}
    missing = [f"{k} = {golden['replacements'][k]}" for k in theirs if mine.get(k) != theirs[k]]
    extra = [f"{k} = {v}" for k, v in ours["replacements"].items() if theirs.get(names.get(k, k)) != mine[names.get(k, k)]]
    if missing or extra:
        found["replacements"] = (sorted(missing), sorted(extra))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus")
    parser.add_argument("--bin", required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--suffix", default="_213", help="which archives, by the end of the name")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    agree, total, unsupported, by_field = 0, 0, 0, dict.fromkeys(FIELDS, 0)
    for archive in sorted(pathlib.Path(options.corpus).glob(f"*{options.suffix}.pt2")):
        expected = archive.with_suffix(".golden.json.gz")
        if options.only not in archive.stem or not expected.exists():
            continue
        golden = load(expected)
        run = subprocess.run([options.bin, "propagate", str(archive), "--json", "--trust-recorded"],
                             capture_output=True, text=True)
        out = json.loads(run.stdout)
        total += 1
        if out.get("error"):
            unsupported += 1
            if options.verbose:
                print(f"error {archive.stem}: {str(out['error'].get('message'))[:100]}")
            continue
        facts = golden_facts(golden)
        known = set(SYMBOL.findall(json.dumps([golden.get("bindings"), list((golden.get("before") or {}).get("var_to_range") or {})])))
        found = differences(facts, our_facts(out), known)
        if not found:
            agree += 1
            continue
        print(archive.stem)
        for field, (missing, extra) in found.items():
            by_field[field] += 1
            print(f"  {field}")
            for text in missing: print(f"    PyTorch  {text}")
            for text in extra: print(f"    ours     {text}")
    print(f"programs {agree}/{total} agree, {unsupported} stopped; differing in " + ", ".join(f"{f} {n}" for f, n in by_field.items()))
    sys.exit(0 if agree == total else 1)


if __name__ == "__main__":
    main()
