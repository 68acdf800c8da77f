"""Drawings as pictures, for Word, which takes no SVG, and for slides and journals."""

import json
from collections.abc import Iterable, Mapping

import typst

from trialkit.disk.temporary import temporary_folder
from trialkit.errors import ReportError
from trialkit.report.content.content import Figure
from trialkit.report.lettering.fonts import fonts_for

DOTS_PER_INCH = 300
"""Of a picture that is a file of its own, as slides and journals take it."""
IN_WORD = 200
"""Of a picture in a Word file, which is read on a screen and printed by an office printer."""
_PAGES = """#set page(width: auto, height: auto, margin: 0pt)
#for drawing in json("drawings.json") { page(image(drawing)) }
"""


def pictures(figures: Iterable[Figure], dots_per_inch: int = DOTS_PER_INCH) -> Mapping[str, bytes]:
    """Each drawing as PNG, by its name; the same drawing gives the same bytes."""
    drawn = tuple(figures)
    if not drawn:
        return {}
    with temporary_folder() as folder:
        names = []
        for number, figure in enumerate(drawn):
            names.append(f"{number}.svg")
            folder.write(names[-1], figure.svg)
        folder.write("drawings.json", json.dumps(names))
        fonts = fonts_for("".join(figure.svg for figure in drawn), folder)
        try:
            pages = typst.compile(
                folder.write("drawings.typ", _PAGES),
                root=folder.path,
                font_paths=[fonts.folder],
                ignore_system_fonts=not fonts.system,
                format="png",
                ppi=dots_per_inch,
            )
        except typst.TypstError as error:
            raise ReportError(f"the figures cannot be drawn as pictures: {error}") from error
    each = pages if isinstance(pages, list) else [pages]
    return {figure.name: page for figure, page in zip(drawn, each, strict=True)}
