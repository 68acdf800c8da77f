#!/usr/bin/env bash
# pandas.read_spss orders the categories of an ordinal item by the alphabet, and forgets those nobody chose.
# One would guess that value labels 0 none, 1 moderate, 2 bad give the categories none, moderate, bad.
# True: the categories are the labels found in the data, sorted as words, and not ordered.
# Why a trial cares: an ordinal outcome is analysed in the order bad, none, and an empty level has no row in a table.
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
labels = {"pain": {0: "none", 1: "moderate", 2: "bad"}}
pyreadstat.write_sav(pd.DataFrame({"pain": [2.0, 0.0, 2.0]}), "a.sav", variable_value_labels=labels)
found = pd.read_spss("a.sav")["pain"].cat
print("categories", list(found.categories), "ordered", found.ordered)
assert list(found.categories) == ["bad", "none"] and not found.ordered, "the order is the form's now"
PYTHON
