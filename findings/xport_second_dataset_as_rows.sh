#!/usr/bin/env bash
# A SAS transport file may hold several datasets. pyreadstat reads the second one as rows of the first.
# One would guess that a file of two datasets gives the first, or both, or an error.
# True: after the last row of the first dataset come rows made of the header and the values of the second,
# numbers such as 3.7e-40 among them, and nothing is said.
# Why a trial cares: a whole submission in one transport file is usual, and three rows become dozens.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet 'pandas==2.3.3' 'pyreadstat==1.3.7'
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import pandas as pd
import pyreadstat

print("pyreadstat", version("pyreadstat"))
for name, ids in (("a", [1.0, 2.0, 3.0]), ("b", [9.0])):
    frame = pd.DataFrame({"ID": ids, "AVAL": ids})
    pyreadstat.write_xport(frame, f"{name}.xpt", file_format_version=5)
first, second = (open(f"{name}.xpt", "rb").read() for name in "ab")
with open("both.xpt", "wb") as file:
    file.write(first + second[second.index(b"HEADER RECORD*******MEMBER") :])
rows = [len(pyreadstat.read_xport(f"{name}.xpt")[0]) for name in ("a", "b", "both")]
print("rows of the first, of the second, of both in one file:", *rows)
assert rows[:2] == [3, 1]
assert rows[2] > 4, "the second dataset is no rows of the first now"
PYTHON
