"""The rows that people's courses leave on the forms: which, on which day, and with which answers."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tests.design.simulation.small import (
    ANNA,
    BEN,
    CORA,
    CURED,
    FORMS,
    PAIN,
    SCHEMAS,
    SURE,
    assuming,
    entered,
    of,
    planned,
)
from trialkit.design.simulation.answers import Coded
from trialkit.design.simulation.entries import NOT_DONE, first_entries
from trialkit.design.simulation.entry_rows import EntryRow
from trialkit.protocol.trial.interventions import Arm, Intervention
from trialkit.schemas.items.answers import Range


def test_everybody_has_the_rows_that_are_expected_of_them_on_their_days() -> None:
    found = [(row.form.id, row.key(), row.day.isoformat()) for row in entered()]
    assert found == [
        ("screening", ("anna", "", ""), "2025-03-01"),
        ("screening", ("ben", "", ""), "2025-03-04"),
        ("screening", ("cora", "", ""), "2025-03-07"),
        ("randomisation", ("anna", "", ""), "2025-03-03"),
        ("randomisation", ("ben", "", ""), "2025-03-06"),
        ("assessment", ("anna", "BL", ""), "2025-03-02"),
        ("assessment", ("anna", "W6", ""), "2025-04-14"),
        ("assessment", ("ben", "BL", ""), "2025-03-05"),
        # the day after randomisation, and every three and a half days
        ("sessions", ("anna", "", "1"), "2025-03-04"),
        ("sessions", ("anna", "", "2"), "2025-03-07"),
        ("sessions", ("anna", "", "3"), "2025-03-11"),
        ("demographics", ("anna", "", "1"), "2025-03-03"),
        ("demographics", ("ben", "", "1"), "2025-03-06"),
        ("end_of_study", ("anna", "", ""), "2025-04-14"),
        ("end_of_study", ("ben", "", ""), "2025-03-06"),
    ]


@pytest.mark.parametrize(
    ("end", "held"), [(date(2025, 3, 6), 1), (date(2025, 3, 7), 2), (date(2025, 3, 11), 3)]
)
def test_sessions_are_held_up_to_the_day_on_which_somebody_left(end: date, held: int) -> None:
    rows = of(entered(replace(ANNA, end=end)), "sessions")
    assert [row.repeat for row in rows] == list(range(1, held + 1))


def test_sessions_are_weekly_where_nothing_else_is_said() -> None:
    weekly = Intervention(name="Exercise", sessions=2)
    arms = (Arm(code="P", label="P", reference=True, intervention=weekly), planned().arms[1])
    ben = replace(BEN, end=date(2025, 5, 1))
    rows = of(entered(ben, protocol=replace(planned(PAIN, CURED), arms=arms)), "sessions")
    assert [row.day.isoformat() for row in rows] == ["2025-03-07", "2025-03-14"]


def test_what_the_course_says_is_answered_with_it_and_settled() -> None:
    rows = entered()
    anna, ben, cora = of(rows, "screening")
    assert anna.answers == {
        "seen": date(2025, 3, 1),
        "consented": date(2025, 3, 1),
        "eligible": True,
        "why_not": None,
        "centre": "S",
        "smokes": True,
    }
    assert anna.settled == {"seen", "consented", "eligible", "centre", "smokes"}
    assert (ben.answers["eligible"], ben.answers["why_not"], ben.answers["centre"]) == (
        True,
        None,
        "N",
    )
    assert ben.settled == {"seen", "consented", "eligible", "centre"}
    assert cora.answers["eligible"] is False
    assert isinstance(cora.answers["why_not"], str)
    assert cora.settled == {"seen", "consented", "centre"}
    assert [row.answers for row in of(rows, "randomisation")] == [
        {
            "drawn": date(2025, 3, 3),
            "arm": "A",
            "received": "A",
            "why_other": None,
            "block": 2,
            "stratum": "S, yes",
        },
        {
            "drawn": date(2025, 3, 6),
            "arm": "P",
            "received": "P",
            "why_other": None,
            "block": 1,
            "stratum": "all",
        },
    ]
    assert of(rows, "randomisation")[0].settled == {"drawn", "arm", "received", "block"}
    assert [row.answers for row in of(rows, "end_of_study")] == [
        {
            "ended": date(2025, 4, 14),
            "completed": True,
            "stopped": False,
            "why": None,
            "why_stopped": None,
        },
        {
            "ended": date(2025, 3, 6),
            "completed": False,
            "stopped": False,  # there was no treatment to stop
            "why": None,
            "why_stopped": None,
        },
    ]
    (left,) = of(entered(replace(ANNA, left=True)), "end_of_study")
    assert (left.answers["completed"], left.answers["stopped"]) == (False, True)


def test_a_date_of_a_form_lies_within_what_the_form_allows() -> None:
    first, last = date(2025, 3, 3), date(2025, 3, 20)
    limited = replace(FORMS[2].items[0], range=Range(low=first, high=last))
    visits = replace(FORMS[2], items=(limited, *FORMS[2].items[1:]))
    rows = first_entries(
        (ANNA,),
        planned(PAIN, CURED),
        replace(SCHEMAS, forms=(visits,)),
        assuming(*SURE),
        np.random.default_rng(1),
    )
    assert [row.answers["came"] for row in rows] == [first, last]
    assert [row.day for row in rows] == list(ANNA.visits.values())


def test_outcomes_have_their_values_and_only_what_must_be_answered_is_drawn() -> None:
    baseline, end, other = of(entered(), "assessment")
    assert [row.answers["pain"] for row in (baseline, end, other)] == [50.0, 40.0, 50.0]
    assert [row.answers["cured"] for row in (baseline, end, other)] == [False, True, False]
    for row in (baseline, end, other):
        assert row.settled == {"came", "pain", "cured"}
        assert row.answers["came"] == row.day
        assert row.answers["must"] in {4, 5, 6}
        assert row.answers["may"] is None
        assert row.answers["shown"] is None


def test_missing_codes_stand_at_visits_in_what_must_be_answered_and_in_outcomes_after_baseline() -> (
    None
):
    rows = entered(missing=1.0)
    baseline, end, _ = of(rows, "assessment")
    gone = Coded(code=NOT_DONE)
    assert NOT_DONE == "ND"
    assert (baseline.answers["pain"], baseline.answers["cured"]) == (50.0, False)
    assert (end.answers["pain"], end.answers["cured"]) == (gone, gone)
    assert baseline.answers["must"] == end.answers["must"] == gone
    assert end.answers["came"] == end.day
    assert end.settled == {"came", "pain", "cured"}
    # forms without visits are complete
    assert of(rows, "screening")[1].answers["smokes"] in {True, False}


@pytest.mark.parametrize(("attendance", "attended"), [(1.0, True), (0.0, False)])
def test_sessions_are_attended_as_assumed_and_take_about_as_long_as_planned(
    attendance: float, attended: bool
) -> None:
    people = [replace(ANNA, subject_id=str(number)) for number in range(100)]
    rows = of(entered(*people, attendance=attendance), "sessions")
    assert len(rows) == 300
    assert {row.answers["attended"] for row in rows} == {attended}
    assert rows[0].settled == {"held", "attended"}
    assert [row.answers["held"] for row in rows] == [row.day for row in rows]
    minutes = [row.answers["minutes"] for row in rows]
    assert np.mean(minutes) == pytest.approx(30, abs=4 * 3 / 300**0.5)
    assert np.std(minutes) == pytest.approx(3, abs=0.6)


def test_events_happen_at_their_rate_between_randomisation_and_the_end() -> None:
    people = [replace(ANNA, subject_id=str(number)) for number in range(300)]
    rows = of(entered(*people, CORA, adverse_events=2.0), "adverse_events")
    assert len(rows) == pytest.approx(600, abs=4 * 600**0.5)
    by_person: dict[str, list[EntryRow]] = {}
    for row in rows:
        by_person.setdefault(row.person.subject_id, []).append(row)
    for of_one in by_person.values():
        assert [row.repeat for row in of_one] == list(range(1, len(of_one) + 1))
        days = [row.day for row in of_one]
        assert days == sorted(days)
        assert ANNA.randomised <= days[0]
        assert days[-1] < ANNA.end
        assert [row.answers["began"] for row in of_one] == days
    assert {row.day for row in rows} > {ANNA.randomised}
    # a form that is filled in once has one row for whoever had anything
    care = of(entered(*people, other_treatments=2.0), "concomitant_care")
    assert {row.key()[1:] for row in care} == {("", "")}
    assert len(care) == len({row.person.subject_id for row in care})
    assert len(care) / 300 == pytest.approx(1 - np.exp(-2), abs=4 * 0.02)


def test_an_intervention_without_sessions_has_none_and_stops_nothing() -> None:
    advice = Arm(code="P", label="P", reference=True, intervention=Intervention(name="Advice"))
    protocol = replace(planned(PAIN, CURED), arms=(advice, planned().arms[1]))
    rows = entered(BEN, protocol=protocol)
    assert of(rows, "sessions") == []
    assert of(rows, "end_of_study")[0].answers["stopped"] is False
