#!/usr/bin/env bash
# pandera validates a polars LazyFrame without looking at a single value.
# One would guess that the schema which refuses a DataFrame with a value out of range refuses the LazyFrame too.
# True: on a LazyFrame only names and types are checked by default (validation depth SCHEMA_ONLY); 250 passes 0 to 100.
# Why a trial cares: moving a gate from frames to scans for speed lets every impossible value through, and says nothing.
# Source: pandera's documentation of polars support; its issue 1566.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet 'pandera[polars]==0.35.0' 'polars==2.1.0'
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PYTHON'
import pandera.polars as pa
import polars as pl
from importlib.metadata import version

print("pandera", version("pandera"), "polars", version("polars"))
schema = pa.DataFrameSchema({"vas": pa.Column(int, pa.Check.in_range(0, 100))})
frame = pl.DataFrame({"vas": [40, 250]})
try:
    schema.validate(frame)
    eager = "passes"
except pa.errors.SchemaError:
    eager = "refused"
lazy = schema.validate(frame.lazy()).collect()["vas"].to_list()
print("DataFrame:", eager, "| LazyFrame:", lazy)
assert eager == "refused" and lazy == [40, 250], "the values of a LazyFrame are checked now"
PYTHON
