"""Least squares of clusters against clubSandwich in cluster_clinics_simulated.json."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import sqrtm

from tests.analysis.clusters.cluster_cases import CLINICS, COLUMNS, EXPECTED, made_up
from tests.conftest import examples
from trialkit.analysis.clusters.bias_reduced import cluster_robust
from trialkit.analysis.clusters.cluster_regression import ClusterRegression, cluster_regression
from trialkit.analysis.gee.estimating import generalised_estimating_equations
from trialkit.analysis.linear.ancova import ancova
from trialkit.analysis.linear.least_squares import least_squares
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.cluster_options import ClusterCovariance


def fit(frame: pd.DataFrame, **changed: Any) -> ClusterRegression:
    asked = COLUMNS | {"reference": "C", "covariates": ["x"]} | changed
    return cluster_regression(frame, **asked)


@pytest.mark.parametrize(
    ("kind", "df", "p"), [("CR0", "df_z", "p_z"), ("CR2", "df_Satt", "p_Satt")]
)
def test_it_is_clubsandwich(kind: str, df: str, p: str) -> None:
    found = fit(CLINICS, reference="CG", covariates=["base"]).coefficients(covariance=kind)
    for row, wanted in zip(found.itertuples(), EXPECTED[f"ols_{kind}"], strict=True):
        assert row.estimate == pytest.approx(wanted["beta"], rel=1e-9)
        assert row.se == pytest.approx(wanted["SE"], rel=1e-9)
        assert row.statistic == pytest.approx(wanted["tstat"], rel=1e-9)
        assert row.df == pytest.approx(wanted[df] or np.inf, rel=1e-9)
        assert row.p_value == pytest.approx(wanted[p], rel=1e-8)


def test_the_bias_reduced_is_its_definition_row_by_row() -> None:
    frame = made_up(11)
    design = np.column_stack([np.ones(len(frame)), frame["arm"] == "E", frame["x"]]).astype(float)
    codes = pd.factorize(frame["cluster"])[0]
    outcome = frame["y"].to_numpy()
    robust = cluster_robust(design, least_squares(design, outcome), codes)
    bread = np.linalg.inv(design.T @ design)
    left = np.eye(len(frame)) - design @ bread @ design.T
    halves, parts = [], []
    for code in np.unique(codes):
        own = codes == code
        adjusted = np.linalg.inv(np.real(sqrtm(left[np.ix_(own, own)])))
        halves.append(bread @ design[own].T @ adjusted @ (left @ outcome)[own])
        parts.append(bread @ design[own].T @ adjusted @ left[own])
    np.testing.assert_allclose(
        robust.covariance(ClusterCovariance.CR2), sum(np.outer(h, h) for h in halves), rtol=1e-8
    )
    for at, df in enumerate(robust.df(ClusterCovariance.CR2, np.eye(3))):
        spread = np.array([[one[at] @ other[at] for other in parts] for one in parts])
        assert df == pytest.approx(np.trace(spread) ** 2 / np.sum(spread**2), rel=1e-8)
        # the point of it: right on average where rows are independent
        assert np.trace(spread) == pytest.approx(bread[at, at], rel=1e-9)


def test_the_sandwich_is_statsmodels_and_the_bias_reduced_one_kauermann_and_carroll() -> None:
    frame, found = made_up(12), fit(made_up(12))
    design = np.column_stack([np.ones(len(frame)), frame["arm"] == "E", frame["x"]])
    groups = pd.factorize(frame["cluster"])[0]
    for kind, correction in (("CR0", False), ("CR1S", True)):
        other = sm.OLS(frame["y"], design).fit(
            cov_type="cluster", cov_kwds={"groups": groups, "use_correction": correction}
        )
        np.testing.assert_allclose(found.coefficients(covariance=kind)["se"], other.bse, rtol=1e-9)
    ratio = found.contrasts(covariance="CR1")["se"] / found.contrasts(covariance="CR0")["se"]
    assert ratio[0] == pytest.approx(np.sqrt(8 / 7))
    equations = generalised_estimating_equations(
        frame, **COLUMNS, reference="C", covariates=["x"], family="gaussian",
        correlation="independence", covariance="kauermann_carroll",
    )  # fmt: skip
    np.testing.assert_allclose(
        found.coefficients()["se"], equations.coefficients()["se"], rtol=1e-8
    )


def test_clusters_of_one_row_are_the_robust_errors_of_rows() -> None:
    frame = made_up(13).assign(cluster=lambda each: np.arange(len(each)))
    for kind, robust in (("CR0", "HC0"), ("CR2", "HC2")):
        rows = ancova(frame, outcome="y", arm="arm", reference="C", covariates=["x"], robust=robust)
        assert fit(frame, covariance=kind).to_frame()["se"][0] == pytest.approx(
            rows.contrasts()["se"][0], rel=1e-9
        )


@settings(max_examples=examples(20))
@given(st.integers(0, 2**32 - 1))
def test_a_swap_mirrors_and_units_and_row_order_do_not_matter(seed: int) -> None:
    frame = made_up(seed)
    row = fit(frame).to_frame().iloc[0]
    moved = frame.sample(frac=1, random_state=1).assign(
        y=lambda each: 5 * each["y"] + 3, x=lambda each: 4000 - each["x"]
    )
    other = fit(moved, reference="E").to_frame().iloc[0]
    assert other["estimate"] == pytest.approx(-5 * row["estimate"], rel=1e-6, abs=1e-8)
    assert other["se"] == pytest.approx(5 * row["se"], rel=1e-6)
    assert other["df"] == pytest.approx(row["df"], rel=1e-5)


def test_people_of_a_cluster_may_be_in_several_arms_and_a_lone_cluster_not() -> None:
    frame = made_up(14)
    within = frame.assign(arm=np.where(np.arange(len(frame)) % 2, "C", "E"))
    assert np.isfinite(fit(within).to_frame()["p_value"]).all()
    lone = frame[(frame["arm"] == "C") | (frame["cluster"] == "c01")]
    with pytest.raises(AnalysisError, match="arm 'E' has one cluster"):
        fit(lone, covariance="CR0")
    with pytest.raises(AnalysisError, match="determines a coefficient alone"):
        fit(frame.assign(x=(frame["cluster"] == "c00").astype(float)))
    with pytest.raises(AnalysisError, match="reproduces the outcome exactly"):
        fit(frame.assign(y=frame["x"]))
    frame.loc[0, "cluster"] = None
    assert fit(frame).excluded["reason"].tolist() == ["cluster is missing"]
    assert "8 clusters" in fit(frame).title
