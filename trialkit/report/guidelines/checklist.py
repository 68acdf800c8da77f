"""The reporting guideline's rows, and what a report really says about each of them."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Any

import pandas as pd

from trialkit.errors import ReportError
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.trial.registered import NotReported
from trialkit.report.content.checklists import (
    Checklist,
    ChecklistRow,
    Place,
    RowStatus,
    answered_by,
)
from trialkit.report.content.claims import Claim, ClaimSource
from trialkit.report.content.content import Block, Section
from trialkit.report.content.tables import Table
from trialkit.report.content.text import Gap, GapKind, PrintedNumber
from trialkit.report.words.en.wording import listing

CORE = "consort"
COLUMNS = (
    "checklist",
    "item",
    "section",
    "topic",
    "requirement",
    "status",
    "place",
    "anchor",
    "source",
    "evidence",
    "note",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A row of the guideline: what must be said, and who can say it."""

    number: str
    group: str
    topic: str
    requirement: str
    parts: tuple[str, ...]
    author: tuple[str, ...] = ()
    may_be_na: bool = False
    none_answers: bool = False
    """Whether "None" is an answer: of interests or changes it is, of how something was done it is not."""
    remedy: str = ""
    core: Mapping[str, str] = field(default_factory=dict)
    """Parts that are said as soon as a part of a CONSORT item is, as ``"2: date of registration"``."""
    at: str = ""
    """The CONSORT item beside which the author's statement on this row is printed."""

    @property
    def anchor(self) -> str:
        """Where the report answers the row, or shows that it does not."""
        return f"item-{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guideline:
    """A reporting guideline, each of whose rows is answered, partly answered or a visible gap."""

    name: str
    attribution: str
    requirements: tuple[Requirement, ...]
    code: str = "consort"

    def __getitem__(self, number: str) -> Requirement:
        return next(each for each in self.requirements if each.number == number)

    @property
    def short_name(self) -> str:
        """The guideline's name without its year, as it labels an item."""
        return self.name.split()[0]

    def borrowed(self) -> Mapping[tuple[str, str], tuple[tuple[str, str], ...]]:
        """For each part of a CONSORT item, the rows and parts here that it answers too."""
        found: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}
        for each in self.requirements:
            for part, source in each.core.items():
                item, _, name = source.partition(": ")
                found[item, name] = (*found.get((item, name), ()), (each.number, part))
        return found

    @property
    def numbers(self) -> tuple[str, ...]:
        """The rows' numbers, in the guideline's order."""
        return tuple(each.number for each in self.requirements)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistAnswer:
    """A claim with the place where it is made and what the words there were made from."""

    claim: Claim
    place: Place
    evidence: tuple[str, ...]


def consort_2025() -> Guideline:
    """The 42 rows of CONSORT 2025."""
    return read_guideline("consort_2025")


def read_guideline(name: str) -> Guideline:
    """A guideline by the name of its file among the package's checklists."""
    tables = tables_of(name)
    return Guideline(
        name=tables["guideline"],
        attribution=tables["attribution"],
        requirements=tuple(_requirement(row) for row in tables["rows"]),
        code=tables.get("code", CORE),
    )


def tables_of(name: str) -> dict[str, Any]:
    """A file of the package's checklists."""
    text = (files("trialkit.report.guidelines") / "checklists" / f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


def fill_checklist(
    guideline: Guideline,
    sections: Iterable[Section],
    *,
    head: tuple[Claim, ...] = (),
    not_reported: tuple[NotReported, ...] = (),
) -> Checklist:
    """What these sections say about each row; ``head`` is what the report's title answers.

    Claims on other checklists are passed over.

    A row is answered when blocks that are there claim each of its parts and none of them lacks
    anything, by data, fields or the author's words; *partial* when they claim some, *missing* when
    they claim none.
    """
    notes = {each.item: each.note for each in not_reported}
    is_core = guideline.code == CORE
    if is_core:
        _refuse_unknown(notes, guideline)
    found, excused = _gathered(guideline, sections, head, notes)
    rows = tuple(
        _row(
            each,
            tuple(found[each.number]),
            note=notes.get(each.number, "") if is_core else "",
            excused=excused,
            is_core=is_core,
        )
        for each in guideline.requirements
    )
    return Checklist(
        guideline=guideline.name,
        attribution=guideline.attribution,
        rows=rows,
        code=guideline.code,
    )


def _gathered(
    guideline: Guideline,
    sections: Iterable[Section],
    head: tuple[Claim, ...],
    notes: Mapping[str, str],
) -> tuple[dict[str, list[ChecklistAnswer]], dict[str, str]]:
    """The answers to each row, and the rows that do not apply with their reasons."""
    found: dict[str, list[ChecklistAnswer]] = {number: [] for number in guideline.numbers}
    excused: dict[str, str] = {}
    borrowed = guideline.borrowed()
    for claim in head:
        for own in _on(guideline, claim, borrowed, notes):
            place = Place(anchor="title", text="Title")
            _file_claim(found, own, place, evidence=("protocol.toml",))
    for section in (each for top in sections for each in top.all_sections()):
        for block in section.blocks:
            for claim in block.claims:
                for own in _on(guideline, claim, borrowed, notes):
                    place = _place(claim, block, section)
                    _file_claim(found, own, place, evidence=evidence_of(claim, block))
            if isinstance(block, Gap) and block.reason is GapKind.NOT_APPLICABLE:
                _excuse(excused, block, guideline, borrowed)
    return found, excused


def _refuse_unknown(items: Iterable[str], guideline: Guideline) -> None:
    for item in items:
        if item not in guideline.numbers:
            near = suggestion(item, list(guideline.numbers))
            raise ReportError(
                f"[[not_reported]] names item {item!r}, which {guideline.name} does not have{near}"
            )


def checklists_frame(checklists: Iterable[Checklist]) -> pd.DataFrame:
    """The checklists as they are written to ``checklist.csv``, one row an item, all text."""
    rows = [
        (
            checklist.guideline,
            row.number,
            row.group,
            row.topic,
            row.requirement,
            row.status.value,
            "; ".join(place.text for place in row.places),
            " ".join(place.anchor for place in row.places),
            ", ".join(source.value for source in row.sources),
            "; ".join(row.evidence),
            row.note,
        )
        for checklist in checklists
        for row in checklist.rows
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def lacking(requirement: Requirement, claims: Iterable[Claim]) -> tuple[str, ...]:
    """The parts of a row that are not answered in full.

    A part is answered when claims are made on it and none of them lacks anything, or when the
    author answers it.
    """
    answered = set[str]()
    full, wanting = set[str](), set[str]()
    for claim in claims:
        (wanting if claim.lacks else full).add(claim.part)
        if claim.source is ClaimSource.AUTHOR:
            answered.add(claim.part)
    answered |= full - wanting
    return tuple(part for part in requirement.parts if part not in answered)


def _requirement(row: Mapping[str, object]) -> Requirement:
    values = {key: tuple(each) if isinstance(each, list) else each for key, each in row.items()}
    return Requirement(**values)  # type: ignore[arg-type]


def evidence_of(claim: Claim, block: Block) -> tuple[str, ...]:
    """What a block that makes a claim was made from, so that a reader can go and look."""
    if claim.source is ClaimSource.AUTHOR:
        return (getattr(block, "file", "") or "statements/",)
    if claim.source in {ClaimSource.PROTOCOL, ClaimSource.WORDS}:
        return ("protocol.toml",)
    stated, datasets = printed_by(block)
    rows = (f"results.csv ({stated} rows)",) if stated else ()
    return (*rows, *(f"dataset {name}" for name in datasets)) or ("data/",)


def printed_by(block: Block) -> tuple[int, tuple[str, ...]]:
    """How many rows of the results a block prints, and from which datasets it counts."""
    results: set[str] = set()
    datasets: dict[str, None] = {}
    if isinstance(block, Table):
        for row in block.rows:
            for cell in row.cells:
                results.update(cell.results)
                if cell.dataset:
                    datasets[cell.dataset] = None
    runs = [run for each in getattr(block, "entries", ()) for run in each.runs]
    for run in (*getattr(block, "runs", ()), *runs):
        if isinstance(run, PrintedNumber):
            results.update(run.results)
    return len(results), tuple(datasets)


def _on(
    guideline: Guideline,
    claim: Claim,
    borrowed: Mapping[tuple[str, str], tuple[tuple[str, str], ...]],
    notes: Mapping[str, str],
) -> Iterator[Claim]:
    """What a claim says of this guideline: itself, or the rows that borrow the answer.

    What the protocol lists under ``[[not_reported]]`` is not reported to a borrower either.
    """
    if claim.checklist == guideline.code:
        yield claim
    elif claim.checklist == CORE:
        lacks = claim.lacks or notes.get(claim.item, "").rstrip(".")
        for number, part in borrowed.get((claim.item, claim.part), ()):
            yield replace(claim, item=number, part=part, lacks=lacks, checklist=guideline.code)


def _excuse(
    excused: dict[str, str],
    gap: Gap,
    guideline: Guideline,
    borrowed: Mapping[tuple[str, str], tuple[tuple[str, str], ...]],
) -> None:
    """An item that does not apply excuses the rows that borrow all they ask for from it."""
    if gap.checklist == guideline.code:
        excused[gap.item] = gap.text
    if gap.checklist != CORE or guideline.code == CORE:
        return
    for (item, _), places in borrowed.items():
        if item == gap.item:
            excused.update((number, gap.text) for number, _ in places)


def _file_claim(
    found: dict[str, list[ChecklistAnswer]],
    claim: Claim,
    place: Place,
    *,
    evidence: tuple[str, ...],
) -> None:
    if claim.item not in found:
        raise ReportError(f"a block claims item {claim.item!r}, which the guideline does not have")
    found[claim.item].append(ChecklistAnswer(claim=claim, place=place, evidence=evidence))


def _place(claim: Claim, block: Block, section: Section) -> Place:
    """The block itself where it is numbered, else the item's first block in its section."""
    label = getattr(block, "label", "")
    item = f"item-{claim.item}"
    anchored = any(each.anchor == item for each in section.blocks)
    own = item if claim.checklist == CORE and anchored else section.anchor
    return Place(anchor=block.anchor or own, text=label or section.title)


def _row(
    requirement: Requirement,
    answers: tuple[ChecklistAnswer, ...],
    *,
    note: str,
    excused: Mapping[str, str],
    is_core: bool,
) -> ChecklistRow:
    claims = tuple(each.claim for each in answers)
    strange = [claim.part for claim in claims if claim.part not in requirement.parts]
    if strange:
        raise ReportError(f"item {requirement.number} has no part {strange[0]!r}")
    open_parts = lacking(requirement, claims)
    if note:
        by_author = any(claim.source is ClaimSource.AUTHOR for claim in claims)
        status = RowStatus.PARTIAL if by_author else RowStatus.MISSING
    elif requirement.number in excused and not claims:
        status, note = RowStatus.NOT_APPLICABLE, excused[requirement.number]
    elif not open_parts:
        status = answered_by(claim.source for claim in claims)
        note = _not_told_apart(claims)
    else:
        status = RowStatus.PARTIAL if claims else RowStatus.MISSING
        note = what_is_missing(claims, open_parts)
        if not is_core and any(part in requirement.author for part in open_parts):
            note = f"{note} {requirement.remedy}".strip()
    places = tuple(dict.fromkeys(each.place for each in answers))
    if not places and is_core:
        places = (Place(anchor=requirement.anchor, text=requirement.topic),)
    return ChecklistRow(
        number=requirement.number,
        group=requirement.group,
        topic=requirement.topic,
        requirement=requirement.requirement,
        status=status,
        places=places,
        sources=tuple(
            source for source in ClaimSource if source in {each.source for each in claims}
        ),
        note=note,
        evidence=tuple(dict.fromkeys(text for each in answers for text in each.evidence)),
    )


def _not_told_apart(claims: tuple[Claim, ...]) -> str:
    """That one text stands for several parts, of which nobody has told it apart; empty for none."""
    parts = list(dict.fromkeys(claim.part for claim in claims if claim.among_others))
    if not parts:
        return ""
    return (
        f"One text stands for {listing(parts)}; a head for each of them in the file "
        f"(## {parts[0]}) lets each be asked for."
    )


def what_is_missing(claims: Iterable[Claim], open_parts: tuple[str, ...]) -> str:
    """Which parts of an item are open, and why where it is known, in a line."""
    reasons: dict[str, dict[str, None]] = {}
    for claim in claims:
        if claim.lacks:
            reasons.setdefault(claim.part, {})[claim.lacks] = None
    said = (
        f"{part} ({'; '.join(reasons[part])})" if part in reasons else part for part in open_parts
    )
    return f"Still to be said: {', '.join(said)}."
