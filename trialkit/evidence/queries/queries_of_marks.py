"""Queries about marks of ``not_done`` that tell an arm: in the log they are of the form that is kept apart.

People know such a query by the form and the name that its finding has. In the log it is of the marks that
are kept apart, so that whatever withholds those withholds it, and under a name of its own: what somebody
asks who does not see it never meets it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

import sqlalchemy as sa

from trialkit.checks.findings.findings import query_key
from trialkit.checks.queries.queries import Event
from trialkit.checks.queries.reconciling import kept_text
from trialkit.evidence.people.marks_apart import APART, as_kept
from trialkit.evidence.people.sight import Sight
from trialkit.evidence.standing.keeping_rows import held_rows
from trialkit.evidence.standing.standing_queries import standing
from trialkit.schemas.forms.not_done import FORM, NOT_DONE

_NAME = "query_key"
"""What is said beside a line of the log: the name by which people know its query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """A line of the marks."""

    is_apart: bool
    cells: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class QueriesOfMarks:
    """How queries about marks are called in the log, and by people."""

    forms: Mapping[str, str] = field(default_factory=dict)
    """The form that each query which is seen is about, by its name in the log; nothing where no marks are
    kept apart."""
    marks: Mapping[tuple[str, str], Sequence[_Mark]] = field(default_factory=dict)
    """The marks by participant and visit, those that are kept apart last."""
    told_as: dict[str, str] = field(default_factory=dict)
    """By the name in the log, the one by which people know a query."""
    is_parted: bool = False
    """Whether some marks are kept apart."""

    def told(self, event: Event, more: Mapping[str, str]) -> Event:
        """A line of the log as people know it."""
        if event.form != APART:
            return event
        known = more.get(_NAME, "")
        name = known if known and known not in self.forms else event.query_key
        self.told_as[event.query_key] = name
        return replace(event, form=NOT_DONE, query_key=name)

    def kept(
        self, event: Event, more: Mapping[str, str] | None
    ) -> tuple[Event, Mapping[str, str] | None]:
        """A line as the log has it, and what is said beside it."""
        if not self.is_parted or event.form != NOT_DONE:
            return event, more
        form = self.forms.get(event.query_key)
        if form is None and (_apart(event.query_key) in self.forms or self._is_about_apart(event)):
            kept = replace(event, form=APART, query_key=_apart(event.query_key))
            return kept, {**(more or {}), _NAME: event.query_key}
        return (event if form is None else replace(event, form=form)), more

    def _is_about_apart(self, event: Event) -> bool:
        """Whether a query that is new is about a mark that is kept apart; in doubt it is."""
        here = self.marks.get((event.subject_id.strip(), event.visit.strip()), ())
        shared = [each for each in here if not each.is_apart]
        if len(shared) in (0, len(here)):
            return not shared
        those = [each for each in here if _is_of(each, event, here)] or here
        among = sum(not each.is_apart for each in those)
        return among < len(those) and event.query_key not in _names(event, among)


def queries_of_marks(connection: sa.Connection, sight: Sight) -> QueriesOfMarks:
    """The queries and the marks of a store, of what somebody sees."""
    if APART not in sight.withheld:
        return QueriesOfMarks()
    asked = {key: each.query for key, each in standing(connection).queries.items()}
    forms = {
        key: each.form
        for key, each in asked.items()
        if sight.sees_about(each.form, each.subject_id)
    }
    found = held_rows(connection, lambda table: table.c.form.in_(as_kept(NOT_DONE)))
    marks: dict[tuple[str, str], list[_Mark]] = {}
    for form, subject, visit, repeat, copy in sorted(found, key=lambda key: key[0] == APART):
        if sight.sees(form, subject):
            cells = found[form, subject, visit, repeat, copy]
            said = {**{name: text or "" for name, text in cells.items()},
                    "subject_id": subject, "visit": visit}  # fmt: skip
            here = marks.setdefault((subject.strip(), visit.strip()), [])
            here.append(_Mark(is_apart=form == APART, cells=said))
    return QueriesOfMarks(forms=forms, marks=marks, is_parted=True)


def _is_of(mark: _Mark, event: Event, here: Sequence[_Mark]) -> bool:
    """Whether a finding can be about this mark: it has the value, or is there twice where that was found."""
    if not event.item:
        return [each.cells.get(FORM) for each in here].count(mark.cells.get(FORM)) > 1
    text = kept_text(mark.cells.get(event.item, "").strip())
    return text == (event.missing_code or event.value)


def _names(event: Event, number: int) -> list[str]:
    """The names of as many findings of one rule at one place."""
    place = {
        name: getattr(event, name) for name in ("subject_id", "visit", "repeat", "form", "item")
    }
    rules = (f"{event.rule_id}#{again}" if again else event.rule_id for again in range(number))
    return [query_key(**place, rule_id=rule) for rule in rules]


def _apart(name: str) -> str:
    """The name that a query about a mark which is kept apart has in the log."""
    return "q" + sha256(f"{name}\x1f{APART}".encode()).hexdigest()[:15]
