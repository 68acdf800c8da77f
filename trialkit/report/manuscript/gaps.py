"""Gaps of the report as an article has them: words to replace, and why in a comment beside them."""

from dataclasses import replace

from trialkit.report.content.content import Block, Section
from trialkit.report.content.text import Gap, GapKind, Paragraph, ToWrite
from trialkit.report.words.en.wording import capitalised, sentence


def with_gaps_to_write(section: Section) -> Section:
    """The same section, each of its gaps as words that the author replaces."""
    return replace(
        section,
        blocks=tuple(_shown(block) for block in section.blocks),
        sections=tuple(with_gaps_to_write(each) for each in section.sections),
    )


def to_write(asked: str, *, advice: str = "") -> ToWrite:
    """A visible hole in a text, in brackets; ``advice`` says more of it where that is wanted."""
    return ToWrite(text=f"[{asked}]", advice=advice)


def advice_of(gap: Gap) -> str:
    """What the report says in its box: who asks, for what, and where it is written."""
    return " ".join(filter(None, (f"{gap.title}.", gap.text, gap.remedy)))


def _shown(block: Block) -> Block:
    """What does not apply is said as it stands; what the protocol says is not reported is marked."""
    if not isinstance(block, Gap):
        return block
    match block.reason:
        case GapKind.NOT_APPLICABLE:
            return Paragraph(runs=(sentence(capitalised(block.text)),), anchor=block.anchor)
        case GapKind.NOT_REPORTED:
            run = ToWrite(text=sentence(block.text), advice=f"{block.title}.")
        case GapKind.STATEMENT | GapKind.DATA:
            run = to_write(block.wanting or block.text, advice=advice_of(block))
    return Paragraph(runs=(run,), anchor=block.anchor)
