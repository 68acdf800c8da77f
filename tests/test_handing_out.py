"""Tests that share what is costly are given to one worker."""

import pytest

from tests.conftest import ByHome, home_of


@pytest.mark.parametrize(
    ("nodeid", "home"),
    [
        ("tests/disk/test_turns.py::test_one[a::b/c]", "tests/disk/test_turns.py"),
        ("tests/report/printed/test_flow.py::test_one", "tests/report/printed"),
        ("tests/planned/equal/test_counts.py::test_one[rich]", "tests/planned/equal"),
        ("tests/planned/test_known.py::test_one", "tests/planned/test_known.py"),
    ],
)
def test_a_module_or_a_folder_is_the_home_of_a_test(nodeid: str, home: str) -> None:
    assert home_of(nodeid) == home


def test_whoever_hands_out_reads_the_home_from_the_name_of_a_test(
    request: pytest.FixtureRequest,
) -> None:
    hands_out = ByHome.__new__(ByHome)
    assert hands_out._split_scope(request.node.nodeid) == "tests/test_handing_out.py"
