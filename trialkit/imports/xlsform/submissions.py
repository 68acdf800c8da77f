"""Submissions of an XLSForm become rows of the forms that it was drafted as.

ODK Central and KoboToolbox name a column by the groups around a question and its name; a repeat has
a table of its own, whose rows name the submission that they belong to.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from trialkit.errors import DataFileError
from trialkit.grammar import by_number
from trialkit.imports.taking_in.export_day import ExportDay, day_of_submissions
from trialkit.imports.taking_in.incoming import Incoming, LeftOut
from trialkit.imports.taking_in.mapping import FileMapping, TableMapping
from trialkit.imports.taking_in.placing import place_table
from trialkit.imports.taking_in.source_tables import SourceTable
from trialkit.imports.xlsform.drafting import DraftedForms
from trialkit.imports.xlsform.drafts import DraftedSurvey, DraftForm, Place
from trialkit.imports.xlsform.submission_tables import KEYS, PARENTS, Submissions, joined
from trialkit.imports.xlsform.submitted_values import as_kept
from trialkit.schemas.forms.forms import Form, Schemas

_POINT = ("-Latitude", "-Longitude", "-Altitude", "-Accuracy")
_SIGNS = ("-", "/", ".", ":")
_TIMES = ("SubmissionDate", "_submission_time", "end", "start", "today")
_DAYS = ("today", "start", "SubmissionDate", "_submission_time", "end")
"""Columns that tell the day on which a form was filled in, the closest first."""
_SUBMITTED = ("SubmissionDate", "_submission_time")
_ON_DEVICES = ("today", "start", "end")
_SERVER = frozenset(
    [
        "SubmissionDate",
        "start",
        "end",
        "today",
        "deviceid",
        "username",
        "simserial",
        "subscriberid",
        "phonenumber",
        "KEY",
        "PARENT_KEY",
        "SubmitterID",
        "SubmitterName",
        "AttachmentsPresent",
        "AttachmentsExpected",
        "Status",
        "ReviewState",
        "DeviceID",
        "Edits",
        "FormVersion",
        "instanceID",
        "instanceName",
        "meta-instanceID",
        "meta-instanceName",
        "meta/instanceID",
        "meta/instanceName",
        "formhub/uuid",
        "__version__",
        "audit",
        "meta-audit",
    ]
)
_SUBJECT = "__subject"
_ORDER = "__order"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Taken:
    """A table with the form that it is for, and the participant of each row."""

    table: SourceTable
    draft: DraftForm


def from_submissions(submissions: Submissions, drafted: DraftedForms, schemas: Schemas) -> Incoming:
    """The rows that an export has for the forms.

    Raises :class:`DataFileError` where the participant of a row cannot be told.
    """
    known = {form.id: form for form in schemas.forms}
    taken = _with_subjects(submissions, drafted)
    left_out = list(_left_over(submissions, taken))
    tables = []
    for each in taken:
        form = known.get(each.draft.name)
        if form is None:
            continue
        source, mapping, lost = _mapped(each, form, drafted.subject_at)
        placed = place_table(
            source,
            form,
            mapping=mapping,
            file=FileMapping(file=""),
            data=schemas.data,
            written=replace(FileMapping(file="").written, decimal=".").beside(schemas.data),
        )
        tables.append(placed.table)
        left_out += [*lost, *placed.left_out]
    return Incoming(source=submissions.file, tables=tuple(tables), left_out=tuple(left_out))


def filled_in_often(submissions: Submissions, drafted: DraftedForms) -> bool:
    """Whether a participant filled in the form more than once."""
    subjects = (
        each.table.cells[_SUBJECT]
        for each in _with_subjects(submissions, drafted)
        if not each.draft.place
    )
    return any(bool(column.filter(column != "").is_duplicated().any()) for column in subjects)


def day_of(submissions: Submissions) -> ExportDay | None:
    """The day of the latest submission, where the server wrote down when each came."""
    by_server, on_devices = (
        [
            text
            for table in submissions.tables
            for name in names
            if name in table.cells.columns
            for text in table.cells[name].unique().to_list()
        ]
        for names in (_SUBMITTED, _ON_DEVICES)
    )
    return day_of_submissions(by_server, on_devices, file=submissions.file)


def _left_over(submissions: Submissions, taken: Sequence[_Taken]) -> Iterator[LeftOut]:
    used = {each.table.place for each in taken}
    for table in submissions.tables:
        if table.place not in used:
            yield LeftOut(
                place=table.place,
                found=f"{table.cells.height} rows",
                why="they answer no question of this form; is it another version?",
            )
    if submissions.others:
        count = len(submissions.others)
        yield LeftOut(
            place=submissions.file,
            found=f"{count} {by_number(count, 'file', 'files')} such as {submissions.others[0][:80]}",
            why="they stay in the archive; put those that answers name into the trial's folder files/",
        )


def _with_subjects(submissions: Submissions, drafted: DraftedForms) -> list[_Taken]:
    """Each table with its form, its rows with their participants and in the order of submission."""
    found = [
        _Taken(table=table, draft=draft)
        for table in submissions.tables
        if (draft := _draft_of(table, drafted)) is not None
    ]
    mains = [each for each in found if not each.draft.place]
    if not mains:
        raise DataFileError(
            f"{submissions.file}: no table has the questions of this form; are they submissions of it, "
            "and of this version?"
        )
    if not drafted.subject_at:
        raise DataFileError(
            f"{submissions.file}: nothing tells whose the rows are; say which question names the "
            "participant with --subject QUESTION"
        )
    known = _known(mains[0].table, drafted.subject_at)
    ready = [_following(mains[0], known)]
    waiting = [each for each in found if each.draft.place]
    for each in sorted(waiting, key=lambda each: len(each.draft.place)):  # outer repeats first
        rows = _following(each, known)
        ready.append(rows)
        known = pl.concat([known, _keys_of(rows)]).unique("key", keep="first", maintain_order=True)
    _refuse_strays(ready)
    return ready


def _draft_of(table: SourceTable, drafted: DraftedForms) -> DraftForm | None:
    """The form whose questions the table has most of."""
    columns = set(table.cells.columns)
    repeats = _key(table, PARENTS[:2]) is not None
    scores = {
        draft.name: sum(bool(columns & names) for names in _columns(draft).values())
        for draft in drafted.drafts
        if bool(draft.place) is repeats
    }
    best = max(scores, key=lambda name: scores[name], default="")
    if not scores.get(best):
        return None
    return next(draft for draft in drafted.drafts if draft.name == best)


def _columns(draft: DraftForm) -> dict[str, frozenset[str]]:
    """By item the names that its column may have."""
    return {each.item.id: _names(each.place, draft.place) for each in draft.drafted}


def _names(place: Place, within: Place) -> frozenset[str]:
    inner = place[len(within) :]
    outer = within[-1:] + inner if within else inner
    return frozenset(
        sign.join(parts) for parts in (place, inner, outer, place[-1:]) for sign in _SIGNS
    )


def _key(table: SourceTable, names: Sequence[str]) -> str | None:
    return next((name for name in names if name in table.cells.columns), None)


def _named(table: SourceTable, place: Place) -> str | None:
    names = _names(place, ())
    return next((name for name in table.cells.columns if name in names), None)


def _known(main: SourceTable, subject_at: Place) -> pl.DataFrame:
    """By the key of a submission its participant, and its place in time."""
    subject = _named(main, subject_at)
    if subject is None:
        raise DataFileError(
            f"{main.place}: has no column {'-'.join(subject_at)!r}, which names the participant; "
            f"its columns are {', '.join(main.cells.columns[:20])}"
        )
    time = _key(main, _TIMES)
    key = _key(main, KEYS)
    frame = main.cells.with_row_index("__row")
    return frame.select(
        (pl.col(key) if key else pl.col("__row").cast(pl.String)).alias("key"),
        pl.col(subject).str.strip_chars().alias(_SUBJECT),
        (pl.col(time).rank("ordinal") if time else pl.col("__row") + 1)
        .alias(_ORDER)
        .cast(pl.Int64),
    ).unique("key", keep="first", maintain_order=True)


def _keys_of(rows: _Taken) -> pl.DataFrame:
    key = _key(rows.table, KEYS)
    cells = rows.table.cells
    name = pl.col(key) if key else pl.lit("")
    return cells.select(name.alias("key"), pl.col(_SUBJECT), pl.col(_ORDER))


def _following(each: _Taken, known: pl.DataFrame) -> _Taken:
    """The rows with the participant of the submission that they belong to, in its order."""
    table = each.table
    column = _key(table, PARENTS if each.draft.place else KEYS)
    cells = table.cells.with_row_index("__row")
    on = pl.col(column) if column else pl.col("__row").cast(pl.String)
    rows = (
        cells.with_columns(on.alias("__on"))
        .join(known, left_on="__on", right_on="key", how="left", maintain_order="left")
        .with_columns(pl.col(_SUBJECT).fill_null(""), pl.col(_ORDER).fill_null(0))
        .sort(_ORDER, "__row", maintain_order=True)
    )
    places = tuple(table.places[row] for row in rows["__row"])
    kept = replace(table, cells=rows.drop("__row", "__on"), places=places)
    return replace(each, table=kept)


def _refuse_strays(taken: Sequence[_Taken]) -> None:
    """Refuse rows of a repeat whose submission is not in the export."""
    for each in taken:
        strays = each.table.cells[_SUBJECT] == ""
        if each.draft.place and strays.any():
            where = [place for place, stray in zip(each.table.places, strays, strict=True) if stray]
            raise DataFileError(
                f"{each.table.place}: {len(where)} rows belong to no submission with a participant: "
                f"{'; '.join(where[:8])}; export all tables together"
            )


def _mapped(
    each: _Taken, form: Form, subject_at: Place
) -> tuple[SourceTable, TableMapping, list[LeftOut]]:
    """The table with a column for each item of the form, and which it is."""
    cells = each.table.cells
    asked = {item.id: item for item in form.asked}
    made: dict[str, pl.Series] = {}
    used = set(_names(subject_at, ()))
    worked_out = []
    for question in each.draft.drafted:
        names = _names(question.place, each.draft.place)
        columns = [name for name in cells.columns if name in names]
        if question.item.id not in asked:
            worked_out += columns
            continue
        column, taken = _answers(cells, question, columns)
        if column is not None:
            made[question.item.id] = as_kept(column, asked[question.item.id]).alias(
                question.item.id
            )
        used |= taken
    rest = [name for name in cells.columns if name not in used and name not in worked_out]
    server = [name for name in rest if name in _SERVER or name.startswith("_")]
    frame = pl.DataFrame([*made.values(), cells[_SUBJECT].alias("subject_id")])
    others = [name for name in rest if name not in server and name not in frame.columns]
    frame = frame.hstack(cells.select(others)) if others else frame
    place = each.table.place
    lost = []
    if worked_out:
        why = "they are worked out here from the answers"
        lost.append(LeftOut(place=place, found=f"columns {', '.join(worked_out)}", why=why))
    shown = [name for name in server if not name.startswith("__")]
    if shown:
        why = "they tell of the submission, and answer no question"
        lost.append(LeftOut(place=place, found=f"columns {', '.join(shown)}", why=why))
    mapping = TableMapping(form=form.id, number_rows=form.repeating)
    troubles = {name: found for name, found in each.table.troubles.items() if name in frame.columns}
    return replace(each.table, cells=frame, troubles=troubles), mapping, lost


def _answers(
    cells: pl.DataFrame, question: DraftedSurvey, columns: Sequence[str]
) -> tuple[pl.Series | None, set[str]]:
    """The answers to a question, and the columns that hold them."""
    there = set(columns)
    if question.row.number == 0 and question.row["type"] == "today":
        day = next((name for name in _DAYS if name in cells.columns), None)
        return (cells[day] if day and not there else None), set()
    around = [f"{name}{end}" for name in columns or _names(question.place, ()) for end in _POINT]
    points = [name for name in around if name in cells.columns]
    if points and not there:
        return joined([cells[name] for name in points[:4]]), set(points)
    ticks = _ticks(cells, question)
    there |= set(ticks.values())
    if columns:
        return cells[columns[0]], there
    if ticks:
        ticked = [
            pl.select(
                pl.when(cells[name].str.to_lowercase().is_in(["1", "1.0", "true"]))
                .then(pl.lit(code))
                .otherwise(pl.lit(""))
            ).to_series()
            for code, name in ticks.items()
        ]
        return joined(ticked), there
    return None, there


def _ticks(cells: pl.DataFrame, question: DraftedSurvey) -> Mapping[str, str]:
    """By choice the column that says whether it was chosen, where each has one."""
    names = _names(question.place, ())
    return {
        code: column
        for code in question.item.codes
        for name in sorted(names)
        if (column := f"{name}/{code}") in cells.columns
    }
