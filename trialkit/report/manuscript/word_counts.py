"""How many words an abstract and a text have, as journals count them."""

from collections.abc import Iterable, Iterator
from typing import assert_never

from trialkit.report.content.author_text import AuthorText
from trialkit.report.content.content import Block, Figure
from trialkit.report.content.references import References
from trialkit.report.content.tables import Table
from trialkit.report.content.text import (
    Bullets,
    Definitions,
    Gap,
    Paragraph,
    Run,
    ToWrite,
    words_of,
)


def words_in(blocks: Iterable[Block]) -> int:
    """The words of running text: heads, tables, figures and what is still to be written are none."""
    return sum(len(text.split()) for block in blocks for text in _texts(block))


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield _said(block.runs)
        case Bullets():
            yield from (_said(item) for item in block.items)
        case Definitions():
            yield from (_said(entry.runs) for entry in block.entries)
        case AuthorText():
            yield from block.paragraphs
        case Gap() | Table() | Figure() | References():
            return
        case _:
            assert_never(block)


def _said(runs: Iterable[Run]) -> str:
    return words_of(run for run in runs if not isinstance(run, ToWrite))
