"""Tables in memory as a source: of a rehearsal, of the tests that forms bring along, of ours."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from trialkit.errors import DataFileError
from trialkit.files.csv_reading import RawTable, check_columns
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Form, Schemas
from trialkit.schemas.forms.not_done import NOT_DONE


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MemorySource:
    """A table of text for each form; its rows are known by their numbers from 1."""

    tables: Mapping[str, pl.DataFrame]
    """By form; the marks under ``not_done``. Null is an empty cell."""
    files: frozenset[str] = frozenset()
    """The files that items may name."""

    def refuse_strangers(self, schemas: Schemas) -> None:
        """Raise :class:`DataFileError` for a table of no form."""
        known = {NOT_DONE, *(form.id for form in schemas.forms)}
        for name in self.tables:
            if name not in known:
                raise DataFileError(f"{name}: no form has this name; leave the table out")

    def table(self, form: Form, data: DataFormat) -> RawTable:  # noqa: ARG002 - cells are text
        """The table of a form; :class:`DataFileError` where it or a column is not there."""
        if form.id not in self.tables:
            raise DataFileError(f"{form.id}: has no table; give one without rows if it is empty")
        cells = self.tables[form.id]
        columns = [*form.key, *(item.id for item in form.items)]
        left_out = tuple(
            name for name in columns if name not in form.entered and name not in cells.columns
        )
        check_columns(cells.columns, columns, optional=left_out, file=form.id)
        blank = (pl.lit("").alias(name) for name in left_out)
        cells = cells.with_columns(blank).select(pl.col(columns).cast(pl.String).fill_null(""))
        return RawTable(
            file=form.id,
            sha256=hashlib.sha256(cells.write_csv(quote_style="always").encode()).hexdigest(),
            cells=cells,
            lines=np.arange(1, cells.height + 1),
            left_out=left_out,
            counted="row",
        )

    def marks(self, form: Form, data: DataFormat) -> RawTable | None:
        """The marks, where there are any."""
        return self.table(form, data) if NOT_DONE in self.tables else None

    def attached(self, schemas: Schemas) -> frozenset[str]:  # noqa: ARG002 - as was said
        """The files that were said to be there."""
        return self.files
