"""Cumulative incidence, Gray's test and Fine-Gray against R's cmprsk, by identities and by hand."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.survival.trials import REFERENCE, further, made_up
from tests.conftest import examples
from trialkit.analysis.survival.competing_events import read_causes
from trialkit.analysis.survival.competing_risk_sets import competing_risk_sets
from trialkit.analysis.survival.cox import cox_regression
from trialkit.analysis.survival.cumulative_incidence import cumulative_incidence
from trialkit.analysis.survival.fine_gray import fine_gray
from trialkit.analysis.survival.gray import gray_test
from trialkit.analysis.survival.gray_sums import gray_sums
from trialkit.analysis.survival.incidence_curve import aalen_johansen
from trialkit.analysis.survival.kaplan_meier import kaplan_meier
from trialkit.analysis.survival.log_rank import log_rank
from trialkit.errors import AnalysisError

EXPECTED = json.loads((REFERENCE / "competing_mgus2.json").read_text(encoding="utf-8"))
MGUS = pd.read_csv(REFERENCE / "survival_mgus2.csv").assign(
    old=lambda f: f["age"] > 70,
    decade=lambda f: f["age"] / 10,
    group=lambda f: pd.cut(f["age"], [0, 60, 70, 80, 200], labels=False),
)
TRIAL = {"time": "time", "event": "cause", "censored": 0, "arm": "arm", "reference": "F"}
MADE_UP = {"time": "time", "event": "cause", "censored": 0, "arm": "arm"}


def competing(seed, n, *, arms=2, ties=True):
    """A made-up trial whose events are of cause 1 or 2, and both happen in all arms."""
    frame = made_up(seed, n=n, arms=arms, ties=ties)
    kinds = np.random.default_rng(seed).integers(1, 3, n)
    frame["cause"] = np.where(frame["event"], kinds, 0)
    frame.loc[: arms - 1, "cause"] = 1
    frame.loc[arms : 2 * arms - 1, "cause"] = 2
    frame.loc[n - 1, "cause"] = 0
    return frame


def test_incidence_and_its_variance_are_those_of_r():
    found = cumulative_incidence(MGUS, **TRIAL).at(EXPECTED["times"])
    for name, share, variance in zip(
        EXPECTED["cuminc_rows"], EXPECTED["cuminc_est"], EXPECTED["cuminc_var"], strict=True
    ):
        arm, cause = name.split()
        here = found[(found["arm"] == arm) & (found["cause"] == int(cause))]
        assert here["incidence"].tolist() == pytest.approx(share, rel=1e-12)
        assert (here["se"] ** 2).tolist() == pytest.approx(variance, rel=1e-11)


@pytest.mark.parametrize("cause", [1, 2])
def test_grays_test_is_that_of_r(cause):
    expected = EXPECTED["gray"][cause - 1]
    found = gray_test(MGUS, **TRIAL, cause=cause)
    assert found.statistic == pytest.approx(expected["stat"], rel=1e-11)
    assert found.df == expected["df"]
    assert found.p_value == pytest.approx(expected["pv"], rel=1e-10)
    within = gray_test(MGUS, **TRIAL, cause=cause, strata=("old",))
    assert within.statistic == pytest.approx(further()["mgus_gray_strata"]["stat"][cause - 1])
    four = gray_test(MGUS, **(TRIAL | {"arm": "group", "reference": None}), cause=cause)
    assert four.statistic == pytest.approx(further()["mgus_gray_four"]["stat"][cause - 1])
    assert four.df == 3


def test_fine_gray_is_that_of_r():
    expected = EXPECTED["fine_gray"]
    found = fine_gray(MGUS, **TRIAL, cause=1, covariates=("age",)).coefficients()
    assert expected["covariates"] == ["male", "age"]
    assert found["estimate"].tolist() == pytest.approx(expected["coef"][::-1], rel=1e-7)
    assert found["se"].tolist() == pytest.approx(expected["se"][::-1], rel=1e-7)
    death = further()["mgus_fine_gray_death"]
    second = fine_gray(MGUS, **TRIAL, cause=2, covariates=("decade",))
    table = second.coefficients()
    assert table["estimate"].tolist() == pytest.approx(death["coef"][::-1], rel=1e-10)
    assert table["se"].tolist() == pytest.approx(death["se"][::-1], rel=1e-10)
    assert second.log_likelihood == pytest.approx(death["loglik"][0], rel=1e-12)
    assert (second.n, second.n_events, second.n_competing) == (1384, 860, 115)


@settings(max_examples=examples(60))
@given(st.integers(0, 10_000), st.integers(8, 50))
def test_incidences_and_survival_add_up_to_one(seed, n):
    frame = competing(seed, n)
    found = cumulative_incidence(frame, **MADE_UP).curve()
    free = kaplan_meier(frame.assign(any=frame["cause"] > 0), time="time", event="any", arm="arm")
    total = found.groupby(["arm", "time"])["incidence"].sum().to_numpy()
    assert (total + free.curve()["survival"]).tolist() == pytest.approx([1.0] * len(total))
    assert (found["se"] >= 0).all()


@settings(max_examples=examples(40))
@given(st.integers(0, 10_000), st.integers(8, 50))
def test_with_one_cause_the_incidence_is_one_minus_kaplan_meier(seed, n):
    frame = made_up(seed, n=n)
    found = cumulative_incidence(
        frame,
        time="time",
        event="event",
        censored=None if frame["event"].all() else False,
        arm="arm",
    ).curve()
    plain = kaplan_meier(frame, time="time", event="event", arm="arm").curve()
    assert found["incidence"].tolist() == pytest.approx((1 - plain["survival"]).tolist())
    assert found["events"].tolist() == plain["events"].tolist()


@settings(max_examples=examples(40))
@given(st.integers(0, 10_000), st.integers(14, 50), st.integers(2, 3))
def test_unit_of_time_rows_and_names_of_arms_change_no_gray_test(seed, n, arms):
    frame = competing(seed, n, arms=arms)
    found = gray_test(frame, **MADE_UP, cause=1)
    other = frame.sample(frac=1, random_state=seed)
    other = other.assign(time=other["time"] * 0.7, arm=arms - 1 - other["arm"])
    again = gray_test(other, **MADE_UP, cause=1)
    assert again.statistic == pytest.approx(found.statistic, rel=1e-7)


@settings(max_examples=examples(30))
@given(st.integers(0, 10_000), st.integers(14, 50))
def test_without_competing_events_fine_gray_is_cox(seed, n):
    frame = made_up(seed, n=n)
    frame.loc[3, "event"] = False
    model = {"time": "time", "event": "event", "arm": "arm", "reference": 0, "covariates": ("x",)}
    found = fine_gray(frame, **model, censored=False, cause=True).coefficients()
    cox = cox_regression(frame, **model, ties="breslow", robust=True).coefficients()
    if set(cox["status"]) == {"estimated"}:
        assert found["estimate"].tolist() == pytest.approx(cox["estimate"].tolist(), rel=1e-7)
        assert found["se"].tolist() == pytest.approx(cox["se"].tolist(), rel=1e-7)


@settings(max_examples=examples(25))
@given(st.integers(0, 10_000), st.integers(14, 40))
def test_without_censoring_whoever_had_another_event_stays_for_ever(seed, n):
    """Then the weights are 1: a Cox regression in which the others live on."""
    frame = competing(seed, n)
    frame["cause"] = np.where(frame["cause"] == 0, 2, frame["cause"])
    model = {"time": "time", "arm": "arm", "reference": 0, "covariates": ("x",)}
    found = fine_gray(frame, **model, event="cause", censored=None, cause=1).coefficients()
    lived = frame.assign(
        time=np.where(frame["cause"] == 2, 1e6, frame["time"]), event=frame["cause"] == 1
    )
    cox = cox_regression(lived, **model, event="event", ties="breslow", robust=True).coefficients()
    if set(cox["status"]) == {"estimated"}:
        assert found["estimate"].tolist() == pytest.approx(cox["estimate"].tolist(), rel=1e-7)
        assert found["se"].tolist() == pytest.approx(cox["se"].tolist(), rel=1e-7)


def test_without_competing_events_grays_test_is_near_the_log_rank_test():
    """They share the score; Gray's variance is not that of the hypergeometric counts."""
    frame = made_up(11, n=300, ties=False)
    gray = gray_test(frame, time="time", event="event", censored=False, cause=True, arm="arm")
    rank = log_rank(frame, time="time", event="event", arm="arm")
    assert gray.statistic == pytest.approx(rank.statistic, rel=0.1)
    score, _ = gray_sums(
        frame["time"].to_numpy(),
        frame["event"].to_numpy().astype(int),
        frame["arm"].to_numpy(),
        arms=2,
    )
    assert score[0] == pytest.approx(rank.sums.observed[0] - rank.sums.expected[0])


@pytest.mark.parametrize(
    "more",
    [
        {"arm": [0, 1, 0], "cause": [0, 0, 0]},
        {"arm": [0, 0, 0], "cause": [1, 2, 0]},
        {"arm": [1, 1, 1], "cause": [1, 1, 2]},
    ],
    ids=["nobody has an event", "only the first arm", "only the other arm"],
)
def test_a_stratum_that_cannot_tell_the_arms_apart_adds_nothing(more):
    frame = competing(5, 60).assign(stratum="large")
    small = pd.DataFrame(more).assign(time=[1.0, 2.0, 3.0], stratum="small")
    alone = gray_test(frame, **MADE_UP, cause=1)

    both = gray_test(pd.concat([frame, small]), **MADE_UP, cause=1, strata=["stratum"])

    assert both.statistic == pytest.approx(alone.statistic, rel=1e-9)


def test_strata_of_one_subject_each_cannot_tell_the_arms_apart():
    frame = competing(5, 24)
    frame["own"] = [f"s{number}" for number in range(len(frame))]

    with pytest.raises(AnalysisError, match="cannot tell the arms apart"):
        gray_test(frame, **MADE_UP, cause=1, strata=["own"])


def test_curves_by_hand():
    curve = aalen_johansen(np.array([1.0, 2, 3, 4]), np.array([1, 2, 0, 1]), 2)
    assert curve.incidence[:, 0].tolist() == pytest.approx([0.25, 0.25, 0.25, 0.75])
    assert curve.incidence[:, 1].tolist() == pytest.approx([0, 0.25, 0.25, 0.25])


def test_who_had_another_event_stays_with_the_share_still_uncensored():
    sets = competing_risk_sets(np.array([1.0, 2, 3, 4]), np.array([2, 0, 1, 1]))
    # at 3 the one of time 1 counts by the 2 of 3 who were not censored at 2
    assert sets.over_those_at_risk(np.ones(4)).tolist() == pytest.approx([2 + 2 / 3, 1 + 2 / 3])


def test_an_arm_without_the_cause_has_no_incidence_and_an_endless_ratio():
    frame = competing(3, 40)
    frame["cause"] = np.where((frame["arm"] == 1) & (frame["cause"] == 1), 2, frame["cause"])
    found = cumulative_incidence(frame, **MADE_UP)
    row = found.at([5.0]).set_index(["arm", "cause"]).loc[(1, 1)]
    assert row[["incidence", "se", "conf_low", "conf_high"]].tolist() == [0, 0, 0, 0]
    ratio = fine_gray(frame, **MADE_UP, reference=0, cause=1, covariates=("x",))
    row = ratio.to_frame().iloc[0]
    assert (row["estimate"], row["conf_high"], row["status"]) == (0, np.inf, "not_estimable")
    x = ratio.coefficients().iloc[0]
    assert np.isfinite(x["se"])
    assert gray_test(frame, **MADE_UP, cause=1).p_value < 1


def test_milestone_differences_are_of_the_named_cause():
    found = cumulative_incidence(MGUS, **TRIAL)
    row = found.differences([120], reference="F", cause=2).iloc[0]
    at = found.at([120]).set_index(["arm", "cause"])
    assert row["contrast"] == "M - F"
    assert row["estimate"] == pytest.approx(
        at.loc[("M", 2), "incidence"] - at.loc[("F", 2), "incidence"]
    )
    assert row["se"] == pytest.approx(np.hypot(at.loc[("M", 2), "se"], at.loc[("F", 2), "se"]))
    assert row["p_value"] < 0.01


@pytest.mark.parametrize(
    ("changes", "options", "says"),
    [
        ({}, {"censored": 7}, "not among the values"),
        ({"cause": 0}, {}, "all are censored"),
        ({}, {"cause": 3}, "the events of the data are 1, 2"),
        ({"time": -1.0}, {}, "negative"),
        ({"cause": [0, 2, 1, 0], "time": [1.0, 2, 3, 4], "arm": [0, 0, 1, 1]}, {"cause": 1}, "cannot tell the arms apart"),
    ],
)  # fmt: skip
def test_what_cannot_be_tested_is_refused(changes, options, says):
    frame = competing(2, len(changes.get("arm", range(12))))
    with pytest.raises(AnalysisError, match=says):
        gray_test(frame.assign(**changes), **(MADE_UP | {"cause": 1} | options))


def test_causes_are_named_in_their_order_and_missing_ones_are_missing():
    frame = pd.DataFrame({"why": ["surgery", "out", None, "return"]})
    values, causes = read_causes(frame, "why", censored="out")
    assert causes == ("return", "surgery")
    assert values.tolist()[:2] == [2, 0]
    assert np.isnan(values[2])
    stated = pd.Categorical(frame["why"], ["surgery", "return", "out", "died"])
    assert read_causes(frame.assign(why=stated), "why", censored="out")[1] == ("surgery", "return")


def test_titles_say_what_is_modelled():
    assert cumulative_incidence(MGUS, **TRIAL).title.startswith(
        "Cumulative incidence of cause by time"
    )
    assert repr(gray_test(MGUS, **TRIAL, cause=1)).startswith(
        "Gray's test of time to 1: chi-square 1.195"
    )
    assert fine_gray(MGUS, **TRIAL, cause=1, covariates=("age",)).title == (
        "Fine-Gray regression of time to 1 adjusted for age (n = 1384, 115 events, 860 competing)"
    )
