"""An analysed trial becomes a report, rendered, and the manifest of what it was made from."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from trialkit.design.sample_size.checking import size_check
from trialkit.disk.reading import bytes_within, reading
from trialkit.errors import ReportError
from trialkit.limits import LARGEST_WORKBOOK
from trialkit.protocol.loading import FILE
from trialkit.protocol.reference_files import reference_files
from trialkit.protocol.trial.reporting import ReportFormat
from trialkit.report.citing.library import read_library
from trialkit.report.composing import compose
from trialkit.report.content.manifest import (
    HashedFile,
    LogPlace,
    Manifest,
    current_versions,
    hash_files,
    sha256,
)
from trialkit.report.guidelines.checklist import consort_2025
from trialkit.report.guidelines.extensions import all_extensions
from trialkit.report.guidelines.inputs import ReportInputs
from trialkit.report.guidelines.statements import AuthorStatement, read_statements
from trialkit.report.plan.secrecy import refuse_block_sizes, refuse_block_sizes_in
from trialkit.report.plan.statements import spirit_2025
from trialkit.report.writers.documents import render_documents
from trialkit.report.writers.editions import Edition
from trialkit.report.writers.template_folder import find_templates
from trialkit.results.external import ExternalTables
from trialkit.schemas.forms.not_done import NOT_DONE
from trialkit.schemas.reading.without_arms import that_tell_arms
from trialkit.steps.locking import plan_history
from trialkit.steps.progress import Progress, silently
from trialkit.steps.stages import Analysed, OpenedTrial, Published, Validated
from trialkit.store.changes.plan_lock_file import FILE as LOCKS
from trialkit.store.sources.folder_source import FOLDER

PAGE_ALONE = Edition(formats=(ReportFormat.HTML,))
_POOLED = "a pooled report"
OTHER_CHECKLISTS = (spirit_2025(), *all_extensions())


def publish(
    analysed: Analysed,
    *,
    templates: Path | None = None,
    edition: Edition = PAGE_ALONE,
    progress: Progress = silently,
) -> Published:
    """The report, composed and rendered in every format of the edition.

    One of a part of the plan is a draft, so that nobody takes it for the whole; so is a pooled
    one.
    """
    trial, protocol = analysed.validated.trial, analysed.protocol
    is_part = bool(analysed.only) or protocol.is_pooled
    edition = replace(edition, draft=edition.draft or is_part)
    folder = templates or find_templates()
    statements = read_statements(trial.folder / "statements", consort_2025(), OTHER_CHECKLISTS)
    manifest = replace(
        make_manifest(analysed.validated, statements, folder, edition=edition),
        only=analysed.only,
        external=_external_files(analysed.external),
    )
    if protocol.is_pooled:
        refuse_block_sizes_in(protocol, what=_POOLED)
        manifest = manifest.as_pooled(_files_of_arms(trial))
    content = compose(
        ReportInputs(
            protocol=protocol,
            results=analysed.results,
            findings=analysed.validated.findings.to_frame(),
            statements=statements,
            library=read_library(trial.folder),
            manifest=manifest,
            history=plan_history(trial),
            size=size_check(trial.protocol),
            hard_findings_allowed=analysed.validated.findings.hard > 0,
            draft=edition.draft,
            style=edition.style or trial.protocol.report.style,
        )
    )
    if protocol.is_pooled:
        refuse_block_sizes(content, protocol.randomisation, what=_POOLED)
    dressed = replace(edition, reference=looks_of(trial, edition))
    documents = render_documents(content, folder, dressed, progress=progress)
    return Published(analysed=analysed, content=content, documents=documents, manifest=manifest)


def _files_of_arms(trial: OpenedTrial) -> frozenset[str]:
    """The data files that tell who is in which arm; a mark that a form was not done may tell it."""
    telling = that_tell_arms(trial.schemas, trial.protocol.arm_codes)
    return frozenset(f"{FOLDER}/{name}.csv" for name in (*(form.id for form in telling), NOT_DONE))


def _external_files(tables: ExternalTables) -> tuple[HashedFile, ...]:
    """The results of other programs as they were read, and the scripts that made them."""
    read = {each.file: each.sha256 for each in tables.values()}
    read |= {each.script: each.script_sha256 for each in tables.values()}
    return tuple(
        HashedFile(file=file, sha256=sha256) for file, sha256 in sorted(read.items()) if sha256
    )


def looks_of(trial: OpenedTrial, edition: Edition) -> Path | None:
    """The Word file whose looks Word files take: that of the call, else the protocol's, if any."""
    return edition.reference or _own_reference(trial)


def _own_reference(trial: OpenedTrial) -> Path | None:
    """The Word file that the protocol names, whose looks the report takes."""
    named = trial.protocol.report.reference_docx
    if not named:
        return None
    place = trial.folder / named
    if not place.resolve().is_relative_to(trial.folder.resolve()):
        raise ReportError(
            f"{FILE}: [report] reference_docx names {named!r}, which lies outside the trial's "
            "folder; copy the file into it, or name it in the call: --reference FILE"
        )
    if not place.is_file():
        raise ReportError(f"{FILE}: [report] reference_docx names {named!r}, which is not there")
    return place


def make_manifest(
    validated: Validated,
    statements: Iterable[AuthorStatement],
    templates: Path,
    *,
    edition: Edition = PAGE_ALONE,
) -> Manifest:
    """What the report is made from, with the hash of every input."""
    trial, snapshot = validated.trial, validated.snapshot
    protocol = trial.protocol
    forms = (HashedFile(file=each.file, sha256=each.sha256) for each in trial.schemas.forms)
    looks = _own_reference(trial)
    return Manifest(
        trial=protocol.trial.id,
        protocol=HashedFile(file=FILE, sha256=protocol.source_sha256),
        forms=tuple(forms),
        data=tuple(HashedFile(file=name, sha256=sha) for name, sha in snapshot.sha256_of_files),
        statements=hash_files(
            (*(trial.folder / each.file for each in statements), *reference_files(trial.folder)),
            root=trial.folder,
        ),
        templates=hash_files(templates.glob("*.[jt][2y]*"), root=templates),
        locks=hash_files(_there(trial.folder / LOCKS), root=trial.folder),
        looks=() if looks is None else hash_files([looks], root=trial.folder),
        log=None
        if validated.log is None
        else LogPlace(seq=validated.log.seq, hash=validated.log.hash),
        data_cut=snapshot.days.cut,
        last_day=snapshot.days.today,
        guideline=consort_2025().name,
        synthetic=protocol.trial.synthetic,
        versions=current_versions(),
        draft=edition.draft,
        style="" if edition.style is None else edition.style.value,
        reference_sha256=_hash_of(edition.reference),
    )


def _there(path: Path) -> list[Path]:
    return [path] if path.is_file() else []


def _hash_of(file: Path | None) -> str:
    if file is None:
        return ""
    with reading(file):
        return sha256(bytes_within(file, LARGEST_WORKBOOK))
