"""Which rows people's courses leave on a form, and on which days."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice, product

import numpy as np

from trialkit.design.simulation.answers import Answer
from trialkit.design.simulation.assumptions import Assumptions
from trialkit.design.simulation.event_logs import DrawnEvent, EventLogs, logs_of
from trialkit.design.simulation.intercurrent_rows import DrawnStop, drawn_stop, event_logged
from trialkit.design.simulation.outcome_values import day_of_event
from trialkit.design.simulation.people import Person
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Expected, Form, FormKind
from trialkit.schemas.items.kind import Nature

_OWN_ROWS = frozenset({FormKind.ADVERSE_EVENTS, FormKind.CONCOMITANT_CARE})
"""The forms that list other things, too, where they list the events of an outcome."""
_MOST_ROWS = 1000
"""How many rows that are told apart are made up at a visit."""


@dataclass(slots=True, kw_only=True)
class EntryRow:
    """A row of a form while it is being made; the one thing here that changes."""

    form: Form
    person: Person
    visit: str = ""
    repeat: int = 0
    day: date
    """The day on which it was filled in, which other dates lie around."""
    answers: dict[str, Answer] = field(default_factory=dict)
    settled: frozenset[str] = frozenset()
    """Items that follow from the course of the trial, and are not to be drawn again."""

    def key(self) -> tuple[str, str, str]:
        """Subject, visit and repeat, as findings name them."""
        return (self.person.subject_id, self.visit, str(self.repeat) if self.repeat else "")


def rows_of(
    form: Form,
    people: tuple[Person, ...],
    protocol: Protocol,
    assumptions: Assumptions,
    rng: np.random.Generator,
    *,
    logs: EventLogs,
) -> Iterator[EntryRow]:
    """The rows of a form that are expected of people, or that their courses leave on it."""
    for person in people:
        if not person.arm and form.expected is not Expected.EVERYONE:
            continue
        events = logs.get((person.subject_id, form.id), ())
        yield from _logged(form, person, events)
        match form.kind:
            case _ if form.id in logs_of(protocol) and form.kind not in _OWN_ROWS:
                pass
            case FormKind.SESSIONS:
                yield from _sessions(form, person, protocol)
            case FormKind.ADVERSE_EVENTS:
                rate = assumptions.conduct.adverse_events
                yield from _happenings(form, person, rate, rng, after=len(events))
            case FormKind.CONCOMITANT_CARE:
                rate = assumptions.conduct.other_treatments
                yield from _happenings(form, person, rate, rng, after=len(events))
            case _ if (event := event_logged(form, protocol)) is not None:
                stop = drawn_stop(event, form, person, assumptions.conduct.dropout, rng)
                if stop is not None:
                    yield _stopped(form, person, stop)
            case _:
                if form.expected is not Expected.AS_NEEDED or _tells_a_time(form, protocol):
                    yield from _expected(form, person)


def _tells_a_time(form: Form, protocol: Protocol) -> bool:
    """Whether the one row of a participant says when the event of an outcome was."""
    of_times = {each.form for each in protocol.outcomes if each.kind.is_of_time}
    return len(form.key) == 1 and form.id in of_times


def _logged(form: Form, person: Person, events: Sequence[DrawnEvent]) -> Iterator[EntryRow]:
    """A row for each event of an outcome, numbered within its visit where the form has visits."""
    numbers = Counter[str]()
    for each in events:
        numbers[each.visit] += 1
        yield EntryRow(
            form=form,
            person=person,
            visit=each.visit,
            repeat=numbers[each.visit],
            day=each.day,
            answers=dict(each.answers),
        )


def _stopped(form: Form, person: Person, stop: DrawnStop) -> EntryRow:
    """The row that records an intercurrent event."""
    assert person.randomised is not None  # who has an event was randomised
    day = day_of_event(form.item(stop.event.asked), person, float(stop.days))
    return EntryRow(
        form=form,
        person=person,
        visit=next((each for each in form.visits if each in person.visits), ""),
        repeat=1 if form.repeating else 0,
        day=person.randomised + timedelta(days=stop.days),
        answers={stop.event.asked: day, **stop.picks},
    )


def rows_told_apart(form: Form) -> list[dict[str, Answer]]:
    """What tells the rows of a form that repeats apart, a row each; of any other form one row."""
    offered = (
        [
            each.code == "yes" if item.kind.nature is Nature.TRUTH else each.code
            for each in item.offered
        ]
        for item in map(form.item, form.one_row_for)
    )
    told = islice(product(*offered), _MOST_ROWS)
    return [dict(zip(form.one_row_for, each, strict=True)) for each in told]


def _expected(form: Form, person: Person) -> Iterator[EntryRow]:
    repeat = 1 if form.repeating else 0
    if form.visits:
        for visit in form.visits:
            for number, told in enumerate(rows_told_apart(form)):
                if visit in person.visits:
                    yield EntryRow(
                        form=form,
                        person=person,
                        visit=visit,
                        repeat=repeat + number,
                        day=person.visits[visit],
                        answers=told,
                    )
        return
    day = person.screened
    if person.randomised is not None and form.kind is not FormKind.SCREENING:
        day = person.randomised
    if person.end is not None and form.kind is FormKind.END_OF_STUDY:
        day = person.end
    yield EntryRow(form=form, person=person, repeat=repeat, day=day)


def _sessions(form: Form, person: Person, protocol: Protocol) -> Iterator[EntryRow]:
    """The planned sessions of the person's arm, evenly spread, up to when they left."""
    intervention = protocol.arm(person.arm).intervention
    if intervention is None or not intervention.sessions or person.randomised is None:
        return
    weekly = intervention.sessions_per_week or 1.0
    for number in range(1, intervention.sessions + 1):
        day = person.randomised + timedelta(days=1 + int((number - 1) * 7 / weekly))
        if person.end is not None and day > person.end:
            return
        yield EntryRow(form=form, person=person, repeat=number, day=day)


def _happenings(
    form: Form, person: Person, rate: float, rng: np.random.Generator, *, after: int
) -> Iterator[EntryRow]:
    """Things that happen at random between randomisation and the end, numbered ``after`` so many."""
    if person.randomised is None or person.end is None:
        return
    span = max(1, (person.end - person.randomised).days)
    days = sorted(int(day) for day in rng.integers(0, span, size=int(rng.poisson(rate))))
    numbers = enumerate(days, start=after + 1) if form.repeating else enumerate(days[:1], start=0)
    for number, day in numbers:
        yield EntryRow(
            form=form, person=person, repeat=number, day=person.randomised + timedelta(days=day)
        )
