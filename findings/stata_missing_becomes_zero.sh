#!/usr/bin/env bash
# With user_missing=True, pyreadstat reads Stata's plain missing value "." of a whole-number variable as 0.
# One would guess that asking for the reasons (.a refused, .b not done) only adds them, and leaves "." missing.
# True: where a whole-number variable has an extended missing value anywhere, its "." comes back as the number 0.
# Why a trial cares: who wants to keep the reasons for missing values turns the blanks into scores of zero.
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

print("pyreadstat", version("pyreadstat"))
pain = pd.DataFrame({"pain": pd.Series([4, "a", None, 7], dtype=object)})
pyreadstat.write_dta(pain, "pain.dta", missing_user_values={"pain": ["a"]}, version=15)
in_the_file = [str(each) for each in pd.read_stata("pain.dta", convert_missing=True)["pain"]]
plain = pyreadstat.read_dta("pain.dta")[0]["pain"].tolist()
with_reasons = pyreadstat.read_dta("pain.dta", user_missing=True)[0]["pain"].tolist()
print("in the file       ", in_the_file)
print("plain             ", plain)
print("user_missing=True ", with_reasons)
assert in_the_file == ["4", ".a", ".", "7"]
assert pd.isna(plain[2])
assert with_reasons == [4, "a", 0, 7], "the missing value stays missing now"
PYTHON
