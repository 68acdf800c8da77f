#!/usr/bin/env bash
# A zero in a SAS transport file comes back from pandas as 5.4e-79.
# One would guess that pandas.read_sas gives the number that stands in the file, and zero above all.
# True: pandas converts the IBM float of zero as if it had a hidden digit and returns 5.4e-79, so that
# a count of zeros, a test "== 0" or a tie among zeros is silently wrong. pyreadstat reads 0.0.
# Why a trial cares: no pain, no events, no hours of exercise are zeros, and SDTM is exchanged as XPT.
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
pyreadstat.write_xport(pd.DataFrame({"AVAL": [0.0, 1.5, 2.0]}), "a.xpt", file_format_version=5)
by_pandas = pd.read_sas("a.xpt")["AVAL"].tolist()
by_pyreadstat = pyreadstat.read_xport("a.xpt")[0]["AVAL"].tolist()
print("pandas", by_pandas)
print("pyreadstat", by_pyreadstat)
assert by_pyreadstat == [0.0, 1.5, 2.0]
assert by_pandas[0] != 0.0 and 5e-79 < by_pandas[0] < 6e-79, "pandas reads zero as zero now"
PYTHON
