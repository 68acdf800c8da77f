"""Participants and events, counted by hand; each row in the arm that was received."""

from dataclasses import replace

import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from tests.planned.hand import Rows, datasets_of, three_by_three
from trialkit.datasets.model import Datasets, Population
from trialkit.planned.counts.harms import state_harms
from trialkit.protocol.trial.people import Grouping
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.vocabulary import Stat

COUNTS = (Stat.N, Stat.EVENTS, Stat.N_EVENTS)
# subject, term, severity, serious, related, led to withdrawal, before randomisation
EVENTS = [
    ("A0-00", "Ache", "Mild", False, True, False, False),
    ("A1-00", "Ache", "Severe", True, True, False, False),
    ("A1-00", "Ache", "Mild", None, False, False, False),
    ("A1-01", "Fall", "Mild", True, False, True, False),
    ("A1-02", "Fall", "Mild", False, None, False, False),
    ("A2-03", "Ache", "Severe", False, True, False, False),
    ("A2-04", "Ache", "Severe", False, False, True, True),
]


def made(
    events: list[tuple[object, ...]] = EVENTS, *, listed: bool = True
) -> tuple[Protocol, Datasets]:
    protocol = three_by_three()
    frame = pd.DataFrame(
        events,
        columns=[
            "subject_id", "term", "severity", "serious", "related", "led_to_withdrawal",
            "before_randomisation",
        ],
    )  # fmt: skip
    for name in ("serious", "related", "led_to_withdrawal"):
        frame[name] = frame[name].astype("boolean")
    frame["before_randomisation"] = frame["before_randomisation"].astype(bool)
    frame = frame.assign(arm=frame["subject_id"].str[:2], start_date=pd.NaT)
    if listed:
        frame["severity"] = pd.Categorical(
            frame["severity"], categories=["Mild", "Severe", "Fatal"], ordered=True
        )
    return protocol, replace(datasets_of(protocol), adverse_events=frame)


def counts(rows: Rows, term: str) -> dict[str, list[float]]:
    return {arm: rows.values(COUNTS, term=term, arm=arm) for arm in ("A0", "A1", "A2")}


def test_participants_and_events_are_counted_by_arm() -> None:
    rows = Rows(state_harms(*made()))
    expected = {
        "any": ([8, 1, 1], [8, 3, 4], [8, 1, 1]),
        "any: serious": ([8, 0, 0], [8, 2, 2], [8, 0, 0]),
        "any: related": ([8, 1, 1], [8, 1, 1], [8, 1, 1]),
        "any: led to withdrawal": ([8, 0, 0], [8, 1, 1], [8, 0, 0]),
        "any: Mild": ([8, 1, 1], [8, 3, 3], [8, 0, 0]),
        "any: Severe": ([8, 0, 0], [8, 1, 1], [8, 1, 1]),
        "any: Fatal": ([8, 0, 0], [8, 0, 0], [8, 0, 0]),
        "event: Ache": ([8, 1, 1], [8, 1, 2], [8, 1, 1]),
        "event: Fall": ([8, 0, 0], [8, 2, 2], [8, 0, 0]),
    }
    for term, (none, first, second) in expected.items():
        assert counts(rows, term) == {"A0": none, "A1": first, "A2": second}, term
    named = dict.fromkeys(row.term for row in rows.rows)
    assert list(named)[:7] == list(expected)[:7]
    assert set(named) == set(expected)


def test_risks_are_percentages_and_their_differences_those_from_the_reference() -> None:
    rows = Rows(state_harms(*made()))
    assert rows.value(Stat.PERCENT, term="any", arm="A1") == 37.5
    assert rows.value(Stat.PERCENT, term="event: Fall", arm="A1") == 25
    for term, difference in (("any", 2 / 8), ("any: related", 0.0), ("event: Fall", 2 / 8)):
        about = {"term": term, "arm": "A1 - A0"}
        assert rows.value(Stat.ESTIMATE, **about) == pytest.approx(difference)
        low, high = rows.values((Stat.CONF_LOW, Stat.CONF_HIGH), **about)
        events = round(8 * (difference + {"any": 1 / 8, "any: related": 1 / 8}.get(term, 0)))
        newcombe = confint_proportions_2indep(
            events, 8, events - round(8 * difference), 8, method="newcomb"
        )
        assert (low, high) == pytest.approx(newcombe)
        assert rows.value(Stat.CONF_LEVEL, **about) == 0.95
        assert rows.row(Stat.ESTIMATE, **about).method == "risk_difference"
    assert rows.value(Stat.ESTIMATE, term="any", arm="A2 - A0") == 0
    compared = [(row.term, row.arm) for row in rows.rows if row.stat_name is Stat.ESTIMATE]
    terms = dict.fromkeys(row.term for row in rows.rows)
    assert compared == [(term, arm) for term in terms for arm in ("A1 - A0", "A2 - A0")]


def test_the_limits_of_a_risk_are_exact() -> None:
    rows = Rows(state_harms(*made()))
    for term, arm, events in (("any", "A1", 3), ("event: Fall", "A1", 2), ("any", "A0", 1)):
        found = rows.values((Stat.CONF_LOW, Stat.CONF_HIGH), term=term, arm=arm)
        assert found == pytest.approx(proportion_confint(events, 8, method="beta"))


def test_severities_of_free_text_are_those_that_occurred() -> None:
    rows = Rows(state_harms(*made(listed=False)))
    named = {row.term for row in rows.rows}
    assert "any: Severe" in named
    assert "any: Fatal" not in named


def test_a_trial_without_a_form_for_harms_says_nothing() -> None:
    protocol, data = made()
    assert list(state_harms(protocol, replace(data, harms_collected=False))) == []


def test_no_event_at_all_is_zero_of_everybody() -> None:
    rows = Rows(state_harms(*made([])))
    assert counts(rows, "any") == {arm: [8, 0, 0] for arm in ("A0", "A1", "A2")}
    assert not [row for row in rows.rows if row.term.startswith("event: ")]


def regrouped(data: Datasets, *, drop: str, move: str, to: str) -> Datasets:
    """The safety population without one of its members, and another in an arm of the others."""
    safety = data.population("safety")
    members = safety.members[safety.members["subject_id"] != drop].copy()
    members.loc[members["subject_id"] == move, "arm"] = to
    mine = Population(
        code="safety",
        label=safety.label,
        definition=safety.definition,
        members=members,
        excluded=safety.excluded,
    )
    return replace(data, populations=(data.population("itt"), mine))


def test_those_at_risk_are_of_the_population_grouped_by_what_was_received() -> None:
    protocol, data = made()
    rows = Rows(state_harms(protocol, regrouped(data, drop="A0-00", move="A1-01", to="A2")))
    assert counts(rows, "any") == {"A0": [7, 0, 0], "A1": [7, 2, 3], "A2": [9, 2, 2]}
    assert {row.population for row in rows.rows} == {"safety"}
    assert {row.note for row in rows.rows} == {"1 event of participants outside the population"}
    assert {row.note for row in Rows(state_harms(*made())).rows} == {""}


def test_without_such_a_population_they_are_the_randomised_in_the_arm_received() -> None:
    protocol, data = made()
    rules = tuple(
        replace(rule, group_by=Grouping.ALLOCATED, received_any=False)
        for rule in protocol.populations
    )
    subjects = data.subjects.copy()
    subjects.loc[subjects["subject_id"] == "A1-02", "arm_received"] = "A0"
    subjects.loc[subjects["subject_id"] == "A1-01", "arm_received"] = None
    subjects.loc[subjects["subject_id"] == "A2-07", "randomised"] = False
    rows = Rows(state_harms(replace(protocol, populations=rules), replace(data, subjects=subjects)))
    # who received nothing is counted in the arm allocated
    assert counts(rows, "event: Fall") == {"A0": [9, 1, 1], "A1": [7, 1, 1], "A2": [7, 0, 0]}
    assert {row.population for row in rows.rows} == {""}


def test_an_arm_that_nobody_received_is_left_out() -> None:
    protocol, data = made()
    safety = data.population("safety")
    members = safety.members[safety.members["arm"] != "A2"]
    mine = Population(
        code="safety",
        label=safety.label,
        definition=safety.definition,
        members=members,
        excluded=safety.excluded,
    )
    data = replace(data, populations=(data.population("itt"), mine))
    rows = Rows(state_harms(protocol, data))
    assert {row.arm for row in rows.rows} == {"A0", "A1", "A1 - A0"}
