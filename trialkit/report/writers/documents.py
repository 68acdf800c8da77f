"""The files of a report, each format from the same content."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from trialkit.protocol.trial.reporting import ReportFormat, ReportStyle
from trialkit.report.content.content import Content
from trialkit.report.writers.markdown import render_markdown
from trialkit.report.writers.pdf import render_pdf
from trialkit.report.writers.pictures import pictures
from trialkit.report.writers.render import render_html
from trialkit.report.writers.rtf import render_rtf
from trialkit.report.writers.word import render_word

EVERY_FORMAT = tuple(ReportFormat)
FILES: Mapping[ReportFormat, str] = {
    each: "tables.rtf" if each is ReportFormat.RTF else f"report.{each.value}"
    for each in ReportFormat
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """As what, and how, a report is published."""

    formats: tuple[ReportFormat, ...] = EVERY_FORMAT
    style: ReportStyle | None = None
    """Whose way of printing numbers is followed; None for the protocol's."""
    reference: Path | None = None
    """An author's own Word file, whose looks the Word report takes."""
    pictures: bool = False
    """Whether each figure is also written as a picture (PNG, 300 dots an inch)."""
    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file of the report."""

    file: str
    data: bytes
    notice: str = ""
    """What whoever asked for it should know; empty when nothing."""


def render_documents(
    content: Content,
    templates: Path,
    edition: Edition,
    *,
    progress: Callable[[str], None],
) -> tuple[Document, ...]:
    """Every file that the edition asks for, in the order of the formats.

    Pictures, which Word alone needs, are drawn while the other files are made.
    """
    wanted = edition.pictures or ReportFormat.WORD in edition.formats
    figures = content.figures if wanted else ()
    made: dict[ReportFormat, Document] = {}
    with ThreadPoolExecutor(max_workers=1) as beside:
        drawing = beside.submit(pictures, figures)
        for kind in sorted(edition.formats, key=lambda each: each is ReportFormat.WORD):
            progress(FILES[kind])
            made[kind] = _document(kind, content, templates, edition, drawing)
        documents = [made[kind] for kind in edition.formats]
        if edition.pictures:
            progress("figures as pictures")
            drawn = drawing.result()
            documents += [Document(file=f"figures/{name}.png", data=drawn[name]) for name in drawn]
    return tuple(documents)


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
            return Document(file=file, data=render_html(content, templates).encode())
        case ReportFormat.WORD:
            word = render_word(content, drawing.result(), reference=edition.reference)
            return Document(file=file, data=word)
        case ReportFormat.PDF:
            pdf = render_pdf(content, templates)
            return Document(file=file, data=pdf.document, notice=pdf.notice)
        case ReportFormat.RTF:
            return Document(file=file, data=render_rtf(content).encode("ascii"))
        case ReportFormat.MARKDOWN:
            return Document(file=file, data=render_markdown(content).encode())
        case _:
            assert_never(kind)
