"""Colours are for a terminal, unless the environment forbids or forces them."""

import io

import pytest

from trialkit.cli.tone import Tone, has_colours, is_watched


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


def test_a_terminal_has_colours_and_a_pipe_has_none() -> None:
    assert has_colours(Terminal())
    assert not has_colours(io.StringIO())


@pytest.mark.parametrize(
    ("variables", "on_terminal", "in_pipe"),
    [
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": ""}, True, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
        ({"TERM": "dumb"}, False, False),
    ],
)
def test_the_environment_is_obeyed(
    variables: dict[str, str], on_terminal: bool, in_pipe: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in variables.items():
        monkeypatch.setenv(name, text)
    assert has_colours(Terminal()) is on_terminal
    assert has_colours(io.StringIO()) is in_pipe


def test_a_closed_stream_is_watched_by_nobody() -> None:
    closed = Terminal()
    assert is_watched(closed)
    pipe = io.StringIO()
    pipe.close()
    assert not is_watched(pipe)


def test_the_grave_tones_differ() -> None:
    assert len({tone.value for tone in Tone}) == len(Tone)
