"""A statement's Markdown in pieces: what each block and each head was written as, and what it says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trialkit.report.content.author_text import AuthorBlock
from trialkit.report.guidelines.statements import AuthorStatement
from trialkit.report.marks.grammar import markdown
from trialkit.report.marks.reading import TextPlace, read_blocks
from trialkit.report.marks.writing import comparable

_HEAD = re.compile(r"\s*#{1,6}\s*(?P<part>[^\s#].*?)[\s#]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a part of an item, which is printed run in before its first words."""

    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePiece:
    """A block or a head as its author wrote it."""

    text: str
    says: tuple[AuthorBlock, ...] | Head
    apart: str
    """What stands between it and the next one: blank lines."""


def source_pieces(statement: AuthorStatement) -> tuple[SourcePiece, ...]:
    """The pieces of a statement, whose texts and blank lines together are its source."""
    lines = statement.source.split("\n")
    parts = {each.part for each in statement.parts}
    heads = [number for number, line in enumerate(lines) if _part(line) in parts]
    spans: list[tuple[int, int, Head | None]] = []
    for start, end in zip([-1, *heads], [*heads, len(lines)], strict=True):
        if start >= 0:
            spans.append((start, start + 1, Head(part=_part(lines[start]))))
        first = start + 1
        text = "\n".join(lines[first:end])
        spans += [(first + begins, first + ends, None) for begins, ends in _spans(text)]
    return tuple(_pieces(lines, spans))


def _pieces(lines: list[str], spans: list[tuple[int, int, Head | None]]) -> Iterator[SourcePiece]:
    following = [begins for begins, _, _ in spans[1:]] + [len(lines)]
    for (begins, ends, head), next_begins in zip(spans, following, strict=True):
        text = "\n".join(lines[begins:ends]).rstrip("\n")
        whole = "\n".join(lines[begins:next_begins])
        last = next_begins == len(lines)
        blocks = () if head else read_blocks(text, TextPlace(file=""))
        yield SourcePiece(
            text=text,
            says=head or tuple(comparable(each) for each in blocks),
            apart=whole[len(text) :] + ("" if last else "\n"),
        )


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """The first line of each block, and the line after its last."""
    for token in markdown().parse(text):
        if token.level == 0 and token.nesting >= 0 and token.map is not None:
            yield token.map[0], token.map[1]


def _part(line: str) -> str:
    found = _HEAD.fullmatch(line)
    return "" if found is None else " ".join(found["part"].casefold().split())
