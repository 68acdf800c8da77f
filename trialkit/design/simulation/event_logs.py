"""Logs of events that happen to people again and again, as they are drawn for a rehearsal."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from trialkit.design.simulation.answers import Answer
from trialkit.design.simulation.assumptions import Assumptions
from trialkit.design.simulation.people import Person
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Form, Schemas
from trialkit.schemas.items.kind import Nature


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnEvent:
    """An event of somebody: its day, the visit at which it is told, and what its row must say."""

    day: date
    visit: str
    answers: Mapping[str, Answer]


EventLogs = Mapping[tuple[str, str], tuple[DrawnEvent, ...]]
"""The events, by subject and form, in the order of time."""


def logs_of(protocol: Protocol) -> frozenset[str]:
    """The forms that list the events of an outcome."""
    return frozenset(each.form for each in _recurrences(protocol))


def drawn_logs(
    people: tuple[Person, ...],
    protocol: Protocol,
    schemas: Schemas,
    assumptions: Assumptions,
    rng: np.random.Generator,
) -> EventLogs:
    """The events of everybody randomised, up to when each was last seen.

    People's own rates are the arm's times a gamma variable of mean 1 and the variance sd², and their
    events are evenly spread over their days; one day has one event at most.
    """
    found: dict[tuple[str, str], list[DrawnEvent]] = {}
    for outcome in _recurrences(protocol):
        form = schemas.form(outcome.form)
        assumed = assumptions.outcome(outcome.code)
        dispersion, end = assumed.sd**2, max(1, protocol.visit(outcome.time_point).day)
        for person in people:
            days = _days_followed(person)
            if not (person.arm and days):
                continue
            mean = max(assumed.start + assumed.change(person.arm), 0.0) * days / end
            own = rng.gamma(1 / dispersion, dispersion)
            drawn = rng.integers(1, days + 1, size=int(rng.poisson(mean * own)))
            events = [_event(form, outcome, person, int(day)) for day in np.unique(drawn)]
            found.setdefault((person.subject_id, form.id), []).extend(events)
    return {
        place: tuple(sorted(events, key=lambda each: each.day)) for place, events in found.items()
    }


def _recurrences(protocol: Protocol) -> Iterator[Outcome]:
    return (each for each in protocol.outcomes if each.kind.summary is Summary.RECURRENCE)


def _days_followed(person: Person) -> int:
    last = person.end or max(person.visits.values(), default=person.randomised)
    if person.randomised is None or last is None:
        return 0
    return max(0, (last - person.randomised).days)


def _event(form: Form, outcome: Outcome, person: Person, days: int) -> DrawnEvent:
    assert person.randomised is not None  # whoever was followed was randomised
    item = form.item(outcome.item)
    day = item.range.nearest_day(person.randomised + timedelta(days=days))
    picked = {
        name: codes[0] == "yes" if form.item(name).kind.nature is Nature.TRUTH else codes[0]
        for name, codes in outcome.where.items()
    }
    return DrawnEvent(day=day, visit=_told_at(form, person, day), answers={**picked, item.id: day})


def _told_at(form: Form, person: Person, day: date) -> str:
    """The first visit of the form from the day on, else the last; blank where it has none."""
    visits = [each for each in form.visits if each in person.visits]
    later = [each for each in visits if person.visits[each] >= day]
    return later[0] if later else visits[-1] if visits else ""
