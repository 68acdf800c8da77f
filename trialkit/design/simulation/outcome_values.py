"""What every outcome is of everybody at every visit, as if nobody were lost."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType

import numpy as np

from trialkit.design.simulation.answers import Answer, fitted
from trialkit.design.simulation.assumptions import Assumptions
from trialkit.design.simulation.courses import SimulatedCourse, course_of, drawn_counts
from trialkit.design.simulation.people import Person
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Item, Schemas

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
                found[person.subject_id, form.id, item.id, visits[-1]] = day_of_event(
                    item, person, days
                )
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


def day_of_event(item: Item, person: Person, days: float) -> Answer:
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
