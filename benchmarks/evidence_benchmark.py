"""The evidence store against a bare insertion of the same rows, in one run.

Run ``python benchmarks/evidence_benchmark.py [EVENTS]``: CPU seconds of the import of so many events
of cells (chained, salted, guarded by the database, with the rows of the form beside them), of SQLite
alone for the same rows, of one committed entry, of reading all tables and the same from CSV, of what
``freeze`` reads of either, and of an export as of an event, with its greatest memory. The ratios count. Nothing is asserted about time.
"""

import io
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl

from trialkit.cli.main import main as main_of_trialkit
from trialkit.errors import TrialStep
from trialkit.evidence.contents.exporting import exported
from trialkit.evidence.contents.store_source import store_source
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.database.opening import Store, make_sqlite_store, sqlite_store
from trialkit.evidence.log.actions import Door, EventAction
from trialkit.evidence.log.events import Actor, Occasion, entries, with_blanks
from trialkit.evidence.writing.appending import append
from trialkit.protocol.tables.canonical import canonical
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.steps.opening import open_trial
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

ITEMS = 20
AUTHOR = Actor(person="ann", printed_name="Ann Miller", role="coordinator")
COLUMNS = ["subject_id", *(f"item_{number}" for number in range(ITEMS))]
FORM = """[form]
id = "pain"
title = "Pain"
kind = "assessment"
expected = "as_needed"
""" + "".join(
    f'\n[[items]]\nid = "item_{number}"\nlabel = "Item {number}"\ntype = "integer"\n'
    for number in range(ITEMS)
)


def seconds(call: Callable[[], object]) -> float:
    before = time.process_time()
    call()
    return time.process_time() - before


def occasion() -> Occasion:
    return Occasion(author=AUTHOR, at=datetime.now(UTC), door=Door.IMPORT)


def filled(rows: int) -> pl.DataFrame:
    """Entries of rows with every item: one for the row, one for each cell."""
    row, item = np.repeat(np.arange(rows), ITEMS + 1), np.tile(np.arange(-1, ITEMS), rows)
    of_row = pl.col("item_number") < 0
    said = pl.DataFrame({"row": row, "item_number": item}).select(
        action=pl.when(of_row)
        .then(pl.lit(EventAction.ROW_ADDED.value))
        .otherwise(pl.lit(EventAction.FILLED.value)),
        form=pl.lit("pain"),
        subject_id=pl.format("S{}", pl.col("row")),
        visit=pl.lit("week_6"),
        item=pl.when(of_row).then(pl.lit("")).otherwise(pl.format("item_{}", "item_number")),
        new=pl.when(of_row)
        .then(pl.lit(""))
        .otherwise((pl.col("row") * 7 + pl.col("item_number")).cast(pl.String)),
    )
    return with_blanks(said)


def bare(path: Path, copy: Path) -> float:
    """SQLite alone: the same rows in the same two tables, in one transaction, as safely written."""
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        target.isolation_level = None
        target.execute("PRAGMA journal_mode = WAL")
        target.execute("PRAGMA synchronous = FULL")
        rows = {}
        for table in ("event", "content"):
            asked = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?"
            target.execute(source.execute(asked, (table,)).fetchone()[0])
            rows[table] = source.execute(f"SELECT * FROM {table}").fetchall()

        def insert() -> None:
            target.execute("BEGIN")
            for table, held in rows.items():
                marks = ",".join("?" * len(held[0]))
                target.executemany(f"INSERT INTO {table} VALUES ({marks})", held)
            target.execute("COMMIT")

        return seconds(insert)


def one_entry(store: Store, number: int) -> float:
    said = {"action": EventAction.CHANGED, "form": "pain", "subject_id": "S0", "visit": "week_6"}
    texts = {"item": "item_0", "old": str(number), "new": str(number + 1), "reason": "misread"}
    return seconds(lambda: append(store, entries([said | texts]), occasion()))


def main() -> None:
    count = int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "evidence.sqlite"
        store = make_sqlite_store(path)
        form = {"action": EventAction.FORM_OPENED, "form": "pain"}
        append(store, entries([form | {"details": canonical({"columns": COLUMNS})}]), occasion())
        wanted = filled(count // (ITEMS + 1))
        imported = seconds(lambda: append(store, wanted, occasion()))
        alone = bare(path, Path(place) / "bare.sqlite")
        print(
            f"{wanted.height:,} events: {imported:.2f} s, {wanted.height / imported:,.0f} a second"
        )
        print(
            f"SQLite alone, the same rows: {alone:.2f} s; ratio {imported / alone:.2f} (3 wanted)"
        )
        singles = sorted(one_entry(store, number) for number in range(51))
        print(
            f"one committed entry: {singles[25] * 1000:.1f} ms in the middle, {singles[0] * 1000:.1f} ms "
            "at least (10 wanted)"
        )
        table = source_at(store)[0].tables["pain"]
        read = min(seconds(lambda: source_at(store)) for _ in range(3))
        csv = table.write_csv().encode()
        parsed = min(
            seconds(lambda: pl.read_csv(io.BytesIO(csv), infer_schema=False)) for _ in range(3)
        )
        print(
            f"all tables: {read:.2f} s; polars alone, the same CSV: {parsed:.2f} s; ratio "
            f"{read / parsed:.1f}"
        )
        store.close()
        freezing(path, csv)
        for until in (wanted.height, wanted.height // 2):
            exporting(path, until)


def freezing(path: Path, csv: bytes) -> None:
    """``freeze`` of the store and of a folder with the same table, twenty whole numbers a row."""
    folder = path.parent / "trial"
    if main_of_trialkit(["new", str(folder), "--empty"]):
        raise RuntimeError("no trial could be made")
    (folder / "forms" / "pain.toml").write_text(FORM)
    (folder / "data" / "screening.csv").unlink()
    (folder / "data" / "pain.csv").write_bytes(csv)
    schemas = open_trial(folder, step=TrialStep.VALIDATE).schemas
    own = next(each for each in schemas.forms if each.id == "pain")
    schemas = replace(schemas, forms=(own,))
    in_folder = FolderSource(folder=folder)
    of_folder = min(seconds(lambda: freeze(in_folder, schemas)) for _ in range(3))
    of_store = min(
        seconds(lambda: freeze(store_source(folder, str(path), as_of=None), schemas))
        for _ in range(3)
    )
    print(
        f"freeze of the store: {of_store:.2f} s; of the folder: {of_folder:.2f} s; ratio "
        f"{of_store / of_folder:.2f} (3 wanted)"
    )


def exporting(path: Path, until: int) -> None:
    """An export as of an event, in a process of its own; its greatest memory."""
    call = [sys.executable, __file__, "--export", str(path), str(until)]
    print(subprocess.run(call, check=True, capture_output=True, text=True).stdout, end="")


def export(path: Path, until: int) -> None:
    store = sqlite_store(path)
    taken = seconds(lambda: exported(store, DataFormat(), until=until))
    store.close()
    status = Path("/proc/self/status").read_text(
        encoding="utf-8"
    )  # its own, not that of who called it
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    print(f"export as of event {until:,}: {taken:.2f} s, {peak:.0f} MB at most (300 wanted)")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--export"]:
        export(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
