"""The folder as it stood at one moment of the log: a CSV file for each form, the same bytes each time."""

from collections.abc import Mapping

import polars as pl

from trialkit.errors import EvidenceError
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.events import LogEnd
from trialkit.evidence.log.rights import Right
from trialkit.evidence.people.gate import permit_somewhere
from trialkit.protocol.trial.data_format import DataFormat


def exported(
    store: Store, data: DataFormat, *, until: int | None = None
) -> tuple[Mapping[str, bytes], LogEnd]:
    """The files of ``data/`` by their names, as ``[data]`` of the protocol writes them, and the moment.

    The cells are what was entered, to the letter: this is data to be read again, and no table to be
    looked at in a spreadsheet.
    """
    with store.reading() as connection:
        permit_somewhere(connection, store.person, Right.EXPORT)
    source, head = source_at(store, until=until)
    files = {f"{form}.csv": csv_of(table, data) for form, table in sorted(source.tables.items())}
    return files, head


def csv_of(table: pl.DataFrame, data: DataFormat) -> bytes:
    """A table as a file of ``data/``."""
    text = table.write_csv(separator=data.delimiter, quote_style="necessary", line_terminator="\n")
    try:
        return text.encode(data.encoding)
    except UnicodeEncodeError as error:
        raise EvidenceError(
            f"{error.object[error.start]!r} cannot be written with encoding = {data.encoding!r}, which "
            "[data] of protocol.toml declares; declare utf-8"
        ) from None
