"""``data/changes.csv``: what was changed after it had been entered, by whom, when and why.

One line a cell. Lines are only ever added, and always together with the data that they tell of: the
file is read again while nobody else writes in the folder, and what it held then stays in front.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from io import StringIO
from pathlib import Path

from trialkit.disk.content import Content, Pieces
from trialkit.errors import DataFileError
from trialkit.files.spreadsheets import as_entered, csv_bytes
from trialkit.files.whole_files import read_whole
from trialkit.schemas.forms.reserved import CHANGES

FILE = f"{CHANGES}.csv"
_SHOWN = f"data/{FILE}"
_REMEDY = (
    "Nothing but trialkit should write this file; bring it back from a backup or from version "
    "control"
)


class What(StrEnum):
    """What became of a cell."""

    CHANGED = "changed"
    """Another value took the place of one."""
    FILLED = "filled"
    """A blank cell of a row that was there got a value."""
    EMPTIED = "emptied"
    """A value was taken away, and the row stayed."""
    REMOVED = "row removed"
    """The row was taken out, and this was in it; of a row without a value there is one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who changes something, when and why."""

    who: str
    on: datetime
    """A moment with its time zone; it is kept in UTC."""
    reason: str

    @property
    def moment(self) -> str:
        """The moment in UTC, as ``2025-03-31T08:30:05Z``."""
        plain = self.on.astimezone(UTC).replace(tzinfo=None)
        return f"{plain.isoformat(timespec='seconds')}Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A line of the file. All text, in the order of its columns."""

    on: str
    """The moment in UTC, as ``2025-03-31T08:30:05Z``."""
    who: str
    what: What
    form: str
    subject_id: str
    visit: str
    repeat: str
    item: str
    old: str
    new: str
    reason: str
    query_key: str = ""


COLUMNS = tuple(each.name for each in fields(Change))


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRow:
    """A row of the data as its key says it."""

    form: str
    subject_id: str
    visit: str = ""
    repeat: str = ""


def change(
    row: DataRow, item: str, *, old: str, new: str, signed: Signature, query_key: str = ""
) -> Change:
    """The line about a cell of a row that stays."""
    what = What.FILLED if not old.strip() else What.CHANGED if new.strip() else What.EMPTIED
    return _line(row, item, what=what, old=old, new=new, signed=signed, query_key=query_key)


def removal(
    row: DataRow, cells: Iterable[tuple[str, str]], *, signed: Signature
) -> tuple[Change, ...]:
    """The lines about a row that goes: one for each item with something in it, at least one."""
    held = [(item, old) for item, old in cells if old.strip()] or [("", "")]
    return tuple(
        _line(row, item, what=What.REMOVED, old=old, new="", signed=signed) for item, old in held
    )


def _line(
    row: DataRow,
    item: str,
    *,
    what: What,
    old: str,
    new: str,
    signed: Signature,
    query_key: str = "",
) -> Change:
    return Change(
        on=signed.moment,
        who=" ".join(signed.who.split()),
        what=what,
        form=row.form,
        subject_id=row.subject_id,
        visit=row.visit,
        repeat=row.repeat,
        item=item,
        old=_lines(old),
        new=_lines(new),
        reason=" ".join(signed.reason.split()),
        query_key=query_key,
    )


def _lines(text: str) -> str:
    """The text as a data file gives it back: lines end in a line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_changes(data: Path) -> tuple[Change, ...]:
    """The changes that the folder of the data keeps; none where there is no file.

    Raises :class:`DataFileError` for a file that cannot be what trialkit wrote.
    """
    return _parsed(read_whole(data / FILE) or b"")


def with_changes(data: Path, changes: Sequence[Change]) -> dict[Path, Content]:
    """The file with these lines at its end, to be written together with the data; none for none.

    Raises :class:`DataFileError` for a file that cannot be what trialkit wrote, and, while it is
    written, for one that lost lines since.
    """
    if not changes:
        return {}
    path = data / FILE
    if not path.resolve().is_relative_to(data.parent.resolve()):
        raise DataFileError(f"{_SHOWN}: leads out of the trial's folder; put the file itself there")
    before = read_whole(path) or b""
    _parsed(before)
    return {path: Pieces(lambda: _grown(path, before, changes))}


def _grown(path: Path, before: bytes, changes: Sequence[Change]) -> Iterator[bytes]:
    """What the file holds now, which may be more than before and never less, and the new lines."""
    now = read_whole(path) or b""
    if not now.startswith(before):
        raise DataFileError(
            f"{_SHOWN}: lines that were there when this command began are gone, so nothing was "
            f"written. {_REMEDY}"
        )
    if now:
        yield now if now.endswith(b"\n") else now + b"\n"
    added = csv_bytes(COLUMNS, map(astuple, changes))
    yield added.partition(b"\n")[2] if now else added


def _parsed(content: bytes) -> tuple[Change, ...]:
    if not content:
        return ()
    try:
        rows = list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataFileError(f"{_SHOWN}: cannot be read: {error}. {_REMEDY}") from None
    if not rows or tuple(rows[0]) != COLUMNS:
        raise DataFileError(f"{_SHOWN}: its first line should be {','.join(COLUMNS)}. {_REMEDY}")
    return tuple(_checked(number, row) for number, row in enumerate(rows[1:], start=2) if row)


def _checked(number: int, row: Sequence[str]) -> Change:
    """A line, looked at before it is believed."""
    wrong = ""
    if len(row) != len(COLUMNS):
        wrong = f"has {len(row)} cells, expected are {len(COLUMNS)}"
    elif row[2] not in frozenset(What):
        wrong = f"what is {row[2]!r}, known are {', '.join(What)}"
    elif not _is_moment(row[0]):
        wrong = f"on is {row[0]!r}, expected is a moment as 2025-03-31T08:30:05Z"
    if wrong:
        raise DataFileError(f"{_SHOWN}, row {number}: {wrong}. {_REMEDY}")
    on, who, what, *rest = map(as_entered, row)
    names = COLUMNS[3:]
    return Change(on=on, who=who, what=What(what), **dict(zip(names, rest, strict=True)))


def _is_moment(text: str) -> bool:
    try:
        return text.endswith("Z") and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
