#!/usr/bin/env bash
# An arm without a single event, against many in the other, has p = 0.999 in statsmodels' Poisson and logistic GLM.
# One would guess a small p, or a warning that no finite estimate exists: the likelihood rises for ever.
# True: the iterations stop where the deviance stands still, at a log ratio of about -23 with an error in the ten thousands;
# "converged" is True, nothing is warned of, and Wald's test says the strongest effect there is to be none (Hauck and Donner).
# R's glm does the same, with a warning for the logistic model. The likelihood ratio test of the same fits is right.
# Why a trial cares: zero events in an arm is what a very good (or very bad) treatment looks like.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet 'statsmodels==0.15.0'
cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
import warnings
from importlib.metadata import version

import numpy as np
import statsmodels.api as sm
from scipy.stats import chi2

print("statsmodels", version("statsmodels"))
arm = np.repeat([0.0, 1.0], 50)
events = np.where((arm == 0) & (np.arange(100) % 2 == 0), 1, 0)  # 25 of 50 against 0 of 50
design = sm.add_constant(arm)
for family in (sm.families.Poisson(), sm.families.Binomial()):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        fit = sm.GLM(events, design, family=family).fit()
        none = sm.GLM(events, np.ones((100, 1)), family=family).fit()
    ratio_test = chi2.sf(2 * (fit.llf - none.llf), 1)
    print(
        f"{type(family).__name__}: log ratio {fit.params[1]:.1f} (SE {fit.bse[1]:.0f}), p {fit.pvalues[1]:.3f}, "
        f"converged {fit.converged}, {len(told)} warnings; by the likelihood ratio p = {ratio_test:.1e}"
    )
    assert fit.converged and not told and fit.pvalues[1] > 0.99 and ratio_test < 1e-6, "it is told now"
PYTHON
