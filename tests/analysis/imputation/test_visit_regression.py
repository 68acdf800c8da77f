"""The regressions of a visit against the package's own, which are R's, and their draws."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.binary.logistic import logistic_regression
from trialkit.analysis.counts.negative_binomial import negative_binomial_regression
from trialkit.analysis.counts.poisson import poisson_regression
from trialkit.analysis.imputation.visit_regression import (
    VisitRegression,
    drawn_regression,
    fitted_regression,
)
from trialkit.protocol.methods.imputation import SequentialFamily

BINARY = Path(__file__).parents[2] / "reference" / "binary"


def made(seed=1, n=4000):
    random = np.random.default_rng(seed)
    arm, x = np.arange(n) % 2, random.normal(size=n)
    rows = np.column_stack([np.ones(n), arm, x])
    eta = rows @ np.array([-0.3, 0.8, 0.5])
    return random, rows, eta, pd.DataFrame({"arm": np.array(["C", "E"])[arm], "x": x})


def outcome_of(family, random, eta):
    if family is SequentialFamily.LOGISTIC:
        return (random.random(len(eta)) < 1 / (1 + np.exp(-eta))).astype(float)
    mean = np.exp(eta)
    if family is SequentialFamily.NEGATIVE_BINOMIAL:
        mean = random.gamma(2.0, mean / 2.0)
    return random.poisson(mean).astype(float)


ESTIMATORS = {
    SequentialFamily.LOGISTIC: (logistic_regression, {}),
    SequentialFamily.POISSON: (poisson_regression, {"variance": "model"}),
    SequentialFamily.NEGATIVE_BINOMIAL: (negative_binomial_regression, {}),
}


@pytest.mark.parametrize("family", list(SequentialFamily))
def test_many_rows_give_the_estimate_of_the_regression_and_its_error(family):
    random, rows, eta, frame = made()
    y = outcome_of(family, random, eta)
    estimator, options = ESTIMATORS[family]
    alone = estimator(
        frame.assign(y=y), outcome="y", arm="arm", reference="C", covariates=["x"], **options
    )
    row = alone.contrasts().iloc[0]
    log = row["log_estimate"] if "log_estimate" in row else row["estimate"]
    beta, log_theta, information, _ = fitted_regression(family, rows[None], y, np.zeros(len(y)))
    assert beta[0, 1] == pytest.approx(log, rel=2e-3)
    se = np.sqrt(np.linalg.inv(information[0])[1, 1])
    assert se == pytest.approx(row["se"], rel=0.02)
    if family is SequentialFamily.NEGATIVE_BINOMIAL:
        assert np.exp(log_theta[0]) == pytest.approx(2.0, rel=0.15)


def test_the_logistic_regression_is_near_that_of_r():
    """The prior moves estimates by a small part of their errors, and makes that of a site without events finite."""
    expected = json.loads((BINARY / "binary_indo_rct.json").read_text("utf-8"))["logistic"]
    frame = pd.read_csv(BINARY / "binary_indo_rct.csv")
    columns = {
        "arm1_indomethacin": frame["arm"] == "1_indomethacin",
        **{f"site{each}": frame["site"] == each for each in ("2_IU", "3_UK", "4_Case")},
        "risk": (frame["risk"] - frame["risk"].mean()) / frame["risk"].std(),
        "age": (frame["age"] - frame["age"].mean()) / frame["age"].std(),
        "sod1_yes": frame["sod"] == "1_yes",
    }
    rows = np.column_stack([np.ones(len(frame)), *columns.values()]).astype(float)
    beta, _, information, _ = fitted_regression(
        SequentialFamily.LOGISTIC, rows[None], frame["y"].to_numpy(float), np.zeros(len(frame))
    )
    scale = {name: frame[name].std() if name in frame else 1.0 for name in columns}
    errors = np.sqrt(np.diagonal(np.linalg.inv(information[0])))
    for at, name in enumerate(columns, start=1):
        k = expected["names"].index(name)
        if name == "site4_Case":
            assert -6 < beta[0, at] < -1
            continue
        ours, theirs = beta[0, at] / scale[name], expected["coef"][k]
        assert abs(ours - theirs) < 0.15 * expected["se"][k], name
        assert errors[at] / scale[name] == pytest.approx(expected["se"][k], rel=0.08), name


def test_data_sets_side_by_side_are_each_alone():
    random, rows, eta, _ = made(n=200)
    y = outcome_of(SequentialFamily.NEGATIVE_BINOMIAL, random, eta)
    other = rows.copy()
    other[:, 2] = random.normal(size=200)
    both = fitted_regression(
        SequentialFamily.NEGATIVE_BINOMIAL, np.stack([rows, other]), y, np.zeros(200)
    )
    for at, each in enumerate((rows, other)):
        alone = fitted_regression(SequentialFamily.NEGATIVE_BINOMIAL, each[None], y, np.zeros(200))
        assert both[0][at] == pytest.approx(alone[0][0], rel=1e-6)
        assert both[1][at] == pytest.approx(alone[1][0], rel=1e-6)


@pytest.mark.parametrize("family", list(SequentialFamily))
def test_draws_spread_as_the_information_says(family):
    random, rows, eta, _ = made(n=300)
    y = outcome_of(family, random, eta)
    beta, _, information, bend = fitted_regression(family, rows[None], y, np.zeros(300))
    drawn = drawn_regression(
        family, rows[None], y, np.zeros(300), draws=20_000, random=np.random.default_rng(4)
    )
    covariance = np.linalg.inv(information[0])
    assert drawn.coefficients.mean(axis=0) == pytest.approx(beta[0], abs=0.01)
    assert np.cov(drawn.coefficients.T) == pytest.approx(covariance, rel=0.1, abs=5e-4)
    if family is SequentialFamily.NEGATIVE_BINOMIAL:
        assert drawn.log_theta.std() == pytest.approx(1 / np.sqrt(bend[0]), rel=0.03)


def test_what_a_column_foretells_perfectly_has_finite_coefficients():
    rows = np.column_stack([np.ones(40), np.repeat([0.0, 1.0], 20)])
    y = rows[:, 1].copy()
    beta, _, information, _ = fitted_regression(
        SequentialFamily.LOGISTIC, rows[None], y, np.zeros(40)
    )
    assert np.abs(beta).max() < 12
    assert np.isfinite(np.linalg.inv(information)).all()
    nothing, _, _, _ = fitted_regression(
        SequentialFamily.POISSON, rows[None], np.zeros(40), np.zeros(40)
    )
    assert np.isfinite(nothing).all()


@pytest.mark.parametrize("family", list(SequentialFamily))
def test_drawn_outcomes_have_their_mean(family):
    model = VisitRegression(
        family=family, coefficients=np.array([[0.4, 1.0]]), log_theta=np.array([np.log(3.0)])
    )
    rows = np.ones((1, 100_000, 2)) * np.array([1.0, 0.5])
    eta = model.predictor(rows)
    drawn = model.draw(eta, np.random.default_rng(1))
    mean = np.exp(0.9)
    if family is SequentialFamily.LOGISTIC:
        mean = 1 / (1 + np.exp(-0.9))
    assert drawn.mean() == pytest.approx(mean, rel=0.01)
    if family is SequentialFamily.NEGATIVE_BINOMIAL:
        assert drawn.var() == pytest.approx(mean + mean**2 / 3, rel=0.03)
