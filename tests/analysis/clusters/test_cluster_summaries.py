"""One number a cluster against R's t test in cluster_clinics_simulated.json, and weighted least squares."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ttest_ind

from tests.analysis.clusters.cluster_cases import CLINICS, COLUMNS, EXPECTED, made_up
from tests.conftest import examples
from trialkit.analysis.clusters.cluster_summaries import compare_cluster_summaries
from trialkit.errors import AnalysisError


def compared(frame: pd.DataFrame, **changed: Any) -> pd.Series:
    return (
        compare_cluster_summaries(frame, **COLUMNS | {"reference": "C"} | changed)
        .to_frame()
        .iloc[0]
    )


def test_it_is_the_t_test_of_the_clusters_means_in_r() -> None:
    wanted, row = EXPECTED["cluster_means_t"], compared(CLINICS, reference="CG")
    assert row["estimate"] == pytest.approx(wanted["estimate"], rel=1e-10)
    assert row["statistic"] == pytest.approx(wanted["t"], rel=1e-10)
    assert row["p_value"] == pytest.approx(wanted["p"], rel=1e-10)
    np.testing.assert_allclose(
        row[["conf_low", "conf_high"]].astype(float), wanted["ci"], rtol=1e-10
    )
    assert (row["df"], row["clusters_experimental"], row["n_reference"]) == (12, 7, 119)


@pytest.mark.parametrize("kind", ["mean", "proportion", "rate"])
def test_weights_by_size_are_weighted_least_squares(kind: str) -> None:
    frame = made_up(4)
    outcome = {"mean": "y", "proportion": "e", "rate": "n"}[kind]
    asked = {"exposure": "t"} if kind == "rate" else {}
    found = compare_cluster_summaries(
        frame, cluster="cluster", arm="arm", reference="C", outcome=outcome, summary=kind,
        weights="size", **asked,
    )  # fmt: skip
    each = frame.groupby(["cluster", "arm"], as_index=False).agg(
        total=(outcome, "sum"), n=(outcome, "size"), t=("t", "sum")
    )
    weight = each["t"] if kind == "rate" else each["n"]
    fit = sm.WLS(
        each["total"] / weight,
        np.column_stack([np.ones(len(each)), each["arm"] == "E"]),
        weights=weight,
    ).fit()
    row = found.to_frame().iloc[0]
    assert row["estimate"] == pytest.approx(fit.params.iloc[1], rel=1e-9)
    assert row["se"] == pytest.approx(fit.bse.iloc[1], rel=1e-9)
    assert row["p_value"] == pytest.approx(fit.pvalues.iloc[1], rel=1e-9)
    pooled = frame.groupby("arm")[outcome].sum() / frame.groupby("arm")["t"].agg(
        "sum" if kind == "rate" else "size"
    )
    np.testing.assert_allclose(found.arms()["estimate"], pooled, rtol=1e-12)


def test_a_ratio_is_the_t_test_of_logarithms() -> None:
    frame = made_up(7)
    row = compared(frame, outcome="n", summary="rate", exposure="t", scale="ratio")
    sums = frame.groupby(["arm", "cluster"])[["n", "t"]].sum()
    logs = np.log(sums["n"] / sums["t"])
    t = ttest_ind(logs["E"], logs["C"])
    assert row["estimate"] == pytest.approx(np.exp(logs["E"].mean() - logs["C"].mean()), rel=1e-12)
    assert row["p_value"] == pytest.approx(t.pvalue, rel=1e-10)
    low, high = np.exp(t.confidence_interval())
    assert (row["conf_low"], row["conf_high"]) == (pytest.approx(low), pytest.approx(high))
    frame.loc[frame["cluster"] == "c01", "n"] = 0
    with pytest.raises(AnalysisError, match="the rate of cluster 'c01' is 0"):
        compared(frame, outcome="n", summary="rate", exposure="t", scale="ratio")


@settings(max_examples=examples(30))
@given(st.integers(0, 2**32 - 1), st.sampled_from(["equal", "size"]))
def test_a_swap_mirrors_rows_do_not_matter_and_scaling_scales(seed: int, weights: str) -> None:
    frame = made_up(seed)
    row = compared(frame, weights=weights)
    turned = compared(frame.sample(frac=1, random_state=1), weights=weights, reference="E")
    assert turned["estimate"] == pytest.approx(-row["estimate"], rel=1e-9, abs=1e-12)
    assert turned["conf_low"] == pytest.approx(-row["conf_high"], rel=1e-9, abs=1e-12)
    scaled = compared(frame.assign(y=3 * frame["y"] - 7), weights=weights)
    assert scaled["se"] == pytest.approx(3 * row["se"], rel=1e-9)
    assert scaled["p_value"] == pytest.approx(row["p_value"], rel=1e-7)


def test_clusters_of_one_person_are_people() -> None:
    frame = made_up(2).assign(cluster=lambda each: np.arange(len(each)))
    t = ttest_ind(*(frame[frame["arm"] == arm]["y"] for arm in "EC"))
    for weights in ("equal", "size"):
        assert compared(frame, weights=weights)["p_value"] == pytest.approx(t.pvalue, rel=1e-10)


def test_what_cannot_be_compared_is_refused_in_words() -> None:
    frame = made_up(1)
    few = frame[(frame["arm"] == "C") | (frame["cluster"] == "c01")]
    for data, asked, message in (
        (few, {}, r"arm 'E' has one cluster \('c01'\)"),
        (frame.assign(arm=np.arange(len(frame)) % 2), {"reference": 0}, "has rows in arm 0 and 1"),
        (frame.assign(y=1.0), {}, "all alike"),
        (frame, {"summary": "rate"}, "name its column by exposure="),
        (frame, {"exposure": "t"}, "belongs to rates"),
        (frame, {"event": 1}, "belongs to proportions"),
        (frame, {"cluster": "clustr"}, "did you mean 'cluster'"),
        (frame, {"weights": "sizes"}, "did you mean 'size'"),
    ):
        with pytest.raises(AnalysisError, match=message):
            compared(data, **asked)


def test_who_is_left_out_is_told_and_each_cluster_is_shown() -> None:
    frame = made_up(1)
    frame.loc[0, "y"] = None
    frame.loc[1, "cluster"] = None
    found = compare_cluster_summaries(frame, **COLUMNS, reference="C")
    assert found.excluded["reason"].tolist() == ["y is missing", "cluster is missing"]
    assert found.clusters()["n"].sum() == len(frame) - 2
    assert list(found.clusters()) == ["cluster", "arm", "n", "mean"]
    assert "8 clusters" in found.title
