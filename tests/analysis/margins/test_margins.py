"""Margins: interval, one-sided test and words always say the same."""

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.analysis.margins.margins import (
    compare_means_with_margin,
    compare_proportions_with_margin,
    conclude,
)
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import MarginQuestion
from trialkit.protocol.methods.directions import Direction

REFERENCE = Path(__file__).parents[2] / "reference" / "between"
CASE = json.loads((REFERENCE / "margins.json").read_text(encoding="utf-8"))
FRAME = pd.DataFrame(
    {"y": CASE["x"] + CASE["y"], "arm": ["EG"] * len(CASE["x"]) + ["CG"] * len(CASE["y"])}
)


def means(**options):
    defaults = {
        "outcome": "y",
        "arm": "arm",
        "reference": "CG",
        "question": "non_inferiority",
        "margin": 1.5,
        "direction": "higher",
    }
    return compare_means_with_margin(FRAME, **(defaults | options))


@pytest.mark.parametrize("method", ["welch", "student"])
@pytest.mark.parametrize("direction", ["higher", "lower"])
def test_one_sided_tests_of_means_equal_r(method, direction):
    row = means(method=f"{method}_t", direction=direction).to_frame().iloc[0]
    statistic, p = CASE[f"{method}_{direction}"]
    assert row["statistic"] == pytest.approx(statistic, rel=1e-12)
    assert row["p_value"] == pytest.approx(p, rel=1e-10)
    assert row["shown"] == (p < 0.025)


def test_the_interval_has_level_one_minus_two_alpha():
    for alpha, block in ((0.025, "welch_95"), (0.05, "welch_90")):
        row = means(alpha=alpha).to_frame().iloc[0]
        assert row[["conf_low", "conf_high"]].to_list() == pytest.approx(CASE[block], rel=1e-12)
        assert row["conf_level"] == pytest.approx(1 - 2 * alpha)


def test_equivalence_needs_both_one_sided_tests():
    row = means(question="equivalence").to_frame().iloc[0]
    assert row["p_value"] == pytest.approx(CASE["welch_lower"][1], rel=1e-10)
    assert not row["shown"]
    wide = means(question="equivalence", margin=4).to_frame().iloc[0]
    assert wide["shown"]
    assert wide["p_value"] < 0.025


@pytest.mark.parametrize(
    ("method", "block"),
    [("miettinen_nurminen", "rd_miettinen_nurminen"), ("farrington_manning", "rd_mee")],
)
def test_the_interval_of_risks_is_that_of_the_score_test(method, block):
    case = json.loads((REFERENCE / "bin_newcombe_a_56_70_48_80.json").read_text(encoding="utf-8"))
    frame = pd.DataFrame(
        {"event": [1] * 56 + [0] * 14 + [1] * 48 + [0] * 32, "arm": ["EG"] * 70 + ["CG"] * 80}
    )

    def compare(margin, direction="higher", question="non_inferiority"):
        found = compare_proportions_with_margin(
            frame,
            outcome="event",
            arm="arm",
            reference="CG",
            question=question,
            margin=margin,
            direction=direction,
            method=method,
        )
        return found.to_frame().iloc[0]

    row = compare(0.1)
    assert row[["conf_low", "conf_high"]].to_list() == pytest.approx(case[block], rel=1e-10)
    assert row["shown"]
    # a harmful event that is 20 points more frequent, held against its own upper limit
    upper = case[block][1]
    assert compare(upper + 1e-6, "lower")["shown"]
    assert not compare(upper - 1e-6, "lower")["shown"]
    assert compare(upper, "lower")["p_value"] == pytest.approx(0.025, rel=1e-6)


@given(
    limits=st.tuples(st.integers(-40, 40), st.integers(-40, 40)).map(sorted),
    margin=st.integers(1, 30),
    question=st.sampled_from(list(MarginQuestion)),
)
@settings(max_examples=examples(80), deadline=None)
def test_turning_the_direction_turns_the_interval(limits, margin, question):
    low, high = (limit / 10 for limit in limits)
    names = ("EG", "CG")
    up = conclude(question, Direction.HIGHER, limits=(low, high), margin=margin / 10, names=names)
    down = conclude(
        question, Direction.LOWER, limits=(-high, -low), margin=margin / 10, names=names
    )
    assert up == down
    assert up[0] == (low > -margin / 10 and (question == "non_inferiority" or high < margin / 10))
    assert up[0] == (" is non-inferior" in up[1] or " is equivalent" in up[1])


@pytest.mark.parametrize(
    ("limits", "question", "words"),
    [
        ((-0.5, 0.5), "non_inferiority", "EG is non-inferior to CG: the whole interval excl"),
        ((0.2, 0.5), "non_inferiority", "EG is better than CG"),
        ((-0.9, -0.2), "non_inferiority", "EG is worse, by less than the margin"),
        ((-1.5, 0.5), "non_inferiority", "EG was not shown to be non-inferior to CG"),
        ((-2.5, -1.5), "non_inferiority", "EG is worse than CG by more than the margin"),
        ((1.5, 2.5), "equivalence", "EG is better than CG by more than the margin"),
        ((-0.5, 1.5), "equivalence", "EG was not shown to be equivalent to CG"),
        ((-0.5, 0.5), "equivalence", "EG is equivalent to CG"),
    ],
)
def test_the_conclusion_is_said_in_words(limits, question, words):
    kind = MarginQuestion(question)
    found = conclude(kind, Direction.HIGHER, limits=limits, margin=1.0, names=("EG", "CG"))
    assert words in found[1]


def test_margins_that_make_no_sense_are_refused():
    for options, match in (
        ({"margin": 0}, "above 0"),
        ({"margin": -1.5}, "above 0"),
        ({"alpha": 0.5}, "one-sided"),
        ({"direction": "up"}, "known are lower, higher"),
        ({"question": "superiority"}, "known are non_inferiority, equivalence"),
        ({"method": "mann_whitney"}, "has no margin"),
    ):
        with pytest.raises(AnalysisError, match=match):
            means(**options)
    with pytest.raises(AnalysisError, match="between 0 and 1"):
        compare_proportions_with_margin(
            FRAME.assign(event=1),
            outcome="event",
            arm="arm",
            reference="CG",
            question="equivalence",
            margin=1,
            direction="higher",
        )
