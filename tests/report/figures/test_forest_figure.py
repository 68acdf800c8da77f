from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure as Canvas

from tests.conftest import few_at_once
from tests.line import Line
from tests.report.factory import content_of, made_up_line, made_up_protocol
from tests.report.figures.drawn import canvases, marks, words
from tests.report.rows import index_of, rows
from trialkit.drawing.looks import GREY, INK, LIGHT
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.linear_models import OutcomeScale
from trialkit.protocol.methods.log_binomial import LogBinomialRegression
from trialkit.protocol.methods.logistic import Logistic
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.modified_poisson import ModifiedPoisson
from trialkit.protocol.trial.outcomes import OutcomeRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.figures import forest_sheet
from trialkit.report.figures.forest_figure import forest_figures, turned
from trialkit.report.numbers.numbers import with_interval
from trialkit.results.effect import ONE_SIDED, Interval, IntervalKind
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

number = st.floats(-5, 5)


@given(st.tuples(number, number, number).map(sorted))
def test_turning_an_effect_keeps_its_limits_in_order(values: list[float]) -> None:
    low, effect, high = values
    there = turned(effect, low, high, lower_is_better=True)
    assert there[1] <= there[0] <= there[2]
    assert turned(*there, lower_is_better=True) == (effect, low, high)
    assert turned(effect, low, high, lower_is_better=False) == (effect, low, high)


def test_right_favours_the_experimental_arm(example: Line) -> None:
    """Pain is better when lower: its negative g is drawn as positive."""
    index = ResultIndex(example.results)
    found = index.find("primary", outcome="vas", visit="W6", term="EG - CG", arm="")
    g, low, high = (
        found[stat].stat
        for stat in (Stat.HEDGES_G, Stat.HEDGES_G_CONF_LOW, Stat.HEDGES_G_CONF_HIGH)
    )
    assert g is not None
    assert low is not None
    assert high is not None
    assert g < 0
    figure = content_of(example).figure("forest")
    assert with_interval(-g, -high, -low, digits=2) in figure.svg
    assert "The sign is reversed for outcomes of which lower is better" in figure.caption


def test_every_outcome_has_a_row_and_the_axis_says_its_sides(example: Line) -> None:
    svg = content_of(example).figure("forest").svg
    root = ElementTree.fromstring(svg)
    texts = [element.text or "" for element in root.iter() if element.tag.endswith("text")]
    for outcome in example.protocol.outcomes:
        first = outcome.label.split(" (")[0]
        assert first.split(" ")[0] in " ".join(texts), outcome.label
    assert any("Favours Usual daily life" in text for text in texts)


def test_contrasts_differ_in_shape_and_are_named() -> None:
    figure = content_of(made_up_line(arms=4)).figure("forest")
    for number in (1, 2, 3):
        assert f">Arm {number}</text>" in figure.svg
        assert f"Arm {number} vs Arm 0: " in figure.description


@pytest.mark.parametrize("arms", few_at_once([2, 6], 1))
def test_the_same_results_give_the_same_bytes(arms: int) -> None:
    one, two = (content_of(made_up_line(arms=arms)).figure("forest").svg for _ in range(2))
    assert one == two


# what is drawn, from rows made by hand: pain is better lower, strength better higher

NB, MINUS = "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"
WELCH = MeanComparison(method=Method.WELCH_T)


def trial(*, arms: int = 2, **changes: Any) -> Protocol:
    """Pain is the primary outcome, strength a secondary one."""
    made = made_up_protocol(arms=arms)
    pain, better = made.outcomes
    strength = replace(
        pain, code="strength", label="Strength", role=OutcomeRole.SECONDARY, unit="kg",
        direction=Direction.HIGHER, minimal_important_change=None,
    )  # fmt: skip
    first, second = made.plan.analyses
    analyses = (
        replace(first, specification=WELCH),
        replace(
            second, id="second", outcomes=("strength", "better"), specification=WELCH, family=""
        ),
    )
    return replace(
        made,
        outcomes=(replace(pain, **changes), strength, better),
        plan=replace(made.plan, analyses=analyses, confidence_level=0.9),
    )


def effects(
    outcome: str, g: float, low: float, high: float, *, estimate: float, p: float, arm: str = "A1"
) -> tuple[Result, ...]:
    numbers: dict[Stat, float | None] = {
        Stat.ESTIMATE: estimate, Stat.HEDGES_G: g, Stat.HEDGES_G_CONF_LOW: low,
        Stat.HEDGES_G_CONF_HIGH: high, Stat.P_VALUE: p, Stat.P_ADJUSTED: 0.77,
    }  # fmt: skip
    analysis = "primary" if outcome == "pain" else "second"
    place = {"analysis_id": analysis, "outcome": outcome, "term": f"{arm} - A0"}
    return rows(numbers, visit="V1", method="welch_t", **place)


PAIN = effects("pain", -0.5, -0.9, -0.125, estimate=-10, p=0.0321)
STRENGTH = effects("strength", 0.25, -0.25, 0.75, estimate=3, p=0.2)


def drawn(*found: Result, protocol: Protocol) -> tuple[Figure, Canvas]:
    with canvases(forest_sheet) as made:
        (figure,) = forest_figures(protocol, index_of(*found))
        assert figure.svg
    return figure, made[0]


def from_the_top(canvas: Canvas, arm: int = 1) -> list[list[float]]:
    """Bars and marks of an arm, from the top of the figure down, from left to right."""
    found = sorted(marks(canvas.axes[0], arm), key=lambda line: line[0][1])
    return [[x for x, _ in line] for line in found]


def group(outcome: str, arm: str, n: int, mean: float) -> tuple[Result, ...]:
    """How many of an arm were analysed, and their mean at the time point."""
    place = {"outcome": outcome, "visit": "V1", "arm": arm}
    analysis = "primary" if outcome == "pain" else "second"
    return (
        *rows({Stat.N: n}, analysis_id=analysis, **place),
        *rows({Stat.N: n + 3, Stat.MEAN: mean}, analysis_id="descriptive", **place),
    )


ARMS = (
    *group("pain", "A0", 12, 48.25), *group("pain", "A1", 11, 38.2),
    *group("strength", "A0", 10, 71), *group("strength", "A1", 9, 74.04),
)  # fmt: skip


def test_effects_are_turned_so_that_right_is_better_and_stand_in_the_plan_s_order() -> None:
    figure, canvas = drawn(*STRENGTH, *PAIN, *ARMS, protocol=trial())
    assert from_the_top(canvas) == [[0.125, 0.9], [0.5], [-0.25, 0.75], [0.25]]
    assert words(canvas) == [
        "Pain (primary)", "12; 48.3 [15]", "11; 38.2 [14]", "0.50 (0.13 to 0.90)", "0.032", "0.770",
        "Strength", "10; 71.0 [13]", "9; 74.0 [12]", f"0.25 ({MINUS}0.25 to 0.75)", "0.200", "0.770",
        "Outcome", "Arm 0\nn; mean", "Arm 1\nn; mean", "g (90% CI)", "p", "adj. p",
        "\N{LEFTWARDS ARROW} Favours Arm 0", "Favours Arm 1 \N{RIGHTWARDS ARROW}",
        "Hedges' g, positive favours the experimental arm",
    ]  # fmt: skip
    assert figure.description == (
        "Standardised differences (Hedges' g) with 90% interval, positive in favour of the "
        f"experimental arm. Pain: 0.50 (0.13 to 0.90); Strength: 0.25 ({MINUS}0.25 to 0.75)."
    )
    assert figure.caption == (
        "Standardised differences (Hedges' g) with 90% confidence intervals (bars); values to the "
        "right favour the experimental arm. The sign is reversed for outcomes of which lower is "
        "better (Pain). n: participants analysed; means are those observed at the outcome's time "
        "point, in brackets of how many where of others than are analysed. Adjusted p values are "
        "those of the plan; intervals are not adjusted."
    )


def test_without_adjusted_p_values_the_caption_says_so_and_has_no_column_of_them() -> None:
    raw = [each for each in PAIN if each.stat_name is not Stat.P_ADJUSTED]
    figure, canvas = drawn(*raw, protocol=trial())
    assert "adj. p" not in words(canvas)
    assert figure.caption.endswith("P values are not adjusted.")


def test_beside_simultaneous_limits_there_is_the_adjusted_p_alone() -> None:
    tukey = Interval(IntervalKind.TUKEY, 3)
    limits = rows(
        {Stat.CONF_LOW: -20.0, Stat.CONF_HIGH: 1.0},
        outcome="pain", term="A1 - A0", visit="V1", method="welch_t",
    )  # fmt: skip
    found = [*PAIN, *(replace(each, interval_kind=tukey) for each in limits)]
    _, canvas = drawn(*found, protocol=trial())
    assert "adj. p" in words(canvas)
    assert "p" not in words(canvas)


def test_one_sided_p_values_are_left_out_and_that_is_said() -> None:
    found = [
        replace(each, interval_kind=ONE_SIDED) if each.stat_name is Stat.P_VALUE else each
        for each in PAIN
    ]
    figure, canvas = drawn(*found, *STRENGTH, protocol=trial())
    assert words(canvas)[4:6] == ["\N{EM DASH}", "\N{EM DASH}"]
    assert "One-sided p values are left out." in figure.caption


def test_the_primary_outcome_is_set_apart_and_outcomes_are_parted() -> None:
    _, canvas = drawn(*PAIN, *STRENGTH, protocol=trial())
    (ax,) = canvas.axes
    weights = {text.get_text(): text.get_fontweight() for text in canvas.texts}
    assert (weights["Pain (primary)"], weights["Strength"]) == ("bold", "normal")
    sizes = [line.get_markersize() for line in ax.lines if line.get_marker() == "s"]
    assert sizes == [7, 6]
    (boundary,) = [line for line in ax.lines if line.get_color() == LIGHT]
    # rows of one line are 10.2 points high and have 9 around them
    assert boundary.get_ydata()[0] == pytest.approx(19.2)
    assert ax.get_ylim() == pytest.approx((38.4, 0))


def test_what_is_important_within_a_person_is_no_line_between_arms() -> None:
    figure, canvas = drawn(*PAIN, protocol=trial(minimal_important_change=15))
    assert not [line for line in canvas.axes[0].lines if line.get_color() == INK]
    assert "important" not in figure.caption


def test_zero_is_in_sight_with_air_at_both_ends() -> None:
    """From 0 to 0.9 are 0.9, of which 0.06 is air; a quarter is shown at least."""
    _, canvas = drawn(*PAIN, protocol=trial())
    assert canvas.axes[0].get_xlim() == pytest.approx((-0.25, 0.954))
    wide = effects("pain", -3, -5, 4, estimate=-10, p=0.5)
    _, wider = drawn(*wide, protocol=trial())
    assert wider.axes[0].get_xlim() == pytest.approx((-4.54, 5.54))


def test_of_several_arms_each_comparison_is_named_and_none_is_favoured_by_name() -> None:
    second = effects("pain", -0.25, -0.5, 0.5, estimate=-5, p=0.4, arm="A2")
    figure, canvas = drawn(*PAIN, *second, protocol=trial(arms=3))
    assert from_the_top(canvas, 1) == [[0.125, 0.9], [0.5]]
    assert from_the_top(canvas, 2) == [[-0.5, 0.5], [0.25]]
    assert words(canvas)[0] == "Pain (primary)"
    assert {"Arm 1", "Arm 2", "Experimental\narm\nn; mean"} <= set(words(canvas))
    assert "Favours experimental arm \N{RIGHTWARDS ARROW}" in words(canvas)
    assert "Pain, Arm 1 vs Arm 0: 0.50 (0.13 to 0.90); Pain, Arm 2 vs Arm 0: " in figure.description
    assert not [line for line in canvas.axes[0].lines if line.get_color() == LIGHT]


def test_outcomes_that_are_not_reversed_are_not_named_as_such() -> None:
    figure, _ = drawn(*STRENGTH, protocol=trial())
    assert "The sign is reversed" not in figure.caption


def test_an_effect_without_g_or_its_limits_has_no_row() -> None:
    bare = [row for row in PAIN if row.stat_name is not Stat.HEDGES_G_CONF_LOW]
    assert forest_figures(trial(), index_of(*bare)) == ()
    unknown = effects("pain", -0.5, float("nan"), -0.1, estimate=-10, p=0.1)
    none = [replace(row, stat=None) if row.stat_name is Stat.HEDGES_G else row for row in unknown]
    assert forest_figures(trial(), index_of(*none)) == ()
    both, _ = drawn(*none, *STRENGTH, protocol=trial())
    assert "Pain:" not in both.description


def test_the_label_of_made_up_data_is_in_the_drawing() -> None:
    made = trial()
    labelled = replace(made, trial=replace(made.trial, synthetic="Not real data"))
    assert "Not real data" in drawn(*PAIN, protocol=labelled)[0].svg
    assert "Not real data" not in drawn(*PAIN, protocol=made)[0].svg


def of_logarithms(*directions: Direction) -> Protocol:
    """A trial of which pain and strength are compared by ratios of geometric means."""
    made = trial()
    pain, strength, better = made.outcomes
    first, second = made.plan.analyses
    log = Ancova(scale=OutcomeScale.LOG)
    analyses = (
        replace(first, specification=log),
        replace(second, specification=log, outcomes=("strength",)),
    )
    outcomes = (
        replace(pain, direction=directions[0]),
        replace(strength, direction=directions[1]),
        better,
    )
    return replace(made, outcomes=outcomes, plan=replace(made.plan, analyses=analyses))


def ratio(outcome: str, *numbers: float, **changes: Any) -> tuple[Result, ...]:
    stats = (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH)
    place = {"analysis_id": "primary" if outcome == "pain" else "second", "outcome": outcome}
    where = {"visit": "V1", "term": "A1 / A0", "method": "ancova"}
    return rows(dict(zip(stats, numbers, strict=True)), **place | where | changes)


LOWER, HIGHER = Direction.LOWER, Direction.HIGHER


def test_ratios_stand_on_a_logarithmic_axis_as_the_tables_print_them() -> None:
    found = [*ratio("pain", 0.5, 0.25, 1.0), *ratio("strength", 0.8, 0.4, 2.0)]
    figure, canvas = drawn(*found, protocol=of_logarithms(LOWER, LOWER))
    (ax,) = canvas.axes
    assert figure.name == "forest_ratios"
    assert ax.get_xscale() == "log"
    assert from_the_top(canvas) == [[0.25, 1], [0.5], [0.4, 2], [0.8]]
    (null,) = [line for line in ax.lines if line.get_color() == GREY]
    assert list(null.get_xdata()) == [1, 1]
    assert [tick for tick in ax.get_xticks() if 0.25 <= tick <= 2] == [0.5, 1, 2]
    assert "\N{LEFTWARDS ARROW} Favours Arm 1" in words(canvas), "less of it is better"
    assert "Favours Arm 0 \N{RIGHTWARDS ARROW}" in words(canvas)
    assert "0.50 (0.25 to 1.00)" in words(canvas)
    assert "Of these outcomes lower is better." in figure.caption


def test_ratios_of_which_lower_and_higher_is_better_have_an_axis_each() -> None:
    made = of_logarithms(LOWER, HIGHER)
    two = [*ratio("pain", 0.5, 0.25, 1.0), *ratio("strength", 0.8, 0.4, 2.0)]
    assert forest_figures(made, index_of(*two)) == (), "a single one is left to its table"
    third = ratio("pain", 0.7, 0.3, 1.1, term="A2 / A0")
    fourth = ratio("strength", 1.7, 1.3, 2.1, term="A2 / A0")
    several = replace(made, arms=trial(arms=3).arms)
    figures = forest_figures(several, index_of(*two, *third, *fourth))
    assert [each.name for each in figures] == ["forest_ratios", "forest_ratios_lower"]
    assert [each.caption.split(". ")[1] for each in figures] == [
        "Of these outcomes higher is better", "Of these outcomes lower is better",
    ]  # fmt: skip


def test_risks_are_drawn_in_percentage_points_beside_how_many_had_the_outcome() -> None:
    made = trial(arms=3)
    place = {
        "analysis_id": "second",
        "outcome": "better",
        "visit": "V1",
        "method": "risk_difference",
    }
    numbers = {Stat.ESTIMATE: 0.125, Stat.CONF_LOW: -0.05, Stat.CONF_HIGH: 0.3}
    found = [each for arm in ("A1", "A2") for each in rows(numbers, term=f"{arm} - A0", **place)]
    shares = rows({Stat.EVENTS: 3, Stat.N: 20}, analysis_id="descriptive", outcome="better",
                  visit="V1", arm="A0")  # fmt: skip
    figure, canvas = drawn(*found, *shares, protocol=made)
    assert figure.name == "forest_points"
    assert from_the_top(canvas, 2) == [[-5, 30], [12.5]]
    assert f"12.5 ({MINUS}5.0 to 30.0)" in words(canvas)
    assert "3/20 (15%)" in words(canvas)
    assert "n/N: participants with the outcome, of those analysed." in figure.caption


def test_ratios_of_risks_say_which_they_are_and_two_alike_by_which_method() -> None:
    made = trial()
    label = made.outcome("better").label
    first, second = made.plan.analyses
    of_better = replace(second, outcomes=("better",), specification=Logistic())
    analyses = (
        first,
        of_better,
        replace(of_better, id="third", specification=ModifiedPoisson()),
        replace(of_better, id="fourth", specification=LogBinomialRegression()),
    )
    made = replace(made, plan=replace(made.plan, analyses=analyses))
    place = {"outcome": "better", "visit": "V1", "term": "A1 - A0"}
    numbers = {Stat.ESTIMATE: 2, Stat.CONF_LOW: 0.5, Stat.CONF_HIGH: 8}
    endless = {**numbers, Stat.CONF_HIGH: float("inf")}
    found = [
        *rows(numbers, analysis_id="second", method="odds_ratio", **place),
        *rows(numbers, analysis_id="third", method="risk_ratio", **place),
        *rows(numbers, analysis_id="fourth", method="risk_ratio", **place),
    ]
    figure, canvas = drawn(*found, protocol=made)
    assert f"{label}, odds ratio" in words(canvas)
    for named in (
        "risk ratio (modified Poisson regression)",
        "risk ratio (log-binomial regression)",
    ):
        assert f"{label}, {named}: 2.00 (0.50 to 8.00)" in figure.description
    without = rows(endless, analysis_id="fourth", method="risk_ratio", **place)
    figure, _ = drawn(*found[:6], *without, protocol=made)
    assert f"{label}, risk ratio: 2.00" in figure.description
    assert "\N{INFINITY}" not in figure.description
