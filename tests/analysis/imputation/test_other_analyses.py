"""Other analyses than of covariance in imputed data sets: responders, standardised risks, proportional odds."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.miscmodels.ordinal_model import OrderedModel

from trialkit.analysis.binary.standardisation import standardised_risks
from trialkit.analysis.imputation.analysing import analyse_imputations
from trialkit.analysis.imputation.drawing import imputation_draws
from trialkit.analysis.imputation.imputing import impute
from trialkit.analysis.imputation.model import imputation_model
from trialkit.analysis.imputation.pooling import pool_imputations
from trialkit.analysis.missing.rubin import pool_rubin
from trialkit.analysis.ordinal.proportional_odds import proportional_odds

DRAWS = 5


@pytest.fixture(scope="module")
def imputations(trial, short):
    frame, events = trial(6, n=80)
    model = imputation_model(frame, covariates=["base"], events=events, **short)
    return impute(imputation_draws(model, method="approximate-bayes", draws=DRAWS, seed=3))


def last(frame: pd.DataFrame) -> pd.DataFrame:
    """The last visit, with who responded and a level of the outcome."""
    end = frame[frame["visit"] == 3].reset_index(drop=True)
    level = pd.cut(end["y"], [-np.inf, 4, 6, np.inf], labels=["low", "middle", "high"])
    return end.assign(responded=(end["y"] > 5).astype(float), level=level)


def pooled_by_hand(pairs: list[tuple[float, float]]):
    estimates, errors = (np.array(each) for each in zip(*pairs, strict=True))
    return pool_rubin(estimates, errors**2, df_complete=np.inf)


def same(effect, expected, *, rel: float = 1e-9) -> None:
    for name in ("estimate", "se", "conf_low", "conf_high", "p_value"):
        assert getattr(effect, name) == pytest.approx(getattr(expected, name), rel=rel), name


def risk_difference(frame: pd.DataFrame) -> pd.DataFrame:
    end = last(frame)
    risk, n = end.groupby("arm")["responded"].mean(), end.groupby("arm").size()
    difference = risk["E"] - risk["C"]
    error = np.sqrt((risk * (1 - risk) / n).sum())
    return pd.DataFrame({"estimate": [difference], "se": [error]})


def test_responders_of_imputed_values(imputations):
    found = pool_imputations(analyse_imputations(imputations, risk_difference)).effect()
    sets = [last(imputations.data_set(number)) for number in range(DRAWS)]
    pairs = []
    for end in sets:
        (a, n), (b, m) = (
            (end.loc[end["arm"] == arm, "responded"].sum(), (end["arm"] == arm).sum())
            for arm in ("E", "C")
        )
        pairs.append((a / n - b / m, np.sqrt(a * (n - a) / n**3 + b * (m - b) / m**3)))
    same(found, pooled_by_hand(pairs))
    # who responds differs between the data sets, so that the pooled error is above theirs
    assert found.se > np.mean([se for _, se in pairs])


def test_standardised_risks_of_imputed_values(imputations):
    def analysis(frame):
        found = standardised_risks(
            last(frame), outcome="responded", arm="arm", reference="C", covariates=["base"]
        )
        rows = found.to_frame()
        return rows[rows["stat_name"] == "risk_difference"]

    found = pool_imputations(analyse_imputations(imputations, analysis)).effect()
    each = [analysis(imputations.data_set(number)).iloc[0] for number in range(DRAWS)]
    same(found, pooled_by_hand([(row["estimate"], row["se"]) for row in each]))
    # adjusted for the baseline the difference is near the plain one, and no less exact
    plain = pool_imputations(analyse_imputations(imputations, risk_difference)).effect()
    assert found.estimate == pytest.approx(plain.estimate, abs=0.1)


def test_odds_of_higher_levels_are_pooled_as_logarithms(imputations):
    def analysis(frame):
        fit = proportional_odds(last(frame), outcome="level", arm="arm", reference="C")
        return fit.contrasts(limits="wald")

    pooled = pool_imputations(analyse_imputations(imputations, analysis, by=["contrast"]))
    pairs = []
    for number in range(DRAWS):
        end = last(imputations.data_set(number))
        design = (end["arm"] == "E").to_numpy(dtype=float)[:, None]
        fit = OrderedModel(end["level"].cat.codes.to_numpy(), design, distr="logit").fit(
            method="bfgs", disp=False, gtol=1e-8
        )
        pairs.append((fit.params[0], fit.bse[0]))
    same(pooled.effect("E - C"), pooled_by_hand(pairs), rel=2e-3)
    (row,) = pooled.to_frame().to_dict("records")
    assert row["estimate"] == pytest.approx(np.exp(row["log_estimate"]))
    assert row["conf_low"] < row["estimate"] < row["conf_high"]
