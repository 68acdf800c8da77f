"""A drawing is made when it is asked for, and once."""

from trialkit.report.content.figure_drawing import FigureDrawing


def test_nothing_is_drawn_before_it_is_asked_for_and_nothing_twice() -> None:
    made = []

    def draw() -> str:
        made.append("<svg/>")
        return made[-1]

    drawing = FigureDrawing(draw)
    assert not made
    assert (drawing.svg, drawing.svg) == ("<svg/>", "<svg/>")
    assert len(made) == 1
