"""Logs of events in a rehearsal: how many there are, on which days, and at which visits they are told."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from tests.report.recurrences import write_recurrences
from trialkit.design.simulation.assumptions import Assumptions, assume
from trialkit.design.simulation.event_logs import drawn_logs, logs_of
from trialkit.design.simulation.people import Person
from trialkit.schemas.forms.forms import Form
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import OpenedTrial

DAY = date(2025, 1, 1)
MANY = 2000


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> OpenedTrial:
    return open_trial(write_recurrences(tmp_path_factory.mktemp("again") / "trial"))


def people(*, followed: int, arm: str = "CARE", many: int = MANY) -> tuple[Person, ...]:
    return tuple(
        Person(
            subject_id=f"{arm}{number}",
            arm=arm,
            screened=DAY,
            known={},
            randomised=DAY,
            visits={"V0": DAY, "V3": DAY + timedelta(days=84)},
            end=DAY + timedelta(days=followed),
        )
        for number in range(many)
    )


def assumed(trial: OpenedTrial, **changes: float) -> Assumptions:
    made = assume(trial.protocol, trial.schemas)
    outcomes = tuple(
        replace(each, **changes) if each.code == "pain_again" else each for each in made.outcomes
    )
    return replace(made, outcomes=outcomes)


def sizes(trial: OpenedTrial, who: tuple[Person, ...], **changes: float) -> np.ndarray:
    rng = np.random.default_rng(5)
    logs = drawn_logs(who, trial.protocol, trial.schemas, assumed(trial, **changes), rng)
    return np.array([len(logs[each.subject_id, "log"]) for each in who])


def test_people_have_as_many_events_as_are_assumed_by_the_time_point(trial: OpenedTrial) -> None:
    end = trial.protocol.visit("V3").day
    found = sizes(trial, people(followed=end))
    assert found.mean() == pytest.approx(2.0, rel=0.1)  # days with two events have one
    assert found.var() == pytest.approx(2 + 4, rel=0.25)
    assert sizes(trial, people(followed=end, arm="TRAIN")).mean() == pytest.approx(1.4, rel=0.1)


def test_who_is_followed_for_half_the_time_has_half_the_events(trial: OpenedTrial) -> None:
    end = trial.protocol.visit("V3").day
    half = sizes(trial, people(followed=end // 2), sd=0.01)
    whole = sizes(trial, people(followed=end), sd=0.01)
    assert half.mean() == pytest.approx(whole.mean() / 2, rel=0.1)
    rng = np.random.default_rng(1)
    nobody = people(followed=0, many=3)
    logs = drawn_logs(nobody, trial.protocol, trial.schemas, assumed(trial), rng)
    assert [*logs] == []


def test_days_are_after_the_origin_in_order_and_one_has_one_event(trial: OpenedTrial) -> None:
    rng = np.random.default_rng(2)
    who = people(followed=40, many=200)
    logs = drawn_logs(who, trial.protocol, trial.schemas, assumed(trial), rng)
    for events in logs.values():
        days = [each.day for each in events]
        assert days == sorted(set(days))
        assert all(DAY < day <= DAY + timedelta(days=40) for day in days)
        assert {each.visit for each in events} <= {""}
        assert all(each.answers == {"what": "pain", "happened": each.day} for each in events)
    assert logs_of(trial.protocol) == {"log"}


def test_an_event_is_told_at_the_next_visit_of_its_form(trial: OpenedTrial) -> None:
    form = trial.schemas.form("log")
    of_visits = replace(form, visits=("V0", "V3"))
    schemas = replace(
        trial.schemas, forms=tuple(_instead(each, of_visits) for each in trial.schemas.forms)
    )
    rng = np.random.default_rng(2)
    logs = drawn_logs(people(followed=100, many=50), trial.protocol, schemas, assumed(trial), rng)
    told = Counter(each.visit for events in logs.values() for each in events)
    assert set(told) == {"V3"}


def _instead(form: Form, other: Form) -> Form:
    return other if form.id == other.id else form
