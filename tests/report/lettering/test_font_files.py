"""Letters are as wide as the font's own tables say, read a second time by fontTools."""

import struct
from pathlib import Path
from types import SimpleNamespace

import matplotlib
import pytest
from fontTools.ttLib import TTFont

from trialkit.errors import ReportError
from trialkit.report.lettering import font_files
from trialkit.report.lettering.font_files import BOLD, OBLIQUE, REGULAR, font_file, font_widths


@pytest.mark.parametrize("name", [REGULAR, BOLD, OBLIQUE])
def test_every_character_has_the_width_that_a_second_reader_finds(name: str) -> None:
    path = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name
    assert font_file(name) == path
    with TTFont(path) as font:
        units, advances = font["head"].unitsPerEm, font["hmtx"].metrics
        expected = {code: advances[glyph][0] / units for code, glyph in font.getBestCmap().items()}
    assert font_widths(name) == expected


def test_the_three_fonts_are_three() -> None:
    assert font_widths(BOLD)[ord("m")] > font_widths(REGULAR)[ord("m")]
    assert [REGULAR, BOLD, OBLIQUE] == [
        "DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf",
    ]  # fmt: skip


@pytest.mark.parametrize("found", [None, SimpleNamespace(origin=None)])
def test_without_matplotlib_nothing_is_measured(
    found: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(font_files, "find_spec", lambda _: found)
    with pytest.raises(ReportError, match="matplotlib, with whose fonts letters are measured"):
        font_file(REGULAR)


def tiny_font(*, encoding: int = 10) -> bytes:
    """A font of 100 units and three glyphs, of which two have widths of their own.

    Its table of Windows' old characters (format 4) comes before that of all (format 12).
    """
    head = bytes(18) + struct.pack(">H", 100) + bytes(34)
    hhea = bytes(34) + struct.pack(">H", 2)
    hmtx = struct.pack(">HhHh", 10, 7, 40, 8) + struct.pack(">h", 9)
    old = struct.pack(">HHHH", 4, 8, 0, 0)
    groups = [(65, 66, 1), (70, 70, 0), (80, 80, 2)]
    whole = struct.pack(">HHIII", 12, 0, 16 + 12 * len(groups), 0, len(groups))
    whole += b"".join(struct.pack(">III", *group) for group in groups)
    first = 4 + 8 * 2
    cmap = struct.pack(">HH", 0, 2)
    cmap += struct.pack(">HHI", 3, 1, first) + struct.pack(">HHI", 3, encoding, first + len(old))
    cmap += old + whole
    tables = {b"cmap": cmap, b"head": head, b"hhea": hhea, b"hmtx": hmtx}
    start = 12 + 16 * len(tables)
    entries, body = b"", b""
    for tag, data in tables.items():
        entries += struct.pack(">4sIII", tag, 0, start + len(body), len(data))
        body += data
    return struct.pack(">IHHHH", 0x00010000, len(tables), 0, 0, 0) + entries + body


def test_glyphs_beyond_the_last_width_have_the_last_one_and_missing_ones_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A is glyph 1, 40 of 100 units; B and P are glyph 2, as wide as the last; F has no glyph."""
    (tmp_path / "tiny").write_bytes(tiny_font())
    monkeypatch.setattr(font_files, "font_file", tmp_path.joinpath)
    assert font_widths("tiny") == {65: 0.4, 66: 0.4, 80: 0.4}


def test_a_font_without_a_table_of_all_characters_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "poor").write_bytes(tiny_font(encoding=9))
    monkeypatch.setattr(font_files, "font_file", tmp_path.joinpath)
    with pytest.raises(ReportError, match="no table of all characters"):
        font_widths("poor")
