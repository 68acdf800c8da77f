"""Each item of the guideline is answered where it belongs, or leaves a visible gap there."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeAlias

from trialkit.protocol.trial.registered import NotReported
from trialkit.report.content.author_text import AuthorText
from trialkit.report.content.claims import Claim, ClaimSource
from trialkit.report.content.content import Block, Section
from trialkit.report.content.text import Bullets, Gap, GapKind, Paragraph, Run
from trialkit.report.guidelines.checklist import (
    CORE,
    Guideline,
    Requirement,
    lacking,
    what_is_missing,
)
from trialkit.report.guidelines.statements import AuthorStatement
from trialkit.report.marks.citing import CITATION
from trialkit.report.marks.reading import protocol_runs
from trialkit.report.words.en.sentences.pooled import TOGETHER
from trialkit.report.words.en.unsaid import is_said
from trialkit.report.words.en.wording import sentence

SPIRIT = "spirit"
Told: TypeAlias = Mapping[str, tuple[Block | None, ...]]
"""What is said of each CONSORT item, in their order; None where the protocol says nothing."""
OF_EACH_GROUP = frozenset({"22a", "22b", "24a", "24b", "25", "26", "27"})
"""The items of the guideline that ask for something of each group."""
_CITED_AT_END = re.compile(rf"\s*{CITATION.pattern}\s*\Z")
_NOWHERE: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What there is to answer the guideline's items with, besides protocol and data."""

    guideline: Guideline
    statements: tuple[AuthorStatement, ...]
    not_reported: tuple[NotReported, ...]
    extensions: tuple[Guideline, ...] = ()
    """The other checklists, whose statements are printed beside the items they belong to."""
    pooled: bool = False
    """Whether the report tells of all participants together, and so of no group."""

    def to(
        self, item: str, *blocks: Block | None, elsewhere: tuple[str, ...] = ()
    ) -> tuple[Block, ...]:
        """These blocks, the author's statement on the item, and the gap that they leave.

        ``elsewhere`` names the parts of the item that another section answers: they are no gap
        here, and the checklist looks for them there.
        The first that has no anchor of its own carries the item's.
        """
        requirement = self.guideline[item]
        found: list[Block] = [block for block in blocks if block is not None]
        if self.pooled:
            found = [_of_no_group(block) for block in found]
        found.extend(self._statement(requirement))
        found.extend(self._gap(requirement, found, elsewhere))
        found.extend(self._on_extensions(item))
        for position, block in enumerate(found):
            if not block.anchor:
                found[position] = replace(block, anchor=requirement.anchor)
                break
        return tuple(found)

    def section(
        self,
        anchor: str,
        title: str,
        told: Told,
        *,
        elsewhere: Mapping[str, tuple[str, ...]] = _NOWHERE,
    ) -> Section:
        """A section that answers these items one after the other."""
        return Section(
            anchor=anchor,
            title=title,
            items=tuple(told),
            blocks=tuple(
                block
                for item, own in told.items()
                for block in self.to(item, *own, elsewhere=elsewhere.get(item, ()))
            ),
        )

    def _statement(self, requirement: Requirement) -> tuple[Block, ...]:
        """The author's words, if there are any; they answer the parts that are the author's."""
        said = [
            each
            for each in self.statements
            if each.item == requirement.number and each.checklist == CORE
        ]
        if not said:
            return ()
        return (worded(said[0], self.guideline),)

    def _on_extensions(self, item: str) -> Iterator[Block]:
        """The author's words on rows of the other checklists that belong beside this item."""
        beside = {
            (each.code, row.number): each
            for each in self.extensions
            for row in each.requirements
            if row.at == item
        }
        for statement in self.statements:
            guideline = beside.get((statement.checklist, statement.item))
            if guideline is not None:
                yield worded(statement, guideline)

    def _gap(
        self, requirement: Requirement, found: list[Block], elsewhere: tuple[str, ...]
    ) -> tuple[Gap, ...]:
        """What is still to be said, as a block that nobody overlooks.

        A pooled report says on its face what no data can fill in it; the checklist counts it.
        """
        item = requirement.number
        for each in self.not_reported:
            if each.item == item:
                return (
                    Gap(
                        item=item,
                        reason=GapKind.NOT_REPORTED,
                        title=f"Not reported \N{EN DASH} {self.guideline.short_name} {item}",
                        text=each.note,
                    ),
                )
        if any(isinstance(block, Gap) and block.item == item for block in found):
            return ()
        claims = [
            claim
            for block in found
            for claim in block.claims
            if claim.item == item and claim.checklist == CORE
        ]
        missing = lacking(requirement, claims)
        open_parts = tuple(part for part in missing if part not in elsewhere)
        if not open_parts:
            return ()
        wanted = tuple(part for part in open_parts if part in requirement.author)
        if self.pooled and not wanted:
            return ()
        head = "Author statement required" if wanted else "Not available"
        wanting = what_is_missing(claims, open_parts)
        return (
            Gap(
                item=item,
                reason=GapKind.STATEMENT if wanted else GapKind.DATA,
                title=f"{head} \N{EN DASH} {self.guideline.short_name} {item}",
                text=f"{wanting} {requirement.requirement}",
                remedy=_remedy(requirement, wanted),
                wanting=f"{requirement.topic}. {wanting}",
            ),
        )


def _of_no_group(block: Block) -> Block:
    """The block of a pooled report; what the guideline asks of each group it leaves unsaid."""
    if isinstance(block, Gap) or not block.claims:
        return block
    claims = (
        replace(each, lacks=TOGETHER)
        if each.item in OF_EACH_GROUP and each.checklist == CORE and not each.lacks
        else each
        for each in block.claims
    )
    return replace(block, claims=tuple(claims))


def _remedy(requirement: Requirement, wanted: tuple[str, ...]) -> str:
    """How the gap is filled: by a field, or by the author under the heads that are still wanting."""
    file = f"statements/{requirement.number}.md"
    if not wanted:
        return requirement.remedy
    if len(requirement.author) > 1:
        heads = ", ".join(f"## {part}" for part in wanted)
        each = "the head" if len(wanted) == 1 else "a head for each part:"
        file += f", with {each} {heads}"
    return f"{requirement.remedy} Or write {file}." if requirement.remedy else f"Write {file}."


def worded(statement: AuthorStatement, guideline: Guideline) -> Block:
    """The author's own words on an item, or why it does not apply; they answer the author's parts.

    Under heads each part has its own words; without any, all of them are for every part. Words that
    are a placeholder answer nothing: the gap stays beside them.
    """
    requirement = guideline[statement.item]
    if statement.not_applicable:
        gap = not_applicable(guideline, statement.item, statement.not_applicable)
        return replace(gap, checklist=guideline.code)
    if statement.parts:
        by_part = {each.part: each.paragraphs for each in statement.parts}
    else:
        by_part = dict.fromkeys(requirement.author, statement.paragraphs)
    return AuthorText(
        item=statement.item,
        blocks=statement.blocks,
        source=statement.source,
        claims=tuple(
            Claim(
                item=statement.item,
                part=part,
                source=ClaimSource.AUTHOR,
                among_others=not statement.parts and len(by_part) > 1,
                checklist=guideline.code,
            )
            for part, texts in by_part.items()
            if is_said(" ".join(texts), none_answers=requirement.none_answers)
        ),
        file=statement.file,
    )


def not_applicable(guideline: Guideline, item: str, reason: str) -> Gap:
    """That an item does not apply, and why."""
    return Gap(
        item=item,
        reason=GapKind.NOT_APPLICABLE,
        title=f"Not applicable \N{EN DASH} {guideline.short_name} {item}",
        text=reason,
    )


def answering(
    item: str,
    *parts: str,
    lacks: str = "",
    checklist: str = CORE,
    source: ClaimSource = ClaimSource.PROTOCOL,
) -> tuple[Claim, ...]:
    """That the protocol answers these parts of an item."""
    return tuple(
        Claim(item=item, part=part, source=source, lacks=lacks, checklist=checklist)
        for part in parts
    )


def planning(
    item: str, *parts: str, lacks: str = "", source: ClaimSource = ClaimSource.PROTOCOL
) -> tuple[Claim, ...]:
    """The same of SPIRIT, where no part of a CONSORT item asks for as much; a report passes it over."""
    return answering(item, *parts, lacks=lacks, checklist=SPIRIT, source=source)


def stated(
    text: str, claims: tuple[Claim, ...], *, head: str = "", none_answers: bool = False
) -> Paragraph | None:
    """A free text of the protocol that answers claims; None when it is empty.

    A text that says that nothing is reported is printed, and answers nothing.
    """
    if not text.strip():
        return None
    words = f"{head}: {_sentence(text)}" if head else _sentence(text)
    answers = is_said(text, none_answers=none_answers)
    return Paragraph(runs=protocol_runs(words), claims=in_words(claims) if answers else ())


def _sentence(text: str) -> str:
    """The text with a full stop, unless one stands before the citation that it ends with."""
    told = _CITED_AT_END.sub("", text)
    return text.strip() if told != text and sentence(told) == told else sentence(text)


def in_words(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """The claims as made by a free text, which nobody but a reader can judge."""
    return tuple(replace(each, source=ClaimSource.WORDS) for each in claims)


def said(
    item: str, part: str, text: str, *, head: str = "", none_answers: bool = False
) -> Paragraph | None:
    """A text of the protocol that answers a part of an item; None when it is empty."""
    return stated(text, answering(item, part), head=head, none_answers=none_answers)


def listed(
    item: str, part: str, texts: tuple[str, ...], *, head: str, none_answers: bool = False
) -> Bullets | None:
    """A list of the protocol's texts that answers a part of an item; None when it is empty."""
    if not texts:
        return None
    silent = [text for text in texts if not is_said(text, none_answers=none_answers)]
    lacks = f"{', '.join(map(repr, silent))} says nothing" if silent else ""
    claims = answering(item, part, lacks=lacks) if len(silent) < len(texts) else ()
    return Bullets(
        items=tuple(protocol_runs(text) for text in texts),
        lead=head,
        claims=in_words(claims),
    )


def says(
    item: str, part: str, *runs: Run, source: ClaimSource, lacks: str = "", anchor: str = ""
) -> Paragraph:
    """A paragraph that answers one part of an item."""
    claim = Claim(item=item, part=part, source=source, lacks=lacks)
    return Paragraph(runs=runs, anchor=anchor, claims=(claim,))
