"""Block sizes are never printed: a plan is public before the last participant is randomised."""

from collections.abc import Iterable, Iterator

from trialkit.errors import ReportError
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.author_text import AuthorText
from trialkit.report.content.content import Block
from trialkit.report.content.tables import Table
from trialkit.report.content.text import words_of
from trialkit.report.lint.text_rules import leaked, leaks_in_words


def refuse_block_sizes_in(protocol: Protocol) -> None:
    """Raises :class:`ReportError` where words of the protocol name block sizes."""
    places = leaks_in_words(protocol)
    if places:
        raise ReportError(
            f"{places}: the words name block sizes, which a public plan must not; take them out, "
            "since the report prints [randomisation] block_sizes by itself"
        )


def refuse_block_sizes(blocks: Iterable[Block]) -> None:
    """The last look at what is about to become public; raises :class:`ReportError`."""
    for found in (leaked(text) for block in blocks for text in _texts(block)):
        if found:
            raise ReportError(
                f"the plan would print \N{LEFT DOUBLE QUOTATION MARK}{found}"
                "\N{RIGHT DOUBLE QUOTATION MARK}, which names a block size; take it out of the "
                "protocol or of the statement"
            )


def _texts(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        for row in block.rows:
            yield row.head
            yield from (cell.text for cell in row.cells)
    if isinstance(block, AuthorText):
        yield from block.paragraphs
    runs = list(getattr(block, "runs", ()))
    runs += [run for item in getattr(block, "items", ()) for run in item]
    runs += [run for each in getattr(block, "entries", ()) for run in each.runs]
    yield words_of(runs)
