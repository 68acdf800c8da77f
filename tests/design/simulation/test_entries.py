"""The rows that people's courses leave on the forms: which, on which day, and with which answers."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tests.miniature import protocol as miniature
from trialkit.design.simulation.answers import Coded
from trialkit.design.simulation.assumptions import (
    SCENARIOS,
    ArmChange,
    Assumptions,
    OutcomeAssumption,
    SimulatedConduct,
)
from trialkit.design.simulation.entries import (
    NOT_DONE,
    EntryRow,
    first_entries,
    outcome_values,
    rows_told_apart,
)
from trialkit.design.simulation.people import Person
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.protocol.trial.interventions import Arm, Intervention
from trialkit.protocol.trial.outcomes import Outcome, OutcomeRole
from trialkit.protocol.trial.people import Site
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.visits import Visit, Window
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Purpose, Schemas
from trialkit.schemas.items.answers import ItemChoice, Range
from trialkit.schemas.items.item_types import ItemType

ANNA = Person(
    subject_id="anna",
    screened=date(2025, 3, 1),
    known={("screening", "centre"): "S", ("screening", "smokes"): "yes"},
    arm="A",
    randomised=date(2025, 3, 3),
    stratum="S, yes",
    block=2,
    number=7,
    visits={"BL": date(2025, 3, 2), "W6": date(2025, 4, 14)},
    end=date(2025, 4, 14),
)
BEN = Person(
    subject_id="ben",
    screened=date(2025, 3, 4),
    known={},
    arm="P",
    randomised=date(2025, 3, 6),
    stratum="all",
    block=1,
    number=8,
    visits={"BL": date(2025, 3, 5)},
    left=True,
    end=date(2025, 3, 6),
)
CORA = Person(subject_id="cora", screened=date(2025, 3, 7), known={}, visits={})
PEOPLE = (ANNA, BEN, CORA)


def planned(*outcomes: Outcome) -> Protocol:
    """Three sessions for arm A, twice a week, of 30 minutes; none for P."""
    sessions = Intervention(
        name="Exercise", sessions=3, sessions_per_week=2, minutes_per_session=30
    )
    return replace(
        miniature(),
        arms=(
            Arm(code="P", label="P", reference=True),
            Arm(code="A", label="A", intervention=sessions),
        ),
        sites=(Site(code="N", label="North"),),
        outcomes=outcomes,
    )


def form(kind: FormKind, expected: Expected, *items: Item, name: str = "", **more: object) -> Form:
    given = {"visits": (), "repeating": False, "rules": (), "file": "", "sha256": ""} | more
    title = name or kind.value
    return Form(id=title, title=title, kind=kind, expected=expected, items=items, **given)


def item(name: str, kind: ItemType, purpose: Purpose | None = None, **more: object) -> Item:
    return Item(id=name, label=name, type=kind, purpose=purpose, **more)


def day(name: str, purpose: Purpose) -> Item:
    return item(name, ItemType.DATE, purpose, required=True)


YES_NO, TEXT, NUMBER = ItemType.YES_NO, ItemType.TEXT, ItemType.INTEGER
CHOICES = (ItemChoice(code="better", label="Better"), ItemChoice(code="same", label="Same"))
FORMS = (
    form(
        FormKind.SCREENING,
        Expected.EVERYONE,
        day("seen", Purpose.SCREENING_DATE),
        day("consented", Purpose.CONSENT_DATE),
        item("eligible", YES_NO, Purpose.ELIGIBLE, required=True),
        item("why_not", TEXT, Purpose.NOT_ENROLLED_REASON),
        item("centre", TEXT, Purpose.SITE),
        item("smokes", YES_NO, required=True),
    ),
    form(
        FormKind.RANDOMISATION,
        Expected.RANDOMISED,
        day("drawn", Purpose.RANDOMISATION_DATE),
        item("arm", TEXT, Purpose.ARM),
        item("received", TEXT, Purpose.ARM_RECEIVED),
        item("why_other", TEXT, Purpose.NOT_RECEIVED_REASON, required=True),
        item("block", NUMBER, Purpose.BLOCK),
        item("stratum", TEXT, Purpose.STRATUM),
    ),
    form(
        FormKind.ASSESSMENT,
        Expected.RANDOMISED,
        day("came", Purpose.VISIT_DATE),
        item("pain", ItemType.DECIMAL),
        item("cured", YES_NO),
        item("must", NUMBER, required=True, range=Range(low=4, high=6)),
        item("may", NUMBER),
        item("shown", NUMBER, required=True, shown_when="must = 4"),
        visits=("BL", "W6"),
    ),
    form(
        FormKind.SESSIONS,
        Expected.AS_NEEDED,
        day("held", Purpose.SESSION_DATE),
        item("attended", YES_NO, Purpose.ATTENDED),
        item("minutes", NUMBER, Purpose.SESSION_MINUTES),
        repeating=True,
    ),
    form(
        FormKind.ADVERSE_EVENTS,
        Expected.AS_NEEDED,
        day("began", Purpose.EVENT_START),
        repeating=True,
    ),
    form(FormKind.CONCOMITANT_CARE, Expected.AS_NEEDED, item("what", TEXT)),
    form(FormKind.DEMOGRAPHICS, Expected.RANDOMISED, item("age", NUMBER), repeating=True),
    form(FormKind.OTHER, Expected.AS_NEEDED, item("note", TEXT, required=True)),
    form(
        FormKind.END_OF_STUDY,
        Expected.RANDOMISED,
        day("ended", Purpose.END_DATE),
        item("completed", YES_NO, Purpose.COMPLETED),
        item("stopped", YES_NO, Purpose.DISCONTINUED),
        item("why", TEXT, Purpose.END_REASON, required=True),
        item("why_stopped", TEXT, Purpose.DISCONTINUATION_REASON, required=True),
    ),
)
SCHEMAS = Schemas(forms=FORMS, data=DataFormat())
QUIET = {"dropout": 0.0, "missing": 0.0, "adverse_events": 0.0, "other_treatments": 0.0}


def outcome(code: str, name: str, kind: OutcomeType, *, at: str = "assessment") -> Outcome:
    return Outcome(
        code=code,
        label=code,
        type=kind,
        role=OutcomeRole.PRIMARY,
        form=at,
        item=name,
        time_point="W6",
        metric="change",
        aggregation="mean",
        direction=Direction.LOWER,
        digits=1,
    )


PAIN = outcome("p", "pain", OutcomeType.CONTINUOUS)
CURED = outcome("c", "cured", OutcomeType.BINARY)
SURE = (
    OutcomeAssumption(
        code="p",
        baseline=50,
        sd=1e-6,
        changes=(ArmChange(arm="A", change=-10), ArmChange(arm="P", change=2.25)),
    ),
    OutcomeAssumption(code="c", baseline=0, changes=(ArmChange(arm="A", change=1),)),
)


def assuming(*outcomes: OutcomeAssumption, **conduct: float) -> Assumptions:
    return Assumptions(
        conduct=SimulatedConduct(**QUIET | conduct), outcomes=outcomes, scenarios=SCENARIOS
    )


def entered(
    *people: Person, seed: int = 1, protocol: Protocol | None = None, **conduct: float
) -> list[EntryRow]:
    return first_entries(
        people or PEOPLE,
        protocol or planned(PAIN, CURED),
        SCHEMAS,
        assuming(*SURE, **conduct),
        np.random.default_rng(seed),
    )


def of(rows: list[EntryRow], kind: str) -> list[EntryRow]:
    return [row for row in rows if row.form.id == kind]


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


def test_outcome_values_are_of_the_randomised_at_every_visit_lost_or_not() -> None:
    found = outcome_values(
        PEOPLE, planned(PAIN, CURED), SCHEMAS, assuming(*SURE), np.random.default_rng(1)
    )
    assert found == {
        ("anna", "assessment", "pain", "BL"): 50.0,
        ("anna", "assessment", "pain", "W6"): 40.0,
        ("ben", "assessment", "pain", "BL"): 50.0,
        ("ben", "assessment", "pain", "W6"): pytest.approx(52.25, abs=0.051),
        ("anna", "assessment", "cured", "BL"): False,
        ("anna", "assessment", "cured", "W6"): True,
        ("ben", "assessment", "cured", "BL"): False,
        ("ben", "assessment", "cured", "W6"): False,
    }
    assert (
        round(found["ben", "assessment", "pain", "W6"], 1)
        == (found["ben", "assessment", "pain", "W6"])
    )


def test_a_binary_outcome_with_choices_is_its_first_choice_when_it_happened() -> None:
    asked = item("result", ItemType.CHOICE, choices=CHOICES)
    once = form(FormKind.ASSESSMENT, Expected.RANDOMISED, asked, name="once", visits=("BL", "W6"))
    found = outcome_values(
        (ANNA,),
        planned(outcome("c", "result", OutcomeType.BINARY, at="once")),
        Schemas(forms=(once,), data=DataFormat()),
        assuming(SURE[1]),
        np.random.default_rng(1),
    )
    assert found == {
        ("anna", "once", "result", "BL"): "same",
        ("anna", "once", "result", "W6"): "better",
    }


@pytest.mark.parametrize(
    ("visits", "expected"),
    [
        ((), {"": 40.0}),
        (("W6",), {"W6": 40.0}),
        # halfway between the baseline and the time point, and before and after both
        (("W3", "W6"), {"W3": 45.0, "W6": 40.0}),
        (("SCR", "BL", "W9"), {"SCR": 50.0, "BL": 50.0, "W9": 40.0}),
    ],
)
def test_a_change_grows_from_the_baseline_whenever_the_outcome_is_measured(
    visits: tuple[str, ...], expected: dict[str, float]
) -> None:
    window = Window(early=0, late=0)
    others = [
        Visit(code=code, label=code, target_day=target, window=window)
        for code, target in (("SCR", -14), ("W3", 21), ("W9", 63))
    ]
    protocol = planned(outcome("p", "x", OutcomeType.CONTINUOUS, at="once"))
    every = sorted([*protocol.visits, *others], key=lambda visit: visit.target_day)
    once = form(
        FormKind.OTHER,
        Expected.RANDOMISED,
        item("x", ItemType.DECIMAL),
        name="once",
        visits=visits,
    )
    found = outcome_values(
        (ANNA,),
        replace(protocol, visits=tuple(every)),
        Schemas(forms=(once,), data=DataFormat()),
        assuming(SURE[0]),
        np.random.default_rng(1),
    )
    assert found == {("anna", "once", "x", visit): value for visit, value in expected.items()}


def test_values_have_the_assumed_spread_correlation_and_chance() -> None:
    people = [replace(ANNA, subject_id=str(number)) for number in range(2000)]
    spread = OutcomeAssumption(
        code="p", baseline=50, sd=8, correlation=0.7, changes=(ArmChange(arm="A", change=-5),)
    )
    chance = OutcomeAssumption(code="c", baseline=0.3, changes=(ArmChange(arm="A", change=0.4),))
    found = outcome_values(
        tuple(people),
        planned(PAIN, CURED),
        SCHEMAS,
        assuming(spread, chance),
        np.random.default_rng(20260103),
    )
    pain = np.array(
        [
            [found[p.subject_id, "assessment", "pain", visit] for visit in ("BL", "W6")]
            for p in people
        ]
    )
    assert pain.mean(axis=0) == pytest.approx([50, 45], abs=4 * 8 / 2000**0.5)
    assert pain.std(axis=0) == pytest.approx([8, 8], abs=4 * 8 / 4000**0.5)
    assert np.corrcoef(pain.T)[0, 1] == pytest.approx(0.7, abs=4 * 0.51 / 2000**0.5)
    for visit, expected in (("BL", 0.3), ("W6", 0.7)):
        share = np.mean([found[p.subject_id, "assessment", "cured", visit] for p in people])
        assert share == pytest.approx(expected, abs=4 * (0.21 / 2000) ** 0.5)


def test_an_intervention_without_sessions_has_none_and_stops_nothing() -> None:
    advice = Arm(code="P", label="P", reference=True, intervention=Intervention(name="Advice"))
    protocol = replace(planned(PAIN, CURED), arms=(advice, planned().arms[1]))
    rows = entered(BEN, protocol=protocol)
    assert of(rows, "sessions") == []
    assert of(rows, "end_of_study")[0].answers["stopped"] is False


def test_rows_that_are_told_apart_are_all_made_up() -> None:
    sides = (ItemChoice(code="l", label="Left"), ItemChoice(code="r", label="Right"))
    form = Form(
        id="scan", title="scan", kind=FormKind.ASSESSMENT, expected=Expected.RANDOMISED,
        visits=("BL",), repeating=True, rules=(), file="", sha256="",
        one_row_for=("side", "contracted"),
        items=(
            Item(id="side", label="side", type=ItemType.CHOICE, choices=sides, required=True),
            Item(id="contracted", label="contracted", type=ItemType.YES_NO, required=True),
        ),
    )  # fmt: skip
    assert rows_told_apart(form) == [
        {"side": side, "contracted": contracted} for side in "lr" for contracted in (True, False)
    ]
    assert rows_told_apart(replace(form, one_row_for=())) == [{}]
