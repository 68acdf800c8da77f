"""Beside a forest stand n, means or events of each arm, and the p values that belong to the limits."""

from dataclasses import dataclass, replace

import pytest

from tests.report.factory import made_up_protocol
from tests.report.rows import index_of, rows
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.summing_up import SummedUp
from trialkit.report.figures.forest_columns import (
    arm_heads,
    described_cells,
    favours,
    headlines_of,
    means_words,
    named_heads,
    p_cells,
    p_heads,
    p_notes,
)
from trialkit.report.numbers.styles import JAMA, printed_in
from trialkit.report.tables.headlines import Headline, headlines
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

TRIAL = made_up_protocol()


@dataclass(frozen=True)
class Shown:
    headline: Headline
    arm: Arm


def shown(*found: Result, protocol: Protocol = TRIAL) -> list[Shown]:
    """Each outcome of the plan with the experimental arm."""
    own = headlines(protocol, index_of(*found))
    return [Shown(each, protocol.experimental[0]) for each in own]


def test_an_outcome_has_one_headline_however_many_arms_it_has() -> None:
    pair = shown()
    assert headlines_of([*pair, *pair]) == tuple(each.headline for each in pair)


def test_the_heads_say_what_stands_below_the_names_of_the_arms() -> None:
    pain, better = (each.headline for each in shown())
    assert arm_heads([pain], TRIAL) == ("Arm 0\nn; mean", "Arm 1\nn; mean")
    assert arm_heads([better], TRIAL) == ("Arm 0\nn/N (%)", "Arm 1\nn/N (%)")
    assert named_heads(made_up_protocol(arms=3), "n")[1] == "Experimental\narm\nn"
    by_median = replace(pain, outcome=replace(pain.outcome, aggregation="median"))
    assert by_median.outcome.summed_up is SummedUp.MEDIAN
    assert arm_heads([by_median], TRIAL)[0] == "Arm 0\nn; median"
    assert means_words([by_median]).startswith("n: participants analysed; medians are")
    assert means_words([pain, by_median]).startswith("n: participants analysed; means or medians")
    geometric = replace(pain, outcome=replace(pain.outcome, aggregation="geometric mean"))
    assert arm_heads([geometric], TRIAL)[1] == "Arm 1\nn; geom. mean"
    assert means_words([geometric]).startswith("n: participants analysed; geometric means are")
    assert means_words([better]) == "n/N: participants with the outcome, of those analysed"


def test_the_cells_are_of_the_reference_and_of_the_arm() -> None:
    place = {"outcome": "pain", "visit": "V1"}
    found = [
        *rows({Stat.N: 12}, arm="A0", **place), *rows({Stat.N: 11}, arm="A1", **place),
        *rows({Stat.MEAN: 48.25, Stat.MEDIAN: 50.0}, analysis_id="descriptive", arm="A0", **place),
    ]  # fmt: skip
    pain, *_ = shown(*found)
    assert described_cells(pain.headline, pain.arm) == ("12; 48.3", "11; \N{EM DASH}")
    assert "in brackets" not in means_words([pain.headline])


def test_a_mean_of_others_than_are_analysed_says_of_how_many_it_is() -> None:
    place = {"outcome": "pain", "visit": "V1", "arm": "A0"}
    found = [
        *rows({Stat.N: 12}, **place),
        *rows({Stat.MEAN: 48.25, Stat.N: 14}, analysis_id="descriptive", **place),
    ]
    pain, *_ = shown(*found)
    assert described_cells(pain.headline, pain.arm)[0] == "12; 48.3 [14]"
    assert means_words([pain.headline]).endswith(
        "time point, in brackets of how many where of others than are analysed"
    )


@pytest.mark.parametrize(
    ("stats", "heads", "cells"),
    [
        ({}, (), ()),
        ({Stat.P_VALUE: 0.04}, ("p",), ("0.040",)),
        ({Stat.P_VALUE: 0.04, Stat.P_ADJUSTED: 0.12}, ("p", "adj. p"), ("0.040", "0.120")),
    ],
)
def test_p_values_have_a_column_where_there_are_any(
    stats: dict[Stat, float | None], heads: tuple[str, ...], cells: tuple[str, ...]
) -> None:
    pain, *_ = shown(*rows(stats, term="A1 - A0", visit="V1", method="mixed_anova"))
    assert p_heads([pain]) == heads
    assert p_cells(pain, heads) == cells
    assert bool(list(p_notes([pain]))) is bool(heads)


def test_an_arm_s_own_name_is_not_respelled() -> None:
    assert favours("A programme") == "Favours A programme"
    with printed_in(JAMA):
        assert favours("A programme") == "Favors A programme"
