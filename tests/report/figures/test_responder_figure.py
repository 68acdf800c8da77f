"""A staircase an arm: how many improved by each amount or more, with the important change marked."""

from dataclasses import replace

import pytest
from matplotlib.figure import Figure as Canvas

from tests.report.factory import made_up_protocol
from tests.report.figures.drawn import canvases, marks, shape_of, words
from trialkit.drawing.looks import GREY, INK, look
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.figures import responder_figure
from trialkit.report.figures.responder_figure import (
    CROWDED,
    MARKS,
    Improvements,
    responder_figures,
)
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Results
from trialkit.results.series import Mark, Point, Series, SeriesKind

NB = "\N{NO-BREAK SPACE}"
TRIAL = made_up_protocol()
# in the reference arm improvements of -4, 2, 2 and 10 mm; in the other of 0 and 20 mm
SHARES = Series(
    kind=SeriesKind.RESPONDER_SHARES,
    analysis_id="primary",
    outcome="pain",
    points=(
        Point(arm="A0", x=-4, y=100, n=4), Point(arm="A0", x=2, y=75, n=3),
        Point(arm="A0", x=10, y=25, n=1), Point(arm="A0", x=15, n=0, label=Mark.THRESHOLD),
        Point(arm="A1", x=0, y=100, n=2), Point(arm="A1", x=20, y=50, n=1),
        Point(arm="A1", x=15, n=1, label=Mark.THRESHOLD),
    ),
)  # fmt: skip


def trial(**changes: object) -> Protocol:
    """The made-up trial with this primary outcome."""
    pain, better = TRIAL.outcomes
    own: Outcome = replace(pain, **changes)  # type: ignore[arg-type]
    return replace(TRIAL, outcomes=(own, better))


def drawn(protocol: Protocol = TRIAL, shares: Series = SHARES) -> tuple[Figure, Canvas]:
    with canvases(responder_figure) as made:
        (figure,) = responder_figures(protocol, ResultIndex(Results(rows=(), series=(shares,))))
        assert figure.svg
    return figure, made[0]


def test_a_participant_is_a_step_at_the_amount_of_the_improvement() -> None:
    arm = Improvements(arm=TRIAL.arms[0], look=look(0), shares=SHARES.of("A0"))
    assert arm.size == 4
    assert arm.stairs() == ([-4, 2, 2, 10], [100, 75, 50, 25])
    other = Improvements(arm=TRIAL.arms[1], look=look(1), shares=SHARES.of("A1"))
    assert other.stairs() == ([0, 20], [100, 50])


def test_the_stairs_begin_and_end_beyond_the_most_extreme_of_all_arms() -> None:
    """From -4 to 20 is 24, of which 0.06 is air at each end."""
    _, canvas = drawn()
    (ax,) = canvas.axes
    assert marks(ax, 0) == [
        [(-5.44, 100), (-4, 100), (2, 75), (2, 50), (10, 25), (21.44, 0)],
    ]  # fmt: skip
    assert marks(ax, 1) == [[(-5.44, 100), (0, 100), (20, 50), (21.44, 0)]]
    assert [shape_of(ax, arm) for arm in (0, 1)] == [{"o"}, {"s"}]
    steps = [line for line in ax.lines if line.get_color() in {look(0).colour, look(1).colour}]
    assert [line.get_drawstyle() for line in steps] == ["steps-pre", "steps-pre"]
    assert [line.get_markevery() for line in steps] == [slice(1, 5), slice(1, 3)]
    assert ax.get_xlim() == pytest.approx((-5.44, 21.44))
    assert ax.get_ylim() == (0, 103)


def upright(canvas: Canvas, colour: str) -> list[float]:
    """Where upright lines of this colour stand."""
    lines = (line for line in canvas.axes[0].lines if line.get_color() == colour)
    return [float(line.get_xdata()[0]) for line in lines]


def test_no_change_and_the_minimal_important_one_are_marked() -> None:
    _, canvas = drawn()
    assert upright(canvas, GREY) == [0]
    assert upright(canvas, INK) == [15]
    (note,) = canvas.axes[0].texts
    assert (note.get_text(), note.get_position()[1]) == ("minimal important change 15", 104)
    assert note.xy[0] == 15
    _, beyond = drawn(trial(minimal_important_change=40))
    assert beyond.axes[0].get_xlim() == pytest.approx((-5.44, 41.44)), "always in sight"
    _, none = drawn(trial(minimal_important_change=None))
    assert upright(none, INK) == []
    assert list(none.axes[0].texts) == []


def test_equal_amounts_still_have_air_around_them() -> None:
    points = tuple(Point(arm=arm, x=3, y=100, n=1) for arm in ("A0", "A1"))
    ends = tuple(Point(arm=arm, x=0, n=1, label=Mark.THRESHOLD) for arm in ("A0", "A1"))
    _, canvas = drawn(trial(minimal_important_change=None), replace(SHARES, points=points + ends))
    assert canvas.axes[0].get_xlim() == (2, 4)


def test_axes_and_arms_are_named_with_their_numbers() -> None:
    _, canvas = drawn()
    assert words(canvas) == [
        "Improvement of pain, mm, at least", "Participants, %", "minimal important change 15",
        f"Arm 0 (n{NB}={NB}4)", f"Arm 1 (n{NB}={NB}2)",
    ]  # fmt: skip
    _, without = drawn(trial(unit=""))
    assert "Improvement of pain, at least" in words(without)


def test_the_figure_says_how_many_reached_the_important_change() -> None:
    figure, _ = drawn()
    assert figure.description == (
        "Improved by the minimal important change or more: Arm 0 0 (0%); Arm 1 1 (50%)."
    )
    assert figure.caption.endswith("at Week 4. To the left of zero stands who got worse.")
    assert figure.title == "Pain: share improved by at least so much"
    assert (figure.anchor, figure.name) == ("figure-responders_pain", "responders_pain")
    assert figure.drawn_from == ("primary/pain/series/responder_shares",)
    without, _ = drawn(trial(minimal_important_change=None))
    assert without.description.startswith("Improved by anything or nothing or more: Arm 0 0")


def test_the_label_of_made_up_data_is_in_the_drawing() -> None:
    labelled = replace(TRIAL, trial=replace(TRIAL.trial, synthetic="Not real data"))
    assert "Not real data" in drawn(labelled)[0].svg
    assert "Not real data" not in drawn()[0].svg


def test_outcomes_without_such_a_series_have_no_figure() -> None:
    empty = ResultIndex(Results(rows=()))
    assert responder_figures(TRIAL, empty) == ()
    other = ResultIndex(Results(rows=(), series=(replace(SHARES, analysis_id="other"),)))
    assert responder_figures(TRIAL, other) == ()


def crowd(people: int) -> Series:
    """Both arms with so many participants, who improved by 1, 2 and 3 mm in turn."""
    thirds = [people, people - people // 3, people - 2 * (people // 3)]
    return replace(
        SHARES,
        points=tuple(
            point
            for arm in ("A0", "A1")
            for point in (
                *(Point(arm=arm, x=x, y=100 * n / people, n=n) for x, n in enumerate(thirds, 1)),
                Point(arm=arm, x=15, n=0, label=Mark.THRESHOLD),
            )
        ),
    )


def test_in_a_crowded_arm_an_amount_is_one_step_of_the_same_stairs() -> None:
    few, many = (
        Improvements(arm=TRIAL.arms[0], look=look(0), shares=crowd(people).of("A0"))
        for people in (CROWDED, CROWDED + 1)
    )
    amounts, percents = few.stairs()
    assert len(amounts) == CROWDED
    assert few.marked(CROWDED) == slice(1, CROWDED + 1)
    assert many.stairs() == ([1, 2, 3], pytest.approx([100, 100 * 34 / 51, 100 * 17 / 51]))
    assert percents[0] == 100
    assert many.marked(5 * MARKS) == slice(1, 5 * MARKS + 1, 5)


def test_the_drawing_of_a_crowd_stays_small() -> None:
    figure, canvas = drawn(shares=crowd(30_000))
    assert len(figure.svg) < 40_000
    assert marks(canvas.axes[0], 0)[0][0] == (0.88, 100)
    assert "n = 30" in " ".join(words(canvas)).replace(NB, " ")


def test_the_drawing_of_13_000_in_an_arm_is_no_larger_than_its_lines() -> None:
    """Each improved by an amount of its own; a mark for each made a picture of 3.1 MB."""
    size = 13_000
    points = (Point(arm="A0", x=n / 7, y=100 - 100 * n / size, n=size - n) for n in range(size))
    others = (Point(arm="A1", x=n / 9, y=100 - 100 * n / size, n=size - n) for n in range(size))
    marks_of = (Point(arm=arm, x=15, n=1, label=Mark.THRESHOLD) for arm in ("A0", "A1"))
    figure, _ = drawn(shares=replace(SHARES, points=(*points, *others, *marks_of)))
    assert len(figure.svg) < 200_000
