"""The queries of a trial as files: ``queries/history.csv``, and ``queries/queries.csv`` made of it.

The history holds everything, and lines are only ever added to it. The other file says how each query
stands, for people and for a version control; trialkit writes it and reads nothing from it. What
somebody typed into it is put aside before it is written again.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from hashlib import sha256
from io import StringIO
from pathlib import Path

from trialkit.checks.queries.queries import Event, Happening, Queries, QueryAnswer, as_date
from trialkit.disk.content import Content
from trialkit.errors import DataFileError
from trialkit.files.spreadsheets import csv_bytes
from trialkit.files.whole_files import read_whole, unless_moved, write_together
from trialkit.schemas.forms.forms import Severity

FOLDER = "queries"
HISTORY = "history.csv"
STATE = "queries.csv"
ASIDE = "queries.put-aside.csv"
EVENT_COLUMNS = tuple(each.name for each in fields(Event))
_MOVED = (
    f"{FOLDER}/{HISTORY}: has changed while this command ran, so nothing was written; run the "
    "command again"
)
STATE_COLUMNS = (
    "query_key", "state", "severity", "site", "subject_id", "visit", "repeat", "form", "item",
    "label", "rule_id", "value", "missing_code", "grounds", "message", "opened_on", "asked_on",
    "answer", "reason", "answered_by", "answered_on", "closed_on", "resolution", "right_value",
    "applied_on", "dismissed_by", "dismissed_for", "comments",
)  # fmt: skip


_EARLIER_COLUMNS = STATE_COLUMNS[:23]
"""What the file had before answers could carry the right value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryFolder:
    """Where a trial keeps its queries: beside its data, and never among its outputs."""

    trial: Path

    @property
    def history(self) -> Path:
        """What happened."""
        return self.trial / FOLDER / HISTORY

    @property
    def state(self) -> Path:
        """How it stands."""
        return self.trial / FOLDER / STATE

    def read(self) -> Queries:
        """The queries as their history tells them; none where there is no history.

        Raises :class:`DataFileError` for a history that is lost or cannot be what trialkit wrote.
        """
        content = self._content()
        return Queries().followed_by(_events(content)) if content else Queries()

    def write(self, queries: Queries, *, before: Queries) -> tuple[Path, ...]:
        """Write the files that change, all of them or none, and tell which."""
        return tuple(write_together(self.files(queries, before=before)))

    def files(self, queries: Queries, *, before: Queries) -> dict[Path, Content]:
        """The history with what is new since ``before``, and how each query stands, as they change.

        Among them is what somebody had typed into the second one. They are to be written together.
        Raises :class:`DataFileError` when the history is not any more what ``before`` was read from.
        """
        self._refuse_to_leave_the_trial()
        content = self._content()
        known = len(before.history)
        if len(_events(content)) != known:
            raise DataFileError(_MOVED)
        changed: dict[Path, Content] = {**self._put_aside(before)}
        if len(queries.history) > known:
            added = csv_bytes(EVENT_COLUMNS, map(astuple, queries.history[known:]))
            ended = content if not content or content.endswith(b"\n") else content + b"\n"
            lines = added.partition(b"\n")[2] if ended else added
            changed[self.history] = unless_moved(
                self.history,
                ended + lines,
                sha256=sha256(content).hexdigest() if self.history.exists() else "",
                otherwise=_MOVED,
            )
        state = _state_bytes(queries)
        if queries.history and read_whole(self.state) != state:
            changed[self.state] = state
        return changed

    def _refuse_to_leave_the_trial(self) -> None:
        place = self.trial / FOLDER
        if not place.resolve().is_relative_to(self.trial.resolve()):
            raise DataFileError(
                f"{place}: leads out of the trial's folder; remove the link, and keep the queries "
                "beside the data"
            )

    def _put_aside(self, before: Queries) -> dict[Path, bytes]:
        """Keep what is in the second file and does not come from the history."""
        found = read_whole(self.state)
        if found is None or _plain(found) in {
            _plain(_state_bytes(before, columns)) for columns in (STATE_COLUMNS, _EARLIER_COLUMNS)
        }:
            return {}
        return {self.state.with_name(ASIDE): found}

    def _content(self) -> bytes:
        content = read_whole(self.history)
        if content is None and self.state.exists():
            raise DataFileError(
                f"{FOLDER}/{HISTORY}: is not there, but {FOLDER}/{STATE} is, so answers would be "
                f"lost; bring it back from a backup, or move {FOLDER}/{STATE} away to begin anew"
            )
        return content or b""


def _state_bytes(queries: Queries, columns: Sequence[str] = STATE_COLUMNS) -> bytes:
    rows = ([_said(getattr(query, name)) for name in columns] for query in queries.sorted)
    return csv_bytes(columns, rows)


def _said(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else "; ".join(value)


def _plain(content: bytes) -> bytes:
    """The content without what a program changes that only opens and saves a file."""
    return content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")


def _events(content: bytes) -> tuple[Event, ...]:
    """The lines of a history, each looked at before it is believed."""
    if not content:
        return ()
    try:
        text = content.decode("utf-8-sig")
        rows = list(csv.reader(StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataFileError(f"{FOLDER}/{HISTORY}: cannot be read: {error}. {_REMEDY}") from None
    if not rows or tuple(rows[0]) != EVENT_COLUMNS:
        raise DataFileError(
            f"{FOLDER}/{HISTORY}: its first line should be {','.join(EVENT_COLUMNS)}. {_REMEDY}"
        )
    return tuple(_checked(rows[1:]))


_REMEDY = (
    "Nothing but trialkit should write this file; bring it back from a backup or from version "
    "control"
)


_HAPPENINGS, _SEVERITIES = frozenset(Happening), frozenset(Severity)
_ANSWERS = frozenset({"", *QueryAnswer})


def _checked(rows: Sequence[Sequence[str]]) -> Iterator[Event]:
    opened: set[str] = set()
    for number, row in enumerate(rows, start=2):
        if not row:
            continue
        wrong = next(_complaints(row, opened), "")
        if wrong:
            raise DataFileError(f"{FOLDER}/{HISTORY}, row {number}: {wrong}. {_REMEDY}")
        on, happening, *others = row
        rest = dict(zip(EVENT_COLUMNS[2:], others, strict=True))
        event = Event(on=on, event=Happening(happening), **rest)
        opened.add(event.query_key)
        yield event


def _complaints(row: Sequence[str], opened: set[str]) -> Iterator[str]:
    """What is wrong with a line, the first thing first: the later ones may follow from it."""
    if len(row) != len(EVENT_COLUMNS):
        yield f"has {len(row)} cells, expected are {len(EVENT_COLUMNS)}"
        return
    each = dict(zip(EVENT_COLUMNS, row, strict=True))
    if each["on"] and not _is_day(each["on"]):
        yield f"on is {each['on']!r}, expected is a day as 2025-03-31"
    if each["event"] not in _HAPPENINGS:
        yield f"event is {each['event']!r}, known are {', '.join(Happening)}"
    if each["event"] == Happening.CUT:
        return
    if each["severity"] not in _SEVERITIES:
        yield f"severity is {each['severity']!r}, known are {', '.join(Severity)}"
    if each["answer"] not in _ANSWERS:
        yield f"answer is {each['answer']!r}, known are {', '.join(QueryAnswer)}"
    if each["event"] != Happening.OPENED and each["query_key"] not in opened:
        yield f"query {each['query_key']!r} was never opened"


def _is_day(text: str) -> bool:
    try:
        return as_date(text) is not None
    except ValueError:
        return False
