#!/usr/bin/env python3
"""Draw what `swiftfx-benchmarks --json` measured: time per node against the number of nodes.

usage: growth.py MEASURED.json PLOT.svg

Writes the plot and prints the table of Documentation/performance.md. Needs Python 3.9+, nothing else.
"""

import json
import math
import sys

COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#555555"]
PANEL = {"width": 300, "height": 260, "top": 50, "left": 50, "labels": 130}
RUNS = [("first_s", "first run, plan included"), ("later_s", "later run")]


def short(nodes):
    """1002 -> 1k, 1000002 -> 1M: the requested length."""
    return f"{round(nodes / 1e6)}M" if nodes >= 9e5 else f"{round(nodes / 1e3)}k"


def families(measured):
    """Measurements by family, in the order of the file, shortest first."""
    grouped = {}
    for one in measured:
        grouped.setdefault(one["family"], []).append(one)
    return {name: sorted(ones, key=lambda one: one["nodes"]) for name, ones in grouped.items()}


def per_node(one, key):
    return one[key] / one["nodes"] * 1e6


def table(grouped):
    lengths = [short(one["nodes"]) for one in next(iter(grouped.values()))]
    yield "| family | " + " | ".join(
        [f"first, {length}" for length in lengths] + ["growth"]
        + [f"later, {length}" for length in lengths] + ["growth"]
        + [f"peak, {length}" for length in lengths]) + " |"
    yield "|---" + "|--:" * (3 * len(lengths) + 2) + "|"
    for name, ones in grouped.items():
        cells = [f"`{name}`"]
        for key, _ in RUNS:
            times = [per_node(one, key) for one in ones]
            at_100k = next((i for i, one in enumerate(ones) if short(one["nodes"]) == "100k"), -1)
            cells += [f"{time:.2f}" for time in times] + [f"{times[at_100k] / times[0]:.2f}×"]
        cells += [f"{one['peak_bytes'] / one['nodes'] / 1e3:.2f}" for one in ones]
        yield "| " + " | ".join(cells) + " |"


def spread(labels, distance):
    """Moves overlapping labels apart, from the top: [(y, text)] sorted by y."""
    placed = []
    for y, text in sorted(labels):
        placed.append((max(y, placed[-1][0] + distance) if placed else y, text))
    return placed


def panel(grouped, key, title, offset):
    width, height, top = PANEL["width"], PANEL["height"], PANEL["top"]
    nodes = [one["nodes"] for ones in grouped.values() for one in ones]
    low, high = math.log10(min(nodes)), math.log10(max(nodes))
    most = max(per_node(one, key) for ones in grouped.values() for one in ones) * 1.08
    step = 10 ** math.floor(math.log10(most / 2))
    step *= next(factor for factor in (1, 2, 5, 10) if most / (step * factor) <= 6)
    x = lambda count: offset + (math.log10(count) - low) / (high - low) * width
    y = lambda value: top + height - value / most * height

    yield f'<text x="{offset}" y="{top - 18}" class="title">{title}</text>'
    for index in range(int(most / step) + 1):
        value = index * step
        yield f'<line x1="{offset}" x2="{offset + width}" y1="{y(value):.1f}" y2="{y(value):.1f}" class="grid"/>'
        yield f'<text x="{offset - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{value:g}</text>'
    for count in sorted({10 ** round(math.log10(one)) for one in nodes}):
        yield f'<text x="{x(count):.1f}" y="{top + height + 18}" text-anchor="middle">{short(count)}</text>'
    ends = []
    for colour, (name, ones) in zip(COLOURS, grouped.items()):
        points = [(x(one["nodes"]), y(per_node(one, key))) for one in ones]
        path = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        yield f'<polyline points="{path}" stroke="{colour}"/>'
        for px, py in points:
            yield f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3" fill="{colour}"/>'
        ends.append((points[-1][1], (name, colour)))
    for py, (name, colour) in spread(ends, 14):
        yield f'<text x="{offset + width + 8}" y="{py + 4:.1f}" fill="{colour}">{name}</text>'


def plot(grouped):
    stride = PANEL["left"] + PANEL["width"] + PANEL["labels"]
    width, height = stride * len(RUNS), PANEL["top"] + PANEL["height"] + 50
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    yield ("<style>text{font:12px sans-serif}.title{font-weight:bold}.grid{stroke:#ddd}"
           "polyline{fill:none;stroke-width:2}</style>")
    yield f'<rect width="{width}" height="{height}" fill="white"/>'
    for index, (key, title) in enumerate(RUNS):
        yield from panel(grouped, key, f"{title}: µs a node", PANEL["left"] + index * stride)
    yield f'<text x="{PANEL["left"]}" y="{height - 10}">nodes of the program</text>'
    yield "</svg>"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        grouped = families(json.load(file))
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write("\n".join(plot(grouped)) + "\n")
    print("\n".join(table(grouped)))


if __name__ == "__main__":
    main()
