"""Drawings as pictures of 300 dots an inch, for Word, which takes no SVG, and for slides."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from trialkit.errors import ReportError
from trialkit.report.content.content import Figure
from trialkit.report.lettering.fonts import fonts_for

DOTS_PER_INCH = 300
_PAGES = """#set page(width: auto, height: auto, margin: 0pt)
#for drawing in json("drawings.json") { page(image(drawing)) }
"""


def pictures(figures: Iterable[Figure]) -> Mapping[str, bytes]:
    """Each drawing as PNG, by its name; the same drawing gives the same bytes."""
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
        fonts = fonts_for("".join(figure.svg for figure in drawn), folder)
        try:
            pages = typst.compile(
                folder / "drawings.typ",
                root=folder,
                font_paths=[fonts.folder],
                ignore_system_fonts=not fonts.system,
                format="png",
                ppi=DOTS_PER_INCH,
            )
        except typst.TypstError as error:
            raise ReportError(f"the figures cannot be drawn as pictures: {error}") from error
    each = pages if isinstance(pages, list) else [pages]
    return {figure.name: page for figure, page in zip(drawn, each, strict=True)}
