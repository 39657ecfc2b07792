#!/usr/bin/env python3
"""Write goldens for the tests of an operator family.

usage: operator_goldens.py CASES.jsonl[.gz]... --ops REGEX --out Tests/ATenOperatorsTests/Goldens/FAMILY.json [--each N]

CASES are calls recorded from PyTorch with their fake results, one JSON object per line, values tagged by kind. At most
N calls of each overload are taken from a file, spread over it. The format is explained in
Tests/TestSupport/OperatorGolden.swift.
"""
import argparse, collections, gzip, json, pathlib, re

SHORT = dict(uint8="u8", int8="i8", int16="i16", int32="i32", int64="i64", float16="f16", float32="f32", float64="f64",
             complex32="c32", complex64="c64", complex128="c128", bool="b8", bfloat16="bf16", uint16="u16", uint32="u32",
             uint64="u64", bcomplex32="bc32")


def text(x):
    if isinstance(x, dict):
        x = x.get("symint", x)
        return x["expr"] if isinstance(x, dict) else str(x)
    return str(x)


def contiguous(sizes):
    strides, stride = [], 1
    for s in reversed(sizes):
        if not isinstance(s, int): return None
        strides.insert(0, stride)
        stride *= max(1, s)
    return strides


def tensor(t):
    if "sizes" not in t: return f"ref {t['ref']}"
    if t.get("tid") is not None or t.get("real"): raise KeyError("identity")
    out = f"{SHORT[t['dtype'].replace('torch.', '')]}[{', '.join(map(text, t['sizes']))}]"
    if t.get("strides") is not None and t["strides"] != contiguous(t["sizes"]):
        out += f" s[{', '.join(map(text, t['strides']))}]"
    offset = text(t.get("storage_offset") or 0)
    if offset != "0": out += " +" + offset.replace(" ", "")
    if str(t.get("device", "cpu")) != "cpu": out += f" @{t['device']}"
    layout = str(t.get("layout", "strided")).replace("torch.", "")
    if layout != "strided": out += f" #{layout}"
    for key, word in (("is_conj", "conj"), ("is_neg", "neg"), ("requires_grad", "grad")):
        if t.get(key): out += f" {word}"
    if t.get("constant") is not None:
        if isinstance(t["constant"], list): raise KeyError("constant")
        out += f" const={t['constant']}"
    return out


def value(v):
    (kind, x), = list(v.items())[:1]
    if kind in ("int", "bool"): return x
    if kind == "none": return None
    if kind in ("list", "tuple"): return [value(y) for y in x]
    if kind == "tensor": return f"ref {x['ref']}" if x.get("ref") is not None else tensor(x)
    if kind == "float": return f"float {x}"
    if kind == "complex": return f"complex {float(x[0])} {float(x[1])}"
    if kind in ("symint", "symfloat", "symbool"): return f"{kind[3:]} {text(x)}"
    if kind == "generator": return "opaque generator"
    return f"{kind} {x}".replace("torch.", "")


def golden(case):
    row = dict(id=case["id"], op=case["op"], args=[value(v) for v in case["args"]])
    version = case.get("torch_version", "2.13").split(".")[:2]
    if version != ["2", "13"]: row["version"] = ".".join(version)
    if case.get("kwargs"): row["kwargs"] = {k: value(v) for k, v in case["kwargs"].items()}
    if "error" in case: row["error"] = case["error"]["type"]
    else: row["out"] = value(case["out"])
    if "symbols" in case:
        row["symbols"] = {k: [s.get("hint"), *(s.get("range") or [None, None])] for k, s in case["symbols"].items()}
        fresh = [k for k, s in case["symbols"].items() if s.get("fresh")]
        if fresh: row["fresh"] = case.get("fresh_unbacked") or fresh
    facts = [text(f) for key in ("pre_guards", "pre_asserts") for f in case.get(key) or []]
    facts += [f"Eq({k}, {text(v)})" for k, v in (case.get("pre_replacements") or {}).items()]
    known = set(case.get("symbols") or {})
    facts = [f for f in facts if set(re.findall(r"\b(?:[su]|zu?f)\d+\b", f)) <= known]
    if facts: row["facts"] = facts
    if case.get("args_after"): row["after"] = {str(a["arg"]): value({"tensor": a["tensor"]}) for a in case["args_after"]}
    return row


def update(path, version, rows):
    """Replaces the rows of one version of PyTorch in a golden file."""
    path = pathlib.Path(path)
    known = json.loads(path.read_text()) if path.exists() else []
    rows = [row for row in known if row.get("version", "2.13") != version] + rows
    rows.sort(key=lambda row: (row["op"], row["id"], row.get("version", "")))
    path.write_text("[\n" + ",\n".join(map(json.dumps, rows)) + "\n]\n")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("cases", nargs="+"); p.add_argument("--ops", required=True); p.add_argument("--out", required=True)
    p.add_argument("--each", type=int, default=4)
    a = p.parse_args()
    pattern, rows = re.compile(a.ops), []
    for path in a.cases:
        groups = collections.defaultdict(list)
        with gzip.open(path, "rt") if path.endswith(".gz") else open(path) as f:
            for line in f:
                case = json.loads(line)
                if case.get("prior") or not pattern.fullmatch(case["op"]): continue
                try: groups[case["op"]].append(golden(case))
                except KeyError: pass
        for op in sorted(groups):
            g = groups[op]
            rows += g[:: max(1, -(-len(g) // a.each))][: a.each]
    with open(a.out, "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(r) for r in rows) + "\n]\n")


if __name__ == "__main__":
    main()
