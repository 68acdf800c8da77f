"""Content becomes Markdown with GitHub's tables: for repositories, notebooks and plain reading."""

from collections.abc import Iterator
from typing import assert_never

from trialkit.report.content.author_text import AuthorText
from trialkit.report.content.content import Block, Content, Figure
from trialkit.report.content.references import References
from trialkit.report.content.tables import Table
from trialkit.report.content.text import Bullets, Definitions, Gap, Paragraph
from trialkit.report.writers.markdown_words import author_blocks, escaped, identifier, in_line
from trialkit.report.writers.paper import PaperHeading, Piece, completeness, pieces


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
            yield f'<a id="{identifier(piece.anchor)}"></a>\n\n{title}'
            if piece.items:
                yield escaped(f"{self._content.checklist.short_name} {', '.join(piece.items)}")
        else:
            yield from self._block(piece)

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Paragraph():
                yield in_line(block.runs)
            case Bullets():
                yield from self._lead(block.lead)
                yield "\n".join(f"- {in_line(item)}" for item in block.items)
            case Definitions():
                yield from self._lead(block.lead)
                yield "\n".join(
                    f"- **{escaped(each.term)}**: {in_line(each.runs)}" for each in block.entries
                )
            case AuthorText():
                yield from author_blocks(block.blocks)
            case References():
                yield "\n".join(_references(block))
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
        yield f'<a id="{identifier(table.anchor)}"></a>\n\n{label}{shown}'
        yield "\n".join(_table_lines(table))
        notes = [f"<sup>{each.mark}</sup> {escaped(each.text)}" for each in table.footnotes]
        notes += [escaped(text) for text in table.notes]
        if notes:
            yield "\\\n".join(notes)

    def _figure(self, figure: Figure) -> str:
        folder = "" if figure.name == "flow" else f"{self._figures}/"
        picture = f"![{escaped(figure.description)}]({folder}{identifier(figure.name)}.svg)"
        notes = f" {in_line(figure.notes)}" if figure.notes else ""
        synthetic = self._content.synthetic
        shown = f" **\\[{escaped(synthetic)}\\]**" if synthetic else ""
        caption = f"**{escaped(figure.label)}.** {escaped(figure.caption)}{notes}{shown}"
        return f'<a id="{identifier(figure.anchor)}"></a>\n\n{picture}\n\n{caption}'

    def _lead(self, lead: str) -> Iterator[str]:
        if lead:
            yield f"**{escaped(lead)}**"


def _references(block: References) -> Iterator[str]:
    for number, each in enumerate(block.entries, start=1):
        yield f'{number}. <a id="{identifier(each.anchor)}"></a>{in_line(each.runs)}'


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
