#!/usr/bin/env bash
# Cox regression in statsmodels and in lifelines gives two hazard ratios for the same data with tied times.
# One would guess one default for ties: R's survival, Stata's and lifelines' readers take Efron's for granted.
# True: PHReg's default is Breslow's method, lifelines knows only Efron's; with ties='efron' they agree.
# Why a trial cares: visits make ties, and the primary hazard ratio moves towards 1 with the library's default.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet 'statsmodels==0.15.0' 'lifelines==0.30.3'
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PYTHON'
import numpy as np
import pandas as pd
from importlib.metadata import version
from lifelines import CoxPHFitter
from statsmodels.duration.hazard_regression import PHReg

print("statsmodels", version("statsmodels"), "lifelines", version("lifelines"))
rng = np.random.default_rng(1)
arm = rng.integers(0, 2, 60)
weeks = np.ceil(rng.exponential(5, 60) * np.exp(-0.5 * arm))
event = (rng.random(60) < 0.8).astype(int)
default = PHReg(weeks, arm[:, None], status=event).fit().params[0]
efron = PHReg(weeks, arm[:, None], status=event, ties="efron").fit().params[0]
lifelines = CoxPHFitter().fit(pd.DataFrame({"t": weeks, "e": event, "x": arm}), "t", "e").params_["x"]
print(f"hazard ratio: PHReg {np.exp(default):.3f}, Efron {np.exp(efron):.3f}, lifelines {np.exp(lifelines):.3f}")
assert np.isclose(efron, lifelines, atol=1e-4) and abs(default - lifelines) > 0.03, "the defaults agree now"
PYTHON
