"""Submissions become rows of the forms, whose participants and places are known, whatever exports them."""

import shutil
from pathlib import Path

import polars as pl
import pytest

from tests.conftest import EXAMPLE
from tests.imports.xlsform.submitted import CENTRAL, FALLS, FORM, KOBO, central, form_file
from trialkit.cli.main import main
from trialkit.errors import DataFileError
from trialkit.imports.taking_in.incoming import Incoming
from trialkit.imports.xlsform.form_import import PreparedForms, prepare_forms
from trialkit.imports.xlsform.submission_tables import read_submissions
from trialkit.imports.xlsform.submissions import filled_in_often, from_submissions
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Schemas


def taken(folder: Path, path: Path) -> tuple[PreparedForms, Incoming]:
    submissions = read_submissions(path)
    prepared = prepare_forms(form_file(folder), folder, submissions=submissions)
    schemas = Schemas(forms=prepared.drafted.forms, data=DataFormat())
    return prepared, from_submissions(submissions, prepared.drafted, schemas)


def cells(incoming: Incoming, form: str) -> pl.DataFrame:
    return next(each.cells for each in incoming.tables if each.form_id == form)


def test_odks_archive_gives_the_form_and_its_repeat(tmp_path: Path) -> None:
    prepared, incoming = taken(tmp_path, central(tmp_path))
    assert [form.repeating for form in prepared.drafted.forms] == [False, True]
    first, second = cells(incoming, "diary").to_dicts()
    assert first == {
        "subject_id": "P01", "entered_on": "2025-03-01", "start": "2025-03-01 09:00", "age": "",
        "why": "", "agreed": "", "place": "", "seen": "", "group": "young", "asked_on": "2025-03-01",
    }  # fmt: skip
    assert second == {
        "subject_id": "P02", "entered_on": "2025-03-02", "start": "2025-03-02 09:00", "age": "70",
        "why": "ill work", "agreed": "yes", "place": "48.1 11.5 500 5", "seen": "2025-03-01 08:30",
        "group": "old", "asked_on": "2025-03-01",
    }  # fmt: skip
    assert cells(incoming, "fall").rows() == [
        ("P01", "1", "2"), ("P02", "1", "1.5"), ("P02", "2", "0.5"),
    ]  # fmt: skip
    said = [str(each) for each in incoming.left_out]
    assert any("1 file such as photo.jpg: they stay in the archive" in each for each in said)
    assert any("columns about-twice: they are worked out here" in each for each in said)
    assert any("SubmitterName, KEY: they tell of the submission" in each for each in said)
    assert not any("no question of this form" in each or "is named so" in each for each in said)


def test_rows_wait_until_it_is_decided_what_an_answer_means(tmp_path: Path, capsys) -> None:
    form = tmp_path / "place.csv"
    form.write_text(
        "survey\n,type,name,label\n,text,subject_id,Who\n,select_one area,area,Area\n"
        "choices\n,list_name,name,label\n,area,NA,Navarra\n,area,B,Bavaria\n",
        "utf-8",
    )
    rows = tmp_path / "rows.csv"
    rows.write_text("subject_id,area,KEY\nP1,NA,uuid:1\n", "utf-8")
    trial = tmp_path / "new"
    call = ["import", "xlsform", str(form), str(trial), "--submissions", str(rows)]
    assert main(call) == 1
    said = capsys.readouterr().out
    assert "taken once the following is decided" in said
    assert 'instead_of = "NA"' in said
    assert "trialkit validate" not in said  # it could not read the form yet
    assert "P1" not in (trial / "data" / "place.csv").read_text("utf-8")


def test_nothing_of_an_archive_is_unpacked(tmp_path: Path) -> None:
    (tmp_path / "trial").mkdir()
    read_submissions(central(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["diary.zip", "trial"]


def test_kobos_table_gives_the_form(tmp_path: Path) -> None:
    (tmp_path / "kobo.csv").write_text(KOBO)
    _, incoming = taken(tmp_path, tmp_path / "kobo.csv")
    (row,) = cells(incoming, "diary").to_dicts()
    assert (row["age"], row["why"], row["place"]) == ("66", "ill", "48.1 11.5 500 5")
    assert (row["entered_on"], row["seen"]) == ("2025-03-01", "2025-03-01 08:30")


def test_choices_in_columns_of_their_own_are_put_together(tmp_path: Path) -> None:
    head, row = KOBO.replace("\\\n", "").splitlines()
    split = (
        head.replace("about/why;about/why/ill", "about/why/ill"),
        row.replace(";ill;1;0", ";1;1"),
    )
    (tmp_path / "kobo.csv").write_text("\n".join(split) + "\n")
    _, incoming = taken(tmp_path, tmp_path / "kobo.csv")
    assert cells(incoming, "diary")["why"].to_list() == ["ill work"]


def test_a_form_that_was_filled_in_twice_repeats_in_the_order_of_submission(tmp_path: Path) -> None:
    twice = CENTRAL.replace("P02", "P01")
    prepared, incoming = taken(tmp_path, central(tmp_path, main=twice))
    assert filled_in_often(read_submissions(tmp_path / "diary.zip"), prepared.drafted)
    assert prepared.drafted.forms[0].repeating
    rows = cells(incoming, "diary").select("subject_id", "repeat", "group").rows()
    assert rows == [("P01", "1", "young"), ("P01", "2", "old")]
    assert cells(incoming, "fall").rows() == [
        ("P01", "1", "2"), ("P01", "2", "1.5"), ("P01", "3", "0.5"),
    ]  # fmt: skip


def test_rows_of_no_submission_are_refused(tmp_path: Path) -> None:
    path = central(tmp_path, falls=FALLS.replace("uuid:1,", "uuid:9,"))
    with pytest.raises(DataFileError, match="1 rows belong to no submission with a participant"):
        taken(tmp_path, path)


def test_another_forms_submissions_and_ones_without_a_participant_are_refused(
    tmp_path: Path,
) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataFileError, match="no table has the questions of this form"):
        taken(tmp_path, tmp_path / "other.csv")
    (tmp_path / "less.csv").write_text("about-age,KEY\n20,1\n")
    with pytest.raises(DataFileError, match="has no column 'participant_id'"):
        taken(tmp_path, tmp_path / "less.csv")
    submissions = read_submissions(central(tmp_path))
    with pytest.raises(DataFileError, match="--subject QUESTION"):
        prepare_forms(form_file(tmp_path), tmp_path, subject="nobody", submissions=submissions)


def test_a_trial_takes_forms_and_submissions_and_the_same_again_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trial = tmp_path / "trial"
    shutil.copytree(EXAMPLE / "forms", trial / "forms")
    for name in ("protocol.toml", "references.bib"):
        shutil.copy(EXAMPLE / name, trial)
    call = ["import", "xlsform", str(form_file(tmp_path)), str(trial), "--submissions",
            str(central(tmp_path))]  # fmt: skip
    assert main([*call, "--dry-run"]) == 0
    assert "compared once the forms are written" in capsys.readouterr().out
    assert main(call) == 0
    first = (trial / "data" / "diary.csv").read_bytes()
    assert first.decode().splitlines()[0].startswith("subject_id,entered_on,start,age")
    assert (trial / "data" / "fall.csv").read_text().splitlines()[1] == "P01,1,2"
    assert main(call) == 0
    assert "the data say this already" in capsys.readouterr().out
    assert (trial / "data" / "diary.csv").read_bytes() == first
    assert main([*call, "--dry-run"]) == 0


def test_the_rows_of_a_repeat_are_counted_where_the_form_is_filled_in_once(tmp_path: Path) -> None:
    counted = ",calculate,falls,,,count(${fall}),"
    counting = FORM.replace(",end repeat,,,,,\n", f",end repeat,,,,,\n{counted}\n", 1)
    (tmp_path / "diary.csv").write_text(counting, encoding="utf-8")
    submissions = read_submissions(central(tmp_path))
    prepared = prepare_forms(tmp_path / "diary.csv", tmp_path, submissions=submissions)
    main_form = prepared.drafted.forms[0]
    assert main_form.item("falls").calculation == "COUNT(fall)"
    twice = central(tmp_path, CENTRAL.replace(",P02,", ",P01,"))
    prepared = prepare_forms(
        tmp_path / "diary.csv", tmp_path, submissions=read_submissions(twice), replace=True
    )
    assert prepared.drafted.forms[0].item("falls").calculation == ""
    assert any("filled in more than once" in str(each) for each in prepared.left_out)
