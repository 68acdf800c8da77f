"""Which running texts a block has, whatever its kind: its paragraphs, items, entries or notes."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from trialkit.report.content.content import Block, Figure
from trialkit.report.content.text import (
    Bullets,
    Definition,
    Definitions,
    Paragraph,
    PrintedNumber,
    Run,
)

Runs = tuple[Run, ...]


def runs_of(block: Block) -> Iterator[Runs]:
    """The runs of each text in reading order; of tables, gaps, works and an author's words none."""
    match block:
        case Paragraph():
            yield block.runs
        case Bullets():
            yield from block.items
        case Definitions():
            yield from (entry.runs for entry in block.entries)
        case Figure():
            yield block.notes
        case _:
            pass


def numbers_of(block: Block) -> Iterator[PrintedNumber]:
    """The numbers in these texts that print rows of the results."""
    for runs in runs_of(block):
        for run in runs:
            if isinstance(run, PrintedNumber) and run.results:
                yield run


def with_runs(block: Block, change: Callable[[Runs], Runs]) -> Block:
    """The block with each of these texts changed; others stay as they are."""
    match block:
        case Paragraph():
            return replace(block, runs=change(block.runs))
        case Bullets():
            return replace(block, items=tuple(map(change, block.items)))
        case Definitions():
            entries = tuple(
                Definition(term=each.term, runs=change(each.runs)) for each in block.entries
            )
            return replace(block, entries=entries)
        case Figure():
            return replace(block, notes=change(block.notes))
        case _:
            return block
