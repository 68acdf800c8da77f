"""The visits ahead are those of completeness, looked at sooner: the same windows, the same forms."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.miniature import Miniature
from trialkit.checks.trial.checking import check
from trialkit.checks.trial.upcoming import upcoming
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

EVER = {"first": date(2024, 1, 1), "last": date(2027, 1, 1)}
ROWS = Miniature().data["pain"].strip().split("\n")


def ahead(trial, folder, *, today=None, **span):
    schemas = trial.schemas(folder)
    snapshot = freeze(FolderSource(folder=folder), schemas, today=today)
    return upcoming(snapshot, schemas, trial.protocol, **(EVER | span))


def lacking(rows):
    trial = Miniature()
    trial.data["pain"] = "\n".join([ROWS[0], *rows]) + "\n"
    trial.data["end_of_study"] = "subject_id,end_date,completed\n"
    return trial


@pytest.mark.slow
@settings(max_examples=examples(25))
@given(rows=st.lists(st.sampled_from(ROWS[1:]), unique=True), days=st.integers(0, 90))
def test_once_they_are_due_the_checks_miss_the_same_forms(rows, days, tmp_path_factory):
    folder, today = tmp_path_factory.mktemp("ahead"), date(2025, 2, 27) + timedelta(days=days)
    trial = lacking(rows)
    found = ahead(trial, folder, today=today).visits
    over = found[found["latest"] <= pd.Timestamp(today)]
    schemas = trial.schemas(folder)
    snapshot = freeze(FolderSource(folder=folder), schemas, today=today)
    frame = check(snapshot, schemas, trial.protocol).to_frame()
    missed = frame[(frame["rule_id"] == "missing_form") & (frame["visit"] != "")]
    seen = set(zip(missed["subject_id"], missed["visit"], strict=True))
    assert set(zip(over["subject_id"], over["visit"], strict=True)) <= seen
    assert seen <= set(zip(found["subject_id"], found["visit"], strict=True))
    assert ((found["earliest"] <= found["target"]) & (found["target"] <= found["latest"])).all()


@given(first=st.integers(-20, 80), length=st.integers(0, 30))
@settings(max_examples=examples(25))
def test_a_visit_is_listed_when_its_window_shares_a_day(first, length, tmp_path_factory):
    folder = tmp_path_factory.mktemp("span")
    start = date(2025, 1, 15) + timedelta(days=first)
    end = start + timedelta(days=length)
    found = ahead(lacking([]), folder, first=start, last=end).visits
    every = ahead(lacking([]), folder / "ever").visits
    shares = (every["earliest"] <= pd.Timestamp(end)) & (every["latest"] >= pd.Timestamp(start))
    pd.testing.assert_frame_equal(found, every[shares].reset_index(drop=True))


def test_a_visit_has_its_window_and_the_forms_that_lack(tmp_path):
    found = ahead(lacking(ROWS[1:2]), tmp_path)
    assert found.undated == 0
    first = found.visits.iloc[-1].to_dict()
    assert first == {
        "subject_id": "S3", "site": "01", "visit": "W6", "label": "Week 6",
        "earliest": pd.Timestamp("2025-02-24"), "target": pd.Timestamp("2025-02-27"),
        "hour": "", "latest": pd.Timestamp("2025-03-06"), "forms": "Pain",
    }  # fmt: skip
    # S4 was never randomised, and S1 has been at the baseline
    assert set(found.visits["subject_id"]) == {"S1", "S2", "S3"}
    assert found.visits.loc[found.visits["subject_id"] == "S1", "visit"].tolist() == ["W6"]


@pytest.mark.parametrize("wrong", ["", "2052-01-15"])
def test_who_has_no_date_of_randomisation_is_counted(wrong, tmp_path):
    trial = lacking([])
    trial.data["randomisation"] = trial.data["randomisation"].replace(
        "S1,2025-01-15", f"S1,{wrong}"
    )
    found = ahead(trial, tmp_path, today=date(2025, 2, 1))
    assert found.undated == 1
    assert set(found.visits["subject_id"]) == {"S2", "S3"}


def test_who_left_and_what_was_marked_is_not_waited_for(tmp_path):
    trial = lacking(ROWS[1:2])
    trial.data["end_of_study"] += "S1,2025-02-10,no\n"
    trial.data["not_done"] = "subject_id,visit,form,reason\nS2,W6,pain,REF\n"
    found = ahead(trial, tmp_path).visits
    assert list(zip(found["subject_id"], found["visit"], strict=True)) == [
        ("S2", "BL"), ("S3", "BL"), ("S3", "W6"),
    ]  # fmt: skip


def test_no_form_tells_the_arm(tmp_path):
    trial = lacking([])
    trial.forms["pain"] = trial.forms["pain"].replace(
        'expected = "randomised"', 'expected = "randomised"\narms = ["A"]'
    )
    assert 'arms = ["A"]' in trial.forms["pain"]
    found = ahead(trial, tmp_path)
    assert found.visits.empty
    assert "arm" not in found.visits.columns


def test_a_trial_without_anybody_has_no_visits(tmp_path):
    trial = Miniature()
    trial.data = {form: text.split("\n")[0] + "\n" for form, text in trial.data.items()}
    assert ahead(trial, tmp_path).visits.empty
