"""The abstract under the heads of a journal: what the report's abstract says, gathered anew."""

from collections.abc import Iterable

from trialkit.report.content.author_text import AuthorText, plain_paragraphs
from trialkit.report.content.content import Block, Section
from trialkit.report.content.text import Definition, Definitions, Gap, Paragraph, Run
from trialkit.report.manuscript.article_forms import AbstractHead, ArticleForm, SummaryBox
from trialkit.report.manuscript.gaps import advice_of, to_write
from trialkit.report.words.en.abstract_terms import AbstractTerm
from trialkit.report.words.en.american import spelled
from trialkit.report.words.en.wording import sentence

CONCLUSIONS = "1b"
"""The item of the guideline that the conclusions of the abstract answer."""


def article_abstract(told: Section, form: ArticleForm) -> Section:
    """The section of the report under the heads of the form, in the spelling of the style in use."""
    own = next(block for block in told.blocks if isinstance(block, Definitions))
    words = [
        block
        for block in told.blocks
        if isinstance(block, AuthorText | Gap) and block.item == CONCLUSIONS
    ]
    terms = {spelled(each.value): each for each in AbstractTerm}
    said = {terms[each.term]: each.runs for each in own.entries}
    entries = tuple(
        Definition(term=head.title, runs=runs)
        for head in form.abstract
        if (runs := _under(head, said, words))
    )
    claims = (*own.claims, *(claim for each in words for claim in each.claims))
    gathered = Definitions(entries=entries, anchor=own.anchor, claims=claims)
    others = tuple(block for block in told.blocks if block is not own and block not in words)
    return Section(anchor=told.anchor, title=told.title, blocks=(gathered, *others))


def box_to_fill(box: SummaryBox) -> Section:
    """A box of the journal, each of its heads with what is to be written there."""
    entries = tuple(Definition(term=head, runs=(to_write(asked),)) for head, asked in box.asks)
    return Section(anchor=box.anchor, title=box.title, blocks=(Definitions(entries=entries),))


def _under(
    head: AbstractHead, said: dict[AbstractTerm, tuple[Run, ...]], words: Iterable[Block]
) -> tuple[Run, ...]:
    """What stands under a head; nothing where nothing is said, and nobody is asked."""
    runs: list[Run] = [to_write(head.asks)] if head.asks else []
    for term in head.of:
        if term in said:
            runs += [*([" "] if runs else ()), *_ended(said[term])]
    if head.concludes:
        runs += _conclusions(words)
    return tuple(runs)


def _ended(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The runs with a full stop at their end, so that others can follow."""
    *first, last = runs
    if not isinstance(last, str):
        return (*runs, ".")
    return (*first, sentence(last)) if last.strip() else _ended(tuple(first))


def _conclusions(words: Iterable[Block]) -> Iterable[Run]:
    """The author's conclusions, and what is wanting of them."""
    for each in words:
        match each:
            case AuthorText():
                yield from _in_a_row(each)
            case Gap():
                yield to_write(
                    "The conclusions, no wider than the results.", advice=advice_of(each)
                )
            case _:
                pass


def _in_a_row(words: AuthorText) -> Iterable[Run]:
    """The author's words as one text; lists and tables, which no abstract has, without their marks."""
    for number, block in enumerate(words.blocks):
        if number:
            yield " "
        if isinstance(block, Paragraph):
            yield from block.runs
        else:
            yield " ".join(plain_paragraphs((block,)))
