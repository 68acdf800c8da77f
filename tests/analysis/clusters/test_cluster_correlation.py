"""The intracluster correlation by analysis of variance of cluster_clinics_simulated.json, and pingouin."""

import numpy as np
import pandas as pd
import pingouin
import pytest
import statsmodels.formula.api as smf
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.anova import anova_lm

from tests.analysis.clusters.cluster_cases import CLINICS, COLUMNS, EXPECTED, made_up
from tests.conftest import examples
from trialkit.analysis.clusters.cluster_correlation import intracluster_correlation
from trialkit.errors import AnalysisError


def test_the_sizes_are_those_of_the_file_and_the_mean_squares_those_of_statsmodels() -> None:
    found = intracluster_correlation(CLINICS, **COLUMNS)
    assert sorted(found.rows.sizes) == sorted(EXPECTED["sizes"])
    arms = smf.ols("y ~ C(arm)", CLINICS).fit()
    clusters = smf.ols("y ~ C(cluster)", CLINICS).fit()
    assert found.between == pytest.approx((arms.ssr - clusters.ssr) / 12, rel=1e-9)
    assert found.within == pytest.approx(clusters.mse_resid, rel=1e-9)
    assert (found.df_between, found.df_within) == (12, 225 - 14)
    # from the definitions of Donner and Klar
    sizes = CLINICS.groupby(["arm", "cluster"]).size()
    lost = sum((sizes[arm] ** 2).sum() / sizes[arm].sum() for arm in ("CG", "EG"))
    size = (225 - lost) / 12
    variance = (found.between - found.within) / size
    row = found.to_frame().iloc[0]
    assert row["estimate"] == pytest.approx(variance / (variance + found.within), rel=1e-12)
    weighted = (sizes**2).sum() / sizes.sum()
    assert row["design_effect"] == pytest.approx(1 + (weighted - 1) * row["estimate"], rel=1e-12)
    cv = np.std(sizes) / np.mean(sizes)  # of these clusters, by their number
    assert weighted == pytest.approx((1 + cv**2) * sizes.mean(), rel=1e-12)
    assert row["cv_size"] == pytest.approx(np.std(sizes, ddof=1) / np.mean(sizes), rel=1e-12)
    assert row["effective_n"] == pytest.approx(225 / row["design_effect"], rel=1e-12)
    assert found.sizes()["arm"].tolist() == ["CG", "EG", "all"]


def test_clusters_of_one_size_are_the_icc1_of_pingouin(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    one = pd.DataFrame({"cluster": np.repeat(range(9), 4), "rater": np.tile(range(4), 9)})
    one["y"] = rng.normal(size=9)[one["cluster"]] + rng.normal(size=36)
    monkeypatch.setitem(pingouin.options, "round.column.CI95", 10)
    wanted = pingouin.intraclass_corr(one, targets="cluster", raters="rater", ratings="y").iloc[0]
    alone = intracluster_correlation(one, outcome="y", cluster="cluster")
    assert alone.icc == pytest.approx(wanted["ICC"], rel=1e-9)
    np.testing.assert_allclose((alone.conf_low, alone.conf_high), wanted["CI95"], atol=1e-9)
    assert alone.sizes()["arm"].tolist() == ["all"]
    both = pd.concat([one.assign(arm="A"), one.assign(arm="B", cluster=one["cluster"] + 9)])
    twice = intracluster_correlation(both, **COLUMNS)
    assert twice.icc == pytest.approx(wanted["ICC"], rel=1e-9)
    assert twice.between / twice.within == pytest.approx(wanted["F"], rel=1e-9)


def test_one_arm_alone_has_the_correlation_of_its_own_analysis_of_variance() -> None:
    own = CLINICS[CLINICS["arm"] == "EG"]
    found = intracluster_correlation(own, **COLUMNS)
    table = anova_lm(smf.ols("y ~ C(cluster)", own).fit())
    between, within = table["mean_sq"]
    sizes = own.groupby("cluster").size()
    size = (len(own) - (sizes**2).sum() / len(own)) / (len(sizes) - 1)
    wanted = (between - within) / (between + (size - 1) * within)
    assert found.icc == pytest.approx(wanted, rel=1e-9)
    assert found.between / found.within == pytest.approx(table["F"].iloc[0], rel=1e-9)
    without = intracluster_correlation(own, outcome="y", cluster="cluster")
    assert (found.icc, found.conf_low, found.conf_high) == (
        without.icc, without.conf_low, without.conf_high,
    )  # fmt: skip
    assert found.sizes()["arm"].tolist() == ["EG"]
    with pytest.raises(AnalysisError, match="no row has an arm"):
        intracluster_correlation(own.assign(arm=None), **COLUMNS)


@settings(max_examples=examples(30))
@given(st.integers(0, 2**32 - 1), st.floats(0, 5))
def test_it_lies_in_its_limits_and_units_and_arms_do_not_matter(seed: int, spread: float) -> None:
    frame = made_up(seed, spread=spread)
    row = intracluster_correlation(frame, **COLUMNS).to_frame().iloc[0]
    assert row["conf_low"] < row["estimate"] < row["conf_high"] <= 1
    assert row["design_effect"] >= 1
    shifted = frame.assign(y=3 * frame["y"] + 50 * (frame["arm"] == "E"))
    other = intracluster_correlation(shifted.sample(frac=1, random_state=2), **COLUMNS)
    assert other.icc == pytest.approx(row["estimate"], rel=1e-7, abs=1e-9)


def test_an_event_is_its_number() -> None:
    frame = made_up(3)
    words = frame.assign(e=np.where(frame["e"] == 1, "yes", "no"))
    asked = COLUMNS | {"outcome": "e"}
    yes = intracluster_correlation(words, **asked, event="yes")
    assert yes.icc == intracluster_correlation(frame, **asked).icc


def test_the_ends_and_what_has_none() -> None:
    frame = made_up(3)
    alike = frame.assign(y=frame["cluster"].str[1:].astype(float))
    same = intracluster_correlation(alike, **COLUMNS).to_frame().iloc[0]
    assert (same["estimate"], same["conf_low"], same["conf_high"]) == (1, 1, 1)
    for data, message in (
        (frame.assign(y=2.0), "the same in all rows of each arm"),
        (frame.assign(cluster=np.arange(len(frame))), "each cluster has one person"),
        (frame.assign(cluster=frame["arm"]), "each arm has one cluster"),
    ):
        with pytest.raises(AnalysisError, match=message):
            intracluster_correlation(data, **COLUMNS)
    with pytest.raises(AnalysisError, match="no row has all that is needed"):
        intracluster_correlation(frame.assign(y=np.nan), outcome="y", cluster="cluster")
