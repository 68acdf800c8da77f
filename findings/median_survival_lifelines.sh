#!/usr/bin/env bash
# Where the Kaplan-Meier curve is exactly one half for a while, lifelines and R give two median survival times.
# One would guess one median: R's survfit and SAS take the middle of the flat stretch (here 2.5).
# True: lifelines takes its left end (here 2), the first time at which the curve is at most one half.
# Why a trial cares: in small arms the curve often stands at one half, and the printed median changes by a visit.
# Source of the other convention: the help of print.survfit of R's survival; Proc LIFETEST, percentiles of the survival time.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet 'lifelines==0.30.3'
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version
from lifelines import KaplanMeierFitter

print("lifelines", version("lifelines"))
curve = KaplanMeierFitter().fit([1, 2, 3, 4], [1, 1, 1, 1])
print("survival at 2:", float(curve.predict(2)), "median:", curve.median_survival_time_)
assert float(curve.predict(2)) == 0.5 and curve.median_survival_time_ == 2.0, "the middle is taken now"
PYTHON
