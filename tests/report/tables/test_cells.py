"""A cell prints the statistics it is named for, in their order, and leads to exactly those rows."""

from dataclasses import replace

import pytest

from tests.report.factory import made_up_protocol
from tests.report.rows import rows, statistics
from trialkit.report.content.tables import Cell
from trialkit.report.tables.cells import (
    EMPTY,
    HEDGES,
    REFERENCE,
    arm_head,
    compared_arms,
    contrast_label,
    contrast_term,
    count_cell,
    events_cell,
    interval_cell,
    lacking_words,
    mean_cell,
    median_cell,
    number_cell,
    p_cell,
    points_cell,
    positive_cell,
    unsaid,
)
from trialkit.results.effect import (
    ONE_SIDED,
    POINTWISE,
    Effect,
    Interval,
    IntervalKind,
    Scale,
    Status,
)
from trialkit.results.lookup import Statistics
from trialkit.results.vocabulary import Stat

NB = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EM DASH}"
# every statistic has a number of its own, so that a cell that reads another one prints another text
FOUND = statistics(
    {
        Stat.N: 41, Stat.N_MISSING: 3, Stat.EVENTS: 10, Stat.PERCENT: 24.39, Stat.MEAN: 5.26,
        Stat.SD: 1.74, Stat.MEDIAN: 4.4, Stat.Q1: 2.2, Stat.Q3: 7.7, Stat.ESTIMATE: -0.125,
        Stat.CONF_LOW: -0.3, Stat.CONF_HIGH: 0.062, Stat.CONF_LEVEL: 0.95, Stat.P_VALUE: 0.0432,
        Stat.P_ADJUSTED: 0.0864, Stat.HEDGES_G: -0.51, Stat.HEDGES_G_CONF_LOW: -0.92,
        Stat.HEDGES_G_CONF_HIGH: 0.17, Stat.SE: 0.0002,
    },
    interval_kind=POINTWISE,
)  # fmt: skip


def ids(*stats: str) -> tuple[str, ...]:
    return tuple(f"primary/pain/{stat}" for stat in stats)


EFFECT = ids("estimate", "conf_low", "conf_high")


def effect(
    estimate: float | None,
    low: float | None,
    high: float | None,
    *,
    kind: Interval = POINTWISE,
    missing: Stat | None = None,
) -> Statistics:
    """An estimate with limits at a level of 0.9, of which one may not be estimable."""
    numbers = {Stat.ESTIMATE: estimate, Stat.CONF_LOW: low, Stat.CONF_HIGH: high}
    found = rows({**numbers, Stat.CONF_LEVEL: 0.9}, interval_kind=kind, status=Status.ESTIMATED)
    return {
        row.stat_name: replace(row, status=Status.NOT_ESTIMABLE)
        if row.stat_name is missing
        else row
        for row in found
    }


@pytest.mark.parametrize(
    ("cell", "text", "results"),
    [
        (count_cell(FOUND), "41", ids("n")),
        (count_cell(FOUND, Stat.N_MISSING), "3", ids("n_missing")),
        (mean_cell(FOUND, digits=1), "5.3 (1.7)", ids("mean", "sd")),
        (mean_cell(FOUND, digits=2), "5.26 (1.74)", ids("mean", "sd")),
        (median_cell(FOUND, digits=0), "4 (2 to 8)", ids("median", "q1", "q3")),
        (
            interval_cell(FOUND, digits=2),
            f"{MINUS}0.13 ({MINUS}0.30 to 0.06)",
            EFFECT,
        ),
        (
            interval_cell(FOUND, HEDGES, digits=1),
            f"{MINUS}0.5 ({MINUS}0.9 to 0.2)",
            ids("hedges_g", "hedges_g_conf_low", "hedges_g_conf_high"),
        ),
        # a share of -0.125 is 12.5 percentage points fewer
        (points_cell(FOUND), f"{MINUS}12.5 ({MINUS}30.0 to 6.2)", EFFECT),
        (number_cell(FOUND, Stat.SE, digits=3), "0.000", ids("se")),
        (positive_cell(FOUND, Stat.SE, digits=3), "<0.001", ids("se")),
        (p_cell(FOUND, alpha=0.05), "0.043", ids("p_value")),
        (p_cell(FOUND, Stat.P_ADJUSTED, alpha=0.05), "0.086", ids("p_adjusted")),
        (events_cell(FOUND), "10/41 (24%)", ids("events", "n", "percent")),
    ],
)
def test_a_cell_prints_its_own_statistics(cell: Cell, text: str, results: tuple[str, ...]) -> None:
    assert (cell.text, cell.results) == (text, results)
    assert not cell.words


def test_nothing_found_is_a_dash_that_leads_nowhere() -> None:
    for cell in (
        count_cell({}),
        mean_cell({}, digits=1),
        median_cell({}, digits=1),
        interval_cell({}, digits=1, promise="95% CI"),
        points_cell({}, promise="95% CI"),
        number_cell({}, Stat.SE, digits=1),
        positive_cell({}, Stat.SE, digits=1),
        p_cell({}, alpha=0.05),
        events_cell({}),
    ):
        assert (cell.text, cell.results) == (DASH, ())
    assert EMPTY.text == ""
    assert REFERENCE.text == "reference"


def test_a_p_value_keeps_on_its_side_of_the_level_of_the_plan() -> None:
    close = statistics({Stat.P_VALUE: 0.0099})
    assert p_cell(close, alpha=0.05).text == "0.010"
    assert p_cell(close, alpha=0.01).text == "0.0099"


@pytest.mark.parametrize("make", [interval_cell, points_cell])
def test_an_interval_says_what_it_is_only_where_the_head_promises_another(make: object) -> None:
    def text(found: Statistics, promise: str) -> str:
        if make is interval_cell:
            return interval_cell(found, digits=2, promise=promise).text
        return points_cell(found, promise=promise).text

    plain = "0.02 (0.01 to 0.03)" if make is interval_cell else "2.0 (1.0 to 3.0)"
    pointwise, one_sided = effect(0.02, 0.01, 0.03), effect(0.02, 0.01, 0.03, kind=ONE_SIDED)
    assert text(pointwise, "90% CI") == plain
    assert text(pointwise, "") == plain
    assert text(pointwise, "95% CI") == f"{plain} [90% CI]"
    assert text(one_sided, "90% CI") == f"{plain} [one-sided 90% CI]"
    assert text(one_sided, "one-sided 90% CI") == plain


@pytest.mark.parametrize("missing", [Stat.ESTIMATE, Stat.CONF_LOW])
def test_what_is_not_estimable_has_no_limits_printed(missing: Stat) -> None:
    none, infinite = float("nan"), float("inf")
    absent = effect(none, none, none, missing=missing)
    assert interval_cell(absent, digits=1, promise="95% CI").text == "not estimable"
    assert points_cell(absent, promise="95% CI").text == "not estimable"
    unlimited = effect(infinite, none, infinite, missing=missing)
    assert interval_cell(unlimited, digits=1).text == "\N{INFINITY} (not estimable)"
    risks = effect(0.25, none, none, missing=missing)
    assert points_cell(risks).text == "25.0 (not estimable)"
    for cell in (interval_cell(absent, digits=1), points_cell(absent), points_cell(risks)):
        assert cell.results == EFFECT


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.NOT_ESTIMABLE, "not estimable"),
        (Status.NOT_DUE, "not yet due"),
        (Status.NOT_ASKED, "not asked for"),
    ],
)
def test_a_cell_without_a_number_says_of_what_kind_it_is_and_notes_why(
    status: Status, words: str
) -> None:
    found = statistics({Stat.ESTIMATE: None}, status=status, note="nobody came: none of 12")
    for cell in (interval_cell(found, digits=1), points_cell(found)):
        assert (cell.text, cell.note) == (words, "Nobody came: none of 12.")
    without = found[Stat.ESTIMATE]
    assert lacking_words("7.5", without) == f"7.5 ({words})"
    assert lacking_words(DASH, without) == words


def test_hedges_g_is_printed_although_the_difference_has_no_limits() -> None:
    """Whether the difference is estimable says nothing of other statistics beside it."""
    numbers = statistics(
        {Stat.ESTIMATE: 1.0, Stat.HEDGES_G: 0.4, Stat.HEDGES_G_CONF_LOW: 0.1,
         Stat.HEDGES_G_CONF_HIGH: 0.7},
        status=Status.NOT_ESTIMABLE,
    )  # fmt: skip
    assert interval_cell(numbers, HEDGES, digits=1).text == "0.4 (0.1 to 0.7)"
    assert interval_cell(numbers, digits=1).text == "1.0 (not estimable)"


def test_simultaneous_intervals_are_named_under_a_head_of_plain_ones() -> None:
    both = effect(2.0, 1.0, 3.0, kind=Interval(IntervalKind.TUKEY, 3))
    cell = interval_cell(both, digits=0, promise="90% CI")
    assert cell.text == "2 (1 to 3) [simultaneous 90% CI]"


def test_an_arm_heads_its_column_with_its_size() -> None:
    arm = made_up_protocol().arm("A1")
    assert arm_head(arm, 12).text == f"Arm 1 (n{NB}={NB}12)"
    assert arm_head(arm, 0).text == f"Arm 1 (n{NB}={NB}0)"
    assert arm_head(arm, None).text == "Arm 1"


def test_a_comparison_names_the_arm_before_the_one_it_is_compared_with() -> None:
    protocol = made_up_protocol(arms=3)
    arm = protocol.arm("A2")
    assert contrast_term(arm, protocol) == "A2 - A0"
    assert contrast_label(arm, protocol) == "Arm 2 vs Arm 0"
    differences = {
        "A0 - A1": "Arm 0 vs Arm 1", "A0 - A2": "Arm 0 vs Arm 2", "A1 - A0": "Arm 1 vs Arm 0",
        "A1 - A2": "Arm 1 vs Arm 2", "A2 - A0": "Arm 2 vs Arm 0", "A2 - A1": "Arm 2 vs Arm 1",
    }  # fmt: skip
    assert compared_arms(None, protocol) == differences
    ratios = compared_arms(Effect(scale=Scale.RATIO, sign="/"), protocol)
    assert ratios == {name.replace(" - ", " / "): words for name, words in differences.items()}


@pytest.mark.parametrize(
    ("note", "left"),
    [
        ("By stage.", ""),
        ("By stage; nobody in Arm 0.", "Nobody in Arm 0."),
        ("Nobody in Arm 0; by stage.", "Nobody in Arm 0."),
        ("By centre.", "By centre."),
        ("", ""),
    ],
)
def test_a_footnote_says_what_its_row_does_not(note: str, left: str) -> None:
    assert unsaid(Cell(text="1", note=note), "Subgroups by Stage, II") == Cell(text="1", note=left)
