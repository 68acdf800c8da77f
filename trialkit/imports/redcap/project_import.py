"""A REDCap project is prepared, shown, and written into a trial's folder.

Forms that people changed by hand are kept: the import makes a form file where there is none, makes it
anew while nobody changed it, and takes the place of any other only when that is asked for. The
protocol is never touched.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from trialkit.disk.content import Content
from trialkit.errors import DataFileError, ProtocolError
from trialkit.files.spreadsheets import csv_bytes
from trialkit.files.whole_files import output_folder, read_whole, write_together
from trialkit.imports.redcap.decisions import (
    FILE,
    ImportDecisions,
    MissingDecision,
    complain_of_decisions,
    read_decisions,
)
from trialkit.imports.redcap.dictionary import Dictionary, read_dictionary
from trialkit.imports.redcap.drafting import Project, draft_project
from trialkit.imports.redcap.export import (
    Export,
    columns_left_out,
    export_of,
    extras_of,
    found_in,
    read_export,
    rows_left_out,
)
from trialkit.imports.redcap.form_files import form_file, is_as_made
from trialkit.imports.redcap.layout import (
    Designated,
    Found,
    lay_out,
    read_event_mapping,
    read_events,
)
from trialkit.imports.redcap.project_files import sort_out
from trialkit.imports.redcap.project_xml import XmlProject, read_project
from trialkit.imports.redcap.skeleton import decisions_skeleton, project_protocol
from trialkit.imports.redcap.spelled_alike import codes_of_answers
from trialkit.imports.redcap.system_fields import DAG
from trialkit.imports.redcap.tables import tables
from trialkit.imports.redcap.text_table import UTF_8
from trialkit.imports.taking_in.difference import CellDifference, difference
from trialkit.imports.taking_in.export_day import (
    ExportDay,
    day_in_name,
    latest,
    said_of_the_cut,
)
from trialkit.imports.taking_in.incoming import Incoming, IncomingTable, LeftOut
from trialkit.imports.taking_in.planned_files import (
    PlannedFile,
    declared_format,
    forms_folder,
    planned_contents,
    planned_file,
)
from trialkit.imports.taking_in.taken_codes import TakenCode
from trialkit.imports.taking_in.writing import import_contents, refuse_unasked
from trialkit.protocol.loading import FILE as PROTOCOL
from trialkit.protocol.tables.definitions import Complaints, load_toml, read_table, read_tables
from trialkit.protocol.tables.raw_tables import texts
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.protocol.trial.data_format import MissingCode as TrialCode
from trialkit.schemas.forms.forms import Form, Item, Schemas
from trialkit.schemas.reading.loading import Heading
from trialkit.store.changes.change_log import Signature

LEFT_OUT = "redcap_left_out.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFiles:
    """The files of a project, and the trial that they are for."""

    dictionary: Path
    exports: tuple[Path, ...]
    trial: Path
    events: Path | None = None
    """The mapping of instruments to events, or the events; they are found among the exports, too."""
    encoding: str = UTF_8
    extra_columns: bool = False
    """Whether the dictionary may have columns that REDCap does not have."""
    missing_codes: tuple[MissingDecision, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """An import, ready to be shown or written."""

    project: Project
    files: tuple[PlannedFile, ...]
    difference: CellDifference
    data: DataFormat
    left_out: tuple[LeftOut, ...]
    listing: Path
    undecided: tuple[TakenCode, ...] = ()
    """Missing codes of the trial that are answers of the project, too."""
    on_the_cut: str = ""
    """What there is to say of the export's day and the trial's data cut."""


def prepare(
    sources: ProjectFiles, *, replace_forms: bool = False, new_subjects: bool = False
) -> Prepared:
    """What an import would write, before anything is written.

    With ``new_subjects`` those who look like another are other people.
    Raises :class:`DataFileError` or :class:`ProtocolError` for what cannot be understood.
    """
    encoding = sources.encoding
    given = (sources.dictionary, *sources.exports, *((sources.events,) if sources.events else ()))
    files = sort_out(given, encoding=encoding)
    whole = read_project(files.dictionary) if files.is_project else None
    dictionary = (
        whole.dictionary
        if whole
        else read_dictionary(
            files.dictionary, encoding=encoding, extra_columns=sources.extra_columns
        )
    )
    decisions = _decisions(sources)
    exports = tuple(
        read_export(path, dictionary, decisions.reasons, encoding=encoding)
        for path in files.exports
    )
    if whole and whole.records is not None:
        exports = (export_of(whole.records, dictionary, decisions.reasons), *exports)
    day = latest(_days(files.exports, whole))
    declared = _data_format(sources.trial, decisions)
    undecided = codes_of_answers(dictionary, exports, decisions, declared)
    data = declared.freed(frozenset(each.code.code for each in undecided))
    designated = [
        *(whole.designated if whole else ()),
        *(each for path in files.events for each in read_events(path, encoding=encoding)),
        *(each for path in files.mappings for each in read_event_mapping(path, encoding=encoding)),
    ]
    repeating = whole.repeating if whole else ()
    project = _project(dictionary, exports, designated, decisions, data, repeating=repeating)
    drafted = _form_files(project, sources.trial, keep=not replace_forms)
    _refuse_rows_of_other_keys(project, drafted, sources.trial)
    schemas = Schemas(forms=_forms(project, drafted), data=data)
    incoming = _incoming(sources, exports, project, schemas)
    sites = sorted({site for export in exports for site in _groups(export)})
    own = [code for code in declared.missing_codes if not (sources.trial / PROTOCOL).exists()]
    skeletons = {
        PROTOCOL: project_protocol(
            project,
            trial=sources.trial.resolve().name,
            sites=sites,
            missing_codes=own,
            undecided=[each.proposed for each in undecided],
            export=day,
        ),
        FILE: decisions_skeleton(project, decisions),
    }
    begun = tuple(
        planned_file(sources.trial / name, text, keeps=lambda _: True)
        for name, text in skeletons.items()
    )
    return Prepared(
        project=project,
        files=(*begun, *drafted),
        difference=difference(
            sources.trial, schemas, incoming, new_items=True, new_subjects=new_subjects
        ),
        data=data,
        left_out=incoming.left_out,
        listing=output_folder(sources.trial, None) / LEFT_OUT,
        undecided=undecided,
        on_the_cut=said_of_the_cut(day, declared, new=not (sources.trial / PROTOCOL).exists()),
    )


def _days(exports: Sequence[Path], whole: XmlProject | None) -> Iterator[ExportDay | None]:
    """The day of each file that has records."""
    yield from map(day_in_name, exports)
    if whole and whole.records is not None:
        yield whole.day


def write(
    prepared: Prepared,
    *,
    signed: Signature,
    replace: bool = False,
    empty: bool = False,
    remove: bool = False,
) -> tuple[Path, ...]:
    """Write forms, skeletons and data, all or nothing, and return the files that were written.

    Raises :class:`DataFileError`, and writes nothing, where values would be overwritten unasked.
    """
    refuse_unasked(prepared.difference, replace=replace)
    files: dict[Path, Content] = {**planned_contents(prepared.files)}
    files |= import_contents(
        prepared.difference,
        prepared.data,
        signed=signed,
        replace=replace,
        empty=empty,
        remove=remove,
    )
    rows = [(each.place, each.found, each.why) for each in prepared.left_out]
    listing = csv_bytes(("place", "found", "why"), rows)
    if read_whole(prepared.listing) != listing:
        files[prepared.listing] = listing
    return tuple(write_together(files))


def _decisions(sources: ProjectFiles) -> ImportDecisions:
    """What was decided in the file, and on the call, which wins."""
    decided = read_decisions(sources.trial / FILE)
    said = {each.code for each in sources.missing_codes}
    kept = tuple(each for each in decided.missing_codes if each.code not in said)
    return replace(decided, missing_codes=(*kept, *sources.missing_codes))


def _data_format(trial: Path, decisions: ImportDecisions) -> DataFormat:
    """How the trial writes its data, and its missing codes; they are new where no protocol is."""
    if not (trial / PROTOCOL).exists():
        known = {code.code for code in DataFormat().all_missing_codes}
        new = dict.fromkeys(each.means for each in decisions.missing_codes)
        codes = [TrialCode(code=each, label=each) for each in new if each not in known]
        return DataFormat(missing_codes=tuple(codes))
    data, complaints = declared_format(trial)
    known = {code.code for code in data.all_missing_codes} if data else set()
    for each in decisions.missing_codes:
        if data and each.means not in known:
            complaints.add(
                table="data",
                key="missing_codes",
                found=f"no {each.means!r}, which REDCap's {each.code!r} is said to mean",
                expected=f"it declared there, or one of {', '.join(sorted(known))}",
            )
    if data is None or complaints.all():
        raise ProtocolError(complaints.all())
    return data


def _project(
    dictionary: Dictionary,
    exports: Sequence[Export],
    designated: Sequence[Designated],
    decisions: ImportDecisions,
    data: DataFormat,
    *,
    repeating: Sequence[Found] = (),
) -> Project:
    found = [*repeating, *(each for export in exports for each in found_in(export))]
    layout = lay_out(dictionary.forms, designated=designated, found=found, decisions=decisions)
    complaints = complain_of_decisions(
        decisions,
        forms=frozenset(dictionary.forms),
        fields=frozenset(field.name for field in dictionary.fields) | {DAG},
        events=frozenset(each.event for each in designated)
        | {event for each in found for event in each.events},
    )
    if complaints:
        raise ProtocolError(complaints)
    return draft_project(dictionary, layout, decisions, data=data, extras=extras_of(exports))


def _form_files(project: Project, trial: Path, *, keep: bool) -> tuple[PlannedFile, ...]:
    folder = forms_folder(trial)

    def kept(before: str) -> bool:
        return keep and not is_as_made(before)

    return tuple(
        planned_file(folder / f"{each.form.id}.toml", form_file(each), keeps=kept)
        for each in project.forms
    )


def _refuse_rows_of_other_keys(project: Project, files: Sequence[PlannedFile], trial: Path) -> None:
    """Complain where a form gets other visits or repeats, and its rows have the old ones."""
    for each, file in zip(project.forms, files, strict=True):
        data = trial / "data" / f"{each.form.id}.csv"
        if file.before is None or not file.is_written or not data.is_file():
            continue
        raw, _ = load_toml(file.path, file=each.form.file)
        heading = raw.get("form")
        heading = heading if isinstance(heading, Mapping) else {}
        visits, repeating = texts(heading, "visits"), heading.get("repeating", False)
        gone = set(visits) - set(each.form.visits)
        if gone or bool(visits) != bool(each.form.visits) or repeating != each.form.repeating:
            raise DataFileError(
                f"{each.form.file}: gets other visits, or begins or ceases to repeat, and the rows in "
                f"data/{data.name} have the old ones. Move data/{data.name} away and import again: "
                "its answers come back with the export"
            )


def _forms(project: Project, files: Sequence[PlannedFile]) -> tuple[Form, ...]:
    """The forms as they will stand: those of the dictionary, and those that are kept."""
    return tuple(
        _kept(file, each.form) if file.kept else each.form
        for each, file in zip(project.forms, files, strict=True)
    )


def _kept(file: PlannedFile, drafted: Form) -> Form:
    complaints = Complaints(drafted.file)
    raw, sha256 = load_toml(file.path, file=drafted.file)
    heading = read_table(Heading, raw.get("form"), table="form", complaints=complaints)
    items = read_tables(Item, raw.get("items"), table="items", complaints=complaints)
    if heading is None or complaints.all():
        raise ProtocolError(complaints.all())
    return replace(
        drafted,
        visits=heading.visits,
        repeating=heading.repeating,
        items=items,
        rules=(),
        sha256=sha256,
    )


def _incoming(
    sources: ProjectFiles, exports: Sequence[Export], project: Project, schemas: Schemas
) -> Incoming:
    """The records of the exports, as far as the forms can hold them."""
    found = {table.form_id: table for table in tables(exports, project, schemas.data)}
    left_out = list(project.left_out)
    for export in exports:
        left_out += [*columns_left_out(export), *rows_left_out(export)]
    fitted = []
    for form in schemas.forms:
        table = found.get(form.id) or IncomingTable(
            form_id=form.id,
            cells=pl.DataFrame(schema=dict.fromkeys(form.key, pl.String)),
            places=(),
        )
        fitted.append(_fitted(table, form, left_out))
    names = ", ".join(path.name for path in (sources.dictionary, *sources.exports))
    return Incoming(
        source=names, tables=tuple(fitted), left_out=tuple(left_out), whole=frozenset(found)
    )


def _fitted(table: IncomingTable, form: Form, left_out: list[LeftOut]) -> IncomingTable:
    """The table with the columns of a form that may have been changed by hand."""
    asked = [item.id for item in form.asked]
    lacking = [key for key in form.key if key not in table.cells.columns]
    extra = [
        key for key in ("visit", "repeat") if key in table.cells.columns and key not in form.key
    ]
    if lacking or extra:
        what = f"has no {' and '.join(lacking)}" if lacking else f"has {' and '.join(extra)}"
        raise DataFileError(
            f"{form.file}: is kept, and its rows are told apart by {', '.join(form.key)}, but the "
            f"export {what}; decide it in {FILE}, or pass --replace-forms to take the form of the "
            "dictionary"
        )
    for name in table.cells.columns:
        if name not in form.key and name not in asked:
            why = f"{form.file}, which is kept, has no such item that is asked"
            left_out.append(LeftOut(place=form.file, found=f"the answers to {name}", why=why))
    columns = [name for name in table.cells.columns if name in form.key or name in asked]
    return replace(table, cells=table.cells.select(columns))


def _groups(export: Export) -> set[str]:
    if not export.has(DAG):
        return set()
    return {site for site in export.cells[DAG].str.strip_chars().unique().to_list() if site}


def missing_codes(texts: Sequence[str]) -> tuple[MissingDecision, ...]:
    """``CODE=MEANING`` as it is given on the command line.

    Raises :class:`DataFileError` for a text without ``=`` in it.
    """
    codes = []
    for text in texts:
        code, sign, means = (part.strip() for part in text.rpartition("="))
        if not (code and sign and means):
            raise DataFileError(
                f"--missing={text}: does not say what the code means; write --missing=-99=UNK"
            )
        codes.append(MissingDecision(code=code, means=means))
    return tuple(codes)
