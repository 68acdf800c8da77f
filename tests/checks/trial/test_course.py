"""What the trial has so far: who came, which forms are there, which sessions were held."""

from datetime import date
from pathlib import Path

import pytest

from tests.miniature import Miniature, dedented
from trialkit.checks.listings.marking import listing
from trialkit.checks.queries.queries import Queries
from trialkit.checks.queries.reconciling import reconcile
from trialkit.checks.trial.checking import check
from trialkit.checks.trial.course import Course, course, expected_of
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource


def course_of(trial: Miniature, folder: Path, cut: date | None = None) -> Course:
    schemas = trial.schemas(folder)
    snapshot = freeze(FolderSource(folder=folder), schemas, cut=cut)
    findings = check(snapshot, schemas, trial.protocol)
    queries = reconcile(Queries(), findings, snapshot, schemas)
    return course(snapshot, schemas, listing(findings, queries, ""))


def cells(found: Course) -> dict[tuple[str, str, str], tuple[int, ...]]:
    return {tuple(row[:3]): tuple(row[3:]) for row in found.cells.itertuples(index=False)}


def test_people_have_the_dates_that_can_be_right(tmp_path):
    trial = Miniature()
    trial.data["screening"] = trial.data["screening"].replace("2025-01-11", "1999-01-11")
    people = course_of(trial, tmp_path).people.set_index("subject_id")
    assert list(people.index) == ["S1", "S2", "S3", "S4"]
    assert people["is_randomised"].tolist() == [True, True, True, False]
    assert people["screened"].isna().tolist() == [False, True, False, False]
    assert str(people.loc["S1", "randomised"].date()) == "2025-01-15"


def test_people_have_the_arm_that_was_entered_unless_two_were(tmp_path):
    trial = Miniature()
    trial.data["randomisation"] += "S3,2025-01-16,P\n"
    people = course_of(trial, tmp_path).people
    assert people["arm"].tolist()[:2] == ["A", "P"]
    assert people["arm"].isna().tolist() == [False, False, True, True]


@pytest.mark.parametrize(("second", "known"), [("2025-01-10", True), ("2025-01-11", False)])
def test_two_rows_of_a_subject_date_nothing_unless_they_agree(second, known, tmp_path):
    trial = Miniature()
    trial.data["screening"] += f"S1,{second},30,yes\n"
    people = course_of(trial, tmp_path).people.set_index("subject_id")
    assert people["screened"].notna().tolist() == [known, True, True, True]


def test_cells_count_rows_findings_and_what_is_missing(tmp_path):
    trial = Miniature()
    trial.data["pain"] = (
        trial.data["pain"]
        .replace("S1,BL,2025-01-14,50", "S1,BL,2025-01-14,500")
        .replace("S2,W6,2025-02-26,55,r,no,\n", "")
        .replace("S3,BL,2025-01-16,70", "S3,BL,2025-01-16,96")
    )
    found = cells(course_of(trial, tmp_path))
    assert found["S1", "pain", "BL"] == (1, 1, 0, 0, 0)
    assert found["S2", "pain", "W6"] == (0, 0, 0, 1, 0)
    assert found["S3", "pain", "BL"] == (1, 0, 1, 0, 0)
    assert found["S1", "diary", ""] == (2, 0, 0, 0, 0)
    assert ("S4", "pain", "BL") not in found


def test_a_row_after_the_cut_is_late_and_not_missing(tmp_path):
    found = cells(course_of(Miniature(), tmp_path, cut=date(2025, 2, 1)))
    assert found["S1", "pain", "W6"] == (0, 0, 0, 0, 1)


def test_before_the_first_screening_there_is_nobody_and_nothing(tmp_path):
    found = course_of(Miniature(), tmp_path, cut=date(2025, 1, 1))
    assert found.people.empty
    assert found.cells.empty
    assert list(found.cells.columns) == [
        "subject_id", "form", "visit", "rows", "hard", "soft", "missing", "late",
    ]  # fmt: skip
    assert found.sessions.empty


def test_a_trial_without_a_session_log_has_no_sessions(tmp_path):
    assert course_of(Miniature(), tmp_path).sessions.empty


def test_a_log_that_asks_no_date_has_no_dated_session(tmp_path):
    trial = Miniature()
    trial.forms["log"] = dedented("""
        [form]
        id = "log"
        title = "Sessions"
        kind = "sessions"
        expected = "as_needed"
        repeating = true

        [[items]]
        id = "attended"
        label = "Attended"
        type = "yes_no"
        purpose = "attended"
    """)
    trial.data["log"] = "subject_id,repeat,attended\nS1,1,yes\n"
    assert course_of(trial, tmp_path).sessions.empty


def test_the_sessions_of_the_example_are_all_there(example):
    findings = check(example.snapshot, example.schemas, example.protocol)
    sessions = course(example.snapshot, example.schemas, listing(findings, Queries(), "")).sessions
    assert len(sessions) == example.snapshot["sessions"].typed.height
    assert sessions["attended"].sum() == example.datasets.attendance["attended"].sum()


@pytest.mark.parametrize(
    ("form", "visit", "of"),
    [("screening", "", "everyone"), ("pain", "W6", "randomised"), ("diary", "", "nobody")],
)
def test_whom_a_form_is_expected_of(tmp_path, form, visit, of):
    trial = Miniature()
    schemas = trial.schemas(tmp_path)
    assert expected_of(schemas.form(form), visit, trial.protocol) == of
