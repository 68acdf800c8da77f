"""Kaplan-Meier curves against R's survfit, by their invariants and by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.survival.trials import FILES, further, made_up, trial
from tests.conftest import examples
from trialkit.analysis.survival.curve_limits import crossing_time
from trialkit.analysis.survival.kaplan_meier import kaplan_meier
from trialkit.analysis.survival.survival_curve import product_limit
from trialkit.errors import AnalysisError

LIMITS = {"log": "log", "loglog": "log-log", "plain": "plain"}
NAMES = [*FILES]
FILE = "survival_colon_recurrence.json"  # the one that the docstring names
MADE_UP = {"time": "time", "event": "event", "arm": "arm"}


def numbers(values):
    return [np.nan if each is None else each for each in values]


@pytest.mark.parametrize("kind", LIMITS)
@pytest.mark.parametrize("name", NAMES)
def test_curves_limits_and_medians_are_those_of_r(name, kind):
    case = trial(name)
    found = kaplan_meier(case.frame, **case.columns, limits=LIMITS[kind])
    at = found.at(case.expected["km"][0]["times"])
    summary = found.to_frame().set_index("arm")
    quartiles = found.quantiles()
    for expected in case.expected["km"]:
        here = at[at["arm"] == expected["arm"]]
        assert here["at_risk"].tolist() == expected["at_risk"]
        assert here["survival"].tolist() == pytest.approx(expected["survival"], rel=1e-12)
        assert here["se"].tolist() == pytest.approx(expected["std_err"], rel=1e-12)
        limits = np.array(expected[f"ci_{kind}"])
        assert here["conf_low"].tolist() == pytest.approx(limits[:, 0].tolist(), rel=1e-11)
        assert here["conf_high"].tolist() == pytest.approx(limits[:, 1].tolist(), rel=1e-11)
        row = summary.loc[expected["arm"]]
        assert (row["n"], row["events"]) == (expected["n"], expected["events"])
        median = numbers([expected["median"], *expected[f"median_ci_{kind}"]])
        ours = row[["median", "conf_low", "conf_high"]].tolist()
        assert ours == pytest.approx(median, nan_ok=True)
        mine = quartiles[quartiles["arm"] == expected["arm"]]["time"].tolist()
        assert mine == pytest.approx(numbers(expected["quartiles"]), nan_ok=True)


@pytest.mark.parametrize("name", NAMES)
def test_limits_of_another_level_are_those_of_r(name):
    case = trial(name)
    found = kaplan_meier(case.frame, **case.columns, limits="log-log", conf_level=0.9)
    at = found.at(case.expected["km"][0]["times"]).iloc[: len(case.expected["km90"])]
    limits = np.array(case.expected["km90"])
    assert at[["conf_low", "conf_high"]].to_numpy() == pytest.approx(limits, rel=1e-11)
    assert set(at["conf_level"]) == {0.9}


@pytest.mark.parametrize("kind", LIMITS)
def test_limits_of_quartiles_are_those_of_r(kind):
    case, expected = trial("MASS_gehan"), further()["gehan_quartiles"][kind]
    found = kaplan_meier(case.frame, **case.columns, limits=LIMITS[kind]).quantiles()
    for column, key in (("time", "time"), ("conf_low", "low"), ("conf_high", "high")):
        r = numbers([each for arm in expected[key] for each in arm])
        assert found[column].tolist() == pytest.approx(r, nan_ok=True)


@pytest.mark.parametrize("name", ["MASS_gehan", "survival_veteran"])
def test_milestone_differences_are_those_of_r(name):
    case = trial(name)
    expected = case.expected["milestone"]
    found = kaplan_meier(case.frame, **case.columns).differences(
        [expected["time"]], reference=case.arms[0]
    )
    row = found.iloc[0]
    assert row["contrast"] == f"{case.arms[1]} - {case.arms[0]}"
    assert row["estimate"] == pytest.approx(expected["difference"], rel=1e-12)
    assert row["se"] == pytest.approx(expected["se"], rel=1e-12)
    assert [row["conf_low"], row["conf_high"]] == pytest.approx(expected["ci_plain"], rel=1e-11)
    assert row["p_value"] == pytest.approx(expected["p"], rel=1e-10)


@settings(max_examples=examples(60))
@given(st.integers(0, 10_000), st.integers(6, 60), st.sampled_from(["log", "log-log", "plain"]))
def test_unit_of_time_rows_and_names_of_arms_change_nothing_but_themselves(seed, n, limits):
    frame = made_up(seed, n=n)
    found = kaplan_meier(frame, **MADE_UP, limits=limits).curve()
    scaled = frame.assign(time=frame["time"] / 7.3)
    shuffled = scaled.sample(frac=1, random_state=seed)
    other = kaplan_meier(shuffled, **MADE_UP, limits=limits).curve()
    assert other["time"].tolist() == pytest.approx((found["time"] / 7.3).tolist(), rel=1e-12)
    pd.testing.assert_frame_equal(found.drop(columns="time"), other.drop(columns="time"))
    swapped = kaplan_meier(frame.assign(arm=1 - frame["arm"]), **MADE_UP, limits=limits).curve()
    mirrored = swapped.assign(arm=1 - swapped["arm"]).sort_values("arm", kind="stable")
    pd.testing.assert_frame_equal(found, mirrored.reset_index(drop=True))


@settings(max_examples=examples(60))
@given(st.integers(0, 10_000), st.integers(2, 40))
def test_without_censoring_the_curve_is_the_share_still_free_of_the_event(seed, n):
    time = made_up(seed, n=n)["time"].to_numpy()
    curve = product_limit(time, np.ones(n, dtype=bool))
    share = [(time > each).mean() for each in curve.times]
    assert curve.survival.tolist() == pytest.approx(share, abs=1e-12)
    binomial = np.sqrt(np.array(share) * (1 - np.array(share)) / n)
    assert curve.se[:-1].tolist() == pytest.approx(binomial[:-1].tolist(), abs=1e-12)
    assert np.isnan(curve.se[-1])


def test_a_curve_of_ties_zero_times_and_censoring_by_hand():
    frame = pd.DataFrame({"t": [0, 0, 2, 2, 2, 5], "e": [1, 0, 1, 1, 0, 0]})
    found = kaplan_meier(frame, time="t", event="e").curve()
    assert found["arm"].tolist() == ["all"] * 3
    assert found["at_risk"].tolist() == [6, 4, 1]
    assert found["events"].tolist() == [1, 2, 0]
    assert found["censored"].tolist() == [1, 1, 1]
    assert found["survival"].tolist() == pytest.approx([5 / 6, 5 / 12, 5 / 12])


def test_times_that_differ_by_rounding_are_one_time():
    frame = pd.DataFrame({"t": [0.1 + 0.2, 0.3, 0.6], "e": [1, 1, 0]})
    found = kaplan_meier(frame, time="t", event="e").curve()
    assert found["events"].tolist() == [2, 0]
    assert found["at_risk"].tolist() == [3, 1]
    assert kaplan_meier(frame, time="t", event="e").at([0.3])["survival"].tolist() == pytest.approx(
        [1 / 3]
    )


def test_an_arm_without_an_event_stays_at_one_and_has_no_median():
    frame = pd.DataFrame({"t": [3, 4, 5, 6], "e": [1, 1, 0, 0], "a": ["C", "C", "E", "E"]})
    found = kaplan_meier(frame, time="t", event="e", arm="a", reference="C")
    row = found.to_frame().set_index("arm").loc["E"]
    assert row["events"] == 0
    assert np.isnan(row[["median", "conf_low", "conf_high"]].to_numpy(dtype=float)).all()
    at = found.at([3, 5, 7]).set_index(["arm", "time"])
    assert at.loc[("E", 5.0), ["survival", "conf_low", "conf_high"]].tolist() == [1, 1, 1]
    assert np.isnan(at.loc[("E", 7.0), "survival"])  # nobody was watched so long
    assert at.loc[("C", 7.0), "survival"] == 0  # everybody had the event
    assert at.loc[("C", 7.0), "at_risk"] == 0


def test_a_difference_without_a_standard_error_has_no_test():
    frame = pd.DataFrame({"t": [3, 4, 5, 6], "e": 0, "a": [0, 0, 1, 1]})
    row = kaplan_meier(frame, time="t", event="e", arm="a").differences([2], reference=0).iloc[0]
    assert (row["estimate"], row["se"]) == (0, 0)
    assert np.isnan(row[["statistic", "p_value", "conf_low", "conf_high"]].astype(float)).all()


def test_the_middle_of_a_flat_stretch_is_the_median_and_the_last_time_ends_it():
    assert crossing_time(np.array([1.0, 2, 3, 4]), np.array([0.75, 0.5, 0.5, 0.25]), 0.5) == 3
    assert crossing_time(np.array([1.0, 2, 9]), np.array([0.75, 0.5, 0.5]), 0.5) == 5.5
    assert crossing_time(np.array([1.0, 2]), np.array([0.75, 0.4]), 0.5) == 2
    assert np.isnan(crossing_time(np.array([1.0, 2]), np.array([0.9, 0.8]), 0.5))


@pytest.mark.parametrize(
    ("changes", "options", "says"),
    [
        ({"t": [-1, 2, 3, 4]}, {}, r"negative time\(s\), such as -1"),
        ({"e": ["yes", "no", "no", "no"]}, {}, "event_value"),
        ({"e": [2, 1, 0, 0]}, {}, "got 2"),
        ({}, {"event_value": 5}, "not among the values"),
        ({"t": pd.to_timedelta([1, 2, 3, 4], unit="D")}, {}, "number of days"),
        ({}, {"limits": "loglog"}, "did you mean 'log-log'"),
        ({}, {"conf_level": 95}, "between 0 and 1"),
        ({}, {"event": "t"}, "two columns"),
        ({"e": [1, 0, None, None]}, {}, "no value of 't' in a 1"),
        ({"s": [1, 1, 2, 3]}, {"subject": "s"}, "more than one row"),
        ({}, {"arm": None, "reference": 0}, "pass arm="),
        ({"t": [1e16, 1, 2, 3]}, {}, "above"),
    ],
)
def test_what_cannot_be_a_curve_is_refused(changes, options, says):
    frame = pd.DataFrame({"t": [1, 2, 3, 4], "e": [1, 0, 1, 0], "a": [0, 0, 1, 1]}).assign(
        **changes
    )
    with pytest.raises(AnalysisError, match=says):
        kaplan_meier(frame, **({"time": "t", "event": "e", "arm": "a"} | options))


def test_a_level_can_be_the_event_and_rows_without_a_value_are_told():
    frame = pd.DataFrame(
        {"t": [1, 2, None, 4], "why": ["fell", "left", "fell", None], "a": [0, 1, 0, 1]}
    )
    frame = pd.concat([frame, pd.DataFrame({"t": [3, 5], "why": ["fell", "end"], "a": [1, 0]})])
    found = kaplan_meier(frame, time="t", event="why", event_value="fell", arm="a")
    assert found.to_frame()["events"].tolist() == [1, 1]
    assert found.excluded["reason"].tolist() == ["t is missing", "why is missing"]


@pytest.mark.parametrize("times", [[], [-1], [np.nan], [np.inf]])
def test_times_of_milestones_are_numbers_of_zero_or_more(times):
    frame = pd.DataFrame({"t": [1, 2], "e": [1, 0]})
    with pytest.raises(AnalysisError, match="times must be"):
        kaplan_meier(frame, time="t", event="e").at(times)


def test_a_share_is_no_percentage():
    frame = pd.DataFrame({"t": [1, 2], "e": [1, 0]})
    with pytest.raises(AnalysisError, match="between 0 and 1"):
        kaplan_meier(frame, time="t", event="e").quantiles([50])


def test_it_prints_its_medians():
    case = trial("MASS_gehan")
    text = repr(kaplan_meier(case.frame, **case.columns))
    assert text.startswith("Kaplan-Meier of time to status, log-log limits\n")
    assert "median" in text
