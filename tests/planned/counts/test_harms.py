"""Participants and events, counted by hand; each row in the arm that was received."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from tests.conftest import examples
from tests.planned.hand import SUBJECTS, Rows, datasets_of, three_by_three
from trialkit.datasets.collected import NotCollected
from trialkit.datasets.model import Datasets, Population
from trialkit.planned.counts.harms import NOT_OF_EVERY_EVENT, state_harms
from trialkit.protocol.trial.people import Grouping
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.answers import Unknown
from trialkit.results.effect import Status
from trialkit.results.harms import EventFact
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
    frame["before_randomisation"] = frame["before_randomisation"].astype("boolean")
    frame = frame.assign(arm=frame["subject_id"].str[:2], not_asked=[frozenset()] * len(frame))
    frame["event_class"] = pd.Series([None] * len(frame), dtype="object")
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
        # one more event of somebody who had a serious one anyway
        "any: seriousness not recorded": ([8, 0, 0], [8, 0, 1], [8, 0, 0]),
        "any: related": ([8, 1, 1], [8, 1, 1], [8, 1, 1]),
        "any: relation not recorded": ([8, 0, 0], [8, 1, 1], [8, 0, 0]),
        "any: led to withdrawal": ([8, 0, 0], [8, 1, 1], [8, 0, 0]),
        # A1-00 had a mild and a severe one
        "worst severity: Mild": ([8, 1, 1], [8, 2, 3], [8, 0, 0]),
        "worst severity: Severe": ([8, 0, 0], [8, 1, 1], [8, 1, 1]),
        "worst severity: Fatal": ([8, 0, 0], [8, 0, 0], [8, 0, 0]),
        "event: Ache": ([8, 1, 1], [8, 1, 2], [8, 1, 1]),
        "event: Fall": ([8, 0, 0], [8, 2, 2], [8, 0, 0]),
        "serious event: Ache": ([8, 0, 0], [8, 1, 1], [8, 0, 0]),
        "serious event: Fall": ([8, 0, 0], [8, 1, 1], [8, 0, 0]),
    }
    for term, (none, first, second) in expected.items():
        assert counts(rows, term) == {"A0": none, "A1": first, "A2": second}, term
    named = dict.fromkeys(row.term for row in rows.rows)
    assert list(named) == list(expected)


def test_risks_are_percentages_and_their_differences_those_from_the_reference() -> None:
    rows = Rows(state_harms(*made()))
    assert rows.value(Stat.PERCENT, term="any", arm="A1") == 37.5
    assert rows.value(Stat.PERCENT, term="event: Fall", arm="A1") == 25
    for term, difference in (("any", 2 / 8), ("event: Fall", 2 / 8)):
        about = {"term": term, "arm": "A1 - A0"}
        assert rows.value(Stat.ESTIMATE, **about) == pytest.approx(difference)
        low, high = rows.values((Stat.CONF_LOW, Stat.CONF_HIGH), **about)
        events = round(8 * (difference + {"any": 1 / 8}.get(term, 0)))
        newcombe = confint_proportions_2indep(
            events, 8, events - round(8 * difference), 8, method="newcomb"
        )
        assert (low, high) == pytest.approx(newcombe)
        assert rows.value(Stat.CONF_LEVEL, **about) == 0.95
        assert rows.row(Stat.ESTIMATE, **about).method == "risk_difference"
    assert rows.value(Stat.ESTIMATE, term="any", arm="A2 - A0") == 0
    compared = [(row.term, row.arm) for row in rows.rows if row.stat_name is Stat.ESTIMATE]
    terms = [term for term in dict.fromkeys(row.term for row in rows.rows) if "not" not in term]
    assert compared == [(term, arm) for term in terms for arm in ("A1 - A0", "A2 - A0")]


def test_the_limits_of_a_risk_are_exact() -> None:
    rows = Rows(state_harms(*made()))
    for term, arm, events in (("any", "A1", 3), ("event: Fall", "A1", 2), ("any", "A0", 1)):
        found = rows.values((Stat.CONF_LOW, Stat.CONF_HIGH), term=term, arm=arm)
        assert found == pytest.approx(proportion_confint(events, 8, method="beta"))


def test_severities_of_free_text_are_those_that_occurred() -> None:
    rows = Rows(state_harms(*made(listed=False)))
    named = [term for term in dict.fromkeys(row.term for row in rows.rows) if "severity" in term]
    assert named == ["severity: Mild", "severity: Severe"]
    # nothing says which is worse: who had both is in both
    assert counts(rows, "severity: Mild")["A1"] == [8, 3, 3]


def unasked(rows: Rows) -> dict[str, list[str]]:
    """The arms of which each count is stated without a source, by term."""
    found: dict[str, list[str]] = {}
    for row in rows.rows:
        if row.status is Status.NOT_COLLECTED:
            assert row.stat is None
            found.setdefault(row.term, []).append(f"{row.arm} {row.stat_name.value}")
    return found


BOTH = ("events", "n_events")


def test_a_trial_without_a_form_for_harms_has_no_count_and_no_zero() -> None:
    protocol, data = made()
    nobody = NotCollected(harms=frozenset(protocol.arm_codes))
    rows = Rows(state_harms(protocol, replace(data, not_collected=nobody)))
    assert unasked(rows) == {
        "any": [f"{arm} {stat}" for arm in ("A0", "A1", "A2") for stat in BOTH]
    }
    assert not [row for row in rows.rows if row.stat is not None]


def test_an_arm_that_has_no_form_for_harms_has_no_count_and_the_others_are_counted() -> None:
    protocol, data = made()
    lacks = NotCollected(harms=frozenset({"A1"}))
    rows = Rows(state_harms(protocol, replace(data, not_collected=lacks)))
    assert unasked(rows)["any"] == ["A1 events", "A1 n_events"]
    assert rows.values(COUNTS, term="any", arm="A0") == [8, 1, 1]
    compared = {row.arm for row in rows.rows if row.stat_name is Stat.ESTIMATE}
    assert compared == {"A2 - A0"}


def test_who_received_the_care_of_an_arm_without_a_form_makes_no_count_of_it() -> None:
    """One participant who was asked is not all who were in that arm."""
    protocol, data = made()
    lacks = replace(
        regrouped(data, drop="A0-00", move="A2-01", to="A1"),
        not_collected=NotCollected(harms=frozenset({"A1"})),
    )
    rows = Rows(state_harms(protocol, lacks))
    assert unasked(rows)["any"] == ["A1 events", "A1 n_events"]
    compared = {row.arm for row in rows.rows if row.stat_name is Stat.ESTIMATE}
    assert compared == {"A2 - A0"}


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
    outside = "1 event of participants outside the population"
    assert {row.note for row in rows.rows if row.stat is not None} == {outside}
    assert {row.note for row in rows.rows if row.stat is None} == {
        f"{NOT_OF_EVERY_EVENT}; {outside}"
    }
    assert {row.note for row in Rows(state_harms(*made())).rows if row.stat is not None} == {""}


def test_without_such_a_population_they_are_the_randomised_in_the_arm_received() -> None:
    protocol, data = made()
    rules = tuple(
        replace(rule, group_by=Grouping.ALLOCATED, received_any=False)
        for rule in protocol.populations
    )
    subjects = data.subjects.copy()
    subjects.loc[subjects["subject_id"] == "A1-02", "arm_received"] = "A0"
    nothing = subjects["subject_id"] == "A1-01"
    subjects.loc[nothing, ["arm_received", "received_intervention"]] = [None, False]
    subjects.loc[subjects["subject_id"] == "A2-07", "randomised"] = False
    rows = Rows(state_harms(replace(protocol, populations=rules), replace(data, subjects=subjects)))
    # who received nothing is in no arm
    assert counts(rows, "event: Fall") == {"A0": [9, 1, 1], "A1": [6, 0, 0], "A2": [7, 0, 0]}
    note = "1 event of participants outside the population"
    assert rows.row(Stat.N, term="any", arm="A1").note == note
    assert {row.population for row in rows.rows} == {""}


@pytest.mark.parametrize("empty", [["A2"], ["A0"], ["A0", "A2"], ["A0", "A1", "A2"]])
def test_an_arm_that_nobody_received_has_zeros_and_is_not_compared(empty: list[str]) -> None:
    protocol, data = made()
    safety = data.population("safety")
    members = safety.members[~safety.members["arm"].isin(empty)]
    mine = Population(
        code="safety",
        label=safety.label,
        definition=safety.definition,
        members=members,
        excluded=safety.excluded,
    )
    data = replace(data, populations=(data.population("itt"), mine))
    rows = Rows(state_harms(protocol, data))
    compared = {"A1 - A0"} if empty == ["A2"] else set()
    assert {row.arm for row in rows.rows} == {"A0", "A1", "A2", *compared}
    whole = Rows(state_harms(*made()))
    for term in ("any", "any: serious", "worst severity: Fatal"):
        for arm, found in counts(rows, term).items():
            assert found == ([0, 0, 0] if arm in empty else counts(whole, term)[arm])
    stated = {row.stat_name for row in rows.rows if row.arm in empty}
    assert stated == {Stat.N, Stat.EVENTS, Stat.N_EVENTS}


def without_population(protocol: Protocol) -> Protocol:
    """No population is grouped by what was received."""
    rules = (
        replace(e, group_by=Grouping.ALLOCATED, received_any=False) for e in protocol.populations
    )
    return replace(protocol, populations=tuple(rules))


def test_who_received_nobody_knows_what_is_in_no_arm() -> None:
    protocol, data = made()
    subjects = data.subjects.astype({"received_intervention": "boolean"})
    unknown = subjects["subject_id"] == "A1-01"
    subjects.loc[unknown, "arm_received"] = None
    subjects.loc[unknown, "received_intervention"] = pd.NA
    subjects.loc[unknown, "received_intervention_unknown"] = Unknown.NOT_RECORDED
    rows = Rows(state_harms(without_population(protocol), replace(data, subjects=subjects)))
    assert counts(rows, "any") == {"A0": [8, 1, 1], "A1": [7, 2, 3], "A2": [8, 1, 1]}
    assert counts(rows, "event: Fall") == {"A0": [8, 0, 0], "A1": [7, 1, 1], "A2": [8, 0, 0]}
    note = "1 event of participants whose received care is not recorded"
    assert rows.row(Stat.N, term="any", arm="A1").note == note


def test_an_unknown_is_neither_yes_nor_no() -> None:
    """A1-02 may have had a related event, so that the risk in that arm has no upper limit."""
    rows = Rows(state_harms(*made()))
    about = {"term": "any: related"}
    assert rows.value(Stat.N_UNKNOWN, arm="A1", **about) == 1
    stated = {row.stat_name for row in rows.rows if (row.term, row.arm) == ("any: related", "A1")}
    assert not stated & {Stat.CONF_LOW, Stat.CONF_HIGH}
    difference = rows.row(Stat.ESTIMATE, arm="A1 - A0", **about)
    assert (difference.stat, difference.note) == (None, NOT_OF_EVERY_EVENT)
    assert difference.status is Status.NOT_ESTIMABLE
    # of the other arm everything is known
    assert rows.value(Stat.ESTIMATE, arm="A2 - A0", **about) == 0
    assert rows.value(Stat.CONF_HIGH, arm="A0", **about) == pytest.approx(0.5265, abs=1e-4)


def test_what_was_not_asked_is_told_from_what_nobody_recorded() -> None:
    """Seriousness was not asked of one of the two events: neither row claims a zero of either."""
    unknown = ("A0-00", "Ache", "Mild", None, False, False, False)
    protocol, data = made([unknown, ("A0-01", *unknown[1:])])
    events = data.adverse_events
    asked_not = [frozenset({EventFact.SERIOUS}), frozenset[EventFact]()]
    data = replace(data, adverse_events=events.assign(not_asked=asked_not))
    rows = Rows(state_harms(protocol, data))
    assert counts(rows, "any: seriousness not asked")["A0"] == [8, 1, 1]
    assert counts(rows, "any: seriousness not recorded")["A0"] == [8, 1, 1]
    assert rows.value(Stat.N_UNKNOWN, term="any: serious", arm="A0") == 2


def test_an_unknown_of_the_reference_leaves_no_difference() -> None:
    rows = Rows(state_harms(*made([("A0-00", "Ache", "Mild", None, False, False, False)])))
    stated = [rows.row(Stat.ESTIMATE, term="any: serious", arm=f"A{n} - A0") for n in (1, 2)]
    assert [row.stat for row in stated] == [None, None]


def test_what_the_form_does_not_ask_has_no_count() -> None:
    protocol, data = made()
    asked = {EventFact.TERM, EventFact.RELATED}
    lacks = NotCollected(facts=frozenset(EventFact) - asked)
    rows = Rows(state_harms(protocol, replace(data, not_collected=lacks)))
    counted = [row.term for row in rows.rows if row.status is not Status.NOT_COLLECTED]
    assert list(dict.fromkeys(counted)) == [
        "any", "any: related", "any: relation not recorded", "event: Ache", "event: Fall",
    ]  # fmt: skip
    assert list(unasked(rows)) == [
        "any: serious", "any: led to withdrawal", "any: severity", "any: start",
    ]  # fmt: skip


def test_an_event_without_a_name_may_be_any_of_them() -> None:
    some = [*EVENTS, ("A2-05", None, "Mild", False, False, False, False)]
    rows = Rows(state_harms(*made(some)))
    assert counts(rows, "any: term not recorded")["A2"] == [8, 1, 1]
    assert rows.value(Stat.N_UNKNOWN, term="event: Fall", arm="A2") == 1
    assert counts(rows, "event: Fall")["A2"] == [8, 0, 0]


def test_an_event_that_may_have_begun_before_counts_and_is_told() -> None:
    some = [
        ("A1-00", "Ache", "Mild", False, False, False, None),
        ("A1-00", "Ache", "Mild", False, False, False, False),
        ("A1-01", "Ache", "Mild", False, False, False, None),
    ]
    rows = Rows(state_harms(*made(some)))
    assert counts(rows, "any")["A1"] == [8, 2, 3]
    # one of the two had another event that began after the randomisation
    term = "any: start before or after randomisation not known"
    assert counts(rows, term)["A1"] == [8, 1, 2]


def test_the_worst_known_severity_counts_and_may_not_be_the_worst() -> None:
    some = [
        ("A1-00", "Ache", "Severe", False, False, False, False),
        ("A1-00", "Ache", None, False, False, False, False),
        ("A1-01", "Ache", None, False, False, False, False),
    ]
    rows = Rows(state_harms(*made(some)))
    assert counts(rows, "worst severity: Severe")["A1"] == [8, 1, 1]
    assert counts(rows, "any: severity not recorded")["A1"] == [8, 1, 2]
    unknown = {
        name: [row.stat for row in rows.rows if row.term == f"worst severity: {name}"
               and row.stat_name is Stat.N_UNKNOWN]
        for name in ("Mild", "Severe", "Fatal")
    }  # fmt: skip
    # A1-00 is not mild at worst, and may be fatal; of who had a fatal one nothing is open
    assert unknown == {"Mild": [1], "Severe": [2], "Fatal": [2]}


def test_of_who_had_the_worst_that_there_is_nothing_is_open() -> None:
    some = [
        ("A1-00", "Ache", "Fatal", False, False, False, False),
        ("A1-00", "Ache", None, False, False, False, False),
    ]
    rows = Rows(state_harms(*made(some)))
    assert counts(rows, "worst severity: Fatal")["A1"] == [8, 1, 1]
    assert not [row for row in rows.rows if row.stat_name is Stat.N_UNKNOWN]


def test_an_event_that_the_form_lists_and_nobody_had_has_its_row() -> None:
    protocol, data = made()
    terms = pd.CategoricalDtype(["Bruise", "Fall", "Ache"], ordered=True)
    events = data.adverse_events.astype({"term": terms})
    rows = Rows(state_harms(protocol, replace(data, adverse_events=events)))
    named = [t for t in dict.fromkeys(row.term for row in rows.rows) if t.startswith("event")]
    assert named == ["event: Ache", "event: Fall", "event: Bruise"]
    assert counts(rows, "event: Bruise") == {arm: [8, 0, 0] for arm in ("A0", "A1", "A2")}
    assert rows.value(Stat.ESTIMATE, term="event: Bruise", arm="A1 - A0") == 0


FLAGS = st.sampled_from([True, False, None])
SEVERITIES = st.sampled_from(["Mild", "Severe", "Fatal", None])
ANY_EVENTS = st.lists(
    st.tuples(
        st.sampled_from(SUBJECTS), st.sampled_from(["Ache", "Fall", None]), SEVERITIES, FLAGS,
        FLAGS, FLAGS, FLAGS,
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=examples(15))
@given(events=ANY_EVENTS)
def test_yes_no_and_unknown_are_everybody_whatever_is_unknown(
    events: list[tuple[object, ...]],
) -> None:
    rows = Rows(state_harms(*made(events)))
    kept = [each for each in events if each[6] is not True]
    for place, word, unknown in (
        (3, "serious", "seriousness"), (4, "related", "relation"),
        (5, "led to withdrawal", "leading to withdrawal"),
    ):  # fmt: skip
        for arm in ("A0", "A1", "A2"):
            own = [each for each in kept if str(each[0]).startswith(arm)]
            yes = {each[0] for each in own if each[place] is True}
            doubtful = {each[0] for each in own if each[place] is None} - yes
            assert counts(rows, f"any: {word}")[arm][1] == len(yes)
            stated = {
                row.stat_name: row.stat
                for row in rows.rows
                if (row.term, row.arm) == (f"any: {word}", arm)
            }
            assert stated.get(Stat.N_UNKNOWN, 0) == len(doubtful)
            assert (Stat.CONF_HIGH in stated) is not bool(doubtful)
            apart = [row.stat for row in rows.rows if row.arm == arm
                     and row.term == f"any: {unknown} not recorded"]  # fmt: skip
            nobody = [each for each in kept if each[place] is None]
            assert apart[1:4:2] == (
                [len(doubtful), sum(each[place] is None for each in own)] if nobody else []
            )
    for arm in ("A0", "A1", "A2"):
        worst = [row.stat for row in rows.rows if row.arm == arm and row.stat_name is Stat.EVENTS
                 and (row.term.startswith("worst") or "severity not" in row.term)]  # fmt: skip
        # everybody with an event is in one row of severity, and in one only
        assert sum(worst) == counts(rows, "any")[arm][1]
