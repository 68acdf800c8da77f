"""The files of a manuscript: documents, checklists, tables, and figures as journals take them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from trialkit.protocol.trial.reporting import ReportFormat
from trialkit.report.manuscript.manuscript import Manuscript
from trialkit.report.writers.documents import drawn_for_word, writer_of
from trialkit.report.writers.editions import FILES, Document


def render_manuscript(
    manuscript: Manuscript,
    templates: Path,
    *,
    reference: Path | None,
    progress: Callable[[str], None],
) -> tuple[Document, ...]:
    """The files that a journal takes: documents, checklists, tables, and each figure four times."""
    article, supplement = manuscript.article, manuscript.supplement
    documents = {"manuscript": article, "supplement": supplement, **manuscript.checklists}
    word, art = writer_of("word"), writer_of("artwork")
    made = []
    for name, content in documents.items():
        progress(f"{name}.docx")
        data = word.render_word(content, drawn_for_word(content.figures), reference=reference)
        made.append(Document(file=f"{name}.docx", data=data))
    progress("manuscript.pdf")
    pdf = writer_of("pdf").render_pdf(article, templates)
    made.append(Document(file="manuscript.pdf", data=pdf.document, notice=pdf.notice))
    tables = replace(article, sections=(*article.sections, *supplement.sections))
    rtf = writer_of("rtf").render_rtf(tables)
    made.append(Document(file=FILES[ReportFormat.RTF], data=rtf.encode("ascii")))
    for name, figure in art.named((*article.figures, *supplement.figures)).items():
        progress(name)
        form = manuscript.form
        drawn = art.artwork(
            figure, column_mm=form.column_mm, page_mm=form.page_mm, language=article.language
        )
        size = f"{drawn.width_mm:.0f} \N{MULTIPLICATION SIGN} {drawn.height_mm:.0f} mm"
        made += [
            Document(file=f"figures/{file}", data=data, about=size)
            for file, data in drawn.files(name)
        ]
    return tuple(made)
