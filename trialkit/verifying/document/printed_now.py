"""The numbers that the report of a trial prints now, by the rows of the results that they print."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from trialkit.report.content.content import Block, Content, Figure
from trialkit.report.content.tables import Table
from trialkit.report.content.text import Bullets, Definitions, Paragraph, PrintedNumber, Run
from trialkit.report.writers.word_marks import results_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedNow:
    """What is printed of some rows; in several forms where places differ, as by a sign before it."""

    results: tuple[str, ...]
    texts: tuple[str, ...]


def printed_now(content: Content) -> dict[str, PrintedNow]:
    """Every number of a report by the hash of its rows, as a mark of a document names them."""
    texts: dict[tuple[str, ...], dict[str, None]] = {}
    for block in content.all_blocks():
        for results, text in _of(block):
            texts.setdefault(results, {})[text] = None
    return {
        results_hash(results): PrintedNow(results=results, texts=tuple(found))
        for results, found in texts.items()
    }


def _of(block: Block) -> Iterator[tuple[tuple[str, ...], str]]:
    match block:
        case Table():
            for row in block.rows:
                for cell in row.cells:
                    if cell.results and cell.text:
                        yield cell.results, cell.text
        case Figure(notes=runs) | Paragraph(runs=runs):
            yield from _of_runs(runs)
        case Bullets(items=items):
            for item in items:
                yield from _of_runs(item)
        case Definitions(entries=entries):
            for entry in entries:
                yield from _of_runs(entry.runs)
        case _:
            pass


def _of_runs(runs: Iterable[Run]) -> Iterator[tuple[tuple[str, ...], str]]:
    for run in runs:
        if isinstance(run, PrintedNumber) and run.results:
            yield run.results, run.text
