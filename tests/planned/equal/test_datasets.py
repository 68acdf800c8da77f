"""The datasets equal the second reading of the files, person by person and value by value."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.planned.equal.worlds import World


def plain(value: object) -> object:
    """A cell as Python has it; None where it is missing."""
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value.item() if isinstance(value, np.generic) else value


def same(one: object, other: object) -> bool:
    missing = [
        each is None or (isinstance(each, float) and math.isnan(each)) for each in (one, other)
    ]
    if any(missing):
        return all(missing)
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == pytest.approx(other, rel=1e-12)
    return one == other


def test_subjects_are_those_screened_then_those_randomised_without(world: World) -> None:
    trial, found = world.trial, world.datasets.subjects
    assert list(found["subject_id"]) == list(trial.people)
    screening = {row["subject_id"]: row for row in trial.table("screening")}
    for row, person in zip(found.to_dict("records"), trial.people.values(), strict=True):
        own = screening.get(person.subject, {})
        wanted = {
            "screened": person.screened,
            "site": person.site,
            "screening_date": trial.day(own, "screening_date"),
            "consent_date": trial.day(own, "consent_date"),
            "eligible": person.eligible,
            "not_enrolled_reason": person.not_enrolled,
            "randomised": person.arm is not None,
            "randomisation_date": person.randomised_on,
            "arm": person.arm,
            "arm_received": person.received,
            "received_intervention": person.arm is not None and person.received == person.arm,
            "stratum": person.stratum,
            "not_received_reason": person.not_received,
            "discontinued": person.discontinued,
            "discontinuation_reason": person.discontinued_why,
            "completed": person.completed,
            "end_date": person.ended,
            "end_reason": person.ended_why,
        }
        for name, value in wanted.items():
            assert same(plain(row[name]), value), (person.subject, name, row[name], value)
    assert list(found["arm"].cat.categories) == trial.arms


def test_measurements_have_value_baseline_change_and_why_there_is_none(world: World) -> None:
    trial = world.trial
    rows = world.datasets.measurements.to_dict("records")
    found = {(row["subject_id"], row["outcome"], row["visit"]): row for row in rows}
    assert len(found) == len(rows) == sum(len(trial.cells(code)) for code in trial.outcomes)
    for code in trial.outcomes:
        for (name, visit), (value, reason, never) in trial.cells(code).items():
            first = trial.value(code, name, trial.baseline)
            wanted = {
                "arm": trial.people[name].arm,
                "value": value,
                "baseline": first,
                "change": value - first,
                "missing_reason": reason or None,
                "not_applicable": never and math.isnan(value),
            }
            for column, each in wanted.items():
                stated = plain(found[name, code, visit][column])
                assert same(stated, each), (name, code, visit, column, stated, each)


def test_characteristics_are_numbers_or_the_codes_that_the_form_lists(world: World) -> None:
    trial = world.trial
    rows = world.datasets.characteristics.to_dict("records")
    found = {(row["characteristic"], row["subject_id"]): row for row in rows}
    listed = [f"{each['form']}.{each['item']}" for each in trial.protocol["characteristics"]]
    assert list(world.datasets.characteristic_kinds) == listed
    assert found.keys() == {(name, each) for name in listed for each in trial.randomised}
    for (name, subject), row in found.items():
        value = trial.characteristic(name, subject)
        words = trial.is_words(*name.split("."))
        labels = dict(world.datasets.characteristic_kinds[name].labels)
        assert labels == trial.choices(*name.split(".")), name
        code = next((code for code, label in labels.items() if label == value), None)
        wanted = {
            "arm": trial.people[subject].arm,
            "value": None if words else value,
            "category": code if words else None,
        }
        for column, each in wanted.items():
            assert same(plain(row[column]), each), (name, subject, column, row[column], each)


def test_attendance_counts_sessions_and_minutes(world: World) -> None:
    trial = world.trial
    rows = {row["subject_id"]: row for row in world.datasets.attendance.to_dict("records")}
    assert rows.keys() == trial.attendance.keys()
    for name, wanted in trial.attendance.items():
        assert rows[name]["arm"] == trial.people[name].arm
        for column, value in wanted.items():
            assert same(plain(rows[name][column]), value), (name, column)


def test_populations_hold_members_in_their_arms_and_the_others_with_a_reason(world: World) -> None:
    for rule in world.trial.protocol["populations"]:
        wanted = world.trial.population(rule["code"])
        found = world.datasets.population(rule["code"])
        members = found.members
        assert dict(zip(members["subject_id"], members["arm"], strict=True)) == wanted.arms
        out = found.excluded
        assert dict(zip(out["subject_id"], out["reason"], strict=True)) == wanted.outside
        for name, arm in zip(out["subject_id"], out["arm"], strict=True):
            assert arm == world.trial.people[name].arm


def test_events_stand_in_the_arm_received_and_other_care_in_the_arm_allocated(world: World) -> None:
    trial, events = world.trial, world.datasets.adverse_events.to_dict("records")
    severity = trial.choices("adverse_events", "severity")
    written = trial.table("adverse_events")
    assert len(events) == len(written)
    for found, row in zip(events, written, strict=True):
        person = trial.people[row["subject_id"]]
        began: date = trial.day(row, "start_date")
        wanted = {
            "subject_id": person.subject,
            "arm": person.received,
            "term": row["term"],
            "severity": severity[row["severity"]],
            "serious": trial.answer(row, "serious"),
            "related": trial.answer(row, "related"),
            "led_to_withdrawal": trial.answer(row, "led_to_withdrawal"),
            "start_earliest": began,
            "start_latest": began,
            "before_randomisation": began < person.randomised_on,
        }
        for column, value in wanted.items():
            assert same(plain(found[column]), value), (row, column, found[column])
    care = world.datasets.concomitant
    assert list(zip(care["subject_id"], care["arm"], care["term"], strict=True)) == [
        (row["subject_id"], trial.people[row["subject_id"]].arm, row["treatment"])
        for row in trial.table("concomitant_care")
    ]
