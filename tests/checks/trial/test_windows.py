"""A visit lies in its window, ends included, around the day that its participant was randomised."""

import numpy as np
import pytest

from tests.checks.at_hand import at_hand, messages, said
from tests.conftest import few_at_once
from tests.miniature import Miniature
from trialkit.checks.judging.hits import hits_at_rows
from trialkit.checks.trial.windows import check_windows, visits_held
from trialkit.schemas.forms.forms import Severity

# S1 was randomised on 2025-01-15, S3 a day later. BL: from 7 days before to that day;
# W6, day 42: from 3 days before (day 39) to 7 days after (day 49)


def windows(trial, folder, form="pain", found=()):
    hand = at_hand(trial, folder)
    held = visits_held(hand.schemas, hand.cells, trial.protocol, people=hand.people)
    return check_windows(hand.cells[form], held, found=found)


def dated(row, day):
    trial = Miniature()
    assert trial.data["pain"].count(row) == 1
    trial.data["pain"] = trial.data["pain"].replace(row, row[: -len(day)] + day)
    return trial


@pytest.mark.parametrize(
    ("row", "day", "outside"),
    few_at_once(
        [
            ("S1,BL,2025-01-14", "2025-01-07", True),
            ("S1,BL,2025-01-14", "2025-01-08", False),
            ("S1,BL,2025-01-14", "2025-01-15", False),
            ("S1,BL,2025-01-14", "2025-01-16", True),
            ("S1,W6,2025-02-26", "2025-02-22", True),
            ("S1,W6,2025-02-26", "2025-02-23", False),
            ("S1,W6,2025-02-26", "2025-03-05", False),
            ("S1,W6,2025-02-26", "2025-03-06", True),
            ("S3,W6,2025-02-27", "2025-02-23", True),
            ("S3,W6,2025-02-27", "2025-02-24", False),
            ("S3,W6,2025-02-27", "2025-03-06", False),
            ("S3,W6,2025-02-27", "2025-03-07", True),
        ],
        4,
    ),
)
def test_a_window_counts_from_the_participants_own_day_of_randomisation(
    row, day, outside, tmp_path
):
    subject, visit, _ = row.split(",")

    hits = windows(dated(row, day), tmp_path)

    place = ("pain", "visit_date", "visit_window", "soft", subject, visit, day)
    assert said(hits) == ([place] if outside else [])


def test_a_finding_says_its_visit_and_its_window(tmp_path):
    trial = dated("S1,BL,2025-01-14", "2025-01-02")
    trial.data["pain"] = trial.data["pain"].replace("S3,W6,2025-02-27", "S3,W6,2025-03-09")

    assert messages(windows(trial, tmp_path)) == [
        (
            "Date of the visit: 2025-01-02 is outside the window of visit BL, which runs from "
            "2025-01-08 to 2025-01-15. Correct it, or confirm it."
        ),
        (
            "Date of the visit: 2025-03-09 is outside the window of visit W6, which runs from "
            "2025-02-24 to 2025-03-06. Correct it, or confirm it."
        ),
    ]


@pytest.mark.parametrize("day", ["2205-02-26", "26.2.2025", "ND", ""])
def test_a_date_that_is_wrong_or_not_there_is_not_out_of_window_too(day, tmp_path):
    trial = Miniature()
    trial.data["pain"] = trial.data["pain"].replace("S1,W6,2025-02-26", f"S1,W6,{day}")

    assert windows(trial, tmp_path) == ()


def test_without_a_date_of_randomisation_there_is_no_window(tmp_path):
    trial = dated("S1,W6,2025-02-26", "2025-12-31")
    trial.data["randomisation"] = trial.data["randomisation"].replace("S1,2025-01-15", "S1,ND")

    assert windows(trial, tmp_path) == ()


@pytest.mark.parametrize(
    ("severity", "outside"), [(Severity.HARD, []), (Severity.SOFT, ["2025-12-31"])]
)
def test_a_date_that_a_hard_rule_doubts_is_not_out_of_window_too(severity, outside, tmp_path):
    trial = dated("S1,W6,2025-02-26", "2025-12-31")
    hand = at_hand(trial, tmp_path)
    ruled = hits_at_rows(
        hand.schemas.form("pain"),
        hand.snapshot["pain"],
        np.array([1]),
        lambda entered: entered,
        item="visit_date",
        rule_id="PAIN01",
        severity=severity,
    )

    hits = windows(trial, tmp_path, found=ruled)

    assert [hit[-1] for hit in said(hits)] == outside


def test_a_form_without_visits_or_without_a_date_of_the_visit_has_no_window(tmp_path):
    trial = dated("S1,W6,2025-02-26", "2025-12-31")
    trial.forms["pain"] = trial.forms["pain"].replace('purpose = "visit_date"\n', "")

    assert windows(trial, tmp_path) == ()
    assert windows(Miniature(), tmp_path / "whole", form="end_of_study") == ()
