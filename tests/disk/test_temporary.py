"""A folder for a while, and what is said where the place for temporary files refuses it."""

import errno
import tempfile
from pathlib import Path

import pytest

from trialkit.disk.temporary import temporary_folder, using_temporary_files
from trialkit.errors import DataFileError


def test_the_folder_is_there_for_a_while(tmp_path: Path) -> None:
    (tmp_path / "own").write_bytes(b"o")
    with temporary_folder() as folder:
        assert folder.write("a/text", "ä").read_text(encoding="utf-8") == "ä"
        assert folder.copy(tmp_path / "own", "b/own").read_bytes() == b"o"
        assert folder.path.is_dir()
    assert not folder.path.exists()


def test_a_full_place_is_named_with_the_way_to_name_another() -> None:
    with (
        pytest.raises(DataFileError, match=r"TMPDIR names another\): .*no room is left"),
        temporary_folder() as folder,
    ):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert not folder.path.exists()


def test_a_file_that_lies_elsewhere_is_named_itself(tmp_path: Path) -> None:
    elsewhere = Path(tempfile.gettempdir()).parent / "elsewhere" / "font.ttf"
    with (
        pytest.raises(DataFileError, match=r"elsewhere/font\.ttf: .*its disk fails"),
        using_temporary_files(),
    ):
        raise OSError(errno.EIO, "Input/output error", str(elsewhere))


def test_without_any_place_for_temporary_files_tmpdir_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse() -> str:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    monkeypatch.setattr("trialkit.disk.temporary.gettempdir", refuse)
    with (
        pytest.raises(DataFileError, match="which TMPDIR names: cannot be used"),
        using_temporary_files(),
    ):
        refuse()
