"""Content becomes a tagged PDF (PDF/UA-1), set by Typst from JSON: no text is ever markup.

Typst runs in a temporary folder that holds the content, the drawings, the fonts and the template,
and can read nothing else; it has no packages and no network.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

import typst

from trialkit.disk.temporary import TemporaryFolder, temporary_folder
from trialkit.errors import ReportError
from trialkit.printable import by_number, fit_for_xml
from trialkit.report.content.author_text import AuthorText
from trialkit.report.content.content import Block, Content, Figure
from trialkit.report.content.references import References
from trialkit.report.content.tables import Table
from trialkit.report.content.text import Bullets, Definitions, Gap, Paragraph
from trialkit.report.lettering.fonts import lacking
from trialkit.report.lettering.line_breaks import kept_together
from trialkit.report.writers.column_widths import is_kept_whole, lay_out_table
from trialkit.report.writers.compiler import UNIVERSAL_ACCESS, compiler_of, lacks_a_glyph
from trialkit.report.writers.drawing_size import printed_size
from trialkit.report.writers.paper import PaperHeading, Piece, identity_lines, pieces, spreads
from trialkit.report.writers.pdf_words import Json, WordSetter
from trialkit.report.writers.template_folder import template_text

TEMPLATE = "report.typ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pdf:
    """A PDF, and what a reader should know of how it was made."""

    document: bytes
    notice: str = ""
    """Why it is not PDF/UA-1; empty when it is."""


def render_pdf(content: Content, templates: Path) -> Pdf:
    """The report as PDF/UA-1, or as plain PDF with a notice when no font has its characters.

    The only date in it is the data cut, so that the same content gives the same bytes. Raises
    :class:`DataFileError` when ``templates`` has no ``report.typ`` that can be read, and
    :class:`ReportError` when nothing can be set with it.
    """
    with temporary_folder() as folder:
        drawings = _write_drawings(content, folder)
        table = json.dumps(_document(content, drawings), ensure_ascii=False)
        folder.write("content.json", table)
        folder.write(TEMPLATE, template_text(templates, TEMPLATE))
        words = table + "".join(figure.svg for figure in content.figures)
        return _compiled(folder, words)


def _compiled(folder: TemporaryFolder, words: str) -> Pdf:
    compiler = compiler_of(TEMPLATE, words, folder)
    try:
        return Pdf(document=_bytes(compiler.compile(format="pdf", pdf_standards=UNIVERSAL_ACCESS)))
    except typst.TypstError as error:
        if not lacks_a_glyph(error):
            raise ReportError(f"the PDF cannot be set with {TEMPLATE}: {error}") from error
        reason = str(error)
    notice = (
        "report.pdf is not PDF/UA-1: no font of this computer has some of its characters "
        f"({_listed(lacking(words))}). Install a font that has them, such as Noto. ({reason})"
    )
    return Pdf(document=_bytes(compiler.compile(format="pdf")), notice=notice)


def _bytes(made: object) -> bytes:
    if not isinstance(made, bytes):
        raise ReportError("the PDF was not made in one piece")
    return made


def _listed(characters: str) -> str:
    """The first few characters, as text and as numbers."""
    shown = ", ".join(f"{each} {by_number(each)}" for each in characters[:5])
    return f"{shown} …" if len(characters) > 5 else shown


def _write_drawings(content: Content, folder: TemporaryFolder) -> dict[str, str]:
    """The drawings as files, by the name of the figure."""
    files = {}
    for number, figure in enumerate(content.figures):
        files[figure.name] = f"{number}.svg"
        folder.write(files[figure.name], figure.svg)
    return files


def _linked(piece: Piece) -> Iterator[str]:
    """The places that words of the report lead to."""
    if isinstance(piece, PaperHeading | Table | Figure):
        yield piece.anchor
    if isinstance(piece, References):
        yield from (each.anchor for each in piece.entries)


def _document(content: Content, drawings: dict[str, str]) -> dict[str, Json]:
    """Everything that the template places, as JSON."""
    anchors = frozenset(anchor for piece in pieces(content) for anchor in _linked(piece))
    setter = _Setter(content=content, drawings=drawings, words=WordSetter(anchors=anchors))
    language, _, region = content.language.partition("-")
    dated = content.dated
    return {
        "title": fit_for_xml(content.title),
        "short_title": fit_for_xml(content.short_title),
        "identity": _texts(identity_lines(content)),
        "synthetic": fit_for_xml(content.synthetic),
        "marks": _texts(filter(None, (content.mark, content.synthetic))),
        "watermark": "DRAFT" if content.mark else "",
        "warnings": _texts(content.warnings),
        "contents": not content.is_article,
        "row_rules": content.style.row_rules,
        "language": language,
        "region": region or None,
        "dated": None
        if dated is None
        else {"year": dated.year, "month": dated.month, "day": dated.day},
        "spreads": [
            {
                "turned": spread.turned,
                "pieces": [setter.piece(each, turned=spread.turned) for each in spread.pieces],
            }
            for spread in spreads(content)
        ],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setter:
    """Turns pieces into JSON."""

    content: Content
    drawings: dict[str, str]
    words: WordSetter

    def piece(self, piece: Piece, *, turned: bool) -> Json:
        if isinstance(piece, PaperHeading):
            name = self.content.checklist.short_name
            return {
                "kind": "heading",
                "level": piece.level,
                "anchor": piece.anchor,
                "title": fit_for_xml(piece.title),
                "items": f"{name} {', '.join(piece.items)}" if piece.items else "",
                "starts_page": piece.starts_page,
            }
        return {"kind": piece.kind, "anchor": piece.anchor, **self._block(piece, turned=turned)}

    def _block(self, block: Block, *, turned: bool) -> dict[str, Json]:  # noqa: PLR0911 - one a kind
        match block:
            case Paragraph():
                return {"runs": self.words.runs(block.runs)}
            case Bullets():
                return {
                    "lead": fit_for_xml(block.lead),
                    "items": [self.words.runs(item) for item in block.items],
                }
            case Definitions():
                entries: list[Json] = [
                    {"term": fit_for_xml(each.term), "runs": self.words.runs(each.runs)}
                    for each in block.entries
                ]
                return {"lead": fit_for_xml(block.lead), "entries": entries}
            case AuthorText():
                return {"blocks": self.words.blocks(block.blocks)}
            case References():
                works: list[Json] = [
                    {"anchor": each.anchor, "runs": self.words.runs(each.runs)}
                    for each in block.entries
                ]
                return {"entries": works}
            case Gap():
                return {
                    "reason": block.reason.value,
                    "title": fit_for_xml(block.title),
                    "text": fit_for_xml(block.text),
                    "remedy": fit_for_xml(block.remedy),
                }
            case Table():
                return _table(block)
            case Figure():
                return self._figure(block, turned=turned)
            case _:
                assert_never(block)

    def _figure(self, figure: Figure, *, turned: bool) -> dict[str, Json]:
        width, height = printed_size(figure, turned=turned)
        return {
            "anchor": figure.anchor,
            "label": figure.label,
            "caption": fit_for_xml(figure.caption),
            "description": fit_for_xml(f"{figure.title}. {figure.description}"),
            "notes": self.words.runs(figure.notes),
            "file": self.drawings[figure.name],
            "width": width,
            "height": height,
        }


def _table(table: Table) -> dict[str, Json]:
    layout = lay_out_table(table)
    notes: list[Json] = [
        {"mark": each.mark, "text": fit_for_xml(each.text)} for each in table.footnotes
    ]
    notes += [{"mark": "", "text": fit_for_xml(text)} for text in table.notes]
    return {
        "anchor": table.anchor,
        "label": table.label,
        "caption": fit_for_xml(table.caption),
        "stub": fit_for_xml(table.stub),
        "columns": table.columns,
        "widths": list(layout.widths),
        "size": layout.size,
        "whole": is_kept_whole(table),
        "shown_as_data": table.shown_as_data,
        "spanning": [
            {"span": head.span, **_noted(head.text, table.mark(head.note))}
            for head in table.spanning
        ],
        "heads": [
            {"words": head.words, **_noted(head.text, table.mark(head.note), words=head.words)}
            for head in table.heads
        ],
        "groups": [
            {
                "head": _noted(group.head, table.mark(group.note)),
                "rows": [
                    {
                        "head": _noted(row.head, table.mark(row.note)),
                        "indented": row.indented,
                        "cells": [
                            {
                                "words": cell.words,
                                "pages": list(cell.pages),
                                **_noted(cell.text, table.mark(cell.note), words=cell.words),
                            }
                            for cell in row.cells
                        ],
                    }
                    for row in group.rows
                ],
            }
            for group in table.groups
        ],
        "notes": notes,
    }


def _noted(text: str, mark: str, *, words: bool = True) -> dict[str, Json]:
    shown = fit_for_xml(text)
    return {"text": shown if words else kept_together(shown), "mark": mark}


def _texts(texts: Iterable[str]) -> list[Json]:
    return [fit_for_xml(text) for text in texts]
