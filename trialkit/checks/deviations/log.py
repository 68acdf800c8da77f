"""The log of deviations: what was proposed, and what people decided. Nothing in it is ever taken away.

A row is of the people from the moment that it stands there: trialkit adds rows at the end, and writes
into no cell but ``found_now``.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import pandas as pd

from trialkit.checks.deviations.proposals import PROPOSED, deviation_id

DECIDED = ("decision", "important", "reason", "decided_by", "decided_on")
LOG_COLUMNS = (*PROPOSED, "found_now", *DECIDED)
GONE = "no longer found"
_IMPORTANT = frozenset({"", "yes", "no"})


class DeviationDecision(StrEnum):
    """What people say of a proposal."""

    CONFIRMED = "confirmed"
    NOT_ONE = "not a deviation"
    OPEN = ""


@dataclass(frozen=True, kw_only=True)
class LogRow:
    """A row of the log; ``cells`` are as many as the file had."""

    heads: tuple[str, ...]
    cells: tuple[str, ...]
    number: int = 0
    """The row of the file, its first line the first; 0 for one that is new."""

    def __getitem__(self, name: str) -> str:
        at = self.heads.index(name)
        return self.cells[at].strip() if at < len(self.cells) else ""

    @cached_property
    def key(self) -> str:
        """The id; of a row without one, that of its participant, visit and kind."""
        return self["id"] or self.own_id

    @property
    def own_id(self) -> str:
        """The id that its participant, visit and kind have."""
        return deviation_id(self["subject_id"], self["visit"], self["kind"])

    @property
    def decision(self) -> DeviationDecision:
        """What was decided; a word that is none of the decisions decides nothing."""
        said = " ".join(self["decision"].casefold().split())
        return DeviationDecision(said) if said in set(DeviationDecision) else DeviationDecision.OPEN

    def with_found_now(self, text: str) -> "LogRow":
        """The row with what is found today."""
        at = self.heads.index("found_now")
        cells = [*self.cells, *[""] * (at + 1 - len(self.cells))]
        if cells[at].strip() == text:
            return self
        cells[at] = text
        return replace(self, cells=tuple(cells))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviationLog:
    """The rows in the order in which people keep them."""

    heads: tuple[str, ...] = LOG_COLUMNS
    rows: tuple[LogRow, ...] = ()

    def proposing(
        self, proposed: pd.DataFrame, *, not_looked_at: frozenset[str] = frozenset()
    ) -> "DeviationLog":
        """The log with what is found today: known rows say so, others are added at the end.

        Of what was proposed from something that is ``not_looked_at`` today, nobody knows whether it
        is gone.
        """
        today = dict(zip(proposed["id"], proposed["description"], strict=True))
        kept = tuple(
            row
            if row.key not in today and not_looked_at & {*row["proposed_from"].split("; ")}
            else _compared(row, today)
            for row in self.rows
        )
        known = {row.key for row in self.rows}
        added = [
            self.row_of(dict(zip(PROPOSED, cells, strict=True)))
            for cells in proposed[list(PROPOSED)].itertuples(index=False, name=None)
            if cells[0] not in known
        ]
        return replace(self, rows=(*kept, *added))

    def row_of(self, cells: dict[str, str]) -> LogRow:
        """A row with these cells, the others blank."""
        return LogRow(heads=self.heads, cells=tuple(cells.get(name, "") for name in self.heads))

    @property
    def conflicts(self) -> tuple[str, ...]:
        """What people should look at, in the order of the rows."""
        return tuple(_conflicts(self.rows))


def _compared(row: LogRow, today: dict[str, str]) -> LogRow:
    """A row that trialkit proposed, with what is found today where that is something else."""
    if not row["proposed_from"]:
        return row
    now = today.get(row.key, GONE)
    return row.with_found_now("" if _plain(now) == _plain(row["description"]) else now)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _conflicts(rows: tuple[LogRow, ...]) -> Iterator[str]:
    times = Counter(row.key for row in rows)
    said: dict[str, set[DeviationDecision]] = {}
    for row in rows:
        said.setdefault(row.key, set()).add(row.decision)
    told = set()
    for row in rows:
        where = f"row {row.number}" if row.number else "a new row"
        if times[row.key] > 1 and row.key not in told:
            told.add(row.key)
            how = "with different decisions" if len(said[row.key]) > 1 else "more than once"
            lines = ", ".join(str(each.number) for each in rows if each.key == row.key)
            yield f"row {lines}: the same deviation stands there {how}; keep one of the rows"
        if row["decision"] and row.decision is DeviationDecision.OPEN:
            yield (
                f"{where}: the decision is {row['decision'][:40]!r}, and counts as none; write "
                "'confirmed', 'not a deviation', or nothing"
            )
        if row["important"].casefold() not in _IMPORTANT:
            yield f"{where}: important is {row['important'][:40]!r}; write yes, no, or nothing"
        if row["id"] and row["proposed_from"] and row["id"] != row.own_id:
            yield (
                f"{where}: participant, visit or kind is not what this row was proposed for, as "
                "when a spreadsheet takes 001 for 1; put it back"
            )
        if row.decision is DeviationDecision.CONFIRMED and row["found_now"] == GONE:
            yield f"{where}: was confirmed, and is no longer found in the data; look at both"
        elif row.decision is not DeviationDecision.OPEN and row["found_now"]:
            yield f"{where}: something else is found now than was decided on; decide again"
