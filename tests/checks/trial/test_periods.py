"""Visits of a period that come before the washout has ended are asked about, and name no treatment."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.line import line_of
from tests.report.crossover_trial import write_crossover
from tests.report.kinds_of_trial import Tables
from trialkit.checks.trial.checking import check
from trialkit.checks.trial.periods import check_periods


def moved(days: int) -> Callable[[Tables], None]:
    """The second period of one participant starts so many days after the end of the first."""

    def change(tables: Tables) -> None:
        own = [row for row in tables["assessment"] if row["subject_id"] == "P000"]
        own[2]["visit_date"] = own[1]["visit_date"] + timedelta(days=days)

    return change


def without_washout(text: str) -> str:
    return text.replace("washout_days = 28", 'no_washout = "Heat does not last"')


@pytest.mark.parametrize(
    ("days", "edit", "message"),
    [
        (28, str, ""),
        (
            27,
            str,
            "less than 28 days after the last visit of First period, the washout of the protocol",
        ),
        (1, without_washout, ""),
        (-1, without_washout, "and before the last visit of First period"),
    ],
)
def test_a_visit_before_the_washout_has_ended_is_asked_about(
    tmp_path: Path, days: int, edit: Callable[[str], str], message: str
) -> None:
    line = line_of(write_crossover(tmp_path / "trial", change=moved(days), edit=edit))
    frame = check(line.snapshot, line.schemas, line.protocol).to_frame()
    found = frame[frame["rule_id"] == "period_too_early"]
    assert len(found) == int(bool(message))
    for said in found["message"]:
        assert message in said
        assert "is a visit of Second period" in said
        assert "Heat" not in said
    assert set(found["severity"]) <= {"soft"}


def test_a_trial_without_periods_is_not_asked(tmp_path: Path) -> None:
    line = line_of(write_crossover(tmp_path / "trial", change=moved(1)))
    parallel = replace(line.protocol, periods=())
    assert check_periods(line.schemas, parallel, cells={}, held={}, found=()) == ()
