"""Whether each key of a file of any size is there once, found within a bound of memory.

The keys of all rows cannot stream: their hashes go to files by their first bits, so that each file can
be sorted in memory. The few keys themselves whose hashes are shared are read again and counted by
DuckDB, which spills to disk beyond its limit. The extra ``scale`` installs DuckDB.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from trialkit.disk.temporary import temporary_folder
from trialkit.errors import DataFileError
from trialkit.store.one_file.scanning import Scan, text_of

if TYPE_CHECKING:
    import duckdb

AVAILABLE = find_spec("duckdb") is not None
MEMORY = "400MB"
"""What DuckDB may hold in memory."""
_THREADS = 2
_BITS = 4
"""By how many of its first bits a hash goes to a file: of 100 million each file holds 50 MB."""
_HASH = "__hash"
INSTALL = "duplicate keys, which needs DuckDB: pip install 'trialkit[scale]'"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Duplicates:
    """Keys that several rows have."""

    keys: int
    """How many there are."""
    rows: int
    """How many rows have one of them."""
    listed: pl.DataFrame
    """The first of them in the order of the keys, with their ``rows``."""


def duplicate_keys(scan: Scan, key: Sequence[str], *, limit: int) -> Duplicates:
    """The keys that more than one row of the file has; rows without a whole key are left out.

    Raises :class:`DataFileError` when the disk cannot hold what memory may not.
    """
    duckdb = import_module("duckdb")
    with temporary_folder() as temporary:
        folder = temporary.path
        shared = _shared_hashes(_hashes(scan, key, folder))
        keys = _keys(scan, key, shared, folder)
        connection = duckdb.connect(
            config={
                "memory_limit": MEMORY,
                "threads": _THREADS,
                "temp_directory": str(folder / "spill"),
                "preserve_insertion_order": False,
            }
        )
        try:
            return _counted(connection, keys, key, limit=limit)
        except duckdb.Error as error:
            words = str(error).splitlines()[0][:200]
            raise DataFileError(
                f"{scan.file}: its keys could not be counted ({words}); see that the folder for "
                "temporary files has room, or pass --no-keys"
            ) from None
        finally:
            connection.close()


def _hashes(scan: Scan, key: Sequence[str], folder: Path) -> list[Path]:
    """The hashes of the keys of all rows, in files by their first bits."""
    files = [folder / f"{number:03}.hashes" for number in range(2**_BITS)]
    borders = np.arange(1, len(files), dtype=np.uint64) << np.uint64(64 - _BITS)
    with ExitStack() as opened:
        streams = [opened.enter_context(file.open("wb")) for file in files]
        for batch in scan.batches():
            with scan.looked_at():
                found = _hashed(batch.cells, key).select(_HASH).collect(engine="streaming")
            hashes = found[_HASH].sort().to_numpy()
            parts = np.split(hashes, np.searchsorted(hashes, borders))
            for stream, part in zip(streams, parts, strict=True):
                stream.write(part.tobytes())
    return files


def _hashed(cells: pl.LazyFrame, key: Sequence[str]) -> pl.LazyFrame:
    """The whole keys of rows, each with its hash."""
    schema = cells.collect_schema()
    whole = (pl.col(name).is_not_null() & (pl.col(name) != "") for name in key)
    keys = cells.select(_as_compared(name, schema[name]).alias(name) for name in key)
    return keys.filter(*whole).with_columns(pl.struct(key).hash().alias(_HASH))


def _shared_hashes(files: Sequence[Path]) -> np.ndarray:
    """The hashes that are there more than once, ascending."""
    shared = [np.array([], dtype=np.uint64)]
    for file in files:
        hashes = pl.Series(np.fromfile(file, dtype=np.uint64)).sort().to_numpy()
        shared.append(np.unique(hashes[1:][hashes[1:] == hashes[:-1]]))
        file.unlink()
    return np.concatenate(shared)


def _keys(scan: Scan, key: Sequence[str], shared: np.ndarray, folder: Path) -> Path:
    """The keys with one of these hashes, as text in Parquet files."""
    written = folder / "keys"
    written.mkdir()
    columns_alone = pl.DataFrame(schema=dict.fromkeys(key, pl.String))
    columns_alone.write_parquet(written / "none.parquet")
    hashes = pl.Series(shared).implode()
    for number, batch in enumerate(scan.batches() if len(shared) else ()):
        there = _hashed(batch.cells, key).filter(pl.col(_HASH).is_in(hashes)).select(key)
        with scan.looked_at():
            there.sink_parquet(written / f"{number:06}.parquet")
    return written / "*.parquet"


def _as_compared(name: str, dtype: pl.DataType) -> pl.Expr:
    """A key as text without the space around it; 1 and 01 are one number."""
    if name == "repeat" and dtype.is_integer():
        return pl.col(name).cast(pl.Int64, strict=False).cast(pl.String)
    text = text_of(pl.col(name), dtype).str.strip_chars()
    return text.cast(pl.Int64, strict=False).cast(pl.String) if name == "repeat" else text


def _counted(
    connection: "duckdb.DuckDBPyConnection", keys: Path, key: Sequence[str], *, limit: int
) -> Duplicates:
    connection.execute("SET enable_progress_bar = false")
    names = ", ".join(f'"{name}"' for name in key)
    connection.execute(
        f"CREATE TEMP TABLE duplicates AS SELECT {names}, count(*) AS times "
        f"FROM read_parquet(?) GROUP BY {names} HAVING count(*) > 1",
        [str(keys)],
    )
    counted = connection.execute("SELECT count(*), coalesce(sum(times), 0) FROM duplicates")
    number, together = counted.fetchone() or (0, 0)
    first = connection.execute(
        f"SELECT {names}, times FROM duplicates ORDER BY {names} LIMIT ?",
        [limit],
    ).fetchall()
    schema = {**dict.fromkeys(key, pl.String), "rows": pl.Int64}
    return Duplicates(
        keys=int(number),
        rows=int(together),
        listed=pl.DataFrame(first, schema=schema, orient="row"),
    )
