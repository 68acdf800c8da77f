from dataclasses import replace

import matplotlib as mpl
import pytest
from matplotlib.axes import Axes
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure as Canvas

from tests.conftest import few_at_once
from tests.report.factory import composed, content_of, made_up_line, made_up_protocol
from tests.report.figures.drawn import canvases, points, words
from trialkit.drawing.looks import look
from trialkit.planned.series.courses import course_series
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.visits import Visit, Window
from trialkit.report.content.content import Figure
from trialkit.report.figures import slope_figure
from trialkit.report.figures.slope_figure import is_true_to_time, slope_figures
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Result, Results
from trialkit.results.series import Point, Series, SeriesKind


def visit(code: str, day: int) -> Visit:
    return Visit(code=code, label=code, target_day=day, window=Window(early=0, late=0))


def test_visits_that_would_collide_are_evenly_spaced() -> None:
    assert is_true_to_time([visit("a", 0), visit("b", 42)])
    assert not is_true_to_time([visit("a", 0), visit("b", 1), visit("c", 365)])


@pytest.mark.parametrize(("arms", "visits"), few_at_once([(2, 2), (4, 3), (6, 6)], 1))
def test_every_arm_has_a_panel(arms: int, visits: int) -> None:
    line = made_up_line(arms=arms, visits=visits)
    svg = content_of(line).figure("course_pain").svg
    assert all(f">{arm.label}</text>" in svg for arm in line.protocol.arms)
    assert "Thin lines: participants." in svg


def test_the_drawing_is_the_same_every_time_and_leaves_no_trace() -> None:
    before = dict(mpl.rcParams)
    one = composed(made_up_line()).figure("course_pain").svg
    assert one == composed(made_up_line()).figure("course_pain").svg
    assert dict(mpl.rcParams) == before
    assert "<metadata" not in one
    assert "<!DOCTYPE" not in one


def without_arm(rows: tuple[Result, ...]) -> tuple[Result, ...]:
    """As if nobody of the second arm had ever been described."""
    return tuple(row for row in rows if (row.analysis_id, row.arm) != ("descriptive", "A1"))


def test_an_arm_with_nobody_measured_is_an_empty_panel() -> None:
    line = made_up_line()
    measured = line.datasets.measurements
    nobody = measured["value"].mask((measured["arm"] == "A1").to_numpy())
    datasets = replace(line.datasets, measurements=measured.assign(value=nobody))
    index = ResultIndex(Results(rows=without_arm(line.results.rows)))
    series = tuple(course_series(line.protocol, datasets, index))
    content = content_of(line, results=replace(line.results, series=series))
    assert "Arm 1: mean none" in content.figure("course_pain").description


def test_mathematics_in_a_label_is_text() -> None:
    one = made_up_protocol()
    outcomes = (replace(one.outcomes[0], label="Cost in $ or $x^2$"), one.outcomes[1])
    svg = (
        content_of(made_up_line(protocol=replace(one, outcomes=outcomes))).figure("course_pain").svg
    )
    assert "$x^2$" in svg


# what is drawn, from series made by hand: visits after 0, 28 and 84 days

NB, MINUS = "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"


def trial(*days: int) -> Protocol:
    made = made_up_protocol(visits=3)
    visits = tuple(
        replace(each, target_day=day)
        for each, day in zip(made.visits, days or (0, 28, 84), strict=True)
    )
    return replace(made, visits=visits, plan=replace(made.plan, confidence_level=0.9))


def mean(arm: str, visit: str, numbers: tuple[float, float, float] | None, n: int) -> Point:
    middle, low, high = numbers or (None, None, None)
    return Point(arm=arm, visit=visit, y=middle, low=low, high=high, n=n)


MEANS = Series(
    kind=SeriesKind.MEANS,
    analysis_id="primary",
    outcome="pain",
    points=(
        mean("A0", "V0", (50, 45, 56), 12), mean("A0", "V1", (44.25, 40, 48), 11),
        mean("A0", "V2", (41, 30, 50), 10), mean("A1", "V0", (52, 51, 53), 9),
        mean("A1", "V1", None, 0), mean("A1", "V2", (20, 18, 23), 7),
    ),
)  # fmt: skip
COURSES = replace(
    MEANS,
    kind=SeriesKind.COURSES,
    points=tuple(
        Point(arm=arm, visit=f"V{at}", x=person, y=value)
        for arm, person, values in (
            ("A0", 0, (48, None, 40)), ("A0", 1, (52, 44, 42)), ("A1", 0, (52, 30, 20)),
        )
        for at, value in enumerate(values)
    ),
)  # fmt: skip


def drawn(protocol: Protocol, *series: Series) -> tuple[Figure, Canvas]:
    with canvases(slope_figure) as made:
        (figure,) = slope_figures(protocol, ResultIndex(Results(rows=(), series=series)))
        assert figure.svg
    return figure, made[0]


def bars(ax: Axes) -> list[tuple[float, float, float, float]]:
    """Where each mean stands, how high, and its limits."""
    (container,) = [each for each in ax.containers if isinstance(each, ErrorbarContainer)]
    line, _, (limits,) = container
    ends = [(path[0][1], path[1][1]) for path in limits.get_segments()]
    found = zip(line.get_xdata(), line.get_ydata(), ends, strict=True)
    return [(float(x), float(y), float(low), float(high)) for x, y, (low, high) in found]


def thin(ax: Axes) -> list[list[tuple[float, float]]]:
    """The courses of single participants; a missing value is written as -1."""
    lines = [line for line in ax.lines if line.get_alpha()]
    return [[(x, -1.0 if y != y else y) for x, y in points(line)] for line in lines]  # noqa: PLR0124


def test_means_stand_in_true_time_within_their_limits_one_panel_an_arm() -> None:
    """28 of 84 days are a third of the way along two steps."""
    _, canvas = drawn(trial(), MEANS, COURSES)
    first, second = canvas.axes
    third = pytest.approx(2 / 3)
    assert bars(first) == [(0, 50, 45, 56), (third, 44.25, 40, 48), (2, 41, 30, 50)]
    assert bars(second) == [(0, 52, 51, 53), (2, 20, 18, 23)], "nobody was measured between"
    assert [ax.get_title(loc="left") for ax in canvas.axes] == ["Arm 0", "Arm 1"]
    colours = [ax.containers[0][0].get_color() for ax in canvas.axes]
    assert colours == [look(0).colour, look(1).colour]
    assert first.get_ylim() == second.get_ylim(), "so that arms can be compared by eye"
    assert first.get_xlim() == (-0.25, 2.25)


def test_each_participant_is_a_line_broken_where_there_is_no_value() -> None:
    _, canvas = drawn(trial(), MEANS, COURSES)
    at = round(2 / 3, 6)
    assert thin(canvas.axes[0]) == [
        [(0, 48), (at, -1), (2, 40)], [(0, 52), (at, 44), (2, 42)],
    ]  # fmt: skip
    assert thin(canvas.axes[1]) == [[(0, 52), (at, 30), (2, 20)]]


def test_visits_are_named_with_how_many_have_a_value() -> None:
    _, canvas = drawn(trial(), MEANS, COURSES)
    labels = [[tick.get_text() for tick in ax.get_xticklabels()] for ax in canvas.axes]
    equals = f"n{NB}={NB}"
    assert labels == [
        [f"Baseline\n{equals}12", f"Week 4\n{equals}11", f"Week 8\n{equals}10"],
        [f"Baseline\n{equals}9", f"Week 4\n{equals}0", f"Week 8\n{equals}7"],
    ]


@pytest.mark.parametrize(
    ("days", "evenly"), [((0, 15, 100), False), ((0, 13, 100), True), ((0, 87, 100), True)]
)
def test_visits_nearer_than_a_seventh_are_evenly_spaced_and_that_is_said(
    days: tuple[int, int, int], evenly: bool
) -> None:
    """14 of 100 days are about the least that is drawn in true time."""
    protocol = trial(*days)
    assert is_true_to_time(protocol.visits) is not evenly
    figure, canvas = drawn(protocol, MEANS)
    places = list(canvas.axes[0].get_xticks())
    assert places == ([0, 1, 2] if evenly else [0, pytest.approx(0.3), 2])
    assert figure.caption.endswith(" Visits are drawn evenly spaced.") is evenly


def test_the_figure_says_its_means_and_what_its_lines_are() -> None:
    figure, canvas = drawn(trial(), MEANS, COURSES)
    assert figure.description == (
        "Pain in mm. Arm 0: mean Baseline 50.0 (n = 12), Week 4 44.3 (n = 11), Week 8 41.0 (n = "
        "10). Arm 1: mean Baseline 52.0 (n = 9), Week 8 20.0 (n = 7)."
    )
    assert figure.title == "Pain: each participant and the mean of each arm"
    assert figure.caption == (
        "Pain of each participant (thin lines) and mean of each arm with its 90% confidence "
        "interval (thick lines); n is the number with a value."
    )
    assert words(canvas)[0] == (
        "Thin lines: participants.  Thick lines: mean with 90% confidence interval."
    )
    assert "Pain (mm)" in words(canvas)
    assert (figure.anchor, figure.name) == ("figure-course_pain", "course_pain")
    assert figure.drawn_from == ("primary/pain/series/means", "primary/pain/series/courses")


def test_without_courses_no_participant_is_drawn_or_told_of() -> None:
    figure, canvas = drawn(trial(), MEANS)
    assert [thin(ax) for ax in canvas.axes] == [[], []]
    assert words(canvas)[0] == "Thick lines: mean with 90% confidence interval."
    assert figure.title == "Pain: the mean of each arm"
    assert figure.caption.startswith("Pain: mean of each arm with its 90% confidence interval")
    assert figure.drawn_from == ("primary/pain/series/means",)
    assert slope_figures(trial(), ResultIndex(Results(rows=(), series=(COURSES,)))) == ()


def test_the_label_of_made_up_data_is_in_the_drawing() -> None:
    made = trial()
    labelled = replace(made, trial=replace(made.trial, synthetic="Not real data"))
    assert "Not real data" in drawn(labelled, MEANS)[0].svg
    assert "Not real data" not in drawn(made, MEANS)[0].svg
