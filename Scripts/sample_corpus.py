#!/usr/bin/env python3
"""Copy a sample of a corpus of exported programs into the tests.

usage: sample_corpus.py CORPUS_DIR OUT_DIR NAME ...

For each NAME, copies NAME.pt2 and writes NAME.json: what PyTorch itself computed for that program
(the `values` of the corpus's golden file, or those under the Python dispatcher where it has them),
without the fields that the tests do not compare, one node per line. Operators of other namespaces than `KNOWN` are
listed as `foreign`: only their recorded values are known.
"""
import gzip, json, pathlib, re, shutil, sys, zipfile

KNOWN = {
    "_c10d_functional", "aten", "prims", "higher_order", "quantized_decomposed", "torchao", "torchvision", "transformers",
}


def size(x):
    return x["expr"] if isinstance(x, dict) else x


def compact(v, name):
    kind = v["kind"]
    if kind == "tensor":
        return {"tensor": v["dtype"].replace("torch.", ""), "sizes": [size(x) for x in v["sizes"]],
                "strides": [size(x) for x in v.get("strides") or []], "offset": size(v.get("storage_offset", 0))}
    if kind in ("list", "tuple"):
        return {"items": [compact(x, name) for x in v["items"]]}
    if kind in ("symint", "symfloat", "symbool"):
        return {"number": v["expr"]}
    if kind in ("int", "float", "bool"):
        return {"number": str(v["value"])}
    if kind == "none":
        return None
    if kind == "str":
        return {"text": v["value"]}
    if kind == "submodule":
        return {"submodule": name}  # the node that fetches a submodule bears its name
    return {"opaque": v.get("repr", kind)}


def foreign(archive):
    """The operators that are neither PyTorch's nor torchvision's."""
    with zipfile.ZipFile(archive) as z:
        model, = (n for n in z.namelist() if re.search(r"models/model\.json$|serialized_exported_program\.json$", n))
        text = z.read(model).decode()
    targets = set(re.findall(r'"target": ?"(torch\.ops\.(\w+)\.[\w.]+)"', text))
    return sorted(target for target, namespace in targets if namespace not in KNOWN)


def main():
    corpus, out = map(pathlib.Path, sys.argv[1:3])
    for name in sys.argv[3:]:
        golden = json.loads(gzip.decompress((corpus / f"{name}.golden.json.gz").read_bytes()))
        values = (golden.get("python_dispatcher") or {}).get("values") or golden["values"]
        shutil.copyfile(corpus / f"{name}.pt2", out / f"{name}.pt2")
        lines = [f"{json.dumps(node)}: {json.dumps(compact(v, node), separators=(',', ':'))}" for node, v in values.items()]
        bindings = {node: sorted(b) for node, b in golden.get("bindings", {}).items()}
        facts = {"torch": golden["torch_version"], "bindings": bindings}
        if operators := foreign(corpus / f"{name}.pt2"):
            facts["foreign"] = operators
        head = ", ".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in facts.items())
        (out / f"{name}.json").write_text('{%s, "values": {\n%s\n}}\n' % (head, ",\n".join(lines)))


if __name__ == "__main__":
    main()
