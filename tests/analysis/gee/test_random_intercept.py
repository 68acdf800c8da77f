"""A random intercept by quadrature against lme4: glmm_long_epilepsy.json."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import trapezoid
from scipy.special import expit
from scipy.stats import norm

from tests.analysis.gee.visit_cases import COLUMNS, MODELS, expected, frame, made_up
from trialkit.analysis.gee.long_rows import RepeatedUnit, read_long_rows
from trialkit.analysis.gee.quadrature import RandomInterceptLikelihood
from trialkit.analysis.gee.random_intercept import random_intercept_model
from trialkit.analysis.generalised.families import Poisson
from trialkit.analysis.generalised.scoring import fit_generalised
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.generalised_models import ResponseFamily

EPILEPSY = COLUMNS | MODELS["long_epilepsy"]


def test_it_is_lme4() -> None:
    wanted = expected("glmm_long_epilepsy")
    found = random_intercept_model(frame("long_epilepsy"), **EPILEPSY)
    table = found.coefficients()
    # lme4's optimiser stops a little below the maximum: see the README of the files
    np.testing.assert_allclose(table["estimate"], wanted["coef"], rtol=2e-5)
    np.testing.assert_allclose(table["se"], wanted["se"], rtol=2e-6)
    assert found.sd_intercept == pytest.approx(wanted["sd_intercept"], rel=1e-6)
    level = found.log_likelihood - found.saturated
    assert level == pytest.approx(wanted["loglik"], abs=1e-9)
    assert level > wanted["loglik"]


@pytest.mark.parametrize("nodes", [15, 41])
def test_more_nodes_change_nothing(nodes: int) -> None:
    found = random_intercept_model(frame("long_epilepsy"), nodes=nodes, **EPILEPSY)
    usual = random_intercept_model(frame("long_epilepsy"), **EPILEPSY)
    np.testing.assert_allclose(found.estimates, usual.estimates, atol=1e-8)
    assert found.log_likelihood == pytest.approx(usual.log_likelihood, abs=1e-8)


def test_an_odds_ratio_of_a_subject_is_farther_from_one() -> None:
    data = frame("long_schizophrenia")
    found = random_intercept_model(data, **COLUMNS, **MODELS["long_schizophrenia"])
    row = found.to_frame().iloc[0]
    assert row["measure"] == "odds_ratio"
    assert row["estimate"] < 0.68
    assert found.sd_intercept == pytest.approx(1.66, abs=0.01)
    assert found.n_subjects == 44


def test_subjects_alike_have_no_intercepts_of_their_own() -> None:
    data = made_up(2, subjects=20)
    data["n"] = 2 + (data["visit"] + data["id"].str[-1].astype(int)) % 2
    found = random_intercept_model(
        data, family="poisson", reference="C", **COLUMNS | {"outcome": "n"}
    )
    assert found.sd_intercept == 0
    assert "no variance" in found.to_frame()["note"][0]
    design = np.column_stack([np.ones(len(data)), data["arm"] == "E"])
    alone = fit_generalised(design, data["n"].to_numpy(float), Poisson())
    np.testing.assert_allclose(found.estimates, alone.coefficients, atol=1e-9)
    assert found.log_likelihood == pytest.approx(alone.log_likelihood)


def test_what_it_is_not_for_is_refused() -> None:
    data = made_up(2)
    with pytest.raises(AnalysisError, match="take mmrm"):
        random_intercept_model(data, family="gaussian", reference="C", **COLUMNS)
    with pytest.raises(AnalysisError, match="between 5 and 101, got 1"):
        random_intercept_model(data, family="binomial", reference="C", nodes=1, **COLUMNS)
    with pytest.raises(AnalysisError, match="no finite estimate"):
        random_intercept_model(
            data.assign(y=data["y"] * (data["arm"] == "C")),
            family="binomial",
            reference="C",
            **COLUMNS,
        )


def test_outcomes_that_never_change_have_no_bound_and_that_is_said() -> None:
    data = made_up(6, subjects=30)
    first = data.groupby("id")["y"].transform("first")
    with pytest.raises(AnalysisError, match=r"for ever|did not come to a maximum"):
        random_intercept_model(data.assign(y=first), family="binomial", reference="C", **COLUMNS)


def test_clusters_have_an_intercept_each_as_in_lme4() -> None:
    folder = Path(__file__).parents[2] / "reference" / "cluster"
    wanted = json.loads((folder / "cluster_binary_simulated.json").read_text(encoding="utf-8"))[
        "glmer"
    ]
    found = random_intercept_model(
        pd.read_csv(folder / "cluster_binary_simulated.csv"), outcome="y", cluster="cluster", arm="arm",
        reference="CG", family="binomial", covariates=["age"],
    )  # fmt: skip
    np.testing.assert_allclose(found.coefficients()["estimate"], wanted["coef"], atol=2e-5)
    np.testing.assert_allclose(found.coefficients()["se"], wanted["se"], rtol=1e-5)
    assert found.sd_intercept == pytest.approx(wanted["sd"], abs=2e-5)
    assert found.log_likelihood == pytest.approx(wanted["loglik"], abs=1e-8)
    assert found.log_likelihood >= wanted["loglik"]


def test_the_likelihood_is_the_integral_where_subjects_are_far_apart() -> None:
    """Newton's search for the mode of such a subject went to and fro between two points for ever."""
    data = pd.DataFrame(
        {
            "id": np.arange(8),
            "visit": np.tile([1, 2], 4),
            "arm": np.repeat(["C", "E"], 4),
            "y": [1, 0, 0, 1, 0, 1, 0, 0],
        }
    )
    long = read_long_rows(
        data,
        outcome="y",
        unit=RepeatedUnit(column="id", visit="visit", several="subjects"),
        arm="arm",
        reference="C",
        family=ResponseFamily.BINOMIAL,
        covariates=(),
        categories=(),
        by_visit=False,
        event=None,
        exposure=None,
        order=None,
    )
    likelihood = RandomInterceptLikelihood(long=long, family=ResponseFamily.BINOMIAL, nodes=25)
    b, errors = np.linspace(-12, 12, 20_001), []
    for sd in np.linspace(4, 6, 60):
        risk = expit(-6 + sd * b)
        event = np.log(trapezoid(risk * norm.pdf(b), b))
        none = np.log(trapezoid((1 - risk) * norm.pdf(b), b))
        found, _ = likelihood.evaluate(np.array([-6, 0.0, sd]))
        errors.append(found - 3 * event - 5 * none)
    assert np.abs(errors).max() < 0.011  # of so few nodes, and about the true mode
    assert np.abs(np.diff(errors, 2)).max() < 1e-4
