"""What a person sees: plain lines in a pipe, a table on a terminal, and nothing taken for markup."""

import io

from rich.console import Console
from rich.table import Table

from trialkit.cli.screen import Screen

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


def test_on_a_terminal_rows_are_a_table_with_heads(monkeypatch):
    screen, shown = Screen(), io.StringIO()
    terminal = Console(file=shown, force_terminal=True, width=60, color_system=None)
    monkeypatch.setattr(screen, "_out", terminal)

    screen.show_rows(("subject", "visit", "what"), [ROWS[0], ("S22", "W6", "more")])

    words = [
        line.replace("│", " ").replace("┃", " ").split() for line in shown.getvalue().splitlines()
    ]
    assert ["subject", "visit", "what"] in words
    assert ["S22", "W6", "more"] in words
    assert "[bold]no[/bold] = 1+1" in shown.getvalue()
    assert "-  " not in shown.getvalue()


def test_a_table_holds_plain_text(capsys):
    screen, table = Screen(), Table("head")
    screen.add_row(table, ["[b]x[/b]"])

    screen.show(table)

    assert "[b]x[/b]" in capsys.readouterr().out


def test_progress_is_for_who_watches(capsys, monkeypatch):
    screen, shown = Screen(), io.StringIO()
    with screen.working("Validating") as progress:
        progress("checks")
    assert capsys.readouterr() == ("", "")

    terminal = Console(file=shown, force_terminal=True, width=60, color_system=None)
    monkeypatch.setattr(screen, "_progress", terminal)
    with screen.working("Validating") as progress:
        progress("checks")
        terminal.print("x")  # draws what is under way again
    assert "Validating" in shown.getvalue()


def test_nothing_that_was_entered_commands_the_terminal(capsys):
    screen = Screen()
    screen.say("\x1b[31mred\x07 \x9b2J")
    screen.show_rows(("a\x1b]0;title\x07",), [("\x1b[2J",)])
    out = capsys.readouterr().out
    assert not {"\x1b", "\x07", "\x9b"} & set(out)
    assert out.startswith("\ufffd[31mred\ufffd \ufffd2J\n")
