"""The fonts that letters are measured with: DejaVu Sans, which lies in matplotlib's folder.

Its widths are read from the file itself, so that a page without a drawing of matplotlib's does not
load matplotlib.
"""

import struct
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from trialkit.errors import ReportError

REGULAR, BOLD, OBLIQUE = "DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf"
_HEAD, _GROUP = 16, 12
_UNICODE = (3, 10, 12)
"""Platform, encoding and format of the table that maps every character of Unicode."""


def font_file(name: str) -> Path:
    """Where a font is; raises :class:`ReportError` where matplotlib is not installed whole."""
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise ReportError("matplotlib, with whose fonts letters are measured, is not installed")
    return Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / name


@cache
def font_widths(name: str) -> Mapping[int, float]:
    """How far each character of a TrueType font moves the pen, for a font size of 1.

    Read are its tables ``cmap`` (format 12), ``hmtx``, ``hhea`` and ``head``.
    """
    data = font_file(name).read_bytes()
    tables = _tables(data)
    (units,) = struct.unpack_from(">H", data, tables["head"] + 18)
    (measured,) = struct.unpack_from(">H", data, tables["hhea"] + 34)
    widths = struct.unpack_from(">" + "Hh" * measured, data, tables["hmtx"])[::2]
    glyphs = _glyphs(data, tables["cmap"])
    last = measured - 1
    return {each: widths[min(glyph, last)] / units for each, glyph in glyphs.items() if glyph}


def _tables(data: bytes) -> dict[str, int]:
    """Where each table begins."""
    (number,) = struct.unpack_from(">H", data, 4)
    entries = (struct.unpack_from(">4sIII", data, 12 + 16 * each) for each in range(number))
    return {tag.decode("ascii"): start for tag, _, start, _ in entries}


def _glyphs(data: bytes, cmap: int) -> dict[int, int]:
    """The glyph of each character."""
    (number,) = struct.unpack_from(">H", data, cmap + 2)
    for each in range(number):
        platform, encoding, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * each)
        start = cmap + offset
        if (platform, encoding, *struct.unpack_from(">H", data, start)) == _UNICODE:
            (groups,) = struct.unpack_from(">I", data, start + 12)
            return {
                first + step: glyph + step
                for first, last, glyph in struct.iter_unpack(
                    ">III", data[start + _HEAD : start + _HEAD + _GROUP * groups]
                )
                for step in range(last - first + 1)
            }
    raise ReportError("the font has no table of all characters")
