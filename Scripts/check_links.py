#!/usr/bin/env python3
"""Check the links of the documentation: of DocC pages and of the Markdown files beside them.

usage: check_links.py

Each library must have a landing page; symbols that pages link to must be public, and articles, files and folders that
a page links to or names in code must exist.

A symbol link is followed to its first name, which must be a public declaration of the page's target or of a target that
it links to by its full path. Exits with 1 and a line for each link that leads nowhere.
"""
import pathlib, re, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCES = ROOT / "Sources"
EXECUTABLES = {"SwiftFXCommand", "HeapPages", "ProcessMemory"}
DECLARATION = re.compile(
    r"^\s*(?:@[\w()]+ )*(?:public|open) (?:[a-z]+(?:\(set\))? )*(?:struct|class|enum|protocol|actor|typealias|func|var|let) `?(\w+)", re.M)
CASE = re.compile(r"^\s*(?:indirect )?case (.+)$", re.M)


def names(target):
    """Every public name of a target, and the cases of its enums."""
    found = set()
    for file in target.rglob("*.swift"):
        text = file.read_text()
        found.update(DECLARATION.findall(text))
        for line in CASE.findall(text): found.update(re.findall(r"\b([a-z]\w*)", line))
    return found


def files():
    """A line for each missing file that a Markdown file names."""
    folders = [ROOT / name for name in ("Sources", "Tools", "Tests", "Benchmarks", "Fuzzing", "Examples", "Scripts", "Packaging")]
    there = {p.name for folder in folders for p in folder.rglob("*")}
    for page in [*ROOT.glob("*.md"), *ROOT.glob("Documentation/*.md")]:
        if page.name == "CHANGELOG.md": continue  # names files of earlier versions
        text = re.sub(r"^ *```.*?^ *```$", "", page.read_text(), flags=re.M | re.S)
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            if not (page.parent / link).exists(): yield f"{page.relative_to(ROOT)}: no file {link}"
        for name in re.findall(r"`([\w+./-]+)`", text):
            if re.fullmatch(r"(?:Sources|Tests|Tools|Scripts|Examples|Documentation|Packaging|Benchmarks|Fuzzing)/[\w+./-]+", name):
                if not (ROOT / name).exists(): yield f"{page.relative_to(ROOT)}: no file {name}"
            elif "/" in name and name.split("/")[0] in {t.name for t in SOURCES.iterdir()}:
                if not (SOURCES / name).exists(): yield f"{page.relative_to(ROOT)}: no file Sources/{name}"
            elif re.fullmatch(r"[\w+]+\.(?:swift|py|sh)", name) and name not in there:
                yield f"{page.relative_to(ROOT)}: no file {name}"


def main():
    complaints = list(files())
    for target in sorted(p for p in SOURCES.iterdir() if p.is_dir() and p.name not in EXECUTABLES):
        pages = sorted(target.glob("*.docc/*.md"))
        articles, public = {page.stem for page in pages}, names(target)
        if target.name not in articles: complaints.append(f"{target.name} has no landing page")
        for page in pages:
            text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.M | re.S)
            for link in re.findall(r"``([^`\n]+)``", text):
                parts = [re.sub(r"\(.*", "", part) for part in link.split("/")]
                if parts == [target.name]: continue
                known = public if not (SOURCES / parts[0]).is_dir() or len(parts) == 1 else names(SOURCES / parts.pop(0))
                for part in parts:
                    if part not in known: complaints.append(f"{page.relative_to(SOURCES)}: ``{link}``: no {part}")
            for link in re.findall(r"<doc:([^>]+)>", text):
                if link not in articles: complaints.append(f"{page.relative_to(SOURCES)}: no article {link}")
    print("\n".join(complaints) or "all links lead somewhere")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
