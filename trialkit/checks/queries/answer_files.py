"""A list of findings that a site filled in and sent back, as answers with their places.

Sites sort, filter, hide, delete and rename. What counts is a row with the heads ``query_key`` and
``answer`` somewhere near the top of a sheet, and under them one answer a row.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from trialkit.errors import DataFileError
from trialkit.files.loose_tables import read_loose_tables
from trialkit.files.workbook_reading import Sheet, SheetCell

KEY, MARK, TURN, TRIAL = "query_key", "asked", "turn", "trial"
ANSWER, RIGHT_VALUE, REASON, BY = "answer", "right_value", "reason", "answered_by"
_HEADS = (KEY, MARK, TURN, TRIAL, ANSWER, RIGHT_VALUE, REASON, BY)
_NEAR_THE_TOP = 50
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """A row of the list in which somebody wrote something."""

    place: str
    """``sheet North, row 12``."""
    query_key: str
    asked: str
    """The mark of the value that the list showed; empty where the list has no such column."""
    trial: str
    answer: str
    reason: str
    answered_by: str
    turn: str = ""
    """At which turn of the query the list was made; empty where it has no such column."""
    right_value: str = ""
    """What should stand in the data instead."""
    is_number: bool = False
    """Whether the right value was stored as a number, so that its decimal sign is a point."""

    def in_file(self, name: str) -> "AnswerRow":
        """The same row, whose place begins with the name of its file."""
        return replace(self, place=name + self.place)


def read_answers(path: Path) -> tuple[AnswerRow, ...]:
    """The rows with an answer, a right value or a reason, of every sheet with columns for them.

    Raises :class:`DataFileError` for a file in which no sheet has, and for one in which cells were
    merged, so that nobody knows for which of the rows an answer is meant.
    """
    sheets = read_loose_tables(path)
    found = [(sheet, heads) for sheet in sheets if (heads := _heads(sheet)) is not None]
    if not found:
        raise DataFileError(
            f"{path}: no sheet has the columns {KEY} and {ANSWER}; send back the findings.xlsx that "
            "trialkit wrote, or a CSV file with these columns"
        )
    merged = [f"{path.name}: {each}" for sheet, (line, _) in found for each in _merged(sheet, line)]
    if merged:
        raise DataFileError(
            "nothing was recorded, since a cell that was merged answers for one row alone:\n  - "
            + "\n  - ".join(merged)
            + "\nUnmerge them, and write the answer in each row that it is for"
        )
    return tuple(row for sheet, (line, heads) in found for row in _rows(sheet, line, heads))


def read_each(paths: Sequence[Path]) -> tuple[AnswerRow, ...]:
    """The rows of several files; where there are several, each place begins with the name of its file."""
    return tuple(
        row.in_file(f"{path.name}, " if len(paths) > 1 else "")
        for path in paths
        for row in read_answers(path)
    )


def _heads(sheet: Sheet) -> tuple[int, Mapping[str, int]] | None:
    """In which row the heads stand, and which column each is; None where there are none."""
    for number, row in sheet.rows.items():
        if number > _NEAR_THE_TOP:
            continue
        names = {
            _NO_WORD.sub("_", plain(_written(cell))).strip("_"): column
            for column, cell in reversed(list(row.items()))
        }
        if {KEY, ANSWER} <= names.keys():
            return number, names
    return None


def _merged(sheet: Sheet, line: int) -> Iterator[str]:
    """The areas below the heads in which cells were merged."""
    where = f"sheet {sheet.name}, " if sheet.name else ""
    for area in sheet.merged:
        last = "".join(sign for sign in area.rpartition(":")[2] if sign.isdigit())
        if int(last[:9] or 0) > line:
            yield f"{where}cells {area}"


def _rows(sheet: Sheet, line: int, heads: Mapping[str, int]) -> Iterator[AnswerRow]:
    where = f"sheet {sheet.name}, row" if sheet.name else "row"
    for number, row in sheet.rows.items():
        if number <= line:
            continue
        cell = {name: _written(row.get(heads.get(name, 0))) for name in _HEADS}
        right = row.get(heads.get(RIGHT_VALUE, 0))
        if cell[ANSWER] or cell[REASON] or cell[RIGHT_VALUE]:
            yield AnswerRow(
                place=f"{where} {number}",
                query_key=cell[KEY].lower(),
                asked=cell[MARK].lower(),
                trial=cell[TRIAL],
                answer=plain(cell[ANSWER]),
                reason=cell[REASON],
                answered_by=cell[BY],
                turn=cell[TURN].lower(),
                right_value=cell[RIGHT_VALUE],
                is_number=right is not None and right.number,
            )


def _written(cell: SheetCell | None) -> str:
    """What stands in a cell; what cannot be taken, such as an error, says so and is no answer."""
    return (cell.text.strip() or cell.trouble) if cell else ""


def plain(text: str) -> str:
    """Text without what people do not see: case, white space of any kind, full-width letters."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
