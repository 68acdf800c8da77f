"""Content becomes Markdown with GitHub's tables: for repositories, notebooks and plain reading."""

import re
from collections.abc import Iterator
from typing import assert_never

from trialkit.report.content.content import Block, Content, Figure
from trialkit.report.content.tables import Table
from trialkit.report.content.text import (
    AuthorText,
    Bullets,
    CrossReference,
    Definitions,
    Gap,
    Paragraph,
    PrintedNumber,
    Run,
    WebAddress,
)
from trialkit.report.lettering.svg import printable
from trialkit.report.writers.paper import PaperHeading, Piece, completeness, pieces

_ONLY_AT_START = re.compile(r"\A(\s*)(#+|(?:[+\-]|[0-9]{1,9}[.)]|=+|-+)(?=\s|\Z))")
_IN_LINE = re.compile(r"([\\`*_\[\]|<>~$])")
_ENTITY = re.compile(r"&(?=#?[0-9A-Za-z]+;)")
_ADDRESS = re.compile(r"(?i)(https?:|www\.|ftp:)")
_SPACES = re.compile(r"\s+")


def render_markdown(content: Content, *, figures: str = "figures") -> str:
    """The report as Markdown; drawings are named by their files in the folder ``figures``.

    Every text is escaped: none of it can become a heading, a link, a table or markup.
    """
    writer = _Writer(content, figures)
    return "\n\n".join(writer.parts()) + "\n"


class _Writer:
    def __init__(self, content: Content, figures: str) -> None:
        self._content = content
        self._figures = figures

    def parts(self) -> Iterator[str]:
        """Each paragraph, table or heading."""
        content = self._content
        yield f"# {escaped(content.title)}"
        for mark in filter(None, (content.mark, content.synthetic)):
            yield f"> **{escaped(mark)}**"
        for warning in content.warnings:
            yield f"> **Caution.** {escaped(warning)}"
        yield "\\\n".join(
            escaped(line) for line in (*content.identity, completeness(content.checklist))
        )
        for piece in pieces(content):
            yield from self._piece(piece)

    def _piece(self, piece: Piece) -> Iterator[str]:
        if isinstance(piece, PaperHeading):
            title = f"{'#' * (piece.level + 1)} {escaped(piece.title)}"
            yield f'<a id="{_identifier(piece.anchor)}"></a>\n\n{title}'
            if piece.items:
                yield escaped(f"{self._content.checklist.short_name} {', '.join(piece.items)}")
        else:
            yield from self._block(piece)

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Paragraph():
                yield self._text(block.runs)
            case Bullets():
                yield from self._lead(block.lead)
                yield "\n".join(f"- {self._text(item)}" for item in block.items)
            case Definitions():
                yield from self._lead(block.lead)
                yield "\n".join(
                    f"- **{escaped(each.term)}**: {self._text(each.runs)}" for each in block.entries
                )
            case AuthorText():
                yield from (escaped(text) for text in block.paragraphs)
            case Gap():
                lines = (f"**{escaped(block.title)}**", escaped(block.text), escaped(block.remedy))
                yield "\n>\n".join(f"> {line}" for line in lines if line)
            case Table():
                yield from self._table(block)
            case Figure():
                yield self._figure(block)
            case _:
                assert_never(block)

    def _table(self, table: Table) -> Iterator[str]:
        synthetic = self._content.synthetic if table.shown_as_data else ""
        label = f"**{escaped(table.label)}.** {escaped(table.caption)}"
        shown = f" **\\[{escaped(synthetic)}\\]**" if synthetic else ""
        yield f'<a id="{_identifier(table.anchor)}"></a>\n\n{label}{shown}'
        yield "\n".join(_table_lines(table))
        notes = [f"<sup>{each.mark}</sup> {escaped(each.text)}" for each in table.footnotes]
        notes += [escaped(text) for text in table.notes]
        if notes:
            yield "\\\n".join(notes)

    def _figure(self, figure: Figure) -> str:
        folder = "" if figure.name == "flow" else f"{self._figures}/"
        picture = f"![{escaped(figure.description)}]({folder}{_identifier(figure.name)}.svg)"
        notes = f" {self._text(figure.notes)}" if figure.notes else ""
        synthetic = self._content.synthetic
        shown = f" **\\[{escaped(synthetic)}\\]**" if synthetic else ""
        caption = f"**{escaped(figure.label)}.** {escaped(figure.caption)}{notes}{shown}"
        return f'<a id="{_identifier(figure.anchor)}"></a>\n\n{picture}\n\n{caption}'

    def _lead(self, lead: str) -> Iterator[str]:
        if lead:
            yield f"**{escaped(lead)}**"

    def _text(self, runs: tuple[Run, ...]) -> str:
        return "".join(_run(run) for run in runs)


def escaped(text: str) -> str:
    """The text on one line, with nothing in it that Markdown or HTML would take for markup."""
    line = _SPACES.sub(
        lambda found: found[0] if found[0] in _KEPT else " ", printable(text)
    ).strip()
    line = _IN_LINE.sub(r"\\\1", line)
    line = _ENTITY.sub("&amp;", line)
    line = _ADDRESS.sub(lambda found: f"{found[0][:-1]}<span></span>{found[0][-1]}", line)
    return _ONLY_AT_START.sub(lambda found: f"{found[1]}{_escaped_start(found[2])}", line)


_KEPT = frozenset({"\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{THIN SPACE}"})


def _escaped_start(text: str) -> str:
    """A sign at the start of a line that would make a heading, a list or a rule of it."""
    return f"{text[:-1]}\\{text[-1]}" if text[0].isdigit() else f"\\{text}"


def _run(run: Run) -> str:
    match run:
        case str():
            return _inner(run)
        case PrintedNumber():
            return _inner(run.text)
        case CrossReference():
            return f"[{escaped(run.label)}](#{_identifier(run.anchor)})"
        case WebAddress():
            return f"<{printable(run.url)}>" if run.is_followed else _inner(run.url)
        case _:
            assert_never(run)


def _inner(text: str) -> str:
    """A piece of running text: escaped, with the blanks at its ends kept."""
    words = escaped(text)
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and text.strip() else ""
    return f"{before}{words}{after}"


def _identifier(anchor: str) -> str:
    return re.sub(r"[^0-9A-Za-z_-]", "-", anchor)


def _table_lines(table: Table) -> Iterator[str]:
    """The rows; a head above several columns is repeated in each of them."""
    above = [head.text for head in table.spanning for _ in range(head.span)]
    heads = [
        _marked(": ".join(filter(None, (over, head.text))), table.mark(head.note))
        for over, head in zip(above or [""] * len(table.heads), table.heads, strict=True)
    ]
    yield _line([escaped(table.stub), *heads])
    sides = [":--" if head.words else "--:" for head in table.heads]
    yield _line([":--", *sides])
    for group in table.groups:
        if group.head:
            head = _marked(group.head, table.mark(group.note))
            yield _line([f"**{head}**", *("" for _ in table.heads)])
        for row in group.rows:
            indent = "&emsp;" if row.indented else ""
            head = f"{indent}{_marked(row.head, table.mark(row.note))}"
            cells = [_marked(cell.text, table.mark(cell.note)) for cell in row.cells]
            yield _line([head, *cells])


def _marked(text: str, mark: str) -> str:
    return f"{escaped(text)}<sup>{mark}</sup>" if mark else escaped(text)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
