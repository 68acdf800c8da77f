"""The author's words on checklist items that no data can fill: ``statements/<item>.md``.

A statement is small Markdown (``report/marks/``): paragraphs, emphasis, lists, tables, raised and lowered
text, links and citations; what else looks like markup is printed as it stands. ``## bias`` on a line of
its own begins what is said of one part of an item that asks several things.

Checklist and lint read the plain words; the report prints the blocks.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from trialkit.disk.reading import bytes_within, reading
from trialkit.errors import ReportError
from trialkit.limits import LARGEST_STATEMENT
from trialkit.protocol.tables.choices import suggestion
from trialkit.report.content.author_text import AuthorBlock, plain_paragraphs
from trialkit.report.content.text import Paragraph, Run
from trialkit.report.guidelines.checklist import CORE, Guideline
from trialkit.report.marks.citing import citations_in
from trialkit.report.marks.reading import TextPlace, read_blocks
from trialkit.report.words.en.wording import capitalised, listing

NOT_APPLICABLE = re.compile(
    r"not applicable\s*[:.\N{EN DASH}\N{EM DASH}-]\s*(?P<reason>.*)", re.IGNORECASE | re.DOTALL
)
_READ_ME = "readme.md"


_HEAD = re.compile(r"#{1,6}(?P<blank>[ \t]*)(?P<part>[^\s#].*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedPart:
    """What a statement says under the head of one part of its item."""

    part: str
    blocks: tuple[AuthorBlock, ...]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The plain words, a text for each paragraph."""
        return plain_paragraphs(self.blocks)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorStatement:
    """What the author says on one checklist item."""

    item: str
    blocks: tuple[AuthorBlock, ...]
    """All of it as it is printed, each head run in before what stands under it."""
    file: str
    source: str = ""
    """The file's text as it was written, but for its line ends."""
    parts: tuple[StatedPart, ...] = ()
    """What is said of each part of the item that has a head."""
    checklist: str = CORE
    """The code of the checklist that the item belongs to."""
    not_applicable: str = ""
    """The reason why the item does not apply, when that is what the statement says."""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The plain words of all of it, a text for each paragraph."""
        return plain_paragraphs(self.blocks)


def read_statements(
    folder: Path, guideline: Guideline, others: tuple[Guideline, ...] = ()
) -> tuple[AuthorStatement, ...]:
    """The statements in ``folder``, in the order of the guidelines; none when there is no folder.

    A statement on an item of one of the ``others`` has that checklist's code before the item, as
    ``npt-5b.md``. Files that are empty are passed over: their gaps stay visible. ``README.md`` and hidden files
    are not statements. Raises :class:`ReportError` for a file that names no item, for one that is
    not UTF-8, and for "Not applicable" on an item that always applies.
    """
    if not folder.is_dir():
        return ()
    found: dict[tuple[str, str], AuthorStatement] = {}
    for path in sorted(folder.iterdir()):
        if path.is_dir() or path.name.startswith(".") or path.name.lower() == _READ_ME:
            continue
        own, item = _item(path, guideline, others)
        text = _text(path)
        if text.strip():
            found[own.code, item] = _statement(item, text, path, own)
    places = ((each.code, number) for each in (guideline, *others) for number in each.numbers)
    return tuple(found[place] for place in places if place in found)


def statement_of(text: str, statement: AuthorStatement, guideline: Guideline) -> AuthorStatement:
    """What this statement says with another text.

    Raises :class:`ReportError` where the text could not stand in its file.
    """
    return _statement(statement.item, text, Path(statement.file), guideline)


def _item(path: Path, guideline: Guideline, others: tuple[Guideline, ...]) -> tuple[Guideline, str]:
    known = list(guideline.numbers)
    if path.suffix == ".md" and path.stem in known:
        return guideline, path.stem
    code, _, item = path.stem.partition("-")
    for each in others:
        if path.suffix == ".md" and code == each.code:
            if any(row.number == item and row.author for row in each.requirements):
                return each, item
            open_rows = [f"{code}-{row.number}.md" for row in each.requirements if row.author]
            raise ReportError(
                f"statements/{path.name}: {each.name} has no item {item!r} that a statement can "
                f"answer; those that one can are {', '.join(open_rows)}"
            )
    near = suggestion(path.stem.lower(), known)
    named = near or "; name it after its item, such as 6.md or 5b.md"
    raise ReportError(
        f"statements/{path.name}: names no item of {guideline.name} "
        f"(known are {known[0]} to {known[-1]}, each as <item>.md){named}"
    )


def _text(path: Path) -> str:
    if not path.resolve().is_relative_to(path.parents[1].resolve()):
        raise ReportError(
            f"statements/{path.name}: leads out of the trial's folder; put the file itself there"
        )
    with reading(f"statements/{path.name}"):
        content = bytes_within(path, LARGEST_STATEMENT)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReportError(
            f"statements/{path.name}: byte {error.start} is not UTF-8; save the file as UTF-8 text"
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """Lines that follow each other, and the number of the first one."""

    lines: list[str]
    first_line: int

    def read(self, file: str) -> tuple[AuthorBlock, ...]:
        return read_blocks("\n".join(self.lines), TextPlace(file=file, first_line=self.first_line))


def _told_apart(
    text: str, parts: tuple[str, ...], file: str
) -> tuple[_Stretch, dict[str, _Stretch]]:
    """What stands before the first head, and what is said under each.

    Raises :class:`ReportError` for a head that names none of these parts, or one that is there twice.
    """
    spelled = {each.casefold(): each for each in parts}
    before = open_stretch = _Stretch(lines=[], first_line=1)
    said: dict[str, _Stretch] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        head = _HEAD.fullmatch(line.strip())
        read = "" if head is None else " ".join(head["part"].strip(" \t#").casefold().split())
        part = spelled.get(read, read)
        if head is None or not (head["blank"] or part in parts or suggestion(part, list(parts))):
            open_stretch.lines.append(line)  # "#1 of the series"
            continue
        if part not in parts:
            known = listing([f"## {each}" for each in parts], last="or")
            raise ReportError(
                f"{file}: the head {part!r} names no part of the item{suggestion(part, list(parts))}; "
                f"its heads are {known}"
            )
        if part in said:
            raise ReportError(
                f"{file}: the head {part!r} is there twice; join what stands under it"
            )
        said[part] = open_stretch = _Stretch(lines=[], first_line=number + 1)
    return before, said


def _refuse_parts_that_do_not_apply(
    parts: tuple[StatedPart, ...], file: str, *, whole: bool
) -> None:
    """Raise :class:`ReportError` where "not applicable" stands beside heads, or under one."""
    for each in parts:
        if whole or NOT_APPLICABLE.match(" ".join(each.paragraphs)):
            raise ReportError(
                f"{file}: 'not applicable' answers a whole item, and stands without heads; under "
                f"'## {each.part}' say in a sentence what was done, or that nothing was"
            )


def _under_its_head(told: StatedPart) -> tuple[AuthorBlock, ...]:
    """The head, run in before the first words."""
    lead = f"{capitalised(told.part)}."
    first = told.blocks[0] if told.blocks else None
    if isinstance(first, Paragraph):
        return (replace(first, runs=_led(lead, first.runs)), *told.blocks[1:])
    return (Paragraph(runs=(lead,)), *told.blocks)


def _led(lead: str, runs: tuple[Run, ...]) -> tuple[Run, ...]:
    first = runs[0]
    return (f"{lead} {first}", *runs[1:]) if isinstance(first, str) else (f"{lead} ", *runs)


def _statement(item: str, text: str, path: Path, guideline: Guideline) -> AuthorStatement:
    file, own = f"statements/{path.name}", guideline[item].author
    if len(own) > 1:
        before, said = _told_apart(text, own, file)
    else:
        before, said = _Stretch(lines=text.split("\n"), first_line=1), {}
    parts = tuple(StatedPart(part=part, blocks=each.read(file)) for part, each in said.items())
    told = (block for each in parts for block in _under_its_head(each))
    blocks = (*before.read(file), *told)
    paragraphs = plain_paragraphs(blocks)
    claim = NOT_APPLICABLE.match(" ".join(paragraphs))
    _refuse_parts_that_do_not_apply(parts, file, whole=claim is not None)
    if claim is None:
        return AuthorStatement(
            item=item, blocks=blocks, file=file, source=text, parts=parts, checklist=guideline.code
        )
    if not guideline[item].may_be_na:
        allowed = ", ".join(each.number for each in guideline.requirements if each.may_be_na)
        raise ReportError(
            f"{file}: item {item} ({guideline[item].topic}) always applies; "
            f"only {allowed} may be not applicable. Say what was done, or that nothing was."
        )
    reason = claim["reason"].strip()
    if any(place.works for place in citations_in(text)):
        raise ReportError(
            f"{file}: cites a work in the reason why an item does not apply, which stands in a box "
            "without citations; cite it in the statement of another item"
        )
    if not reason:
        raise ReportError(f"{file}: says not applicable without a reason; add one after the colon")
    return AuthorStatement(
        item=item,
        blocks=blocks,
        file=file,
        source=text,
        checklist=guideline.code,
        not_applicable=reason,
    )
