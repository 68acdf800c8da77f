"""``repeated.py dropout|gaps``: an MMRM of 1000 subjects at 10 visits, Kenward-Roger, to its contrasts.

The number of threads is what the machine gives by default: one for each processor.
"""

import sys

import numpy as np
import pandas as pd
from telling import found, tell

mmrm = found("mmrm", "trialkit.analysis.repeated.fit", "trialkit.analysis.mmrm.fit")

rng = np.random.default_rng(20260101)
n, m = 1000, 10
arm = np.arange(n) % 2
base = rng.normal(50, 10, n)
lag = np.abs(np.subtract.outer(np.arange(m), np.arange(m)))
y = 5 * rng.normal(size=(n, m)) @ np.linalg.cholesky(0.8**lag).T
y += 0.5 * base[:, None] + 0.3 * arm[:, None]
if sys.argv[1] == "dropout":
    y[np.arange(m) >= rng.geometric(0.05, n)[:, None]] = np.nan
else:
    y[rng.random((n, m)) < 0.15] = np.nan
frame = pd.DataFrame(
    {
        "id": np.repeat(np.arange(n), m),
        "visit": np.tile(np.arange(1, m + 1), n),
        "arm": np.repeat(np.array(["C", "E"])[arm], m),
        "base": np.repeat(base, m),
        "y": y.ravel(),
    }
)


def analyse() -> None:
    """From the frame to the contrasts."""
    mmrm(
        frame,
        outcome="y",
        subject="id",
        visit="visit",
        arm="arm",
        reference="C",
        covariates_by_visit=("base",),
        inference="kenward-roger",
    ).contrasts()


tell(analyse, times=4)
