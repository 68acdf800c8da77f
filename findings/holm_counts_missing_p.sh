#!/usr/bin/env bash
# Holm's method on p values of which one is missing: statsmodels counts the missing one, pingouin and R do not.
# One would guess the same adjusted values from both Python libraries, and those of R's p.adjust.
# True: statsmodels multiplies by 4 tests where three have a p value; pingouin (like R) multiplies by 3.
# Why a trial cares: whether 0.016 is significant depends on the library as soon as one analysis could not be made.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet 'statsmodels==0.15.0' 'pingouin==0.7.0' 'matplotlib'
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PYTHON'
import numpy as np
import pingouin
from importlib.metadata import version
from statsmodels.stats.multitest import multipletests

print("statsmodels", version("statsmodels"), "pingouin", version("pingouin"))
p = [0.016, 0.04, np.nan, 0.03]
theirs = multipletests(p, method="holm")[1]
others = pingouin.multicomp(p, method="holm")[1]
print("statsmodels", theirs)
print("pingouin   ", others)
assert np.isclose(theirs[0], 0.064) and np.isclose(others[0], 0.048), "they agree now, or differ otherwise"
PYTHON
