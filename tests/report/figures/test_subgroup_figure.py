"""The effect in all and in each level of a characteristic is drawn, with one test of them all."""

from dataclasses import replace
from typing import Any

import pytest
from matplotlib.figure import Figure as Canvas

from tests.report.factory import made_up_protocol
from tests.report.figures.drawn import canvases, marks, shape_of, words
from tests.report.rows import index_of, result, rows
from trialkit.drawing.looks import GREY, INK
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.figures import forest_sheet
from trialkit.report.figures.subgroup_figure import subgroup_figures
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

MINUS, NB = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"
OWN = Subgroups(by="demographics.sex")


def trial(*outcomes: str, arms: int = 2, own: Subgroups = OWN, **changes: Any) -> Protocol:
    """A trial with one analysis of subgroups, by sex where no other is asked for."""
    made = made_up_protocol(arms=arms)
    analysis = Analysis(
        id="by_sex", role=AnalysisRole.EXPLORATORY, outcomes=outcomes or ("pain",),
        population="itt", estimand="E1", specification=own,
    )  # fmt: skip
    other = replace(analysis, id="other", specification=Ancova())
    pain, better = made.outcomes
    return replace(
        made,
        plan=replace(made.plan, analyses=(other, analysis), confidence_level=0.9),
        outcomes=(replace(pain, **changes), better),
    )


def effect(
    term: str, *numbers: float | None, outcome: str = "pain", method: str = "subgroups"
) -> tuple[Result, ...]:
    stats = (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH)
    found = dict(zip(stats, numbers, strict=True))
    return rows(found, analysis_id="by_sex", outcome=outcome, method=method, term=term)


def interaction(p: float, term: str = "interaction", outcome: str = "pain") -> Result:
    return result(Stat.P_VALUE, p, analysis_id="by_sex", outcome=outcome, term=term)


FOUND = [
    *effect("A1 - A0", -6, -11, -1), *effect("A1 - A0 | Female", -8, -14.5, -2),
    *effect("A1 - A0 | Male", 3, -4, 10), interaction(0.037),
    *effect("A1 - A0 | Male", 99, 98, 100, method="another"),
]  # fmt: skip


def drawn(protocol: Protocol, *found: Result) -> tuple[Figure, Canvas]:
    with canvases(forest_sheet) as made:
        (figure,) = subgroup_figures(protocol, index_of(*found))
        assert figure.svg
    return figure, made[0]


def effects(canvas: Canvas, arm: int = 1) -> list[list[float]]:
    """Bars and marks of an arm from left to right, from the top of the figure down."""
    found = sorted(marks(canvas.axes[0], arm), key=lambda line: line[0][1])
    return [[x for x, _ in line] for line in found]


def test_all_participants_come_first_then_each_level_in_the_order_of_the_results() -> None:
    _, canvas = drawn(trial(), *FOUND)
    assert effects(canvas) == [[-11, -1], [-6], [-14.5, -2], [-8], [-4, 10], [3]]
    assert shape_of(canvas.axes[0], 1) == {"s"}
    bars = marks(canvas.axes[0], 1)
    assert [bar[0][1] for bar in bars[::2]] == [dot[0][1] for dot in bars[1::2]]


def size(level: str, *of_arms: int) -> list[Result]:
    """How many of each arm are in a level."""
    place = {"analysis_id": "by_sex", "method": "subgroups", "term": f"participants | {level}"}
    return [result(Stat.N, n, arm=f"A{at}", **place) for at, n in enumerate(of_arms)]


ALL = [
    result(Stat.N, n, analysis_id="by_sex", visit="V1", arm=f"A{at}")
    for at, n in enumerate((21, 19))
]


def test_each_row_says_its_level_how_many_are_in_it_and_its_numbers() -> None:
    _, canvas = drawn(trial(), *FOUND, *ALL, *size("Female", 12, 10), *size("Male", 9, 8))
    assert words(canvas) == [
        "Arm 1 vs Arm 0", f"interaction: p{NB}={NB}0.037",
        "All participants", "21", "19", f"{MINUS}6.0 ({MINUS}11.0 to {MINUS}1.0)",
        "Female", "12", "10", f"{MINUS}8.0 ({MINUS}14.5 to {MINUS}2.0)",
        "Male", "9", "8", f"3.0 ({MINUS}4.0 to 10.0)",
        "Subgroup", "Arm 0\nn", "Arm 1\nn", "Difference (90% CI)",
        "\N{LEFTWARDS ARROW} Favours Arm 1", "Favours Arm 0 \N{RIGHTWARDS ARROW}",
        "Difference from the reference arm, mm",
        "Bars: 90% confidence interval; lower is better.",
    ]  # fmt: skip
    weights = {text.get_text(): text.get_fontweight() for text in canvas.texts}
    assert (weights["Arm 1 vs Arm 0"], weights["Female"]) == ("bold", "normal")


def test_a_level_without_an_effect_is_no_head() -> None:
    """It stands among the levels, in their letters and at their edge."""
    _, canvas = drawn(trial(), *FOUND, *effect("A1 - A0 | Diverse", None, None, None))
    found = {text.get_text(): text for text in canvas.texts}
    last, before = found["Diverse"], found["Male"]
    assert last.get_fontweight() == "normal"
    assert last.get_position()[0] == before.get_position()[0]
    assert "not estimable" in found


def upright(canvas: Canvas, colour: str) -> list[float]:
    lines = (line for line in canvas.axes[0].lines if line.get_color() == colour)
    return [float(line.get_xdata()[0]) for line in lines]


@pytest.mark.parametrize(("direction", "left"), [(Direction.LOWER, 1), (Direction.HIGHER, 0)])
def test_each_side_of_no_effect_names_the_arm_it_favours(direction: Direction, left: int) -> None:
    """-14.5 to 10 are 24.5, of which 0.06 is air at each end."""
    _, canvas = drawn(trial(direction=direction), *FOUND)
    assert upright(canvas, GREY) == [0]
    assert canvas.axes[0].get_xlim() == pytest.approx((-15.97, 11.47))
    assert f"\N{LEFTWARDS ARROW} Favours Arm {left}" in words(canvas)
    assert f"Favours Arm {1 - left} \N{RIGHTWARDS ARROW}" in words(canvas)
    assert words(canvas)[-1] == f"Bars: 90% confidence interval; {direction.value} is better."


def test_what_is_important_within_a_person_is_no_line_between_arms() -> None:
    figure, canvas = drawn(trial(minimal_important_change=15), *FOUND)
    assert upright(canvas, INK) == []
    assert "important" not in " ".join((figure.caption, *words(canvas)))


def test_zero_is_in_sight() -> None:
    _, canvas = drawn(trial(), *effect("A1 - A0 | Male", 6, 4, 10))
    assert canvas.axes[0].get_xlim() == pytest.approx((-0.6, 10.6))


def test_an_outcome_without_a_unit_names_none() -> None:
    _, canvas = drawn(trial(unit=""), *FOUND)
    assert "Difference from the reference arm" in words(canvas)


def test_every_arm_has_its_own_rows_and_its_own_or_the_common_test() -> None:
    protocol = trial(arms=3)
    second = [*effect("A2 - A0 | Female", 1, -1, 2), interaction(0.5, "interaction A2 - A0")]
    figure, canvas = drawn(protocol, *FOUND, *second)
    assert effects(canvas, 2) == [[-1, 2], [1]]
    assert figure.description == (
        f"Arm 1 vs Arm 0: interaction: p{NB}={NB}0.037; "
        f"All participants: {MINUS}6.0 ({MINUS}11.0 to {MINUS}1.0); "
        f"Female: {MINUS}8.0 ({MINUS}14.5 to {MINUS}2.0); Male: 3.0 ({MINUS}4.0 to 10.0); "
        f"Arm 2 vs Arm 0: interaction: p{NB}={NB}0.500; Female: 1.0 ({MINUS}1.0 to 2.0)"
    )


def test_a_binary_outcome_is_drawn_in_percentage_points() -> None:
    protocol = trial("better")
    better = {"outcome": "better", "method": "risk_difference"}
    found = [
        *effect("A1 - A0 | Female", 0.125, -0.05, 0.3, **better),
        *effect("A1 - A0 | Female", 2, 1, 4, outcome="better", method="risk_ratio"),
        interaction(0.2, outcome="better"),
    ]
    figure, canvas = drawn(protocol, *found)
    assert effects(canvas) == [[-5, 30], [12.5]]
    assert "Difference from the reference arm, percentage points" in words(canvas)
    assert "Bars: 90% confidence interval; higher is better." in words(canvas)
    assert figure.description.endswith(f"Female: 12.5 ({MINUS}5.0 to 30.0)")
    assert (figure.name, figure.title) == (
        "subgroups_by_sex_better", "Much better: effect by sex",
    )  # fmt: skip


@pytest.mark.parametrize("gap", [0, 1, 2])
def test_an_effect_without_a_number_or_a_limit_is_not_drawn_and_says_so(gap: int) -> None:
    numbers: list[float | None] = [3, -4, 10]
    numbers[gap] = None
    figure, canvas = drawn(
        trial(), *effect("A1 - A0 | Female", -8, -14.5, -2), *effect("A1 - A0 | Male", *numbers)
    )
    assert effects(canvas) == [[-14.5, -2], [-8]]
    assert figure.description.endswith("Male: not estimable")


def test_an_interaction_that_cannot_be_tested_is_said() -> None:
    lone = effect("A1 - A0 | Female", -8, -14.5, -2)
    nothing = result(Stat.P_VALUE, None, analysis_id="by_sex", outcome="pain", term="interaction")
    _, canvas = drawn(trial(), *lone, nothing)
    assert "interaction: not estimable" in words(canvas)


def test_the_figure_says_its_analysis_and_that_single_subgroups_are_not_tested() -> None:
    figure, _ = drawn(trial(), *FOUND)
    assert figure.caption == (
        "Pain: difference between arms by sex (exploratory), with 90% confidence intervals and the "
        "test of the interaction; effects of single subgroups are not tested. n: participants of each arm."
    )
    assert figure.anchor == "figure-subgroups_by_sex_pain"
    labelled = trial()
    labelled = replace(labelled, trial=replace(labelled.trial, synthetic="Not real data"))
    assert "Not real data" in drawn(labelled, *FOUND)[0].svg
    assert "Not real data" not in figure.svg


def test_without_levels_there_is_no_figure_and_each_outcome_has_its_own() -> None:
    assert subgroup_figures(trial(), index_of(*effect("A1 - A0", -6, -11, -1))) == ()
    of_other = [replace(row, analysis_id="other", result_id=f"o{n}") for n, row in enumerate(FOUND)]
    assert subgroup_figures(trial(), index_of(*of_other)) == ()
    more = effect("A1 - A0 | Male", 0.1, 0, 0.2, outcome="better", method="risk_difference")
    names = [
        each.name for each in subgroup_figures(trial("better", "pain"), index_of(*FOUND, *more))
    ]
    assert names == ["subgroups_by_sex_better", "subgroups_by_sex_pain"]


def test_levels_of_a_number_are_drawn_in_the_order_of_the_results_with_their_border() -> None:
    cut = Subgroups(by="demographics.age", cut_points=(-0.5, 40))
    levels = ("< -0.5 years", "-0.5 to < 40 years", "≥ 40 years")
    found = [each for level in levels for each in effect(f"A1 - A0 | {level}", 3, -4, 10)]
    figure, canvas = drawn(trial(own=cut), *found)
    drawn_levels = [text for text in words(canvas) if text.endswith("years")]
    assert drawn_levels == [level.replace("-", MINUS) for level in levels]
    assert figure.caption.endswith(
        "not tested. n: participants of each arm. A cut point belongs to the level above it."
    )
