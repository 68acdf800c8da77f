"""The files of a report, each format from the same content.

The writer of a format is imported when the format is asked for, the one place of the report where
that is so: the libraries of Word and PDF are slow to load, and a call may ask for neither.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any, assert_never

from trialkit.protocol.trial.reporting import ReportFormat
from trialkit.report.content.content import Content, Figure
from trialkit.report.writers.editions import FILES, Document, Edition


def render_documents(
    content: Content,
    templates: Path,
    edition: Edition,
    *,
    progress: Callable[[str], None],
) -> tuple[Document, ...]:
    """Every file that the edition asks for, in the order of the formats.

    Pictures of the Word file are drawn while the other files are made.
    """
    figures = content.figures if ReportFormat.WORD in edition.formats else ()
    made: dict[ReportFormat, Document] = {}
    with ThreadPoolExecutor(max_workers=1) as beside:
        drawing = beside.submit(drawn_for_word, figures)
        for kind in sorted(edition.formats, key=lambda each: each is ReportFormat.WORD):
            progress(FILES[kind])
            made[kind] = _document(kind, content, templates, edition, drawing)
        documents = [made[kind] for kind in edition.formats]
        if edition.pictures:
            progress("figures as pictures")
            drawn = writer_of("pictures").pictures(content.figures)
            documents += [Document(file=f"figures/{name}.png", data=drawn[name]) for name in drawn]
    return tuple(documents)


def writer_of(name: str) -> Any:
    """A module of this folder, loaded now: for those who write what not every call asks for."""
    return import_module(f"trialkit.report.writers.{name}")


def drawn_for_word(figures: tuple[Figure, ...]) -> Mapping[str, bytes]:
    """The figures as the PNG that a Word file has of them, by name; nothing is loaded for none."""
    if not figures:
        return {}
    room = writer_of("pictures")
    drawn: Mapping[str, bytes] = room.pictures(figures, room.IN_WORD)
    return drawn


def _document(
    kind: ReportFormat,
    content: Content,
    templates: Path,
    edition: Edition,
    drawing: Future[Mapping[str, bytes]],
) -> Document:
    file = FILES[kind]
    match kind:
        case ReportFormat.HTML:
            page = writer_of("render").render_html(content, templates)
            return Document(file=file, data=page.encode())
        case ReportFormat.WORD:
            word = writer_of("word")
            data = word.render_word(content, drawing.result(), reference=edition.reference)
            return Document(file=file, data=data)
        case ReportFormat.PDF:
            pdf = writer_of("pdf").render_pdf(content, templates)
            return Document(file=file, data=pdf.document, notice=pdf.notice)
        case ReportFormat.RTF:
            return Document(file=file, data=writer_of("rtf").render_rtf(content).encode("ascii"))
        case ReportFormat.MARKDOWN:
            return Document(file=file, data=writer_of("markdown").render_markdown(content).encode())
        case _:
            assert_never(kind)
