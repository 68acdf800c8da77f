"""The report in the spelling of its style: our own words alone, never those of an author or of the data."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum

from trialkit.report.content.author_text import AuthorText
from trialkit.report.content.content import Block, Figure, Section
from trialkit.report.content.references import References
from trialkit.report.content.table_texts import with_texts
from trialkit.report.content.tables import Table
from trialkit.report.content.text import Bullets, Definition, Definitions, Gap, Paragraph, Run
from trialkit.report.guidelines.inputs import ReportInputs
from trialkit.report.numbers.styles import Spelling, style_in_use
from trialkit.report.words.en.american import american, is_british
from trialkit.results.flow import Stage, Unsaid
from trialkit.results.lookup import Term

_OURS = frozenset(str(each) for kind in (Stage, Unsaid, Term) for each in kind)
Respell = Callable[[str], str]


def in_its_spelling(sections: tuple[Section, ...], inputs: ReportInputs) -> tuple[Section, ...]:
    """The sections in the spelling of the style in use."""
    if style_in_use().spelling is Spelling.BRITISH:
        return sections
    kept = frozenset(each for each in words_of_others(inputs) if is_british(each))
    speller = _Speller(respell=lambda text: american(text, kept=kept))
    return tuple(map(speller.section, sections))


def words_of_others(inputs: ReportInputs) -> Iterator[str]:
    """Every text that somebody wrote into the protocol, the forms or the data, and that is printed."""
    yield from _texts(inputs.protocol)
    yield from inputs.findings["label"].astype("str").unique()
    for term in {row.term for row in inputs.results.rows}:
        for piece in {term, *term.split(": "), term.partition(": ")[2], *term.split(" | ")}:
            if piece.strip() and piece not in _OURS:
                yield piece.strip()


def _texts(noun: object) -> Iterator[str]:
    """The texts in a noun and in those that it holds; members of an enum are our own words."""
    if isinstance(noun, Enum) or noun is None:
        return
    if isinstance(noun, str):
        for text in (noun, noun.strip().rstrip(".")):
            if text:
                yield text
    elif isinstance(noun, Mapping):
        for key, each in noun.items():
            yield from _texts(key)
            yield from _texts(each)
    elif isinstance(noun, tuple | list | frozenset):
        for each in noun:
            yield from _texts(each)
    elif is_dataclass(noun):
        for field in fields(noun):
            yield from _texts(getattr(noun, field.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Speller:
    """Respells what a block says, whoever said it apart."""

    respell: Respell

    def section(self, section: Section) -> Section:
        return replace(
            section,
            title=self.respell(section.title),
            blocks=tuple(map(self._block, section.blocks)),
            sections=tuple(map(self.section, section.sections)),
        )

    def _block(self, block: Block) -> Block:
        """The author's statements and the works that are cited stay; gaps keep the heads that they ask for."""
        match block:
            case Paragraph():
                return replace(block, runs=self._runs(block.runs))
            case Bullets():
                items = tuple(map(self._runs, block.items))
                return replace(block, items=items, lead=self.respell(block.lead))
            case Definitions():
                entries = tuple(
                    Definition(term=self.respell(each.term), runs=self._runs(each.runs))
                    for each in block.entries
                )
                return replace(block, entries=entries, lead=self.respell(block.lead))
            case Table():
                said = with_texts(block, self.respell)
                return replace(
                    said, caption=self.respell(block.caption), stub=self.respell(block.stub)
                )
            case Figure():
                return replace(
                    block,
                    title=self.respell(block.title),
                    description=self.respell(block.description),
                    caption=self.respell(block.caption),
                    notes=self._runs(block.notes),
                )
            case AuthorText() | References() | Gap():
                return block

    def _runs(self, runs: tuple[Run, ...]) -> tuple[Run, ...]:
        return tuple(self.respell(run) if isinstance(run, str) else run for run in runs)
