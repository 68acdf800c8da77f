"""Queries that people raise, comment and close: a monitor who saw a paper, a coordinator who was told."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from trialkit.checks.findings.findings import query_key
from trialkit.checks.findings.listing import sites_of
from trialkit.checks.queries.answering import LONGEST
from trialkit.checks.queries.grounds import Entered
from trialkit.checks.queries.queries import (
    BY_HAND,
    Event,
    Happening,
    Queries,
    Query,
    QueryState,
    asked_mark,
)
from trialkit.checks.queries.reconciling import kept_text
from trialkit.errors import DataFileError
from trialkit.files.spreadsheets import harmless
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Form, Item, Schemas, Severity
from trialkit.store.snapshot import Snapshot

_SHORTEST = 4
"""Characters of the beginning of a query's name that may stand for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCell:
    """A cell as a person names it: a participant, a form and an item, and which of the rows."""

    subject_id: str
    form: str
    item: str
    visit: str = ""
    repeat: str = ""


def raised(
    queries: Queries,
    place: AskedCell,
    text: str,
    *,
    snapshot: Snapshot,
    schemas: Schemas,
    protocol: Protocol,
    by: str,
    on: str,
) -> Queries:
    """The queries after a person asked about a cell; such a query is soft, as people may be wrong.

    Raises :class:`DataFileError` for a cell that is not there, and for words that were asked there
    before and are still open.
    """
    form, item = _form_and_item(place, schemas)
    entered = Entered(snapshot, schemas, [place.subject_id])
    where = {"subject_id": place.subject_id, "visit": place.visit, "repeat": place.repeat}
    held = entered.text(form, item.id, **where)
    if held is None:
        raise DataFileError(_no_row(place, form, snapshot))
    codes = {code.code for code in schemas.data.all_missing_codes}
    value, code = ("", held) if held in codes else (held, "")
    message = _words(text, what="the question")
    here = [
        each
        for each in queries.by_key.values()
        if each.rule_id == BY_HAND
        and (each.subject_id, each.form, each.item) == (place.subject_id, form.id, item.id)
        and (each.visit, each.repeat) == (place.visit, place.repeat)
    ]
    again = [each for each in here if each.message == message and each.state is QueryState.OPEN]
    if again:
        raise DataFileError(f"this was asked before and is open: {again[0].query_key}")
    number = f"{BY_HAND}#{len(here)}" if here else BY_HAND
    site = sites_of(pd.Series([place.subject_id]), snapshot, schemas, protocol).iloc[0]
    event = Event(
        on=on,
        event=Happening.OPENED,
        query_key=query_key(**where, form=form.id, item=item.id, rule_id=number),
        asked=asked_mark(value=value, missing_code=code, grounds=""),
        severity=Severity.SOFT,
        site=site,
        **where,
        form=form.id,
        item=item.id,
        label=item.label,
        rule_id=BY_HAND,
        value=kept_text(value),
        missing_code=code,
        message=message,
        answered_by=harmless(by),
    )
    return queries.followed_by([event])


def commented(queries: Queries, named: str, text: str, *, by: str, on: str) -> Queries:
    """The queries after somebody said something about one."""
    query = the_query(queries, named)
    said = _words(text, what="the comment")
    return queries.followed_by([_about(query, Happening.COMMENTED, said, by=by, on=on)])


def dismissed(queries: Queries, named: str, reason: str, *, by: str, on: str) -> Queries:
    """The queries after somebody closed one, for as long as its value stays what it is.

    Raises :class:`DataFileError` for one that is closed, and for a hard one: only the data, or
    another rule, close that.
    """
    query = the_query(queries, named)
    if query.state is QueryState.CLOSED:
        raise DataFileError(f"{query.query_key}: is closed ({query.resolution})")
    if query.severity != Severity.SOFT:
        raise DataFileError(
            f"{query.query_key}: is hard, which says that the value cannot be right; correct the "
            "data, enter a missing code, or change the rule in the form, and it ends by itself"
        )
    why = _words(reason, what="the reason")
    return queries.followed_by([_about(query, Happening.DISMISSED, why, by=by, on=on)])


def applied(queries: Queries, taken: Iterable[Query], *, by: str, on: str) -> Queries:
    """The queries after the right values of some were written into the data."""
    return queries.followed_by(
        replace(_about(query, Happening.APPLIED, "", by=by, on=on), value=query.right_value)
        for query in taken
    )


def the_query(queries: Queries, named: str) -> Query:
    """The query with this name, or the only one whose name begins so.

    Raises :class:`DataFileError` where there is none or several.
    """
    wanted = named.strip().lower()
    if wanted in queries.by_key:
        return queries.by_key[wanted]
    found = [key for key in queries.by_key if len(wanted) >= _SHORTEST and key.startswith(wanted)]
    if len(found) == 1:
        return queries.by_key[found[0]]
    if found:
        raise DataFileError(f"{named}: {len(found)} queries begin so; write more of the name")
    raise DataFileError(
        f"{named}: is no query of this trial; the command with 'list' shows their names"
        f"{suggestion(wanted, list(queries.by_key))}"
    )


def _form_and_item(place: AskedCell, schemas: Schemas) -> tuple[Form, Item]:
    forms = {form.id: form for form in schemas.forms}
    if place.form not in forms:
        raise DataFileError(
            f"{place.form}.{place.item}: the trial has no form {place.form!r}; it has "
            f"{', '.join(forms)}{suggestion(place.form, list(forms))}"
        )
    form = forms[place.form]
    items = [item.id for item in form.items]
    if place.item not in items:
        raise DataFileError(
            f"{place.form}.{place.item}: the form {place.form!r} has no item {place.item!r}; it has "
            f"{', '.join(items)}{suggestion(place.item, items)}"
        )
    lacking = [key for key in form.key if not getattr(place, key)]
    if lacking:
        options = {"visit": "--visit CODE", "repeat": "--number N", "subject_id": "the participant"}
        raise DataFileError(
            f"{place.form}: has several rows for a participant; say which by "
            + " and ".join(options[key] for key in lacking)
        )
    return form, form.item(place.item)


def _no_row(place: AskedCell, form: Form, snapshot: Snapshot) -> str:
    rows = snapshot[form.id].typed
    own = rows.filter(rows["subject_id"] == place.subject_id).select(form.key[1:])
    others = [" ".join(map(str, row)) for row in own.rows() if any(row)]
    there = f"; there are {', '.join(others[:20])}" if others else ""
    at = " ".join(filter(None, (place.visit, place.repeat)))
    return (
        f"{form.id}: participant {place.subject_id} has no row{f' {at}' if at else ''}{there}. Ask "
        "about a row that was entered; what is not entered is asked about by trialkit validate"
    )


def _words(text: str, *, what: str) -> str:
    words = " ".join(text.split())
    if not words:
        raise DataFileError(
            f"{what} is empty; say it in quotation marks (queries: after the query; store "
            "query: by --text)"
        )
    if len(words) > LONGEST:
        raise DataFileError(f"{what} is longer than {LONGEST} characters; shorten it")
    return harmless(words)


def _about(query: Query, happening: Happening, words: str, *, by: str, on: str) -> Event:
    return replace(query.happens(happening, on=on), reason=words, answered_by=harmless(by))
