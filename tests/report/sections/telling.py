"""What the blocks of a section say and answer, in the order in which they stand."""

from collections.abc import Iterable

from trialkit.report.content.author_text import AuthorText
from trialkit.report.content.claims import Claim
from trialkit.report.content.content import Block, Section
from trialkit.report.content.text import (
    Bullets,
    CrossReference,
    Definitions,
    Gap,
    Paragraph,
    Run,
    WebAddress,
)
from trialkit.report.guidelines.answers import Answers
from trialkit.report.guidelines.checklist import consort_2025
from trialkit.report.guidelines.statements import AuthorStatement

NO_ANSWERS = Answers(guideline=consort_2025(), statements=(), not_reported=())


def answers_of(*statements: AuthorStatement) -> Answers:
    return Answers(guideline=consort_2025(), statements=statements, not_reported=())


def plain(runs: Iterable[Run]) -> str:
    """Runs as text: a reference is what it points to, in brackets, a web address its own."""

    def text(run: Run) -> str:
        if isinstance(run, CrossReference):
            return f"[{run.anchor}]"
        if isinstance(run, WebAddress):
            return run.url
        return run if isinstance(run, str) else run.text

    return "".join(map(text, runs))


def told(block: Block) -> str:
    """A block in a line; of a table, figure or gap what it is."""
    match block:
        case Paragraph():
            return plain(block.runs)
        case Bullets():
            return f"{block.lead}: " + " | ".join(plain(item) for item in block.items)
        case Definitions():
            lines = [f"{entry.term} = {plain(entry.runs)}" for entry in block.entries]
            return f"{block.lead}: " + " | ".join(lines)
        case AuthorText():
            return " ".join(block.paragraphs)
        case Gap():
            return f"gap {block.item} {block.reason.value}"
        case _:
            return f"{block.kind} {block.anchor}"


def told_by(blocks: Iterable[Block | None]) -> list[str]:
    return [told(block) for block in blocks if block is not None]


def outline(section: Section) -> list[tuple[str, str, tuple[str, ...]]]:
    """Anchor, title and items of a section and of those in it."""
    return [(each.anchor, each.title, each.items) for each in section.all_sections()]


def part(section: Section, anchor: str) -> Section:
    return next(each for each in section.all_sections() if each.anchor == anchor)


def answered(claims: Iterable[Claim], *, checklist: str = "consort") -> dict[tuple[str, str], str]:
    """What is lacking of each part of an item that claims answer."""
    return {(each.item, each.part): each.lacks for each in claims if each.checklist == checklist}
