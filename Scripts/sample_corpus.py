#!/usr/bin/env python3
"""Copy a sample of a corpus of exported programs into the tests.

usage: sample_corpus.py CORPUS_DIR OUT_DIR NAME ...

For each NAME, copies NAME.pt2 and writes NAME.json: what PyTorch itself computed for that program
(the `values` of the corpus's golden file, or those under the Python dispatcher where it has them),
without the fields that the tests do not compare, one node a line.
"""
import gzip, json, pathlib, shutil, sys


def size(x):
    return x["expr"] if isinstance(x, dict) else x


def compact(v):
    kind = v["kind"]
    if kind == "tensor":
        return {"tensor": v["dtype"].replace("torch.", ""), "sizes": [size(x) for x in v["sizes"]],
                "strides": [size(x) for x in v.get("strides") or []], "offset": size(v.get("storage_offset", 0))}
    if kind in ("list", "tuple"):
        return {"items": [compact(x) for x in v["items"]]}
    if kind in ("symint", "symfloat", "symbool"):
        return {"number": v["expr"]}
    if kind in ("int", "float", "bool"):
        return {"number": str(v["value"])}
    return {"other": kind}


def main():
    corpus, out = map(pathlib.Path, sys.argv[1:3])
    for name in sys.argv[3:]:
        golden = json.loads(gzip.decompress((corpus / f"{name}.golden.json.gz").read_bytes()))
        values = (golden.get("python_dispatcher") or {}).get("values") or golden["values"]
        shutil.copyfile(corpus / f"{name}.pt2", out / f"{name}.pt2")
        lines = [f"{json.dumps(node)}: {json.dumps(compact(v), separators=(',', ':'))}" for node, v in values.items()]
        bindings = {node: sorted(b) for node, b in golden.get("bindings", {}).items()}
        (out / f"{name}.json").write_text(
            '{"torch": %s, "bindings": %s, "values": {\n%s\n}}\n'
            % (json.dumps(golden["torch_version"]), json.dumps(bindings), ",\n".join(lines)))


if __name__ == "__main__":
    main()
