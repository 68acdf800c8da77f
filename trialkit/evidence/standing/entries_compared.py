"""First and second entry compared: where they differ, what was decided, and how often they agree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl
import sqlalchemy as sa

from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.actions import OF_CELLS, EventAction
from trialkit.evidence.log.projection import Key
from trialkit.evidence.log.reading import events
from trialkit.evidence.log.rights import Right
from trialkit.evidence.log.tables import EVENT, KEY
from trialkit.evidence.people.gate import permit_somewhere
from trialkit.evidence.people.sight import Sight, sight_of
from trialkit.evidence.standing.keeping_rows import held_rows
from trialkit.evidence.standing.withholding import judged
from trialkit.schemas.forms.forms import Item, Schemas
from trialkit.schemas.values.parsing import parse_meaning

CELL = ("form", *KEY, "item")
"""What names a cell."""
_OF_DATA = [each.value for each in EventAction if each.is_of_data]


class AgreementBy(StrEnum):
    """Of what the agreement of two entries is told."""

    ITEM = "item"
    FIRST = "first_person"
    SECOND = "second_person"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EntriesCompared:
    """Every cell that was entered twice.

    ``cells`` has a row each, in the order of the second entries: what names the cell, ``first`` (the
    text that stood there when it was entered again) and ``second``, ``first_person`` and
    ``second_person`` (printed names), ``second_seq`` (the event), ``agreed`` (whether both mean the same;
    null where a text was redacted), ``now`` (the text that stands) and ``is_open`` (whether somebody has
    to decide).
    """

    cells: pl.DataFrame
    withheld: int = 0
    """Cells that were entered twice and tell an arm, of which nothing is told to who may not read arms."""

    @property
    def differences(self) -> pl.DataFrame:
        """The cells of which nobody has decided yet what stands."""
        return self.cells.filter("is_open")

    def agreement(self, by: AgreementBy) -> pl.DataFrame:
        """How often both entries meant the same: ``form`` (by item), ``n``, ``agreed``, ``share``.

        Of a share the entries count as they were made, whatever was decided later.
        """
        names = ["form", "item"] if by is AgreementBy.ITEM else [by.value]
        known = self.cells.filter(pl.col("agreed").is_not_null())
        return (
            known.group_by(names, maintain_order=True)
            .agg(pl.len().cast(pl.Int64).alias("n"), pl.col("agreed").sum().cast(pl.Int64))
            .with_columns((pl.col("agreed") / pl.col("n")).alias("share"))
        )


def compare_entries(store: Store, schemas: Schemas) -> EntriesCompared:
    """Everything that was entered a second time, compared by its meaning: ``1.0`` is ``1``.

    A missing code agrees with the same code alone, a text that cannot be read with the same text.
    Whoever comes back to a difference finds it decided where the value that stands is the second
    entry's, or the one that was adjudicated. Rows that were removed since are left out.
    """
    with store.reading() as connection:
        permit_somewhere(connection, store.person, Right.READ)
        return compared(connection, schemas, sight_of(connection, store.person))


def compared(connection: sa.Connection, schemas: Schemas, sight: Sight) -> EntriesCompared:
    """The same within a transaction of the caller's, of what somebody sees."""
    again = judged(_events_of(connection, EventAction.ENTERED_AGAIN), sight).filter("is_seen")
    every = again.sort("seq").unique(subset=CELL, keep="last", maintain_order=True)
    last = every.filter(~pl.col("is_hidden"))
    cells = last.select(
        *CELL,
        pl.col("old").alias("first"),
        pl.col("new").alias("second"),
        pl.col("printed_name").alias("second_person"),
        pl.col("seq").alias("second_seq"),
    ).sort("second_seq")
    forms = cells["form"].unique().to_list()
    cells = cells.join(
        _as_it_stands(connection, cells), on=CELL, how="inner", maintain_order="left"
    )
    cells = _with_first_person(connection, cells, forms)
    decided = _events_of(connection, EventAction.ADJUDICATED).sort("seq")
    decisions = decided.unique(subset=[*CELL, "about"], keep="last").select(
        *CELL, pl.col("about").alias("second_seq"), pl.col("new").alias("decided")
    )
    cells = cells.join(decisions, on=[*CELL, "second_seq"], how="left", maintain_order="left")
    cells = _alike(cells, "first", "second", schemas, "agreed")
    cells = _alike(cells, "now", "second", schemas, "settled")
    is_decided = (pl.col("decided") == pl.col("now")).fill_null(value=False)
    is_open = ~pl.col("settled").fill_null(value=True) & ~is_decided
    return EntriesCompared(
        withheld=len(every) - len(last),
        cells=cells.with_columns(is_open.alias("is_open")).select(
            *CELL,
            "first",
            "second",
            "first_person",
            "second_person",
            "second_seq",
            "agreed",
            "now",
            "is_open",
        ),
    )


def _events_of(connection: sa.Connection, action: EventAction) -> pl.DataFrame:
    """The events of a kind; a blank text is ``""``, one that was redacted null."""
    read = [*CELL, "seq", "about", "printed_name", "old", "new"]
    texts = [
        pl.when(pl.col(f"{name}_sha256") == "").then(pl.lit("")).otherwise(name).alias(name)
        for name in ("old", "new")
    ]
    parts = [
        each.with_columns(texts).select(read)
        for each in events(connection, EVENT.c.action == action.value)
    ]
    return pl.concat(parts) if parts else pl.DataFrame(schema=_kinds(read))


def _as_it_stands(connection: sa.Connection, cells: pl.DataFrame) -> pl.DataFrame:
    """Of each cell whose row is there the text that it has now."""
    wanted: dict[Key, list[str]] = {}
    for form, subject, visit, repeat, copy, item in cells.select(CELL).iter_rows():
        wanted.setdefault((form, subject, visit, repeat, copy), []).append(item)
    found = []
    forms = cells["form"].unique().to_list()
    for key, held in held_rows(connection, lambda table: table.c.form.in_(forms)).items():
        found += [(*key, item, held.get(item, "")) for item in wanted.get(key, ())]
    return pl.DataFrame(found, schema=_kinds((*CELL, "now")), orient="row")


def _kinds(names: Sequence[str]) -> dict[str, pl.DataType]:
    numbers = {"copy", "seq", "about"}
    return {name: pl.Int64() if name in numbers else pl.String() for name in names}


def _with_first_person(
    connection: sa.Connection, cells: pl.DataFrame, forms: list[str]
) -> pl.DataFrame:
    """Who last entered each cell before it was entered again; of a blank one, who added the row."""
    asked = sa.select(*(EVENT.c[name] for name in (*CELL, "seq", "printed_name"))).where(
        EVENT.c.form.in_(forms),
        EVENT.c.action.in_([*OF_CELLS, EventAction.ROW_ADDED.value]),
    )
    kinds = _kinds((*CELL, "seq", "printed_name"))
    entered = pl.DataFrame(
        list(map(tuple, connection.execute(asked))), schema=kinds, orient="row"
    ).sort("seq")
    row = ["form", *KEY]
    of_cells = entered.filter(pl.col("item") != "")
    of_rows = entered.filter(pl.col("item") == "").drop("item")
    told = cells.sort("second_seq").join_asof(
        of_cells.rename({"printed_name": "by_cell"}), left_on="second_seq", right_on="seq",
        by=list(CELL), check_sortedness=False,
    )  # fmt: skip
    told = told.drop("seq", strict=False).join_asof(
        of_rows.rename({"printed_name": "by_row"}), left_on="second_seq", right_on="seq",
        by=row, check_sortedness=False,
    )  # fmt: skip
    return (
        told.drop("seq", strict=False)
        .with_columns(pl.coalesce("by_cell", "by_row").alias("first_person"))
        .drop("by_cell", "by_row")
    )


def _alike(cells: pl.DataFrame, one: str, other: str, schemas: Schemas, name: str) -> pl.DataFrame:
    """Whether two texts of each cell mean the same, as ``name``; null where one was redacted."""
    if cells.is_empty():
        return cells.with_columns(pl.lit(None, dtype=pl.Boolean).alias(name))
    parts = [
        part.with_columns(_same_meaning(part[one], part[other], item, schemas).alias(name))
        for part, item in _by_item(cells, schemas)
    ]
    return pl.concat(parts).sort("second_seq")


def _by_item(cells: pl.DataFrame, schemas: Schemas) -> Iterator[tuple[pl.DataFrame, Item | None]]:
    """The cells of each item, with the item where the form still asks for it."""
    items = {(form.id, item.id): item for form in schemas.forms for item in form.items}
    for (form, item), part in cells.group_by(["form", "item"], maintain_order=True):
        yield part, items.get((str(form), str(item)))


def _same_meaning(
    one: pl.Series, other: pl.Series, item: Item | None, schemas: Schemas
) -> pl.Series:
    left, right = one.str.strip_chars(), other.str.strip_chars()
    same = left == right
    if item is None:
        return same
    first, second = (parse_meaning(each, item, data=schemas.data) for each in (left, right))
    return same | (first.values == second.values).fill_null(value=False)
