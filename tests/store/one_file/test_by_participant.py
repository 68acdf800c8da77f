"""The rows of a participant are together, and none is lost."""

from dataclasses import replace

import polars as pl
import pytest

from tests.miniature import Miniature
from trialkit.errors import DataFileError
from trialkit.store.one_file import by_participant
from trialkit.store.one_file.by_participant import LINE, rows_by_participant
from trialkit.store.one_file.scanning import open_scan


@pytest.fixture(scope="module")
def form_and_data(tmp_path_factory):
    schemas = Miniature().schemas(tmp_path_factory.mktemp("parts"))
    return schemas.form("pain"), schemas.data


COLUMNS = ["subject_id", "vas_mm"]


def scan_of(form_and_data, path, rows, *, typed):
    form, data = form_and_data
    columns = {name: [""] * len(rows) for name in form.entered}
    subjects = [1.0 * name if typed and name else name for name, _ in rows]
    columns |= {"subject_id": subjects, "vas_mm": [str(value) for _, value in rows]}
    frame = pl.DataFrame(columns, strict=False)
    frame.write_parquet(path) if typed else frame.write_csv(path)
    return open_scan(path, form, data)


ROWS = [(1 + n % 7, n) for n in range(100)]


@pytest.mark.parametrize("typed", [True, False])
@pytest.mark.parametrize("together", [10, 1000])
def test_all_rows_of_somebody_are_in_one_part(
    form_and_data, tmp_path, monkeypatch, typed, together
):
    monkeypatch.setattr(by_participant, "TOGETHER", together)
    rows = [*ROWS, (None if typed else "  ", 100)]
    scan = scan_of(form_and_data, tmp_path / "pain.file", rows, typed=typed)

    parts = list(rows_by_participant(scan, COLUMNS, rows=len(rows)))

    assert len(parts) == (11 if together == 10 else 1)
    found = pl.concat(parts)
    first = 1 if typed else 2
    assert sorted(found[LINE].to_list()) == list(range(first, first + 100))  # nobody's row is left
    assert sorted(found["vas_mm"].cast(pl.Int64).to_list()) == list(range(100))
    where = [set(part["subject_id"].cast(pl.String).to_list()) for part in parts]
    assert sum(map(len, where)) == 7
    assert all(part[LINE].is_sorted() for part in parts)


def test_space_around_a_name_parts_nobody(form_and_data, tmp_path, monkeypatch):
    monkeypatch.setattr(by_participant, "TOGETHER", 1)
    rows = [("S1", 1), (" S1", 2), ("S1 ", 3), ("S2", 4)]
    scan = scan_of(form_and_data, tmp_path / "pain.csv", rows, typed=False)

    parts = [part["vas_mm"].to_list() for part in rows_by_participant(scan, COLUMNS, rows=4)]

    assert sorted(part for part in parts if part) in (
        [["1", "2", "3"], ["4"]],
        [["1", "2", "3", "4"]],
    )


@pytest.mark.parametrize("together", [10, 1000])
def test_a_file_that_lost_rows_meanwhile_is_refused(form_and_data, tmp_path, monkeypatch, together):
    monkeypatch.setattr(by_participant, "TOGETHER", together)
    scan = scan_of(form_and_data, tmp_path / "pain.parquet", ROWS, typed=True)
    with pytest.raises(DataFileError, match="101 rows were read at first and 100"):
        list(rows_by_participant(scan, COLUMNS, rows=101))


def test_a_folder_without_room_is_told(form_and_data, tmp_path, monkeypatch):
    monkeypatch.setattr(by_participant, "TOGETHER", 10)
    scan = scan_of(form_and_data, tmp_path / "pain.parquet", ROWS, typed=True)

    def full(*_, **__):
        raise OSError(28, "No space left on device", str(tmp_path / "x"))

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    with pytest.raises(DataFileError, match="cannot be used"):
        list(rows_by_participant(replace(scan, file="pain.parquet"), COLUMNS, rows=100))
