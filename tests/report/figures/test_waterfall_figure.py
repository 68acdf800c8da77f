"""Each participant's change is a bar of an arm's panel, filled where it reaches what is important."""

from dataclasses import replace

import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure as Canvas

from tests.report.factory import made_up_protocol
from tests.report.figures.drawn import canvases, words
from trialkit.drawing.looks import GREY, INK, look
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.figures import waterfall_figure
from trialkit.report.figures.waterfall_figure import waterfall_figures
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Results
from trialkit.results.series import Mark, Point, Series, SeriesKind

NB, MINUS = "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"
TRIAL = made_up_protocol()
CHANGES = Series(
    kind=SeriesKind.CHANGES,
    analysis_id="primary",
    outcome="pain",
    points=(
        Point(arm="A0", x=0, y=5), Point(arm="A0", x=1, y=-3),
        Point(arm="A0", x=2, y=-16, label=Mark.REACHED),
        Point(arm="A0", x=-15, n=1, label=Mark.THRESHOLD),
        Point(arm="A1", x=0, y=-14.5), Point(arm="A1", x=1, y=-20, label=Mark.REACHED),
        Point(arm="A1", x=-15, n=1, label=Mark.THRESHOLD),
    ),
)  # fmt: skip


def trial(**changes: object) -> Protocol:
    pain, better = TRIAL.outcomes
    return replace(TRIAL, outcomes=(replace(pain, **changes), better))  # type: ignore[arg-type]


def drawn(protocol: Protocol = TRIAL, series: Series = CHANGES) -> tuple[Figure, Canvas]:
    with canvases(waterfall_figure) as made:
        (figure,) = waterfall_figures(protocol, ResultIndex(Results(rows=(), series=(series,))))
        assert figure.svg
    return figure, made[0]


def bars(ax: Axes) -> list[tuple[float, float, float, str]]:
    """Left and right end, height and filling of each bar."""
    (collection,) = [each for each in ax.collections if isinstance(each, PolyCollection)]
    found = []
    for path, colour in zip(collection.get_paths(), collection.get_facecolor(), strict=True):
        xs, ys = path.vertices[:, 0], path.vertices[:, 1]
        height = max(ys, key=abs)
        found.append((round(xs.min(), 6), round(xs.max(), 6), float(height), to_hex(colour)))
    return found


def level(ax: Axes, colour: str) -> list[float]:
    """How high lines across of this colour stand."""
    return [float(line.get_ydata()[0]) for line in ax.lines if line.get_color() == colour]


def test_bars_stand_in_their_order_and_are_filled_where_they_reach_what_is_important() -> None:
    _, canvas = drawn()
    first, second = canvas.axes
    white = "#ffffff"
    assert bars(first) == [
        (-0.4, 0.4, 5, white), (0.6, 1.4, -3, white), (1.6, 2.4, -16, look(0).colour),
    ]  # fmt: skip
    assert bars(second) == [(-0.4, 0.4, -14.5, white), (0.6, 1.4, -20, look(1).colour)]
    for ax, wide in ((first, 3), (second, 2)):
        assert ax.get_xlim() == (-1, wide)
        assert level(ax, GREY) == [0]
        assert level(ax, INK) == [-15]


def test_all_panels_share_limits_that_hold_every_bar_zero_and_the_important_change() -> None:
    """5 to -20 are 25, of which 0.06 is air at each end."""
    _, canvas = drawn()
    assert [ax.get_ylim() for ax in canvas.axes] == [pytest.approx((-21.5, 6.5))] * 2
    up = tuple(replace(each, x=30) if each.label == Mark.THRESHOLD else each
               for each in CHANGES.points)  # fmt: skip
    _, higher = drawn(series=replace(CHANGES, points=up))
    assert higher.axes[0].get_ylim() == pytest.approx((-23, 33))


def test_panels_are_named_with_the_number_of_participants_and_the_words_below() -> None:
    _, canvas = drawn()
    assert words(canvas) == [
        (f"Bars: participants, the worst change first. Dashed line: minimal important change "
        f"({MINUS}15); filled bars reach it."),
        f"Arm 0 (n{NB}={NB}3)", "Change of pain, mm", f"Arm 1 (n{NB}={NB}2)",
    ]  # fmt: skip


def test_without_an_important_change_no_line_is_drawn_and_none_is_told() -> None:
    figure, canvas = drawn(trial(minimal_important_change=None, unit=""))
    assert [level(ax, INK) for ax in canvas.axes] == [[], []]
    assert words(canvas)[0] == "Bars: participants, the worst change first."
    assert "Change of pain" in words(canvas)
    assert figure.description == "Arm 0: 3 participants; Arm 1: 2 participants"
    assert canvas.axes[0].get_ylim() == pytest.approx((-21.5, 6.5))


def test_the_figure_says_how_many_reached_it_when_and_which_way_is_better() -> None:
    figure, _ = drawn()
    assert figure.description == (
        "Reached the minimal important change: Arm 0 1 (33%); Arm 1 1 (50%)."
    )
    assert figure.caption == (
        "Pain: change from baseline of each participant with a value, at Week 4; lower is better."
    )
    assert (figure.anchor, figure.name) == ("figure-changes_pain", "changes_pain")
    assert figure.title == "Pain: change of each participant"
    assert figure.drawn_from == ("primary/pain/series/changes",)


def test_the_label_of_made_up_data_is_in_the_drawing() -> None:
    labelled = replace(TRIAL, trial=replace(TRIAL.trial, synthetic="Not real data"))
    assert "Not real data" in drawn(labelled)[0].svg
    assert "Not real data" not in drawn()[0].svg


def test_outcomes_without_such_a_series_have_no_figure() -> None:
    assert waterfall_figures(TRIAL, ResultIndex(Results(rows=()))) == ()
