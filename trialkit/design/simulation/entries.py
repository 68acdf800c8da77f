"""The rows that people's courses leave on the forms, before the forms' own rules are looked at."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice, product
from types import MappingProxyType

import numpy as np

from trialkit.design.simulation.answers import Answer, Coded, draw_answer, fitted
from trialkit.design.simulation.assumptions import Assumptions
from trialkit.design.simulation.cluster_membership import in_clusters
from trialkit.design.simulation.courses import SimulatedCourse, course_of, drawn_counts
from trialkit.design.simulation.event_logs import DrawnEvent, EventLogs, drawn_logs, logs_of
from trialkit.design.simulation.intercurrent_rows import (
    DrawnStop,
    drawn_answer,
    drawn_stop,
    event_at_visits,
    event_logged,
)
from trialkit.design.simulation.people import Person
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Purpose, Schemas
from trialkit.schemas.items.kind import Nature

NOT_DONE = "ND"
_MINUTES = 45.0
_OWN_DAY = (
    Purpose.VISIT_DATE,
    Purpose.SESSION_DATE,
    Purpose.EVENT_START,
    Purpose.RANDOMISATION_DATE,
    Purpose.SCREENING_DATE,
    Purpose.END_DATE,
    Purpose.CONSENT_DATE,
)
_OF_THE_PERSON = frozenset(
    {
        Purpose.SCREENING_DATE,
        Purpose.CONSENT_DATE,
        Purpose.RANDOMISATION_DATE,
        Purpose.ARM,
        Purpose.ARM_RECEIVED,
        Purpose.BLOCK,
        Purpose.COMPLETED,
        Purpose.END_DATE,
    }
)
_STANDS = frozenset({Purpose.CLUSTER, Purpose.SITE, Purpose.ATTENDED, Purpose.DISCONTINUED})
_LEFT_BLANK = frozenset(
    {Purpose.NOT_RECEIVED_REASON, Purpose.DISCONTINUATION_REASON, Purpose.END_REASON}
)
"""What is asked only where something happened; the forms' conditions fill it in."""
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


def first_entries(
    people: tuple[Person, ...],
    protocol: Protocol,
    schemas: Schemas,
    assumptions: Assumptions,
    rng: np.random.Generator,
) -> list[EntryRow]:
    """A row for everything that is expected of everybody, each item answered if always asked."""
    values = outcome_values(people, protocol, schemas, assumptions, rng)
    logs = drawn_logs(people, protocol, schemas, assumptions, rng)
    people = in_clusters(people, protocol, schemas, rng)
    rows = []
    for form in schemas.forms:
        for row in _rows(form, people, protocol, assumptions, rng, logs=logs):
            _answer(row, protocol, assumptions, values, rng)
            rows.append(row)
    return rows


Values = Mapping[tuple[str, str, str, str], Answer]
"""The outcomes' values, by subject, form, item and visit."""


def outcome_values(
    people: tuple[Person, ...],
    protocol: Protocol,
    schemas: Schemas,
    assumptions: Assumptions,
    rng: np.random.Generator,
) -> Values:
    """Every outcome at every visit of its form, as if nobody were lost."""
    randomised = [person for person in people if person.arm]
    arms = [protocol.arm_codes.index(person.arm) for person in randomised]
    found: dict[tuple[str, str, str, str], Answer] = {}
    for outcome in protocol.outcomes:
        assumed = assumptions.outcome(outcome.code)
        form = schemas.form(outcome.form)
        item = form.item(outcome.item)
        if outcome.kind.summary is Summary.RECURRENCE:
            continue  # a row each, of event_logs
        visits = tuple(code for code in protocol.visit_codes if code in form.visits) or ("",)
        at = visits if visits != ("",) else (outcome.time_point,)
        course = course_of(protocol, outcome, assumed, at, effect=1.0, dropout=0.0)
        if outcome.kind.is_of_time:
            end = protocol.visit(outcome.time_point).day
            for person, days in zip(
                randomised, _times(np.array(course.means)[arms, -1], end, rng), strict=True
            ):
                found[person.subject_id, form.id, item.id, visits[-1]] = _day(item, person, days)
            continue
        draw, answer = _DRAWN[outcome.kind.summary]
        drawn = draw(course, np.array(course.means)[arms], rng)
        for person, row in zip(randomised, drawn, strict=True):
            for visit, value in zip(visits, row, strict=True):
                found[person.subject_id, form.id, item.id, visit] = answer(
                    item, float(value), outcome
                )
        found |= _exposures(outcome, randomised, protocol, schemas)
    return found


def _exposures(
    outcome: Outcome, people: list[Person], protocol: Protocol, schemas: Schemas
) -> dict[tuple[str, str, str, str], Answer]:
    """How long each was at risk for a count: as many days as there are from baseline to each visit."""
    form_id, _, item_id = outcome.exposure.partition(".")
    if not item_id:
        return {}
    form = schemas.form(form_id)
    item, start = form.item(item_id), protocol.baseline.day
    days = {
        visit: protocol.visit(visit or outcome.time_point).day - start
        for visit in (form.visits or ("",))
    }
    return {
        (person.subject_id, form_id, item_id, visit): fitted(item, float(max(each, 1)), digits=0)
        for person in people
        for visit, each in days.items()
    }


def _count(course: SimulatedCourse, means: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return drawn_counts(means, np.array(course.covariance), rng)


def _events(_: SimulatedCourse, risks: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return rng.random(risks.shape) < risks


def _normal(course: SimulatedCourse, means: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    root = np.linalg.cholesky(np.array(course.covariance))
    return course.valued(rng.standard_normal(means.shape) @ root.T, means)


def _times(risks: np.ndarray, end: int, rng: np.random.Generator) -> np.ndarray:
    """Days (people,) until an event of a constant hazard, by which so many have it at the ``end``."""
    rates = -np.log1p(-np.clip(risks, 1e-6, 1 - 1e-6)) / end
    drawn: np.ndarray = rng.exponential(1 / rates)
    return drawn


def _day(item: Item, person: Person, days: float) -> Answer:
    """The day of the event; none where the participant was not followed so long."""
    last = person.end or max(person.visits.values(), default=person.randomised)
    if person.randomised is None or last is None or days > (last - person.randomised).days:
        return None
    return item.range.nearest_day(person.randomised + timedelta(days=int(days)))


def _yes_or_no(item: Item, value: float, _: Outcome) -> Answer:
    """Yes or no, or the first or second choice."""
    happened = bool(value)
    if item.choices:
        return item.choices[0 if happened else 1].code
    return happened


def _number(item: Item, value: float, outcome: Outcome) -> Answer:
    return fitted(item, value, digits=outcome.digits)


def _level(item: Item, value: float, _: Outcome) -> Answer:
    """The choice at this place, from 1 on."""
    return item.choices[int(value) - 1].code


Draw = Callable[[SimulatedCourse, np.ndarray, np.random.Generator], np.ndarray]
"""The values (people, visits) of a course and of what is expected of each."""
_DRAWN: Mapping[Summary, tuple[Draw, Callable[[Item, float, Outcome], Answer]]] = MappingProxyType(
    {
        Summary.MEAN: (_normal, _number),
        Summary.PROPORTION: (_events, _yes_or_no),
        Summary.RATE: (_count, _number),
        Summary.LEVELS: (_normal, _level),
    }
)
"""How an outcome's values are drawn, and what is answered for one."""


def _rows(
    form: Form,
    people: tuple[Person, ...],
    protocol: Protocol,
    assumptions: Assumptions,
    rng: np.random.Generator,
    *,
    logs: EventLogs,
) -> Iterator[EntryRow]:
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
    day = _day(form.item(stop.event.asked), person, float(stop.days))
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


def _answer(
    row: EntryRow,
    protocol: Protocol,
    assumptions: Assumptions,
    values: Values,
    rng: np.random.Generator,
) -> None:
    settled = set(row.answers)
    for item in row.form.items:
        if item.id in settled:
            continue
        fixed, answer = _by_course(row, item, protocol, assumptions, values=values, rng=rng)
        if fixed:
            settled.add(item.id)
        elif (
            answer is None
            and item.required
            and not item.shown_when
            and item.purpose not in _LEFT_BLANK
        ):
            answer = draw_answer(item, row.day, rng)
            if row.visit and rng.random() < assumptions.conduct.missing:
                answer = Coded(code=protocol.data.spelled(NOT_DONE))
        row.answers[item.id] = answer
    row.settled = frozenset(settled)


def _by_course(
    row: EntryRow,
    item: Item,
    protocol: Protocol,
    assumptions: Assumptions,
    *,
    values: Values,
    rng: np.random.Generator,
) -> tuple[bool, Answer]:
    """What the course of the trial says of an item, and whether that must stand."""
    person, purpose = row.person, item.purpose
    place = (person.subject_id, row.form.id, item.id, row.visit)
    if (row.form.id, item.id) in person.known:
        return True, _typed(item, person.known[row.form.id, item.id])
    if place in values:
        late = row.visit != protocol.baseline.code
        if row.visit and late and rng.random() < assumptions.conduct.missing:
            return True, Coded(code=protocol.data.spelled(NOT_DONE))
        return True, values[place]
    if purpose is None or purpose in _LEFT_BLANK:
        event = event_at_visits(row.form, item.id, protocol)
        share = assumptions.conduct.dropout
        return False, None if event is None else drawn_answer(event, row.form, share, rng)
    if purpose not in _OF_THE_PERSON and purpose not in _OWN_DAY:
        return _by_chance(row, item, protocol, assumptions, rng=rng)
    known = purpose in _OF_THE_PERSON
    return True, _of_the_person(person, item, purpose) if known else item.range.nearest_day(row.day)


def _of_the_person(person: Person, item: Item, purpose: Purpose) -> Answer:
    """What is known of somebody from the beginning."""
    facts: Mapping[Purpose, Answer] = {
        Purpose.SCREENING_DATE: item.range.nearest_day(person.screened),
        Purpose.CONSENT_DATE: item.range.nearest_day(person.screened),
        Purpose.RANDOMISATION_DATE: person.randomised,
        Purpose.ARM: person.arm,
        Purpose.ARM_RECEIVED: person.arm,
        Purpose.BLOCK: person.block,
        Purpose.COMPLETED: not person.left,
        Purpose.END_DATE: person.end,
    }
    return facts[purpose]


def _by_chance(
    row: EntryRow,
    item: Item,
    protocol: Protocol,
    assumptions: Assumptions,
    *,
    rng: np.random.Generator,
) -> tuple[bool, Answer]:
    """What is likelier to be one thing than another; only what concerns randomisation must stand."""
    person = row.person
    match item.purpose:
        case Purpose.ELIGIBLE:
            return bool(person.arm), bool(person.arm)
        case Purpose.NOT_ENROLLED_REASON:
            answer = None if person.arm else draw_answer(item, row.day, rng)
        case Purpose.CLUSTER:
            answer = None  # of an arm without clusters: else it is known
        case Purpose.STRATUM:
            answer = person.stratum
        case Purpose.SITE:
            codes = [site.code for site in protocol.sites]
            answer = str(rng.choice(codes)) if codes else draw_answer(item, row.day, rng)
        case Purpose.ATTENDED:
            answer = bool(rng.random() < assumptions.conduct.attendance)
        case Purpose.SESSION_MINUTES:
            answer = _minutes(item, person, protocol, rng)
        case Purpose.DISCONTINUED:
            intervention = protocol.arm(person.arm).intervention
            answer = person.left and intervention is not None and bool(intervention.sessions)
        case _:
            answer = draw_answer(item, row.day, rng)
    return item.purpose in _STANDS, answer


def _minutes(item: Item, person: Person, protocol: Protocol, rng: np.random.Generator) -> Answer:
    intervention = protocol.arm(person.arm).intervention
    planned = (intervention.minutes_per_session if intervention else None) or _MINUTES
    return fitted(item, float(rng.normal(planned, planned / 10)), digits=0)


def _typed(item: Item, text: str) -> Answer:
    if item.choices or text not in {"yes", "no"}:
        return text
    return text == "yes"
