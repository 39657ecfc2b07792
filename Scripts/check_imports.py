#!/usr/bin/env python3
"""Check that Package.swift and ARCHITECTURE.md declare exactly what each target imports.

usage: check_imports.py

A target that imports `SwiftFX` also imports what `SwiftFX` re-exports, and must declare it: a target is not rebuilt when
the layout of an undeclared module changes. ARCHITECTURE.md then names only `SwiftFX`. Exits with 1 and a line for
each missing or unnecessary dependency.
"""
import json, pathlib, re, subprocess, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Modules of the toolchain, which no package declares.
TOOLCHAIN = {"Swift", "Foundation", "FoundationEssentials", "Synchronization", "Dispatch", "Testing", "PackageDescription",
             "Glibc", "Musl", "Darwin", "Android", "WinSDK", "ucrt", "CRT"}

IMPORT = re.compile(
    r"^[ \t]*(?P<attributes>(?:@\w+(?:\([^)]*\))?[ \t]+)*)(?:(?:public|package|internal|fileprivate|private)[ \t]+)?"
    r"import[ \t]+(?:(?:struct|class|enum|protocol|func|var|let|typealias|actor)[ \t]+)?(?P<module>\w+)", re.M)


def declared(target):
    """The names of the targets and products that the manifest gives a target."""
    return {next(iter(d.values()))[0] for d in target["dependencies"]}


def folder(target):
    parent = "Tests" if target["type"] == "test" else "Sources"
    return ROOT / (target.get("path") or f"{parent}/{target['name']}")


def imports(target):
    """What the sources import, and which of it they re-export."""
    modules, exported = set(), set()
    excluded = [folder(target) / path for path in target.get("exclude", [])]
    for file in folder(target).rglob("*.swift"):
        if any(path in file.parents for path in excluded): continue
        # Text between triple quotes is not code, though it may contain some.
        text = re.sub(r'"""[^\S\n]*\n.*?"""', '""', file.read_text(), flags=re.S)
        for match in IMPORT.finditer(text):
            modules.add(match["module"])
            if "@_exported" in match["attributes"]: exported.add(match["module"])
    return modules - TOOLCHAIN, exported


def table():
    """The dependencies that ARCHITECTURE.md lists, by target."""
    arrows = {}
    for line in (ROOT / "ARCHITECTURE.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 3:
            for name in re.findall(r"`([\w-]+)`", cells[0]): arrows[name] = set(re.findall(r"`([\w-]+)`", cells[2]))
    return arrows


def main():
    manifest = subprocess.run(
        ["swift", "package", "dump-package"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    targets = [t for t in json.loads(manifest)["targets"] if t["type"] != "plugin"]
    found = {t["name"]: imports(t) for t in targets}
    drawn = table()
    complaints = []

    def compare(place, name, expected, given):
        complaints.extend(f"{place}: {name} imports {m} and does not declare it" for m in sorted(expected - given))
        complaints.extend(f"{place}: {name} declares {m} and does not import it" for m in sorted(given - expected))

    for target in targets:
        name, (direct, _) = target["name"], found[target["name"]]
        passed_on = set().union(*(found[m][1] for m in direct if m in found), set())
        compare("Package.swift", name, direct | passed_on, declared(target))
        if target["type"] == "test": continue
        if name not in drawn: complaints.append(f"ARCHITECTURE.md: no row for {name}")
        else: compare("ARCHITECTURE.md", name, direct - passed_on, drawn[name])
    complaints += [f"ARCHITECTURE.md: a row for {name}, which is no target" for name in sorted(drawn.keys() - found.keys())]
    print("\n".join(complaints) or f"{len(targets)} targets declare what they import")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
