"""Mean cumulative functions and regressions of recurrent events against R, by identities and by hand."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.analysis.survival.trials import REFERENCE, further
from tests.conftest import examples
from trialkit.analysis.counts.negative_binomial import negative_binomial_regression
from trialkit.analysis.recurrent import mean_curve as curves
from trialkit.analysis.recurrent.event_history import read_event_history
from trialkit.analysis.recurrent.mean_cumulative import mean_cumulative
from trialkit.analysis.recurrent.mean_curve import mean_curve
from trialkit.analysis.recurrent.recurrent_models import lwyy_regression, pwp_regression
from trialkit.analysis.survival.cox import cox_regression
from trialkit.errors import AnalysisError

EXPECTED = json.loads((REFERENCE / "recurrent_survival_cgd.json").read_text(encoding="utf-8"))
CGD = pd.read_csv(REFERENCE / "survival_cgd.csv")
TRIAL = {
    "subject": "id", "start": "tstart", "stop": "tstop", "event": "status", "arm": "arm",
    "reference": "placebo",
}  # fmt: skip
MADE_UP = {"subject": "id", "start": "start", "stop": "stop", "event": "event", "arm": "arm"}


def falls(seed, n):
    """A made-up trial: intervals of n subjects in arms 0 and 1, whole days, events in both arms."""
    rng = np.random.default_rng(seed)
    rows = []
    for each in range(n):
        now, end = 0, int(rng.integers(10, 40))
        while now < end:
            gap = int(np.ceil(rng.exponential(12)))
            stop = min(now + gap, end)
            happened = now + gap <= end or (each < 2 and now == 0)
            rows.append((f"P{each}", now, stop, happened, each % 2, rng.normal()))
            now = stop
    return pd.DataFrame(rows, columns=["id", "start", "stop", "event", "arm", "x"])


def test_means_and_robust_errors_are_those_of_r():
    found, expected = mean_cumulative(CGD, **TRIAL), further()["cgd_mean_number"]
    at = found.at([100, 200, 300])
    assert at["time"].tolist() == expected["time"]
    assert at["mean"].tolist() == pytest.approx(expected["mean"], rel=1e-12)
    assert at["se"].tolist() == pytest.approx(expected["se"], rel=1e-12)
    summary = found.to_frame().set_index("arm")
    for arm in ("placebo", "rIFN-g"):
        row = summary.loc[arm]
        assert row["n"] == EXPECTED["n_by_arm"][arm]
        assert row["events"] == EXPECTED["events_by_arm"][arm]
        assert row["follow_up"] == EXPECTED["followup_by_arm"][arm]
        assert row["mean"] == pytest.approx(EXPECTED["nelson_aalen_end"][f"arm={arm}"], rel=1e-12)
        assert row["rate"] == pytest.approx(row["events"] / row["follow_up"])


@pytest.mark.parametrize(
    ("model", "options", "key"),
    [
        (lwyy_regression, {}, "lwyy_efron"),
        (lwyy_regression, {"ties": "breslow"}, "lwyy_breslow"),
        (pwp_regression, {}, "pwp_total_time"),
        (pwp_regression, {"clock": "gap"}, "pwp_gap_time"),
    ],
)
def test_ratios_and_robust_errors_are_those_of_r(model, options, key):
    expected = EXPECTED[key]
    limits = None
    if key == "lwyy_efron":
        expected, limits = expected["coef"], expected["ci"][0]
    row = expected[0]
    found = model(CGD, **TRIAL, **options)
    ours = found.coefficients().iloc[0]
    assert ours["estimate"] == pytest.approx(row["coef"], rel=1e-11)
    assert ours["se"] == pytest.approx(row["robust se"], rel=1e-11)
    assert ours["model_se"] == pytest.approx(row["se(coef)"], rel=1e-11)
    assert ours["statistic"] == pytest.approx(row["z"], rel=1e-11)
    assert ours["p_value"] == pytest.approx(row["Pr(>|z|)"], rel=1e-9)
    ratio = found.to_frame().iloc[0]
    assert ratio["contrast"] == "rIFN-g - placebo"
    assert ratio["estimate"] == pytest.approx(row["exp(coef)"], rel=1e-11)
    if limits is not None:
        assert ratio["conf_low"] == pytest.approx(limits["lower .95"], rel=1e-11)
        assert ratio["conf_high"] == pytest.approx(limits["upper .95"], rel=1e-11)
    assert (found.n_subjects, found.n_events) == (128, 76)


def test_the_negative_binomial_rate_ratio_of_the_same_trial_is_that_of_r():
    """Of the events and the days of each subject, which the intervals add up to."""
    totals = CGD.assign(days=CGD["tstop"] - CGD["tstart"]).groupby(["id", "arm"], as_index=False)
    frame = totals.agg(events=("status", "sum"), days=("days", "sum"))
    found = negative_binomial_regression(
        frame, outcome="events", exposure="days", arm="arm", reference="placebo"
    )
    expected = EXPECTED["negative_binomial"]
    arm = found.coefficients().iloc[-1]
    assert arm["estimate"] == pytest.approx(expected["coef"][1], rel=1e-6)
    assert arm["se"] == pytest.approx(expected["se"][1], rel=1e-6)
    assert found.theta == pytest.approx(expected["theta"], rel=1e-6)
    assert found.theta_se == pytest.approx(expected["se_theta"], rel=1e-5)


@settings(max_examples=examples(40))
@given(st.integers(0, 10_000), st.integers(4, 14))
def test_unit_of_time_rows_and_names_change_nothing(seed, n):
    frame = falls(seed, n)
    found = mean_cumulative(frame, **MADE_UP)
    other = frame.sample(frac=1, random_state=seed)
    other = other.assign(
        start=other["start"] * 0.3,
        stop=other["stop"] * 0.3,
        arm=1 - other["arm"],
        id="x" + other["id"],
    )
    again = mean_cumulative(other, **MADE_UP)
    for mine, its in zip(found.curves, again.curves[::-1], strict=True):
        assert its.mean.tolist() == pytest.approx(mine.mean.tolist())
        assert its.se.tolist() == pytest.approx(mine.se.tolist(), abs=1e-12)
        assert its.times.tolist() == pytest.approx((mine.times * 0.3).tolist())
    models = [(lwyy_regression, {}), (pwp_regression, {}), (pwp_regression, {"clock": "gap"})]
    for model, options in models:
        one = model(frame, **MADE_UP, reference=0, **options).to_frame().iloc[0]
        two = model(other, **MADE_UP, reference=1, **options).to_frame().iloc[0]
        assert one["status"] == two["status"]
        if one["status"] == "estimated":
            assert two["estimate"] == pytest.approx(one["estimate"], rel=1e-6)
            assert two["se"] == pytest.approx(one["se"], rel=1e-6)


@settings(max_examples=examples(30))
@given(st.integers(0, 10_000), st.integers(3, 12))
def test_the_robust_variance_is_the_sum_of_squares_written_out(seed, n):
    frame = falls(seed, n).assign(arm=0)
    found = mean_cumulative(frame, **(MADE_UP | {"arm": None})).curves[0]
    variance = np.zeros(len(found.times))
    for _, own in frame.groupby("id"):
        total = 0.0
        for place, time in enumerate(found.times):
            watched = ((own["start"] < time) & (time <= own["stop"])).any()
            happened = ((own["stop"] == time) & own["event"]).any()
            expected = found.events[place] / found.at_risk[place]
            total += (happened - watched * expected) / found.at_risk[place]
            variance[place] += total**2
    assert (found.se**2).tolist() == pytest.approx(variance.tolist(), abs=1e-14)


def test_many_subjects_are_taken_in_turn(monkeypatch):
    frame = falls(3, 11)
    whole = mean_cumulative(frame, **MADE_UP).at([5, 15, 25])
    monkeypatch.setattr(curves, "_CELLS", 50)
    pd.testing.assert_frame_equal(mean_cumulative(frame, **MADE_UP).at([5, 15, 25]), whole)


def test_two_subjects_by_hand():
    curve = mean_curve(
        np.array([0, 0, 1]),
        np.array([0.0, 2.0, 0.0]),
        np.array([2.0, 4.0, 4.0]),
        np.array([True, True, False]),
    )
    assert curve.mean.tolist() == [0.5, 1.0]
    assert curve.at_risk.tolist() == [2, 2]
    assert (curve.n, curve.follow_up, curve.rate) == (2, 8, 0.25)


@settings(max_examples=examples(25))
@given(st.integers(0, 10_000), st.integers(6, 16))
def test_with_one_event_each_lwyy_and_pwp_are_cox_with_robust_errors(seed, n):
    frame = falls(seed, n)
    first = frame.groupby("id", as_index=False).head(1).assign(start=0.0)
    cox = cox_regression(
        first, time="stop", event="event", arm="arm", reference=0, robust=True
    ).coefficients()
    for model in (lwyy_regression, pwp_regression):
        found = model(first, **MADE_UP, reference=0).coefficients()
        assert found["status"].tolist() == cox["status"].tolist()
        if found["status"][0] == "estimated":
            assert found["estimate"][0] == pytest.approx(cox["estimate"][0], rel=1e-6)
            assert found["se"][0] == pytest.approx(cox["se"][0], rel=1e-6)


@pytest.mark.parametrize("clock", ["total", "gap"])
def test_an_interval_cut_in_two_changes_neither_clock(clock):
    frame = falls(8, 30)
    long = frame["stop"] - frame["start"] > 2
    middle = frame["start"] + 1.5
    first = frame[long].assign(stop=middle, event=False)
    rest = pd.concat([frame[~long], first, frame[long].assign(start=middle)])
    whole = pwp_regression(frame, **MADE_UP, reference=0, clock=clock, last_stratum=3)
    cut = pwp_regression(rest, **MADE_UP, reference=0, clock=clock, last_stratum=3)
    assert cut.coefficients()["estimate"][0] == pytest.approx(whole.coefficients()["estimate"][0])
    assert cut.coefficients()["se"][0] == pytest.approx(whole.coefficients()["se"][0])


def test_earlier_events_are_counted_and_strata_can_be_put_together():
    frame = pd.DataFrame(
        {
            "id": ["a", "a", "a", "b"], "start": [5, 0, 9, 2], "stop": [9, 5, 12, 7],
            "event": [0, 1, 1, 1], "arm": [0, 0, 0, 1],
        }
    )  # fmt: skip
    known = read_event_history(
        frame, subject="id", start="start", stop="stop", event="event", arm="arm"
    )
    assert known.earlier.tolist() == [1, 0, 1, 0]
    assert known.since.tolist() == [5, 0, 5, 2]
    assert known.n_subjects == 2
    together = pwp_regression(CGD, **TRIAL, last_stratum=1).coefficients()
    alone = lwyy_regression(CGD, **TRIAL).coefficients()
    assert together["estimate"][0] == pytest.approx(alone["estimate"][0])
    three = pwp_regression(CGD, **TRIAL, last_stratum=3).fit.rows.strata
    assert three.max() == 2


def test_an_arm_without_an_event_has_a_mean_of_zero_and_no_finite_ratio():
    frame = falls(9, 12)
    frame.loc[frame["arm"] == 1, "event"] = False
    found = mean_cumulative(frame, **MADE_UP)
    row = found.at([10]).set_index("arm").loc[1]
    assert row[["mean", "se", "conf_low", "conf_high"]].tolist() == [0, 0, 0, 0]
    ratio = lwyy_regression(frame, **MADE_UP, reference=0).to_frame().iloc[0]
    assert (ratio["estimate"], ratio["status"]) == (0, "not_estimable")
    difference = found.differences([10], reference=0).iloc[0]
    assert difference["estimate"] < 0
    assert difference["p_value"] < 1


def test_ratios_of_means_are_those_of_the_means_and_errors_of_r():
    """The delta method on the logarithm, from R's own means and standard errors."""
    expected = further()["cgd_mean_number"]
    times, means, errors = (np.array(expected[name]) for name in ("time", "mean", "se"))
    count = len(times) // 2
    found = mean_cumulative(CGD, **TRIAL).ratios(times[:count], reference="placebo")
    against, mean = means[:count], means[count:]
    se = np.hypot(errors[:count] / against, errors[count:] / mean)
    assert found["estimate"].to_numpy() == pytest.approx(mean / against, rel=1e-12)
    assert found["se"].to_numpy() == pytest.approx(se, rel=1e-12)
    reach = np.exp(1.959963984540054 * se)
    assert found["conf_low"].to_numpy() == pytest.approx(mean / against / reach, rel=1e-9)
    assert found["conf_high"].to_numpy() == pytest.approx(mean / against * reach, rel=1e-9)


@settings(max_examples=examples(30))
@given(seed=st.integers(0, 10_000), n=st.integers(6, 30))
def test_swapping_the_arms_turns_a_ratio_of_means_over(seed, n):
    found = mean_cumulative(falls(seed, n), **MADE_UP, order={"arm": [0, 1]})
    when = [found.to_frame()["time"].min()]
    assume((found.at(when)["mean"] > 0).all())
    one, other = (found.ratios(when, reference=reference) for reference in (0, 1))
    assert one["estimate"].item() == pytest.approx(1 / other["estimate"].item(), rel=1e-12)
    assert one["conf_low"].item() == pytest.approx(1 / other["conf_high"].item(), rel=1e-9)
    assert one["p_value"].item() == pytest.approx(other["p_value"].item(), abs=1e-12)


def test_an_arm_without_an_event_has_a_ratio_of_zero_and_nothing_beside_it():
    rows = falls(3, 12)
    rows.loc[rows["arm"] == 1, "event"] = False
    found = mean_cumulative(rows, **MADE_UP, order={"arm": [0, 1]})
    when = [found.to_frame()["time"].min()]
    row = found.ratios(when, reference=0).iloc[0]
    assert row["estimate"] == 0
    assert row[["se", "statistic", "p_value", "conf_low", "conf_high"]].isna().all()
    assert np.isinf(found.ratios(when, reference=1).iloc[0]["estimate"])


def test_limits_are_symmetric_on_their_scale():
    logged = mean_cumulative(CGD, **TRIAL).at([200]).iloc[0]
    assert logged["conf_low"] * logged["conf_high"] == pytest.approx(logged["mean"] ** 2)
    plain = mean_cumulative(CGD, **TRIAL, limits="plain").at([200]).iloc[0]
    assert plain["conf_low"] + plain["conf_high"] == pytest.approx(2 * plain["mean"])
    beyond = mean_cumulative(CGD, **TRIAL).at([5000])
    assert beyond["mean"].isna().all()


ONE = {"subject": "id", "start": "s", "stop": "t", "event": "e", "arm": "a"}


@pytest.mark.parametrize(
    ("changes", "options", "says"),
    [
        ({"s": [0, 3, 0, 0]}, {}, "subject x is watched twice at once"),
        ({"s": [0, 8, 0, 0]}, {}, "intervals_of_events"),
        ({"a": [0, 1, 1, 1]}, {}, "subject x is in two arms"),
        ({"s": [-1, 4, 0, 0]}, {}, "negative"),
        ({}, {"limits": "log-log"}, "no probability"),
        ({"a": [0, 0, None, None]}, {}, "two arms"),
    ],
)
def test_what_is_no_history_is_refused(changes, options, says):
    frame = pd.DataFrame(
        {"id": ["x", "x", "y", "z"], "s": [0, 4, 0, 0], "t": [4, 8, 5, 6], "e": [1, 0, 1, 0], "a": [0, 0, 1, 1]}
    ).assign(**changes)  # fmt: skip
    with pytest.raises(AnalysisError, match=says):
        mean_cumulative(frame, **(ONE | options))


def test_a_stratum_number_counts_from_one():
    with pytest.raises(AnalysisError, match="from 1"):
        pwp_regression(CGD, **TRIAL, last_stratum=0)


def test_titles_say_what_is_modelled():
    assert mean_cumulative(CGD, **TRIAL).title == "Mean number of status a subject, log limits"
    assert pwp_regression(CGD, **TRIAL, clock="gap", covariates=("age",)).title == (
        "PWP gap-time regression of status adjusted for age (efron ties, 128 subjects, 76 events)"
    )
    text = repr(lwyy_regression(CGD, **TRIAL))
    assert text.startswith("LWYY regression of status (efron ties, 128 subjects, 76 events)\n")
    curve = mean_cumulative(CGD, **TRIAL).curve()
    assert list(curve) == ["arm", "time", "at_risk", "events", "mean", "se", "conf_low", "conf_high", "conf_level"]  # fmt: skip
