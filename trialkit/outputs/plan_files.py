"""The trial's description and analysis plan as files, before any data."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from trialkit.design.sample_size.checking import size_check
from trialkit.errors import TrialStep, refuse
from trialkit.files.whole_files import output_folder, placed, write_together
from trialkit.outputs.asked_of_forms import asked_of
from trialkit.outputs.scheduled_forms import scheduled
from trialkit.protocol.loading import FILE, load_protocol
from trialkit.protocol.reference_files import reference_files
from trialkit.protocol.trial.reporting import ReportFormat
from trialkit.report.citing.checking import citation_complaints
from trialkit.report.citing.library import read_library
from trialkit.report.content.content import Content
from trialkit.report.content.manifest import HashedFile, Manifest, current_versions, hash_files
from trialkit.report.guidelines.checklist import consort_2025
from trialkit.report.guidelines.statements import read_statements
from trialkit.report.plan.document import PlanInputs, compose_plan
from trialkit.report.plan.statements import spirit_2025
from trialkit.report.writers.documents import render_documents
from trialkit.report.writers.editions import Edition
from trialkit.report.writers.template_folder import find_templates
from trialkit.schemas.reading.loading import form_schemas
from trialkit.steps.progress import silently
from trialkit.steps.publishing import OTHER_CHECKLISTS

PLAN = "plan"
"""The folder of the plan in the trial's, and the name of its files."""
_DRAWN = re.compile(r"schedule(-[0-9]+)?\.svg|flow-shell\.svg")
"""The names of drawings that a plan may have."""
PLAN_FORMATS = (ReportFormat.HTML, ReportFormat.WORD, ReportFormat.MARKDOWN)


def write_plan(
    folder: Path,
    *,
    out: Path | None = None,
    formats: tuple[ReportFormat, ...] = PLAN_FORMATS,
    draft: bool = False,
) -> tuple[Content, list[Path]]:
    """The trial's description and analysis plan, before any data: ``folder/plan`` or ``out``.

    Nothing of ``data/`` is read, and no block size is printed.
    """
    target = output_folder(folder, folder / PLAN if out is None else out)
    protocol = load_protocol(folder)
    schemas = form_schemas(folder, protocol) if (folder / "forms").is_dir() else None
    refuse(citation_complaints(folder), TrialStep.REPORT)
    forms = () if schemas is None else schemas.forms
    statements = read_statements(folder / "statements", consort_2025(), OTHER_CHECKLISTS)
    templates = find_templates()
    content = compose_plan(
        PlanInputs(
            protocol=protocol,
            statements=statements,
            library=read_library(folder),
            forms=tuple(map(scheduled, forms)),
            manifest=Manifest(
                trial=protocol.trial.id,
                protocol=HashedFile(file=FILE, sha256=protocol.source_sha256),
                forms=tuple(HashedFile(file=each.file, sha256=each.sha256) for each in forms),
                data=(),
                statements=hash_files(
                    (*(folder / each.file for each in statements), *reference_files(folder)),
                    root=folder,
                ),
                templates=(),
                data_cut=None,
                guideline=spirit_2025().name,
                synthetic="",
                versions=current_versions()[:1],
            ),
            asked=None if schemas is None else asked_of(schemas, protocol),
            size=size_check(protocol),
            draft=draft,
        )
    )
    edition = Edition(formats=formats, draft=draft)
    made = render_documents(content, templates, edition, progress=silently)
    files = {each.file.replace("report", PLAN, 1): each.data for each in made}
    drawn = {f"figures/{each.name}.svg": each.svg.encode() for each in content.figures}
    written = placed({**files, **drawn}, target)
    return content, write_together(written, leaving=_earlier(target, written))


def _earlier(target: Path, written: Collection[Path]) -> Iterator[Path]:
    """The drawings of an earlier plan that this one has no more."""
    for drawn in sorted((target / "figures").glob("*.svg")):
        if _DRAWN.fullmatch(drawn.name) and drawn not in written:
            yield drawn
