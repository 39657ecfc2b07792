#!/usr/bin/env python3
"""Compile and run every Swift snippet of README.md, Documentation and the DocC pages, in a package that depends on the products.

usage: check_snippets.py [--only WORD] [--write-only]

A page becomes one function: each snippet is in a scope nested in that of the one before it, so it sees those names and
may declare them again. Imports and snippets that begin with `extension` go to file level. A page must import what it
uses. The snippets run in a folder with model.pt2, a copy of Examples/moe_routing.pt2. Errors name the page and its line.

A comment after `print(…)` is what that prints, and so are comment lines right after one that prints or closes a block; words after
a colon or a comma may follow.
"""
import argparse, collections, pathlib, re, shutil, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGE = ROOT / ".build/client-package"
FENCE = re.compile(r"^(?P<indent>[ \t]*)```swift[ \t]*\n(?P<code>.*?)^[ \t]*```[ \t]*$", re.M | re.S)

# The product by which a reader of a target's pages gets that target. README.md and the pages under Documentation may
# use them all.
PRODUCTS = {
    "FX": ["FX", "OperatorSchemas", "SymbolicExpressions", "TensorVocabulary"],
    "ExportedPrograms": ["ExportedPrograms", "ZipArchives"],
    "ShapePropagation": ["ShapePropagation", "ATenOperators", "FakeTensors", "SymbolicShapes"],
    "SizeAdmission": ["SizeAdmission"],
    "GraphPasses": ["GraphPasses"],
    "ProgramCosts": ["ProgramCosts"],
    "ProgramPasses": ["ProgramPasses"],
    "ProgramComparison": ["ProgramComparison"],
    "ProgramReports": ["ProgramReports"],
    "GraphText": ["GraphText"],
    "SwiftFX": ["SwiftFX"],
}

CLIENTS = [*PRODUCTS, "Documentation"]


def pages():
    """Each page with the client that contains its code: the product that it documents, or Documentation."""
    for page in [ROOT / "README.md", *sorted(ROOT.glob("Documentation/*.md"))]: yield page, "Documentation"
    for product, targets in PRODUCTS.items():
        for target in targets:
            for page in sorted((ROOT / "Sources" / target).rglob("*.docc/**/*.md")): yield page, product


def snippets(page):
    """The line and the code of each snippet of a page."""
    text = page.read_text()
    for match in FENCE.finditer(text):
        indent = match["indent"]
        lines = [line.removeprefix(indent) for line in match["code"].splitlines()]
        yield text.count("\n", 0, match.start("code")) + 1, lines


def outputs(code):
    """What the comments of a snippet say that it prints, in order."""
    shown = False
    for line in code:
        if match := re.search(r"\bprint\(.*\)[ }]*\s+// (.+)$", line): yield match[1]
        elif shown and (match := re.match(r"// ?(.*)$", line)): yield match[1]
        shown = line == "}" or "print(" in line or (shown and line.startswith("//"))


def missing(expected, lines):
    """The first expected line that is not printed after those before it."""
    lines = iter(lines)
    return next((e for e in expected if not any(e.rstrip() == l.rstrip() or e.startswith((f"{l}: ", f"{l}, ")) for l in lines)), None)


def source(page, name, found):
    """The Swift source of a page's function."""
    imports, file_level, body = [], [], []
    for line, code in found:
        place = f'#sourceLocation(file: "{page}", line: {line})'
        for index, text in enumerate(code):
            if re.match(r"(@\w+ )?import \w", text):
                imports.append(text)
                code[index] = ""
        if (first := next((c for c in code if c.strip()), "")) and re.match(r"(public )?extension\b", first):
            file_level += [place, *code]
        else:
            body.append([place, *code])
    lines = [*dict.fromkeys(imports), *file_level, *["#sourceLocation()"][:len(file_level)], f"func {name}() async throws {{"]
    for scope in body: lines += ["do {", *scope]
    return "\n".join([*lines, *["#sourceLocation()"][:len(body)], *["}"] * len(body), "}", ""])


def write():
    """Writes the sources of the package; returns how many snippets there are, and what each page says that it prints."""
    shutil.rmtree(PACKAGE / "Sources", ignore_errors=True)
    PACKAGE.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / "Tests/ClientPackage/Package.swift", PACKAGE / "Package.swift")
    calls, count, expected = collections.defaultdict(list), 0, {}
    for page, product in pages():
        folder = PACKAGE / f"Sources/{product}Client"
        folder.mkdir(parents=True, exist_ok=True)
        if not (found := list(snippets(page))): continue
        name = re.sub(r"\W", "_", str(page.relative_to(ROOT).with_suffix("")))
        expected[name] = [line for _, code in found for line in outputs(code)]
        (folder / f"{name}.swift").write_text(source(page, name, found))
        calls[product].append(name)
        count += len(found)
    for client in CLIENTS:
        folder = PACKAGE / f"Sources/{client}Client"
        folder.mkdir(parents=True, exist_ok=True)
        main = [f'print("{name}")\ntry await {name}()' for name in calls[client]]
        (folder / "main.swift").write_text("\n".join([*[f"import {client}"][:client in PRODUCTS], *main, ""]))
    return count, expected


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--only", default="", help="only the clients whose name contains this")
    p.add_argument("--write-only", action="store_true", help="write the package and do not build it")
    a = p.parse_args()
    count, expected = write()
    if a.write_only: return
    build = ["swift", "build", "--package-path", str(PACKAGE), "--scratch-path", str(ROOT / ".build/client")]
    clients = [f"{product}Client" for product in CLIENTS if a.only in product]
    for client in clients:
        if subprocess.run([*build, "--product", client]).returncode: sys.exit(f"the snippets of {client} do not compile")
    folder = subprocess.run([*build, "--show-bin-path"], check=True, capture_output=True, text=True).stdout.strip()
    for client in clients:
        # A folder for each: snippets may save programs under the same name.
        with tempfile.TemporaryDirectory() as scratch:
            shutil.copyfile(ROOT / "Examples/moe_routing.pt2", f"{scratch}/model.pt2")
            run = subprocess.run([f"{folder}/{client}"], cwd=scratch, capture_output=True, text=True)
        if run.returncode: sys.exit(f"{run.stdout}{run.stderr}the snippets of {client} exit with {run.returncode}")
        printed, page = collections.defaultdict(list), None
        for line in run.stdout.splitlines():
            if line in expected: page = line
            else: printed[page].append(line)
        for page, lines in printed.items():
            if (line := missing(expected[page], lines)) is not None: sys.exit(f"{page} does not print: {line}")
    print(f"{count} snippets compile and run, and print {sum(map(len, expected.values()))} lines that they say they print")


if __name__ == "__main__":
    main()
