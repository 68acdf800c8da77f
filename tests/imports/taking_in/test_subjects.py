"""At every door: a subject whose name is another's but for its looks is told, and not placed."""

import shutil
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import polars as pl
import pytest
from openpyxl import Workbook

from tests.imports.taking_in.test_difference import COLUMNS, data_file, incoming, schemas
from trialkit.checks.judging.lookalikes import names_alike
from trialkit.cli.main import main
from trialkit.errors import DataFileError
from trialkit.imports.taking_in.difference import difference
from trialkit.imports.taking_in.subjects import known_subjects, refuse_strangers

EXAMPLE = Path(__file__).parents[3] / "example_trial"
PROJECT = Path(__file__).parents[1] / "redcap_projects" / "longitudinal"
THERE = "subject_id,visit,vas,drug\n001,BL,2,yes\n002,BL,3,no\n"
LOOKS = {
    "1": "'1'; expected '001', who is there",
    "\uff10\uff10\uff11": "'\uff10\uff10\uff11' (\\uff10\\uff10\\uff11); expected '001'",
    "\u200b001": "'\\u200b001' (\\u200b001); expected '001'",
    "0 01": "'0 01'; expected '001'",
}


@pytest.mark.parametrize("name", LOOKS)
def test_a_look_alike_of_somebody_there_is_told_with_its_place(tmp_path: Path, name: str) -> None:
    data_file(tmp_path, THERE)
    come = incoming(COLUMNS, ("002", "W6", "1", "no"), (name, "W6", "1", "no"))
    with pytest.raises(DataFileError) as refused:
        difference(tmp_path, schemas(), come)
    assert f"  - row 3: {LOOKS[name]}" in str(refused.value)
    assert "1 subject looks like another" in str(refused.value)
    assert difference(tmp_path, schemas(), come, new_subjects=True).new_rows == 2


def test_two_of_one_file_are_told_too() -> None:
    come = incoming(COLUMNS, ("a01", "BL", "", ""), ("A01", "BL", "", ""))
    with pytest.raises(DataFileError, match="row 3: 'A01'; expected 'a01', who is in the file"):
        refuse_strangers(come, pl.Series("subject_id", [], dtype=pl.String))


def test_those_who_are_there_under_both_names_are_left_to_validate() -> None:
    known = pl.Series(["1", "001"])
    assert names_alike(known, pl.Series(["1", "001", "002"])).height == 0
    assert names_alike(known, pl.Series(["01"])).rows() == [("01", "1")]
    assert names_alike(known, pl.Series([], dtype=pl.String)).height == 0


def test_the_known_are_those_of_the_data_once(tmp_path: Path) -> None:
    data_file(tmp_path, THERE + "001,W6,2,yes\n")
    assert known_subjects(tmp_path, schemas(), {}).to_list() == []
    found = difference(tmp_path, schemas(), incoming(COLUMNS, ("003", "BL", "", "")))
    assert found.new_rows == 1


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    folder = tmp_path / "trial"
    folder.mkdir()
    for name in ("protocol.toml", "references.bib"):
        shutil.copy(EXAMPLE / name, folder)
    for name in ("forms", "data", "files"):
        if (EXAMPLE / name).is_dir():
            shutil.copytree(EXAMPLE / name, folder / name)
    return folder


def at_the_workbook(trial: Path, folder: Path) -> list[str]:
    book = Workbook()
    book.active.title = "demographics"
    for row in (["subject_id", "age_years"], ["bh-1", 50]):
        book.active.append(row)
    book.save(folder / "typed.xlsx")
    return ["workbook", str(trial), str(folder / "typed.xlsx")]


def at_the_table(trial: Path, folder: Path) -> list[str]:
    (folder / "rows.csv").write_text("subject_id,age_years\nbh-1,50\n", encoding="utf-8")
    return ["csv", str(trial), str(folder / "rows.csv"), "--form", "demographics"]


@pytest.mark.parametrize("door", [at_the_workbook, at_the_table])
def test_every_door_asks(
    door: Callable[[Path, Path], list[str]],
    trial: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = (trial / "data" / "demographics.csv").read_bytes()
    words = ["import", *door(trial, tmp_path)]
    assert main(words) == 2
    assert "'bh-1'; expected 'BH-001', who is there" in capsys.readouterr().err
    assert (trial / "data" / "demographics.csv").read_bytes() == before
    assert main([*words, "--new-subjects", "--dry-run"]) == 0


def test_a_project_asks_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, export = tmp_path / "trial", tmp_path / "export.csv"
    folder.mkdir()
    for name in ("protocol.toml", "redcap.toml"):
        shutil.copy(PROJECT / name, folder)
    text = (PROJECT / "export.csv").read_text(encoding="utf-8")
    words = ["import", "redcap", str(PROJECT / "dictionary.csv"), str(export)]
    words += ["--into", str(folder), "--events", str(PROJECT / "events.csv")]
    export.write_text(text, encoding="utf-8")
    assert main(words) == 0
    export.write_text(text.replace("\n001,", "\n1,"), encoding="utf-8")
    capsys.readouterr()
    assert main(words) == 2
    assert "'1'; expected '001', who is there" in capsys.readouterr().err


SURVEY = """survey,,,
,type,name,label
,text,participant_id,Participant
,integer,age,Age
,begin repeat,fall,Falls
,decimal,height,Height
,end repeat,,
settings,,
,form_id,form_title
,diary,Diary
"""


def submissions(folder: Path, *names: str) -> Path:
    """An archive of submissions as ODK makes it, each with a row of a repeat."""
    path = folder / "diary.zip"
    rows = [f"{name},50,uuid:{n}" for n, name in enumerate(names)]
    falls = [f"1.5,uuid:{n},uuid:{n}/fall[1]" for n in range(len(names))]
    with ZipFile(path, "w") as archive:
        archive.writestr("diary.csv", "\n".join(["participant_id,age,KEY", *rows]) + "\n")
        archive.writestr("diary-fall.csv", "\n".join(["height,PARENT_KEY,KEY", *falls]) + "\n")
    return path


@pytest.fixture
def diary(tmp_path: Path) -> list[str]:
    """A trial that has the submission of 001, and the call that takes others."""
    form = tmp_path / "diary.csv"
    form.write_text(SURVEY, encoding="utf-8")
    trial = tmp_path / "trial"
    words = ["import", "xlsform", str(form), str(trial), "--submissions"]
    assert main([*words, str(submissions(tmp_path, "001"))]) == 0
    return words


@pytest.mark.parametrize("name", LOOKS)
def test_submissions_ask_too(
    diary: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    data = tmp_path / "trial" / "data"
    before = {path: path.read_bytes() for path in data.iterdir()}
    words = [*diary, str(submissions(tmp_path, "001", "002", name))]
    assert main(words) == 2
    assert LOOKS[name] in capsys.readouterr().err
    assert {path: path.read_bytes() for path in data.iterdir()} == before
    assert main([*words, "--new-subjects"]) == 0
    assert (data / "fall.csv").read_text("utf-8").count("\n") == 4


def test_submissions_of_two_who_look_alike_are_told_in_a_new_trial(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = tmp_path / "diary.csv"
    form.write_text(SURVEY, encoding="utf-8")
    words = ["import", "xlsform", str(form), str(tmp_path / "trial"), "--submissions"]
    assert main([*words, str(submissions(tmp_path, "A7", "a7"))]) == 2
    assert "'a7'; expected 'A7', who is in the file, too" in capsys.readouterr().err
