#!/usr/bin/env bash
# lifelines' "return_variance" of the restricted mean survival time is no squared standard error.
# One would guess that its root is the standard error of the estimate, to be used in a confidence interval.
# True: it is the variance of the restricted survival times themselves (about n times as large); Greenwood's
# variance of the estimate, written out below, is not given at all.
# Why a trial cares: an interval made from it is far too wide, and two arms never differ.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet 'lifelines==0.30.3'
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PYTHON'
import numpy as np
from importlib.metadata import version
from lifelines import KaplanMeierFitter
from lifelines.utils import restricted_mean_survival_time

print("lifelines", version("lifelines"))
days, event, horizon = [5, 8, 12, 20, 21, 30, 33, 40], [1, 1, 0, 1, 1, 0, 1, 1], 30
curve = KaplanMeierFitter().fit(days, event)
mean, variance = restricted_mean_survival_time(curve, t=horizon, return_variance=True)
steps = [0, 5, 8, 20, 21, horizon]
survival = [float(curve.predict(t)) for t in steps[:-1]]
areas = np.multiply(survival, np.diff(steps))
at_risk = {5: 8, 8: 7, 20: 5, 21: 4}
greenwood = sum(areas[i:].sum() ** 2 / (n * (n - 1)) for i, n in enumerate(at_risk.values(), 1))
print(f"mean {mean:.3f} by lifelines, {areas.sum():.3f} by hand")
print(f"variance {variance:.2f} by lifelines; of the estimate, after Greenwood, {greenwood:.2f}")
assert np.isclose(mean, areas.sum())
assert variance > 5 * greenwood, "it is the variance of the estimate now"
PYTHON
