"""What a person sees: plain lines in a pipe, a table on a terminal, and nothing taken for markup."""

import io

import pytest
from rich.console import Console

from trialkit.cli.screen import Screen
from trialkit.cli.tone import Tone

ROWS = [("S1", "", "[bold]no[/bold]\n  = 1+1"), ("S22", "W6", "x" * 200)]


def test_a_line_is_said_as_it_stands(capsys):
    Screen().say("[red]5 < 6[/red] " + "y" * 300)

    assert capsys.readouterr().out == "[red]5 < 6[/red] " + "y" * 300 + "\n"


def test_in_a_pipe_a_row_is_a_line_and_an_empty_cell_a_dash(capsys):
    Screen().show_rows(("subject", "visit", "what"), ROWS)

    assert capsys.readouterr().out.splitlines() == [
        "subject  visit  what",
        "S1  -  [bold]no[/bold] = 1+1",
        f"S22  W6  {'x' * 200}",
    ]


class Terminal(io.StringIO):
    def isatty(self):
        return True


def on_terminal(screen, monkeypatch, *, width=60, part="_out"):
    """What the screen shows on a terminal of so many columns, without colours."""
    shown = Terminal()
    console = Console(file=shown, force_terminal=True, width=width, soft_wrap=True, highlight=False)
    monkeypatch.setattr(screen, part, console)
    return shown


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


def test_on_a_terminal_rows_stand_in_columns_and_the_widest_is_wrapped(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    screen = Screen()
    shown = on_terminal(screen, monkeypatch)
    message = "[bold]no[/bold] " + "word " * 12

    screen.show_rows(("subject", "visit", "what"), [("S1", "", message), ("S22", "W6", "more")])

    assert shown.getvalue().splitlines() == [
        "subject  visit  what",
        "S1              [bold]no[/bold] word word word word word",
        "                word word word word word word word",
        "S22      W6     more",
    ]


def test_rows_that_have_no_room_are_paragraphs_in_which_no_id_is_cut(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    screen = Screen()
    shown = on_terminal(screen, monkeypatch, width=40)
    id_ = "subject-" + "9" * 20

    screen.show_rows(("subject", "visit", "what"), [(id_, "", "word " * 12)])

    lines = shown.getvalue().splitlines()
    assert lines[1].startswith(f"{id_}  -  word")
    assert lines[2].startswith("  word word")
    assert all(len(line) <= 40 for line in lines)


def test_a_line_is_wrapped_on_a_terminal_and_a_path_is_not(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    screen = Screen()
    shown = on_terminal(screen, monkeypatch, width=40)
    path = "/a folder/with blanks/" + "x" * 40

    screen.say(f"{'word ' * 10}in {path}", whole=[path])
    screen.say_as_it_is(f"  {path}")

    lines = shown.getvalue().splitlines()
    assert lines[0] == " ".join(["word"] * 8)
    assert lines[-2].endswith(path)
    assert lines[-1] == f"  {path}"


@pytest.mark.parametrize(
    ("tone", "code"), [(Tone.ERROR, "31"), (Tone.WARNING, "33"), (Tone.GOOD, "32")]
)
def test_a_terminal_shows_by_colour_how_grave_a_line_is(tone, code, monkeypatch):
    screen = Screen()
    shown = on_terminal(screen, monkeypatch)
    screen.say("said", tone)
    assert shown.getvalue() == f"\x1b[{code}msaid\x1b[0m\n"
    monkeypatch.setenv("NO_COLOR", "1")
    screen.say("said", tone)
    assert shown.getvalue().splitlines()[-1] == "said"


def test_in_a_pipe_there_is_no_colour(capsys):
    screen = Screen()
    screen.say("said", Tone.ERROR)
    screen.warn("look")
    screen.show_rows(("severity",), [("hard",)], tones=[Tone.ERROR])
    assert capsys.readouterr().out == "said\nWarning: look\nseverity\nhard\n"


def test_progress_is_for_who_watches(capsys, monkeypatch):
    screen = Screen()
    with screen.working("Validating") as progress:
        progress("checks")
    assert capsys.readouterr() == ("", "")

    shown = on_terminal(screen, monkeypatch, part="_progress")
    with screen.working("Validating") as progress:
        progress("checks")
        screen._progress.print("x")  # draws what is under way again
    assert "Validating" in shown.getvalue()


def test_nothing_that_was_entered_commands_the_terminal(capsys):
    screen = Screen()
    screen.say("\x1b[31mred\x07 \x9b2J")
    screen.show_rows(("a\x1b]0;title\x07",), [("\x1b[2J",)])
    out = capsys.readouterr().out
    assert not {"\x1b", "\x07", "\x9b"} & set(out)
    assert out.startswith("\ufffd[31mred\ufffd \ufffd2J\n")


def test_signs_that_turn_the_order_of_letters_are_not_obeyed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Screen().say("a\u202eb\u2066c\u2069d")
    assert capsys.readouterr().out == "a\ufffdb\ufffdc\ufffdd\n"
