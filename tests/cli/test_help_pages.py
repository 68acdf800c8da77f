"""Each command's help has calls that it understands, and says how this command ends."""

import shlex

import pytest

from trialkit.cli.ends import ENDS
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.help_pages import HelpPage, commands, page_end
from trialkit.cli.options import build_parser


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def test_every_command_has_its_page() -> None:
    found = dict(commands(build_parser()))
    actions = {name for name in found if not any(other.startswith(f"{name} ") for other in found)}
    assert set(ENDS) == actions
    for name in actions:
        assert (
            found[name]
            .format_help()
            .endswith(HelpPage("x")._fill_text(page_end(ENDS[name]), 78, "") + "\n")
        )


@pytest.mark.parametrize("name", ENDS)
def test_an_example_is_a_call_that_is_understood(name: str) -> None:
    assert ENDS[name].examples
    for call in ENDS[name].examples:
        words = shlex.split(call)
        assert words[: len(name.split())] == name.split()
        build_parser().parse_args(words)


@pytest.mark.parametrize("name", ENDS)
def test_no_line_is_wider_than_the_terminal_but_an_example(name: str) -> None:
    page = dict(commands(build_parser()))[name].format_help()
    assert [
        line for line in page.splitlines() if len(line) > 80 and not line.startswith("  trialkit ")
    ] == []


def test_a_command_says_its_own_codes_and_no_other() -> None:
    page = page_end(ENDS["verify"])
    assert "  1  it differs, or the anchor is not that of its manifest" in page
    assert "hard findings" not in page
    assert ExitCode.FINDINGS not in ENDS["codebook"].codes
    assert "\n  1  " not in page_end(ENDS["codebook"])


def test_paragraphs_are_filled_and_examples_stand_as_they_are() -> None:
    example = "  trialkit run " + "x" * 90
    text = f"Some words\nand more.\n\nexamples:\n{example}\n  0  {'word ' * 20}\n"
    lines = HelpPage("x")._fill_text(text, 40, "").split("\n")
    assert lines[:4] == ["Some words and more.", "", "examples:", example]
    assert lines[4].startswith("  0  word word")
    assert all(line.startswith("     word") for line in lines[5:])
