"""A published report becomes what a journal takes."""

from pathlib import Path

from trialkit.errors import ReportError
from trialkit.protocol.authorship import read_authors
from trialkit.report.manuscript.documents import render_manuscript
from trialkit.report.manuscript.manuscript import compose_manuscript
from trialkit.report.writers.editions import Edition
from trialkit.report.writers.template_folder import find_templates
from trialkit.steps.progress import Progress, silently
from trialkit.steps.publishing import looks_of
from trialkit.steps.stages import Packaged, Published


def package(
    published: Published,
    *,
    edition: Edition,
    templates: Path | None = None,
    progress: Progress = silently,
) -> Packaged:
    """The article, its supplement, its checklists, tables and figures.

    Raises :class:`ReportError` for a pooled report, which nobody publishes.
    """
    trial = published.analysed.validated.trial
    if published.analysed.protocol.is_pooled:
        raise ReportError("a pooled report is no article; leave out --pooled or --package")
    authorship = read_authors(trial.folder)
    manuscript = compose_manuscript(published.content, published.analysed.protocol, authorship)
    documents = render_manuscript(
        manuscript,
        templates or find_templates(),
        reference=looks_of(trial, edition),
        progress=progress,
    )
    return Packaged(published=published, authorship=authorship, documents=documents)
