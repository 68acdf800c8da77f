"""The people of a simulated trial: screened, randomised, seen at visits, and some of them lost."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from trialkit.design.randomisation.plans import label
from trialkit.design.randomisation.schemes import (
    Arms,
    PermutedBlocks,
    Share,
    Simple,
    Slot,
    sequence,
)
from trialkit.design.randomisation.stream import Stream
from trialkit.design.simulation.assumptions import SimulatedConduct
from trialkit.design.simulation.courses import staying
from trialkit.errors import DesignError
from trialkit.protocol.trial.conduct import RandomisationType
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Item, Purpose, Schemas

LEAD_DAYS = 10
"""Days before the first randomisation that screening needs."""
_DEFAULT_START = date(2030, 1, 7)
_DEFAULT_DAYS = 365
_DATED = (
    Purpose.SCREENING_DATE,
    Purpose.CONSENT_DATE,
    Purpose.RANDOMISATION_DATE,
    Purpose.VISIT_DATE,
    Purpose.SESSION_DATE,
    Purpose.END_DATE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who was screened; ``arm`` is empty for those who were not randomised."""

    subject_id: str
    screened: date
    known: Mapping[tuple[str, str], str]
    """Answers that are settled: (form, item), for strata and site."""
    arm: str = ""
    randomised: date | None = None
    stratum: str = ""
    block: int = 0
    number: int = 0
    visits: Mapping[str, date]
    """The date of every visit that took place."""
    left: bool = False
    end: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days on which people can be randomised."""

    first: date
    days: int


def period_of(protocol: Protocol, schemas: Schemas) -> Period:
    """The days that leave room for screening before and for every visit after.

    Raises :class:`DesignError` where the dates that forms allow are too few.
    """
    lows, highs = list(_limits(schemas, "low")), list(_limits(schemas, "high"))
    first = max([*lows, *filter(None, [protocol.trial.start])], default=_DEFAULT_START)
    last_visit = max(visit.closes for visit in protocol.visits)
    begin = first + timedelta(days=LEAD_DAYS)
    ends = [*highs, *filter(None, [protocol.trial.end])]
    if not ends:
        return Period(first=begin, days=_DEFAULT_DAYS)
    days = (min(ends) - begin).days - last_visit - 2
    if days < 1:
        raise DesignError(
            f"between {first} and {min(ends)}, the dates that forms and protocol allow, there is no "
            f"room for a participant, who needs {LEAD_DAYS} days before and {last_visit} after "
            "randomisation"
        )
    return Period(first=begin, days=days)


def enrol(
    protocol: Protocol, schemas: Schemas, conduct: SimulatedConduct, rng: np.random.Generator
) -> tuple[Person, ...]:
    """Everybody who is screened, in the order of screening; as many randomised as planned."""
    period = period_of(protocol, schemas)
    screened = max(conduct.participants, round(conduct.participants * conduct.screened))
    enters = np.zeros(screened, dtype=bool)
    enters[rng.permutation(screened)[: conduct.participants]] = True
    days = np.sort(rng.integers(0, period.days, size=screened))
    lists = _Lists(protocol, rng)
    people = []
    for place, (may, day) in enumerate(zip(enters, days, strict=True)):
        subject = f"SIM-{place + 1:03d}"
        known = _settled(protocol, schemas, rng)
        when = period.first + timedelta(days=int(day))
        seen = when - timedelta(days=int(rng.integers(1, 4)))
        if may:
            person = _participant(
                protocol,
                conduct,
                lists,
                subject=subject,
                known=known,
                randomised=when,
                screened=seen,
                rng=rng,
            )
            people.append(person)
        else:
            people.append(Person(subject_id=subject, screened=seen, known=known, visits={}))
    return tuple(people)


class _Lists:
    """A list of arms for each stratum, as the protocol restricts it."""

    def __init__(self, protocol: Protocol, rng: np.random.Generator) -> None:
        self._protocol = protocol
        self._key = rng.bytes(32)
        self._open: dict[str, Iterator[Slot]] = {}
        self.given = 0

    def next(self, stratum: str) -> Slot:
        if stratum not in self._open:
            self._open[stratum] = self._sequence(stratum)
        self.given += 1
        return next(self._open[stratum])

    def _sequence(self, stratum: str) -> Iterator[Slot]:
        protocol = self._protocol
        arms = Arms(shares=tuple(Share(code=arm.code, ratio=arm.share) for arm in protocol.arms))
        lengths = tuple(sorted(set(protocol.randomisation.block_sizes))) or (2 * arms.units,)
        if protocol.randomisation.type is RandomisationType.SIMPLE:
            return sequence(Simple(), arms, Stream(self._key, stratum))
        return sequence(PermutedBlocks(lengths=lengths), arms, Stream(self._key, stratum))


def _participant(
    protocol: Protocol,
    conduct: SimulatedConduct,
    lists: _Lists,
    *,
    subject: str,
    known: Mapping[tuple[str, str], str],
    randomised: date,
    screened: date,
    rng: np.random.Generator,
) -> Person:
    levels = {f"{form}.{item}": level for (form, item), level in known.items()}
    stratum = label(levels) if protocol.randomisation.strata else "all"
    slot = lists.next(stratum)
    visits, left = _visits(protocol, conduct, screened, randomised, rng)
    return Person(
        subject_id=subject,
        screened=screened,
        known=known,
        arm=slot.arm,
        randomised=randomised,
        stratum=", ".join(levels.values()) or "all",
        block=max(slot.block, 1),
        number=lists.given,
        visits=visits,
        left=left,
        end=max([randomised, *visits.values()]),
    )


def _visits(
    protocol: Protocol,
    conduct: SimulatedConduct,
    screened: date,
    randomised: date,
    rng: np.random.Generator,
) -> tuple[dict[str, date], bool]:
    """The visits until somebody leaves, in their windows and in order."""
    baseline = protocol.visit_codes.index(protocol.baseline.code)
    after = protocol.visits[baseline:]
    stays = staying(len(after), conduct.dropout)
    fate = rng.random()
    visits: dict[str, date] = {}
    last = screened
    for place, visit in enumerate(protocol.visits):
        same_day = visit.target_hour > 0  # as the visit before: nobody leaves in between
        if place > baseline and not same_day and fate >= stays[place - baseline]:
            return visits, True
        earliest = randomised + timedelta(days=visit.opens)
        latest = randomised + timedelta(days=visit.closes)
        if visit.is_before_randomisation:
            latest = min(latest, randomised)
        aimed = randomised + timedelta(days=visit.day + int(rng.integers(-2, 4)))
        low = max(earliest, last if place <= baseline or same_day else last + timedelta(days=1))
        aimed = last if same_day and place else aimed
        day = min(max(aimed, low), max(latest, low))
        if visit.day > 0:
            day = max(day, randomised + timedelta(days=1))
        visits[visit.code] = last = day
    return visits, False


def _settled(
    protocol: Protocol, schemas: Schemas, rng: np.random.Generator
) -> dict[tuple[str, str], str]:
    """Site and strata, drawn beforehand, since the list is chosen by them."""
    settled: dict[tuple[str, str], str] = {}
    for name in protocol.randomisation.strata:
        place = _place_of(name, schemas)
        if place is not None:
            form_id, item = place
            settled[form_id, item.id] = _level(item, protocol, rng)
    return settled


def _place_of(name: str, schemas: Schemas) -> tuple[str, Item] | None:
    form_id, _, item_id = name.partition(".")
    for form in schemas.forms:
        for item in form.items:
            if (form.id, item.id) == (form_id, item_id) or item.purpose == name:
                return form.id, item
    return None


def _level(item: Item, protocol: Protocol, rng: np.random.Generator) -> str:
    if item.purpose is Purpose.SITE and protocol.sites:
        codes = [site.code for site in protocol.sites]
    else:
        codes = [choice.code for choice in item.offered]
    if not codes:
        raise DesignError(f"the strata need levels, and item {item.id!r} is of free text")
    return codes[int(rng.integers(len(codes)))]


def _limits(schemas: Schemas, end: str) -> Iterator[date]:
    """The dates that items of the trial's own course allow."""
    for form in schemas.forms:
        for item in form.items:
            limit = getattr(item.range, end)
            if item.purpose in _DATED and isinstance(limit, date):
                yield limit
