"""Tests that share what is costly are given to one worker."""

from types import SimpleNamespace

import pytest

from tests.conftest import ROOT, ByHome, home_of, modules_asked_for


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


def test_the_modules_that_are_asked_for_are_known_before_they_are_collected() -> None:
    def asked(*words: str) -> list[str]:
        option = SimpleNamespace(markexpr="not browser")
        config = SimpleNamespace(rootpath=ROOT, args=words, option=option)
        return [path.relative_to(ROOT).as_posix() for path in modules_asked_for(config)]

    own = "tests/test_handing_out.py"
    assert asked(f"{own}::test_one[a.b]", own) == [own]
    assert asked("tests/trails")[0] == "tests/trails/test_of_counts.py"
    every = asked("tests")
    assert {own, *asked("tests/trails")} < {*every}
    assert not [each for each in every if each.startswith("tests/browser")]
