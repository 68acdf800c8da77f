"""Simulated people are screened, allocated and seen as the protocol plans, and lost as assumed."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from math import sqrt

import numpy as np
import pytest

from tests.miniature import protocol as miniature
from trialkit.design.simulation.assumptions import SimulatedConduct
from trialkit.design.simulation.people import LEAD_DAYS, Period, Person, enrol, period_of
from trialkit.errors import DesignError
from trialkit.protocol.trial.conduct import Randomisation, RandomisationType
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.people import Site
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.visits import Visit, Window
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Purpose, Schemas
from trialkit.schemas.items.answers import ItemChoice, Range
from trialkit.schemas.items.item_types import ItemType

BEGIN, DAYS = date(2025, 1, 11), 301
"""From 1 January ten days for screening; to 31 December 51 for the last visit and two to spare."""
SEX = (ItemChoice(code="f", label="Female"), ItemChoice(code="m", label="Male"))


def dated(low: date | None, high: date | None, purpose: Purpose | None) -> Item:
    return Item(
        id="on", label="On", type=ItemType.DATE, range=Range(low=low, high=high), purpose=purpose
    )


def forms(*items: Item) -> Schemas:
    """One form of screening, with these items."""
    form = Form(
        id="screening",
        title="Screening",
        kind=FormKind.SCREENING,
        expected=Expected.EVERYONE,
        visits=(),
        repeating=False,
        items=items,
        rules=(),
        file="",
        sha256="",
    )
    return Schemas(forms=(form,), data=DataFormat())


YEAR = dated(date(2025, 1, 1), date(2025, 12, 31), Purpose.VISIT_DATE)
FORMS = forms(
    YEAR,
    Item(id="sex", label="Sex", type=ItemType.CHOICE, choices=SEX),
    Item(id="centre", label="Centre", type=ItemType.TEXT, purpose=Purpose.SITE),
)


def planned(
    kind: RandomisationType = RandomisationType.PERMUTED_BLOCKS,
    *,
    blocks: tuple[int, ...] = (),
    strata: tuple[str, ...] = (),
) -> Protocol:
    """One to two in a trial of three visits, the baseline up to five days before randomisation."""
    return replace(
        miniature(),
        arms=(Arm(code="P", label="P", reference=True), Arm(code="A", label="A", ratio=2)),
        sites=(Site(code="N", label="North"), Site(code="S", label="South")),
        visits=(
            Visit(
                code="BL", label="BL", target_day=0, window=Window(early=5, late=2), baseline=True
            ),
            Visit(code="W4", label="W4", target_day=28, window=Window(early=1, late=3)),
            Visit(code="W6", label="W6", target_day=42, window=Window(early=3, late=9)),
        ),
        randomisation=Randomisation(type=kind, block_sizes=blocks, strata=strata),
    )


def enrolled(
    protocol: Protocol, *, schemas: Schemas = FORMS, seed: int = 1, **conduct: float
) -> tuple[Person, ...]:
    assumed = SimulatedConduct(**{"participants": 60, "dropout": 0.0} | conduct)
    return enrol(protocol, schemas, assumed, np.random.default_rng(seed))


def randomised(people: tuple[Person, ...]) -> list[Person]:
    return [person for person in people if person.arm]


def on(start: date | None, end: date | None, schemas: Schemas = FORMS) -> Period:
    trial = replace(miniature().trial, start=start, end=end)
    return period_of(replace(planned(), trial=trial), schemas)


def test_the_period_leaves_room_for_screening_before_and_every_visit_after() -> None:
    """31 December is 354 days after 11 January; the last visit may be on day 51."""
    assert LEAD_DAYS == 10
    assert on(None, None) == Period(first=BEGIN, days=DAYS) == Period(first=BEGIN, days=354 - 53)
    # the latest of the first days and the earliest of the last days count
    assert on(date(2025, 3, 1), None) == Period(first=date(2025, 3, 11), days=295 - 53)
    assert on(date(2024, 3, 1), date(2026, 3, 1)) == Period(first=BEGIN, days=DAYS)
    assert on(None, date(2025, 6, 30)) == Period(first=BEGIN, days=170 - 53)


def test_forms_without_dates_leave_the_period_to_the_protocol_or_to_the_defaults() -> None:
    # a date that is not of the trial's own course, such as a birthday, limits nothing
    free = forms(dated(date(1900, 1, 1), date(2000, 1, 1), None))
    assert on(None, None, free) == Period(first=date(2030, 1, 17), days=365)
    assert on(date(2026, 5, 1), None, free) == Period(first=date(2026, 5, 11), days=365)


def test_a_period_of_one_day_is_enough_and_none_is_refused() -> None:
    assert on(None, date(2025, 3, 6)) == Period(first=BEGIN, days=1)
    with pytest.raises(DesignError) as error:
        on(None, date(2025, 3, 5))
    assert str(error.value) == (
        "between 2025-01-01 and 2025-03-05, the dates that forms and protocol allow, there is no "
        "room for a participant, who needs 10 days before and 51 after randomisation"
    )


def test_as_many_are_randomised_as_planned_among_those_screened() -> None:
    people = enrolled(planned(), participants=30, screened=1.5)
    assert [person.subject_id for person in people] == [f"SIM-{n:03d}" for n in range(1, 46)]
    assert len(randomised(people)) == 30
    others = [person for person in people if not person.arm]
    assert {(p.randomised, p.end, p.stratum, p.block, p.number, p.left) for p in others} == {
        (None, None, "", 0, 0, False)
    }
    assert all(person.visits == {} for person in others)
    # some of those who were not randomised came before the last who was
    assert people.index(others[0]) < people.index(randomised(people)[-1])
    assert len(randomised(enrolled(planned(), participants=30, screened=1.0))) == 30


def test_people_come_in_the_order_of_their_days_within_the_period() -> None:
    people = randomised(enrolled(planned(), participants=200))
    days = [person.randomised for person in people]
    assert days == sorted(days)
    assert min(days) >= BEGIN
    assert max(days) < BEGIN + timedelta(days=DAYS)
    before = Counter((person.randomised - person.screened).days for person in people)
    assert set(before) == {1, 2, 3}


@pytest.mark.parametrize(("blocks", "length"), [((), 6), ((3,), 3), ((9, 9), 9)])
def test_the_list_has_the_ratio_in_every_block_of_the_stated_length(
    blocks: tuple[int, ...], length: int
) -> None:
    people = randomised(enrolled(planned(blocks=blocks), participants=54))
    assert [person.number for person in people] == list(range(1, 55))
    assert [person.block for person in people] == [1 + n // length for n in range(54)]
    for start in range(0, 54, length):
        arms = Counter(person.arm for person in people[start : start + length])
        assert arms == {"P": length // 3, "A": 2 * length // 3}
    assert {person.stratum for person in people} == {"all"}


def test_a_simple_list_has_one_block_and_the_ratio_in_the_long_run_alone() -> None:
    people = randomised(enrolled(planned(RandomisationType.SIMPLE), participants=600))
    assert {person.block for person in people} == {1}
    share = Counter(person.arm for person in people)["A"] / 600
    assert share == pytest.approx(2 / 3, abs=4 * sqrt(2 / 9 / 600))
    blocks = [Counter(p.arm for p in people[n : n + 6])["A"] for n in range(0, 600, 6)]
    assert len(set(blocks)) > 1


def test_every_stratum_has_a_list_of_its_own() -> None:
    """By the sex that a form asks for and by the site, whose levels are the protocol's."""
    people = enrolled(planned(strata=("screening.sex", "site")), participants=240)
    levels = Counter(
        (person.known["screening", "sex"], person.known["screening", "centre"]) for person in people
    )
    assert set(levels) == {("f", "N"), ("f", "S"), ("m", "N"), ("m", "S")}
    assert min(levels.values()) > 40
    for sex, site in levels:
        of_stratum = [p for p in randomised(people) if p.stratum == f"{sex}, {site}"]
        assert {
            (p.known["screening", "sex"], p.known["screening", "centre"]) for p in of_stratum
        } == {(sex, site)}
        assert [p.block for p in of_stratum] == [1 + n // 6 for n in range(len(of_stratum))]
        for start in range(0, len(of_stratum) - 5, 6):
            assert Counter(p.arm for p in of_stratum[start : start + 6]) == {"P": 2, "A": 4}
    assert [p.number for p in randomised(people)] == list(range(1, 241))


def test_strata_of_free_text_are_refused_and_unknown_ones_settle_nothing() -> None:
    nowhere = replace(planned(strata=("site",)), sites=())
    with pytest.raises(DesignError) as error:
        enrolled(nowhere)
    assert str(error.value) == "the strata need levels, and item 'centre' is of free text"
    people = enrolled(planned(strata=("screening.age",)))
    assert all(person.known == {} for person in people)
    assert {person.stratum for person in randomised(people)} == {"all"}


def test_visits_lie_in_their_windows_and_in_order() -> None:
    for person in randomised(enrolled(planned(), participants=300)):
        day, visits = person.randomised, person.visits
        assert list(visits) == ["BL", "W4", "W6"]
        # five days early, but not before the screening; two days late would be after randomisation
        assert max(day - timedelta(days=5), person.screened) <= visits["BL"] <= day
        assert day + timedelta(days=27) <= visits["W4"] <= day + timedelta(days=31)
        assert day + timedelta(days=39) <= visits["W6"] <= day + timedelta(days=51)
        assert all(earlier < later for earlier, later in pairwise(visits.values()))
        assert (person.left, person.end) == (False, visits["W6"])


def test_visits_are_aimed_two_days_before_to_three_after_the_planned_day() -> None:
    people = randomised(enrolled(planned(), participants=300))
    apart = Counter((p.visits["W6"] - p.randomised).days - 42 for p in people)
    assert set(apart) == {-2, -1, 0, 1, 2, 3}
    # the window of week 4 allows one day early
    assert {(p.visits["W4"] - p.randomised).days - 28 for p in people} == {-1, 0, 1, 2, 3}


def test_the_same_share_of_those_there_is_lost_at_each_visit() -> None:
    """36 % are gone at the end, so a fifth at each of the two visits after baseline."""
    people = randomised(enrolled(planned(), participants=1500, dropout=0.36))
    seen = Counter(tuple(person.visits) for person in people)
    assert set(seen) == {("BL",), ("BL", "W4"), ("BL", "W4", "W6")}
    for visits, share in ((("BL",), 0.2), (("BL", "W4"), 0.16), (("BL", "W4", "W6"), 0.64)):
        error = sqrt(share * (1 - share) / 1500)
        assert seen[visits] / 1500 == pytest.approx(share, abs=4 * error)
    for person in people:
        assert person.left == ("W6" not in person.visits)
        assert person.end == max(person.randomised, *person.visits.values())


def test_a_trial_that_is_late_to_its_own_visits_keeps_their_order() -> None:
    """Two visits planned for one day: the second is on the day after, past its window."""
    crowded = replace(
        planned(),
        visits=tuple(
            replace(visit, window=Window(early=0, late=0), target_day=min(visit.target_day, 1))
            for visit in planned().visits
        ),
    )
    for person in randomised(enrolled(crowded)):
        day = person.randomised
        assert person.visits == {
            "BL": day,
            "W4": day + timedelta(days=1),
            "W6": day + timedelta(days=2),
        }


def test_the_same_seed_gives_the_same_people_and_another_gives_others() -> None:
    first, again, other = (enrolled(planned(), seed=seed) for seed in (5, 5, 6))
    assert first == again != other
