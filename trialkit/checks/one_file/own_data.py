"""The trial's own data beside one file that streams by, for the rules that read other forms."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import polars as pl

from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.others import CellsOfForms, Rows
from trialkit.checks.judging.people import people, rows_at
from trialkit.checks.judging.shape import check_shape
from trialkit.checks.trial.completeness import absent_rows
from trialkit.errors import DataFileError
from trialkit.files.csv_reading import RawTable
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Form, Schemas
from trialkit.store.data_days import DataDays
from trialkit.store.freezing import freeze
from trialkit.store.sources.source import Source


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OwnData:
    """The other forms of the trial, as far as they can be read."""

    cells: CellsOfForms | None = None
    rows: Mapping[str, Rows] = field(default_factory=dict)
    absent: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """By form, the keys of the rows that are due and not there."""
    why_not: str = ""
    """Why they could not be read."""

    def known(self, forms: Collection[str]) -> Mapping[str, CheckedCells]:
        """The cells of some of these forms, looked at once."""
        return {name: self.cells[name] for name in forms} if self.cells else {}


NOTHING = OwnData()


def own_data(source: Source, form: Form, schemas: Schemas, days: DataDays) -> OwnData:
    """All forms of the trial but the one that the file holds; none where one cannot be read."""
    try:
        snapshot = freeze(
            _Without(source=source, form=form), schemas, cut=days.cut, today=days.today
        )
    except DataFileError as error:
        return OwnData(why_not=str(error))
    shape = check_shape(snapshot, schemas)
    rows = rows_at(snapshot, schemas, shape)
    cells = CellsOfForms(rows, schemas, snapshot.files, snapshot.days)
    subjects = people(shape.subjects, schemas, cells)
    absent = absent_rows(snapshot, schemas, people=subjects, shapes=shape.forms)
    others = [each.id for each in schemas.forms if each.id != form.id]
    return OwnData(
        cells=cells,
        rows={name: rows[name] for name in others},
        absent={name: absent[name] for name in others if name in absent},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Without:
    """A trial's source without the form that is in the file."""

    source: Source
    form: Form

    def refuse_strangers(self, schemas: Schemas) -> None:
        """The file itself may lie among the data."""

    def table(self, form: Form, data: DataFormat) -> RawTable:
        if form.id != self.form.id:
            return self.source.table(form, data)
        columns = [*form.key, *(item.id for item in form.items)]
        return RawTable(
            file=form.id,
            sha256="",
            cells=pl.DataFrame(schema=dict.fromkeys(columns, pl.String)),
            lines=np.array([], dtype=np.int64),
        )

    def marks(self, form: Form, data: DataFormat) -> RawTable | None:
        return self.source.marks(form, data)

    def attached(self, schemas: Schemas) -> frozenset[str]:
        return self.source.attached(schemas)
