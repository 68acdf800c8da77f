"""Serious events and their reports are held against each other, and late ones are asked about."""

from pathlib import Path

import pandas as pd
import pytest

from trialkit.checks.trial.serious_events import check_serious_events
from trialkit.cli.main import main
from trialkit.newtrial.writing import write_new_trial
from trialkit.steps.opening import open_trial

LOG = "subject_id,repeat,term,start_date,severity,serious,related,led_to_withdrawal\n"
REPORT = (
    "1,initial,Fall,2025-03-02,hospital,moderate,unlikely,expected,none,{known},{reported},"
    "recovered,2025-03-05,Fell on the stairs\n"
)
RULES = ("late_report", "unreported_event", "report_of_no_event")


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    folder = tmp_path / "trial"
    write_new_trial(folder)
    assert main(["instruments", "add", str(folder), "sae"]) == 0
    return folder


def found(trial: Path, log: str, reports: str) -> list[tuple[str, str, str, str]]:
    (trial / "data" / "adverse_events.csv").write_text(LOG + log, encoding="utf-8")
    sae = trial / "data" / "sae.csv"
    heading = sae.read_text(encoding="utf-8").splitlines()[0]
    sae.write_text(f"{heading}\n{reports}", encoding="utf-8")
    assert main(["validate", str(trial), "--no-queries"]) in {0, 1}
    listed = pd.read_csv(trial / "output" / "findings.csv", dtype=str, keep_default_na=False)
    ours = listed[listed["rule_id"].isin(RULES)]
    return sorted(
        ours[["rule_id", "severity", "subject_id", "message"]].itertuples(index=False, name=None)
    )


def report(known: str = "2025-03-02 10:00", reported: str = "2025-03-03 10:00") -> str:
    return "001,1," + REPORT.format(known=known, reported=reported)


SERIOUS = "001,1,Fall,2025-03-02,moderate,yes,no,no\n"


def test_an_event_with_its_report_in_time_is_right(trial) -> None:
    assert found(trial, SERIOUS, report()) == []


def test_a_report_a_minute_late_is_asked_about(trial) -> None:
    ((rule, severity, subject, message),) = found(
        trial, SERIOUS, report(reported="2025-03-03 10:01")
    )
    assert (rule, severity, subject) == ("late_report", "soft", "001")
    assert message.startswith(
        "Reported to the sponsor: 2025-03-03 10:01 is more than 24 hours after 'Known to the site', "
        "2025-03-02 10:00. Correct the one that is wrong, or confirm it and say why."
    )


@pytest.mark.slow
def test_dates_without_an_hour_are_late_from_the_second_day_on(trial) -> None:
    form = trial / "forms" / "sae.toml"
    text = form.read_text(encoding="utf-8").replace('type = "date_time"', 'type = "date"')
    form.write_text(text, encoding="utf-8")
    assert found(trial, SERIOUS, report("2025-03-02", "2025-03-03")) == []
    assert len(found(trial, SERIOUS, report("2025-03-02", "2025-03-04"))) == 1


def test_a_serious_event_without_a_report_and_a_report_of_none_are_found(trial) -> None:
    ((rule, severity, subject, message),) = found(trial, SERIOUS, "")
    assert (rule, severity, subject) == ("unreported_event", "hard", "001")
    assert "has its number" in message
    slight = SERIOUS.replace("yes", "no")
    ((rule, severity, subject, message),) = found(trial, slight, report())
    assert (rule, severity, subject) == ("report_of_no_event", "hard", "001")
    assert "no serious event number 1 in 'Adverse events'" in message
    other = report().replace("001,1,1,", "001,1,2,")
    assert [each[0] for each in found(trial, SERIOUS, other)] == [
        "report_of_no_event",
        "unreported_event",
    ]


def test_what_nobody_knows_is_asked_about_once(trial) -> None:
    """Whether an event is serious, or which event a report is of, has a finding of its own."""
    assert found(trial, SERIOUS.replace("yes", "UNK"), report()) == []
    assert found(trial, SERIOUS, report().replace("001,1,1,", "001,1,,")) == []


def test_a_trial_that_reports_elsewhere_is_not_asked(tmp_path) -> None:
    write_new_trial(tmp_path / "trial")
    assert check_serious_events(open_trial(tmp_path / "trial").schemas, {}) == ()
