"""The log-rank test against R's survdiff, by its invariants, and many at once."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.survival.trials import FILES, made_up, trial
from tests.conftest import examples
from trialkit.analysis.survival.batched_log_rank import log_rank_batch
from trialkit.analysis.survival.follow_up import stratum_codes
from trialkit.analysis.survival.log_rank import log_rank
from trialkit.analysis.survival.rank_sums import risk_table
from trialkit.errors import AnalysisError

FILE = "survival_colon_recurrence.json"  # the one that the docstring names
MADE_UP = {"time": "time", "event": "event", "arm": "arm"}
ONE = {"time": "t", "event": "e", "arm": "a"}


def options_of(kind, strata):
    return {
        "logrank": {},
        "peto_peto": {"weights": "peto-peto"},
        "logrank_stratified": {"strata": (strata,)},
    }[kind]


@pytest.mark.parametrize("kind", ["logrank", "peto_peto", "logrank_stratified"])
@pytest.mark.parametrize("name", FILES)
def test_statistic_observed_and_expected_are_those_of_r(name, kind):
    case = trial(name)
    expected = case.expected[kind]
    found = log_rank(case.frame, **case.columns, **options_of(kind, case.strata))
    assert found.statistic == pytest.approx(expected["chisq"], rel=1e-12)
    assert found.df == expected["df"]
    assert found.p_value == pytest.approx(expected["p"], rel=1e-11)
    table = found.to_frame()
    assert table["observed"].tolist() == pytest.approx(expected["observed"], rel=1e-12)
    assert table["expected"].tolist() == pytest.approx(expected["expected"], rel=1e-12)


@settings(max_examples=examples(60))
@given(
    st.integers(0, 10_000),
    st.integers(8, 60),
    st.integers(2, 4),
    st.sampled_from(["log-rank", "peto-peto"]),
)
def test_unit_of_time_order_of_rows_and_names_of_arms_change_nothing(seed, n, arms, weights):
    frame = made_up(seed, n=n, arms=arms)
    options = {**MADE_UP, "strata": ("stratum",), "weights": weights}
    try:
        found = log_rank(frame, **options)
    except AnalysisError as error:
        assert "apart" in str(error)  # noqa: PT017  (a small trial may say nothing)
        return
    other = frame.sample(frac=1, random_state=seed)
    other = other.assign(
        time=other["time"] * 3.7, arm=arms - 1 - other["arm"], stratum=9 - other["stratum"]
    )
    again = log_rank(other, **options)
    assert again.statistic == pytest.approx(found.statistic, rel=1e-8, abs=1e-10)
    assert again.df == found.df
    assert again.sums.observed[::-1].tolist() == pytest.approx(found.sums.observed.tolist())
    assert found.sums.observed.sum() == pytest.approx(found.sums.expected.sum())
    assert np.abs(found.variance().sum()).max() < 1e-9


@settings(max_examples=examples(40))
@given(st.integers(0, 10_000), st.integers(12, 60))
def test_a_stratum_of_one_arm_or_without_an_event_adds_nothing(seed, n):
    frame = made_up(seed, n=n)
    found = log_rank(frame, **MADE_UP)
    idle = made_up(seed + 1, n=8).assign(stratum=7)
    only_one = frame.assign(stratum=0), idle.assign(arm=0), idle.assign(stratum=8, event=False)
    again = log_rank(pd.concat(only_one), **MADE_UP, strata=("stratum",))
    assert again.statistic == pytest.approx(found.statistic, rel=1e-9)
    assert again.df == 1


def test_two_arms_by_hand():
    frame = pd.DataFrame({"t": [1, 2, 2, 3], "e": [1, 1, 1, 0], "a": [0, 0, 1, 1]})
    found = log_rank(frame, **ONE)
    # at 1: 1 event, 2 of 4 at risk; at 2: 2 events, 1 of 3 at risk
    assert found.sums.expected.tolist() == pytest.approx([1 / 2 + 2 / 3, 1 / 2 + 4 / 3])
    variance = 1 / 4 + 2 * (1 / 3) * (2 / 3) * (1 / 2)
    assert found.sums.variance[0, 0] == pytest.approx(variance)
    assert found.statistic == pytest.approx((2 - 7 / 6) ** 2 / variance)


def test_an_arm_that_was_gone_before_the_first_event_costs_no_degree_of_freedom():
    frame = pd.DataFrame(
        {"t": [1, 1, 2, 3, 4, 5, 6], "e": [0, 0, 1, 1, 0, 1, 0], "a": [2, 2, 0, 0, 1, 1, 1]}
    )
    found = log_rank(frame, **ONE)
    assert found.df == 1
    without = log_rank(frame[frame["a"] < 2], **ONE)
    assert found.statistic == pytest.approx(without.statistic, rel=1e-12)


def test_an_arm_without_an_event_is_compared_like_any():
    frame = pd.DataFrame({"t": [1, 2, 3, 4], "e": [1, 1, 0, 0], "a": ["C", "C", "E", "E"]})
    found = log_rank(frame, **ONE, reference="C")
    assert found.to_frame()["observed"].tolist() == [2, 0]
    assert 0 < found.p_value < 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"e": [0, 0, 0, 0]}, "nobody had the event"),
        ({"t": [1, 2, 3, 4], "e": [0, 0, 1, 1]}, "nothing tells the arms apart"),
        ({"t": [2, 2, 2, 2], "e": [1, 1, 1, 1]}, "nothing tells the arms apart"),
        ({"a": [0, 0, 0, 0]}, "two arms or more"),
    ],
)
def test_what_cannot_be_tested_is_refused(changes, says):
    frame = pd.DataFrame({"t": [1, 2, 3, 4], "e": [1, 1, 1, 1], "a": [0, 0, 1, 1]}).assign(
        **changes
    )
    with pytest.raises(AnalysisError, match=says):
        log_rank(frame, **ONE)


def test_events_all_at_one_time_are_a_test_of_proportions():
    """One time, some censored at it: the hypergeometric test of the four-fold table."""
    frame = pd.DataFrame(
        {"t": 5.0, "e": [1] * 7 + [0] * 3 + [1] * 2 + [0] * 8, "a": [0] * 10 + [1] * 10}
    )
    found = log_rank(frame, **ONE)
    variance = 10 * 10 * 9 * 11 / (20**2 * 19)
    assert found.statistic == pytest.approx((7 - 4.5) ** 2 / variance)


def test_a_stratum_that_is_missing_leaves_its_row_out():
    frame = made_up(3, n=20).assign(stratum=lambda f: f["stratum"].astype(float))
    frame.loc[4, "stratum"] = np.nan
    found = log_rank(frame, **MADE_UP, strata=("stratum",))
    assert found.excluded["row"].tolist() == [4]
    assert sum(found.counts) == 19


def test_strata_of_two_columns_are_their_combinations():
    frame = pd.DataFrame({"a": ["x", "x", "y", None], "b": [1, 2, 1, 1]})
    codes = stratum_codes(frame, ("a", "b"))
    assert codes[3] == -1
    assert len(set(codes[:3].tolist())) == 3


def test_who_is_at_risk_is_counted_at_the_times_of_events():
    at_risk, events, stratum = risk_table(
        np.array([1.0, 2, 2, 3, 1, 9]),
        np.array([1, 0, 1, 0, 1, 0]),
        np.array([0, 0, 1, 1, 1, 0]),
        strata=np.array([0, 0, 0, 0, 1, 1]),
        arms=2,
    )
    assert at_risk.tolist() == [[2, 2], [1, 2], [1, 1]]
    assert events.tolist() == [[1, 0], [0, 1], [0, 1]]
    assert stratum.tolist() == [0, 0, 1]


@pytest.mark.parametrize("ties", [True, False])
@pytest.mark.parametrize("arms", [2, 3])
@pytest.mark.parametrize("strata", [None, "stratum"])
def test_many_at_once_are_each_alone(ties, arms, strata):
    trials = [made_up(seed, n=30, arms=arms, ties=ties) for seed in range(12)]
    shared = trials[0][["arm", "stratum"]]
    found = log_rank_batch(
        np.stack([each["time"] for each in trials]),
        np.stack([each["event"] for each in trials]),
        shared["arm"].to_numpy(),
        strata=None if strata is None else shared["stratum"].to_numpy(),
    )
    for place, each in enumerate(trials):
        alone = log_rank(
            each.assign(stratum=shared["stratum"]),
            **MADE_UP,
            strata=() if strata is None else (strata,),
        )
        assert found.statistic[place] == pytest.approx(alone.statistic, rel=1e-10)
        assert found.p_value[place] == pytest.approx(alone.p_value, rel=1e-9)
        distance = (alone.sums.observed - alone.sums.expected)[1:]
        assert found.distance[place].tolist() == pytest.approx(distance.tolist(), abs=1e-12)
    assert found.usable.all()


def test_the_reference_trial_in_a_batch_is_the_one_of_r():
    case = trial("survival_colon_recurrence")
    codes = np.array([case.arms.index(each) for each in case.frame["arm"]])
    time = case.frame["time"].to_numpy(float)
    event = case.frame["status"].to_numpy()
    found = log_rank_batch(np.stack([time, time * 2]), np.stack([event, event]), codes)
    assert found.statistic.tolist() == pytest.approx(
        [case.expected["logrank"]["chisq"]] * 2, rel=1e-12
    )


def test_in_a_batch_who_is_not_observed_is_left_out_and_an_idle_set_is_not_usable():
    frame = made_up(5, n=24)
    gone = np.arange(24) % 5 == 4
    time = np.where(gone, np.nan, frame["time"])
    event = frame["event"].to_numpy()
    groups = frame["arm"].to_numpy()
    found = log_rank_batch(np.stack([time, time]), np.stack([event, np.zeros(24)]), groups)
    alone = log_rank(frame[~gone], **MADE_UP)
    assert found.statistic[0] == pytest.approx(alone.statistic, rel=1e-12)
    assert found.usable.tolist() == [True, False]
    assert np.isnan(found.p_value[1])
    assert np.isnan(found.z[1])


def test_the_signed_statistic_says_which_arm_has_more_events():
    time = np.array([[1.0, 2, 3, 4, 5, 6]])
    found = log_rank_batch(time, np.ones((1, 6)), np.array([0, 0, 0, 1, 1, 1]))
    assert found.z[0] < 0
    assert found.z[0] ** 2 == pytest.approx(found.statistic[0])


@pytest.mark.parametrize(
    ("time", "event", "groups", "says"),
    [
        (np.ones((2, 4)), np.ones((2, 3)), np.array([0, 0, 1, 1]), "shape"),
        (np.ones((2, 4)), np.ones((2, 4)), np.array([0, 0, 2, 2]), "from 0"),
        (-np.ones((2, 4)), np.ones((2, 4)), np.array([0, 0, 1, 1]), "0 or more"),
    ],
)
def test_a_batch_of_the_wrong_shape_is_refused(time, event, groups, says):
    with pytest.raises(AnalysisError, match=says):
        log_rank_batch(time, event, groups)


def test_more_than_two_arms_have_no_signed_statistic():
    frame = made_up(1, n=30, arms=3)
    found = log_rank_batch(
        frame["time"].to_numpy()[None], frame["event"].to_numpy()[None], frame["arm"].to_numpy()
    )
    with pytest.raises(AnalysisError, match="two arms"):
        _ = found.z
    with pytest.raises(AnalysisError, match="number the 30 subjects"):
        log_rank_batch(
            frame["time"].to_numpy()[None],
            frame["event"].to_numpy()[None],
            frame["arm"].to_numpy(),
            strata=np.zeros(3),
        )


def test_it_prints_the_test_above_its_arms():
    case = trial("survival_veteran")
    text = repr(log_rank(case.frame, **case.columns, strata=("celltype",)))
    assert text.startswith("log-rank test of time to status, 4 strata: chi-square 0.7017 with 1 df")


@pytest.mark.parametrize("name", FILES)
def test_petos_ratio_is_made_of_the_sums_of_r_and_turns_with_the_arms(name):
    """R gives observed, expected and chi-square, from which the variance of two arms follows."""
    case = trial(name)
    expected = case.expected["logrank"]
    if len(expected["observed"]) != 2:
        with pytest.raises(AnalysisError, match="two arms"):
            log_rank(case.frame, **case.columns).peto_ratio(reference="any")
        return
    found = log_rank(case.frame, **case.columns)
    first, second = found.arms
    row = found.peto_ratio(reference=first, conf_level=0.9).iloc[0]
    distance = expected["observed"][1] - expected["expected"][1]
    variance = distance**2 / expected["chisq"]
    assert row["estimate"] == pytest.approx(np.exp(distance / variance), rel=1e-9)
    assert row["se"] == pytest.approx(1 / np.sqrt(variance), rel=1e-9)
    assert row["p_value"] == pytest.approx(expected["p"], rel=1e-9)
    assert (row["conf_low"] > 1 or row["conf_high"] < 1) == (expected["p"] < 0.1)
    turned = found.peto_ratio(reference=second, conf_level=0.9).iloc[0]
    assert 1 / turned["estimate"] == pytest.approx(row["estimate"], rel=1e-12)
    assert 1 / turned["conf_low"] == pytest.approx(row["conf_high"], rel=1e-12)
    with pytest.raises(AnalysisError, match="log-rank test"):
        log_rank(case.frame, **case.columns, weights="peto-peto").peto_ratio(reference=first)
