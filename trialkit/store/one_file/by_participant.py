"""The rows of a file of any size, those of a participant together, found within a bound of memory.

Where the file has more rows than are looked at together, its columns that are needed go to a folder
for temporary files, each block of rows sorted by a hash of the participant: all rows whose hashes
have the same remainder are then read back from every block. Rows of one participant are not parted,
so that a participant with more rows than are looked at together is the bound.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from trialkit.disk.temporary import temporary_folder
from trialkit.errors import DataFileError
from trialkit.store.one_file.scanning import Batch, Scan, text_of

LINE = "__line"
TOGETHER = 500_000
"""About how many rows are looked at together."""
_PART = "__part"
_FEWEST = 1000
"""The smallest group of rows that is read back at a time."""


def rows_by_participant(scan: Scan, columns: Sequence[str], *, rows: int) -> Iterator[pl.DataFrame]:
    """All rows that name a participant, in some parts, as the file has them and in its order.

    Beside the ``columns``, of which one is ``subject_id``, each row has its ``LINE``. ``rows`` is how
    many the file is known to have.

    Raises :class:`DataFileError` when it has another number of them, or the disk has no room.
    """
    parts = -(-rows // TOGETHER)
    if parts <= 1:
        blocks = [_cells(batch, scan, columns) for batch in scan.batches()]
        _refuse_other_number(scan, sum(block.height for block in blocks), rows)
        if blocks:
            yield pl.concat(blocks, how="vertical_relaxed").filter(_somebody(blocks[0]))
        return
    with temporary_folder() as temporary:
        blocks_of_parts = list(_written(scan, columns, parts, temporary.path))
        _refuse_other_number(scan, sum(each.rows for each in blocks_of_parts), rows)
        for part in range(parts):
            there = [each.part(part) for each in blocks_of_parts]
            yield pl.concat(there, how="vertical_relaxed").collect().drop(_PART)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Block:
    """Some rows of the file, on disk by their parts."""

    path: Path
    ends: np.ndarray
    """Where each part ends, which begins where the one before does."""
    rows: int
    """How many rows were read for it, those of nobody among them."""

    def part(self, number: int) -> pl.LazyFrame:
        start = int(self.ends[number - 1]) if number else 0
        return pl.scan_parquet(self.path, glob=False).slice(start, int(self.ends[number]) - start)


def _written(scan: Scan, columns: Sequence[str], parts: int, folder: Path) -> Iterator[_Block]:
    for number, batch in enumerate(scan.batches()):
        cells = _cells(batch, scan, columns)
        named = cells.filter(_somebody(cells)).with_columns(
            (_subject(cells).hash() % parts).cast(pl.UInt32).alias(_PART)
        )
        counts = np.bincount(named[_PART].to_numpy(), minlength=parts)
        path = folder / f"{number:06}.parquet"
        named.sort(_PART, maintain_order=True).write_parquet(
            path, compression="lz4", row_group_size=max(_FEWEST, named.height // parts)
        )
        yield _Block(path=path, ends=np.cumsum(counts), rows=cells.height)


def _cells(batch: Batch, scan: Scan, columns: Sequence[str]) -> pl.DataFrame:
    with scan.looked_at():
        cells = batch.cells.select(columns).collect(engine="streaming")
    lines = batch.numbers(np.arange(cells.height, dtype=np.int64))
    return cells.with_columns(pl.Series(LINE, lines, dtype=pl.Int64))


def _subject(cells: pl.DataFrame) -> pl.Expr:
    """Who a row is of, without the space around it."""
    return text_of(pl.col("subject_id"), cells.schema["subject_id"]).str.strip_chars()


def _somebody(cells: pl.DataFrame) -> pl.Expr:
    return _subject(cells) != ""


def _refuse_other_number(scan: Scan, came: int, rows: int) -> None:
    if came != rows:
        raise DataFileError(
            f"{scan.file}: {rows} rows were read at first and {came} when they were read again; it "
            "was changed meanwhile: run this again"
        )
