"""What a person sees on the terminal: progress while it lasts, and short summaries."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.table import Table
from rich.text import Text

from trialkit.cli.speaking import fall_silent, speaking, visible
from trialkit.steps.progress import Progress


class _Console(Console):
    """A console that falls silent when nobody reads on: a run is done for its files."""

    def on_broken_pipe(self) -> None:
        """Send what is still to be said, by anybody, to nowhere."""
        self.quiet = True
        fall_silent(self.file)


class Screen:
    """The terminal; in a pipe plain text and no progress."""

    def __init__(self) -> None:
        self._out = _Console(highlight=False, soft_wrap=True)
        self._progress = _Console(stderr=True)

    @property
    def is_heard(self) -> bool:
        """Whether somebody may still read on."""
        return not self._out.quiet

    def say(self, text: str) -> None:
        """A line of text, nothing in it taken for markup."""
        with speaking():
            self._out.print(visible(text), markup=False)

    def show(self, table: Table) -> None:
        """A table."""
        with speaking():
            self._out.print(table)

    @staticmethod
    def add_row(table: Table, cells: Sequence[str]) -> None:
        """A row of plain text: nothing that was entered is taken for markup."""
        table.add_row(*(Text(visible(cell)) for cell in cells))

    def show_rows(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A table on a terminal; in a pipe one line a row, nothing cut, an empty cell as a dash.

        Nothing that was entered is taken for markup, nor for the beginning of a new line.
        """
        plain = [[" ".join(cell.split()) for cell in row] for row in rows]
        if not self._out.is_terminal:
            for row in (heads, *plain):
                self.say("  ".join(cell or "-" for cell in row))
            return
        table = Table(show_lines=False, pad_edge=False)
        for head in heads:
            table.add_column(head, overflow="fold")
        for row in plain:
            self.add_row(table, row)
        self.show(table)

    @contextmanager
    def working(self, what: str) -> Iterator[Progress]:
        """A spinner with the step that is under way; nothing where nobody watches."""
        if not self._progress.is_terminal:
            yield lambda _: None
            return
        with self._progress.status(what) as status:
            yield lambda step: status.update(f"{what}: {step}")
