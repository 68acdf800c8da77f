"""Every kind of file that the product reads, with what reads it: the table that the tests keep whole."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from tests.any_file.world import command
from tests.planned.external import ASKED, plan_with
from trialkit.checks.deviations.log_file import read_log
from trialkit.checks.one_file.at_scale import check_file
from trialkit.checks.queries.answer_files import read_answers
from trialkit.checks.queries.answering import record_answers
from trialkit.checks.queries.query_files import QueryFolder
from trialkit.checks.trial.checking import check
from trialkit.design.randomisation.vault import Vault
from trialkit.design.randomisation.verifying import verify as verify_list
from trialkit.design.simulation.assumptions import read_assumptions
from trialkit.evidence.verifying.anchoring import read_anchors
from trialkit.evidence.verifying.time_stamps import read_certificates, time_stamp
from trialkit.files.loose_tables import read_loose_tables
from trialkit.files.own_files import listed_in
from trialkit.files.workbook_reading import read_workbook
from trialkit.imports.entry_workbook.from_workbook import from_workbook
from trialkit.imports.external.reading import read_external
from trialkit.imports.redcap.decisions import read_decisions
from trialkit.imports.redcap.dictionary import read_dictionary
from trialkit.imports.redcap.layout import read_event_mapping
from trialkit.imports.redcap.project_import import ProjectFiles, prepare
from trialkit.imports.redcap.project_xml import read_project
from trialkit.imports.statistical.drafting import draft_form
from trialkit.imports.statistical.from_statistical import SaidOfFile, from_statistical
from trialkit.imports.statistical.stat_file import read_stat_file
from trialkit.imports.taking_in.difference import difference
from trialkit.imports.taking_in.from_csv import from_csv
from trialkit.imports.taking_in.mapping import FileMapping, TableMapping, read_mapping
from trialkit.imports.xlsform.form_import import prepare_forms
from trialkit.imports.xlsform.submission_tables import read_submissions
from trialkit.outputs import datasets_files, package_files
from trialkit.protocol.authorship import read_authors
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.citing.library import read_library
from trialkit.report.content.manifest import read_manifest
from trialkit.report.guidelines.checklist import consort_2025
from trialkit.report.guidelines.statements import read_statements
from trialkit.report.writers.word_file import opened_document
from trialkit.report.writers.word_marked import read_lines
from trialkit.report.writers.word_marks import read_record
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.instruments.value_sets import read_value_set
from trialkit.schemas.reading.loading import form_schemas
from trialkit.schemas.versions.mapping_file import read_mapping as read_data_mapping
from trialkit.steps.locking import plan_history
from trialkit.steps.opening import open_trial
from trialkit.steps.returned.author_words import read_words
from trialkit.steps.returned.controls import statement_controls
from trialkit.steps.returned.word_file import read_word
from trialkit.store.changes.change_log import read_changes
from trialkit.store.freezing import freeze
from trialkit.store.one_file.key_uniqueness import duplicate_keys
from trialkit.store.one_file.scanning import open_scan
from trialkit.store.sources.folder_source import FolderSource
from trialkit.verifying.document.judging import judged_numbers
from trialkit.verifying.recomputed import (
    different_printed,
    different_results,
    different_words,
)
from trialkit.verifying.recorded import read_recorded

Reading = Callable[[Path], object]


@dataclass(frozen=True, kw_only=True)
class Door:
    """A kind of file, where a sound one stands in the world, and all that reads it."""

    kind: str
    place: str
    read: Reading
    """What reads the file, and as little else as can be."""
    use: Reading | None = None
    """What is done with it then, where that takes longer."""
    commands: tuple[str, ...] = ()
    """What the command line does with it, ``{}`` standing for the world's folder."""
    alike: str = ""
    """Others of its kind in the world, which lend what is spliced in."""
    is_apart: bool = False
    """Whether a process of its own reads it, whose start takes longer than the reading."""


_CONSORT = consort_2025()


@lru_cache(maxsize=2)
def _trial(world: Path) -> tuple[Protocol, Schemas]:
    protocol = load_protocol(world / "trial")
    return protocol, form_schemas(world / "trial", protocol)


def _defined(world: Path) -> object:
    protocol = load_protocol(world / "trial")
    return form_schemas(world / "trial", protocol)


def _checked(world: Path) -> object:
    protocol, schemas = _trial(world)
    source = FolderSource(folder=world / "trial")
    source.refuse_strangers(schemas)
    return check(freeze(source, schemas), schemas, protocol).to_frame()


def _form_read(world: Path) -> object:
    _, schemas = _trial(world)
    return FolderSource(folder=world / "trial").table(schemas.form("assessment"), schemas.data)


def _marks_read(world: Path) -> object:
    _, schemas = _trial(world)
    return freeze(FolderSource(folder=world / "trial"), schemas)


def _stamps_looked_at(world: Path) -> object:
    certificates = read_certificates(world / "stamped" / "root.pem")
    anchors = read_anchors(world / "stamped" / "anchors.txt")
    return [time_stamp(each.stamp, each.stated, certificates) for each in anchors]


def _streamed(name: str) -> Reading:
    def streamed(world: Path) -> object:
        protocol, schemas = _trial(world)
        form = schemas.form("assessment")
        scan = open_scan(world / name, form, schemas.data)
        found = check_file(scan, form, schemas, protocol)
        return found, duplicate_keys(scan, form.key, limit=10)

    return streamed


def _answered(name: str) -> Reading:
    def answered(world: Path) -> object:
        protocol, schemas = _trial(world)
        rows = read_answers(world / name)
        before = QueryFolder(trial=world / "trial").read()
        return record_answers(
            rows,
            before,
            trial=protocol.trial.id,
            on=date(2025, 6, 1),
            answered_by="Ann",
            schemas=schemas,
        )

    return answered


def _entered(world: Path) -> object:
    _, schemas = _trial(world)
    return difference(world / "trial", schemas, from_workbook(world / "entry.xlsx", schemas))


def _taken_in(world: Path) -> object:
    _, schemas = _trial(world)
    mapping = read_mapping(world / "mapping.toml", schemas)
    return difference(
        world / "trial", schemas, from_csv(world / "incoming.csv", "assessment", schemas, mapping)
    )


def _stat_table(name: str) -> Reading:
    def taken_in(world: Path) -> object:
        _, schemas = _trial(world)
        source = read_stat_file(world / name)
        short = name.endswith("xpt")
        columns = {"symptom_score": "score"} if short else {}
        table = TableMapping(form="assessment", columns=columns)
        mapping = FileMapping(file="map.toml", tables=(table,))
        subject = "id" if short else "subject_id"
        come = from_statistical(source, "assessment", schemas, mapping, SaidOfFile(subject=subject))
        drafted = draft_form(source, "quality", subject=subject, repeating=False)
        return difference(world / "trial", schemas, come), drafted

    return taken_in


def _project(world: Path) -> object:
    redcap = world / "redcap"
    return prepare(
        ProjectFiles(
            dictionary=redcap / "dictionary.csv",
            exports=(redcap / "export.csv",),
            trial=redcap,
            events=redcap / "events.csv",
        )
    )


def _whole_project(world: Path) -> object:
    source, trial = world / "redcap" / "project.xml", world / "redcap_whole"
    return prepare(ProjectFiles(dictionary=source, exports=(), trial=trial), new_subjects=True)


def _trail(world: Path) -> object:
    return verify_list(world / "list" / "randomisation")


def _vault(world: Path) -> object:
    vault = Vault(folder=world / "list_vault")
    return vault.read_plan(), vault.read_key(), vault.read_seal(), vault.read_sealed()


def _list_verified(world: Path) -> object:
    record = world / "list" / "randomisation"
    return verify_list(record, vault=Vault(folder=world / "list_vault"))


def _ended_verified(world: Path) -> object:
    return verify_list(world / "ended" / "randomisation")


def _recorded(world: Path) -> object:
    out = world / "trial" / "output"
    return read_manifest(out / "manifest.json"), read_recorded(out)


@lru_cache(maxsize=2)
def _true_files(world: Path) -> dict[str, bytes]:
    """What the run wrote, before anything was harmed."""
    as_made = world / "as_made"
    return {path.name: path.read_bytes() for path in as_made.iterdir() if path.is_file()}


def _results_compared(world: Path) -> object:
    return list(different_results(world / "trial" / "output", _true_files(world)))


def _page_compared(world: Path) -> object:
    out, files = world / "trial" / "output", _true_files(world)
    return [*different_printed(out, files), *different_words(out, files)]


def _word_read(world: Path) -> object:
    word = read_word(world / "edited.docx")
    records = [each for each in map(read_record, word.custom) if each is not None]
    recorded = {each.place: each for record in records for each in record.numbers}
    lines = [line for root in (word.body, *word.notes) for line in read_lines(root)]
    words = [read_words(each.content, word, {}) for each in statement_controls(word)]
    return list(judged_numbers(lines, recorded, {})), words


_VALIDATE = "validate {}/trial --no-queries"
_IMPORT = "import redcap {0}/redcap/dictionary.csv {0}/redcap/export.csv --events {0}/redcap/events.csv --into {0}/redcap --dry-run"
_LIST = ("randomise verify {0}/list --vault {0}/list_vault",)
_ALLOCATE = "randomise allocate {0}/list --vault {0}/list_vault --by Bo --subject 9 --level site=N"
_UNBLIND = "randomise unblind {0}/list --vault {0}/list_vault --by Bo --subject 1 --reason harm"
_VERIFY = "verify {}/trial/output --trial {}/trial"

DOORS = (
    Door(
        kind="protocol",
        place="trial/protocol.toml",
        read=lambda world: load_protocol(world / "trial"),
        use=_defined,
        commands=(
            _VALIDATE,
            "protocol {}/trial --formats html",
            "run {}/trial --formats html",
            "power {}/trial",
        ),
        alike="*/protocol.toml",
    ),
    Door(
        kind="form",
        place="trial/forms/assessment.toml",
        read=lambda world: form_schemas(world / "trial", load_protocol(world / "trial")),
        commands=("forms check {}/trial", _VALIDATE, "codebook {}/trial", "run {}/trial"),
        alike="*/forms/*.toml",
    ),
    Door(
        kind="data of a form",
        place="trial/data/assessment.csv",
        read=_form_read,
        use=_checked,
        commands=(_VALIDATE, "run {}/trial --formats html"),
        alike="trial/data/*.csv",
    ),
    Door(
        kind="marks of what was not done",
        place="trial/data/not_done.csv",
        read=_marks_read,
        use=_checked,
        commands=(_VALIDATE,),
        alike="trial/data/*.csv",
    ),
    Door(
        kind="one data file, CSV",
        place="assessment.csv",
        read=_streamed("assessment.csv"),
        commands=("validate {0}/trial --data {0}/assessment.csv",),
        alike="trial/data/*.csv",
    ),
    Door(
        kind="one data file, Parquet",
        place="assessment.parquet",
        read=_streamed("assessment.parquet"),
        commands=("validate {0}/trial --data {0}/assessment.parquet",),
    ),
    Door(
        kind="statement",
        place="trial/statements/6.md",
        read=lambda world: read_statements(world / "trial" / "statements", _CONSORT),
        commands=("run {}/trial --formats html",),
        alike="trial/statements/*.md",
    ),
    Door(
        kind="Word report that came back",
        place="edited.docx",
        read=_word_read,
        commands=(
            "verify {0}/edited.docx --trial {0}/trial",
            "statements import {0}/edited.docx {0}/trial",
        ),
        alike="*.docx",
    ),
    Door(
        kind="authors",
        place="trial/authors.toml",
        read=lambda world: read_authors(world / "trial"),
        commands=("report {0}/trial --package {0}/packed",),
        alike="*/*.toml",
    ),
    Door(
        kind="manifest of a package",
        place="packed/package.json",
        read=lambda world: listed_in(package_files.MAKER, world / "packed"),
        commands=("report {0}/trial --package {0}/packed",),
        alike="*/*/*.json",
    ),
    Door(
        kind="manifest of datasets",
        place="derived/datasets.json",
        read=lambda world: listed_in(datasets_files.MAKER, world / "derived"),
        commands=("datasets {0}/trial --out {0}/derived",),
        alike="*/*/*.json",
    ),
    Door(
        kind="references, BibTeX",
        place="trial/references.bib",
        read=lambda world: read_library(world / "trial").work("lee2020"),
        commands=("run {}/trial --formats html", "plan check {}/trial"),
        alike="trial/references.*",
    ),
    Door(
        kind="references, CSL-JSON",
        place="trial/references.json",
        read=lambda world: read_library(world / "trial").work("who"),
        commands=("run {}/trial --formats html", "plan check {}/trial"),
        alike="trial/references.*",
    ),
    Door(
        kind="changes of the data",
        place="trial/data/changes.csv",
        read=lambda world: read_changes(world / "trial" / "data"),
        commands=("import csv {0}/trial {0}/incoming.csv --form assessment --replace --by Bo",),
        alike="trial/data/*.csv",
    ),
    Door(
        kind="locks of the plan",
        place="trial/plan_locks.jsonl",
        read=lambda world: plan_history(open_trial(world / "trial")),
        commands=("plan history {}/trial",),
        alike="trial/*.jsonl",
    ),
    Door(
        kind="history of the queries",
        place="trial/queries/history.csv",
        read=lambda world: QueryFolder(trial=world / "trial").read(),
        commands=("queries list {}/trial", "validate {}/trial", "queries send {}/trial"),
        alike="trial/queries/*.csv",
    ),
    Door(
        kind="log of deviations",
        place="trial/deviations.csv",
        read=lambda world: read_log(world / "trial"),
        use=lambda world: read_log(world / "trial").log.conflicts,
        commands=("deviations {}/trial",),
        alike="trial/**/*.csv",
    ),
    Door(
        kind="state of the queries",
        place="trial/queries/queries.csv",
        read=lambda world: QueryFolder(trial=world / "trial").read(),
        commands=("validate {}/trial",),
        alike="trial/queries/*.csv",
    ),
    Door(
        kind="answers of a site, workbook",
        place="answers.xlsx",
        read=_answered("answers.xlsx"),
        commands=("queries answer {0}/trial {0}/answers.xlsx --by Ann",),
        alike="*.xlsx",
    ),
    Door(
        kind="answers of a site, CSV",
        place="answers.csv",
        read=_answered("answers.csv"),
        commands=("queries answer {0}/trial {0}/answers.csv --by Ann",),
        alike="*.csv",
    ),
    Door(
        kind="workbook of entries",
        place="entry.xlsx",
        read=lambda world: read_workbook(world / "entry.xlsx"),
        use=_entered,
        commands=("import workbook {0}/trial {0}/entry.xlsx",),
        alike="*.xlsx",
    ),
    Door(
        kind="data from elsewhere, CSV",
        place="incoming.csv",
        read=_taken_in,
        commands=(
            "import csv {0}/trial {0}/incoming.csv --form assessment --mapping {0}/mapping.toml --dry-run",
        ),
        alike="*.csv",
    ),
    *(
        Door(
            kind=f"statistical file, {name}",
            place=name,
            read=lambda world, name=name: read_stat_file(world / name),  # type: ignore[misc]
            use=_stat_table(name),
            commands=(f"import statfile {{0}}/trial {{0}}/{name} --form assessment --dry-run",),
            alike="rows*.*",
            is_apart=True,
        )
        for name in ("rows.sav", "rows.zsav", "rows.dta", "rows5.xpt", "rows8.xpt")
    ),
    Door(
        kind="mapping",
        place="mapping.toml",
        read=lambda world: read_mapping(world / "mapping.toml", _trial(world)[1]),
        use=_taken_in,
        alike="**/*.toml",
    ),
    Door(
        kind="mapping of data to newer forms",
        place="newer.toml",
        read=lambda world: read_data_mapping(world / "newer.toml"),
        alike="**/*.toml",
    ),
    Door(
        kind="data dictionary of REDCap",
        place="redcap/dictionary.csv",
        read=lambda world: read_dictionary(world / "redcap" / "dictionary.csv"),
        use=_project,
        commands=(_IMPORT,),
        alike="redcap/*.csv",
    ),
    Door(
        kind="export of REDCap",
        place="redcap/export.csv",
        read=_project,
        commands=(_IMPORT,),
        alike="redcap/*.csv",
    ),
    Door(
        kind="project of REDCap",
        place="redcap/project.xml",
        read=lambda world: read_project(world / "redcap" / "project.xml"),
        use=_whole_project,
        commands=("import redcap {0}/redcap/project.xml --into {0}/redcap_whole --dry-run",),
    ),
    Door(
        kind="events of REDCap",
        place="redcap/events.csv",
        read=lambda world: read_event_mapping(world / "redcap" / "events.csv"),
        use=_project,
        commands=(_IMPORT,),
        alike="redcap/*.csv",
    ),
    Door(
        kind="decisions of an import",
        place="redcap/redcap.toml",
        read=lambda world: read_decisions(world / "redcap" / "redcap.toml"),
        use=_project,
        commands=(_IMPORT,),
        alike="**/*.toml",
    ),
    Door(
        kind="XLSForm",
        place="xlsform.xlsx",
        read=lambda world: prepare_forms(world / "xlsform.xlsx", world / "trial"),
        commands=("import xlsform {0}/xlsform.xlsx {0}/trial",),
        alike="*.xlsx",
    ),
    Door(
        kind="XLSForm as text",
        place="xlsform.csv",
        read=lambda world: prepare_forms(world / "xlsform.csv", world / "trial"),
        commands=("import xlsform {0}/xlsform.csv {0}/trial",),
        alike="*.csv",
    ),
    Door(
        kind="submissions of an XLSForm",
        place="submissions.zip",
        read=lambda world: read_submissions(world / "submissions.zip"),
        commands=(
            "import xlsform {0}/xlsform.csv {0}/trial --subject who --submissions {0}/submissions.zip",
        ),
        alike="*.xlsx",
    ),
    Door(
        kind="assumptions of a simulation",
        place="trial/simulation.toml",
        read=lambda world: read_assumptions(world / "trial", *_trial(world)),
        commands=("simulate {}/trial --replicates 3 --participants 20 --entropy 1 --workers 1",),
        alike="**/*.toml",
    ),
    Door(
        kind="audit trail",
        place="list/randomisation/audit.jsonl",
        read=_trail,
        commands=(*_LIST, "randomise verify {}/list", _ALLOCATE, _UNBLIND),
        alike="*/randomisation/audit.jsonl",
    ),
    Door(
        kind="commitment",
        place="list/randomisation/commitment.json",
        read=_list_verified,
        commands=(*_LIST, _ALLOCATE),
        alike="*/randomisation/*.json",
    ),
    Door(
        kind="revealed list",
        place="ended/randomisation/revealed.json",
        read=_ended_verified,
        commands=("randomise verify {}/ended",),
        alike="*/randomisation/*.json",
    ),
    Door(
        kind="plan of a list",
        place="list_vault/plan.json",
        read=_vault,
        use=_list_verified,
        commands=(*_LIST, _ALLOCATE, _UNBLIND),
        alike="*_vault/*.json",
    ),
    Door(
        kind="secret of a list",
        place="list_vault/secret.json",
        read=_vault,
        use=_list_verified,
        commands=(*_LIST, _ALLOCATE),
        alike="*_vault/*.json",
    ),
    Door(
        kind="key of the seal",
        place="list_vault/seal.key",
        read=_vault,
        use=_list_verified,
        commands=(*_LIST, _ALLOCATE, _UNBLIND),
        alike="*_vault/seal.key",
    ),
    Door(
        kind="sealed list",
        place="list_vault/sealed.json",
        read=_vault,
        use=_list_verified,
        commands=(*_LIST, _ALLOCATE, _UNBLIND),
        alike="*_vault/*.json",
    ),
    Door(
        kind="manifest of a run",
        place="trial/output/manifest.json",
        read=_recorded,
        commands=(_VERIFY, "run {}/trial --formats html"),
        alike="**/*.json",
    ),
    Door(
        kind="results that are verified",
        place="trial/output/results.csv",
        read=_results_compared,
        commands=(_VERIFY,),
        alike="trial/output/*.csv",
    ),
    Door(
        kind="page that is verified",
        place="trial/output/report.html",
        read=_page_compared,
        commands=(_VERIFY,),
        alike="trial/output/*.html",
    ),
    Door(
        kind="Word file of looks",
        place="looks.docx",
        read=lambda world: opened_document(world / "looks.docx"),
        commands=("run {0}/trial --formats docx --reference {0}/looks.docx",),
        alike="*.docx",
    ),
    Door(
        kind="value set",
        place="values.csv",
        read=lambda world: read_value_set(world / "values.csv", country="x", version="1"),
    ),
    Door(
        kind="results of another program",
        place="outside/external/cox.csv",
        read=lambda world: read_external(world / "outside", plan_with(ASKED), data_sha256=""),
    ),
    Door(
        kind="anchors with time stamps",
        place="stamped/anchors.txt",
        read=lambda world: read_anchors(world / "stamped" / "anchors.txt"),
        use=_stamps_looked_at,
        alike="stamped/*",
    ),
    Door(
        kind="certificates of an authority",
        place="stamped/root.pem",
        read=lambda world: read_certificates(world / "stamped" / "root.pem"),
        use=_stamps_looked_at,
        alike="stamped/*",
    ),
    Door(
        kind="loose table",
        place="answers.csv",
        read=lambda world: read_loose_tables(world / "answers.csv"),
        alike="**/*.csv",
    ),
)
"""Every kind; the readers of each are looked up in the package by the test of this table."""


def opened_by_command(door: Door, world: Path, number: int) -> int:
    """What the ``number``-th command for this kind ends with."""
    line = door.commands[number % len(door.commands)]
    return command(*line.replace("{0}", str(world)).replace("{}", str(world)).split())
