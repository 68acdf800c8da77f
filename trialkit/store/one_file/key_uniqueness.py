"""Whether each key of a file of any size is there once, found by DuckDB within a bound of memory.

The keys of all rows cannot stream: DuckDB counts their hashes, spilling to disk beyond its limit,
and compares the few keys themselves whose hashes are shared. The extra ``scale`` installs DuckDB.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import polars as pl

from trialkit.disk.temporary import temporary_folder
from trialkit.errors import DataFileError
from trialkit.store.one_file.scanning import Scan, text_of

if find_spec("duckdb"):
    import duckdb

AVAILABLE = find_spec("duckdb") is not None
MEMORY = "400MB"
"""What DuckDB may hold in memory."""
_THREADS = 2
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
    with temporary_folder() as temporary:
        folder = temporary.path
        keys = _keys(scan, key, folder)
        connection = duckdb.connect(
            config={
                "memory_limit": MEMORY,
                "threads": _THREADS,
                "temp_directory": str(folder / "spill"),
                "preserve_insertion_order": False,
            }
        )
        try:
            return _shared(connection, keys, key, limit=limit)
        except duckdb.Error as error:
            words = str(error).splitlines()[0][:200]
            raise DataFileError(
                f"{scan.file}: its keys could not be counted ({words}); see that the folder for "
                "temporary files has room, or pass --no-keys"
            ) from None
        finally:
            connection.close()


def _keys(scan: Scan, key: Sequence[str], folder: Path) -> Path:
    """The keys of all rows, as text in Parquet files."""
    written = folder / "keys"
    written.mkdir()
    columns_alone = pl.DataFrame(schema=dict.fromkeys(key, pl.String))
    columns_alone.write_parquet(written / "none.parquet")  # for a file without a row
    for number, batch in enumerate(scan.batches()):
        schema = batch.cells.collect_schema()
        columns = [_as_compared(name, schema[name]).alias(name) for name in key]
        batch.cells.select(columns).sink_parquet(written / f"{number:06}.parquet")
    return written / "*.parquet"


def _as_compared(name: str, dtype: pl.DataType) -> pl.Expr:
    """A key as text without the space around it; 1 and 01 are one number."""
    text = text_of(pl.col(name), dtype).str.strip_chars()
    return text.cast(pl.Int64, strict=False).cast(pl.String) if name == "repeat" else text


def _shared(
    connection: "duckdb.DuckDBPyConnection", keys: Path, key: Sequence[str], *, limit: int
) -> Duplicates:
    connection.execute("SET enable_progress_bar = false")
    names = ", ".join(f'"{name}"' for name in key)
    whole = " AND ".join(f"\"{name}\" <> ''" for name in key)  # null is not <> '' either
    rows = f"(SELECT {names}, hash({names}) AS hashed FROM read_parquet(?) WHERE {whole})"
    connection.execute(
        f"CREATE TEMP TABLE shared AS SELECT hashed FROM {rows} GROUP BY hashed "
        "HAVING count(*) > 1",
        [str(keys)],
    )
    connection.execute(
        f"CREATE TEMP TABLE duplicates AS SELECT {names}, count(*) AS times FROM {rows} "
        f"WHERE hashed IN (SELECT hashed FROM shared) GROUP BY {names} HAVING count(*) > 1",
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
