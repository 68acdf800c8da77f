"""The second pass of double entry: another person enters a form anew, without seeing the first entry.

What is entered a second time changes no table. It stands in the log beside what stood in the cell at
that moment, so that the two can be compared (:mod:`trialkit.evidence.standing.entries_compared`).
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import polars as pl
import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import Actor, LogEnd, Occasion, with_blanks
from trialkit.evidence.log.projection import Key, named
from trialkit.evidence.log.reading import some_at_once
from trialkit.evidence.log.tables import EVENT, KEY
from trialkit.evidence.people.gate import in_own_role, permit_entries
from trialkit.evidence.people.people import people_of
from trialkit.evidence.standing.keeping_rows import held_rows
from trialkit.evidence.writing.appending import append_to
from trialkit.printable import as_a_name
from trialkit.schemas.forms.forms import Form

_LISTED = 5
_OF_DATA = [each.value for each in EventAction if each.is_of_data]


def enter_again(store: Store, form: Form, rows: pl.DataFrame, occasion: Occasion) -> LogEnd:
    """Keep a second entry of rows of a form: ``rows`` has texts, the key's columns and items.

    A blank text says that the second person found nothing there; items without a column were not
    entered again. Several second entries of a row may come: the last one counts.

    Raises :class:`EvidenceError`, with nothing written, for a row that nobody entered a first time, one
    that the same person did, a row twice, and columns that the form does not ask for.
    """
    whole = _with_key(form, rows)
    items = [name for name in rows.columns if name not in form.key]
    with store.by(occasion.author.person).writing() as connection:
        _refuse_without_right(connection, form, whole, items, occasion)
        held = _rows_of(connection, form, whole["subject_id"].unique().to_list())
        keys = [(form.id, *key) for key in whole.select(KEY).iter_rows()]
        _refuse_strangers(keys, held)
        _refuse_the_same_person(connection, form, keys, occasion.author)
        was = pl.DataFrame(
            [[held[key].get(name, "") for name in items] for key in keys],
            schema=dict.fromkeys(items, pl.String),
            orient="row",
        )
        return append_to(connection, _again(form, whole, was, items), occasion)


def _with_key(form: Form, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with every key column; refused where they cannot be told apart."""
    asked = {item.id for item in form.asked}
    lacking = [name for name in form.key if name not in rows.columns]
    strange = [name for name in rows.columns if name not in asked and name not in form.key]
    if lacking or strange or len(rows.columns) == len(form.key):
        what = f"lacks {', '.join(lacking)}" if lacking else "has no item to compare"
        what = f"has {', '.join(strange)}, which it does not ask for" if strange else what
        raise EvidenceError(
            f"{form.id}: the second entry {what}; give {', '.join(form.key)} and items of the form"
        )
    texts = rows.select(
        pl.col(name).cast(pl.String).fill_null("").str.strip_chars() for name in rows.columns
    )
    keys = [name for name in KEY if name != "copy"]
    blank = [pl.lit("").alias(name) for name in keys if name not in form.key]
    whole = texts.with_columns(*blank, pl.lit(0, dtype=pl.Int64).alias("copy"))
    twice = whole.filter(pl.struct(keys).is_duplicated())
    if not twice.is_empty():
        key = (form.id, *twice.select(KEY).row(0))
        raise EvidenceError(f"{named(key)}: stands twice in the second entry; give each row once")
    return whole


def _rows_of(
    connection: sa.Connection, form: Form, subjects: list[str]
) -> dict[Key, Mapping[str, str | None]]:
    """By its key, the cells of each row of these participants as it stands."""
    found: dict[Key, Mapping[str, str | None]] = {}
    for some in some_at_once(subjects):
        found |= held_rows(connection, partial(_is_of, form.id, some))
    return found


def _is_of(form: str, subjects: Sequence[str], table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.form == form, table.c.subject_id.in_(subjects))


def _refuse_without_right(
    connection: sa.Connection,
    form: Form,
    rows: pl.DataFrame,
    items: list[str],
    occasion: Occasion,
) -> None:
    """Ask the gate before anything is looked at: no refusal tells what somebody may not see."""
    nothing = pl.DataFrame(
        {name: [""] * len(rows) for name in items}, schema_overrides=dict.fromkeys(items, pl.String)
    )
    said = _again(form, rows, nothing, items)
    people = people_of(connection)
    permit_entries(connection, people, said, in_own_role(people, occasion))


def _refuse_strangers(keys: list[Key], held: Mapping[Key, object]) -> None:
    absent = [named(key) for key in keys if key not in held]
    if absent:
        raise EvidenceError(
            f"{'; '.join(absent[:_LISTED])}: nobody entered this a first time; a second entry is compared "
            "with the first, so enter that before"
        )


def _refuse_the_same_person(
    connection: sa.Connection, form: Form, keys: list[Key], author: Actor
) -> None:
    """Whoever had a hand in a row's first entry does not enter it a second time."""
    of_form = (EVENT.c.form == form.id, EVENT.c.action.in_(_OF_DATA))
    who = sa.select(EVENT.c.person, EVENT.c.printed_name).where(*of_form).distinct()
    account, name = as_a_name(author.person), as_a_name(author.printed_name)
    own = [
        sa.and_(EVENT.c.person == each.person, EVENT.c.printed_name == each.printed_name)
        for each in connection.execute(who)
        if as_a_name(each.person) == account or as_a_name(each.printed_name) == name
    ]
    asked = sa.select(*(EVENT.c[name] for name in ("form", *KEY))).where(
        *of_form, sa.or_(sa.false(), *own)
    )
    entered = {tuple(row) for row in connection.execute(asked.distinct())}
    same = [named(key) for key in keys if key in entered]
    if same:
        raise EvidenceError(
            f"{'; '.join(same[:_LISTED])}: {author.printed_name} entered this the first time, by account or by "
            "name; the second entry is another person's"
        )


def _again(form: Form, rows: pl.DataFrame, was: pl.DataFrame, items: list[str]) -> pl.DataFrame:
    """The entries: each cell that was entered again, row by row."""
    return with_blanks(
        pl.concat(list(_cells(rows, was, items)))
        .sort("row", maintain_order=True)
        .with_columns(
            pl.lit(form.id).alias("form"),
            pl.lit(EventAction.ENTERED_AGAIN.value).alias("action"),
        )
    )


def _cells(rows: pl.DataFrame, was: pl.DataFrame, items: list[str]) -> Iterator[pl.DataFrame]:
    keyed = rows.with_row_index("row")
    for name in items:
        yield keyed.select(
            "row", *KEY, pl.lit(name).alias("item"), pl.col(name).alias("new")
        ).with_columns(was[name].alias("old"))
