"""Drawings as pictures: how many dots they have, and that a Word file has fewer."""

from io import BytesIO

import pytest
from PIL.PngImagePlugin import PngImageFile

from trialkit.report.content.content import Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.writers.documents import drawn_for_word
from trialkit.report.writers.pictures import DOTS_PER_INCH, IN_WORD, pictures

WIDE, HIGH = 144, 72
FIGURE = Figure(
    anchor="figure-box",
    name="box",
    drawing=FigureDrawing(
        lambda: (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}pt" height="{HIGH}pt" '
            f'viewBox="0 0 {WIDE} {HIGH}"><rect width="70" height="70"/></svg>'
        )
    ),
    title="A box",
    description="A box.",
    caption="A box",
)


def dots(picture: bytes) -> tuple[int, int]:
    """Width and height of a PNG."""
    with PngImageFile(BytesIO(picture)) as drawn:
        return drawn.size


@pytest.mark.parametrize("resolution", [IN_WORD, DOTS_PER_INCH])
def test_a_picture_of_two_inches_has_twice_the_dots_of_an_inch(resolution: int) -> None:
    drawn = pictures([FIGURE], resolution)
    assert dots(drawn["box"]) == (2 * resolution, resolution)


def test_a_word_file_takes_200_dots_an_inch_and_a_file_300() -> None:
    assert dots(drawn_for_word((FIGURE,))["box"]) == (400, 200)
    assert dots(pictures([FIGURE])["box"]) == (600, 300)
    assert drawn_for_word(()) == pictures(()) == {}
