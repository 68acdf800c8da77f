"""Every citation of a report gets its number, and the works that were cited their list."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from trialkit.errors import ReportError
from trialkit.report.citing.form import FORMS
from trialkit.report.citing.library import Library
from trialkit.report.citing.numbering import Numbering
from trialkit.report.citing.printing import reference_runs
from trialkit.report.citing.stops import behind_stops
from trialkit.report.content.author_text import AuthorBlock, AuthorList, AuthorTable, AuthorText
from trialkit.report.content.content import Block, Figure, Section
from trialkit.report.content.marks import Citation
from trialkit.report.content.references import References
from trialkit.report.content.running_text import Runs, with_runs
from trialkit.report.content.table_texts import with_texts
from trialkit.report.content.tables import Table
from trialkit.report.content.text import Bullets, Definitions, Gap, Paragraph, Run
from trialkit.report.marks.citing import CITATION, EXPECTED, cited_works
from trialkit.report.numbers.styles import Style

ANCHOR = "references"


def with_references(
    sections: tuple[Section, ...], library: Library, style: Style, *, before: str = ""
) -> tuple[Section, ...]:
    """The sections with numbered citations, and a section of the works that they cite.

    It stands before the section with the anchor ``before``, else at the end; where nothing is cited
    there is none. Raises :class:`ReportError` for a work that the ``library`` does not have.
    """
    form = FORMS[style.name]
    numbering = Numbering(form=form, describe=lambda key: reference_runs(library.work(key), form))
    cited = tuple(_section(each, numbering) for each in sections)
    if not numbering.references.entries:
        return cited
    listed = Section(anchor=ANCHOR, title="References", blocks=(numbering.references,))
    place = next((n for n, each in enumerate(cited) if each.anchor == before), len(cited))
    return (*cited[:place], listed, *cited[place:])


def renumbered(sections: tuple[Section, ...], style: Style) -> tuple[Section, ...]:
    """Sections with citations and their list in another order: numbers follow the new one.

    They stay as they are where numbers stand in cells of tables, which hold plain text.
    """
    listed = [block for each in sections for block in each.all_blocks()]
    known = next((block for block in listed if isinstance(block, References)), None)
    if known is None or known.in_cells:
        return sections
    runs = {each.key: each.runs for each in known.entries}
    numbering = Numbering(form=FORMS[style.name], describe=runs.__getitem__)
    cited = tuple(_section(each, numbering) for each in sections)
    return tuple(
        replace(each, blocks=(numbering.references,)) if each.anchor == ANCHOR else each
        for each in cited
    )


def _section(section: Section, numbering: Numbering) -> Section:
    blocks = tuple(_block(block, numbering) for block in section.blocks)
    inner = tuple(_section(each, numbering) for each in section.sections)
    return replace(section, blocks=blocks, sections=inner)


def _block(block: Block, numbering: Numbering) -> Block:
    match block:
        case Paragraph() | Bullets() | Definitions() | Figure():
            return with_runs(block, partial(_runs, numbering=numbering))
        case AuthorText():
            blocks = tuple(_author_block(each, numbering) for each in block.blocks)
            return replace(block, blocks=blocks)
        case Table():
            # cells hold plain text, so that a citation in one is its numbers in brackets
            return with_texts(block, partial(_in_words, numbering=numbering))
        case Gap():
            return replace(block, text=_in_words(block.text, numbering))
        case References():
            return block


def _author_block(block: AuthorBlock, numbering: Numbering) -> AuthorBlock:
    """Words of the author are read already: a bracket in them is a bracket."""
    match block:
        case Paragraph():
            return replace(block, runs=tuple(_numbered(block.runs, numbering)))
        case AuthorList():
            items = tuple(
                tuple(_author_block(each, numbering) for each in item) for item in block.items
            )
            return replace(block, items=items)
        case AuthorTable():
            heads = tuple(tuple(_numbered(cell, numbering)) for cell in block.heads)
            rows = tuple(
                tuple(tuple(_numbered(cell, numbering)) for cell in row) for row in block.rows
            )
            return replace(block, heads=heads, rows=rows)


def _in_words(text: str, numbering: Numbering) -> str:
    if "[@" not in text:
        return text
    return CITATION.sub(lambda found: numbering.in_a_cell(_citation(found[0])), text)


def _citation(written: str) -> Citation:
    works = cited_works(written)
    if not works:
        raise ReportError(f"{written!r} cites nothing that can be read; write {EXPECTED}")
    return Citation(works=works)


def _runs(runs: Runs, numbering: Numbering) -> Runs:
    """The runs, those that are plain looked through for citations."""
    parted = tuple(each for run in runs for each in _parted(run))
    return tuple(_numbered(parted, numbering))


def _parted(run: Run) -> Iterator[Run]:
    if not isinstance(run, str) or "[@" not in run:
        yield run
        return
    seen = 0
    for found in CITATION.finditer(run):
        yield run[seen : found.start()]
        yield _citation(found[0])
        seen = found.end()
    yield run[seen:]


def _numbered(runs: Runs, numbering: Numbering) -> Iterator[Run]:
    """The runs with their citations numbered; raised ones stand behind the stop, without a blank."""
    for run in behind_stops(runs) if numbering.form.raised else runs:
        if isinstance(run, Citation):
            yield numbering.numbered(run)
        elif run != "":
            yield run
