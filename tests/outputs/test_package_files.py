"""A package takes the place of an earlier one, and of nothing that somebody wrote."""

import json
from pathlib import Path

import pytest

from trialkit.errors import DataFileError
from trialkit.files.own_files import listed_in
from trialkit.outputs.package_files import (
    MAKER,
    PACKAGE,
    refuse_folder_of_outputs,
    replace_package,
)
from trialkit.report.content.manifest import sha256


def package(**files: bytes) -> dict[str, bytes]:
    named = {f"{name}.docx": data for name, data in files.items()}
    listed = [{"file": name, "sha256": sha256(data)} for name, data in named.items()]
    return named | {PACKAGE: json.dumps({"files": listed}).encode()}


def held(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def test_a_package_takes_the_place_of_the_last_one(tmp_path: Path) -> None:
    replace_package(tmp_path, package(manuscript=b"1", checklist=b"c"))
    (tmp_path / "letter.txt").write_bytes(b"mine")
    now = package(manuscript=b"2")
    assert replace_package(tmp_path, now) == [tmp_path / name for name in now]
    assert held(tmp_path) == now | {"letter.txt": b"mine"}


@pytest.mark.parametrize("name", ["manuscript", "checklist"])
def test_what_an_author_changed_is_never_lost(tmp_path: Path, name: str) -> None:
    replace_package(tmp_path, package(manuscript=b"1", checklist=b"c"))
    (tmp_path / f"{name}.docx").write_bytes(b"edited")
    before = held(tmp_path)
    with pytest.raises(DataFileError, match=f"{name}.docx: was changed since"):
        replace_package(tmp_path, package(manuscript=b"2"))
    assert held(tmp_path) == before


def test_what_no_package_made_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "manuscript.docx").write_bytes(b"mine")
    with pytest.raises(DataFileError, match="was not made by a package"):
        replace_package(tmp_path, package(manuscript=b"1"))
    assert held(tmp_path) == {"manuscript.docx": b"mine"}


def test_the_same_file_may_be_there(tmp_path: Path) -> None:
    (tmp_path / "manuscript.docx").write_bytes(b"1")
    replace_package(tmp_path, package(manuscript=b"1"))
    assert held(tmp_path) == package(manuscript=b"1")


def test_a_manifest_of_something_else_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / PACKAGE).write_bytes(b'{"name": "leftpad"}')
    with pytest.raises(DataFileError, match="no manifest of a package"):
        replace_package(tmp_path, package(manuscript=b"1"))
    assert held(tmp_path) == {PACKAGE: b'{"name": "leftpad"}'}


@pytest.mark.parametrize(
    "name", ["../letter.txt", "/etc/passwd", "a/b.svg", "figures/../x", "..", ""]
)
def test_a_forged_manifest_takes_nothing_away_elsewhere(tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    (out / "figures").mkdir(parents=True)
    letter = tmp_path / "letter.txt"
    letter.write_bytes(b"mine")
    listed = {"files": [{"file": name, "sha256": sha256(b"mine")}]}
    (out / PACKAGE).write_text(json.dumps(listed))
    assert list(listed_in(MAKER, out)) == [PACKAGE]
    replace_package(out, package(manuscript=b"1"))
    assert letter.read_bytes() == b"mine"


def test_a_package_never_mixes_with_the_outputs_of_a_run(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(b"{}")
    with pytest.raises(DataFileError, match=r"holds the outputs of a run .*--package"):
        replace_package(tmp_path, package(manuscript=b"1"))
    assert held(tmp_path) == {"manifest.json": b"{}"}


@pytest.mark.parametrize("name", ["output", "data/../output"])
def test_the_folder_of_outputs_is_refused_before_anything_is_there(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "data").mkdir()
    with pytest.raises(DataFileError, match="is the folder of the trial's outputs"):
        refuse_folder_of_outputs(tmp_path, tmp_path / name)
    refuse_folder_of_outputs(tmp_path, tmp_path / "packed")
