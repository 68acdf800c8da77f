"""Restricted means against R's areas, by their invariants and where they cannot exist."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.survival.trials import FILES, made_up, trial
from tests.conftest import examples
from trialkit.analysis.survival.restricted_mean import restricted_mean
from trialkit.errors import AnalysisError

FILE = "survival_veteran.json"  # the one that the docstring names
MADE_UP = {"time": "time", "event": "event", "arm": "arm", "reference": 0}


@pytest.mark.parametrize("name", FILES)
def test_means_differences_and_ratios_are_those_of_r(name):
    case = trial(name)
    expected = case.expected["rmst"]
    found = restricted_mean(
        case.frame, **case.columns, reference=case.arms[0], horizon=expected["tau"]
    )
    means = found.of_arms()
    assert means["arm"].tolist() == expected["arms"]
    assert means["estimate"].tolist() == pytest.approx(expected["rmst"], rel=1e-12)
    assert means["se"].tolist() == pytest.approx(expected["se"], rel=1e-12)
    table = found.to_frame().set_index(["contrast", "scale"])
    assert len(table) == 2 * len(expected["contrasts"])
    for each in expected["contrasts"]:
        row = table.loc[(each["contrast"], "difference")]
        assert row["estimate"] == pytest.approx(each["difference"], rel=1e-10)
        assert row["se"] == pytest.approx(each["se"], rel=1e-12)
        assert [row["conf_low"], row["conf_high"]] == pytest.approx(each["ci"], rel=1e-11)
        assert row["p_value"] == pytest.approx(each["p"], rel=1e-10)
        ratio = table.loc[(each["contrast"], "ratio")]
        assert ratio["estimate"] == pytest.approx(each["ratio"], rel=1e-12)
        assert [ratio["conf_low"], ratio["conf_high"]] == pytest.approx(each["ratio_ci"], rel=1e-11)
        assert ratio["p_value"] == pytest.approx(each["ratio_p"], rel=1e-10)


@settings(max_examples=examples(60))
@given(st.integers(0, 10_000), st.integers(8, 50), st.floats(0.1, 0.9))
def test_the_unit_of_time_scales_and_swapped_arms_mirror(seed, n, share):
    frame = made_up(seed, n=n)
    horizon = share * frame.groupby("arm")["time"].max().min()
    found = restricted_mean(frame, **MADE_UP, horizon=horizon).to_frame()
    scaled = restricted_mean(
        frame.assign(time=frame["time"] * 0.13), **MADE_UP, horizon=horizon * 0.13
    ).to_frame()
    assert scaled["estimate"].tolist() == pytest.approx(
        [found["estimate"][0] * 0.13, found["estimate"][1]], rel=1e-9, abs=1e-12
    )
    swapped = restricted_mean(
        frame.assign(arm=1 - frame["arm"]), **MADE_UP, horizon=horizon
    ).to_frame()
    assert swapped["estimate"][0] == pytest.approx(-found["estimate"][0], abs=1e-10)
    assert swapped["estimate"][1] == pytest.approx(1 / found["estimate"][1], rel=1e-10)
    assert swapped["p_value"].tolist() == pytest.approx(found["p_value"].tolist(), nan_ok=True)


@settings(max_examples=examples(40))
@given(st.integers(0, 10_000), st.integers(4, 40))
def test_without_censoring_it_is_the_mean_of_the_shorter_of_time_and_horizon(seed, n):
    frame = made_up(seed, n=n).assign(event=True)
    found = restricted_mean(frame, **MADE_UP, horizon=8.0).of_arms()
    cut = frame["time"].clip(upper=8.0).groupby(frame["arm"])
    assert found["estimate"].tolist() == pytest.approx(cut.mean().tolist())
    error = (cut.var(ddof=0) / cut.count()).pow(0.5)
    assert found["se"].tolist() == pytest.approx(error.tolist())


def test_a_curve_at_zero_has_a_mean_at_any_horizon():
    frame = pd.DataFrame({"time": [1, 3, 2, 4], "event": 1, "arm": [0, 0, 1, 1]})
    found = restricted_mean(frame, **MADE_UP, horizon=100).of_arms()
    assert found["estimate"].tolist() == [2, 3]
    assert found["se"].tolist() == pytest.approx([np.sqrt(1 / 2), np.sqrt(1 / 2)])


def test_arms_without_an_event_have_the_horizon_as_mean_and_no_test():
    frame = pd.DataFrame({"time": [9, 9, 9, 9], "event": 0, "arm": [0, 0, 1, 1]})
    found = restricted_mean(frame, **MADE_UP, horizon=5)
    assert found.of_arms()["estimate"].tolist() == [5, 5]
    table = found.to_frame()
    assert table["estimate"].tolist() == [0, 1]
    assert table[["statistic", "p_value", "conf_low", "conf_high"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"horizon": 0}, "above 0"),
        ({"horizon": np.inf}, "above 0"),
        ({"horizon": 6}, "later than arm 1 was watched"),
        ({"horizon": 2, "reference": 9}, "not a level"),
        ({"horizon": 2, "conf_level": 1.0}, "between 0 and 1"),
    ],
)
def test_what_has_no_restricted_mean_is_refused(options, says):
    frame = pd.DataFrame({"time": [1, 9, 2, 4], "event": [1, 0, 1, 0], "arm": [0, 0, 1, 1]})
    with pytest.raises(AnalysisError, match=says):
        restricted_mean(frame, **(MADE_UP | options))


def test_its_title_names_the_horizon():
    frame = made_up(1, n=20)
    assert (
        restricted_mean(frame, **MADE_UP, horizon=3).title
        == "Restricted mean time to event, up to 3"
    )
