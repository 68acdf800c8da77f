"""A table of a file from elsewhere: names, cells, places, and what stands in the way."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from trialkit.errors import DataFileError
from trialkit.files.workbook_reading import Sheet, SheetCell
from trialkit.imports.taking_in import source_tables
from trialkit.imports.taking_in.source_tables import (
    SourceTable,
    column_letters,
    csv_table,
    sheet_table,
)
from trialkit.protocol.trial.data_format import DataFormat

COMMA = DataFormat(delimiter=";", decimal=",")


def test_a_csv_file_is_read_as_its_format_says(tmp_path: Path) -> None:
    path = tmp_path / "pain.csv"
    path.write_text('who;vas\nS1;"1,5\nmm"\nS2;7\n', encoding="utf-8")
    found = csv_table(path, COMMA)
    assert (found.place, found.sheet) == ("pain.csv", "")
    assert found.cells.to_dict(as_series=False) == {"who": ["S1", "S2"], "vas": ["1,5\nmm", "7"]}
    # the second row begins on the fourth line
    assert found.places == ("line 2", "line 4")
    assert (dict(found.troubles), dict(found.formulas), found.merged) == ({}, {}, ())


def cell(text: str, **more: object) -> SheetCell:
    return SheetCell(text=text, **more)


def sheet(rows: Mapping[int, Mapping[int, SheetCell]], *merged: str) -> Sheet:
    return Sheet(name="Pain", hidden=False, rows=rows, merged=merged)


def table(
    rows: Mapping[int, Mapping[int, SheetCell]], *merged: str, data: DataFormat | None = None
) -> SourceTable | None:
    return sheet_table(
        sheet(rows, *merged), file="a.xlsx", subject="who is it", data=data or DataFormat()
    )


ROWS = {
    1: {1: cell("A study"), 2: cell("who")},
    3: {2: cell(" who \n is it"), 3: cell("vas"), 4: cell("note"), 6: cell("vas"), 28: cell(" ")},
    4: {
        2: cell("S1"),
        3: cell("1.5", number=True),
        4: cell("1.5"),
        6: cell("2e-05", number=True),
        28: cell("lost"),
    },
    7: {
        2: cell("S2", formula=True),
        3: cell("", trouble="an error", formula=True),
        4: cell("x", formula=True),
    },
    8: {2: cell("S3", formula=True), 3: cell("1.5e-7", number=True, formula=True)},
}


def test_a_sheet_is_read_below_the_row_that_names_the_participant() -> None:
    found = table(ROWS)
    assert found is not None
    assert (found.place, found.sheet) == ("a.xlsx, sheet Pain", "Pain")
    # two columns have one name, so each says where it stands; one without a name is none
    assert found.cells.to_dict(as_series=False) == {
        "who is it": ["S1", "S2", "S3"],
        "vas (column C)": ["1.5", "", "1.5e-7"],
        "note": ["1.5", "x", ""],
        "vas (column F)": ["2e-05", "", ""],
    }
    assert found.places == tuple(f"a.xlsx, sheet Pain, row {row}" for row in (4, 7, 8))
    assert dict(found.troubles) == {
        "who is it": (), "vas (column C)": ("cell C7: an error",), "note": (), "vas (column F)": (),
    }  # fmt: skip
    # a formula without a value is a trouble and no formula whose value was taken
    assert dict(found.formulas) == {
        "who is it": 2, "vas (column C)": 1, "note": 1, "vas (column F)": 0,
    }  # fmt: skip


def test_numbers_get_the_decimal_sign_of_the_trial_and_texts_stay() -> None:
    found = table(ROWS, data=COMMA)
    assert found is not None
    assert found.cells["vas (column C)"].to_list() == ["1,5", "", "1,5e-7"]
    assert found.cells["vas (column F)"].to_list() == ["2e-05", "", ""]
    assert found.cells["note"].to_list() == ["1.5", "x", ""]


def test_merged_cells_count_from_the_names_of_the_columns_down() -> None:
    found = table(ROWS, "A1:B1", "A1:B2", "B2:C3", "B4:B5", "C9")
    assert found is not None
    assert found.merged == ("B2:C3", "B4:B5", "C9")


@pytest.mark.parametrize(("row", "there"), [(25, True), (26, False)])
def test_the_names_are_looked_for_in_the_first_25_rows(row: int, there: bool) -> None:
    rows = {number: {1: cell("remark")} for number in range(1, row)}
    found = table({**rows, row: {1: cell("who is it")}, row + 1: {1: cell("S1")}})
    assert (found is not None) is there


def test_a_sheet_without_the_participant_is_none() -> None:
    assert table({1: {1: cell("who")}, 2: {1: cell("S1")}}) is None
    assert table({}) is None


@pytest.mark.parametrize(
    ("column", "letters"),
    [(1, "A"), (26, "Z"), (27, "AA"), (28, "AB"), (52, "AZ"), (53, "BA"), (702, "ZZ"), (703, "AAA")],
)  # fmt: skip
def test_columns_are_named_as_a_spreadsheet_does(column: int, letters: str) -> None:
    assert column_letters(column) == letters


def test_rows_by_columns_are_bounded_however_few_cells_hold_something(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(source_tables, "MOST_PLACES", 4)
    rows = {1: {1: cell("who is it"), 2: cell("vas")}, 2: {1: cell("S1")}, 9: {2: cell("7")}}
    found = table(rows)
    assert found is not None
    assert found.cells.shape == (2, 2)
    monkeypatch.setattr(source_tables, "MOST_PLACES", 3)
    with pytest.raises(DataFileError, match=r"a\.xlsx, sheet Pain: has 2 named columns and 2 rows"):
        table(rows)
