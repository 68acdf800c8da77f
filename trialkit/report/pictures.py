"""Drawings as pictures of 300 dots an inch, for Word, which takes no SVG, and for slides."""

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import typst
from matplotlib import get_data_path

from trialkit.errors import ReportError
from trialkit.report.content import Figure

DOTS_PER_INCH = 300
FONTS = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf")
_PAGES = """#set page(width: auto, height: auto, margin: 0pt)
#for drawing in json("drawings.json") { page(image(drawing)) }
"""


def pictures(figures: Iterable[Figure], *, system_fonts: bool = False) -> Mapping[str, bytes]:
    """Each drawing as PNG, by its name."""
    drawn = tuple(figures)
    if not drawn:
        return {}
    with TemporaryDirectory(prefix="trialkit-") as made:
        folder = Path(made)
        names = []
        for number, figure in enumerate(drawn):
            names.append(f"{number}.svg")
            (folder / names[-1]).write_text(figure.svg, encoding="utf-8")
        (folder / "drawings.json").write_text(json.dumps(names), encoding="utf-8")
        (folder / "drawings.typ").write_text(_PAGES, encoding="utf-8")
        try:
            pages = typst.compile(
                folder / "drawings.typ",
                root=folder,
                font_paths=[copied_fonts(folder)],
                ignore_system_fonts=not system_fonts,
                format="png",
                ppi=DOTS_PER_INCH,
            )
        except typst.TypstError as error:
            raise ReportError(f"the figures cannot be drawn as pictures: {error}") from error
    each = pages if isinstance(pages, list) else [pages]
    return {figure.name: page for figure, page in zip(drawn, each, strict=True)}


def copied_fonts(folder: Path) -> Path:
    """The fonts of the drawings, which come with matplotlib, in a folder with no other fonts."""
    fonts = folder / "fonts"
    fonts.mkdir()
    for name in FONTS:
        shutil.copyfile(Path(get_data_path()) / "fonts" / "ttf" / name, fonts / name)
    return fonts
