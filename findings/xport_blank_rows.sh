#!/usr/bin/env bash
# How many rows has a SAS transport file? Two readers say two numbers, and neither is the number written.
# One would guess that three observations are read as three, by any reader.
# True: a version 5 file states no number of rows and is padded with blanks to 80 bytes. A last row of
# blank texts looks like padding: pyreadstat drops it, and pandas takes padding for one more row.
# Why a trial cares: a participant with a blank record goes, or one appears, and no checksum notices.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet 'pandas==2.3.3' 'pyreadstat==1.3.7'
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PYTHON'
import pandas as pd
import pyreadstat
from importlib.metadata import version

print("pandas", version("pandas"), "pyreadstat", version("pyreadstat"))
frame = pd.DataFrame({"ID": ["1", "2", ""], "TERM": ["a", "", ""]})
pyreadstat.write_xport(frame, "a.xpt", file_format_version=5)
rows = len(frame), len(pyreadstat.read_xport("a.xpt")[0]), len(pd.read_sas("a.xpt"))
print("written, read by pyreadstat, read by pandas:", *rows)
assert rows == (3, 2, 4), "the readers count rows otherwise now"
PYTHON
