"""What all figures share: their size, their words, their label, and the same bytes each time."""

from xml.etree import ElementTree

import pytest

from trialkit.report.figures.figures import (
    FEWEST_LABELS,
    drawing,
    explained,
    label_synthetic,
    room_for_label,
    side_by_side,
    ticked,
    to_svg,
)
from trialkit.report.lettering.text_width import text_width

LONG = "These data are made up and say nothing of any treatment whatever. " * 4


def test_a_figure_has_the_size_in_inches_that_it_is_given() -> None:
    with drawing(width=4, height=3) as canvas:
        svg = to_svg(canvas, name="n", title="T", description="D")
    root = ElementTree.fromstring(svg)
    assert root.get("viewBox") == "0 0 288 216"


def drawn() -> str:
    with drawing(width=4, height=3) as canvas:
        ax = canvas.add_axes((0.1, 0.1, 0.8, 0.8))
        ax.plot([1, 2], [3, 4])
        ax.set_title("Cost in $ and $")
        return to_svg(canvas, name="costs", title="A title", description="A description")


def test_a_figure_has_a_title_and_a_description_and_its_words_are_text() -> None:
    root = ElementTree.fromstring(drawn())
    texts = {node.tag.rpartition("}")[2]: node.text for node in root.iter() if node.text}
    assert (texts["title"], texts["desc"]) == ("A title", "A description")
    words = ["".join(node.itertext()).strip() for node in root.iter() if node.tag.endswith("text")]
    assert "Cost in $ and $" in words, "no formula is made of what stands between dollars"


def test_the_same_drawing_gives_the_same_bytes_without_a_date() -> None:
    assert drawn() == drawn()
    assert "dc:date" not in drawn()


@pytest.mark.parametrize("which", ["x", "y"])
def test_ticks_have_no_digits_that_nobody_needs_and_a_true_minus(which: str) -> None:
    with drawing(width=4, height=3) as canvas:
        ax = canvas.add_axes((0.1, 0.1, 0.8, 0.8))
        ticked(ax, which=which)
        own, other = (ax.xaxis, ax.yaxis) if which == "x" else (ax.yaxis, ax.xaxis)
        written = [own.get_major_formatter()(tick, 0) for tick in (-2.5, 0.0, 10.0, 0.1 + 0.2)]
        assert written == ["\N{MINUS SIGN}2.5", "0", "10", "0.3"]
        assert type(other.get_major_formatter()) is not type(own.get_major_formatter())


def test_an_explanation_stands_in_the_middle_below_the_drawing() -> None:
    with drawing(width=4, height=2) as canvas:
        explained(canvas, "Bars: limits.")
        (text,) = canvas.texts
        assert text.get_text() == "Bars: limits."
        assert text.get_position() == pytest.approx((0.5, 5 / 144))
        assert (text.get_ha(), text.get_va()) == ("center", "bottom")
        explained(canvas, LONG)
        assert canvas.texts[1].get_text().count("\n") >= 3
        assert canvas.texts[1].get_text().replace("\n", " ").strip() == LONG.strip()


def test_the_label_of_made_up_data_stands_over_the_top_and_is_drawn() -> None:
    with drawing(width=4, height=2) as canvas:
        label_synthetic(canvas, "Not real data")
        (text,) = canvas.texts
        assert text.get_position() == pytest.approx((0.5, 1 - 4 / 144))
        assert (text.get_ha(), text.get_va()) == ("center", "top")
        assert text.get_fontweight() == "bold"
        assert "Not real data" in to_svg(canvas, name="n", title="T", description="D")


def test_real_data_have_no_label_and_need_no_room() -> None:
    with drawing(width=4, height=2) as canvas:
        label_synthetic(canvas, "")
        assert canvas.texts == []
    assert room_for_label("", width=4) == 0


def test_the_room_for_the_label_grows_by_its_lines_and_they_fit_the_figure() -> None:
    """A line takes 12 points, and 12 more stand around them all."""
    assert room_for_label("Not real data", width=4) == pytest.approx(24 / 72)
    with drawing(width=4, height=2) as canvas:
        label_synthetic(canvas, LONG)
        lines = canvas.texts[0].get_text().count("\n") + 1
    assert lines > 3
    assert room_for_label(LONG, width=4) == pytest.approx((12 * lines + 12) / 72)
    assert room_for_label(LONG, width=8) < room_for_label(LONG, width=4)


WEEKS = [f"Week {number}" for number in range(1, 13)]
BELOW = [f"n\N{NO-BREAK SPACE}={number}" for number in range(1, 13)]


@pytest.mark.parametrize("room", [90.0, 40.0, 28.0, 14.0, 9.0])
def test_labels_along_an_axis_do_not_run_into_each_other(room: float) -> None:
    labels = side_by_side(WEEKS, BELOW, size=8, room=room)
    written = [place for place, label in enumerate(labels) if label]
    step = written[1] - written[0]
    assert written[-1] == 11
    assert len(written) >= FEWEST_LABELS
    for place in written:
        *words, below = labels[place].split("\n")
        assert (" ".join(words), below) == (WEEKS[place], BELOW[place])
        assert max(text_width(each, size=8) for each in (*words, below)) <= room * step


def test_of_few_labels_none_is_left_out_and_a_long_word_is_cut() -> None:
    assert side_by_side(["Baseline", "Week 6"], size=8, room=20) == ["Base\nline", "Wee\nk 6"]
    assert side_by_side([], size=8, room=20) == []
