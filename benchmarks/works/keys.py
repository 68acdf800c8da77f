"""``keys.py FILE``: the keys that a Parquet file has twice, as DuckDB finds them."""

import sys
import tempfile

from telling import NOT_POSSIBLE

try:
    import duckdb
except ImportError:
    raise SystemExit(NOT_POSSIBLE) from None

QUERY = """
SELECT count(*), coalesce(sum(n), 0) FROM
(SELECT subject_id, repeat, count(*) AS n FROM read_parquet(?) GROUP BY ALL HAVING count(*) > 1)
"""
with tempfile.TemporaryDirectory() as place:
    settings = {
        "memory_limit": "400MB", "threads": 2, "temp_directory": place,
        "preserve_insertion_order": False,
    }  # fmt: skip
    duckdb.connect(config=settings).execute(QUERY, [sys.argv[1]]).fetchall()
