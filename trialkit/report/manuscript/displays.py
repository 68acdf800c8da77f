"""Which tables and figures stand in the article, and which in the supplement."""

from dataclasses import dataclass, replace

from trialkit.report.content.content import Block, Figure, Section
from trialkit.report.content.tables import Table
from trialkit.report.content.text import CrossReference, Paragraph, Run
from trialkit.report.words.en.wording import lowered

KEPT_IN = frozenset({"flow-of-participants", "baseline", "outcome-results", "harms"})
"""The sections of the report whose tables an article has room for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """A section as the article has it, and the tables and figures that the supplement takes."""

    section: Section
    moved: tuple[Table | Figure, ...]


def parted(section: Section) -> Parted:
    """The section without what the article has no room for, and where that is to be found.

    Figures stay that lead the tables of their section: the flow of participants, and the course of
    a primary outcome. Those after the tables, and all of other sections, go.
    """
    moved = _moved(section)
    if not moved:
        return Parted(section=section, moved=())
    stays = tuple(block for block in section.blocks if block not in moved)
    gone = tuple(replace(each, supplementary=True, label="") for each in moved)
    return Parted(section=replace(section, blocks=(*stays, _where(moved))), moved=gone)


def _moved(section: Section) -> tuple[Table | Figure, ...]:
    keeps_tables = section.anchor in KEPT_IN
    found: list[Table | Figure] = []
    has_table = not keeps_tables
    for block in section.blocks:
        match block:
            case Table():
                has_table = True
                if not keeps_tables:
                    found.append(block)
            case Figure() if has_table:
                found.append(block)
            case _:
                pass
    return tuple(found)


def _where(moved: tuple[Table | Figure, ...]) -> Block:
    """What the supplement shows of this section."""
    runs: list[Run] = ["The supplement has more: "]
    for number, each in enumerate(moved):
        title = each.caption if isinstance(each, Table) else each.title
        runs += [", " if number else "", CrossReference(anchor=each.anchor), f" ({lowered(title)})"]
    return Paragraph(runs=(*runs, "."))
