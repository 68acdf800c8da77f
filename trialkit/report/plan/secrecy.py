"""Block sizes are never printed while participants may still be randomised: in a plan, or pooled."""

import re
from collections.abc import Iterable, Iterator

from trialkit.errors import ReportError
from trialkit.protocol.trial.conduct import Randomisation
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.author_text import AuthorText
from trialkit.report.content.content import Block, Content, Figure
from trialkit.report.content.references import References
from trialkit.report.content.tables import Table
from trialkit.report.content.text import Bullets, Definitions, Gap, Paragraph, words_of
from trialkit.report.lint.block_sizes import is_of_randomisation, told_size
from trialkit.report.lint.text_rules import REMEDY, leaks_in_words
from trialkit.report.words.en.wording import listing

_TEXT = re.compile(r"<(text|title|desc)\b[^>]*>(.*?)</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_ITEMS = ("17", "18", "19")
"""The items of CONSORT 2025 on randomisation: their statements are about it, whatever their words."""


def refuse_block_sizes_in(protocol: Protocol, *, what: str = "a public plan") -> None:
    """Raises :class:`ReportError` where words of the protocol name block sizes."""
    places = leaks_in_words(protocol)
    if places:
        raise ReportError(
            f"{places}: the words name block sizes, which {what} must not. {REMEDY}; a report after "
            "the trial prints [randomisation] block_sizes by itself"
        )


def refuse_block_sizes(
    content: Content, randomisation: Randomisation, *, what: str = "the plan"
) -> None:
    """The last look at what is about to be read; raises :class:`ReportError`."""
    heads = (content.title, *content.identity, *content.warnings)
    refuse_in_texts((("the front page", each) for each in heads), randomisation, what=what)
    for block in content.all_blocks():
        refuse_in_block(block, randomisation, what=what)


def refuse_in_block(block: Block, randomisation: Randomisation, *, what: str = "the plan") -> None:
    """Raises :class:`ReportError` where a block names a block size."""
    place = _place(block)
    texts = ((place, each) for each in _texts(block))
    about = isinstance(block, AuthorText) and block.item.startswith(_ITEMS)
    refuse_in_texts(texts, randomisation, what=what, about=about)


def refuse_in_texts(
    texts: Iterable[tuple[str, str]],
    randomisation: Randomisation,
    *,
    what: str,
    about: bool = False,
) -> None:
    """Raises :class:`ReportError` for the first text, each with its place, that names a size."""
    strata = listing(randomisation.strata) if randomisation.strata else ""
    for place, text in texts:
        # the trial's own strata stand beside its blocks, and may have numbers: "aged 60 or more"
        left = text.replace(f" by {strata}", "").replace(f" on {strata}", "") if strata else text
        found = told_size(left, randomisation, of_randomisation=about)
        if found:
            raise ReportError(
                f"{place}: {what} would print \N{LEFT DOUBLE QUOTATION MARK}{found[:200]}"
                f"\N{RIGHT DOUBLE QUOTATION MARK}, which names a block size. {REMEDY}, in the "
                "protocol, the form or the statement that it comes from"
            )


def _place(block: Block) -> str:
    match block:
        case AuthorText():
            return block.file or f"the statement on item {block.item}"
        case Table() | Figure():
            kind = "table" if isinstance(block, Table) else "figure"
            return block.label or f"{kind} {block.anchor!r}"
        case Gap():
            return f"the box on item {block.item}"
        case _:
            return "the text"


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Table():
            yield from _of_table(block)
        case Figure():
            yield from (block.title, block.description, block.caption, words_of(block.notes))
            yield from (_TAG.sub(" ", found[1]) for found in _TEXT.findall(block.svg))
        case Gap():
            yield from (block.text, block.remedy, block.wanting)
        case AuthorText():
            yield from block.paragraphs
            yield " ".join(block.paragraphs)  # a list may tell in parts
        case Paragraph():
            yield words_of(block.runs)
        case Bullets():
            yield from map(words_of, block.items)
        case Definitions():
            yield from (f"{each.term}: {words_of(each.runs)}" for each in block.entries)
        case References():
            return  # titles, volumes and pages of works that somebody else published


def _of_table(table: Table) -> Iterator[str]:
    """Every text of a table; the cells of a row on randomisation also as what they say together."""
    yield from (table.caption, table.stub, *table.notes, *table.noted())
    yield from (head.text for head in (*table.spanning, *table.heads))
    yield from (each.text for each in table.footnotes)
    yield from (group.head for group in table.groups)
    for row in table.rows:
        yield row.head
        yield from (cell.text for cell in row.cells)
        if is_of_randomisation(row.head):
            yield ", ".join((row.head, *(cell.text for cell in row.cells)))
