"""``trialkit due``: on the screen, as a table, and as a calendar that other programs read."""

import csv
import shutil
from datetime import date
from pathlib import Path

import icalendar
import pytest

from tests.conftest import THREE_ARMS
from trialkit.cli.commands.due import run
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main

TODAY = date(2025, 2, 20)
WEEK_12 = "target_day = 84\nwindow = { early = 7, late = 14 }"
SAME_DAY = "target_day = 56\ntarget_hour = 4\nwindow = { early = 5, late = 5 }"
SPAN = ["--from", "2024-01-01", "--to", "2025-12-31"]


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    """Three arms, two sites; of one participant the last assessment is not entered yet."""
    copy = tmp_path / "trial"
    shutil.copytree(THREE_ARMS, copy, ignore=shutil.ignore_patterns("output", "queries"))
    file = copy / "data" / "assessment.csv"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(each for each in lines if not each.startswith("0101;W12;")), "utf-8")
    return copy


def rows(trial: Path) -> list[dict[str, str]]:
    with (trial / "output" / "due.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_visit_is_shown_written_and_put_into_a_calendar(trial: Path, capsys) -> None:
    assert main(["due", str(trial), *SPAN], today=TODAY) == ExitCode.FINE
    said = capsys.readouterr().out
    assert "1 visit may take place from 2024-01-01 to 2025-12-31 and lack a form:" in said
    (row,) = rows(trial)
    assert (row["subject_id"], row["visit"]) == ("0101", "W12")
    assert row["earliest"] <= row["target"] <= row["latest"]
    assert "Synthetic" in row["forms"]
    content = (trial / "output" / "due.ics").read_bytes()
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert event.decoded("dtstart").isoformat() == row["earliest"]
    assert event.decoded("dtend").toordinal() == date.fromisoformat(row["latest"]).toordinal() + 1
    assert str(event["summary"]).startswith("0101: ")
    assert row["target"] in str(event["summary"])
    assert event.decoded("dtstamp").date() == TODAY
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_the_same_visit_has_the_same_name_on_another_day(trial: Path) -> None:
    names = []
    for day in (TODAY, date(2025, 3, 1)):
        main(["due", str(trial), *SPAN], today=day)
        calendar = icalendar.Calendar.from_ical((trial / "output" / "due.ics").read_bytes())
        names.append([str(event["uid"]) for event in calendar.walk("VEVENT")])
    assert names[0] == names[1]
    assert len(set(names[0])) == 1


def test_neither_file_tells_an_arm(trial: Path) -> None:
    main(["due", str(trial), *SPAN], today=TODAY)
    protocol = (trial / "protocol.toml").read_text("utf-8")
    labels = [line for line in protocol.splitlines() if line.startswith("label")]
    assert labels
    assert "arm" not in rows(trial)[0]
    text = (trial / "output" / "due.ics").read_text("utf-8")
    with (trial / "data" / "randomisation.csv").open(encoding="utf-8", newline="") as file:
        arms = {row["arm"] for row in csv.DictReader(file, delimiter=";")}
    assert len(arms) == 3
    assert not any(f" {arm}" in text for arm in arms)


def test_a_span_without_visits_leaves_no_calendar(trial: Path, capsys) -> None:
    main(["due", str(trial), *SPAN], today=TODAY)
    assert (trial / "output" / "due.ics").exists()
    main(["due", str(trial), "--from", "2020-01-01", "--to", "2020-01-02"], today=TODAY)
    assert "No visit may take place from 2020-01-01 to 2020-01-02" in capsys.readouterr().out
    assert rows(trial) == []
    assert not (trial / "output" / "due.ics").exists()


def test_a_site_sees_its_own(trial: Path, capsys) -> None:
    main(["due", str(trial), *SPAN], today=TODAY)
    (row,) = rows(trial)
    assert main(["due", str(trial), *SPAN, "--site", row["site"]], today=TODAY) == ExitCode.FINE
    assert rows(trial) == [row]
    assert main(["due", str(trial), *SPAN, "--site", "nowhere"], today=TODAY) == ExitCode.CANNOT
    assert "--site: 'nowhere' is no site of the trial" in capsys.readouterr().err


@pytest.mark.slow
def test_a_site_that_the_data_have_needs_no_word_of_the_protocol(trial: Path, capsys) -> None:
    protocol = trial / "protocol.toml"
    text = protocol.read_text("utf-8")
    main(["due", str(trial), *SPAN], today=TODAY)
    (row,) = rows(trial)
    tables = text.split("\n[[")
    kept = [each for each in tables if not each.startswith("sites]]")]
    assert len(kept) < len(tables)
    protocol.write_text("\n[[".join(kept), "utf-8")
    assert main(["due", str(trial), *SPAN, "--site", row["site"]], today=TODAY) == ExitCode.FINE
    assert rows(trial) == [row]
    capsys.readouterr()
    assert main(["due", str(trial), *SPAN, "--site", "nowhere"], today=TODAY) == ExitCode.CANNOT
    assert row["site"] in capsys.readouterr().err.split("known: ")[1]


def test_without_a_date_of_randomisation_no_visit_is_said_to_be_none(trial: Path, capsys) -> None:
    form = trial / "forms" / "randomisation.toml"
    said = form.read_text("utf-8")
    form.write_text(said.replace('purpose = "randomisation_date"', ""), "utf-8")
    assert main(["due", str(trial), *SPAN], today=TODAY) == ExitCode.CANNOT
    assert "no form asks for the date of randomisation" in capsys.readouterr().err


def test_a_span_that_ends_before_it_begins_is_refused(trial: Path, capsys) -> None:
    call = ["due", str(trial), "--from", "2025-03-01", "--to", "2025-02-01"]
    assert main(call, today=TODAY) == ExitCode.CANNOT
    assert "exchange the two" in capsys.readouterr().err


def test_what_is_entered_is_text_in_the_calendar(trial: Path) -> None:
    """No line break, no property and no control character comes in by a title."""
    form = trial / "forms" / "assessment.toml"
    text = form.read_text("utf-8")
    title = next(line for line in text.splitlines() if line.startswith("title"))
    form.write_text(
        text.replace(title, r'title = "Knee;,\nEND:VEVENT\nATTENDEE:mailto:x@y\u0001 =1+1"'),
        "utf-8",
    )
    assert main(["due", str(trial), *SPAN], today=TODAY) == ExitCode.FINE
    content = (trial / "output" / "due.ics").read_bytes()
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert "attendee" not in event
    assert b"\x01" not in content
    assert "END:VEVENT ATTENDEE:mailto:x@y" in str(event["description"])


def test_visits_of_one_day_stand_in_their_order_with_their_hours(trial: Path, capsys) -> None:
    place = trial / "protocol.toml"
    text = place.read_text("utf-8").replace(WEEK_12, SAME_DAY)
    place.write_text(text, "utf-8")
    file = trial / "data" / "assessment.csv"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(each for each in lines if not each.startswith("0101;W8;")), "utf-8")
    assert main(["due", str(trial), *SPAN], today=TODAY) == ExitCode.FINE
    of_one = [each for each in rows(trial) if each["subject_id"] == "0101"]
    assert [(each["visit"], each["hour"]) for each in of_one] == [("W8", ""), ("W12", "4 h after")]
    assert of_one[0]["target"] == of_one[1]["target"]
    assert f"{of_one[1]['target']}, 4 h after" in " ".join(capsys.readouterr().out.split())


def test_a_store_that_is_not_there_is_told(trial: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run.__module__ == "trialkit.cli.commands.due"
    store = trial / "evidence.sqlite"
    assert main(["due", str(trial), *SPAN, "--store", str(store)], today=TODAY) == ExitCode.CANNOT
    assert f"{store}: no store stands here" in capsys.readouterr().err
