#!/usr/bin/env bash
# statsmodels' ordinary least squares with HC3 errors tests against the normal distribution; the plain fit uses t.
# One would guess that a robust covariance changes the standard errors only, as coeftest in R's lmtest does.
# True: fit(cov_type="HC3") sets use_t to False, and p values and limits lose the residual degrees of freedom.
# Why a trial cares: with 26 participants a limit is 5% too short and p too small; use_t=True has to be said.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet 'statsmodels==0.15.0'
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PYTHON'
import numpy as np
import statsmodels.api as sm
from importlib.metadata import version
from scipy import stats

print("statsmodels", version("statsmodels"))
rng = np.random.default_rng(3)
design = sm.add_constant(np.repeat([0.0, 1.0], 13))
outcome = 0.7 * design[:, 1] + rng.normal(size=26)
plain, robust = sm.OLS(outcome, design).fit(), sm.OLS(outcome, design).fit(cov_type="HC3")
z = robust.tvalues[1]
by_t, by_z = 2 * stats.t.sf(abs(z), robust.df_resid), 2 * stats.norm.sf(abs(z))
print(f"use_t: plain {plain.use_t}, HC3 {robust.use_t}; p {robust.pvalues[1]:.4f}, t {by_t:.4f}, normal {by_z:.4f}")
assert plain.use_t and not robust.use_t and np.isclose(robust.pvalues[1], by_z), "t is used now"
PYTHON
