#!/usr/bin/env python3
"""Write the table of operators: family, and how many recorded PyTorch cases each passes.

usage: coverage.py CONFORMANCE_DIR JUDGE.py --bin .build/release/fx-conformance > Documentation/operator-coverage.md

CONFORMANCE_DIR holds schemas.tsv and {concrete,backed,unbacked}.jsonl.gz; JUDGE.py is compare_conformance.py.
The family of an operator is the file under Sources/ATenOperators whose table has its row; a variant (`add_`,
`add.out`) belongs to the family of the functional form, an alias to that of its target.
"""
import argparse, csv, gzip, json, pathlib, re, subprocess, sys, tempfile

FILES = ("concrete", "backed", "unbacked")


def families(root):
    """Row name -> family, from the tables; alias -> target, from OperatorAliases."""
    rows, aliases = {}, {}
    for path in sorted((root / "Sources/ATenOperators").rglob("*.swift")):
        text = path.read_text()
        for table in re.findall(r"let \w+: \[OperatorRow\] =\s*(.*?)\n\]", text, re.S):
            for name in re.findall(r'(?:OperatorRow|\.\w+)\(\s*"([\w.]+)"', table):
                rows.setdefault(name, path.stem)
        aliases.update(re.findall(r'OperatorAlias\("([\w.]+)", of: "([\w.]+)"\)', text))
    return rows, aliases


def family(name, rows, aliases):
    namespace, base, overload = (name.split(".") + ["default"])[:3]
    prefix = "" if namespace == "aten" else namespace + "."
    functional = base[:-1] if base.endswith("_") and not base.endswith("__") else base
    for candidate in (base, functional):
        for target in (candidate, aliases.get(candidate, ""), re.sub("_copy$", "", candidate)):
            for key in (f"{prefix}{target}.{overload}", f"{prefix}{target}"):
                if key in rows:
                    return rows[key]
        for key, stem in rows.items():
            if key.startswith(f"{prefix}{candidate}."):
                return stem
    return "–"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", type=pathlib.Path)
    parser.add_argument("judge")
    parser.add_argument("--bin", required=True)
    arguments = parser.parse_args()
    root = pathlib.Path(__file__).resolve().parent.parent
    rows, aliases = families(root)
    counts = {}
    for name in FILES:
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "report.json"
            subprocess.run([sys.executable, arguments.judge, str(arguments.cases / f"{name}.jsonl.gz"), "--bin",
                            arguments.bin, "--failures", "0", "--json", str(out)], stdout=subprocess.DEVNULL)
            for operator, classes in json.loads(out.read_text())["by_op"].items():
                counts.setdefault(operator, {})[name] = (classes.get("passed", 0), sum(classes.values()))
    with open(arguments.cases / "schemas.tsv") as file:
        operators = sorted({row["overload"] for row in csv.DictReader(file, delimiter="\t")} | set(counts))
    total = {name: [sum(c.get(name, (0, 0))[i] for c in counts.values()) for i in (0, 1)] for name in FILES}
    print("# Operator coverage\n")
    print("Made by `Scripts/coverage.py`. A cell is passed / recorded cases; an empty one has no recorded case.\n")
    print("Total: " + ", ".join(f"{n} {total[n][0]} / {total[n][1]}" for n in FILES) + ".\n")
    print("| operator | family | concrete | backed | unbacked |\n|---|---|---|---|---|")
    for operator in operators:
        cells = [f"{c[0]} / {c[1]}" if (c := counts.get(operator, {}).get(name)) else "" for name in FILES]
        print(f"| `{operator}` | {family(operator, rows, aliases)} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
