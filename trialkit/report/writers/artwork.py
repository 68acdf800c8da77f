"""Figures as journals take them: at the width of a column, as PDF and as pictures of 300 dots an inch.

SVG and PDF keep their lines; PNG and TIFF (LZW) are on white, without transparency, and say how many
dots an inch they have.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO

import typst
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from trialkit.disk.temporary import TemporaryFolder, temporary_folder
from trialkit.errors import ReportError
from trialkit.report.content.content import Figure
from trialkit.report.writers.compiler import UNIVERSAL_ACCESS, compiler_of
from trialkit.report.writers.drawing_size import LEAST_SCALE, own_size
from trialkit.report.writers.pictures import DOTS_PER_INCH

HIGHEST_MM = 230.0
"""How high a figure may be on a journal's page, its caption left out."""
_ROOT = re.compile(r"<svg\b[^>]*>")
_SIDE = re.compile(r'(?<=\s)(width|height)="[^"]*"')
_TEMPLATE = "figure.typ"
_PAGE = """#let drawing = json("drawing.json")
#set document(title: drawing.title, description: drawing.description, date: none)
#set page(width: drawing.width * 1mm, height: drawing.height * 1mm, margin: 0pt)
#set text(lang: drawing.language)
#image(drawing.file, alt: drawing.description, width: drawing.width * 1mm, height: drawing.height * 1mm)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Artwork:
    """A figure in its four forms, and how large it is printed, in millimetres."""

    width_mm: float
    height_mm: float
    svg: bytes
    pdf: bytes
    png: bytes
    tiff: bytes

    def files(self, name: str) -> Iterator[tuple[str, bytes]]:
        """Each form under its own ending."""
        for ending in ("svg", "pdf", "png", "tiff"):
            yield f"{name}.{ending}", getattr(self, ending)


def artwork(figure: Figure, *, column_mm: float, page_mm: float, language: str) -> Artwork:
    """The figure as wide as a column where its words can be read there, else as wide as the page."""
    width, height = size_in(figure, column_mm=column_mm, page_mm=page_mm)
    with temporary_folder() as folder:
        folder.write("drawing.svg", figure.svg)
        drawing = {
            "file": "drawing.svg",
            "width": width,
            "height": height,
            "title": figure.title,
            "description": figure.description,
            "language": language.partition("-")[0],
        }
        folder.write("drawing.json", json.dumps(drawing))
        folder.write(_TEMPLATE, _PAGE)
        pdf, png = _set(folder, figure)
    return Artwork(
        width_mm=width,
        height_mm=height,
        svg=_sized(figure.svg, width, height).encode(),
        pdf=pdf,
        png=_picture(png, "PNG"),
        tiff=_picture(png, "TIFF", compression="tiff_lzw"),
    )


def size_in(figure: Figure, *, column_mm: float, page_mm: float) -> tuple[float, float]:
    """Width and height in millimetres; one that would be too high is as wide as its height allows."""
    width, height = own_size(figure)
    wanted = column_mm if column_mm >= LEAST_SCALE * width else page_mm
    scale = min(wanted / width, HIGHEST_MM / height)
    return width * scale, height * scale


def _sized(svg: str, width: float, height: float) -> str:
    """The drawing with its size on paper in its root; its ``viewBox`` keeps what is in it."""
    root = _ROOT.search(svg)
    if root is None or "viewBox" not in root[0]:
        raise ReportError("a drawing has no viewBox, and cannot be scaled")
    size = {"width": f"{width:.2f}mm", "height": f"{height:.2f}mm"}
    scaled = _SIDE.sub(lambda side: f'{side[1]}="{size[side[1]]}"', root[0])
    return svg.replace(root[0], scaled, 1)


def _set(folder: TemporaryFolder, figure: Figure) -> tuple[bytes, bytes]:
    compiler = compiler_of(_TEMPLATE, figure.svg, folder)
    try:
        made = (
            _as_pdf(compiler),
            compiler.compile(format="png", ppi=float(DOTS_PER_INCH)),
        )
    except typst.TypstError as error:
        raise ReportError(f"figure {figure.name!r} cannot be set: {error}") from error
    pdf, png = (each[0] if isinstance(each, list) else each for each in made)
    if not isinstance(pdf, bytes) or not isinstance(png, bytes):
        raise ReportError(f"figure {figure.name!r} was not made in one piece")
    return pdf, png


def _as_pdf(compiler: typst.Compiler) -> object:
    """PDF/UA-1, or plain where no font has a character of the drawing."""
    try:
        return compiler.compile(format="pdf", pdf_standards=UNIVERSAL_ACCESS)
    except typst.TypstError:
        return compiler.compile(format="pdf")


def _picture(png: bytes, kind: str, **options: str) -> bytes:
    """The picture on white, with the number of its dots an inch."""
    with PngImageFile(BytesIO(png)) as drawn:
        flat = Image.new("RGB", drawn.size, "white")
        flat.paste(drawn, mask=drawn.getchannel("A") if "A" in drawn.getbands() else None)
    made = BytesIO()
    flat.save(made, kind, dpi=(DOTS_PER_INCH, DOTS_PER_INCH), **options)
    return made.getvalue()


def named(figures: Iterable[Figure]) -> dict[str, Figure]:
    """The figures by the names of their files: their numbers, and what they show."""
    return {f"{'_'.join(each.label.casefold().split())}_{each.name}": each for each in figures}
