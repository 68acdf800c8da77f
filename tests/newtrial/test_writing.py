"""A new trial comes whole or not at all, and where it cannot, the message says why."""

from pathlib import Path

import pytest

from trialkit.errors import DataFileError
from trialkit.newtrial.writing import write_new_trial


@pytest.mark.parametrize("name", ["x" * 300, "y" * 300 + "/trial"])
def test_a_name_too_long_for_a_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataFileError, match="too long"):
        write_new_trial(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_file_above_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(DataFileError, match="cannot be written"):
        write_new_trial(tmp_path / "file" / "trial")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_link_to_nowhere_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(DataFileError, match="cannot be written"):
        write_new_trial(tmp_path / "link")
    assert [each.name for each in tmp_path.iterdir()] == ["link"]
