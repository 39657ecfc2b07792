#!/usr/bin/env python3
"""Find new code that a number from outside could trap, and new ways out that escape nothing.

usage: check_safety.py [--update]

In the targets that see numbers from files, arguments and callers, these forms are counted: division and remainder by
something that is not a literal, `abs`, products, `repeating:count:`, closed and half-open ranges between values that
are not literals, `try!`, `as!`, `fatalError` and `unsafelyUnwrapped`. A form is allowed when its line, or the comment
right above it, says its bound: `// Bound: …`. A file may hold as many others as Scripts/safety_baseline.json says, which
are those from before this check; with `--update`, counts that went down are written, and none goes up.

In the command, everything goes through System.Stream, which escapes it: `print`, `fputs` and FileHandle are not used.

Exits with 1 and a line for each file that has too many, with the lines in question.
"""
import json, pathlib, re, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BASELINE = ROOT / "Scripts/safety_baseline.json"
TARGETS = ["FakeTensors", "ATenOperators", "SymbolicShapes", "SizeAdmission", "ExportedPrograms"]

STRING = re.compile(r'"(?:\\.|[^"\\])*"')
OPERAND = r"[\w)\]]"
FORMS = [re.compile(form) for form in [
    rf"{OPERAND} [/%] (?!\d)", r"\babs\(", rf"{OPERAND} \* [\w(]", r"repeating:.*count: *(?!\d)",
    rf"{OPERAND} ?(?:\.\.\.|\.\.<) ?(?=[a-z(])", r"\btry!", r"\bas!", r"\bfatalError\(", r"\.unsafelyUnwrapped\b"]]
WAYS_OUT = re.compile(r"(?<![\w.])print\(|\bfputs\(|\bFileHandle\b")


def code(line):
    """A line without texts and comments."""
    return STRING.sub('""', line).split("//")[0]


def findings(file):
    found, allowed = [], False
    for number, line in enumerate(file.read_text().splitlines(), 1):
        if line.strip().startswith("//"):
            # A comment of several lines allows the line after it.
            allowed = "Bound:" in line or allowed
            continue
        if not allowed and "Bound:" not in line and any(form.search(code(line)) for form in FORMS):
            found.append((number, line.strip()))
        allowed = False
    return found


def main():
    baseline = json.loads(BASELINE.read_text()) if BASELINE.exists() else None
    counts, complaints = {}, []
    for target in TARGETS:
        for file in sorted((ROOT / "Sources" / target).rglob("*.swift")):
            name = str(file.relative_to(ROOT))
            found = findings(file)
            if found: counts[name] = len(found)
            if baseline is not None and len(found) > baseline.get(name, 0):
                complaints.append(f"{name}: {len(found)} forms that can trap, {baseline.get(name, 0)} allowed:")
                complaints += [f"  {number}: {line}" for number, line in found]
    for file in sorted((ROOT / "Sources/SwiftFXCommand").rglob("*.swift")):
        for number, line in enumerate(file.read_text().splitlines(), 1):
            if WAYS_OUT.search(code(line)):
                complaints.append(f"{file.relative_to(ROOT)}:{number}: write to System.Stream, which escapes: {line.strip()}")
    if baseline is None or "--update" in sys.argv[1:]:
        kept = counts if baseline is None else {n: min(c, baseline.get(n, 0)) for n, c in counts.items() if baseline.get(n, 0)}
        BASELINE.write_text(json.dumps(kept, indent=0, sort_keys=True) + "\n")
    print("\n".join(complaints) if complaints else f"{sum(counts.values())} forms that can trap, none of them new")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
