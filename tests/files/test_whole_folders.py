"""A folder comes whole or not at all."""

import errno
import os
from pathlib import Path

import pytest

from trialkit.errors import DataFileError
from trialkit.files.whole_folders import copy_files, new_folder


def test_a_folder_comes_when_it_is_whole(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "in").mkdir(parents=True)
    (source / "in" / "a").write_bytes(b"a")
    (source / "b").write_bytes(b"b")
    with new_folder(tmp_path / "new" / "trial") as made:
        copy_files(source, made / "all")
        copy_files(source / "b", made / "one")
        assert not (tmp_path / "new" / "trial").exists()
    assert (tmp_path / "new" / "trial" / "all" / "in" / "a").read_bytes() == b"a"
    assert (tmp_path / "new" / "trial" / "one").read_bytes() == b"b"
    assert [each.name for each in (tmp_path / "new").iterdir()] == ["trial"]


def test_nothing_is_left_of_a_folder_that_could_not_be_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "b").write_bytes(b"b")
    monkeypatch.setattr(os, "fsync", refuse)
    with (
        pytest.raises(DataFileError, match="no room is left"),
        new_folder(tmp_path / "trial") as made,
    ):
        copy_files(tmp_path / "b", made / "b")
    assert [each.name for each in tmp_path.iterdir()] == ["b"]


def test_what_is_there_stays(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="is there already"), new_folder(tmp_path):
        pytest.fail("the block does not run")
