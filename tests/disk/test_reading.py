import os
from pathlib import Path

import pytest

from trialkit.disk.reading import bytes_within


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
