"""The Markdown of an edited statement: what was not edited stays as its author wrote it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from trialkit.report.content.author_text import AuthorBlock, AuthorList
from trialkit.report.content.marks import MarkedText
from trialkit.report.content.text import Paragraph, Run, words_of
from trialkit.report.marks.reading import tidied
from trialkit.report.marks.writing import without_looks, written_block
from trialkit.report.words.en.wording import capitalised
from trialkit.steps.returned.pieces import Head, SourcePiece

_BETWEEN = "\n\n"
Said = AuthorBlock | Head


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The new text of a statement."""

    text: str
    unwritable: tuple[str, ...] = ()
    """The beginnings of blocks that no Markdown says."""
    plainer: tuple[str, ...] = ()
    """The beginnings of blocks whose emphasis no Markdown says, and that have none now."""


def with_heads(blocks: Sequence[AuthorBlock], parts: Sequence[str]) -> tuple[Said, ...]:
    """The blocks of a document, the heads that are run in before them told apart again."""
    waiting = {f"{capitalised(part)}.": part for part in parts}
    return tuple(said for block in blocks for said in _told_apart(block, waiting))


def merged(pieces: Sequence[SourcePiece], said: Sequence[Said]) -> Merged:
    """The pieces that the document still says, as they were written, and what is new in it."""
    base = [each for piece in pieces for each in _said_by(piece)]
    owners = [number for number, piece in enumerate(pieces) for _ in _said_by(piece)]
    kept = _kept(base, owners, said)
    texts: list[str] = []
    unwritable: list[str] = []
    plainer: list[str] = []
    position = 0
    before: int | None = None
    while position < len(said):
        owner = kept.get(position)
        if owner is not None:
            _join(texts, pieces, before, owner)
            texts.append(pieces[owner].text)
            position += len(list(_said_by(pieces[owner])))
            before = owner
            continue
        each = said[position]
        second = (
            isinstance(each, AuthorList)
            and position > 0
            and isinstance(said[position - 1], AuthorList)
        )
        text = f"## {each.part}" if isinstance(each, Head) else written_block(each, second=second)
        if text is None and not isinstance(each, Head):
            text = written_block(without_looks(each), second=second)
            plainer += [] if text is None else [_beginning(each)]
        if text is None:
            unwritable.append(_beginning(each))
        else:
            _join(texts, pieces, before, None)
            texts.append(text)
        position, before = position + 1, None
    ending = pieces[-1].apart if pieces else "\n"
    return Merged(
        text="".join(texts) + ending, unwritable=tuple(unwritable), plainer=tuple(plainer)
    )


def _join(
    texts: list[str], pieces: Sequence[SourcePiece], before: int | None, after: int | None
) -> None:
    """What stands between two pieces: what stood there, where they follow each other as they did.

    Under a head what is new stands as what was there.
    """
    if not texts:
        return
    if before is None:
        texts.append(_BETWEEN)
    else:
        piece = pieces[before]
        follows = after == before + 1 or isinstance(piece.says, Head)
        texts.append(piece.apart if follows else _BETWEEN)


def _kept(base: Sequence[Said], owners: Sequence[int], said: Sequence[Said]) -> dict[int, int]:
    """Which piece begins at a place of the document, of those whose blocks are all still there."""
    keys, own = [repr(each) for each in base], [repr(each) for each in said]
    sizes = Counter(owners)
    found: dict[int, int] = {}
    for match in SequenceMatcher(None, keys, own, autojunk=False).get_matching_blocks():
        for step in range(match.size):
            place = match.a + step
            owner = owners[place]
            begins = place == 0 or owners[place - 1] != owner
            if begins and step + sizes[owner] <= match.size:
                found[match.b + step] = owner
    return found


def _said_by(piece: SourcePiece) -> Iterator[Said]:
    if isinstance(piece.says, Head):
        yield piece.says
    else:
        yield from piece.says


def _told_apart(block: AuthorBlock, waiting: dict[str, str]) -> Iterator[Said]:
    if isinstance(block, Paragraph) and block.runs:
        first = block.runs[0]
        for lead, part in waiting.items():
            rest = _without(first, lead)
            if rest is not None:
                del waiting[lead]
                yield Head(part=part)
                runs = tidied((rest, *block.runs[1:]))
                if runs:
                    yield Paragraph(runs=runs)
                return
    yield block


def _without(first: Run, lead: str) -> Run | None:
    """The run without the head that it begins with; None where it begins with another."""
    if isinstance(first, str) and (first == lead or first.startswith(f"{lead} ")):
        return first[len(lead) :]
    if isinstance(first, MarkedText) and first.text.strip() == lead:
        return ""
    return None


def _beginning(said: Said) -> str:
    if isinstance(said, Paragraph):
        return words_of(said.runs)[:60]
    return "a list" if isinstance(said, AuthorList) else "a table"
