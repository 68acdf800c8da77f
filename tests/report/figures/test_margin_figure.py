"""Each population's interval stands against the margin, on the side of worse, and says what it shows."""

from dataclasses import replace
from typing import Any

import pytest
from matplotlib.figure import Figure as Canvas

from tests.report.factory import made_up_protocol
from tests.report.figures.drawn import canvases, marks, words
from tests.report.rows import index_of, rows
from tests.report.test_kinds_of_trial import content_of_kind
from trialkit.drawing.looks import GREY, INK
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.figures import forest_sheet
from trialkit.report.figures.margin_figure import margin_figures
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

MINUS = "\N{MINUS SIGN}"


def trial(
    *, method: Method = Method.NON_INFERIORITY, populations: tuple[str, ...] = ("itt", "pp"),
    arms: int = 2, **changes: Any,
) -> Protocol:  # fmt: skip
    """A trial whose primary outcome is held against a margin of 8 in each population."""
    made = made_up_protocol(arms=arms)
    first, *_ = made.plan.analyses
    asked = MarginComparison(method=method, margin=8, response=Response.FINAL)
    roles = (AnalysisRole.PRIMARY, AnalysisRole.SENSITIVITY, AnalysisRole.POST_HOC)
    analyses = tuple(
        replace(first, id=f"a{at}", role=roles[at], population=code, specification=asked)
        for at, code in enumerate(populations)
    )
    (itt, *others) = made.populations
    protocol_pp = replace(itt, code="pp", label="Per protocol")
    pain, better = made.outcomes
    return replace(
        made,
        outcomes=(replace(pain, **changes), better),
        populations=(itt, protocol_pp, *(each for each in others if each.code != "pp")),
        plan=replace(made.plan, analyses=analyses),
    )


def effect(analysis: str, *numbers: float, margin: float = 8, **changes: Any) -> list[Result]:
    stats = (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH)
    found = dict(zip(stats, numbers, strict=True)) | {Stat.MARGIN: margin, Stat.CONF_LEVEL: 0.95}
    place = {"analysis_id": analysis, "visit": "V1", "term": "A1 - A0"}
    return list(rows(found, **{"method": "non_inferiority"} | place | changes))


FOUND = [*effect("a0", 2, -3, 7), *effect("a1", 3, -4, 9.5)]


def drawn(protocol: Protocol, *found: Result) -> tuple[Figure, Canvas]:
    with canvases(forest_sheet) as made:
        (figure,) = margin_figures(protocol, index_of(*found))
        assert figure.svg
    return figure, made[0]


def upright(canvas: Canvas, colour: str) -> list[float]:
    lines = (line for line in canvas.axes[0].lines if line.get_color() == colour)
    return [float(line.get_xdata()[0]) for line in lines]


def test_both_populations_stand_against_the_margin_that_is_named() -> None:
    figure, canvas = drawn(trial(), *FOUND)
    found = sorted(marks(canvas.axes[0], 1), key=lambda line: line[0][1])
    assert [[x for x, _ in line] for line in found] == [[-3, 7], [2], [-4, 9.5], [3]]
    assert upright(canvas, GREY) == [0]
    assert upright(canvas, INK) == [8]
    itt = trial().populations[0].label
    assert [each for each in words(canvas) if each in {itt, "Per protocol"}] == [
        itt, "Per protocol",
    ]  # fmt: skip
    assert {"margin 8", f"2.0 ({MINUS}3.0 to 7.0)", "Difference (95% CI)"} <= set(words(canvas))
    assert words(canvas)[-1] == (
        "Bars: 95% confidence interval. Solid line: no difference. Dashed line: margin of 8 mm; "
        "lower is better."
    )
    assert "in one population alone" not in figure.caption


def test_what_each_interval_shows_is_said_to_who_cannot_see_it() -> None:
    figure, _ = drawn(trial(), *FOUND)
    first, second = figure.description.split(" Per protocol, ")
    assert "Arm 1 is non-inferior to Arm 0: the whole interval excludes being worse" in first
    assert "was not shown to be non-inferior" in second
    assert "Arm 1: 3.0" in second


@pytest.mark.parametrize(
    ("direction", "method", "places", "left"),
    [
        (Direction.LOWER, Method.NON_INFERIORITY, [8], 1),
        (Direction.HIGHER, Method.NON_INFERIORITY, [-8], 0),
        (Direction.LOWER, Method.EQUIVALENCE, [-8, 8], 1),
        (Direction.HIGHER, Method.EQUIVALENCE, [-8, 8], 0),
    ],
)
def test_the_margin_stands_on_the_side_of_worse_and_for_equivalence_on_both(
    direction: Direction, method: Method, places: list[float], left: int
) -> None:
    found = [replace(each, method=method.value) for each in FOUND]
    _, canvas = drawn(trial(direction=direction, method=method), *found)
    assert upright(canvas, INK) == places
    assert f"\N{LEFTWARDS ARROW} Favours Arm {left}" in words(canvas)
    assert f"Favours Arm {1 - left} \N{RIGHTWARDS ARROW}" in words(canvas)


def test_several_arms_have_a_row_each_under_their_population() -> None:
    second = effect("a0", 1, -2, 4, term="A2 - A0")
    _, canvas = drawn(trial(arms=3, populations=("itt",)), *FOUND[:5], *second)
    shown = words(canvas)
    assert shown[0] == trial().populations[0].label
    assert shown.index("Arm 1") < shown.index("Arm 2")
    assert "Favours experimental arm" in " ".join(shown)


def test_one_population_alone_is_said_and_two_analyses_of_one_are_told_apart() -> None:
    one, _ = drawn(trial(populations=("itt",)), *FOUND)
    assert one.caption.endswith("The plan asks this in one population alone.")
    _, canvas = drawn(trial(populations=("itt", "itt")), *FOUND)
    label = trial().populations[0].label
    assert {f"{label} (primary)", f"{label} (sensitivity)"} <= set(words(canvas))


def test_margins_so_near_that_their_names_have_no_room_are_named_below_alone() -> None:
    wide = effect("a0", 2, -300, 400, method="equivalence")
    _, canvas = drawn(trial(method=Method.EQUIVALENCE, populations=("itt",)), *wide)
    assert upright(canvas, INK) == [-8, 8]
    assert not [each for each in words(canvas) if each.startswith("margin ")]
    assert f"margins of {MINUS}8 and 8 mm" in words(canvas)[-1]


def test_without_a_number_or_without_such_an_analysis_there_is_no_figure() -> None:
    assert margin_figures(trial(), index_of()) == ()
    assert margin_figures(made_up_protocol(), index_of(*FOUND)) == ()
    half = [each for each in FOUND if each.stat_name is not Stat.CONF_HIGH]
    assert margin_figures(trial(), index_of(*half)) == ()


def test_a_trial_with_a_margin_has_its_figure_among_the_results() -> None:
    figure = content_of_kind("non-inferiority in two populations").figure("margins_pain")
    assert not figure.supplementary
    assert ">Per protocol</text>" in figure.svg
    assert ">margin 8</text>" in figure.svg
    assert "against the margin of non-inferiority" in figure.caption


def test_the_label_of_made_up_data_is_in_the_drawing() -> None:
    made = trial()
    labelled = replace(made, trial=replace(made.trial, synthetic="Not real data"))
    assert "Not real data" in drawn(labelled, *FOUND)[0].svg
    assert "Not real data" not in drawn(made, *FOUND)[0].svg
