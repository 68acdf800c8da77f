"""Figures at the width of a column: their size on paper, their dots, and nothing behind them."""

from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader

from trialkit.errors import ReportError
from trialkit.report.content.content import Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.writers.artwork import Artwork, artwork, named, size_in

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}">'
    '<rect x="0" y="0" width="20" height="20" fill="#d55e00"/></svg>'
)


def figure(width: float, height: float, *, svg: str = SVG) -> Figure:
    drawn = svg.format(w=width, h=height)
    return Figure(
        anchor="f",
        name="f",
        drawing=FigureDrawing(lambda: drawn),
        title="A <title>",
        description='Says "what" it shows',
        caption="",
        label="Figure S1",
    )


def made(width: float = 320, height: float = 160) -> Artwork:
    return artwork(figure(width, height), column_mm=75, page_mm=154, language="en-GB")


@pytest.mark.parametrize(
    ("pixels", "mm"),
    [
        ((300, 150), (75, 37.5)),  # 79 mm: its words are read in a column
        ((600, 300), (154, 77)),  # 159 mm: they would be too small there
        ((300, 3000), (23, 230)),  # as high as a page may be
    ],
)
def test_a_figure_is_as_wide_as_a_column_or_the_page(
    pixels: tuple[float, float], mm: tuple[float, float]
) -> None:
    assert size_in(figure(*pixels), column_mm=75, page_mm=154) == pytest.approx(mm)


def test_pictures_have_300_dots_an_inch_on_white() -> None:
    drawn = made()
    assert (drawn.width_mm, drawn.height_mm) == pytest.approx((75, 37.5))
    for data, kind in ((drawn.png, "PNG"), (drawn.tiff, "TIFF")):
        with Image.open(BytesIO(data)) as picture:
            assert picture.format == kind
            assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.01)
            assert picture.width == pytest.approx(75 / 25.4 * 300, abs=1)
            assert picture.mode == "RGB"
            assert picture.getpixel((5, 5)) == (0xD5, 0x5E, 0x00)
            assert picture.getpixel((picture.width - 5, picture.height - 5)) == (255, 255, 255)
    with Image.open(BytesIO(drawn.tiff)) as picture:
        assert picture.info["compression"] == "tiff_lzw"


def test_svg_and_pdf_have_the_same_size() -> None:
    drawn = made()
    assert b'width="75.00mm" height="37.50mm"' in drawn.svg
    assert b'<rect x="0" y="0" width="20" height="20"' in drawn.svg
    (page,) = PdfReader(BytesIO(drawn.pdf)).pages
    assert float(page.mediabox.width) / 72 * 25.4 == pytest.approx(75, abs=0.01)


def test_the_same_figure_gives_the_same_bytes() -> None:
    assert made() == made()


def test_files_are_named_by_number_and_what_they_show() -> None:
    assert list(named((figure(1, 1),))) == ["figure_s1_f"]
    assert [name for name, _ in made().files("x")] == ["x.svg", "x.pdf", "x.png", "x.tiff"]


def test_a_drawing_without_a_frame_is_refused() -> None:
    bare = '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}"></svg>'
    with pytest.raises(ReportError, match="viewBox"):
        artwork(figure(10, 10, svg=bare), column_mm=75, page_mm=154, language="en")
