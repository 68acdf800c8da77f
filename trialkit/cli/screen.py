"""What a person sees on the terminal: progress while it lasts, and short summaries."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from trialkit.cli.speaking import fall_silent, speaking
from trialkit.cli.tone import Tone, has_colours, is_watched
from trialkit.cli.wrapping import wrapped
from trialkit.printable import harmless_on_a_terminal
from trialkit.steps.progress import Progress

_GAP = "  "
_LEAST = 24
"""Columns that the widest cell of a row is left, at least, beside the others."""


class _Console(Console):
    """A console that falls silent when nobody reads on: a run is done for its files."""

    def on_broken_pipe(self) -> None:
        """Send what is still to be said, by anybody, to nowhere."""
        self.quiet = True
        fall_silent(self.file)


class Screen:
    """The terminal, with colours and wrapped lines; in a pipe plain text, a line for a line."""

    def __init__(self) -> None:
        self._out = _Console(highlight=False, soft_wrap=True)
        self._progress = _Console(stderr=True)

    @property
    def is_heard(self) -> bool:
        """Whether somebody may still read on."""
        return not self._out.quiet

    def say(self, text: str, tone: Tone = Tone.PLAIN, *, whole: Sequence[str | Path] = ()) -> None:
        """A paragraph: nothing in it is markup, and nothing of ``whole`` is broken by a new line."""
        if is_watched(self._out.file):
            text = wrapped(text, self._out.width, whole=[str(each) for each in whole])
        self.say_as_it_is(text, tone)

    def say_as_it_is(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """What was laid out already, or is to be copied: a command, a path, lines of a file."""
        style = tone.value if has_colours(self._out.file) else ""
        with speaking():
            self._out.print(Text(harmless_on_a_terminal(text), style=style))

    def warn(self, text: str, *, whole: Sequence[str | Path] = ()) -> None:
        """What is wrong, or may be, and does not stop the command."""
        self.say(f"Warning: {text}", Tone.WARNING, whole=whole)

    def advise(self, lead: str, command: str) -> None:
        """A command that a person may want next, to be copied as it stands."""
        self.say_as_it_is(f"{lead}{command}")

    def show_rows(
        self, heads: Sequence[str], rows: Sequence[Sequence[str]], *, tones: Sequence[Tone] = ()
    ) -> None:
        """A table on a terminal; in a pipe one line a row, nothing cut, an empty cell as a dash.

        Nothing that was entered is taken for markup, nor for the beginning of a new line. ``tones``
        has one for each row.
        """
        every = [[" ".join(cell.split()) for cell in row] for row in (heads, *rows)]
        toned = (Tone.HEAD, *(tones or [Tone.PLAIN] * len(rows)))
        if not is_watched(self._out.file):
            for row, tone in zip(every, toned, strict=True):
                self.say_as_it_is(_GAP.join(cell or "-" for cell in row), tone)
            return
        columns = [max(cell_len(row[at]) for row in every) for at in range(len(heads))]
        for row, tone in zip(every, toned, strict=True):
            for line in _laid_out(row, columns, self._out.width):
                self.say_as_it_is(line, tone)

    @contextmanager
    def working(self, what: str) -> Iterator[Progress]:
        """A spinner with the step that is under way; nothing where nobody watches."""
        if not is_watched(self._progress.file):
            yield lambda _: None
            return
        with self._progress.status(what) as status:
            yield lambda step: status.update(f"{what}: {step}")


def _laid_out(row: Sequence[str], columns: Sequence[int], width: int) -> list[str]:
    """The lines of a row: its widest column is wrapped, and no other, where all have room."""
    widest = max(range(len(columns)), key=columns.__getitem__)
    room = width - sum(columns) + columns[widest] - len(_GAP) * (len(columns) - 1)
    if room < min(_LEAST, columns[widest]):  # no table fits: the row is a paragraph
        return wrapped(_GAP.join(cell or "-" for cell in row), width).split("\n")
    parts = _in_columns(row[widest], room)
    padded = [cell + " " * (wide - cell_len(cell)) for cell, wide in zip(row, columns, strict=True)]
    blank = [" " * wide for wide in columns]
    lines = []
    for number, part in enumerate(parts):
        cells = list(blank if number else padded)
        cells[widest] = part + " " * (min(room, columns[widest]) - cell_len(part))
        lines.append(_GAP.join(cells).rstrip())
    return lines


def _in_columns(text: str, room: int) -> list[str]:
    """The words of a cell in lines of so many columns; a word that is wider stands alone."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_len(longer) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
