"""A workbook becomes text, sheet by sheet, and nothing that it says is guessed at.

Text is taken as it is, ``007`` and all. A number is given in the fewest digits that mean it, so
that 1.0 is ``1`` and what a spreadsheet stores as 2.2999999999999998 is ``2.3``. A date becomes ISO
text, TRUE and FALSE ``yes`` and ``no``. Of a formula the value counts that the spreadsheet last
worked out. Whatever has no such value (an error like #N/A, a formula never worked out or reaching
into another workbook) is a trouble of its cell, for whoever reads the sheet to tell.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path
from posixpath import join, normpath
from xml.etree.ElementTree import Element

from trialkit.errors import DataFileError
from trialkit.files.office_archive import Archive
from trialkit.files.serial_dates import Shows, moment, shown_by
from trialkit.limits import LONGEST_TEXT, MOST_CELLS, MOST_CHARACTERS, MOST_SHEETS

_REFERENCE = re.compile(r"^([A-Z]{1,3})([0-9]{1,7})$")
_EXCELS_DIGITS = 15
"""The cell of ``=0.1+0.2`` holds 0.30000000000000004 and shows 0.3, which is what was entered."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetCell:
    """A cell that holds something."""

    text: str
    trouble: str = ""
    """Why it has no value that could be taken; empty for a cell that has one."""
    formula: bool = False
    number: bool = False
    """Whether it was stored as a number, so that its decimal sign is a point."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """What stands on a sheet; rows and columns are counted from 1."""

    name: str
    hidden: bool
    rows: Mapping[int, Mapping[int, SheetCell]]
    """Only what holds something; a row of blanks is not here."""
    merged: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Book:
    """What the cells of all sheets refer to."""

    archive: Archive
    strings: tuple[str, ...]
    formats: tuple[Shows, ...]
    from_1904: bool


def read_workbook(path: Path, *, file: str = "") -> tuple[Sheet, ...]:
    """The sheets of a workbook in their order; messages call it ``file``, or by its name alone.

    Raises :class:`DataFileError` for what is no workbook, too large, encrypted or unsafe.
    """
    archive = Archive(path, file=file or path.name)
    main = _main_part(archive)
    parts = _relations(archive, main)
    named: list[tuple[str, str, bool]] = []
    from_1904 = False
    for element in archive.elements(main):
        tag = _tag(element)
        if tag == "workbookPr":
            from_1904 = element.get("date1904", "0").lower() in {"1", "true", "on"}
        if tag == "sheet":
            hidden = element.get("state", "visible") != "visible"
            named.append((element.get("name", ""), _relation_id(element), hidden))
    if not named:
        raise archive.damaged(main, "it has no sheet")
    if len(named) > MOST_SHEETS:
        raise DataFileError(
            f"{archive.file}: has {len(named):,} sheets, of which {MOST_SHEETS:,} are read; send "
            "the sheets that hold data alone"
        )
    book = _Book(
        archive=archive,
        strings=_shared_strings(archive, parts),
        formats=_formats(archive, parts),
        from_1904=from_1904,
    )
    by_id = {name: target for name, (_, target) in parts.items()}
    worksheets = {name for name, (kind, _) in parts.items() if kind == "worksheet"}
    counted = _Counted(archive.file)
    return tuple(
        _sheet(book, name, by_id[relation], hidden=hidden, counted=counted)
        for name, relation, hidden in named
        if relation in worksheets
    )


class _Counted:
    """How many cells were read, so that a sheet of nothing but cells comes to an end."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._cells = 0
        self._characters = 0

    def one_more(self, cell: SheetCell) -> None:
        self._cells += 1
        self._characters += len(cell.text)
        if self._cells > MOST_CELLS or self._characters > MOST_CHARACTERS:
            raise DataFileError(
                f"{self._file}: holds more than {MOST_CELLS} cells, or {MOST_CHARACTERS:,} "
                "characters; export the sheets as CSV and import these"
            )


def _main_part(archive: Archive) -> str:
    for kind, target in _relations(archive, "").values():
        if kind == "officeDocument":
            return target
    raise archive.damaged("_rels/.rels", "it names no workbook")


def _relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """By id the kind and the target of what a part relates to, within the workbook alone."""
    folder, _, name = part.rpartition("/")
    relations = join(folder, "_rels", f"{name}.rels")
    if relations not in archive:
        if part:
            return {}
        raise archive.damaged(relations, "it is not there, so this is no workbook")
    found = {}
    for element in archive.elements(relations):
        if _tag(element) == "Relationship" and element.get("TargetMode") != "External":
            target = element.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
            kind = element.get("Type", "").rpartition("/")[2]
            found[element.get("Id", "")] = (kind, path)
    return found


def _part(parts: Mapping[str, tuple[str, str]], kind: str) -> str:
    return next((target for each, target in parts.values() if each == kind), "")


def _shared_strings(archive: Archive, parts: Mapping[str, tuple[str, str]]) -> tuple[str, ...]:
    part = _part(parts, "sharedStrings")
    if not part or part not in archive:
        return ()
    return tuple(
        _rich_text(element)
        for element in archive.elements(part, let_go="si")
        if _tag(element) == "si"
    )


def _rich_text(element: Element) -> str:
    """The text of a string, its runs joined, the reading aid of Japanese left out."""
    texts = []
    for child in element:
        if _tag(child) == "t":
            texts.append(child.text or "")
        elif _tag(child) == "r":
            texts += [each.text or "" for each in child if _tag(each) == "t"]
    return _unescaped("".join(texts))


def _unescaped(text: str) -> str:
    """Characters that XML cannot hold are written as ``_x000D_``."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _formats(archive: Archive, parts: Mapping[str, tuple[str, str]]) -> tuple[Shows, ...]:
    """For each cell style what its number format shows."""
    part = _part(parts, "styles")
    if not part or part not in archive:
        return ()
    codes: dict[int, str] = {}
    styles: list[int] = []
    for element in archive.elements(part):
        if _tag(element) == "numFmt":
            codes[_whole(element.get("numFmtId"))] = element.get("formatCode", "")
        if _tag(element) == "cellXfs":
            styles = [_whole(style.get("numFmtId")) for style in element if _tag(style) == "xf"]
    shows = {number: shown_by(number, codes.get(number, "")) for number in set(styles)}
    return tuple(shows[number] for number in styles)


def _sheet(book: _Book, name: str, part: str, *, hidden: bool, counted: _Counted) -> Sheet:
    rows: dict[int, dict[int, SheetCell]] = {}
    merged = []
    row = 0
    for element in book.archive.elements(part, let_go="row"):
        tag = _tag(element)
        if tag == "row":
            row = _whole(element.get("r")) or row + 1
            cells = dict(_cells(book, element, counted))
            if any(cell.text.strip() or cell.trouble for cell in cells.values()):
                rows[row] = cells
        elif tag == "mergeCell":
            merged.append(element.get("ref", ""))
    return Sheet(name=name, hidden=hidden, rows=rows, merged=tuple(merged))


def _cells(book: _Book, row: Element, counted: _Counted) -> Iterator[tuple[int, SheetCell]]:
    column = 0
    for element in row:
        if _tag(element) != "c":
            continue
        column = _column(element.get("r")) or column + 1
        cell = _of_a_length(_cell(book, element))
        if cell is not None:
            counted.one_more(cell)
            yield column, cell


def _of_a_length(cell: SheetCell | None) -> SheetCell | None:
    """The cell; one whose text is longer than a spreadsheet can write has none."""
    if cell is None or len(cell.text) <= LONGEST_TEXT:
        return cell
    trouble = f"a text of {len(cell.text):,} characters, and a cell has {LONGEST_TEXT:,} at most"
    return replace(cell, text="", trouble=trouble)


def _cell(book: _Book, element: Element) -> SheetCell | None:
    """What a cell holds; None for one that is only painted."""
    parts = {_tag(child): child for child in element}
    formula = parts.get("f")
    stored = parts["v"].text if "v" in parts else None
    kind = element.get("t", "n")
    if kind == "inlineStr" and "is" in parts:
        return SheetCell(text=_rich_text(parts["is"]))
    if formula is not None and "[" in (formula.text or ""):
        trouble = "a formula that reaches into another workbook; replace it by its value"
        return SheetCell(text="", trouble=trouble, formula=True)
    if stored is None:
        if formula is None:
            return None
        trouble = "a formula whose value was never worked out; open the file, save it, try again"
        return SheetCell(text="", trouble=trouble, formula=True)
    try:
        text = _text(book, kind, stored, _style(book, element))
    except ValueError as error:
        return SheetCell(text="", trouble=str(error), formula=formula is not None)
    return SheetCell(text=text, formula=formula is not None, number=kind == "n")


def _text(book: _Book, kind: str, stored: str, shows: Shows) -> str:
    """The text of what is stored. Raises :class:`ValueError` that says why there is none."""
    match kind:
        case "s":
            number = _whole(stored)
            if stored.strip() != str(number) or number >= len(book.strings):
                raise ValueError("a text that is not in the workbook; the file is damaged")
            return book.strings[number]
        case "str" | "inlineStr":
            return _unescaped(stored)
        case "b":
            return "yes" if stored.strip() == "1" else "no"
        case "e":
            raise ValueError(f"the error {stored.strip()[:20]}")
        case "d":
            return stored.strip().replace("T", " ")
        case _:
            return _number(stored, shows, from_1904=book.from_1904)


def _number(stored: str, shows: Shows, *, from_1904: bool) -> str:
    try:
        number = float(stored)
    except ValueError:
        raise ValueError(f"{stored[:40]!r} where a number should be") from None
    if not isfinite(number):
        raise ValueError(f"{stored[:40]!r}, which is no number")
    if shows is not Shows.NUMBER:
        return moment(number, shows, from_1904=from_1904)
    shown = number if number.is_integer() else float(f"{number:.{_EXCELS_DIGITS}g}")
    return str(int(shown)) if shown.is_integer() and abs(shown) < 1e15 else repr(shown)


def _style(book: _Book, element: Element) -> Shows:
    style = _whole(element.get("s"))
    return book.formats[style] if style < len(book.formats) else Shows.NUMBER


def _column(reference: str | None) -> int:
    match = _REFERENCE.fullmatch(reference) if reference else None
    if match is None:
        return 0
    number = 0
    for letter in match[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _whole(text: str | None) -> int:
    """A whole number that is not negative; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _tag(element: Element) -> str:
    """The name of an element without its namespace, which differs between kinds of workbook."""
    return element.tag.rpartition("}")[2]


def _relation_id(element: Element) -> str:
    return next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
