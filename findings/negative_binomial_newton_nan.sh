#!/usr/bin/env bash
# statsmodels' NegativeBinomial by Newton's method can end with NaN in all numbers, and call that converged.
# One would guess an estimate, or converged=False: 60 counts of two arms with one covariate, such as seizures by baseline.
# True: a step makes the dispersion negative, its logarithm is NaN, and a comparison with NaN ends the iterations.
# The default optimiser (BFGS) finds the maximum of the same data.
# Why a trial cares: a simulation that counts p < 0.05 among "converged" fits counts these as no effect.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet 'statsmodels==0.15.0' 'numpy==2.4.6'
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import numpy as np
import statsmodels.api as sm

print("statsmodels", version("statsmodels"))
rng = np.random.default_rng(105)
arm, base = np.arange(60) % 2, rng.integers(6, 80, 60)
seizures = rng.poisson(np.exp(np.log(base) - 0.3 * arm) * rng.gamma(3.5, 1 / 3.5, 60))
design = np.column_stack([np.ones(60), arm, np.log(base)])
newton = sm.NegativeBinomial(seizures, design).fit(disp=0, method="newton")
usual = sm.NegativeBinomial(seizures, design).fit(disp=0)
print("newton:", newton.params, "converged:", newton.mle_retvals["converged"])
print("default:", usual.params)
assert np.isnan(newton.params).all() and newton.mle_retvals["converged"], "it is told now"
assert np.isfinite(usual.params).all()
PYTHON
