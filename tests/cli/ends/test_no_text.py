"""Bytes that are no text in UTF-8: in each text of a call, in the names of files, in the name of who calls."""

from argparse import ArgumentParser
from collections.abc import Iterator

import pytest

from tests.cli.ends.world import COMMANDS
from trialkit.cli.main import main
from trialkit.cli.options import build_parser

BYTE, HALF = "\udcff", "\ud800"
"""A byte that is no text, as Python has it of a call; and half of a pair."""
STORE = [name for name in COMMANDS if name.startswith("store ")]


def parser_of(name: str) -> ArgumentParser:
    parser: ArgumentParser = build_parser()
    for word in name.split():
        inner = [each for each in parser._actions if isinstance(each.choices, dict)]
        parser = inner[0].choices[word] if inner else parser
    return parser


def calls(name: str, no_text: str) -> Iterator[tuple[str, ...]]:
    """The call of a command with each word in turn that is no text, then with each option."""
    call = COMMANDS[name]
    for place, word in enumerate(call):
        if place >= len(name.split()) and not word.startswith("-"):
            yield (*call[:place], no_text, *call[place + 1 :])
    for action in parser_of(name)._actions:
        if action.option_strings and action.nargs != 0:
            yield (*call, action.option_strings[0], no_text)


def texts(value: object) -> list[str]:
    many = value if isinstance(value, list) else [value]
    return [each for each in many if isinstance(each, str)]


@pytest.mark.parametrize("no_text", [BYTE, HALF])
@pytest.mark.parametrize("name", COMMANDS)
def test_text_of_a_call_that_is_none_is_refused_by_name_before_anything_is_done(
    name, no_text, capsys
):
    for call in calls(name, no_text):
        try:
            said = build_parser().parse_args(call)
        except SystemExit:
            assert "argument " in capsys.readouterr().err
        else:
            assert [
                each for value in vars(said).values() for each in texts(value) if no_text in each
            ] == []


def test_refusal_says_which_argument_and_what_is_wrong(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(("store", "log", "trial", "--subject", f"00{BYTE}"))

    assert (
        "argument --subject: found '00\ufffd', which has bytes that are no text in UTF-8"
        in capsys.readouterr().err
    )


@pytest.mark.parametrize("name", STORE)
def test_name_of_a_file_may_be_any_bytes(name, world, capsys):
    for call in calls(name, BYTE):
        try:
            said = build_parser().parse_args(call)
        except SystemExit:
            continue
        if BYTE in str(said):
            assert main(call) in (0, 1, 2), call


@pytest.mark.parametrize("variable", ["TRIALKIT_BY", "LOGNAME"])
@pytest.mark.parametrize("name", STORE)
def test_name_of_who_calls_that_is_no_text_is_refused_where_it_is_asked(
    name, variable, world, capsys, monkeypatch
):
    monkeypatch.setenv(variable, BYTE)

    code = main(COMMANDS[name])

    said = capsys.readouterr().err
    assert code in ((2,) if variable == "LOGNAME" else (0, 1, 2)), said
    assert ("text in UTF-8" in said) is (code == 2)


def test_people_of_a_store_with_roles_are_shown_to_no_name_that_is_none(world, capsys, monkeypatch):
    monkeypatch.setenv("LOGNAME", BYTE)

    assert main(("store", "people", "granted")) == 2

    assert "set LOGNAME" in capsys.readouterr().err
