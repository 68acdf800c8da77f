"""Responders: the threshold is met up to rounding, and the missing are counted as stated."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkit.analysis.proportions.responders import (
    ImprovedBy,
    ImprovedByShare,
    compare_responders,
    respond,
)
from trialkit.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference" / "between"


def frame_of(responding_eg, responding_cg, n=13):
    final = [30.0] * responding_eg + [58.0] * (n - responding_eg)
    final += [30.0] * responding_cg + [58.0] * (n - responding_cg)
    return pd.DataFrame(
        {"id": range(2 * n), "arm": ["EG"] * n + ["CG"] * n, "base": 60.0, "final": final}
    )


def compare(frame, rule=None, **options):
    defaults = {
        "baseline": "base",
        "final": "final",
        "arm": "arm",
        "reference": "CG",
        "rule": rule or ImprovedBy(amount=15),
        "direction": "lower",
        "missing": "non_responder",
    }
    return compare_responders(frame, **(defaults | options))


def test_the_comparison_is_that_of_the_counts():
    case = json.loads((REFERENCE / "bin_small_11_13_5_13.json").read_text(encoding="utf-8"))
    for rule in (ImprovedBy(amount=15), ImprovedByShare(share=0.3)):
        row = (
            compare(frame_of(11, 5), rule, interval="newcombe", test="fisher_exact")
            .to_frame()
            .iloc[0]
        )
        assert row["estimate"] == pytest.approx(case["rd"])
        assert row[["conf_low", "conf_high"]].to_list() == pytest.approx(case["rd_newcombe"])
        assert row["p_value"] == pytest.approx(case["fisher"]["p"])
        assert str(rule) in row["note"]


def test_the_rule_for_the_missing_is_followed_and_named():
    frame = frame_of(11, 5)
    frame.loc[[0, 13], "final"] = np.nan
    frame.loc[1, "base"] = np.nan
    failures = compare(frame, subject="id")
    assert [each.events for each in failures.comparison.counts] == [4, 9]
    assert [each.n for each in failures.comparison.counts] == [13, 13]
    assert "3 without a value counted as non-responders" in failures.note
    assert failures.excluded.empty
    observed = compare(frame, missing="observed_only", subject="id")
    assert [each.n for each in observed.comparison.counts] == [12, 11]
    assert observed.excluded["subject"].to_list() == [0, 1, 13]
    assert observed.excluded["reason"].to_list() == [
        "final is missing",
        "base is missing",
        "final is missing",
    ]
    assert "3 without a value left out" in observed.note
    assert observed.counts()["responders"].to_list() == [4, 9]


def test_a_threshold_is_met_up_to_rounding_error():
    assert 2.8 - 1.3 < 1.5
    base, final = np.array([2.8, 2.8, 0.3]), np.array([1.3, 1.31, 0.21])
    by = respond(base, final, rule=ImprovedBy(amount=1.5), direction="lower")
    assert by.tolist() == [1, 0, 0]
    share = respond(base, final, rule=ImprovedByShare(share=0.3), direction="lower")
    assert share.tolist() == [1, 1, 1]


def test_direction_says_who_improved():
    base, final = np.array([10.0, 10.0]), np.array([14.0, 6.0])
    for direction, expected in (("higher", [1, 0]), ("lower", [0, 1])):
        found = respond(base, final, rule=ImprovedBy(amount=3), direction=direction)
        assert found.tolist() == expected


def test_a_share_needs_a_baseline_above_zero():
    base, final = np.array([0.0, 10.0]), np.array([0.0, 1.0])
    found = respond(base, final, rule=ImprovedByShare(), direction="lower")
    assert np.isnan(found[0])
    assert found[1] == 1
    with pytest.raises(AnalysisError, match="baselines above 0"):
        respond(-base, final, rule=ImprovedByShare(), direction="lower")
    frame = frame_of(3, 3)
    frame.loc[0, "base"] = 0.0
    observed = compare(frame, ImprovedByShare(), missing="observed_only")
    assert observed.excluded["reason"].to_list() == ["base is 0 and has no share"]
    assert "0 without a value and 1 with a baseline of 0 left out" in observed.note
    failures = compare(frame, ImprovedByShare(), missing="non_responder").note
    assert "0 without a value and 1 with a baseline of 0 counted as non-responders" in failures


def test_rules_that_make_no_sense_are_refused():
    with pytest.raises(AnalysisError, match="above 0"):
        ImprovedBy(amount=0)
    with pytest.raises(AnalysisError, match="a share of the baseline lies"):
        ImprovedByShare(share=30)
    with pytest.raises(AnalysisError, match="known are non_responder, observed_only"):
        compare(frame_of(1, 1), missing="locf")
    with pytest.raises(AnalysisError, match="known are lower, higher"):
        compare(frame_of(1, 1), direction="down")


def test_an_arm_without_any_observed_final_value_is_named():
    frame = frame_of(11, 5).assign(final=np.nan)
    with pytest.raises(AnalysisError, match="no value of 'final' in arm CG, EG"):
        compare(frame, missing="observed_only")


def test_the_orders_of_other_columns_may_be_given_too():
    frame = frame_of(11, 5).assign(site="a")
    order = {"arm": ["CG", "EG"], "site": ["a", "b"]}
    assert compare(frame, order=order).counts()["arm"].to_list() == ["CG", "EG"]


@given(
    st.lists(st.tuples(st.integers(1, 1000), st.integers(0, 1000)), min_size=1, max_size=20),
    st.integers(0, 3),
    st.sampled_from([5, 10, 15, 20, 30, 33, 50, 57, 70, 90]),
    st.sampled_from(["lower", "higher"]),
)
def test_a_share_of_the_baseline_is_reached_as_whole_numbers_reach_it(
    values, places, percent, direction
):
    first, last = np.array(values).T
    better = first - last if direction == "lower" else last - first
    found = respond(
        first / 10**places, last / 10**places, rule=ImprovedByShare(share=percent / 100),
        direction=direction,
    )  # fmt: skip
    assert found.tolist() == (100 * better >= percent * first).tolist()
    amount = int(np.abs(better).max())
    if amount:
        found = respond(
            first / 10**places, last / 10**places, rule=ImprovedBy(amount=amount / 10**places),
            direction=direction,
        )  # fmt: skip
        assert found.tolist() == (better >= amount).tolist()


@pytest.mark.parametrize(
    ("baseline", "final"), [(9.0, 6.3), (7.1, 4.97), (0.9, 0.63), (46.0, 32.2), (5.7, 3.99)]
)
def test_exactly_thirty_percent_is_thirty_percent(baseline, final):
    rule = ImprovedByShare(share=0.3)
    reached, missed = respond(
        np.array([baseline] * 2), np.array([final, final + 0.01]), rule=rule, direction="lower"
    )
    assert (reached, missed) == (1.0, 0.0)
