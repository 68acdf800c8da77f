"""Some of the log, for people to read: of one participant, of a form, by a person, since a day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl
import sqlalchemy as sa

from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.events import TEXTS
from trialkit.evidence.log.reading import events
from trialkit.evidence.log.rights import Right
from trialkit.evidence.log.tables import EVENT
from trialkit.evidence.people.gate import permit_somewhere
from trialkit.evidence.people.marks_apart import as_kept
from trialkit.evidence.people.sight import sight_of
from trialkit.evidence.standing.withholding import seen_events

REDACTED = "(redacted)"
"""What stands for a text that was taken out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSelection:
    """Which events are wanted; what is empty asks for all."""

    subject: str = ""
    person: str = ""
    """An account or a printed name."""
    form: str = ""
    since: date | None = None
    """The first day, by UTC."""
    until: date | None = None
    """The last day, by UTC."""

    def conditions(self) -> Iterator[sa.ColumnElement[bool]]:
        """The same for the database."""
        if self.subject:
            yield EVENT.c.subject_id == self.subject
        if self.person:
            yield sa.or_(EVENT.c.person == self.person, EVENT.c.printed_name == self.person)
        if self.form:
            yield EVENT.c.form.in_(as_kept(self.form))
        if self.since is not None:
            yield EVENT.c.at >= self.since.isoformat()
        if self.until is not None and self.until < date.max:
            yield EVENT.c.at < (self.until + timedelta(days=1)).isoformat()


def selected(
    store: Store, selection: LogSelection, *, until: int | None = None
) -> Iterator[pl.DataFrame]:
    """The events in their order, some at a time; a text that was redacted says so.

    ``until`` is the last event that is looked at, whatever others write meanwhile.
    """
    with store.reading() as connection:
        permit_somewhere(connection, store.person, Right.READ_LOG)
        sight = sight_of(connection, store.person)
        for batch in seen_events(events(connection, *selection.conditions(), until=until), sight):
            yield batch.with_columns(_readable(text) for text in TEXTS)


def _readable(text: str) -> pl.Expr:
    gone = pl.col(text).is_null() & (pl.col(f"{text}_sha256") != "")
    return pl.when(gone).then(pl.lit(REDACTED)).otherwise(pl.col(text).fill_null("")).alias(text)
