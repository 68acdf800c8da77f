"""Too few files that may be open are told before a library breaks down on them."""

import os
import resource
from collections.abc import Iterator

import pytest

from trialkit.disk.handles import NEEDED, refuse_too_few_handles
from trialkit.errors import DataFileError


@pytest.fixture
def few() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.open(os.devnull, os.O_RDONLY)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free + NEEDED - 1, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_too_few_are_told_in_one_line_and_none_stays_open(few: None) -> None:
    for _ in range(2):
        with pytest.raises(DataFileError, match=rf"{NEEDED} are needed: .*ulimit -n"):
            refuse_too_few_handles()


def test_enough_are_enough() -> None:
    refuse_too_few_handles()
    refuse_too_few_handles()
