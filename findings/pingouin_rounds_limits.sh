#!/usr/bin/env bash
# pingouin rounds confidence limits to two decimals, in the numbers and not only in print.
# One would guess unrounded limits beside the unrounded t and p: the frame holds floats.
# True: CI95 comes rounded to two decimals (pingouin.options["round.column.CI95"]), whatever the outcome's unit.
# Why a trial cares: muscle thickness in metres, a speed or a proportion gets the limits -0.01 and 0.00.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet 'pingouin==0.7.0' 'matplotlib'
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PYTHON'
import numpy as np
import pingouin
from importlib.metadata import version
from scipy import stats

print("pingouin", version("pingouin"))
a, b = [0.0101, 0.0112, 0.0123, 0.0131], [0.0141, 0.0112, 0.0155, 0.0163]
limits = np.asarray(pingouin.ttest(a, b, correction=True)["CI95"].iloc[0], dtype=float)
exact = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
print("pingouin", limits, "scipy", np.round([exact.low, exact.high], 6))
assert np.array_equal(limits, [-0.01, 0.0]), "the limits are not rounded now"
PYTHON
