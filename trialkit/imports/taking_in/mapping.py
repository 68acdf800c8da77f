"""What a file from elsewhere means: which column is which item, and what its values stand for.

A mapping is a TOML file (docs/import.md). It is checked against the forms here and against the file
in :mod:`trialkit.imports.taking_in.placing`, and everything wrong with it is said together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

from trialkit.errors import ProtocolError
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.tables.definitions import Complaints, load_toml, place, read_table, shown
from trialkit.protocol.trial.data_format import DataFormat, DateOrder
from trialkit.schemas.forms.forms import Form, Item, Schemas
from trialkit.schemas.items.kind import Nature

_KNOWN = ("file", "missing", "tables")
_TEXTS = ("columns", "constants")
_NESTED = ("values", "visits")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFormat:
    """The ``[file]`` table: how a CSV file is written; None is as ``[data]`` of the protocol says."""

    delimiter: str | None = None
    decimal: str | None = None
    dates: DateOrder | None = None
    encoding: str | None = None

    def beside(self, data: DataFormat) -> DataFormat:
        """The format of the file, with the trial's own missing codes."""
        return DataFormat(
            delimiter=self.delimiter or data.delimiter,
            decimal=self.decimal or data.decimal,
            dates=self.dates or data.dates,
            encoding=self.encoding or data.encoding,
            missing_codes=data.missing_codes,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TableHeading:
    """The keys of a ``[[tables]]`` that are no tables themselves."""

    form: str
    sheet: str = ""
    ignore: tuple[str, ...] = ()
    labels: bool = False
    number_rows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMapping:
    """What the columns of one table mean for one form."""

    form: str
    sheet: str = ""
    """The sheet of a workbook; empty for the sheet named as the form, and for a CSV file."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """By key column or item the column of the file; what is not here has its own name."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """By key column or item what it is in every row."""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By key column or item: what the file says, and what the trial says for it."""
    visits: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By visit the columns that belong to it: a row of the file becomes a row for each visit."""
    ignore: tuple[str, ...] = ()
    """Columns that are left out on purpose."""
    labels: bool = False
    """Whether the file has the labels of choices, and not their codes."""
    number_rows: bool = False
    """Whether ``repeat`` is the place among the rows of its participant (and visit)."""

    @property
    def fixed(self) -> frozenset[str]:
        """The key columns and items that no single column of the file says for every row."""
        visit = {"visit"} if self.visits else set()
        repeat = {"repeat"} if self.number_rows else set()
        return frozenset({*self.constants, *visit, *repeat})


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMapping:
    """A mapping file."""

    file: str
    written: FileFormat = FileFormat()
    missing: Mapping[str, str] = field(default_factory=dict)
    """What stands in the file for a missing code, in every item."""
    tables: tuple[TableMapping, ...] = ()


def read_mapping(path: Path, schemas: Schemas) -> FileMapping:
    """The mapping in a file.

    Raises :class:`ProtocolError` with all complaints together.
    """
    raw, _ = load_toml(path, file=path.name)
    complaints = Complaints(path.name)
    _complain_of_unknown(raw, _KNOWN, table="", complaints=complaints)
    written = read_table(FileFormat, raw.get("file", {}), table="file", complaints=complaints)
    if written is not None:
        _complain_of_format(written, schemas.data, complaints)
    missing = _texts(raw.get("missing", {}), table="missing", complaints=complaints)
    codes = [code.code for code in schemas.data.all_missing_codes]
    for said, code in missing.items():
        _complain_unless(code, codes, table="missing", key=said, complaints=complaints)
    tables = _tables(raw.get("tables", []), schemas, complaints)
    if found := complaints.all():
        raise ProtocolError(found)
    return FileMapping(
        file=path.name, written=written or FileFormat(), missing=missing, tables=tables
    )


def _complain_of_format(written: FileFormat, data: DataFormat, complaints: Complaints) -> None:
    try:
        written.beside(data)
    except ProtocolError as error:
        complaints.add(table="file", key="", found=str(error), expected="a format that can be read")


def _tables(raw: object, schemas: Schemas, complaints: Complaints) -> tuple[TableMapping, ...]:
    if not isinstance(raw, list):
        complaints.add(table="tables", key="", found=shown(raw), expected="tables [[tables]]")
        return ()
    read = (_table(each, number, schemas, complaints) for number, each in enumerate(raw, start=1))
    return tuple(each for each in read if each is not None)


def _table(
    raw: object, number: int, schemas: Schemas, complaints: Complaints
) -> TableMapping | None:
    table = place("tables", number, raw)
    if not isinstance(raw, Mapping):
        complaints.add(table=table, key="", found=shown(raw), expected="a table")
        return None
    known = [each.name for each in fields(TableHeading)]
    _complain_of_unknown(raw, (*known, *_TEXTS, *_NESTED), table=table, complaints=complaints)
    own = {key: value for key, value in raw.items() if key in known}
    heading = read_table(TableHeading, own, table=table, complaints=complaints)
    texts = {
        key: _texts(raw.get(key, {}), table=f"{table}.{key}", complaints=complaints)
        for key in _TEXTS
    }
    nested = {key: _nested(raw.get(key, {}), f"{table}.{key}", complaints) for key in _NESTED}
    if heading is None:
        return None
    mapping = TableMapping(
        form=heading.form,
        sheet=heading.sheet,
        ignore=heading.ignore,
        labels=heading.labels,
        number_rows=heading.number_rows,
        columns=texts["columns"],
        constants=texts["constants"],
        values=nested["values"],
        visits=nested["visits"],
    )
    _complain_of_names(mapping, table, schemas, complaints)
    return mapping


def _complain_of_names(
    mapping: TableMapping, table: str, schemas: Schemas, complaints: Complaints
) -> None:
    """Forms, items, visits and codes must be the trial's."""
    forms = [form.id for form in schemas.forms]
    if mapping.form not in forms:
        _complain_unless(mapping.form, forms, table=table, key="form", complaints=complaints)
        return
    form = schemas.form(mapping.form)
    names = list(form.entered)
    for key in (*_TEXTS, "values"):
        for name in getattr(mapping, key):
            _complain_unless(name, names, table=f"{table}.{key}", key="", complaints=complaints)
    for visit, columns in mapping.visits.items():
        _complain_unless(visit, form.visits, table=f"{table}.visits", key="", complaints=complaints)
        for name in columns:
            inner = f"{table}.visits.{visit}"
            _complain_unless(name, names, table=inner, key="", complaints=complaints)
    _complain_of_codes(mapping, form, schemas.data, table, complaints)
    if mapping.visits and ("visit" in mapping.columns or "visit" in mapping.constants):
        complaints.add(
            table=table,
            key="visits",
            found="columns for each visit beside a visit for the whole row",
            expected="one of the two",
        )
    _complain_of_what_is_said_twice(mapping, table, complaints)
    if mapping.number_rows and not form.repeating:
        complaints.add(
            table=table,
            key="number_rows",
            found=f"true for {form.id}, which does not repeat",
            expected="false",
        )


def _complain_of_what_is_said_twice(
    mapping: TableMapping, table: str, complaints: Complaints
) -> None:
    """An item has one column, or one constant, or its place among the rows."""
    said = {
        "columns": set(mapping.columns) & mapping.fixed - {"visit" if mapping.visits else ""},
        "constants": set(mapping.constants) & {"repeat" if mapping.number_rows else ""},
        **{f"visits.{visit}": set(own) & mapping.fixed for visit, own in mapping.visits.items()},
    }
    for key, names in said.items():
        for name in sorted(names):
            complaints.add(
                table=f"{table}.{key}",
                key=name,
                found="what the mapping also says in another way",
                expected="a column, a constant or number_rows, and one of them alone",
            )


def _complain_of_codes(
    mapping: TableMapping, form: Form, data: DataFormat, table: str, complaints: Complaints
) -> None:
    """What a value is turned into must be something that the item can hold."""
    missing = [code.code for code in data.all_missing_codes]
    given = [(name, "", text, "constants") for name, text in mapping.constants.items()]
    given += [
        (name, said, text, f"values.{name}")
        for name, pairs in mapping.values.items()
        for said, text in pairs.items()
    ]
    items = {item.id: item for item in form.items}
    for name, said, text, where in given:
        known = _known(items.get(name), name, form)
        if known and text:
            allowed = [*known, *(missing if name in items else [])]
            _complain_unless(
                text, allowed, table=f"{table}.{where}", key=said or name, complaints=complaints
            )


def _known(item: Item | None, name: str, form: Form) -> list[str]:
    """The only texts that a key column or an item may hold; none where there is no list."""
    if item is None:
        return list(form.visits) if name == "visit" else []
    return [choice.code for choice in item.choices] if item.kind.nature is Nature.CODE else []


def _complain_unless(
    name: str, known: Sequence[str], *, table: str, key: str, complaints: Complaints
) -> None:
    if name not in known:
        complaints.add(
            table=table,
            key=key,
            found=shown(name),
            expected=f"one of {', '.join(known)}{suggestion(name, list(known))}",
        )


def _complain_of_unknown(
    raw: Mapping[str, object], known: Sequence[str], *, table: str, complaints: Complaints
) -> None:
    for key in raw:
        if key not in known:
            complaints.add(
                table=table,
                key=key[:80],
                found="an unknown key",
                expected=f"one of {', '.join(known)}{suggestion(key, list(known))}",
            )


def _texts(raw: object, *, table: str, complaints: Complaints) -> Mapping[str, str]:
    """A table of texts."""
    if not isinstance(raw, Mapping):
        complaints.add(table=table, key="", found=shown(raw), expected="a table")
        return {}
    for key, value in raw.items():
        if not isinstance(value, str):
            complaints.add(
                table=table,
                key=str(key)[:80],
                found=shown(value),
                expected="a text in quotation marks",
            )
    return {key: value for key, value in raw.items() if isinstance(value, str)}


def _nested(raw: object, table: str, complaints: Complaints) -> Mapping[str, Mapping[str, str]]:
    """A table of tables of texts."""
    if not isinstance(raw, Mapping):
        complaints.add(table=table, key="", found=shown(raw), expected="a table")
        return {}
    return {
        key: _texts(value, table=f"{table}.{str(key)[:80]}", complaints=complaints)
        for key, value in raw.items()
    }
