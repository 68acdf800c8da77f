"""What a validation does to the queries: opens, closes and reopens them, and asks nothing twice."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from trialkit.checks.findings.findings import Findings
from trialkit.checks.queries.grounds import Entered
from trialkit.checks.queries.queries import (
    ASKED,
    BY_HAND,
    SETTLING,
    Event,
    Happening,
    Queries,
    Query,
    QueryOutcome,
    asked_mark,
    holds_for,
    mark_with,
)
from trialkit.files.spreadsheets import harmless
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Schemas, Severity
from trialkit.store.snapshot import Snapshot

_COLUMNS = (
    "query_key", "severity", "site", "subject_id", "visit", "repeat", "form", "item", "label",
    "rule_id", "value", "missing_code", "message",
)  # fmt: skip
_ROW = ("subject_id", "visit", "repeat")
_LONGEST = 1000
"""Characters of a value that are kept; whether it changed is told by all of it."""


def reconcile(
    queries: Queries,
    findings: Findings,
    snapshot: Snapshot,
    schemas: Schemas,
    *,
    today: date | None = None,
) -> Queries:
    """The queries after this validation, on ``today``; the same queries when nothing is new.

    Without a day of its own the validation is of the data cut.

    * A finding that nobody was asked about opens a query, unless it follows from another one: that
      is asked, and is asked again when more comes to follow from it.
    * A finding that is gone closes its query.
    * A value that changed and fails again reopens the query, or changes it while nobody answered.
    * What was confirmed, or cannot be resolved, is not asked again while the value is unchanged.
    """
    waiting = (query.subject_id for query in queries.by_key.values() if query.found)
    subjects = [*findings.to_frame()["subject_id"], *waiting]
    entered = Entered(snapshot, schemas, subjects)
    cut = "" if snapshot.days.cut is None else snapshot.days.cut.isoformat()
    on = cut if today is None else today.isoformat()
    found = {event.query_key: event for event in _asked(findings, entered, on)}
    asked = _causes(found, findings)
    news = [
        news for each in asked.values() if (news := _news(each, queries.by_key.get(each.query_key)))
    ]
    news += _closed(queries, asked, found, entered, on)
    if cut != queries.cut and (news or (queries.history and not snapshot.days.of_the_run)):
        news.insert(0, Event(on=on, event=Happening.CUT, note=cut))
    return queries.followed_by(news) if news else queries


def _asked(findings: Findings, entered: Entered, on: str) -> Iterator[Event]:
    """Each hard and soft finding as the event that would open its query."""
    frame = findings.to_frame()
    frame = frame[frame["severity"].isin([severity.value for severity in ASKED])]
    frame = frame[list(_COLUMNS)].astype("str")
    for values in frame.itertuples(index=False, name=None):
        each = dict(zip(_COLUMNS, values, strict=True))
        form, where = entered.form(each["form"]), {name: each[name] for name in _ROW}
        others = (
            "" if form is None else entered.grounds(each["rule_id"], form, each["item"], **where)
        )
        value, code = each["value"].strip(), each["missing_code"]
        mark = asked_mark(value=value, missing_code=code, grounds=others)
        each |= {"value": value, "grounds": others}
        written = {name: kept_text(text) for name, text in each.items()}
        yield Event(on=on, event=Happening.OPENED, asked=mark, **written)


def _causes(found: Mapping[str, Event], findings: Findings) -> dict[str, Event]:
    """The findings that follow from no other; what follows from a soft one is in its mark."""
    frame = findings.to_frame()
    following: dict[str, list[str]] = {}
    for key, cause in zip(frame["query_key"].tolist(), frame["cause"].tolist(), strict=True):
        if cause in found and key in found:
            following.setdefault(cause, []).append(f"{key}{found[key].asked}")
    below = {key for key, cause in zip(frame["query_key"], frame["cause"], strict=True) if cause}
    return {
        key: event
        if event.severity != Severity.SOFT or key not in following
        else replace(event, asked=mark_with(event.asked, following[key]))
        for key, event in found.items()
        if key not in below
    }


def _news(asked: Event, query: Query | None) -> Event | None:
    """What a finding means for its query; None where that knows already."""
    if query is None:
        return asked
    unchanged = holds_for(query.asked, asked.asked)
    if unchanged and query.found:
        same = (query.severity, query.site) == (asked.severity, asked.site)
        return None if same else replace(asked, event=Happening.REVISED)
    is_settled = query.answer in SETTLING or query.dismissed_by
    if unchanged and is_settled and query.outcome != QueryOutcome.CHANGED:
        return replace(asked, event=Happening.RETURNED)
    waiting = query.found and not query.answer
    return replace(asked, event=Happening.CHANGED if waiting else Happening.REOPENED)


def _closed(
    queries: Queries,
    asked: Mapping[str, Event],
    found: Mapping[str, Event],
    entered: Entered,
    on: str,
) -> Iterator[Event]:
    """The queries whose finding is gone or follows from another, each with what the data hold."""
    for key, query in queries.by_key.items():
        if not query.found or key in asked:
            continue
        if key in found:
            value, outcome = found[key].value, QueryOutcome.FOLLOWS
        else:
            value, outcome = _now(query, entered)
        if query.rule_id == BY_HAND and outcome is QueryOutcome.UNCHANGED:
            continue  # no rule found it, so that none can find it gone
        closed = query.happens(Happening.CLOSED, on=on)
        yield replace(closed, value=kept_text(value), note=outcome)


def _now(query: Query, entered: Entered) -> tuple[str, QueryOutcome]:
    """What stands now where the query was about, and why the finding is gone."""
    form = entered.form(query.form)
    where = {name: getattr(query, name) for name in _ROW}
    there = form is not None and entered.has_row(form, **where)
    if query.rule_id == BuiltIn.MISSING_FORM:
        return "", QueryOutcome.CHANGED if there else QueryOutcome.UNCHANGED
    if form is None or not there:
        return "", QueryOutcome.GONE
    if query.item not in {*form.key, *(item.id for item in form.items)}:
        return "", QueryOutcome.UNCHANGED if query.item else QueryOutcome.CHANGED
    now = entered.text(form, query.item, **where) or ""
    read = entered.grounds(query.rule_id, form, query.item, **where)
    same = kept_text(now) == (query.missing_code or query.value) and kept_text(read) in {
        "",
        query.grounds,
    }
    return now, QueryOutcome.UNCHANGED if same else QueryOutcome.CHANGED


def kept_text(text: str) -> str:
    """Text as the history keeps it: what a person reads of it, and no formula."""
    return harmless(text if len(text) <= _LONGEST else text[:_LONGEST] + "…")
