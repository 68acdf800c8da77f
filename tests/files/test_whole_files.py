"""Files come whole or not at all, nothing is left beside them, and messages name the cause."""

import errno
import os
from pathlib import Path

import pytest

from trialkit.errors import DataFileError
from trialkit.files.whole_files import output_folder, together, write_together, write_whole


def test_a_file_is_written_with_the_folders_above_it(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c.txt"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert [each.name for each in path.parent.iterdir()] == ["c.txt"]


def test_a_folder_in_the_way_is_called_a_folder_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "report.html").mkdir()
    with pytest.raises(DataFileError, match=r"report\.html: .* it is a folder"):
        write_whole(tmp_path / "report.html", b"x")
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.parametrize("step", ["replace", "fsync"])
def test_a_step_that_fails_leaves_the_old_file_and_no_temporary_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "results.csv"
    write_whole(path, b"old")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    if step == "replace":
        monkeypatch.setattr(Path, "replace", refuse)
    else:
        monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(DataFileError, match="close the file if a program has it open"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["results.csv"]


def test_a_file_where_a_folder_is_needed_is_named(tmp_path: Path) -> None:
    (tmp_path / "output").write_text("mine", encoding="utf-8")
    with pytest.raises(DataFileError, match="a folder is needed where a file is"):
        write_whole(tmp_path / "output" / "report.html", b"x")
    assert (tmp_path / "output").read_text(encoding="utf-8") == "mine"


def test_another_cause_is_said_as_the_system_says_it(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="too long"):
        write_whole(tmp_path / ("x" * 300), b"x")


def test_only_files_are_removed(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"x")
    write_together({}, leaving=[tmp_path / "folder", tmp_path / "file", tmp_path / "nothing"])
    assert [each.name for each in tmp_path.iterdir()] == ["folder"]


def test_a_block_that_fails_takes_its_files_back(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    with pytest.raises(ValueError, match="new"), together({tmp_path / "file": b"new"}):
        raise ValueError((tmp_path / "file").read_text())
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"old"]


def test_what_cannot_be_put_back_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"old")
    true = Path.replace

    def refuse(path: Path, target: Path) -> Path:
        if target.name == "b" or path.read_bytes() == b"old":
            raise OSError(errno.EIO, "Input/output error")
        return true(path, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(DataFileError, match=r"b: .* its disk fails.* is now .*/\.trialkit-a\."):
        write_together({tmp_path / "a": b"new", tmp_path / "b": b"new"})


@pytest.mark.parametrize("link", ["output", "elsewhere"])
def test_links_in_a_circle_are_refused(tmp_path: Path, link: str) -> None:
    (tmp_path / link).symlink_to(tmp_path / link)
    out = None if link == "output" else tmp_path / link
    with pytest.raises(DataFileError, match="lead in a circle"):
        output_folder(tmp_path, out)


@pytest.mark.parametrize("inside", ["", "data", "forms/x", "statements", "Data", "x/../data"])
def test_outputs_never_go_among_the_inputs(tmp_path: Path, inside: str) -> None:
    for name in ("data", "forms", "statements", "x"):
        (tmp_path / name).mkdir()
    with pytest.raises(DataFileError, match="the trial's own"):
        output_folder(tmp_path, tmp_path / inside)


def test_a_link_to_the_inputs_is_no_output_folder(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "output").symlink_to(tmp_path / "data", target_is_directory=True)
    with pytest.raises(DataFileError, match="the trial's own data/"):
        output_folder(tmp_path, None)


def test_a_folder_of_its_own_is_taken_as_it_is_named(tmp_path: Path) -> None:
    trial = tmp_path / "trial"
    trial.mkdir()
    assert output_folder(trial, None) == trial / "output"
    assert output_folder(trial, trial / "second look") == trial / "second look"
    assert output_folder(trial, tmp_path / "data") == tmp_path / "data"
