"""A data file of any size comes in batches that hold every row once, as a person would write it."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from trialkit.errors import DataFileError
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item
from trialkit.schemas.items.item_types import ItemType
from trialkit.store.one_file import scanning
from trialkit.store.one_file.scanning import Batch, Scan, as_text, open_scan

FORM = Form(
    id="pain",
    title="Pain",
    kind=FormKind.OTHER,
    expected=Expected.AS_NEEDED,
    visits=(),
    repeating=False,
    items=(
        Item(id="vas", label="VAS", type=ItemType.DECIMAL),
        Item(id="seen", label="Seen", type=ItemType.DATE_TIME),
        Item(id="mean", label="Mean", type=ItemType.CALCULATED, calculation="vas / 2"),
    ),
    rules=(),
    file="",
    sha256="",
)
FRAME = pl.DataFrame(
    {"vas": [1.5, 2.0, 3.0, None, 5.0], "subject_id": list("abcde"), "seen": ["x"] * 5}
)


def scanned(path: Path) -> Scan:
    return open_scan(path, FORM, DataFormat())


def parquet(folder: Path, frame: pl.DataFrame = FRAME) -> Path:
    frame.write_parquet(folder / "x.parquet")
    return folder / "x.parquet"


def test_a_parquet_file_comes_in_its_types_with_rows_numbered_from_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "ROWS", 2)
    scan = scanned(parquet(tmp_path))
    assert (scan.typed, scan.counted, scan.file) == (True, "row", "x.parquet")
    batches = list(scan.batches())
    assert [(each.rows, each.done, each.of, each.lines) for each in batches] == [
        (2, 2, 5, 0),
        (2, 4, 5, 2),
        (1, 5, 5, 4),
    ]
    # the columns of the form, in its order; a calculated item may be left out
    cells = [each.cells.collect() for each in batches]
    assert cells[0].columns == ["subject_id", "vas", "seen", "mean"]
    assert pl.concat(cells)["vas"].to_list() == [1.5, 2.0, 3.0, None, 5.0]
    assert pl.concat(cells)["mean"].to_list() == [""] * 5
    assert batches[1].numbers(np.array([0, 1])).tolist() == [3, 4]


def test_a_csv_file_comes_as_text_with_its_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "BLOCK", 30)
    path = tmp_path / "x.csv"
    path.write_text("subject_id,vas,seen,mean\n\na,1.50,,\nb,2,,7\nc,,,\n")
    scan = scanned(path)
    assert (scan.typed, scan.counted) == (False, "line")
    batches = list(scan.batches())
    assert sum(each.rows for each in batches) == 3
    rows = [row for each in batches for row in each.cells.collect().rows()]
    assert rows == [("a", "1.50", "", ""), ("b", "2", "", "7"), ("c", "", "", "")]
    lines = [line for each in batches for line in each.numbers(np.arange(each.rows)).tolist()]
    assert lines == [3, 4, 5]
    assert {each.of for each in batches} == {path.stat().st_size}
    assert batches[-1].done == path.stat().st_size


def test_numbers_of_lines_are_looked_up_and_of_rows_counted() -> None:
    given = {"cells": pl.LazyFrame(), "rows": 3, "done": 3, "of": 3}
    assert Batch(lines=np.array([4, 7, 9]), **given).numbers(np.array([2, 0])).tolist() == [9, 4]
    assert Batch(lines=10, **given).numbers(np.array([2, 0])).tolist() == [13, 11]


def test_what_is_no_data_of_the_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"x.parquet: does not exist; name a Parquet or CSV"):
        scanned(tmp_path / "x.parquet")
    with pytest.raises(DataFileError, match="is not a file; name a Parquet or CSV file"):
        scanned(tmp_path)
    with pytest.raises(DataFileError, match="column 'vass' is unknown; did you mean 'vas'"):
        scanned(parquet(tmp_path, FRAME.rename({"vas": "vass"})))
    for odd in (pl.Series("vas", [[1.0]] * 5), pl.Series("vas", [1] * 5, dtype=pl.Duration)):
        with pytest.raises(DataFileError) as error:
            scanned(parquet(tmp_path, FRAME.with_columns(odd)))
        assert str(error.value) == (
            f"x.parquet: column 'vas' has the type {odd.dtype}, which no cell of pain can hold; "
            "write it as text, numbers, dates or truth values"
        )
    (tmp_path / "x.parquet").write_bytes(b"PAR1 and nothing more")
    with pytest.raises(DataFileError, match=r"x.parquet: cannot be read: "):
        scanned(tmp_path / "x.parquet")


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    scan = scanned(parquet(tmp_path))
    batches = scan.batches()
    next(batches)
    with scan.path.open("ab") as stream:
        stream.write(b"more")
    with pytest.raises(DataFileError, match=r"x.parquet: was changed while it was read; run this"):
        list(batches)


def test_typed_cells_are_the_text_that_a_person_would_have_entered() -> None:
    midnight, moment = datetime(2025, 3, 31, tzinfo=UTC), datetime(2025, 3, 1, 9, 5, 7, tzinfo=UTC)
    frame = pl.DataFrame(
        {
            "float": [1.0, -2.5, float("nan"), None, 1e16],
            "whole": [1, -2, 0, None, 10**12],
            "truth": [True, False, None, True, False],
            "day": [date(2025, 3, 31), None, None, None, date(1999, 1, 2)],
            "other": [midnight, moment, None, None, moment.replace(microsecond=250_000)],
            "seen": [midnight, moment, None, None, moment.replace(microsecond=250_000)],
            "time": [time(9, 5), time(9, 5, 7), time(0, 0), None, time(9, 5, 0, 500_000)],
            "text": ["a", "", " b ", None, "1.0"],
        },
        schema_overrides={"other": pl.Datetime("us"), "seen": pl.Datetime("us")},
        strict=False,
    )
    found = as_text(frame, FORM)
    assert set(found.dtypes) == {pl.String}
    assert found["float"].to_list()[:4] == ["1", "-2.5", "", ""]
    assert float(found["float"].to_list()[4]) == 1e16
    assert found["whole"].to_list() == ["1", "-2", "0", "", "1000000000000"]
    assert found["truth"].to_list() == ["yes", "no", "", "yes", "no"]
    assert found["day"].to_list() == ["2025-03-31", "", "", "", "1999-01-02"]
    exact = "2025-03-01 09:05:07"
    assert found["other"].to_list()[:4] == ["2025-03-31", exact, "", ""]
    # of an item that is a moment, midnight is a time
    assert found["seen"].to_list()[:4] == ["2025-03-31 00:00:00", exact, "", ""]
    assert found["seen"].to_list()[4].startswith(f"{exact}.25")
    assert found["time"].to_list()[:4] == ["09:05", "09:05:07", "00:00", ""]
    assert found["time"].to_list()[4].startswith("09:05:00.5")
    assert found["text"].to_list() == ["a", "", " b ", "", "1.0"]


def test_damage_that_shows_itself_late_is_the_files_and_no_other_error_is(tmp_path: Path) -> None:
    path = parquet(tmp_path)
    content = bytearray(path.read_bytes())
    content[4:60] = bytes(56)  # the first page of data; the schema stands at the end
    path.write_bytes(content)
    scan = scanned(path)
    [batch] = scan.batches()
    with pytest.raises(DataFileError, match=r"x\.parquet: cannot be read: "), scan.looked_at():
        batch.cells.collect()
    sound = scanned(parquet(tmp_path))
    with pytest.raises(pl.exceptions.ColumnNotFoundError), sound.looked_at():
        next(sound.batches()).cells.select("no_such_column").collect()
