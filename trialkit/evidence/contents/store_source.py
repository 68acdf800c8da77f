"""A store as a source that is frozen as a folder is: its tables are those that it would export.

Files, lines and digests are those of :mod:`trialkit.evidence.contents.exporting` at the same moment, so that
whoever exports the moment finds what a message or a manifest names.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from trialkit.disk.reading import read_file
from trialkit.errors import DataFileError, EvidenceError
from trialkit.evidence.contents.exporting import csv_of
from trialkit.evidence.contents.half_sight import refuse_half_sight, withheld_from, without_forms
from trialkit.evidence.contents.moments import definitions_at, last_event
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.database.addressing import StoreAddress
from trialkit.files.csv_reading import RawTable, check_columns
from trialkit.grammar import counted
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Form, Schemas
from trialkit.schemas.forms.not_done import NOT_DONE
from trialkit.store.log_mark import LogMark
from trialkit.store.sources.attachments import attached_files
from trialkit.store.sources.folder_source import FOLDER


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoreSource:
    """The tables of a store at one moment of its log; the files that items name are the folder's."""

    folder: Path
    """Of the trial."""
    tables: Mapping[str, pl.DataFrame]
    log: LogMark
    withheld: Mapping[str, Collection[str]] = field(default_factory=dict)
    """What whoever asks may not read, by form; its cells are blank, and forms of it are not there."""
    said: str | None = None
    """How the store is named, for what is looked up only where a form does not go with it."""

    def refuse_strangers(self, schemas: Schemas) -> None:
        """Raise :class:`EvidenceError` for rows of a form that the trial does not have."""
        known = {NOT_DONE, *(form.id for form in schemas.forms)}
        for name, table in self.tables.items():
            if name not in known and table.height:
                self._refuse_newer(f"forms/{name}.toml")
                raise EvidenceError(
                    f"the store has {counted(table.height, 'row')} of form {name!r}, which the trial does not have "
                    f"(any more), so nothing would be done with what they hold; write forms/{name}.toml"
                )

    def table(self, form: Form, data: DataFormat) -> RawTable:
        """The table of a form; :class:`EvidenceError` where the store was never given one."""
        if form.id not in self.tables:
            self._refuse_newer(form.file)
            raise EvidenceError(
                f"form {form.id!r} has no table in the store at event {self.log.seq}, and without one "
                "nobody knows whether there is nothing to enter; import it, its header alone if it is "
                "empty: trialkit store import folder"
            )
        cells = self.tables[form.id]
        columns = [*form.key, *(item.id for item in form.items)]
        left_out = tuple(
            name for name in columns if name not in form.entered and name not in cells.columns
        )
        file = f"{FOLDER}/{form.id}.csv"
        try:
            check_columns(cells.columns, columns, optional=left_out, file=file)
        except DataFileError:
            self._refuse_newer(form.file)
            raise
        blank = (pl.lit("").alias(name) for name in left_out)
        return RawTable(
            file=file,
            sha256=hashlib.sha256(csv_of(cells, data)).hexdigest(),
            cells=cells.with_columns(blank).select(columns),
            lines=_lines(cells),
            left_out=left_out,
        )

    def _refuse_newer(self, file: str) -> None:
        """Raise :class:`EvidenceError` where the folder has another version of a form than the store."""
        if self.said is None:
            return
        then = definitions_then(self.folder, self.said, as_of=self.log.seq)
        path = self.folder / file
        now = read_file(path).decode("utf-8", "replace") if path.is_file() else None
        if then and then.get(file) != now:
            raise EvidenceError(
                f"{file}: the forms are newer than the store; take it to them: trialkit store migrate "
                f"{self.folder}"
            )

    def marks(self, form: Form, data: DataFormat) -> RawTable | None:
        """The marks of what was not done, where there are any."""
        return self.table(form, data) if form.id in self.tables else None

    def attached(self, schemas: Schemas) -> frozenset[str]:
        """The files below ``files/`` of the trial's folder."""
        return attached_files(self.folder, schemas)


def _lines(cells: pl.DataFrame) -> np.ndarray:
    """The line on which each row begins in the file: one more for each new line in the cells before."""
    within = pl.sum_horizontal(pl.all().str.count_matches("\n", literal=True)) + 1
    ends = cells.select(within.cast(pl.Int64).cum_sum()).to_series().to_numpy()
    return np.concatenate([[2], ends[:-1] + 2]) if cells.height else np.array([], dtype=np.int64)


def store_source(
    folder: Path, said: str, *, as_of: date | int | None, in_part: bool = False
) -> StoreSource:
    """The store of the trial in ``folder`` that is named, at a moment of its log.

    ``in_part`` is for what can leave out what is withheld from whoever asks.

    Raises :class:`EvidenceError` where there is none, or its log does not have the moment, and where
    something is withheld, unless the data are asked for in part.
    """
    with StoreAddress(folder=folder, said=said).read_by_account() as store:
        if not in_part:
            refuse_half_sight(store, "a command that analyses, or looks at more than findings")
        withheld = withheld_from(store)
        source, head = source_at(store, until=last_event(store, as_of))
    return StoreSource(
        folder=folder,
        tables=without_forms(source.tables, withheld),
        log=LogMark(seq=head.seq, hash=head.hash),
        withheld=withheld,
        said=said,
    )


def definitions_then(folder: Path, said: str, *, as_of: date | int) -> Mapping[str, str]:
    """Protocol and forms that were in force at a moment of the log of the store, by their files.

    Raises :class:`EvidenceError` where there is no store, or its log does not have the moment.
    """
    with StoreAddress(folder=folder, said=said).read_by_account() as store:
        return definitions_at(store, last_event(store, as_of))
