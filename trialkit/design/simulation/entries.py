"""The rows that people's courses leave on the forms, before the forms' own rules are looked at."""

from collections.abc import Mapping

import numpy as np

from trialkit.design.simulation.answers import Answer, Coded, draw_answer, fitted
from trialkit.design.simulation.assumptions import Assumptions
from trialkit.design.simulation.entry_rows import EntryRow, rows_of
from trialkit.design.simulation.event_logs import drawn_logs
from trialkit.design.simulation.intercurrent_rows import drawn_answer, event_at_visits
from trialkit.design.simulation.outcome_values import Values, outcome_values
from trialkit.design.simulation.people import Person
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Item, Purpose, Schemas

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
    rows = []
    for form in schemas.forms:
        for row in rows_of(form, people, protocol, assumptions, rng, logs=logs):
            _answer(row, protocol, assumptions, values, rng)
            rows.append(row)
    return rows


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
