"""SPIRIT's schedule follows from visits, arms and forms: every mark at its time, nothing dropped."""

from dataclasses import replace

import pytest

from tests.report.factory import made_up_protocol
from trialkit.protocol.trial.interventions import Intervention
from trialkit.protocol.trial.kinds import InterventionKind
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.visits import Visit, Window
from trialkit.report.plan.schedule import (
    MOST_POINTS,
    FormUse,
    Schedule,
    ScheduledForm,
    ScheduleGroup,
    days_of,
    how_often,
    schedule_of,
    without_duration,
)

SCREENING = ScheduledForm(
    label="Eligibility",
    visits=(),
    use=FormUse.SCREENING,
    consent=True,
)
DRAWN = ScheduledForm(label="Allocation", visits=(), use=FormUse.RANDOMISATION)
PAIN = ScheduledForm(label="Pain", visits=("V0", "V1"))
SCAN = ScheduledForm(
    label="Scan", visits=("V1",), as_needed=True, repeating=True,
    arms=("A1",), rows_for=("Level", "Side"),
)  # fmt: skip
EVENTS = ScheduledForm(
    label="Adverse events", visits=(), use=FormUse.HARMS,
    as_needed=True, repeating=True,
)  # fmt: skip


def with_weeks(weeks: float | None, *, kind: InterventionKind | None = None) -> Protocol:
    made = made_up_protocol(visits=3)
    given = Intervention(name="Care", weeks=weeks, kind=kind)
    return replace(made, arms=tuple(replace(arm, intervention=given) for arm in made.arms))


def drawn(schedule: Schedule) -> dict[str, tuple[str, ...]]:
    return {f"{line.group.value}: {line.label}": line.marks for line in schedule.lines}


def test_each_form_is_marked_at_its_visits_in_the_part_it_belongs_to() -> None:
    schedule = schedule_of(with_weeks(5), (EVENTS, PAIN, SCAN, DRAWN, SCREENING))
    assert [point.label for point in schedule.points] == [
        "Screening", "Baseline", "Randomisation", "Week 4", "Week 8", "At no visit",
    ]  # fmt: skip
    assert drawn(schedule) == {
        "Enrolment: Informed consent": ("X", "", "", "", "", ""),
        "Enrolment: Eligibility": ("X", "", "", "", "", ""),
        "Allocation: Allocation": ("", "", "X", "", "", ""),
        "Interventions: Arm 0": ("", "", "given", "given", "", ""),
        "Interventions: Arm 1": ("", "", "given", "given", "", ""),
        "Assessments: Pain": ("", "X", "", "X", "", ""),
        "Assessments: Scan (Arm 1 only)": ("", "", "", "(X)", "", ""),
        "Harms: Adverse events": ("", "", "", "", "", "each time"),
    }
    assert schedule.periods == (
        ("Before allocation", 2), ("Allocation", 1), ("After allocation", 2), ("", 1),
    )  # fmt: skip


def test_a_form_of_several_rows_says_what_tells_them_apart() -> None:
    lines = schedule_of(with_weeks(5), (SCAN,)).lines
    (note,) = [line.note for line in lines if line.group is ScheduleGroup.ASSESSMENTS]
    assert note == "Several rows at a visit: one for each Level and Side."


def test_how_long_an_intervention_is_given_is_never_guessed() -> None:
    unknown = with_weeks(None)
    assert without_duration(unknown) == ("Arm 0", "Arm 1")
    lines = schedule_of(unknown, ()).lines
    assert {line.note for line in lines} == {"How long it is given is not stated."}
    assert not any(mark for line in lines for mark in line.marks)
    nothing = with_weeks(None, kind=InterventionKind.NO_INTERVENTION)
    assert without_duration(nothing) == ()
    assert without_duration(with_weeks(1)) == ()
    assert schedule_of(with_weeks(1), ()).lines[0].note == "Given for 1 week from allocation on."


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (replace(EVENTS, use=FormUse.SESSIONS), "each session"),
        (replace(EVENTS, use=FormUse.END_OF_STUDY), "at the end"),
        (EVENTS, "each time"),
        (replace(EVENTS, repeating=False), "if needed"),
        (ScheduledForm(label="History", visits=()), "once"),
    ],
)
def test_a_form_at_no_visit_says_how_often_it_is_filled_in(form: ScheduledForm, words: str) -> None:
    assert how_often(form) == words


def test_days_have_their_window_and_a_true_minus() -> None:
    visit = Visit(code="B", label="B", target_day=0, window=Window(early=7, late=0))
    assert days_of(visit) == "day 0 (\N{MINUS SIGN}7 to 0)"
    assert days_of(replace(visit, window=Window(early=0, late=0))) == "day 0"
    assert days_of(replace(visit, window=None)) == ""


def test_many_visits_are_told_in_parts_that_together_have_every_mark() -> None:
    protocol = made_up_protocol(visits=20)
    form = ScheduledForm(label="Pain", visits=protocol.visit_codes)
    whole = schedule_of(protocol, (form,))
    parts = whole.parts()
    assert len(parts) == 3
    assert all(len(part.points) <= MOST_POINTS for part in parts)
    assert tuple(point for part in parts for point in part.points) == whole.points
    for place, line in enumerate(whole.lines):
        assert tuple(mark for part in parts for mark in part.lines[place].marks) == line.marks
