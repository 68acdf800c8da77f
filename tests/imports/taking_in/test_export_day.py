"""The day of an export is what the export itself tells, and the data cut of a trial that is new."""

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.imports.redcap_projects import make_project
from tests.imports.statistical.files import transport
from tests.imports.xlsform.submitted import CENTRAL, FORM, central
from trialkit.cli.main import main
from trialkit.imports.statistical.stat_file import read_stat_file
from trialkit.imports.taking_in.export_day import (
    ExportDay,
    day_in,
    day_in_name,
    day_of_submissions,
    latest,
    said_of_the_cut,
)
from trialkit.protocol.trial.data_format import DataFormat

CLASSIC = Path(make_project.__file__).parent / "classic"
DAY = ExportDay(day=date(2025, 3, 31), told_by="the name of a.csv")


@pytest.mark.parametrize(
    ("name", "day"),
    {
        "Pain_DATA_2025-03-31_0915.csv": date(2025, 3, 31),
        "Pain_DATA_NOHDRS_2025-03-31_0915.csv": date(2025, 3, 31),
        "Pain_DATA_2025-03-31_0915 (1).csv": date(2025, 3, 31),
        "Pain_DataDictionary_2025-03-31.csv": None,
        "Pain_DATA_2025-02-31_0915.csv": None,
        "export 2025-03-31.csv": None,
    }.items(),
)
def test_the_name_that_redcap_gives_tells_it(name: str, day: date | None) -> None:
    found = day_in_name(Path(name))
    assert (found.day if found else None) == day


def test_what_begins_with_no_day_tells_none() -> None:
    assert day_in("2025-03-31T09:15:00.000Z") == date(2025, 3, 31)
    assert [day_in(text) for text in ("", "31.03.2025", "yesterday")] == [None, None, None]


def test_of_several_files_the_latest_counts_where_each_tells() -> None:
    early = ExportDay(day=date(2025, 1, 1), told_by="x")
    assert latest([early, DAY]) == DAY
    assert latest([early, None]) is None
    assert latest([]) is None


def test_the_latest_submission_is_by_the_clock_of_the_server() -> None:
    came = ["2025-03-01T23:30:00.000Z", "2025-02-01T10:00:00.000Z", ""]

    def day(*on_devices: str) -> date | None:
        found = day_of_submissions(came, on_devices, file="a.zip")
        return found.day if found else None

    assert day("2025-02-28", "2052-01-01") == date(2025, 3, 1)
    assert day("2025-03-02T09:30:00.000+10:00") == date(2025, 3, 2)
    assert day_of_submissions([], ["2025-03-02"], file="a.zip") is None


def test_what_is_said_names_both_days_and_what_to_write() -> None:
    later, earlier = DataFormat(cut=date(2025, 4, 30)), DataFormat(cut=date(2025, 1, 31))
    assert said_of_the_cut(None, later, new=False) == ""
    assert said_of_the_cut(DAY, DataFormat(cut=DAY.day), new=False) == ""
    assert "states no [data] cut" in said_of_the_cut(DAY, DataFormat(), new=False)
    said = said_of_the_cut(DAY, earlier, new=False)
    assert said == (
        "The export is of 2025-03-31 (by the name of a.csv); [data] cut in protocol.toml says "
        "2025-01-31. Dates after 2025-01-31 are found wrong (after_cut). If you want to look at the "
        "data as of 2025-03-31, write cut = 2025-03-31 in [data] of protocol.toml."
    )
    assert "after_cut" not in said_of_the_cut(DAY, later, new=False)


def test_a_new_trial_of_redcap_has_the_day_of_its_export(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export, trial = tmp_path / "Classic_DATA_2025-06-30_1200.csv", tmp_path / "trial"
    shutil.copy(CLASSIC / "export.csv", export)
    os.utime(export, (0, 0))
    call = ["import", "redcap", str(CLASSIC / "dictionary.csv"), str(export), "--into", str(trial)]
    call += ["--missing=NA=NA"]
    assert main(call, today=date(2025, 7, 1)) == 0
    assert "\ncut = 2025-06-30\n" in (trial / "protocol.toml").read_text("utf-8")
    assert "protocol.toml states it as [data] cut" in " ".join(capsys.readouterr().out.split())
    main(["validate", str(trial)], today=date(2025, 6, 29))
    said = " ".join(capsys.readouterr().out.split())
    assert "Warning: protocol.toml: [data] cut is 2025-06-30, which has not come yet" in said

    later = export.with_name("Classic_DATA_2025-07-31_1200.csv")
    export.rename(later)
    call[3] = str(later)
    assert main(call, today=date(2025, 8, 1)) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "The export is of 2025-07-31" in said
    assert "[data] cut in protocol.toml says 2025-06-30" in said
    assert "\ncut = 2025-06-30\n" in (trial / "protocol.toml").read_text("utf-8")


def test_a_new_trial_of_submissions_has_the_day_of_the_latest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = tmp_path / "diary.csv"
    form.write_text(FORM, encoding="utf-8")
    archive = central(tmp_path, CENTRAL)
    trial = tmp_path / "trial"
    call = ["import", "xlsform", str(form), str(trial), "--submissions", str(archive)]
    assert main(call, today=date(2025, 7, 1)) == 0
    assert "\ncut = 2025-03-02\n" in (trial / "protocol.toml").read_text("utf-8")
    assert "by the latest submission of" in " ".join(capsys.readouterr().out.split())


@pytest.mark.slow
def test_a_transport_file_tells_when_it_was_made(tmp_path: Path) -> None:
    path = transport(tmp_path)
    content = path.read_bytes()
    at = content.index(b"bsd4.2") + len(b"bsd4.2") + 26
    path.write_bytes(content[:at] + b"05FEB25:10:11:1205FEB25:10:11:12" + content[at + 32 :])
    os.utime(path, (0, 0))
    made = read_stat_file(path).made
    assert made == ExportDay(day=date(2025, 2, 5), told_by=f"the head of {path.name}")
