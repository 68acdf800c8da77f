"""Serious events by term, classes with their terms, and the terms that are rare: counted by hand."""

from dataclasses import replace

import pandas as pd
import pytest

from tests.planned.counts.test_harms import COUNTS, made
from tests.planned.hand import Rows
from trialkit.datasets.collected import NotCollected
from trialkit.errors import ProtocolError
from trialkit.planned.counts.harms import state_harms
from trialkit.planned.counts.harms_by_name import rare_terms
from trialkit.protocol.trial.conduct import Harms
from trialkit.results.harms import EventFact
from trialkit.results.lookup import Before
from trialkit.results.vocabulary import Stat

CLASSES = ["Nerves", "Nerves", "Nerves", "Injuries", "Injuries", "Nerves", None]


def of_terms(rows: Rows, before: str) -> list[str]:
    found = dict.fromkeys(row.term for row in rows.rows)
    return [term.removeprefix(before) for term in found if term.startswith(before)]


def test_each_term_that_was_serious_is_counted_and_who_may_have_had_it() -> None:
    rows = Rows(state_harms(*made()))
    assert of_terms(rows, Before.SERIOUS) == ["Ache", "Fall"]
    assert rows.values(COUNTS, term="serious event: Ache", arm="A1") == [8, 1, 1]
    # of an ache of somebody else nobody knows whether it was serious
    more = [
        ("A1-00", "Ache", "Severe", True, True, False, False),
        ("A2-03", "Ache", "Severe", None, True, False, False),
    ]
    rows = Rows(state_harms(*made(more)))
    assert rows.value(Stat.N_UNKNOWN, term="serious event: Ache", arm="A2") == 1
    assert rows.row(Stat.ESTIMATE, term="serious event: Ache", arm="A2 - A0").stat is None


@pytest.mark.parametrize("fact", [EventFact.SERIOUS, EventFact.TERM])
def test_where_the_form_does_not_ask_there_is_no_serious_term(fact: EventFact) -> None:
    protocol, datasets = made()
    lacks = NotCollected(facts=frozenset({fact}))
    rows = Rows(state_harms(protocol, replace(datasets, not_collected=lacks)))
    assert of_terms(rows, Before.SERIOUS) == []


def classed(classes: list[str | None]) -> Rows:
    protocol, datasets = made()
    events = datasets.adverse_events.assign(event_class=pd.Series(classes, dtype="object"))
    return Rows(state_harms(protocol, replace(datasets, adverse_events=events)))


def test_a_class_counts_all_its_events_and_each_term_within_it() -> None:
    rows = classed(CLASSES)
    assert of_terms(rows, Before.CLASS) == [
        "Nerves",
        "Nerves | Ache",
        "Injuries",
        "Injuries | Fall",
    ]
    assert rows.values(COUNTS, term="class: Nerves", arm="A1") == [8, 1, 2]
    assert rows.values(COUNTS, term="class: Injuries | Fall", arm="A1") == [8, 2, 2]
    assert rows.values(COUNTS, term="event: Fall", arm="A1") == [8, 2, 2]


def test_an_event_without_a_class_is_counted_apart_and_may_be_of_any() -> None:
    rows = classed([*CLASSES[:4], None, "Nerves", None])
    assert rows.values(COUNTS, term="any: class not recorded", arm="A1") == [8, 1, 1]
    assert rows.value(Stat.N_UNKNOWN, term="class: Nerves", arm="A1") == 1
    assert rows.row(Stat.ESTIMATE, term="class: Nerves", arm="A1 - A0").stat is None


def test_a_class_cannot_look_like_a_term_within_one() -> None:
    rows = classed(["Nerves | Fall"] * 7)
    assert of_terms(rows, Before.CLASS)[0] == "Nerves / Fall"


def test_without_any_class_there_is_no_row_of_one() -> None:
    assert of_terms(classed([None] * 7), Before.CLASS) == []


RARE = [
    ("A0-00", "Ache", "Mild", False, True, False, False),
    ("A1-00", "Itch", "Mild", False, True, False, False),
    ("A1-01", "Ache", "Mild", False, True, False, False),
    ("A1-02", "Ache", "Mild", False, True, False, False),
    ("A2-00", "Fall", "Mild", True, True, False, False),
    ("A2-01", "Rash", "Mild", None, True, False, False),
]


def arms_of(size: int) -> dict[str, str]:
    return {f"A{arm}-{person:02}": f"A{arm}" for arm in range(3) for person in range(size)}


@pytest.mark.parametrize(
    ("below", "rare"),
    [(None, set()), (5.0, {"Itch"}), (3.0, {"Itch"}), (2.5, set()), (5.1, {"Itch", "Ache"})],
)
def test_a_term_is_rare_below_the_percentage_in_every_arm_and_never_if_it_may_be_serious(
    below: float | None, rare: set[str]
) -> None:
    """Of 40 an arm, one is 2.5 percent and two are 5: neither is below itself."""
    _, datasets = made(RARE)
    found = rare_terms(datasets.adverse_events, arm_of=arms_of(40), below=below)
    assert found == rare


def test_rare_terms_are_counted_together_and_stay_in_the_results() -> None:
    protocol, datasets = made([*RARE[:2], ("A2-00", "Rash", "Mild", False, True, False, False)])
    rows = Rows(state_harms(protocol, datasets))
    assert of_terms(rows, Before.RARE) == []
    crowd = replace(protocol, harms=Harms(rare_below_percent=5))
    assert of_terms(Rows(state_harms(crowd, datasets)), Before.RARE) == [], "1 of 8 is not rare"
    many = rare_terms(datasets.adverse_events, arm_of=arms_of(40), below=5)
    assert many == {"Ache", "Itch", "Rash"}


@pytest.mark.parametrize("percent", [0, -1, 5.5, 100])
def test_no_more_than_a_twentieth_may_be_called_rare(percent: float) -> None:
    with pytest.raises(ProtocolError, match=r"above 0 and at most 5"):
        Harms(rare_below_percent=percent)
