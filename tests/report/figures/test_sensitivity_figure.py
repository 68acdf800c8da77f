"""The primary analysis and each sensitivity analysis of its question stand on one axis, as the results have them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from matplotlib.figure import Figure as Canvas

from tests.report.factory import made_up_protocol
from tests.report.figures.drawn import canvases, marks, words
from tests.report.rows import index_of, rows
from trialkit.drawing.looks import GREY, INK
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.comparisons import MissingRule
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.linear_models import OutcomeScale
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.figures import forest_sheet
from trialkit.report.figures.sensitivity_figure import sensitivity_figures
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

MINUS = "\N{MINUS SIGN}"
RESPONDERS = ResponderComparison(missing=MissingRule.NON_RESPONDER, improved_by=5)
MARGIN = MarginComparison(method=Method.NON_INFERIORITY, margin=4)
RATIO = Ancova(scale=OutcomeScale.LOG)


def trial(*more: Analysis | Any, arms: int = 2, **changes: Any) -> Protocol:
    """A trial of one primary analysis of covariance, and sensitivity analyses of the same outcome."""
    made = made_up_protocol(arms=arms, visits=3)
    first = replace(made.plan.analyses[0], id="a0", specification=Ancova(), family="")
    others = (
        replace(first, id=f"a{at}", role=AnalysisRole.SENSITIVITY, specification=each)
        if not isinstance(each, Analysis)
        else each
        for at, each in enumerate(more, start=1)
    )
    pain, better = made.outcomes
    return replace(
        made,
        outcomes=(replace(pain, **changes), better),
        plan=replace(made.plan, families=(), analyses=(first, *others)),
    )


def effect(analysis: str, method: str, *numbers: float | None, **changes: Any) -> list[Result]:
    stats = (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH)
    place = {"analysis_id": analysis, "method": method, "visit": "V2", "term": "A1 - A0"} | changes
    return list(rows(dict(zip(stats, numbers, strict=True)), **place))


def sizes(analysis: str, *counts: int) -> list[Result]:
    return [
        row
        for arm, n in enumerate(counts)
        for row in rows({Stat.N: n}, analysis_id=analysis, visit="V2", arm=f"A{arm}")
    ]


FOUND = [
    *effect("a0", "ancova", -6, -11, -1),
    *effect("a1", "mmrm", -5, -10, 0.5),
    *sizes("a0", 17, 16),
    *sizes("a1", 19, 18),
]


def drawn(protocol: Protocol, found: Sequence[Result]) -> tuple[Figure, Canvas]:
    with canvases(forest_sheet) as made:
        (figure,) = sensitivity_figures(protocol, index_of(*found))
        assert figure.svg
    return figure, made[0]


def upright(canvas: Canvas, colour: str) -> list[float]:
    lines = (line for line in canvas.axes[0].lines if line.get_color() == colour)
    return [float(line.get_xdata()[0]) for line in lines]


def test_each_row_is_the_effect_with_its_limits_and_what_it_supposes() -> None:
    figure, canvas = drawn(trial(Mmrm()), FOUND)
    found = sorted(marks(canvas.axes[0], 1), key=lambda line: line[0][1])
    assert [[x for x, _ in line] for line in found] == [[-11, -1], [-6], [-10, 0.5], [-5]]
    assert upright(canvas, GREY) == [0]
    said = words(canvas)
    assert {"17", "16", "19", "18"} <= set(said)
    assert f"{MINUS}6.0 ({MINUS}11.0 to {MINUS}1.0)" in said
    assert figure.description == (
        f"Analysis of covariance, final value (primary): complete cases: {MINUS}6.0 ({MINUS}11.0 to "
        f"{MINUS}1.0); Mixed model for repeated measures, change: at random given what is observed: "
        f"{MINUS}5.0 ({MINUS}10.0 to 0.5)."
    )


@pytest.mark.parametrize(("direction", "at"), [(Direction.LOWER, -8.0), (Direction.HIGHER, 8.0)])
def test_the_important_difference_lies_on_the_side_of_better(
    direction: Direction, at: float
) -> None:
    protocol = trial(Mmrm(), important_difference=8.0, direction=direction)
    _, canvas = drawn(protocol, FOUND)
    assert upright(canvas, INK) == [at]
    number = f"{MINUS if at < 0 else ''}8"
    assert f"important difference {number}" in words(canvas)
    assert f"the important difference of {number} mm" in words(canvas)[-1].replace("\n", " ")
    unsaid = trial(Mmrm(), important_difference=None)
    _, canvas = drawn(unsaid, FOUND)
    assert upright(canvas, INK) == []


def test_another_scale_is_named_and_has_no_row() -> None:
    found = [*FOUND, *effect("a2", "risk_difference", 0.2, 0.1, 0.3)]
    figure, canvas = drawn(trial(Mmrm(), RESPONDERS), found)
    assert figure.caption.endswith("Not drawn, for they are on another scale: responders.")
    assert len(marks(canvas.axes[0], 1)) == 4


def test_an_analysis_without_a_number_keeps_its_row() -> None:
    found = [row for row in FOUND if row.analysis_id == "a0"]
    figure, canvas = drawn(trial(Mmrm()), [*found, *sizes("a1", 19, 18)])
    assert "not estimable" in words(canvas)
    assert "observed: not estimable" in figure.description
    assert len(marks(canvas.axes[0], 1)) == 2


def test_no_figure_without_something_to_compare() -> None:
    index = index_of(*FOUND)
    assert sensitivity_figures(trial(), index) == ()
    assert sensitivity_figures(trial(MARGIN), index) == ()
    assert sensitivity_figures(trial(RATIO), index) == ()
    assert sensitivity_figures(trial(Mmrm()), index_of(*sizes("a0", 1, 1))) == ()
    first = trial().plan.analyses[0]
    for beside in (
        replace(first, id="a1", role=AnalysisRole.SENSITIVITY, time_point="V1"),
        replace(first, id="a1", role=AnalysisRole.EXPLORATORY),
        replace(first, id="a1", role=AnalysisRole.SENSITIVITY, outcomes=("better",)),
    ):
        assert sensitivity_figures(trial(beside), index) == ()


def test_a_ratio_stands_on_a_logarithmic_axis_without_the_change() -> None:
    first = replace(trial().plan.analyses[0], specification=RATIO)
    made = trial(important_difference=8.0)
    more = replace(first, id="a1", role=AnalysisRole.SENSITIVITY)
    own = replace(made, plan=replace(made.plan, analyses=(first, more)))
    found = [
        *effect("a0", "ancova", 0.8, 0.7, 0.9, term="A1 / A0"),
        *effect("a1", "ancova", 0.9, 0.8, 1.1, term="A1 / A0"),
    ]
    figure, canvas = drawn(own, found)
    assert canvas.axes[0].get_xscale() == "log"
    assert upright(canvas, GREY) == [1]
    assert upright(canvas, INK) == []
    assert "[a0]" not in figure.description  # the primary one says so
    assert "0.90 (0.80 to 1.10)" in figure.description


def test_analyses_called_alike_are_told_apart_by_their_ids_and_populations() -> None:
    found = [
        *FOUND,
        *effect("a2", "mmrm", -4, -9, 1),
        *effect("a3", "mmrm", -3, -8, 2),
    ]
    made = trial(Mmrm(), Mmrm())
    second = made.plan.analyses[1]
    other = replace(made.populations[0], code="pp", label="Per protocol")
    more = replace(second, id="a3", population="pp")
    own = replace(
        made,
        populations=(*(each for each in made.populations if each.code != "pp"), other),
        plan=replace(made.plan, analyses=(*made.plan.analyses, more)),
    )
    figure, _ = drawn(own, found)
    assert "observed [a1]: " in figure.description
    assert "observed [a2]: " in figure.description
    assert "change, per protocol: at random" in figure.description


def test_several_arms_have_a_row_each_under_their_analysis() -> None:
    found = [
        *FOUND,
        *effect("a0", "ancova", -2, -7, 3, term="A2 - A0"),
        *effect("a1", "mmrm", -1, -6, 4, term="A2 - A0"),
    ]
    figure, canvas = drawn(trial(Mmrm(), arms=3), found)
    assert words(canvas).count("Arm 2") == 2
    assert f"complete cases, Arm 2: {MINUS}2.0" in figure.description
    assert "Favours experimental arm" in " ".join(words(canvas))
