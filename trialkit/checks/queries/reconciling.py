"""What a validation does to the queries: opens, closes and reopens them, and asks nothing twice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from trialkit.checks.findings.findings import Findings
from trialkit.checks.queries.grounds import NO_GROUNDS, Entered, read_by
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
    head_of_mark,
    holds_for,
    mark_with,
)
from trialkit.checks.queries.rows_read import is_of_all_rows
from trialkit.files.spreadsheets import harmless
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Schemas, Severity
from trialkit.schemas.reading.judged_part import NOTHING, Unjudged
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
    left_out: Unjudged = NOTHING,
) -> Queries:
    """The queries after this validation, on ``today``; the same queries when nothing is new.

    Without a day of its own the validation is of the data cut.

    * A finding that nobody was asked about opens a query, unless it follows from another one: that
      is asked, and is asked again when more comes to follow from it.
    * A finding that is gone closes its query.
    * A value that changed and fails again reopens the query, or changes it while nobody answered.
    * What was confirmed, or cannot be resolved, is not asked again while the value is unchanged.
    * A query about what was ``left_out`` of the judging stays as it is.
    """
    waiting = (query.subject_id for query in queries.by_key.values() if query.found)
    subjects = [*findings.to_frame()["subject_id"], *waiting]
    entered = Entered(snapshot, schemas, subjects)
    cut = "" if snapshot.days.cut is None else snapshot.days.cut.isoformat()
    on = cut if today is None else today.isoformat()
    each_way = list(_asked(findings, entered, on))
    found = {event.query_key: event for event, _ in each_way}
    asked = _causes(found, findings, schemas)
    before = _causes({event.query_key: event for _, event in each_way}, findings, schemas)
    told = _mark_alone if left_out.each else _mark
    news = [
        news
        for key, each in asked.items()
        if (news := _news(each, queries.by_key.get(key), now=told(each), before=told(before[key])))
    ]
    news += _closed(_judged(queries, left_out), asked, found, entered, on)
    if cut != queries.cut and (news or (queries.history and not snapshot.days.of_the_run)):
        news.insert(0, Event(on=on, event=Happening.CUT, note=cut))
    return queries.followed_by(news) if news else queries


def _asked(findings: Findings, entered: Entered, on: str) -> Iterator[tuple[Event, Event]]:
    """Each hard and soft finding as the event that would open its query.

    And the same with the mark that it had before other rows were among its grounds.
    """
    frame = findings.to_frame()
    frame = frame[frame["severity"].isin([severity.value for severity in ASKED])]
    frame = frame[list(_COLUMNS)].astype("str")
    for values in frame.itertuples(index=False, name=None):
        each = dict(zip(_COLUMNS, values, strict=True))
        form, where = entered.form(each["form"]), {name: each[name] for name in _ROW}
        grounds = (
            NO_GROUNDS
            if form is None
            else entered.grounds(each["rule_id"], form, each["item"], **where)
        )
        value, code = each["value"].strip(), each["missing_code"]
        now, before = (
            asked_mark(value=value, missing_code=code, grounds=read)
            for read in (grounds.text, grounds.before)
        )
        each |= {"value": value, "grounds": grounds.text}
        written = {name: kept_text(text) for name, text in each.items()}
        event = Event(on=on, event=Happening.OPENED, asked=now, **written)
        yield event, replace(event, asked=before)


def _causes(found: Mapping[str, Event], findings: Findings, schemas: Schemas) -> dict[str, Event]:
    """The findings that follow from no other; what follows from a soft one is in its mark.

    But for what a rule says again in each row of a participant, since it is the same.
    """
    frame = findings.to_frame()
    following: dict[str, list[str]] = {}
    said_again = _SaidAgain(schemas=schemas)
    for key, cause in zip(frame["query_key"].tolist(), frame["cause"].tolist(), strict=True):
        if cause in found and key in found and not said_again(found[key], found[cause]):
            following.setdefault(cause, []).append(f"{key}{found[key].asked}")
    below = {key for key, cause in zip(frame["query_key"], frame["cause"], strict=True) if cause}
    return {
        key: event
        if event.severity != Severity.SOFT or key not in following
        else replace(event, asked=mark_with(event.asked, following[key]))
        for key, event in found.items()
        if key not in below
    }


@dataclass(kw_only=True, eq=False)
class _SaidAgain:
    """Whether a finding is what another one says of all rows, found in one more of them."""

    schemas: Schemas
    known: dict[tuple[str, str], bool] = field(default_factory=dict)

    def __call__(self, finding: Event, cause: Event) -> bool:
        place = (finding.rule_id, finding.form)
        if place != (cause.rule_id, cause.form):
            return False
        if place not in self.known:
            form = next((each for each in self.schemas.forms if each.id == finding.form), None)
            read = (
                None
                if form is None
                else read_by(finding.rule_id, finding.item, form=form, schemas=self.schemas)
            )
            self.known[place] = read is not None and is_of_all_rows(read)
        return self.known[place]


def _mark(asked: Event) -> str:
    return asked.asked


def _mark_alone(asked: Event) -> str:
    """Who judges a part does not know all that was asked with a finding, so that it is not compared."""
    return head_of_mark(asked.asked)


def _news(asked: Event, query: Query | None, *, now: str, before: str) -> Event | None:
    """What a finding means for its query; None where that knows already.

    ``now`` is its mark as it is compared, ``before`` the one without the grounds that are told of
    late: a query that has it goes on.
    """
    if query is None:
        return asked
    unchanged = holds_for(query.asked, now) or holds_for(query.asked, before)
    if unchanged and query.found:
        same = (query.severity, query.site) == (asked.severity, asked.site)
        return None if same else replace(asked, event=Happening.REVISED)
    is_settled = query.answer in SETTLING or query.dismissed_by
    if unchanged and is_settled and query.outcome != QueryOutcome.CHANGED:
        return replace(asked, event=Happening.RETURNED)
    waiting = query.found and not query.answer
    return replace(asked, event=Happening.CHANGED if waiting else Happening.REOPENED)


def _judged(queries: Queries, left_out: Unjudged) -> Queries:
    """The queries of which this validation can tell whether their finding is still there."""
    if not left_out.each:
        return queries
    known = {
        key: each
        for key, each in queries.by_key.items()
        if not left_out.has(form=each.form, item=each.item, rule=each.rule_id)
    }
    return Queries(by_key=known)


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
    unchanged = not read.text or query.grounds in map(kept_text, (read.text, read.before))
    same = kept_text(now) == (query.missing_code or query.value) and unchanged
    return now, QueryOutcome.UNCHANGED if same else QueryOutcome.CHANGED


def kept_text(text: str) -> str:
    """Text as the history keeps it: what a person reads of it, and no formula."""
    return harmless(text if len(text) <= _LONGEST else text[:_LONGEST] + "…")
