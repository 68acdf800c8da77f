"""Columns, rows and axis of a sheet of effects have the room that their words need."""

from dataclasses import replace
from math import log

import pytest

from tests.report.figures.boxes import boxes_of, faults
from trialkit.drawing.looks import look
from trialkit.report.figures.forest_sheet import draw_sheet
from trialkit.report.figures.sheet_layout import (
    INDENT,
    LEAST_PLOT,
    LINE,
    MARGIN,
    PADDING,
    WIDE,
    SheetAxis,
    SheetRow,
    Upright,
    lay_out,
    limits,
    log_ticks,
    names_of_lines,
    share,
    sides,
)

LONG = "Balance and hamstring training with a home programme, a diary and weekly calls"
ROW = SheetRow(
    label="Pain", before=("12; 48.3", "11; 38.2"), after=("0.50 (0.13 to 0.90)", "0.032"),
    effect=0.5, low=0.125, high=0.9, look=look(1),
)  # fmt: skip
BEFORE, AFTER = ("Usual care\nn; mean", "Training\nn; mean"), ("g (95% CI)", "p")
AXIS = SheetAxis(
    words="Hedges' g", below="Favours usual care", above="Favours training", least=0.25
)


def test_a_row_is_as_high_as_its_lines_and_the_drawing_stands_between_the_columns() -> None:
    made = lay_out([ROW, replace(ROW, label=LONG * 2)], BEFORE, AFTER)
    assert made.heights[0] == pytest.approx(LINE + PADDING)
    assert made.heights[1] == pytest.approx(len(made.texts[1]) * LINE + PADDING)
    assert made.tall == sum(made.heights)
    assert MARGIN < made.before[0] < made.before[1] < made.left
    assert made.left + LEAST_PLOT <= made.right + 1e-9
    assert made.right < made.after[0] < made.after[1] == WIDE - MARGIN


def test_an_indented_name_has_less_room() -> None:
    plain, indented = (
        lay_out([replace(ROW, label=LONG * 2, indented=each)], BEFORE, AFTER)
        for each in (False, True)
    )
    assert len(indented.texts[0]) >= len(plain.texts[0])
    assert INDENT > 0


def test_no_effect_and_every_line_are_in_sight_with_air() -> None:
    """From 0 to 0.9 are 0.9, of which 0.06 is air."""
    assert limits(AXIS, [ROW]) == pytest.approx((-0.25, 0.954))
    held = replace(AXIS, lines=(Upright(at=-3, name="margin"),), least=0)
    assert limits(held, [ROW]) == pytest.approx((-3.234, 1.134))
    assert share(-3.234, held, [ROW]) == pytest.approx(0)


def test_a_logarithmic_axis_has_as_much_air_as_often() -> None:
    axis = SheetAxis(words="Ratio", null=1.0, logarithmic=True)
    row = replace(ROW, effect=2.0, low=1.25, high=8.0)
    low, high = limits(axis, [row])
    assert low * (10**0.05) == pytest.approx(0.8)
    assert high / (10**0.05) == pytest.approx(8)
    assert share(1.0, axis, [row]) == pytest.approx((log(1) - log(low)) / (log(high) - log(low)))
    assert log_ticks(0.4, 3) == pytest.approx([0.5, 1, 2])
    assert log_ticks(0.0005, 2000) == pytest.approx([0.001, 0.01, 0.1, 1, 10, 100, 1000])


def test_what_a_side_speaks_for_is_wrapped_to_its_room_on_the_paper() -> None:
    made = lay_out([ROW], BEFORE, AFTER)
    left, right = sides(replace(AXIS, above=f"Favours {LONG * 2}"), [ROW], made)
    assert left == ("\N{LEFTWARDS ARROW} Favours usual care",)
    assert len(right) > 1
    assert right[-1].endswith("\N{RIGHTWARDS ARROW}")
    assert sides(replace(AXIS, below="", above=""), [ROW], made) == ((), ())


def test_names_of_lines_that_would_touch_are_left_to_the_words_below() -> None:
    made = lay_out([ROW], BEFORE, AFTER)
    far = replace(AXIS, lines=(Upright(at=-1, name="margin -1"), Upright(at=1, name="margin 1")))
    assert [line.at for _, line in names_of_lines(far, [ROW], made)] == [-1, 1]
    near = replace(
        AXIS, lines=(Upright(at=0.4, name="margin -1"), Upright(at=0.5, name="margin 1"))
    )
    assert names_of_lines(near, [ROW], made) == []


@pytest.mark.parametrize("label", ["Pain", LONG, LONG * 3])
@pytest.mark.parametrize("head", ["Usual care", LONG])
def test_whatever_the_names_are_no_word_covers_another(label: str, head: str) -> None:
    rows = [
        replace(ROW, label=label, bold=True),
        replace(ROW, label=label, indented=True, parted=True),
    ]
    heads = ("\n".join(head.split()), "Training\nn; mean")
    svg = draw_sheet(
        rows, stub="Outcome", before=heads, after=AFTER,
        axis=replace(AXIS, above=f"Favours {label}"), explanation="Bars: limits.",
        synthetic="Not real data", name="n", title="T", description="D",
    )  # fmt: skip
    assert list(faults(svg)) == []
    words = " ".join(box.text for box in boxes_of(svg))
    assert "0.50 (0.13 to 0.90)" in words
    assert "Not real data" in words
