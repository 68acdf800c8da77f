#!/usr/bin/env bash
# pyreadstat's write_xport writes version 8 of the transport format unless asked, and in version 5 texts that are too long for it.
# One would guess version 5, which submissions are made of and which every reader knows, and a complaint where it cannot hold a value.
# True: pandas calls the file written by default no XPORT file. With file_format_version=5 a name above 8 characters is refused,
# as it must be, but a text of 300 characters goes in whole, where the format ends at 200 (SAS, TS-140).
# Why a trial cares: a validator of submissions refuses the file, or whoever reads by the format loses the end of an adverse event's text.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet 'pyreadstat==1.3.7' 'pandas==3.0.1'
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import pandas as pd
import pyreadstat

print("pyreadstat", version("pyreadstat"), "pandas", version("pandas"))
events = pd.DataFrame({"USUBJID": ["1", "2"], "AETERM": ["pain " * 60, "fall"]})
pyreadstat.write_xport(events, "usual.xpt")
try:
    pd.read_sas("usual.xpt", format="xport")
except ValueError as error:
    print("pandas of the default:", error)
else:
    raise SystemExit("pandas reads it now")
pyreadstat.write_xport(events, "five.xpt", file_format_version=5)
longest = max(len(text) for text in pd.read_sas("five.xpt", format="xport", encoding="ascii")["AETERM"])
print("version 5 holds a text of", longest, "characters")
assert longest > 200, "it is refused or cut now"
PYTHON
