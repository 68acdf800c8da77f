"""A legend has every label whole, in the room that was kept for it."""

import pytest

from tests.report.figures.boxes import boxes_of, faults
from trialkit.drawing.looks import look
from trialkit.report.figures.figures import drawing, to_svg
from trialkit.report.figures.legends import key, legend_height, put_legend

LONG = "Usual care with a home programme, a diary and calls by a physiotherapist every week"


def drawn(labels: list[str], *, width: float = 7.4, height: float = 2.0) -> str:
    with drawing(width=width, height=height) as canvas:
        put_legend(canvas, [key(look(at)) for at in range(len(labels))], labels, bottom=20)
        return to_svg(canvas, name="n", title="T", description="D")


@pytest.mark.parametrize("width", [4.6, 6.4, 7.4])
@pytest.mark.parametrize(
    "labels",
    [["A", "B"], [LONG], [LONG, "B"], [LONG] * 5, ["A", "B", "C", "D"], [LONG, *"BCDEF"]],
)
def test_every_label_is_there_whole_within_the_height_that_was_told(
    labels: list[str], width: float
) -> None:
    svg = drawn(labels, width=width, height=8)
    assert list(faults(svg)) == []
    boxes = tuple(boxes_of(svg))
    words = " ".join(each.text.strip() for each in boxes).split()
    assert sorted(words) == sorted(" ".join(labels).split())
    tall = max(each.bottom for each in boxes) - min(each.top for each in boxes)
    room = legend_height(labels, width=width)
    assert room - 12 <= tall <= room
    assert max(each.bottom for each in boxes) <= 8 * 72 - 18


def test_short_labels_stand_beside_each_other_and_long_ones_in_two_columns() -> None:
    assert legend_height(["A", "B", "C"], width=7.4) == legend_height(["A"], width=7.4)
    assert legend_height(["A", "B", "C", "D"], width=7.4) == 2 * legend_height(["A"], width=7.4)
    left = sorted({round(each.left) for each in boxes_of(drawn([LONG] * 4, height=4))})
    assert len(left) == 2


def test_no_label_takes_no_room() -> None:
    assert legend_height([], width=7.4) == 0
    assert "<text" not in drawn([])


def test_an_arm_s_key_has_its_colour_shape_and_dashes() -> None:
    made = key(look(2))
    assert (made.get_color(), made.get_marker()) == (look(2).colour, look(2).marker)
    assert made.is_dashed()
    assert key(look(2), line=False).get_linestyle() == "None"
    assert key(look(0), markeredgecolor="black").get_markeredgecolor() == "black"
