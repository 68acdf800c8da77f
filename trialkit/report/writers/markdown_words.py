"""Runs and the author's blocks as Markdown: nothing in a text can become markup that the author did not set."""

import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from trialkit.printable import fit_for_xml
from trialkit.report.content.author_text import AuthorBlock, AuthorList, AuthorTable, ColumnSide
from trialkit.report.content.marks import Citation, MarkedText, Position
from trialkit.report.content.text import (
    CrossReference,
    Paragraph,
    PrintedNumber,
    Run,
    ToWrite,
    WebAddress,
)

_ONLY_AT_START = re.compile(r"\A(\s*)(#+|(?:[+\-]|[0-9]{1,9}[.)]|=+|-+)(?=\s|\Z))")
_IN_LINE = re.compile(r"([\\`*_\[\]|<>~$])")
_ENTITY = re.compile(r"&(?=#?[0-9A-Za-z]+;)")
_ADDRESS = re.compile(r"(?i)(https?:|www\.|ftp:)")
_SPACES = re.compile(r"\s+")
_NOT_IN_TARGET = re.compile(r"[\\()<>\s]")
_RULES = {ColumnSide.LEFT: ":--", ColumnSide.CENTRE: ":-:", ColumnSide.RIGHT: "--:"}


def escaped(text: str, *, begins: bool = True) -> str:
    """The text on one line, with nothing in it that Markdown or HTML would take for markup.

    Where it ``begins`` the line, what would make a list or a heading of it is escaped too.
    """
    line = _SPACES.sub(
        lambda found: found[0] if found[0] in _KEPT else " ", fit_for_xml(text)
    ).strip()
    line = _IN_LINE.sub(r"\\\1", line)
    line = _ENTITY.sub("&amp;", line)
    line = _ADDRESS.sub(lambda found: f"{found[0][:-1]}<span></span>{found[0][-1]}", line)
    if not begins:
        return line
    return _ONLY_AT_START.sub(lambda found: f"{found[1]}{_escaped_start(found[2])}", line)


_KEPT = frozenset({"\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{THIN SPACE}"})


def _escaped_start(text: str) -> str:
    """A sign at the start of a line that would make a heading, a list or a rule of it."""
    return f"{text[:-1]}\\{text[-1]}" if text[0].isdigit() else f"\\{text}"


def in_line(runs: Iterable[Run]) -> str:
    """The runs on one line."""
    line = ""
    for run in runs:
        piece = _inner(run, begins=not line.strip()) if isinstance(run, str) else _run(run)
        if line.endswith("!") and piece.startswith("["):
            line = f"{line[:-1]}\\!"  # or the link would be a picture, fetched from elsewhere
        line += piece
    return line


def author_blocks(blocks: Iterable[AuthorBlock]) -> Iterator[str]:
    """Each paragraph, list or table of the author."""
    for block in blocks:
        match block:
            case Paragraph():
                yield in_line(block.runs)
            case AuthorList():
                yield "\n".join(_list_lines(block))
            case AuthorTable():
                yield "\n".join(_table_lines(block))
            case _:
                assert_never(block)


def identifier(anchor: str) -> str:
    """The anchor as an ``id``."""
    return re.sub(r"[^0-9A-Za-z_-]", "-", anchor)


def _run(run: Run) -> str:  # noqa: PLR0911 - one a kind
    match run:
        case str():
            return _inner(run)
        case PrintedNumber():
            return _inner(run.text)
        case CrossReference():
            return f"[{escaped(run.label)}](#{identifier(run.anchor)})"
        case WebAddress():
            return _address(run)
        case ToWrite():
            return f"**{escaped(run.text)}**"
        case MarkedText():
            return _marked(run)
        case Citation():
            marks = "".join(
                f"[{escaped(mark.text)}](#{identifier(mark.anchor)})"
                if mark.anchor
                else _inner(mark.text)
                for mark in run.marks
            )
            return f"<sup>{marks}</sup>" if run.raised else marks
        case _:
            assert_never(run)


def _inner(text: str, *, begins: bool = True) -> str:
    """A piece of running text: escaped, with the blanks at its ends kept."""
    words = escaped(text, begins=begins)
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and text.strip() else ""
    return f"{before}{words}{after}"


def _address(address: WebAddress) -> str:
    if not address.is_followed:
        return _inner(address.text)
    target = fit_for_xml(address.url)
    if not address.words:
        return f"<{target}>"
    quoted = _NOT_IN_TARGET.sub(lambda found: f"%{ord(found[0]):02X}", target)
    return f"[{escaped(address.words)}]({quoted})"


def _marked(run: MarkedText) -> str:
    """Tags rather than stars, which mean nothing where a word or a blank stands beside them."""
    words = _inner(run.text)
    tags = [
        tag
        for tag, is_set in (
            ("strong", run.bold),
            ("em", run.italic),
            ("sup", run.position is Position.RAISED),
            ("sub", run.position is Position.LOWERED),
        )
        if is_set
    ]
    opened = "".join(f"<{tag}>" for tag in tags)
    closed = "".join(f"</{tag}>" for tag in reversed(tags))
    return f"{opened}{words}{closed}"


def _list_lines(block: AuthorList) -> Iterator[str]:
    for place, item in enumerate(block.items):
        mark = "-" if block.first is None else block.mark(place)
        lead, room = f"{mark} ", " " * (len(mark) + 1)
        lines = "\n\n".join(author_blocks(item)).split("\n")
        for number, line in enumerate(lines):
            yield f"{lead if number == 0 else room}{line}".rstrip()


def _table_lines(table: AuthorTable) -> Iterator[str]:
    yield _line(table.heads)
    yield f"| {' | '.join(_RULES[side] for side in table.sides)} |"
    for row in table.rows:
        yield _line(row)


def _line(cells: Iterable[Iterable[Run]]) -> str:
    return f"| {' | '.join(map(in_line, cells))} |"
