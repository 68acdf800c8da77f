#!/usr/bin/env bash
# lifelines' cumulative incidence of a competing event changes from run to run where times are tied.
# One would guess one estimate: Aalen and Johansen's is a closed form, with ties as without (here 0.5625 after 2 weeks).
# True: lifelines adds random noise to tied times and estimates from those, so that the order of tied events and of
# censoring is drawn anew each time (a warning says so); R's survfit and cmprsk, scikit-survival and statsmodels do not.
# Why a trial cares: visits make ties, and the printed incidence of an operation cannot be reproduced.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet 'lifelines==0.30.3'
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import numpy as np
from lifelines import AalenJohansenFitter

print("lifelines", version("lifelines"))
weeks, cause = [1, 1, 1, 1, 2, 2, 2, 2], [1, 1, 0, 2, 1, 1, 0, 0]
at_risk = {1: 8, 2: 4}
after_1 = 2 / 8
exact = after_1 + (1 - 3 / 8) * 2 / at_risk[2]
found = []
for seed in range(20):
    np.random.seed(seed)
    curve = AalenJohansenFitter(seed=seed, calculate_variance=False).fit(weeks, cause, event_of_interest=1)
    found.append(float(curve.cumulative_density_.iloc[-1, 0]))
print(f"after 2 weeks: {min(found):.3f} to {max(found):.3f} by lifelines, {exact:.4f} by hand")
assert max(found) - min(found) > 0.05, "ties are no longer drawn at random"
PYTHON
