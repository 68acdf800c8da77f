"""What a source of tables holds that a store does not: cell by cell, as entries that would make it so."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from trialkit.errors import DataFileError, EvidenceError
from trialkit.evidence.contents.half_sight import refuse_withheld_texts, unseen_forms
from trialkit.evidence.contents.tables_at import tables_at
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import ENTRY, with_blanks
from trialkit.evidence.log.rights import Right
from trialkit.evidence.log.tables import KEY
from trialkit.evidence.people.marks_apart import (
    APART,
    KEPT_APART,
    TellingMarks,
    apart_form,
    no_marks,
    not_apart_yet,
    some_lines,
    with_lines,
)
from trialkit.evidence.people.sight import Sight, sight_of
from trialkit.evidence.people.telling_arms import telling_arms
from trialkit.files.csv_reading import RawTable
from trialkit.protocol.tables.canonical import canonical
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Form, Schemas
from trialkit.schemas.forms.not_done import NOT_DONE, not_done_form
from trialkit.schemas.reading.judged_part import WHOLE
from trialkit.store.sources.source import Source

_PLACE = ("row", "at")
"""Where an entry stands: the row of the table, the column in it; taken away before it is written."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TableDifference:
    """What would be written, and what would not be touched."""

    entries: pl.DataFrame
    """In the order in which they would be written; the columns of
    :data:`~trialkit.evidence.log.events.ENTRY`."""
    absent: pl.DataFrame
    """Rows that the store has and the source has not: ``form``, ``subject_id``, ``visit``,
    ``repeat``, ``copy``. They are left alone unless they are asked to go."""
    left: pl.DataFrame
    """Cells of items that tell an arm which are blank in the source and not in the store: ``form``, the key
    and ``item``. They stay unless they are asked to be emptied."""

    def count(self, action: EventAction) -> int:
        """How many entries are of this kind."""
        return int((self.entries["action"] == action).sum())

    @property
    def needs_reason(self) -> bool:
        """Whether something that was entered before would change."""
        return any(
            action.needs_reason for action in map(EventAction, self.entries["action"].unique())
        )


def difference(
    store: Store,
    source: Source,
    schemas: Schemas,
    *,
    reason: str = "",
    removing: bool = False,
    emptying: bool = False,
) -> TableDifference:
    """Everything by which the tables of ``source`` differ from those of the store.

    Rows are known by their keys, and those that have one key by their order. ``removing`` takes out
    the rows that the source does not have. A blank cell empties what stands, but of an item that tells an
    arm, which is blank in whatever comes from somebody who may not read arms: that takes ``emptying``.
    Of what is withheld from whoever opened the store nothing
    is compared, and the source may say nothing: what differs is the same whatever is withheld.

    Raises :class:`~trialkit.errors.DataFileError` for a source that cannot be read, and
    :class:`EvidenceError` for one with texts that whoever compares may not read.
    """
    source.refuse_strangers(schemas)
    held, _ = tables_at(store)
    with store.reading() as connection:
        sight = sight_of(connection, store.person)
    withheld, unseen, telling = sight.withheld, unseen_forms(store), telling_arms(schemas)
    marks = TellingMarks.of(schemas, telling, withheld)
    if marks.forms:
        telling = {**telling, APART: frozenset({WHOLE})}
        unseen |= frozenset() if sight.sees_arms(APART) else {APART}
    entered, among = source.marks(not_done_form(schemas), schemas.data), held.get(NOT_DONE)
    misplaced = entered is not None and among is not None and bool(marks.among(among).any())
    if entered is not None and among is not None and misplaced:
        if APART in unseen:
            raise not_apart_yet()
        entered = entered if removing else with_lines(entered, among)
    given = [
        *_tables(source, schemas, unseen),
        *_marks(entered, schemas, marks, held, may_open=_may_open_apart(sight)),
    ]
    refuse_withheld_texts({form.id: raw.cells for form, raw in given}, sight, unseen)
    parts, absent, left = [], [], []
    for form, raw in given:
        if form.id in unseen:
            continue
        why = reason or KEPT_APART if misplaced and form.id == NOT_DONE else reason
        columns = [name for name in raw.cells.columns if name not in raw.left_out]
        before = held.get(form.id)
        if before is not None:
            _refuse_fewer_columns(form.id, before.columns, columns)
        new = numbered(raw.cells.select(columns))
        old = numbered(widened(before, columns))
        gone = old.join(new, on=list(KEY), how="anti")
        absent.append(gone.select(pl.lit(form.id).alias("form"), *KEY))
        fresh = telling.get(form.id, frozenset()) - withheld.get(form.id, frozenset())
        parts.append(_opened(form.id, columns, None if before is None else before.columns, fresh))
        entered_here = _entries(form.id, old, new, why)
        stays = _is_left(telling.get(form.id, frozenset()) | withheld.get(form.id, frozenset()))
        if not emptying:
            left.append(entered_here.filter(stays).select("form", *KEY, "item"))
            entered_here = entered_here.filter(~stays)
        parts.append(entered_here)
        if removing or (misplaced and form.id == NOT_DONE):
            parts.append(_removed(form.id, gone, why))
    nothing = pl.DataFrame(schema={name: ENTRY[name] for name in ("form", *KEY, "item")})
    return TableDifference(
        entries=pl.concat(parts), absent=pl.concat(absent), left=pl.concat([nothing, *left])
    )


def between(before: Mapping[str, pl.DataFrame], after: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """What lies between the tables of a store at two moments, as entries; forms only ever get more."""
    parts = [pl.DataFrame(schema=ENTRY)]
    for form, table in after.items():
        new = numbered(table)
        old = numbered(widened(before.get(form), table.columns))
        parts.append(_entries(form, old, new, reason=""))
        parts.append(_removed(form, old.join(new, on=list(KEY), how="anti"), reason=""))
    return pl.concat(parts)


def _tables(
    source: Source, schemas: Schemas, unseen: Collection[str]
) -> Iterator[tuple[Form, RawTable]]:
    data: DataFormat = schemas.data
    for form in schemas.forms:
        if form.id not in unseen:
            yield form, source.table(form, data)
        elif (there := _if_given(source, form, data)) is not None:
            yield form, there


def _marks(
    given: RawTable | None,
    schemas: Schemas,
    telling: TellingMarks,
    held: Collection[str],
    *,
    may_open: bool,
) -> Iterator[tuple[Form, RawTable]]:
    """The marks of what was not done, and apart from them those that tell an arm.

    That a file has no marks but such as tell one is not to be seen, so it opens no other ones.
    """
    form, apart = not_done_form(schemas), apart_form(schemas)
    if given is not None and telling.forms:
        tells = telling.among(given.cells)
        if NOT_DONE in held or not tells.all():
            yield form, some_lines(given, ~tells)
        if APART in held or tells.any() or may_open:
            yield apart, some_lines(given, tells)
    elif given is not None:
        yield form, given
    elif telling.forms and may_open and APART not in held:
        yield apart, no_marks(apart)


def _may_open_apart(sight: Sight) -> bool:
    person = sight.person
    return person is None or (person.may(Right.DEFINE) and person.may(Right.READ_ARMS))


def _if_given(source: Source, form: Form, data: DataFormat) -> RawTable | None:
    """The table of a form that is withheld, which an export of who may not read it lacks."""
    try:
        return source.table(form, data)
    except DataFileError:
        return None


def _refuse_fewer_columns(form: str, before: list[str], now: list[str]) -> None:
    if lost := [name for name in before if name not in now]:
        raise EvidenceError(
            f"{form}: the store has the columns {', '.join(lost)}, which this table has not; a column "
            "does not go by an import. Give the table with them, blank where there is nothing"
        )


def widened(held: pl.DataFrame | None, columns: list[str]) -> pl.DataFrame:
    """The store's table with columns that it does not have yet, blank."""
    if held is None:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    fresh = [pl.lit("").alias(name) for name in columns if name not in held.columns]
    return held.with_columns(fresh).select(columns)


def numbered(cells: pl.DataFrame) -> pl.DataFrame:
    """The table with all key columns, and a number that tells rows of one key apart."""
    keys = [name for name in KEY if name != "copy"]
    lacking = [pl.lit("").alias(name) for name in keys if name not in cells.columns]
    whole = cells.with_columns(lacking).with_row_index("row")
    return whole.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).over(keys).alias("copy"))


def _opened(
    form: str, columns: list[str], before: list[str] | None, withheld: frozenset[str]
) -> pl.DataFrame:
    """The form is open with these columns, and these items are withheld from now on."""
    is_known = before is not None and set(before) == set(columns) and not withheld
    said_of_arms = {"withheld": sorted(withheld)} if withheld else {}
    details = [] if is_known else [canonical({"columns": columns, **said_of_arms})]
    said = pl.DataFrame({"details": details}, schema={"details": pl.String})
    return _filled(said.with_columns(pl.lit(EventAction.FORM_OPENED.value).alias("action")), form)


def _entries(form: str, old: pl.DataFrame, new: pl.DataFrame, reason: str) -> pl.DataFrame:
    """The rows that are added and the cells that differ, row by row in the order of the table."""
    items = [name for name in new.columns if name not in (*KEY, "row")]
    added = new.join(old, on=list(KEY), how="anti").select(
        "row", *KEY, pl.lit(-1, dtype=pl.Int64).alias("at"),
        pl.lit(EventAction.ROW_ADDED.value).alias("action"),
    )  # fmt: skip
    if not items:
        return _filled(added.sort("row"), form)
    now, was = (
        _cells(new, items).rename({"text": "new"}),
        _cells(old, items).rename({"text": "old"}),
    )
    cells = now.join(was.drop("row", "at"), on=[*KEY, "item"], how="left").with_columns(
        pl.col("old").fill_null("")
    )
    changed = cells.filter(pl.col("new") != pl.col("old")).with_columns(
        pl.when(pl.col("old") == "")
        .then(pl.lit(EventAction.FILLED.value))
        .when(pl.col("new") == "")
        .then(pl.lit(EventAction.EMPTIED.value))
        .otherwise(pl.lit(EventAction.CHANGED.value))
        .alias("action"),
        pl.when(pl.col("old") != "").then(pl.lit(reason)).otherwise(pl.lit("")).alias("reason"),
    )
    both = pl.concat([added, changed], how="diagonal").sort(*_PLACE)
    return _filled(both, form)


def _cells(table: pl.DataFrame, items: list[str]) -> pl.DataFrame:
    """A row for each cell, with the place of its column."""
    long = table.unpivot(on=items, index=["row", *KEY], variable_name="item", value_name="text")
    place = pl.DataFrame(
        {"item": items, "at": range(len(items))}, schema={"item": pl.String, "at": pl.Int64}
    )
    return long.join(place, on="item", how="left")


def _is_left(telling: Collection[str]) -> pl.Expr:
    """Which entries would empty an item that tells an arm."""
    return pl.col("item").is_in(sorted({*telling} - {WHOLE})) & (
        pl.col("new").str.strip_chars() == ""
    )


def _removed(form: str, gone: pl.DataFrame, reason: str) -> pl.DataFrame:
    """Each cell of the rows that go, and then the row."""
    items = [name for name in gone.columns if name not in (*KEY, "row")]
    last = gone.select(
        "row", *KEY, pl.lit(len(items), dtype=pl.Int64).alias("at"),
        pl.lit(EventAction.ROW_REMOVED.value).alias("action"),
    )  # fmt: skip
    held = _cells(gone, items).filter(pl.col("text") != "").rename({"text": "old"})
    emptied = held.with_columns(pl.lit(EventAction.EMPTIED.value).alias("action"))
    both = pl.concat([last, emptied], how="diagonal").sort(*_PLACE)
    return _filled(both.with_columns(pl.lit(reason).alias("reason")), form)


def _filled(said: pl.DataFrame, form: str) -> pl.DataFrame:
    """The entries of a form with everything that they do not say left blank."""
    return with_blanks(said.with_columns(form=pl.lit(form)))
