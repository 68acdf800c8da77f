"""The author's words on SPIRIT, and on what SPIRIT borrows from CONSORT, where a plan has them."""

from collections.abc import Mapping
from dataclasses import replace

from trialkit.report.content.content import Block, Section
from trialkit.report.content.text import Gap
from trialkit.report.guidelines.answers import SPIRIT, worded
from trialkit.report.guidelines.checklist import CORE, Guideline, consort_2025, read_guideline
from trialkit.report.guidelines.statements import AuthorStatement


def spirit_2025() -> Guideline:
    """The 53 rows of SPIRIT 2025."""
    return read_guideline("spirit_2025")


def with_words(
    sections: tuple[Section, ...], statements: tuple[AuthorStatement, ...]
) -> tuple[Section, ...]:
    """The same sections, each with the author's words on its items.

    Words on a CONSORT item stand where the first row of SPIRIT does that borrows from it.
    """
    guideline = spirit_2025()
    wanted: dict[tuple[str, str], str] = {}
    for row in guideline.requirements:
        wanted[SPIRIT, row.number] = row.number
        for source in row.core.values():
            wanted.setdefault((CORE, source.partition(": ")[0]), row.number)
    said: dict[str, list[Block]] = {}
    for each in statements:
        place = wanted.get((each.checklist, each.item))
        if place is not None:
            own = guideline if each.checklist == SPIRIT else consort_2025()
            said.setdefault(place, []).append(worded(each, own))
    return tuple(_with_statements(section, said) for section in sections)


def _with_statements(section: Section, said: Mapping[str, list[Block]]) -> Section:
    inner = tuple(_with_statements(each, said) for each in section.sections)
    own = (block for item in section.items for block in said.get(item, ()))
    return replace(
        section,
        blocks=tuple(_untitled(each) for each in (*section.blocks, *own)),
        sections=inner,
    )


def _untitled(block: Block) -> Block:
    """A gap without its number: the headings of a plan are not CONSORT's."""
    return replace(block, title="Not applicable") if isinstance(block, Gap) else block
