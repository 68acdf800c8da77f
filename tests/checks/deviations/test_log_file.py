"""The file of the log: it comes back from spreadsheets, runs nothing, and is written whole."""

from pathlib import Path

import pytest

from trialkit.checks.deviations.log import LOG_COLUMNS, DeviationLog
from trialkit.checks.deviations.log_file import LOG, log_bytes, log_in, read_log
from trialkit.errors import DataFileError
from trialkit.files.whole_files import write_together

HEAD = ",".join(LOG_COLUMNS)


def test_without_a_file_the_log_is_empty(tmp_path: Path) -> None:
    read = read_log(tmp_path)
    assert (read.content, read.log) == (None, DeviationLog())


def test_a_saved_spreadsheet_is_read_with_further_columns_and_kept(tmp_path: Path) -> None:
    heads = (*LOG_COLUMNS, "seen by", "=HYPERLINK(1)")
    cells = ("d1", "S1", "01", "W6", "", "k", "Größe", "due", "", "confirmed", "", "=1+1", "", "")
    text = ";".join(heads) + "\r\n" + ";".join((*cells, "Ann", "x", "beyond")) + "\r\n\r\n"
    (tmp_path / LOG).write_bytes(text.encode("cp1252"))
    read = read_log(tmp_path)
    (row,) = read.log.rows
    assert (row["description"], row["reason"], row["seen by"]) == ("Größe", "=1+1", "Ann")
    write_together(read.files(read.log))
    again = (tmp_path / LOG).read_text("utf-8")
    assert again.splitlines()[0].endswith(",seen by,'=HYPERLINK(1)")
    assert again.splitlines()[1].endswith(",confirmed,,'=1+1,,,Ann,x,beyond")
    assert read_log(tmp_path).files(read.log) == {}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\n,,\n", "is empty"),
        (b"id,subject_id\n", "column 'site', 'visit'"),
        (f"{HEAD},decision\n".encode(), "'decision' is there more than once"),
        (b"\x00\x01", "neither an Excel workbook"),
        (f'{HEAD}\n"'.encode() + b"a" * 200_000, "cannot be read as CSV"),
    ],
)
def test_what_is_no_log_is_refused_with_its_name(content: bytes, says: str) -> None:
    with pytest.raises(DataFileError, match=says) as told:
        log_in(content)
    assert str(told.value).startswith(LOG)


def test_a_file_that_changed_meanwhile_is_left(tmp_path: Path) -> None:
    (tmp_path / LOG).write_text(f"{HEAD}\nd1\n", "utf-8")
    read = read_log(tmp_path)
    (tmp_path / LOG).write_text(f"{HEAD}\nd1,S1\n", "utf-8")
    with pytest.raises(DataFileError, match="has changed while this command ran"):
        write_together(read.files(DeviationLog()))
    assert (tmp_path / LOG).read_text("utf-8") == f"{HEAD}\nd1,S1\n"


def test_a_link_out_of_the_trial_is_refused(tmp_path: Path) -> None:
    trial = tmp_path / "trial"
    trial.mkdir()
    (trial / LOG).symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(DataFileError, match="leads out of the trial's folder"):
        read_log(trial)


def test_a_return_within_a_cell_can_be_read_again() -> None:
    log = log_in(f'{HEAD}\nd1,"a\rb",,,,,\n'.encode())
    assert log_in(log_bytes(log)).rows[0]["subject_id"] == "a\nb"
