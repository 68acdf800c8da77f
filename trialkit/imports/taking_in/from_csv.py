"""A CSV file with columns of its own becomes an incoming table of one form."""

from pathlib import Path

from trialkit.errors import ProtocolError
from trialkit.imports.taking_in.incoming import Incoming
from trialkit.imports.taking_in.mapping import FileMapping, TableMapping
from trialkit.imports.taking_in.placing import place_table
from trialkit.imports.taking_in.source_tables import csv_table
from trialkit.protocol.tables.choices import suggestion
from trialkit.schemas.forms.forms import Schemas

_NOTHING = FileMapping(file="")


def from_csv(
    path: Path, form_id: str, schemas: Schemas, mapping: FileMapping = _NOTHING
) -> Incoming:
    """The rows that a CSV file has for a form.

    Raises :class:`ProtocolError` for a form or a mapping that does not fit, and
    :class:`~trialkit.errors.DataFileError` for a file that cannot be read.
    """
    known = [form.id for form in schemas.forms]
    if form_id not in known:
        raise ProtocolError(
            f"--form: found {form_id!r}; expected one of {', '.join(known)}"
            f"{suggestion(form_id, known)}"
        )
    written = mapping.written.beside(schemas.data)
    tables = [table for table in mapping.tables if table.form == form_id]
    if len(tables) > 1:
        raise ProtocolError(
            f"{mapping.file}: found {len(tables)} [[tables]] for form {form_id!r}; expected one, "
            "since a CSV file is one table"
        )
    placed = place_table(
        csv_table(path, written),
        schemas.form(form_id),
        mapping=tables[0] if tables else TableMapping(form=form_id),
        file=mapping,
        data=schemas.data,
        written=written,
    )
    return Incoming(
        source=path.name,
        tables=(placed.table,),
        left_out=placed.left_out,
        whole=frozenset({form_id}),
    )
