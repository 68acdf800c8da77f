"""Tables too wide for an upright page go to the end: turned in the middle they leave pages half empty."""

from collections.abc import Iterator
from dataclasses import replace

from trialkit.report.content.content import Block, Section
from trialkit.report.content.tables import Table
from trialkit.report.content.text import CrossReference, Paragraph
from trialkit.report.writers.column_widths import fits_upright


def with_wide_tables_last(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """The numbered sections, wide tables behind them and a sentence in the place of each."""
    wide = tuple(block for each in sections for block in each.all_blocks() if _is_wide(block))
    if not wide:
        return sections
    *stay, last = map(_without, sections)
    return (*stay, _ending_with(last, wide))


def _ending_with(section: Section, tables: tuple[Block, ...]) -> Section:
    """The section with tables behind everything in it, and under no head of their own."""
    if not section.sections:
        return replace(section, blocks=(*section.blocks, *tables))
    *stay, last = section.sections
    return replace(section, sections=(*stay, _ending_with(last, tables)))


def _without(section: Section) -> Section:
    return replace(
        section,
        blocks=tuple(_told(section.blocks)),
        sections=tuple(_without(each) for each in section.sections),
    )


def _told(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Table) and _is_wide(block):
            here = CrossReference(anchor=block.anchor, label=block.label)
            yield Paragraph(runs=(here, f", at the end, shows: {block.caption}."))
        else:
            yield block


def _is_wide(block: Block) -> bool:
    return isinstance(block, Table) and not fits_upright(block)
