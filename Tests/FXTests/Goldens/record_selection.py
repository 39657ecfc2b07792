"""Records what Python's slices select: `python record_selection.py > selection.json`."""

import itertools
import json

BOUNDS = [None, -9, -5, -2, -1, 0, 1, 4, 9]
cases = [
    [count, start, stop, step, list(range(count))[start:stop:step]]
    for count in (0, 1, 5)
    for start, stop, step in itertools.product(BOUNDS, BOUNDS, [None, -3, -1, 1, 2, 9])
]
print("[" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "]")
