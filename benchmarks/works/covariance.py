"""``covariance.py [statsmodels]``: an ANCOVA of 26 in three arms with its contrasts, 100 times.

Both make the same two tables: adjusted means with limits, and all pairwise contrasts with tests and
limits. Ours reads a frame for it and checks it; statsmodels is handed arrays that are ready.
"""

import sys

import numpy as np
import pandas as pd
from telling import found, tell

ARMS = ["C", "D", "E"]
rng = np.random.default_rng(20260101)
arm = np.repeat(ARMS, [9, 9, 8])
base = rng.normal(50, 9, 26)
post = 0.6 * base + rng.normal(0, 5, 26)
if sys.argv[1:] == ["statsmodels"]:
    import statsmodels.api as sm

    second, third = (arm == "D").astype(float), (arm == "E").astype(float)
    pairs = np.array([[0.0, 1, 0, 0], [0, 0, 1, 0], [0, -1, 1, 0]])

    def analyse() -> None:
        """The model, and the tables of its means and contrasts."""
        fit = sm.OLS(post, np.column_stack([np.ones(26), second, third, base])).fit()
        at = base.mean()
        means = fit.t_test(np.array([[1, 0, 0, at], [1, 1, 0, at], [1, 0, 1, at]]))
        low, high = means.conf_int().T
        pd.DataFrame(
            {
                "arm": ARMS,
                "n": [9, 9, 8],
                "estimate": means.effect,
                "se": means.sd.ravel(),
                "df": fit.df_resid,
                "conf_low": low,
                "conf_high": high,
                "conf_level": 0.95,
            }
        )
        contrasts = fit.t_test(pairs)
        low, high = contrasts.conf_int().T
        pd.DataFrame(
            {
                "contrast": ["D - C", "E - C", "E - D"],
                "estimate": contrasts.effect,
                "se": contrasts.sd.ravel(),
                "df": fit.df_resid,
                "statistic": contrasts.tvalue.ravel(),
                "p_value": contrasts.pvalue,
                "p_adjusted": contrasts.pvalue,
                "conf_low": low,
                "conf_high": high,
                "conf_level": 0.95,
                "adjustment": "none",
            }
        )

else:
    ancova = found("ancova", "trialkit.analysis.linear.ancova", "trialkit.analysis.ancova")
    arms = pd.Categorical(arm, ARMS, ordered=True)
    frame = pd.DataFrame({"arm": arms, "base": base, "post": post})

    def analyse() -> None:
        """The model, and the tables of its means and contrasts."""
        fit = ancova(frame, outcome="post", arm="arm", reference="C", covariates=("base",))
        fit.marginal_means()
        fit.contrasts(comparisons="all_pairs")


analyse()
tell(lambda: [analyse() for _ in range(100)], times=10)
