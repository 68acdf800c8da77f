"""The numbers that the report of a trial prints now, by the rows of the results that they print."""

from collections.abc import Iterator
from dataclasses import dataclass

from trialkit.report.content.content import Block, Content
from trialkit.report.content.running_text import numbers_of
from trialkit.report.content.tables import Table
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
    if isinstance(block, Table):
        for row in block.rows:
            for cell in row.cells:
                if cell.results and cell.text:
                    yield cell.results, cell.text
    yield from ((each.results, each.text) for each in numbers_of(block))
