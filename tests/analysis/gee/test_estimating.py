"""GEE against geepack and the published corrections: gee_long_epilepsy.json, gee_long_schizophrenia.json."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.gee.visit_cases import COLUMNS, MODELS, expected, frame, made_up
from tests.conftest import examples
from trialkit.analysis.binary.logistic import logistic_regression
from trialkit.analysis.gee.estimating import (
    EstimatingEquations,
    generalised_estimating_equations,
)
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.generalised_models import GeeCovariance, WorkingCorrelation

SMALL = {
    "model": "model",
    "robust": "robust",
    "kc": "kauermann_carroll",
    "md": "mancl_derouen",
    "fg": "fay_graubard",
}
CASES = [
    (data, kind)
    for data in MODELS
    for kind in ("independence", "exchangeable", "ar1", "unstructured")
    if kind in expected(f"gee_{data}")
]


def fit(data: str, kind: str) -> EstimatingEquations:
    return generalised_estimating_equations(
        frame(data), correlation=kind, **COLUMNS, **MODELS[data]
    )


@pytest.mark.parametrize(("data", "kind"), CASES)
def test_it_is_geepack_and_the_published_corrections(data: str, kind: str) -> None:
    wanted, found = expected(f"gee_{data}")[kind], fit(data, kind)
    np.testing.assert_allclose(found.coefficients()["estimate"], wanted["coef"], rtol=1e-9)
    np.testing.assert_allclose(found.alpha, wanted["alpha"], rtol=1e-9)
    assert found.scale == pytest.approx(wanted["scale"], rel=1e-10)
    robust = found.coefficients(covariance="robust")["se"]
    np.testing.assert_allclose(robust, wanted["robust_se"], rtol=1e-9)
    for name, se in wanted["small_sample"].items():
        ours = found.coefficients(covariance=SMALL[name])["se"]
        np.testing.assert_allclose(ours, se, rtol=1e-9)


def test_the_sandwich_of_few_subjects_is_too_small_and_the_default_is_not_it() -> None:
    found = fit("long_epilepsy", "exchangeable")
    assert found.covariance is GeeCovariance.MANCL_DEROUEN
    robust = found.coefficients(covariance="robust")["se"][1]
    assert found.coefficients()["se"][1] / robust == pytest.approx(1.41, abs=0.01)
    row = found.to_frame().iloc[0]
    assert (row["df"], row["covariance"]) == (59 - 7, "mancl_derouen")
    assert "59 subjects" in found.title


def test_normal_limits_are_asked_for() -> None:
    row = (
        generalised_estimating_equations(
            frame("long_epilepsy"), compared_with="normal", **COLUMNS, **MODELS["long_epilepsy"]
        )
        .to_frame()
        .iloc[0]
    )
    assert row["df"] == np.inf
    reach = np.log(row["conf_high"]) - row["log_estimate"]
    assert reach == pytest.approx(1.959963984540054 * row["se"])
    assert row["measure"] == "rate_ratio"


def test_independence_is_statsmodels_with_its_bias_reduced_errors() -> None:
    data = made_up(4)
    found = generalised_estimating_equations(
        data,
        correlation="independence",
        family="binomial",
        covariates=["x"],
        reference="C",
        **COLUMNS,
    )
    design = np.column_stack([np.ones(len(data)), data["arm"] == "E", data["x"]])
    other = sm.GEE(data["y"], design, groups=data["id"], family=sm.families.Binomial()).fit(
        cov_type="bias_reduced", ctol=1e-12
    )
    np.testing.assert_allclose(found.coefficients()["estimate"], other.params, rtol=1e-7)
    np.testing.assert_allclose(found.coefficients()["se"], other.bse, rtol=1e-6)


@settings(max_examples=examples(20))
@given(st.integers(0, 2**32 - 1))
def test_one_visit_is_the_model_of_one_row(seed: int) -> None:
    data = made_up(seed, visits=1, subjects=50)
    if data.groupby("arm")["y"].nunique().min() < 2:
        return
    for kind in (WorkingCorrelation.INDEPENDENCE,):
        found = generalised_estimating_equations(
            data, correlation=kind, family="binomial", covariance="model", reference="C", **COLUMNS
        )
        single = logistic_regression(data, outcome="y", arm="arm", reference="C").to_frame()
        row = found.to_frame().iloc[0]
        assert row["estimate"] == pytest.approx(single["estimate"][0], rel=1e-7)
        assert row["se"] == pytest.approx(single["se"][0] * found.scale**0.5, rel=1e-7)


@settings(max_examples=examples(15))
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from(["independence", "exchangeable", "ar1"]),
    st.sampled_from([("binomial", "y"), ("poisson", "n"), ("gaussian", "z")]),
)
def test_swaps_mirror_and_rows_and_names_do_not_matter(
    seed: int, kind: str, response: tuple[str, str]
) -> None:
    family, outcome = response
    data = made_up(seed % 10_000, subjects=40)
    arguments: dict[str, Any] = COLUMNS | {
        "outcome": outcome, "correlation": kind, "family": family, "covariates": ["x"]
    }  # fmt: skip
    try:
        one = generalised_estimating_equations(data, reference="C", **arguments)
    except AnalysisError:
        return
    moved = data.sample(frac=1, random_state=1).assign(
        id=lambda each: each["id"].map(lambda name: f"x{hash(name) % 99991}-{name}"),
        visit=lambda each: each["visit"] * 10,
    )
    two = generalised_estimating_equations(moved, reference="E", **arguments)
    ours, theirs = one.to_frame().iloc[0], two.to_frame().iloc[0]
    turned = -theirs["estimate"] if family == "gaussian" else 1 / theirs["estimate"]
    assert turned == pytest.approx(ours["estimate"], rel=1e-6, abs=1e-9)
    assert theirs["se"] == pytest.approx(ours["se"], rel=1e-6)
    assert theirs["p_value"] == pytest.approx(ours["p_value"], rel=1e-5, abs=1e-12)


def test_by_visit_compares_the_arms_at_each() -> None:
    data = made_up(7, subjects=60)
    found = generalised_estimating_equations(
        data, correlation="independence", family="binomial", reference="C", by_visit=True, **COLUMNS
    )
    table = found.to_frame()
    assert table["visit"].tolist() == [1, 2, 3, 4]
    for visit in (1, 2, 3, 4):
        alone = logistic_regression(
            data[data["visit"] == visit], outcome="y", arm="arm", reference="C"
        ).to_frame()
        ours = table[table["visit"] == visit]["estimate"].iloc[0]
        assert ours == pytest.approx(alone["estimate"][0], rel=1e-7)


def test_exposure_is_an_offset() -> None:
    data = made_up(11, subjects=40)
    arguments: dict[str, Any] = COLUMNS | {"outcome": "n", "family": "poisson", "reference": "C"}
    found = generalised_estimating_equations(
        data, correlation="independence", exposure="t", covariance="robust", **arguments
    )
    design = np.column_stack([np.ones(len(data)), data["arm"] == "E"])
    other = sm.GEE(
        data["n"], design, groups=data["id"], family=sm.families.Poisson(), exposure=data["t"]
    ).fit(ctol=1e-12)
    np.testing.assert_allclose(found.coefficients()["estimate"], other.params, rtol=1e-7)
    np.testing.assert_allclose(found.coefficients()["se"], other.bse, rtol=1e-6)
    with pytest.raises(AnalysisError, match="belongs to counts"):
        generalised_estimating_equations(
            data, exposure="t", **arguments | {"family": "binomial", "outcome": "y"}
        )


def refused(data: pd.DataFrame, message: str, **changed: Any) -> None:
    arguments: dict[str, Any] = COLUMNS | {"family": "binomial", "reference": "C"} | changed
    with pytest.raises(AnalysisError, match=message):
        generalised_estimating_equations(data, **arguments)


def test_what_cannot_be_estimated_is_refused_in_words() -> None:
    data = made_up(5)
    refused(pd.concat([data, data.iloc[:1]]), "has two rows at visit")
    refused(data[data["id"].isin(["s000", "s001"])], "needs more subjects than these, got 2")
    refused(data.assign(y=1), "the same in all rows used")
    refused(data.assign(y=data["y"] * (data["arm"] == "C")), r"no finite estimate of arm\[E\]")
    refused(data[data["visit"] == 1], "no subject has two visits", correlation="exchangeable")
    apart = data[(data["visit"] == 1) == (data["id"] < "s015")]
    refused(apart, "has both of two visits", correlation="unstructured")
    refused(data.assign(n=-1), "whole numbers", family="poisson", outcome="n")
    refused(data, "did you mean 'ar1'", correlation="ar")


def test_a_subject_alone_in_its_level_has_no_corrected_residual() -> None:
    data = made_up(5).assign(w=lambda each: (each["id"] == "s000").astype(float))
    found = generalised_estimating_equations(
        data.assign(z=data["z"]), family="gaussian", covariates=["w"], reference="C",
        correlation="independence", **COLUMNS | {"outcome": "z"},
    )  # fmt: skip
    assert np.isfinite(found.coefficients(covariance="robust")["se"]).all()
    with pytest.raises(AnalysisError, match="determines a coefficient alone"):
        found.contrasts()


def test_rows_without_outcome_are_told() -> None:
    data = made_up(5)
    data.loc[0, "y"] = None
    found = generalised_estimating_equations(data, family="binomial", reference="C", **COLUMNS)
    assert found.excluded["reason"].tolist() == ["y is missing"]


CLUSTERS = Path(__file__).parents[2] / "reference" / "cluster"
PEOPLE: dict[str, Any] = {
    "outcome": "y", "cluster": "cluster", "arm": "arm", "reference": "CG", "family": "binomial",
    "covariates": ["age"],
}  # fmt: skip


def test_people_of_clusters_are_geepack_and_the_published_corrections() -> None:
    data = pd.read_csv(CLUSTERS / "cluster_binary_simulated.csv")
    wanted = json.loads((CLUSTERS / "cluster_binary_simulated.json").read_text(encoding="utf-8"))
    wanted = wanted["gee_exchangeable"]
    found = generalised_estimating_equations(data.sample(frac=1, random_state=3), **PEOPLE)
    np.testing.assert_allclose(found.coefficients()["estimate"], wanted["coef"], rtol=1e-9)
    assert found.alpha[0] == pytest.approx(wanted["alpha"], rel=1e-9)
    assert found.scale == pytest.approx(wanted["scale"], rel=1e-10)
    for name, se in wanted["small_sample"].items():
        ours = found.coefficients(covariance=SMALL[name])["se"]
        np.testing.assert_allclose(ours, se, rtol=1e-9)
    assert "20 clusters" in found.title
    assert found.to_frame()["df"][0] == 20 - 3


def test_an_arm_of_one_cluster_and_an_order_within_clusters_are_refused() -> None:
    data = pd.read_csv(CLUSTERS / "cluster_binary_simulated.csv")
    first = data[data["arm"] == "EG"]["cluster"].iloc[0]
    with pytest.raises(AnalysisError, match="has one cluster"):
        generalised_estimating_equations(
            data[(data["arm"] == "CG") | (data["cluster"] == first)], **PEOPLE
        )
    with pytest.raises(AnalysisError, match="have no order"):
        generalised_estimating_equations(data, correlation="ar1", **PEOPLE)
