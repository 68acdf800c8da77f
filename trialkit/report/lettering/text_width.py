"""How wide a line of text is, so that boxes are as large as what stands in them.

Measured with DejaVu Sans, which comes with matplotlib and is as wide as any sans-serif font that a
browser may put in its place.
"""

import unicodedata
from functools import cache

from trialkit.report.lettering.font_files import BOLD, REGULAR, font_widths

FONT_FAMILY = "'DejaVu Sans', Verdana, sans-serif"
_WIDE = 1.0
_UNKNOWN = 0.75


def text_width(text: str, *, size: float, bold: bool = False) -> float:
    """The width of ``text`` in the unit of ``size``."""
    return size * sum(map(_bold_advance if bold else _advance, text))


def wrap(text: str, *, size: float, width: float, bold: bool = False) -> tuple[str, ...]:
    """``text`` in lines no wider than ``width``; a word that is too long alone is cut."""
    lines: list[str] = []
    line = ""
    for word in text.replace("\n", " ").split(" "):
        longer = f"{line} {word}" if line else word
        if text_width(longer, size=size, bold=bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _cut(word, size=size, width=width, bold=bold)
        lines.extend(full)
    return (*lines, line)


def _cut(word: str, *, size: float, width: float, bold: bool) -> list[str]:
    """A word in pieces that each fit; one piece when it fits as it is."""
    pieces = [""]
    for character in word:
        longer = pieces[-1] + character
        if pieces[-1] and text_width(longer, size=size, bold=bold) > width:
            pieces.append(character)
        else:
            pieces[-1] = longer
    return pieces


@cache
def _advance(character: str) -> float:
    """The width of a character, for a font size of 1."""
    return _advance_in(REGULAR, character)


@cache
def _bold_advance(character: str) -> float:
    return _advance_in(BOLD, character)


def _advance_in(font: str, character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    advance = font_widths(font).get(ord(character))
    if advance is not None:
        return advance
    wide = unicodedata.east_asian_width(character) in {"W", "F"}
    return _WIDE if wide else _UNKNOWN
