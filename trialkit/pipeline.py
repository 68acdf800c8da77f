"""The straight line, from a trial's folder to its published report.

The only module that knows the whole line; the command line and the web are doors to it.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, astuple, dataclass, replace
from datetime import date
from math import isinf
from pathlib import Path

import pandas as pd

from trialkit.checks.findings.findings import Findings
from trialkit.checks.listings.findings_workbook import findings_workbook
from trialkit.checks.listings.marking import Listing, listing
from trialkit.checks.queries.queries import Queries
from trialkit.checks.queries.query_files import QueryFolder
from trialkit.checks.queries.reconciling import reconcile
from trialkit.checks.trial.checking import check
from trialkit.checks.trial.course import course, expected_of
from trialkit.datasets.building import build_datasets
from trialkit.datasets.model import Datasets
from trialkit.errors import FindingsError, ReportError, TrialkitError
from trialkit.files.spreadsheets import csv_bytes
from trialkit.files.whole_files import output_folder, remove_files, write_whole
from trialkit.files.workbooks import sheet_name
from trialkit.pages.listing import Column, ExpectedOf, ListingInputs, compose_listing
from trialkit.pages.listing_html import render_listing
from trialkit.planned.plan import carry_out
from trialkit.protocol.loading import FILE, load_protocol
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.reporting import ReportFormat
from trialkit.report.composing import compose
from trialkit.report.content.checklists import Status
from trialkit.report.content.content import Content
from trialkit.report.content.manifest import (
    HashedFile,
    Manifest,
    current_versions,
    hash_files,
    read_manifest,
    sha256,
)
from trialkit.report.guidelines.checklist import checklists_frame, consort_2025
from trialkit.report.guidelines.extensions import all_extensions
from trialkit.report.guidelines.inputs import ReportInputs
from trialkit.report.guidelines.statements import AuthorStatement, read_statements
from trialkit.report.lint.section import lint_frame
from trialkit.report.plan_document import PlanInputs, ScheduledForm, compose_plan, spirit_2025
from trialkit.report.writers.documents import FILES, Document, Edition, render_documents
from trialkit.report.writers.render import find_templates
from trialkit.results.results import COLUMNS, Results
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.snapshot import Snapshot

FINDINGS = ("findings.csv", "findings.xlsx", "findings.html")
RESULTS = ("results.csv", "results.json")
MANIFEST = "manifest.json"
REPORT = (*FILES.values(), "flow.svg", "flow.png", "checklist.csv", "lint.csv", MANIFEST)
PAGE_ALONE = Edition(formats=(ReportFormat.HTML,))
EVERYTHING = Edition()
FIGURES = "figures"
"""The folder of all drawings but the flow diagram."""

Progress = Callable[[str], None]
"""Called with a few words before each step that may take long."""


def silently(_: str) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A trial as its folder defines it."""

    folder: Path
    protocol: Protocol
    schemas: Schemas


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Validated:
    """A trial, its data at the cut, what is wrong with them, and what was asked about it."""

    trial: Trial
    snapshot: Snapshot
    findings: Findings
    queries: Queries
    """The queries as they stand with these findings."""
    queries_before: Queries
    """The queries as they are kept in the trial's folder."""
    looks_back: bool
    """Whether the data are asked for as of a day before the last validation that was kept."""

    @property
    def listing(self) -> Listing:
        """The findings with the state of their queries."""
        return listing(self.findings, self.queries)

    @property
    def cut(self) -> str:
        """The data cut as text; empty where the data have no date."""
        return "" if self.snapshot.cut is None else self.snapshot.cut.date().isoformat()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Analysed:
    """A validated trial and the results of its plan."""

    validated: Validated
    datasets: Datasets
    results: Results


def open_trial(folder: Path) -> Trial:
    """The protocol and the forms of the trial in ``folder``."""
    protocol = load_protocol(folder)
    return Trial(folder=folder, protocol=protocol, schemas=form_schemas(folder, protocol))


def validate(trial: Trial, *, cut: date | None = None) -> Validated:
    """The trial's data, frozen at the cut and checked; nothing is written."""
    snapshot = freeze(trial.folder, trial.schemas, cut=cut)
    findings = check(snapshot, trial.schemas, trial.protocol)
    before = QueryFolder(trial=trial.folder).read()
    return Validated(
        trial=trial,
        snapshot=snapshot,
        findings=findings,
        queries=reconcile(before, findings, snapshot, trial.schemas),
        queries_before=before,
        looks_back=cut is not None and cut.isoformat() < before.cut,
    )


def keep_queries(validated: Validated) -> tuple[Path, ...]:
    """Write what this validation means for the queries into the trial's folder.

    Nothing is written when it means nothing new, nor when it looks back: an earlier data cut does
    not undo what was asked and answered since.
    """
    if validated.looks_back:
        return ()
    folder = QueryFolder(trial=validated.trial.folder)
    return folder.write(validated.queries, before=validated.queries_before)


def analyse(
    validated: Validated, *, allow_hard: bool = False, progress: Progress = silently
) -> Analysed:
    """The datasets and the results of the plan.

    Raises :class:`FindingsError` when there are hard findings and they are not allowed.
    """
    hard = validated.findings.hard
    if hard and not allow_hard:
        noun = "finding stops" if hard == 1 else "findings stop"
        raise FindingsError(
            f"{hard} hard {noun} the analysis; correct the data, or pass --allow-hard and the "
            "report will say so"
        )
    trial = validated.trial
    datasets = build_datasets(validated.snapshot, trial.schemas, trial.protocol)
    results = carry_out(trial.protocol, datasets, progress=progress)
    return Analysed(validated=validated, datasets=datasets, results=results)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Published:
    """The report of an analysed trial: what it says, how it looks, and what it was made from."""

    analysed: Analysed
    content: Content
    documents: tuple[Document, ...]
    manifest: Manifest

    @property
    def html(self) -> str:
        """The report as a page; raises :class:`LookupError` when none was asked for."""
        by_file = {each.file: each.data for each in self.documents}
        return by_file[FILES[ReportFormat.HTML]].decode()

    @property
    def notices(self) -> tuple[str, ...]:
        """What whoever asked for the documents should know of them."""
        return tuple(each.notice for each in self.documents if each.notice)

    @property
    def gaps(self) -> tuple[str, ...]:
        """The checklist items that are not fully reported."""
        open_rows = {Status.MISSING, Status.PARTIAL}
        return tuple(row.number for row in self.content.checklist.rows if row.status in open_rows)

    @property
    def is_complete(self) -> bool:
        """Whether a strict run ends well: no open item, and no error of the lint."""
        return not self.gaps and not any(each.counts for each in self.content.lint)


def publish(
    analysed: Analysed,
    *,
    templates: Path | None = None,
    edition: Edition = PAGE_ALONE,
    progress: Progress = silently,
) -> Published:
    """The report, composed and rendered in every format of the edition."""
    trial = analysed.validated.trial
    folder = templates or find_templates()
    statements = read_statements(trial.folder / "statements", consort_2025(), OTHER_CHECKLISTS)
    manifest = make_manifest(analysed.validated, statements, folder, edition=edition)
    content = compose(
        ReportInputs(
            protocol=trial.protocol,
            datasets=analysed.datasets,
            results=analysed.results,
            findings=analysed.validated.findings.to_frame(),
            statements=statements,
            manifest=manifest,
            hard_findings_allowed=analysed.validated.findings.hard > 0,
            draft=edition.draft,
            style=edition.style or trial.protocol.report.style,
        )
    )
    dressed = replace(edition, reference=edition.reference or _own_reference(trial))
    documents = render_documents(content, folder, dressed, progress=progress)
    published = Published(
        analysed=analysed, content=content, documents=documents, manifest=manifest
    )
    return replace(published, manifest=manifest.with_documents(files_of(published).items()))


def files_of(published: Published) -> dict[str, bytes]:
    """The results and the report, by their names in the output folder, without the manifest.

    The listing of findings is not among them: it changes with the queries.
    """
    report = _report_files(published)
    del report[MANIFEST]
    return _results_files(published.analysed) | report


def _own_reference(trial: Trial) -> Path | None:
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


OTHER_CHECKLISTS = (spirit_2025(), *all_extensions())
PLAN = "plan"
"""The folder of the plan in the trial's, and the name of its files."""
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
    forms = form_schemas(folder, protocol).forms if (folder / "forms").is_dir() else ()
    statements = read_statements(folder / "statements", consort_2025(), OTHER_CHECKLISTS)
    templates = find_templates()
    content = compose_plan(
        PlanInputs(
            protocol=protocol,
            statements=statements,
            forms=tuple(ScheduledForm(label=each.title, visits=each.visits) for each in forms),
            manifest=Manifest(
                trial=protocol.trial.id,
                protocol=HashedFile(file=FILE, sha256=protocol.source_sha256),
                forms=tuple(HashedFile(file=each.file, sha256=each.sha256) for each in forms),
                data=(),
                statements=hash_files((folder / each.file for each in statements), root=folder),
                templates=(),
                data_cut=None,
                guideline=spirit_2025().name,
                synthetic="",
                versions=current_versions()[:1],
            ),
            draft=draft,
        )
    )
    edition = Edition(formats=formats, draft=draft)
    made = render_documents(content, templates, edition, progress=silently)
    files = {each.file.replace("report", PLAN, 1): each.data for each in made}
    return content, _write(files, target)


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
        statements=hash_files((trial.folder / each.file for each in statements), root=trial.folder),
        templates=hash_files(templates.glob("*.[jt][2y]*"), root=templates),
        looks=() if looks is None else hash_files([looks], root=trial.folder),
        data_cut=None if snapshot.cut is None else snapshot.cut.date(),
        guideline=consort_2025().name,
        synthetic=protocol.trial.synthetic,
        versions=current_versions(),
        draft=edition.draft,
        style="" if edition.style is None else edition.style.value,
        reference_sha256=_hash_of(edition.reference),
    )


def _hash_of(file: Path | None) -> str:
    try:
        return "" if file is None else sha256(file.read_bytes())
    except OSError as error:
        raise ReportError(f"{file}: cannot be read: {error.strerror}") from None


def write_findings(validated: Validated, out: Path) -> list[Path]:
    """The listing: ``findings.csv``, ``findings.xlsx`` for the sites, ``findings.html`` to read."""
    return _write(_findings_files(validated), out)


def write_site_workbooks(validated: Validated, out: Path) -> list[Path]:
    """``findings_<site>.xlsx`` for each site with something to answer, and nothing of the others."""
    listed = validated.listing
    names: set[str] = set()
    files = {}
    for site in listed.sites_to_answer:
        name = sheet_name("".join(c if c.isalnum() or c in "-_" else "_" for c in site), names)
        files[f"findings_{name if site else 'no_site'}.xlsx"] = _workbook(
            validated, listed, site=site
        )
    return _write(files, out)


def write_results(analysed: Analysed, out: Path) -> list[Path]:
    """``results.csv``, the analysis results dataset, and ``results.json``, the same with its trial."""
    return _write(_results_files(analysed), out)


def write_report(published: Published, out: Path) -> list[Path]:
    """The report, its drawings, its checklist and its manifest."""
    return _write(_report_files(published), out)


def is_of_other_inputs(validated: Validated, out: Path) -> bool:
    """Whether a report in ``out`` was made from another protocol, other forms or other data.

    A validation alone leaves the report of an earlier run where it is.
    """
    made = read_manifest(out / MANIFEST)
    trial, snapshot = validated.trial, validated.snapshot
    now = {
        FILE: trial.protocol.source_sha256,
        **{form.file: form.sha256 for form in trial.schemas.forms},
        **dict(snapshot.sha256_of_files),
    }
    return made is not None and (made.inputs != now or made.data_cut != validated.cut)


def remove_earlier(out: Path, *, current: Mapping[str, bytes] | None = None) -> None:
    """Remove the results and the report that an earlier run left in ``out``.

    They would be taken for this run's. What is removed has a name that trialkit itself writes;
    drawings go only beside a manifest, the sign that trialkit drew there. A file named in
    ``current`` stays if it holds these very bytes, and is removed like the others if it does not.
    """
    known = current or {}
    drawings = sorted((out / FIGURES).glob("*.svg")) if (out / MANIFEST).is_file() else []
    figures = [each for drawn in drawings for each in (drawn, drawn.with_suffix(".png"))]
    named = [out / name for name in dict.fromkeys((*RESULTS, *REPORT, *known))]
    remove_files(
        path
        for path in (*figures, *named)
        if path.is_file() and (path.name not in known or path.read_bytes() != known[path.name])
    )


class Watcher:
    """Who watches a run: told what is under way and what was reached, and here saying nothing."""

    def working(self, what: str) -> AbstractContextManager[Progress]:  # noqa: ARG002 - shown by others
        """The time that a step takes; what it gives is called with each part of the step."""
        return nullcontext(silently)

    def has_validated(self, validated: Validated, written: list[Path]) -> None:
        """The data are checked, and the findings written unless ``written`` is empty."""

    def has_analysed(self, analysed: Analysed, written: list[Path]) -> None:
        """The plan is carried out, and the results written."""

    def has_published(self, published: Published, written: list[Path]) -> None:
        """The report is written."""


NOBODY = Watcher()


def analyse_trial(
    folder: Path,
    *,
    cut: date | None = None,
    allow_hard: bool = False,
    out: Path | None = None,
    watcher: Watcher = NOBODY,
) -> Analysed:
    """The line up to the results, from the trial's folder to ``out`` (``folder/output``).

    The findings are written, and earlier results and reports removed, before hard findings stop the
    analysis with :class:`FindingsError`.
    """
    target = output_folder(folder, out)
    with watcher.working("Validating"):
        validated = validate(open_trial(folder), cut=cut)
        listed = write_findings(validated, target)
    watcher.has_validated(validated, listed)
    with watcher.working("Analysing") as progress:
        remove_earlier(target)
        analysed = analyse(validated, allow_hard=allow_hard, progress=progress)
        written = write_results(analysed, target)
    watcher.has_analysed(analysed, written)
    return analysed


def run_trial(
    folder: Path,
    *,
    cut: date | None = None,
    allow_hard: bool = False,
    out: Path | None = None,
    edition: Edition = EVERYTHING,
    watcher: Watcher = NOBODY,
) -> Published:
    """The whole line, from the trial's folder to its files in ``out`` (``folder/output``).

    Raises :class:`FindingsError` as :func:`analyse_trial` does.
    """
    analysed = analyse_trial(folder, cut=cut, allow_hard=allow_hard, out=out, watcher=watcher)
    with watcher.working("Reporting") as progress:
        published = publish(analysed, edition=edition, progress=progress)
        written = write_report(published, output_folder(folder, out))
    watcher.has_published(published, written)
    return published


def report_trial(
    folder: Path,
    *,
    cut: date | None = None,
    allow_hard: bool = False,
    out: Path | None = None,
    edition: Edition = EVERYTHING,
    watcher: Watcher = NOBODY,
) -> Published:
    """The report alone, written to ``out`` (``folder/output``).

    Findings and results that stand there stay only if they are those of this report.
    """
    target = output_folder(folder, out)
    with watcher.working("Validating"):
        validated = validate(open_trial(folder), cut=cut)
    watcher.has_validated(validated, [])
    findings = _findings_files(validated)
    with watcher.working("Reporting") as progress:
        try:
            analysed = analyse(validated, allow_hard=allow_hard, progress=progress)
            published = publish(analysed, edition=edition, progress=progress)
        except TrialkitError:
            remove_earlier(target, current=findings)
            raise
        remove_earlier(target, current=findings | _results_files(published.analysed))
        written = write_report(published, target)
    watcher.has_published(published, written)
    return published


def _findings_files(validated: Validated) -> dict[str, bytes]:
    trial, listed = validated.trial, validated.listing
    workbook = _workbook(validated, listed, site=None)
    table = _labelled_csv(listed.frame, "message", trial.protocol.trial.synthetic)
    page = render_listing(compose_listing(_listing_inputs(validated, listed)), find_templates())
    return dict(zip(FINDINGS, (table, workbook, page.encode()), strict=True))


def _workbook(validated: Validated, listed: Listing, *, site: str | None) -> bytes:
    trial = validated.trial
    marks = {key: query.asked for key, query in validated.queries.by_key.items()}
    return findings_workbook(
        listed, trial.protocol, trial.schemas, marks=marks, cut=validated.cut, site=site
    )


def _listing_inputs(validated: Validated, listed: Listing) -> ListingInputs:
    """The listing and the course of the trial, as the page of findings takes them."""
    protocol, schemas = validated.trial.protocol, validated.trial.schemas
    so_far = course(validated.snapshot, schemas, listed)
    size = protocol.sample_size
    return ListingInputs(
        trial=protocol.trial.id,
        title=protocol.trial.short_title,
        synthetic=protocol.trial.synthetic,
        data_cut=None if validated.snapshot.cut is None else validated.snapshot.cut.date(),
        findings=listed.worst_first,
        columns=tuple(
            Column(
                form=form.id,
                title=form.title,
                visit=visit,
                expected=ExpectedOf(expected_of(form, visit, protocol)),
            )
            for form in schemas.forms
            for visit in form.visits or ("",)
        ),
        sites={site.code: site.label for site in protocol.sites},
        people=so_far.people,
        cells=so_far.cells,
        sessions=so_far.sessions,
        planned=size.planned if size else None,
    )


def _results_files(analysed: Analysed) -> dict[str, bytes]:
    trial = analysed.validated.trial.protocol.trial
    rows = analysed.results.rows
    note = COLUMNS.index("note")
    table = (
        (*values[:note], _with_label(str(values[note]), trial.synthetic), *values[note + 1 :])
        for values in map(astuple, rows)
    )
    content = {
        "trial": trial.id,
        "synthetic": trial.synthetic,
        "results": [_finite(asdict(row)) for row in rows],
    }
    document = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    return dict(zip(RESULTS, (csv_bytes(COLUMNS, table), document.encode()), strict=True))


def _report_files(published: Published) -> dict[str, bytes]:
    """The manifest comes before the drawings: where they are, it is."""
    content = published.content
    checklist = _labelled_csv(checklists_frame(content.checklists), "note", content.synthetic)
    files = {
        **{_placed(each.file): each.data for each in published.documents},
        "checklist.csv": checklist,
        "lint.csv": _labelled_csv(lint_frame(content.lint), "found", content.synthetic),
        MANIFEST: published.manifest.to_json().encode(),
    }
    for figure in content.figures:
        files[_placed(f"{FIGURES}/{figure.name}.svg")] = figure.svg.encode()
    return files


def _placed(file: str) -> str:
    """The flow diagram stands beside the report, every other drawing in its folder."""
    name = file.removeprefix(f"{FIGURES}/")
    return name if name in REPORT else file


def _write(files: Mapping[str, bytes], out: Path) -> list[Path]:
    for name, content in files.items():
        write_whole(out / name, content)
    return [out / name for name in files]


def _finite(row: dict[str, object]) -> dict[str, object]:
    """JSON has no infinity: an infinite ratio or limit becomes the text ``inf`` or ``-inf``."""
    stat = row["stat"]
    return row | {"stat": str(stat)} if isinstance(stat, float) and isinf(stat) else row


def _labelled_csv(frame: pd.DataFrame, column: str, label: str) -> bytes:
    labelled = frame.assign(**{column: [_with_label(str(text), label) for text in frame[column]]})
    return csv_bytes(list(frame.columns), labelled.itertuples(index=False, name=None))


def _with_label(text: str, label: str) -> str:
    """Synthetic data say so in every row of every file, since rows are copied out of files."""
    return "; ".join(filter(None, (text, label)))
