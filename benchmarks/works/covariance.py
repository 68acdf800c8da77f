"""``covariance.py [statsmodels]``: an ANCOVA of 26 with its contrasts, a hundred times."""

import sys

import numpy as np
import pandas as pd
from telling import found, tell

rng = np.random.default_rng(20260101)
arm = np.tile(["C", "E"], 13)
base = rng.normal(50, 9, 26)
post = 0.6 * base + rng.normal(0, 5, 26)
if sys.argv[1:] == ["statsmodels"]:
    import statsmodels.api as sm

    def analyse() -> None:
        """The model on arrays, its tests and the limits of the difference."""
        fit = sm.OLS(post, np.column_stack([np.ones(26), arm == "E", base]).astype(float)).fit()
        fit.t_test(np.array([0.0, 1.0, 0.0])).conf_int()
        fit.f_test(np.eye(3)[1:2])
        fit.f_test(np.eye(3)[2:3])
        fit.conf_int()
        _ = fit.pvalues, fit.rsquared

else:
    ancova = found("ancova", "trialkit.analysis.linear.ancova", "trialkit.analysis.ancova")
    arms = pd.Categorical(arm, ["C", "E"], ordered=True)
    frame = pd.DataFrame({"arm": arms, "base": base, "post": post})

    def analyse() -> None:
        """The model, its table and its contrasts."""
        fit = ancova(frame, outcome="post", arm="arm", reference="C", covariates=("base",))
        fit.to_frame()
        fit.contrasts()


analyse()
tell(lambda: [analyse() for _ in range(100)], times=3)
