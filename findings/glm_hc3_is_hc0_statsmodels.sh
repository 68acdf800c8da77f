#!/usr/bin/env bash
# statsmodels' GLM takes cov_type="HC1", "HC2" and "HC3", prints that name, and gives the standard errors of HC0.
# One would guess the corrections for small samples that OLS of the same library makes under these names, and R's sandwich for glm.
# True: for models other than OLS and WLS the name is kept and the uncorrected sandwich is computed; nothing is warned of.
# A Gaussian GLM with identity link, which is OLS, shows it: its "HC3" is OLS's HC0.
# Why a trial cares: HC3 is chosen because arms are small; in the example HC3 of OLS is a fifth larger than HC0.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet 'statsmodels==0.15.0'
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import numpy as np
import statsmodels.api as sm

print("statsmodels", version("statsmodels"))
rng = np.random.default_rng(1)
design = np.column_stack([np.ones(30), rng.normal(size=30)])
outcome = rng.poisson(2, 30)
for name, fit in (
    ("OLS", lambda kind: sm.OLS(outcome, design).fit(cov_type=kind)),
    ("GLM, Gaussian", lambda kind: sm.GLM(outcome, design).fit(cov_type=kind)),
    ("GLM, Poisson", lambda kind: sm.GLM(outcome, design, family=sm.families.Poisson()).fit(cov_type=kind)),
):
    found = {kind: fit(kind) for kind in ("HC0", "HC1", "HC3")}
    print(f"{name}:", ", ".join(f"{each.cov_type} {each.bse[1]:.4f}" for each in found.values()))
    same = np.isclose(found["HC3"].bse, found["HC0"].bse).all()
    assert same == (name != "OLS"), "GLM has corrections now"
    assert found["HC3"].cov_type == "HC3"
PYTHON
