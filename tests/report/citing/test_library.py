import os
from pathlib import Path

import pytest

from trialkit.errors import DataFileError, ReportError
from trialkit.report.citing import library
from trialkit.report.citing.library import read_library, reference_files

BIB = "@article{hopewell2025, title={CONSORT}, year=2025}\n@misc{bare,}\n"


def test_both_files_are_read_together(tmp_path: Path) -> None:
    (tmp_path / "references.bib").write_text("\ufeff" + BIB.replace("\n", "\r\n"))
    (tmp_path / "references.json").write_text('[{"id": "b", "title": "B"}]')
    found = read_library(tmp_path)
    assert list(found.works) == ["hopewell2025", "bare", "b"]
    assert found.work("b").title == "B"
    assert found.work("hopewell2025").date.year == 2025
    assert found.works["bare"].place == "references.bib, line 2"
    assert found.files == ("references.bib", "references.json")
    assert [each.name for each in reference_files(tmp_path)] == list(found.files)


def test_no_file_is_no_work(tmp_path: Path) -> None:
    assert read_library(tmp_path).works == {}
    with pytest.raises(ReportError, match=r"\[@a\] is cited, but the trial has no references\.bib"):
        read_library(tmp_path).work("a")


@pytest.mark.parametrize("key", ["hopwell2025", "Hopewell2025", "HOPEWELL2025"])
def test_the_nearest_key_is_named(tmp_path: Path, key: str) -> None:
    (tmp_path / "references.bib").write_text(BIB)
    with pytest.raises(ReportError, match="has no such key; did you mean 'hopewell2025'"):
        read_library(tmp_path).work(key)


def test_a_work_without_a_title_is_refused_when_it_is_cited(tmp_path: Path) -> None:
    (tmp_path / "references.bib").write_text(BIB)
    with pytest.raises(ReportError, match=r"references\.bib, line 2: 'bare' is cited and has no t"):
        read_library(tmp_path).work("bare")


def test_a_key_that_is_there_twice_is_named_with_both_places(tmp_path: Path) -> None:
    (tmp_path / "references.bib").write_text(f"{BIB}\n@book{{bare, title={{x}}}}")
    with pytest.raises(
        ReportError, match=r"line 4: the key 'bare' is there twice \(also at .* 2\)"
    ):
        read_library(tmp_path)
    (tmp_path / "references.bib").write_text(BIB)
    (tmp_path / "references.json").write_text('[{"id": "bare"}]')
    with pytest.raises(ReportError, match=r"references\.json, entry 1: the key 'bare'"):
        read_library(tmp_path)


def test_what_is_no_text_of_the_trial_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = tmp_path / "trial"
    trial.mkdir()
    place = trial / "references.bib"
    place.write_bytes("\n@misc{a, title={Rücken}}".encode("latin-1"))
    with pytest.raises(ReportError, match=r"references\.bib, line 2: is not UTF-8"):
        read_library(trial)
    place.unlink()
    (tmp_path / "secret.bib").write_text(BIB)
    place.symlink_to(tmp_path / "secret.bib")
    with pytest.raises(ReportError, match="leads out of the trial's folder"):
        read_library(trial)
    place.unlink()
    os.mkfifo(place)
    with pytest.raises(DataFileError, match=r"references\.bib: cannot be read: it is a pipe"):
        read_library(trial)
    place.unlink()
    place.write_text(BIB)
    monkeypatch.setattr(library, "LARGEST_REFERENCES", 4)
    with pytest.raises(DataFileError, match="of which 4 are read"):
        read_library(trial)
