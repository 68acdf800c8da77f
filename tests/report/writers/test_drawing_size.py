"""A drawing is printed at its own size, or smaller: on an upright page if its words can be read."""

import pytest

from trialkit.errors import ReportError
from trialkit.report.content.content import Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.writers.drawing_size import fits_upright, own_size, printed_size


def figure(svg: str) -> Figure:
    return Figure(
        anchor="f",
        name="forest",
        drawing=FigureDrawing(lambda: svg),
        title="",
        description="",
        caption="",
    )


def of(width: float, height: float) -> Figure:
    """A drawing of this size in millimetres, stated in points of 1/72 inch."""
    return figure(f'<svg width="{width / 25.4 * 72}pt" height="{height / 25.4 * 72}pt"></svg>')


@pytest.mark.parametrize(
    ("svg", "size"),
    [
        ('<svg width="72pt" height="144pt">', (25.4, 50.8)),
        ('<svg width="96px" height="192">', (25.4, 50.8)),
        ('<svg viewBox="0 0 1 1" height="72pt" width="144pt" class="x">', (50.8, 25.4)),
        ('<svg height="96" width="48px">', (12.7, 25.4)),
        ('<svg width="36.5pt" height="96px">', (36.5 / 72 * 25.4, 25.4)),
    ],
)
def test_a_drawing_says_its_size_in_points_or_pixels(svg: str, size: tuple[float, float]) -> None:
    assert own_size(figure(svg)) == pytest.approx(size)


def test_a_drawing_without_a_size_is_refused_by_its_name() -> None:
    with pytest.raises(ReportError, match="figure 'forest': the drawing does not say how large"):
        own_size(figure('<svg viewBox="0 0 1 1">'))


@pytest.mark.parametrize(
    ("own", "turned", "printed"),
    [
        ((100, 100), False, (100, 100)),
        ((340, 100), False, (170, 50)),
        ((100, 430), False, (50, 215)),
        ((340, 100), True, (257, 75.588235)),
        ((100, 284), True, (50, 142)),
        ((170, 215), False, (170, 215)),
    ],
)
def test_a_drawing_is_made_smaller_to_fit_and_never_larger(
    own: tuple[float, float], turned: bool, printed: tuple[float, float]
) -> None:
    assert printed_size(of(*own), turned=turned) == pytest.approx(printed)


@pytest.mark.parametrize(
    ("own", "fits"),
    [
        ((170, 200), True),
        # at 0.62 of their size words can be read, and below that a turned page is larger
        ((274, 100), True),
        ((275, 100), False),
        # of what is high rather than wide, turning helps nothing
        ((100, 400), True),
    ],
)
def test_a_page_is_turned_only_where_that_helps_to_read(
    own: tuple[float, float], fits: bool
) -> None:
    assert fits_upright(of(*own)) is fits
