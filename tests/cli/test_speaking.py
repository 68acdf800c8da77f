"""Where standard output leads to a disk that refuses it, that is said in one line."""

import subprocess
import sys

import pytest

from trialkit.cli.speaking import speaking
from trialkit.errors import DataFileError


def test_a_disk_that_refuses_is_told_and_a_reader_who_left_is_not() -> None:
    with pytest.raises(DataFileError, match="no room is left"), speaking():
        raise OSError(28, "No space left on device")
    with pytest.raises(BrokenPipeError), speaking():
        raise BrokenPipeError


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_a_full_disk_behind_standard_output_ends_with_2() -> None:
    call = "import sys; from trialkit.cli.main import main; sys.exit(main(['instruments', 'list']))"
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        ended = subprocess.run(
            [sys.executable, "-c", call],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ended.returncode == 2
    assert ended.stderr.startswith("trialkit: standard output, ")
    assert ended.stderr.count("\n") == 1
