"""A composed report becomes an article, its supplement and its checklists, each a content of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from trialkit.errors import ReportError
from trialkit.protocol.authorship import Authorship
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.citing.placing import renumbered
from trialkit.report.composing import numbered
from trialkit.report.content.checklists import Checklist
from trialkit.report.content.content import Block, Content, Figure, Section
from trialkit.report.content.tables import Table
from trialkit.report.guidelines.checklist import consort_2025, fill_checklist
from trialkit.report.guidelines.extensions import chosen_extensions
from trialkit.report.guidelines.official_form import official_form
from trialkit.report.manuscript.abstract import article_abstract, box_to_fill
from trialkit.report.manuscript.article_forms import (
    ARTICLE_FORMS,
    INTRODUCTION,
    ArticleForm,
    ArticleHead,
)
from trialkit.report.manuscript.displays import Parted, parted
from trialkit.report.manuscript.gaps import with_gaps_to_write
from trialkit.report.manuscript.title_page import Extent, title_page
from trialkit.report.manuscript.wide_tables import with_wide_tables_last
from trialkit.report.manuscript.word_counts import words_in
from trialkit.report.numbers.styles import printed_in
from trialkit.report.sections.trial import title_claims
from trialkit.report.writers.paper import checklist_section

APART = frozenset({"lint", "other-guidelines"})
"""The sections of the report that speak to its author and not to a reader of the article."""

BEHIND = ("references",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manuscript:
    """What a journal takes: the article, its supplement, and each checklist as a document."""

    article: Content
    supplement: Content
    checklists: Mapping[str, Content]
    """The completed checklists, by the name of the file."""
    form: ArticleForm


def compose_manuscript(
    content: Content, protocol: Protocol, authorship: Authorship | None
) -> Manuscript:
    """The same words in the heads and the order of the report's style.

    Nothing is said that the report does not say; tables and figures are numbered anew, and the
    checklists name the places of the article and the supplement. Raises :class:`ReportError` for a
    section of the report that no head gathers.
    """
    form = ARTICLE_FORMS[content.style.name]
    told = _Told.of(content)
    with printed_in(content.style):
        ordered = numbered((*_article(told, form), _supplement(told)))
        article, supplement = _split(renumbered(ordered, content.style))
    places = (*article, *supplement)
    checklists = _checklists(places, protocol)
    bare = replace(
        content, is_article=True, identity=(), traces=(), form=None, extensions=(), lint=()
    )
    shown = tuple(with_gaps_to_write(each) for each in with_wide_tables_last(article))
    front = title_page(authorship, _extent(shown))
    return Manuscript(
        article=replace(bare, sections=(front, *shown)),
        supplement=replace(
            bare,
            title=f"Supplement to: {content.title}",
            sections=tuple(with_gaps_to_write(each) for each in supplement),
        ),
        checklists={
            f"checklist_{each.code}": replace(
                bare,
                title=each.guideline,
                identity=(content.title,),
                sections=(_as_document(each),),
                warnings=(),
            )
            for each in checklists
        },
        form=form,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """The sections of a report by their anchors, those within others too."""

    abstract: Section
    parts: Mapping[str, Parted]
    """What has a head of the article, each with what the supplement takes of it."""
    supplement: Section
    behind: tuple[Section, ...]
    """What stands behind everything as it is: the works that are cited."""

    @classmethod
    def of(cls, content: Content) -> "_Told":
        tops = {each.anchor: each for each in content.sections if each.anchor not in APART}
        abstract, supplement = tops.pop("abstract"), tops.pop("supplement")
        behind = tuple(tops.pop(each) for each in BEHIND if each in tops)
        loose = [top.anchor for top in tops.values() if top.blocks]
        if loose:
            raise ReportError(f"section {loose[0]!r} has words that no head of an article gathers")
        parts = {each.anchor: parted(each) for top in tops.values() for each in top.sections}
        return cls(abstract=abstract, parts=parts, supplement=supplement, behind=behind)

    def blocks(self, anchors: tuple[str, ...]) -> tuple[Block, ...]:
        """The blocks of these sections, one after the other."""
        return tuple(
            block
            for anchor in anchors
            if anchor in self.parts
            for block in self.parts[anchor].section.blocks
        )

    def moved(self) -> Iterator[Table | Figure]:
        """What the supplement takes of the article, in the order of the report."""
        return chain.from_iterable(each.moved for each in self.parts.values())


def _article(told: _Told, form: ArticleForm) -> tuple[Section, ...]:
    named = {*INTRODUCTION, *(anchor for head in form.heads for anchor in head.of)}
    forgotten = [anchor for anchor in told.parts if anchor not in named]
    if forgotten:
        raise ReportError(f"section {forgotten[0]!r} of the report has no place in the article")
    box = () if form.box is None else (box_to_fill(form.box),)
    abstract = replace(article_abstract(told.abstract, form), starts_page=not form.box_first)
    opening = (*box, abstract) if form.box_first else (abstract, *box)
    first = replace(opening[0], starts_page=True)
    return (
        first,
        *opening[1:],
        Section(
            anchor="introduction",
            title="Introduction",
            blocks=told.blocks(INTRODUCTION),
        ),
        _main("methods", "Methods", form.methods, told),
        _main("results", "Results", form.results, told),
        _main("discussion", "Discussion", form.discussion, told),
        _main("statements", "Statements", form.statements, told),
        *told.behind,
    )


def _main(anchor: str, title: str, heads: tuple[ArticleHead, ...], told: _Told) -> Section:
    """A part of the article with its heads; one that would be empty is left out."""
    sections = (
        Section(anchor=head.of[0], title=head.title, blocks=blocks)
        for head in heads
        if (blocks := told.blocks(head.of))
    )
    return Section(anchor=anchor, title=title, sections=tuple(sections))


def _supplement(told: _Told) -> Section:
    """The report's supplement, before it what the article had no room for."""
    moved = tuple(told.moved())
    tables = tuple(each for each in moved if isinstance(each, Table))
    figures = tuple(each for each in moved if isinstance(each, Figure))
    own = {each.anchor: each for each in told.supplement.sections}
    parts = (
        ("supplementary-tables", "Supplementary tables", tables),
        ("supplementary-figures", "Supplementary figures", figures),
    )
    sections = tuple(
        Section(
            anchor=anchor,
            title=title,
            blocks=(*first, *(own[anchor].blocks if anchor in own else ())),
        )
        for anchor, title, first in parts
        if first or anchor in own
    )
    return replace(told.supplement, sections=sections)


def _split(sections: tuple[Section, ...]) -> tuple[tuple[Section, ...], tuple[Section, ...]]:
    """The article's sections, and the supplement's own as main ones."""
    *article, supplement = sections
    loose = (replace(supplement, sections=()),) if supplement.blocks else ()
    return tuple(article), (*supplement.sections, *loose)


def _checklists(sections: tuple[Section, ...], protocol: Protocol) -> tuple[Checklist, ...]:
    return tuple(
        fill_checklist(
            each, sections, head=title_claims(protocol), not_reported=protocol.not_reported
        )
        for each in (consort_2025(), *chosen_extensions(protocol))
    )


def _as_document(checklist: Checklist) -> Section:
    """The form that journals ask for; of the other guidelines, their rows as the report has them."""
    return (
        official_form(checklist, is_apart=True)
        if checklist.is_main
        else checklist_section(checklist)
    )


def _extent(sections: tuple[Section, ...]) -> Extent:
    by_anchor = {each.anchor: each for each in sections}
    text = (by_anchor[each] for each in ("introduction", "methods", "results", "discussion"))
    blocks = [block for section in sections for block in section.all_blocks()]
    return Extent(
        abstract_words=words_in(by_anchor["abstract"].all_blocks()),
        text_words=words_in(block for section in text for block in section.all_blocks()),
        tables=sum(isinstance(block, Table) for block in blocks),
        figures=sum(isinstance(block, Figure) for block in blocks),
    )
