from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.transforms import Bbox

from tests.conftest import Line, few_at_once
from tests.report.factory import content_of, made_up_line, made_up_protocol
from tests.report.figures.drawn import canvases, marks, words
from tests.report.rows import index_of, rows
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method
from trialkit.protocol.trial.outcomes import OutcomeRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.figures import forest_figure
from trialkit.report.figures.forest_figure import forest_figures, turned
from trialkit.report.lettering.looks import INK, LIGHT
from trialkit.report.numbers.numbers import with_interval
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
        assert any(first in text for text in texts), outcome.label
    assert any("Favours Usual daily life" in text for text in texts)


def test_contrasts_differ_in_shape_and_are_named() -> None:
    figure = content_of(made_up_line(arms=4)).figure("forest")
    for number in (1, 2, 3):
        assert f"Arm {number} vs Arm 0" in figure.svg


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
    with canvases(forest_figure) as made:
        (figure,) = forest_figures(protocol, index_of(*found))
        assert figure.svg
    return figure, made[0]


def from_the_top(canvas: Canvas, arm: int = 1) -> list[list[float]]:
    """Bars and marks of an arm, from the top of the figure down, from left to right."""
    found = sorted(marks(canvas.axes[0], arm), key=lambda line: line[0][1])
    return [[x for x, _ in line] for line in found]


def test_effects_are_turned_so_that_right_is_better_and_stand_in_the_plan_s_order() -> None:
    figure, canvas = drawn(*STRENGTH, *PAIN, protocol=trial())
    assert from_the_top(canvas) == [[0.125, 0.9], [0.5], [-0.25, 0.75], [0.25]]
    assert words(canvas) == [
        "Outcome", "g (90% CI)", "p", "Hedges' g, positive favours the experimental arm",
        "Pain (primary)", "0.50 (0.13 to 0.90)", "0.032",
        "Strength", f"0.25 ({MINUS}0.25 to 0.75)", "0.200",
        "\N{LEFTWARDS ARROW} Favours Arm 0", "Favours Arm 1 \N{RIGHTWARDS ARROW}",
    ]  # fmt: skip
    assert figure.description == (
        "Hedges' g with 90% interval, positive in favour of the experimental arm. Pain: 0.50 (0.13 "
        f"to 0.90); Strength: 0.25 ({MINUS}0.25 to 0.75)."
    )
    assert figure.caption == (
        "Standardised differences (Hedges' g) with 90% confidence intervals (bars); values to the "
        "right favour the experimental arm. The sign is reversed for outcomes of which lower is "
        "better (Pain). Short dashed lines: the minimal important change of a person, "
        "standardised like the effect (Pain); of a difference between arms it is no threshold. P values are not adjusted."
    )


def test_the_primary_outcome_is_set_apart_and_outcomes_are_parted() -> None:
    _, canvas = drawn(*PAIN, *STRENGTH, protocol=trial())
    (ax,) = canvas.axes
    weights = [
        text.get_fontweight() for text in ax.texts if text.get_text()[:4] in {"Pain", "Stre"}
    ]
    assert weights == ["bold", "normal"]
    sizes = [line.get_markersize() for line in ax.lines if line.get_marker() == "s"]
    assert sizes == [7, 6]
    (boundary,) = [line for line in ax.lines if line.get_color() == LIGHT]
    # rows of one line are 11.5 points high and have 9 around them
    assert boundary.get_ydata()[0] == 20.5
    assert ax.get_ylim() == (41, 0)


def important(canvas: Canvas) -> list[float]:
    return [float(line.get_xdata()[0]) for line in canvas.axes[0].lines if line.get_color() == INK]


def test_the_important_change_is_standardised_as_the_effect_and_stands_on_the_better_side() -> None:
    """A g of -0.5 for -10 mm makes 0.05 of a millimetre: 15 mm are 0.75."""
    _, canvas = drawn(*PAIN, *STRENGTH, protocol=trial())
    assert important(canvas) == [0.75]
    _, far = drawn(*PAIN, protocol=trial(minimal_important_change=40))
    assert important(far) == [2]
    assert far.axes[0].get_xlim() == pytest.approx((-0.25, 2.12)), "always in sight"
    none, without = drawn(*PAIN, protocol=trial(minimal_important_change=None))
    assert important(without) == []
    assert "Short dashed lines" not in none.caption


@pytest.mark.parametrize(("estimate", "g"), [(0, -0.5), (-10, 0)])
def test_an_effect_of_nothing_says_nothing_of_the_unit(estimate: float, g: float) -> None:
    found = effects("pain", g, -0.9, 0.1, estimate=estimate, p=0.5)
    assert important(drawn(*found, protocol=trial())[1]) == []


def test_zero_is_in_sight_with_air_at_both_ends() -> None:
    """From 0 to 0.9 are 0.9, of which 0.06 is air; a quarter is shown at least."""
    _, canvas = drawn(*PAIN, protocol=trial(minimal_important_change=None))
    assert canvas.axes[0].get_xlim() == pytest.approx((-0.25, 0.954))
    wide = effects("pain", -3, -5, 4, estimate=-10, p=0.5)
    _, wider = drawn(*wide, protocol=trial(minimal_important_change=None))
    assert wider.axes[0].get_xlim() == pytest.approx((-4.54, 5.54))


def test_of_several_arms_each_comparison_is_named_and_none_is_favoured_by_name() -> None:
    second = effects("pain", -0.25, -0.5, 0.5, estimate=-5, p=0.4, arm="A2")
    figure, canvas = drawn(*PAIN, *second, protocol=trial(arms=3))
    assert from_the_top(canvas, 1) == [[0.125, 0.9], [0.5]]
    assert from_the_top(canvas, 2) == [[-0.5, 0.5], [0.25]]
    assert "Pain (primary)\nArm 2 vs Arm 0" in words(canvas)
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


def laid_out(line: Line) -> Canvas:
    """The forest of a trial with every text at its place on the paper."""
    with canvases(forest_figure) as made:
        (figure,) = forest_figures(line.protocol, ResultIndex(line.results))
        assert figure.svg
    (canvas,) = made
    FigureCanvasAgg(canvas).draw()
    return canvas


def test_the_words_of_a_row_stand_in_columns_inside_the_paper(example: Line) -> None:
    """What it is on the left, the effect and p on the right, each in its column, none over another."""
    canvas = laid_out(example)
    (ax,) = canvas.axes
    paper = canvas.bbox
    plot = ax.get_window_extent()
    boxes: dict[float, list[Bbox]] = {}
    for text in ax.texts:
        if text.get_transform() == ax.get_yaxis_transform():
            boxes.setdefault(text.get_position()[0], []).append(text.get_window_extent())
    columns = [boxes[place] for place in sorted(boxes)]
    assert len(columns) == 3
    for column in columns:
        assert all(paper.x0 <= box.x0 and box.x1 <= paper.x1 for box in column)
    names, effects, p_values = columns
    assert max(box.x1 for box in names) <= plot.x0
    assert min(box.x0 for box in effects) >= plot.x1
    for effect, p in zip(effects, p_values, strict=True):
        assert effect.x1 <= p.x0


def test_the_words_for_each_side_stand_on_their_side_of_zero(example: Line) -> None:
    canvas = laid_out(example)
    (ax,) = canvas.axes
    zero = ax.transData.transform((0, 0))[0]
    (left,) = [text for text in ax.texts if text.get_text().startswith("\N{LEFTWARDS ARROW}")]
    (right,) = [text for text in ax.texts if text.get_text().endswith("\N{RIGHTWARDS ARROW}")]
    assert canvas.bbox.x0 <= left.get_window_extent().x0
    assert left.get_window_extent().x1 < zero < right.get_window_extent().x0
    assert right.get_window_extent().x1 <= canvas.bbox.x1
