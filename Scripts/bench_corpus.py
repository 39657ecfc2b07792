"""Measure propagation over a folder of archives: one line per archive, slowest per node first.

usage: bench_corpus.py FOLDER [--bin .build/release/swiftfx] [--repeat 50] [--least NODES] [--golden]

`swiftfx bench` measures each archive; `us/node` is the median propagation time divided by the number of nodes in the
root graph. With --golden, the ratio to the PyTorch time in ARCHIVE.golden.json.gz (`propagate_min_s`, measured when
and where the golden was made) is shown beside it.
"""
import argparse
import gzip
import json
import pathlib
import statistics
import subprocess


def measured(binary, archive, repeat):
    run = subprocess.run(
        [binary, "bench", str(archive), "--repeat", str(repeat), "--json"], capture_output=True, text=True)
    return json.loads(run.stdout) if run.returncode == 0 else None


def golden_seconds(archive):
    path = archive.with_name(archive.stem + ".golden.json.gz")
    if not path.exists():
        return None
    return json.load(gzip.open(path)).get("propagate_min_s")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--bin", default=".build/release/swiftfx")
    parser.add_argument("--repeat", type=int, default=50)
    parser.add_argument("--least", type=int, default=1, help="leave out programs with fewer nodes")
    parser.add_argument("--golden", action="store_true")
    options = parser.parse_args()
    rows = []
    for archive in sorted(options.folder.glob("*.pt2")):
        result = measured(options.bin, archive, options.repeat)
        if result is None or result["node_count"] < options.least:
            continue
        seconds = result["propagate_s"]["median"]
        torch = golden_seconds(archive) if options.golden else None
        rows.append((seconds / result["node_count"] * 1e6, result["node_count"], seconds, torch, archive.stem))
    rows.sort(reverse=True)
    print(f"{'archive':40} {'nodes':>6} {'ms':>9} {'us/node':>8} {'ratio':>8}")
    for microseconds, nodes, seconds, torch, name in rows:
        ratio = f"{torch / seconds:8.0f}" if torch else f"{'':>8}"
        print(f"{name:40} {nodes:6} {seconds * 1e3:9.3f} {microseconds:8.2f} {ratio}")
    if rows:
        times = [row[0] for row in rows]
        print(f"{len(rows)} archives: median {statistics.median(times):.2f} us a node, worst {times[0]:.2f}")


main()
