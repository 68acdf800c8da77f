"""A hundred million rows, validated as they stream by, beside polars' own scan for the same rules and
DuckDB's own grouping of the keys, within the memory that trialkit allows it.

Run ``python benchmarks/streaming_benchmark.py [ROWS] [FOLDER]``: it makes a Parquet file of eight
columns in a folder for temporary files (600 MB for the 100 000 000 rows that are made where nothing
else is said), runs ``trialkit validate --data`` and the bare ones (``works/scan.py``, ``works/keys.py``) in
processes of their own, prints CPU seconds and peak memory of each, and removes everything. Last it
validates once more with two rules that ask other rows. Nothing is asserted about time.

The bare ones are fair: each loads its library alone, reads the same columns and counts what trialkit
counts. They do less: no white space around a subject, no missing codes, no row named, no file that
changes meanwhile.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl

from trialkit.newtrial.writing import write_new_trial

WORKS = Path(__file__).parent / "works"
PART = 5_000_000
WRONG = 1e-4
"""The share of ages, and of marks on the scale, that cannot be right."""
DAYS = (19800, 20450)
"""Since 1970: from March 2024 to December 2025, so that no day lies ahead whenever this runs."""
FORM = """
[form]
id = "registry"
title = "Registry"
kind = "other"
expected = "as_needed"
repeating = true

[[items]]
id = "measured_on"
label = "Measured on"
type = "date"
range = { low = 2024-01-01, high = 2026-12-31 }
required = true

[[items]]
id = "age"
label = "Age"
type = "integer"
unit = "years"
range = { low = 18, high = 110 }
required = true

[[items]]
id = "bmi"
label = "Body mass index"
type = "decimal"
range = { low = 5, high = 90 }
required = true

[[items]]
id = "pain"
label = "Pain"
type = "decimal"
unit = "mm"
range = { low = 0, high = 100 }
required = true

[[items]]
id = "sex"
label = "Sex"
type = "choice"
choices = [{ code = "f", label = "Female" }, { code = "m", label = "Male" }]
required = true

[[items]]
id = "smoker"
label = "Smoker"
type = "yes_no"
required = true

[[rules]]
id = "REG01"
expression = "age >= 20 OR measured_on >= '2024-06-01'"
severity = "soft"
message = "Young and early."
items = ["age"]
"""

OTHER_ROWS = """
[[rules]]
id = "REG02"
expression = "pain - PREVIOUS(pain) <= 99"
severity = "soft"
message = "A jump to {pain}."
items = ["pain"]

[[rules]]
id = "REG03"
expression = "COUNT(pain >= 90) <= 6"
severity = "soft"
message = "Often."
items = ["pain"]
"""


def write_registry(path: Path, rows: int) -> None:
    """The file: ten rows for each subject, few of them wrong."""
    rng = np.random.default_rng(20260101)
    parts = path.with_suffix(".parts")
    parts.mkdir()
    for number, start in enumerate(range(0, rows, PART)):
        size = min(PART, rows - start)
        row = pl.int_range(start, start + size, eager=True)
        age = np.where(rng.random(size) < WRONG, 130, rng.integers(18, 100, size))
        pain = np.where(rng.random(size) < WRONG, 101.0, rng.integers(0, 101, size))
        pl.DataFrame(
            {
                "subject_id": "P" + (row // 10).cast(pl.String).str.zfill(9),
                "repeat": (row % 10).cast(pl.Int16),
                "measured_on": pl.Series(rng.integers(*DAYS, size).astype("int32")).cast(pl.Date),
                "age": pl.Series(age.astype("int16")),
                "bmi": pl.Series(rng.normal(26, 3, size).round(1)),
                "pain": pl.Series(pain),
                "sex": pl.Series(["f", "m"]).gather(pl.Series(rng.integers(0, 2, size))),
                "smoker": pl.Series(rng.random(size) < 0.3),
            }
        ).write_parquet(parts / f"{number:04}.parquet", row_group_size=500_000)
    pl.scan_parquet(parts / "*.parquet").sink_parquet(path, row_group_size=500_000)
    for part in parts.iterdir():
        part.unlink()
    parts.rmdir()


def measured(what: str, command: list[str]) -> float:
    """Run a process of its own; print its CPU seconds and its peak memory."""
    start = perf_counter()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = perf_counter() - start
    cpu = usage.ru_utime + usage.ru_stime
    print(
        f"{what}: {cpu:.1f} CPU s, {seconds:.1f} s by the clock, peak {usage.ru_maxrss / 1024:.0f} MB, "
        f"exit {os.waitstatus_to_exitcode(status)}",
        flush=True,
    )
    return cpu


def main(rows: int, place: str | None) -> None:
    """Make the file, measure, print, and leave nothing behind."""
    with tempfile.TemporaryDirectory(prefix="trialkit-streaming-", dir=place) as name:
        trial = Path(name) / "trial"
        write_new_trial(trial)
        (trial / "forms" / "registry.toml").write_text(FORM, "utf-8")
        path = Path(name) / "registry.parquet"
        # Processes begin with the peak of the one that starts them: this one stays small.
        measured("making the file", [sys.executable, __file__, "make", str(path), str(rows)])
        print(f"{rows:,} rows of 8 columns, {path.stat().st_size / 1e6:.0f} MB", flush=True)
        run = "from trialkit.cli.main import main; raise SystemExit(main())"
        validate = [sys.executable, "-c", run, "validate", str(trial), "--data", str(path)]
        ours = measured("trialkit validate --data --no-keys", [*validate, "--no-keys"])
        theirs = measured(
            "polars streaming scan", [sys.executable, str(WORKS / "scan.py"), str(path)]
        )
        print(f"{ours / theirs:.2f} times polars' own scan; 1.5 are allowed", flush=True)
        keys = measured("trialkit validate --data, keys and all", validate) - ours
        theirs = measured("DuckDB's keys", [sys.executable, str(WORKS / "keys.py"), str(path)])
        print(f"keys: {keys / theirs:.2f} times DuckDB's own; 1.5 are allowed", flush=True)
        (trial / "forms" / "registry.toml").write_text(FORM + OTHER_ROWS, "utf-8")
        more = measured("two rules that ask other rows, too, --no-keys", [*validate, "--no-keys"])
        print(f"{(more - ours) / rows * 1e6:.1f} CPU s more for a million rows", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"]:
        write_registry(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main(int(float((*sys.argv, "1e8")[1])), sys.argv[2] if len(sys.argv) > 2 else None)
