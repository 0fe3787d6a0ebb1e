#!/usr/bin/env python3
"""
Values and first derivatives of every eager op, for `tests/js`:

    python make.py          (needs NumPy; writes ops.json beside this file)

The meaning is that of TensorFlow.js 4.22. NumPy computes in float64, or in int64 for whole numbers. Where
TensorFlow.js differs from NumPy, the reference says so: whole numbers divided are rounded down, `floorDiv` gives whole
numbers, two masks are added as whole numbers, an index outside marks nothing in `oneHot`, ranges may run down without
a step, `same` padding is TensorFlow's, averages leave out what lies outside a picture, halves are rounded to the even
number, an argument of no axes reduces nothing.
`values.py` says how a case is written, `tests/js/oracle.mjs` reads it.
"""
import json
from pathlib import Path

import derivatives
import elementwise
import indexing
import losses
import shapes
import sums
from values import families

elementwise.unary()
elementwise.binary()
elementwise.comparisons()
sums.reductions()
shapes.shapes()
sums.matrices()
sums.images()
shapes.creation()
losses.losses()
derivatives.derivatives()
indexing.indexing()
indexing.running_and_matrices()
indexing.slopes_of_indexing()

path = Path(__file__).with_name("ops.json")
lines = [f"{json.dumps(name)}: [\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]" for name, cases in families.items()]
path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
count = sum(len(cases) for cases in families.values())
print(f"{count} cases, {path.stat().st_size / 1024:.0f} KB")
