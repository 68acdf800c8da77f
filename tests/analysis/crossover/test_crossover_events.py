"""A binary outcome in two periods: Senn's table, preferences_formoterol.json, and enumeration."""

import json
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact
from scipy.stats.contingency import odds_ratio

from tests.analysis.crossover.crossover_cases import COLUMNS, REFERENCE, preferences
from tests.conftest import examples
from trialkit.analysis.crossover.crossover_events import CrossoverEvents, crossover_events
from trialkit.errors import AnalysisError


def fit(frame: pd.DataFrame, **changed: Any) -> CrossoverEvents:
    return crossover_events(frame, **COLUMNS | {"outcome": "y", "reference": "A"} | changed)


def rows(frame: pd.DataFrame, **changed: Any) -> pd.DataFrame:
    return fit(frame, **changed).to_frame().set_index(["effect", "method"])


def test_it_is_senns_table() -> None:
    table = json.loads((REFERENCE / "preferences_formoterol.json").read_text(encoding="utf-8"))
    one, other = table["formoterol_first"], table["salbutamol_first"]
    # who has no preference has the response in both or in none: the tests of treatment do not ask
    frame = preferences(
        (one["no_preference"], one["prefer_period_1"], one["prefer_period_2"], 0),
        (0, other["prefer_period_1"], other["prefer_period_2"], other["no_preference"]),
    )
    found, p = rows(frame), table["mainland_gart_p"]
    row = found.loc[("treatment", "mainland_gart")]
    assert row["p_value"] == pytest.approx(p["numerator"] / p["denominator"], rel=1e-12)
    assert (row["estimate"], row["conf_high"], row["n"]) == (np.inf, np.inf, 16)
    assert row["status"] == "estimated"
    assert row["conf_low"] > 1
    assert found.loc[("treatment", "prescott"), "n"] == 24
    assert "must not choose" in found.loc[("carry_over", "fisher_exact"), "note"]


def test_prescott_is_the_share_of_all_ways_to_deal_the_sequences() -> None:
    frame = preferences((2, 0, 1, 0), (2, 2, 1, 0))
    dealt = fit(frame).periods
    change, early = dealt.second - dealt.first, dealt.experimental_first
    expected = change.sum() * early.sum() / len(change)
    seen = abs(change[early].sum() - expected)
    ways = list(combinations(range(len(change)), int(early.sum())))
    far = sum(abs(change[list(way)].sum() - expected) >= seen - 1e-9 for way in ways)
    p = rows(frame).loc[("treatment", "prescott"), "p_value"]
    assert p == pytest.approx(far / len(ways), rel=1e-12)


@settings(max_examples=examples(40))
@given(
    st.tuples(*[st.integers(1, 9)] * 4),
    st.tuples(*[st.integers(1, 9)] * 4),
)
def test_it_is_scipys_exact_test_and_swaps_mirror(
    early: tuple[int, ...], late: tuple[int, ...]
) -> None:
    found = rows(preferences(early, late))
    row = found.loc[("treatment", "mainland_gart")]
    table = [[early[1], early[2]], [late[1], late[2]]]
    assert row["p_value"] == pytest.approx(fisher_exact(table).pvalue, rel=1e-7)
    other = odds_ratio(table)
    low, high = other.confidence_interval(0.95)
    assert row["estimate"] == pytest.approx(np.sqrt(other.statistic), rel=1e-4)
    assert row["conf_low"] == pytest.approx(np.sqrt(low), rel=1e-4)
    assert row["conf_high"] == pytest.approx(np.sqrt(high), rel=1e-4)
    period = found.loc[("period", "mainland_gart")]
    turned = [[early[2], early[1]], [late[1], late[2]]]
    assert period["p_value"] == pytest.approx(fisher_exact(turned).pvalue, rel=1e-7)
    carried = found.loc[("carry_over", "fisher_exact"), "p_value"]
    totals = [[early[3], early[0]], [late[3], late[0]]]
    assert carried == pytest.approx(fisher_exact(totals).pvalue, rel=1e-7)
    mirrored = rows(preferences(early, late), reference="B").loc[("treatment", "mainland_gart")]
    assert mirrored["estimate"] == pytest.approx(1 / row["estimate"], rel=1e-6)
    assert mirrored["p_value"] == pytest.approx(row["p_value"], rel=1e-9)
    no_event = preferences(
        (early[3], early[2], early[1], early[0]), (late[3], late[2], late[1], late[0])
    )
    assert rows(no_event).loc[("treatment", "mainland_gart"), "estimate"] == pytest.approx(
        1 / row["estimate"], rel=1e-6
    )


def test_where_nobody_prefers_there_is_no_odds_ratio() -> None:
    found = rows(preferences((3, 0, 0, 2), (2, 2, 1, 0)))
    row = found.loc[("treatment", "mainland_gart")]
    assert (row["status"], row["p_value"], row["conf_low"], row["conf_high"]) == (
        "not_estimable", 1, 0, np.inf,
    )  # fmt: skip
    assert "one sequence has none" in row["note"]
    alike = rows(preferences((3, 0, 0, 2), (2, 0, 0, 1)))
    assert alike.loc[("treatment", "prescott"), "p_value"] == 1
    with pytest.raises(AnalysisError, match="must be 1"):
        fit(preferences((3, 1, 0, 2), (2, 2, 1, 0)).assign(y=2))


def test_the_counts_are_those_of_the_table() -> None:
    found = fit(preferences((1, 2, 3, 4), (5, 6, 7, 8))).counts()
    names = ["neither", "first_only", "second_only", "both", "n"]
    assert found[names].to_numpy().tolist() == [[1, 2, 3, 4, 10], [5, 6, 7, 8, 26]]
    assert found["sequence"].tolist() == ["B, A", "A, B"]
    assert "n = 36" in fit(preferences((1, 2, 3, 4), (5, 6, 7, 8))).title
