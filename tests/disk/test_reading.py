"""What cannot be read is told by its name, also where the system does not name it."""

import errno
import os
from pathlib import Path

import pytest

from tests.cli.ends.table import REFUSALS
from trialkit.disk.reading import bytes_within, read_file, reading
from trialkit.errors import DataFileError


def test_the_content_of_a_file_is_given(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\x00a")
    assert read_file(tmp_path / "a.csv") == b"\x00a"


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.ENOENT])
def test_a_refusal_that_names_no_file_is_told_with_its_name(number: int) -> None:
    said = REFUSALS[errno.errorcode[number]]
    with pytest.raises(DataFileError) as told, reading("data/pain.csv"):
        raise OSError(number, "whatever the system says")
    assert str(told.value) == f"data/pain.csv: cannot be read: {said}"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"gone\.csv: cannot be read: .* not there"):
        read_file(tmp_path / "gone.csv")


def test_what_is_wrong_in_the_file_stays_what_it_is() -> None:
    with pytest.raises(ValueError, match="seven"), reading("data/pain.csv"):
        raise ValueError("seven")


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12345")

    assert bytes_within(path, 5) == b"12345"
    with pytest.raises(OSError, match="has 5 bytes, of which 4 are read"):
        bytes_within(path, 4)


def test_a_pipe_is_not_waited_for_and_a_device_not_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    for path in (pipe, Path(os.devnull)):
        with pytest.raises(OSError, match="a pipe or a device, and no file"):
            bytes_within(path, 5)


def test_what_is_not_there_or_a_folder_is_said_as_the_system_says_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        bytes_within(tmp_path / "none", 5)
    with pytest.raises(IsADirectoryError):
        bytes_within(tmp_path, 10**6)
