"""Who has a value at which visit is drawn in shares of the arm, in the order of the patterns."""

from dataclasses import replace

import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from tests.report.factory import made_up_protocol
from tests.report.figures.drawn import canvases, words
from tests.report.rows import result
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.figures import missingness_figure
from trialkit.report.figures.missingness_figure import FILLS, PRESENT, missingness_figures
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Result, Results
from trialkit.results.series import Point, Series, SeriesKind
from trialkit.results.vocabulary import Stat

NB = "\N{NO-BREAK SPACE}"
TRIAL = made_up_protocol(visits=3)


def pattern(arm: str, count: int, first: str, last: str, at: int = 0) -> list[Point]:
    """So many of an arm, with why they have no value after four and after eight weeks."""
    return [
        Point(arm=arm, visit=visit, x=at, n=count, label=reason)
        for visit, reason in (("V1", first), ("V2", last))
    ]


PATTERNS = Series(
    kind=SeriesKind.MISSING_PATTERNS,
    analysis_id="missing",
    outcome="pain",
    points=(
        *pattern("A0", 6, "", ""), *pattern("A0", 3, "", "moved", 1),
        *pattern("A0", 1, "ill", "moved", 2),
        *pattern("A1", 2, "", ""), *pattern("A1", 1, "ill", "", 1), *pattern("A1", 1, "", "died", 2),
    ),
)  # fmt: skip


def drawn(
    *rows: Result, protocol: Protocol = TRIAL, series: Series = PATTERNS
) -> tuple[Figure, Canvas]:
    index = ResultIndex(Results(rows=rows, series=(series,)))
    with canvases(missingness_figure) as made:
        (figure,) = missingness_figures(protocol, index)
        assert figure.svg
    return figure, made[0]


def tiles(ax: Axes) -> list[tuple[float, float, float, str, str]]:
    """Column, top, height in percent, colour of the edge or filling, and hatching of each tile."""
    found = []
    for each in ax.patches:
        assert isinstance(each, Rectangle)
        filled, edge = to_hex(each.get_facecolor()), to_hex(each.get_edgecolor())
        colour = edge if filled == "#ffffff" else filled
        column = each.get_x() + each.get_width() / 2
        found.append(
            (round(column, 6), each.get_y(), each.get_height(), colour, each.get_hatch() or "")
        )
    return found


# reasons have their looks in the order in which they are met: moved, ill, died
MOVED, ILL, DIED = FILLS[:3]


def test_equal_neighbours_are_one_tile_as_tall_as_their_share_of_the_arm() -> None:
    _, canvas = drawn()
    first, second = canvas.axes
    assert tiles(first) == [
        (0, 0, 90, PRESENT, ""), (0, 90, 10, *ILL),
        (1, 0, 60, PRESENT, ""), (1, 60, 40, *MOVED),
    ]  # fmt: skip
    assert tiles(second) == [
        (0, 0, 50, PRESENT, ""), (0, 50, 25, *ILL), (0, 75, 25, PRESENT, ""),
        (1, 0, 75, PRESENT, ""), (1, 75, 25, *DIED),
    ]  # fmt: skip
    for ax in canvas.axes:
        assert ax.get_ylim() == (100, 0)
        assert ax.get_xlim() == pytest.approx((-0.6, 1.6))
        assert [tick.get_text() for tick in ax.get_xticklabels()] == ["Week 4", "Week 8"]


def test_panels_and_reasons_are_named() -> None:
    _, canvas = drawn()
    assert words(canvas) == [
        f"Arm 0 (n{NB}={NB}10)", "Participants, %", f"Arm 1 (n{NB}={NB}4)",
        "value", "moved", "ill", "died",
    ]  # fmt: skip


def test_the_figure_says_how_many_lack_a_value_at_each_visit() -> None:
    figure, _ = drawn()
    assert figure.description == (
        "Participants without a value. Arm 0: Week 4 1 (10%), Week 8 4 (40%); Arm 1: Week 4 1 "
        "(25%), Week 8 1 (25%). Reasons: moved, ill and died."
    )
    assert figure.title == "Pain: who has a value at which visit"
    assert (figure.anchor, figure.name) == ("figure-missing_pain", "missing_pain")
    assert figure.drawn_from == ("missing/pain/series/missing_patterns",)


def test_what_is_still_to_come_is_said_not_to_be_missing() -> None:
    def counted(number: int, outcome: str = "pain") -> Result:
        place = {"analysis_id": "missing", "outcome": outcome, "visit": "V2", "arm": "A0"}
        return result(Stat.N_NOT_DUE, number, **place)

    words = " What is still to come at the data cut is not missing."
    assert drawn(counted(1))[0].caption.endswith(f"the same pattern together.{words}")
    assert words not in drawn(counted(0))[0].caption
    assert words not in drawn(counted(1, "better"))[0].caption
    assert words not in drawn()[0].caption


def test_reasons_beyond_those_that_can_be_told_apart_share_the_last_look() -> None:
    reasons = [f"reason {n}" for n in range(len(FILLS) + 2)]
    points = [point for n, reason in enumerate(reasons)
              for point in pattern("A0", 1, reason, "", n)]  # fmt: skip
    series = replace(PATTERNS, points=(*points, *pattern("A1", 1, "", "")))
    _, canvas = drawn(series=series)
    found = [each[3:] for each in tiles(canvas.axes[0]) if each[0] == 0]
    assert found == [*FILLS, FILLS[-1], FILLS[-1]]


def test_the_label_of_made_up_data_is_in_the_drawing() -> None:
    labelled = replace(TRIAL, trial=replace(TRIAL.trial, synthetic="Not real data"))
    assert "Not real data" in drawn(protocol=labelled)[0].svg
    assert "Not real data" not in drawn()[0].svg


def test_outcomes_without_patterns_have_no_figure() -> None:
    assert missingness_figures(TRIAL, ResultIndex(Results(rows=()))) == ()
