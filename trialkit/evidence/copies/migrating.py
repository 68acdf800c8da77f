"""A store is taken to a newer version of the forms: what its data become is written event by event."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl
import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.contents.mapped_cells import codes_in, mapped
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.actions import EventAction, change_of
from trialkit.evidence.log.events import LogEnd, Occasion, entries
from trialkit.evidence.log.kept_json import kept_columns
from trialkit.evidence.log.projection import Key, named
from trialkit.evidence.log.rights import Right
from trialkit.evidence.log.tables import FORM_ROW, FORM_TABLE, KEY
from trialkit.evidence.people.gate import permit_somewhere
from trialkit.evidence.people.sight import Sight, sight_of, withheld_of
from trialkit.evidence.people.telling_arms import telling_arms
from trialkit.evidence.standing.keeping_rows import held_rows
from trialkit.evidence.writing.appending import append_to
from trialkit.evidence.writing.beginning import put_in_force
from trialkit.protocol.tables.canonical import canonical
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Form, Schemas
from trialkit.schemas.reading.judged_part import WHOLE
from trialkit.schemas.versions.comparing import definition_changes
from trialkit.schemas.versions.definition_change import DefinitionChange
from trialkit.schemas.versions.mapping import DataMapping, left_open

_LISTED = 8
_OF_ANSWERS = frozenset(
    {
        "item", "type", "choices", "order of choices", "unit", "label", "range", "pattern",
        "missing_codes", "calculation", "purpose", "identifier", "ahead",
    }
)  # fmt: skip
"""Changes of an item that harm nobody who gave no answer to it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FormsMigration:
    """What a store's data become under a newer version of the forms."""

    changes: tuple[DefinitionChange, ...]
    unsaid: tuple[DefinitionChange, ...]
    """Those of which nobody said what they do to data that are there."""
    entries: pl.DataFrame
    """What would be written, after which the data fit the newer forms."""


def migration(
    store: Store, old: Schemas, new: Schemas, mapping: DataMapping | None
) -> FormsMigration:
    """What changes between both versions, what is left to be said of it, and the entries."""
    with store.reading() as connection:
        permit_somewhere(connection, store.person, Right.READ)
        return _migration(connection, old, new, mapping, sight_of(connection, store.person))


def migrate(
    store: Store,
    old: Schemas,
    new: Schemas,
    mapping: DataMapping | None,
    *,
    definitions: Mapping[str, str],
    occasion: Occasion,
) -> LogEnd:
    """Write it: the newer definitions, the mapping as an event, and what becomes of the data.

    Raises :class:`EvidenceError`, with nothing written, where something is left to be said.
    """
    with store.by(occasion.author.person).writing() as connection:
        sight = sight_of(connection, occasion.author.person)
        found = _migration(connection, old, new, mapping, sight)
        if found.unsaid:
            told = "; ".join(_told(each) for each in found.unsaid[:_LISTED])
            raise EvidenceError(
                f"the newer forms leave open what becomes of data that are there: {told}. Say it in a mapping "
                "(--mapping FILE); nothing was written"
            )
        sha256 = put_in_force(connection, definitions, occasion)
        said = {} if mapping is None else dict(mapping.said)
        event = {"action": EventAction.MIGRATED, "details": canonical({"to": sha256, **said})}
        return append_to(connection, pl.concat([entries([event]), found.entries]), occasion)


def _migration(
    connection: sa.Connection,
    old: Schemas,
    new: Schemas,
    mapping: DataMapping | None,
    sight: Sight,
) -> FormsMigration:
    changes = definition_changes(old, new)
    _refuse_unseen(changes, mapping, sight)
    rows = _rows(connection, sight)
    unsaid = tuple(
        each for each in left_open(changes, mapping) if not _is_of_nobody(each, rows, old)
    )
    made = [] if unsaid else list(_entries(connection, rows, old, new, mapping))
    return FormsMigration(changes=changes, unsaid=unsaid, entries=entries(made))


def _refuse_unseen(
    changes: Sequence[DefinitionChange], mapping: DataMapping | None, sight: Sight
) -> None:
    """Whoever does not see what an item holds does not say what becomes of it, nor learn what would."""
    if sight.sees_all_arms:
        return
    places = [(each.form, each.item) for each in changes]
    if mapping is not None:
        places += [(each.form, each.item) for each in mapping.moved]
        places += [(each.form, each.item) for each in mapping.dropped]
        places += [(each.form, each.item) for each in mapping.codes]
    for form, item in places:
        if {item, WHOLE} & sight.withheld.get(form, frozenset()):
            where = f"{form}.{item}" if item else form
            raise EvidenceError(
                f"{where}: tells an arm, so that who may read arms takes the store to these forms; nothing "
                "was written"
            )


def _told(change: DefinitionChange) -> str:
    return f"{change.place}, {change.what} ({change.weight.value}: {change.why})"


_Rows = Mapping[str, Sequence[tuple[Key, Mapping[str, str]]]]


def _rows(connection: sa.Connection, sight: Sight) -> _Rows:
    """By form its rows that are seen, with the texts that they hold; who may write it sees all."""
    found: dict[str, list[tuple[Key, Mapping[str, str]]]] = {}
    names = ("form", *KEY)
    placed = sa.select(*(FORM_ROW.c[name] for name in names)).order_by(
        FORM_ROW.c.form, FORM_ROW.c.position
    )
    held = held_rows(connection, lambda _: sa.true())
    for row in connection.execute(placed):
        if not sight.sees(row.form, row.subject_id):
            continue
        key = (row.form, row.subject_id, row.visit, row.repeat, row.copy)
        cells = {name: "" if text is None else str(text) for name, text in held[key].items()}
        found.setdefault(row.form, []).append((key, cells))
    return found


def _is_of_nobody(change: DefinitionChange, rows: _Rows, old: Schemas) -> bool:
    """Whether no data are there that the change could harm."""
    if not change.form:
        return change.what == "missing_codes" and not any(
            text.strip() == change.code
            for each in rows.values()
            for _, cells in each
            for text in cells.values()
        )
    held = rows.get(change.form, ())
    if change.what == "choices" and not change.after:
        item = old.form(change.form).item(change.item)
        return not any(
            change.code in codes_in(cells.get(change.item, ""), item) for _, cells in held
        )
    if change.what == "visits" and not change.after:
        return not any(key[2] == change.before for key, _ in held)
    if change.item and change.before and change.what in _OF_ANSWERS:
        return not any(cells.get(change.item) for _, cells in held)
    return not held


def _entries(
    connection: sa.Connection,
    rows: _Rows,
    old: Schemas,
    new: Schemas,
    mapping: DataMapping | None,
) -> Iterator[dict[str, object]]:
    """The forms as they are opened now, and each cell that becomes another one."""
    opened = {each.form: each.columns for each in connection.execute(sa.select(FORM_TABLE))}
    said = mapping or DataMapping(reason="the forms changed, and no answer by it")
    after = {form.id: form for form in new.forms}
    withheld, telling = withheld_of(connection), telling_arms(new)
    for form in old.forms:
        if form.id not in opened:
            continue
        newer, known = after.get(form.id), withheld.get(form.id, frozenset())
        moved = {
            each.to for each in said.moved if each.form == form.id and {each.item, WHOLE} & known
        }
        fresh = (telling.get(form.id, frozenset()) | moved) - known
        columns = kept_columns(opened[form.id], of=f"form {form.id!r}")
        if newer is not None and (fresh or set(columns) != set(newer.entered)):
            # before the cells: what tells an arm is withheld from the first text of it on
            more = {"withheld": sorted(fresh)} if fresh else {}
            details = canonical({"columns": list(newer.entered), **more})
            yield {"action": EventAction.FORM_OPENED, "form": form.id, "details": details}
        for key, cells in rows.get(form.id, ()):
            yield from _of_row(key, cells, said, form, old.data)


def _of_row(
    key: Key, cells: Mapping[str, str], mapping: DataMapping, form: Form, data: DataFormat
) -> Iterator[dict[str, object]]:
    """An entry for each cell of a row that becomes another one."""
    try:
        now = mapped(cells, mapping, form, data)
    except EvidenceError as error:
        raise EvidenceError(f"{named(key)}: {error}") from None
    place = dict(zip(("form", *KEY), key, strict=True))
    for item in dict.fromkeys((*cells, *now)):
        was, is_ = cells.get(item, ""), now.get(item, "")
        if was != is_:
            said = {"item": item, "old": was, "new": is_, "reason": mapping.reason}
            yield {**place, **said, "action": change_of(was, is_)}
