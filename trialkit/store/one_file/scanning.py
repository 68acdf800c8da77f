"""A data file of any size, as batches of rows: Parquet with its types, or CSV as text.

Every row of the file is in exactly one batch; a file that changes while it is read, or that gives
another number of rows than it has, is an error.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from trialkit.disk.reading import reading
from trialkit.errors import DataFileError
from trialkit.files.csv_blocks import BLOCK, csv_blocks
from trialkit.files.csv_reading import check_columns
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Form
from trialkit.schemas.items.kind import Nature

ROWS = 1_000_000
"""How many rows of a Parquet file are looked at together."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """Some rows of a file, one after the other."""

    cells: pl.LazyFrame
    """The columns of the form: text, or typed as the file has them."""
    lines: np.ndarray | int
    """The line of each row, or the number of rows before the first where rows are counted."""
    rows: int
    done: int
    """How much of the file was read by the end of this batch, of ``of``."""
    of: int

    def numbers(self, rows: np.ndarray) -> np.ndarray:
        """Where some rows stand in the file: their lines, or their numbers from 1."""
        return rows + 1 + self.lines if isinstance(self.lines, int) else self.lines[rows]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scan:
    """A data file that is about to be read."""

    path: Path
    file: str
    columns: tuple[str, ...]
    optional: tuple[str, ...]
    data: DataFormat
    typed: bool
    """Whether it is Parquet, whose columns have types and whose rows have numbers, not lines."""

    @property
    def counted(self) -> str:
        """What rows are called by their number."""
        return "row" if self.typed else "line"

    def batches(self) -> Iterator[Batch]:
        """All rows, in order.

        Raises :class:`DataFileError` for what cannot be read.
        """
        before = self.path.stat()
        with _reading(self.file):
            yield from self._parquet() if self.typed else self._csv()
        after = self.path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise DataFileError(f"{self.file}: was changed while it was read; run this again")

    @contextmanager
    def looked_at(self) -> Iterator[None]:
        """Batches are read only when they are looked at: damage that shows itself then is told.

        What fails on the bare columns, too, is the file's fault and no one else's.
        """
        try:
            yield
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
            with _reading(self.file):
                for batch in self._parquet() if self.typed else self._csv():
                    batch.cells.collect()
            raise

    def _parquet(self) -> Iterator[Batch]:
        frame = pl.scan_parquet(self.path, glob=False)
        rows = frame.select(pl.len()).collect().item()
        there = frame.collect_schema().names()
        left_out = [pl.lit("").alias(name) for name in self.optional if name not in there]
        frame = frame.with_columns(left_out).select(self.columns)
        for start in range(0, rows, ROWS):
            size = min(ROWS, rows - start)
            yield Batch(
                cells=frame.slice(start, size), lines=start, rows=size, done=start + size, of=rows
            )

    def _csv(self) -> Iterator[Batch]:
        of = self.path.stat().st_size
        blocks = csv_blocks(
            self.path,
            file=self.file,
            columns=self.columns,
            data=self.data,
            optional=self.optional,
            size=BLOCK,
        )
        for block in blocks:
            yield Batch(
                cells=block.cells.lazy(),
                lines=block.lines,
                rows=block.cells.height,
                done=block.read,
                of=of,
            )


def open_scan(path: Path, form: Form, data: DataFormat) -> Scan:
    """The data file for a form, its columns and their types looked at.

    Raises :class:`DataFileError` when it cannot be the form's data.
    """
    file = path.name
    with reading(path):
        if not path.is_file():
            what = "is not a file" if path.exists() else "does not exist"
            raise DataFileError(f"{path}: {what}; name a Parquet or CSV file")
        with path.open("rb") as stream:
            typed = stream.read(4) == b"PAR1"
    calculated = tuple(item.id for item in form.calculated)
    columns = (*form.key, *(item.id for item in form.items))
    if typed:
        with _reading(file):
            schema = pl.read_parquet_schema(path)
        check_columns(list(schema), columns, optional=calculated, file=file)
        _check_types(schema, form, file=file)
    return Scan(path=path, file=file, columns=columns, optional=calculated, data=data, typed=typed)


def _check_types(schema: dict[str, pl.DataType], form: Form, *, file: str) -> None:
    for name, dtype in schema.items():
        plain = dtype.is_numeric() or dtype.is_temporal() or dtype in {pl.Boolean, pl.Null}
        text = dtype == pl.String or isinstance(dtype, pl.Categorical | pl.Enum)
        if not (plain or text) or isinstance(dtype, pl.Duration):
            raise DataFileError(
                f"{file}: column {name!r} has the type {dtype}, which no cell of {form.id} can "
                "hold; write it as text, numbers, dates or truth values"
            )


@contextmanager
def _reading(file: str) -> Iterator[None]:
    """What polars says of a damaged file, as an error of ours; its panics, too."""
    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        words = str(error).strip().splitlines() or [type(error).__name__]
        raise DataFileError(f"{file}: cannot be read: {words[0][:200]}") from None


def as_text(cells: pl.DataFrame, form: Form) -> pl.DataFrame:
    """Typed cells as the text that a person would have entered, dates as ``2025-03-31``.

    A float that is no number stands for a missing value, as pandas writes it.
    """
    moments = {item.id for item in form.items if item.kind.nature is Nature.MOMENT}
    return cells.select(
        text_of(pl.col(name), dtype, moment=name in moments).alias(name)
        for name, dtype in cells.schema.items()
    )


def text_of(cell: pl.Expr, dtype: pl.DataType, *, moment: bool = False) -> pl.Expr:
    """A typed cell as text; a ``moment`` has its time also at midnight."""
    if dtype.is_float():
        whole = cell.is_finite() & (cell == cell.round()) & (cell.abs() < 1e15)
        rounded = cell.cast(pl.Int64, strict=False).cast(pl.String)
        text = pl.when(whole).then(rounded).otherwise(cell.cast(pl.String))
        return pl.when(cell.is_nan()).then(pl.lit("")).otherwise(text).fill_null("")
    if dtype == pl.Boolean:
        return (
            pl.when(cell).then(pl.lit("yes")).when(~cell).then(pl.lit("no")).otherwise(pl.lit(""))
        )
    if isinstance(dtype, pl.Datetime):
        time = cell.dt.time()
        bare = pl.lit(value=False) if moment else time == pl.time(0, 0, 0)
        text = _to_the_second(cell, "%Y-%m-%d %H:%M:%S")
        return pl.when(bare).then(cell.dt.strftime("%Y-%m-%d")).otherwise(text).fill_null("")
    if dtype == pl.Time:
        minutes = (cell.dt.second() == 0) & (cell.dt.nanosecond() == 0)
        exact = _to_the_second(cell, "%H:%M:%S")
        return pl.when(minutes).then(cell.dt.strftime("%H:%M")).otherwise(exact).fill_null("")
    if dtype == pl.Date:
        return cell.dt.strftime("%Y-%m-%d").fill_null("")
    return cell.cast(pl.String).fill_null("")


def _to_the_second(cell: pl.Expr, form: str) -> pl.Expr:
    """A moment as text, with the fraction of its second where it has one: nothing is cut off."""
    whole = cell.dt.nanosecond() == 0
    return pl.when(whole).then(cell.dt.strftime(form)).otherwise(cell.dt.strftime(form + "%.f"))
