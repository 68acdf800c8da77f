"""A cell is blank, a missing code, a value, or unreadable; never two of them."""

from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.protocol.trial.data_format import DataFormat, DateOrder, MissingCode
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.items.kind import Reading
from trialkit.schemas.values.parsing import parse_column

PLAIN = DataFormat()
COMMA = DataFormat(delimiter=";", decimal=",", dates=DateOrder.DMY)
US = DataFormat(dates=DateOrder.MDY)


def parsed(cells, kind, data=PLAIN, choices=(), alone=()):
    how = Reading(data=data, codes=choices, alone=alone)
    return parse_column(pl.Series("x", cells, dtype=pl.String), kind.kind, how)


VALUES = [
    (ItemType.TEXT, PLAIN, {" a b ": "a b", "it's": "it's", "nd": "nd"}),
    (ItemType.INTEGER, PLAIN, {"1": 1, "+2": 2, " -3 ": -3, "007": 7, "999999999999999": 999999999999999}),
    (ItemType.DECIMAL, PLAIN, {"1": 1.0, "-.5": -0.5, "5.": 5.0, "+1.5": 1.5, "1e-3": 0.001, "1E2": 100.0, "0.1": 0.1}),
    (ItemType.DECIMAL, COMMA, {"1,5": 1.5, "-,5": -0.5, "3": 3.0, "1,5e1": 15.0}),
    (ItemType.YES_NO, PLAIN, {"yes": True, "NO": False, "Y": True, "n": False, "1": True, "0": False, "True": True, "false": False}),
    (ItemType.DATE, PLAIN, {"2025-03-31": date(2025, 3, 31), "2024-2-29": date(2024, 2, 29), "2025/03/31": date(2025, 3, 31), "2025.3.1": date(2025, 3, 1)}),
    (ItemType.DATE, COMMA, {"31.12.2025": date(2025, 12, 31), "1/2/2025": date(2025, 2, 1), "01-02-2025": date(2025, 2, 1)}),
    (ItemType.DATE, US, {"12/31/2025": date(2025, 12, 31), "1/2/2025": date(2025, 1, 2)}),
    (ItemType.TIME, PLAIN, {"8:30": "08:30", "08:30": "08:30", "23:59": "23:59", "0:00": "00:00"}),
    (ItemType.CHOICE, PLAIN, {"f": "f", " m ": "m"}),
    (ItemType.MULTI_CHOICE, PLAIN, {"f": "f", "m f": "f m", "m;f": "f m", " f, m ": "f m", "none_of_these": "", "x": "x"}),
    (ItemType.PARTIAL_DATE, PLAIN, {"2026-03-UN": "2026-03-UN", "2026-un-UN": "2026-UN-UN", "2024-2-29": "2024-02-29", "2026/3/UN": "2026-03-UN", "2026-03": "2026-03-UN", "2026": "2026-UN-UN", "2026-un": "2026-UN-UN"}),
    (ItemType.PARTIAL_DATE, COMMA, {"UN.03.2026": "2026-03-UN", "UN/UN/2026": "2026-UN-UN", "1.2.2026": "2026-02-01"}),
    (ItemType.PARTIAL_DATE, US, {"03/UN/2026": "2026-03-UN"}),
    (ItemType.DATE_TIME, PLAIN, {"2026-03-31 8:30": datetime.fromisoformat("2026-03-31T08:30"), "2026-03-31T23:59:59": datetime.fromisoformat("2026-03-31T23:59:59")}),
    (ItemType.DATE_TIME, COMMA, {"31.3.2026  00:00": datetime.fromisoformat("2026-03-31")}),
    (ItemType.CALCULATED, PLAIN, {"1.5": 1.5}),
    (ItemType.VISUAL_ANALOGUE, COMMA, {"55": 55.0, "55,5": 55.5}),
    (ItemType.FILE, PLAIN, {"a.pdf": "a.pdf", " scans/left knee.png ": "scans/left knee.png", ".hidden": ".hidden", "e\u0301": "é"}),
]  # fmt: skip

UNREADABLE = [
    (ItemType.INTEGER, PLAIN, ["1.0", "1,0", "1e3", "one", "--1", "+", "9999999999999999", "１", "1_000", "0x10", "nd"]),
    (ItemType.DECIMAL, PLAIN, ["1,5", "1.000.000", "inf", "nan", "NaN", "-", ".", "1e400", "1e", "12 mm", "−1", "1e9999"]),
    (ItemType.DECIMAL, COMMA, ["1.5", "1.000,5"]),
    (ItemType.YES_NO, PLAIN, ["maybe", "2", "ja", "y/n"]),
    (ItemType.DATE, PLAIN, ["2025-02-30", "2023-02-29", "2025-13-01", "31.12.2025", "25-01-01", "2025-01", "2025-01/02", "0000-01-01", "2025-01-01 10:00", "20250101", "２025-01-01"]),
    (ItemType.DATE, COMMA, ["2025-12-31", "12/31/2025", "31.12.25"]),
    (ItemType.DATE, US, ["31/12/2025", "2025-12-31"]),
    (ItemType.TIME, PLAIN, ["24:00", "8.30", "8:5", "08:30:00", "830"]),
    (ItemType.CHOICE, PLAIN, ["F", "female", "y"]),
    (ItemType.MULTI_CHOICE, PLAIN, ["F", "f f", "f y", "f|m", "x f", "none_of_these f", ";", "fm"]),
    (ItemType.PARTIAL_DATE, PLAIN, ["2026-UN-03", "UN-03-01", "2026-13-UN", "2026-02-30", "2026-13", "26", "2026-3", "20260", "2026-", "0000", "2026/03", "0000-UN-UN", "2026-U-UN", "UN"]),
    (ItemType.PARTIAL_DATE, COMMA, ["2026-03-UN", "1.UN.2026", "03.2026", "2026"]),
    (ItemType.DATE_TIME, PLAIN, ["2026-03-31", "08:30", "2026-02-30 08:30", "2026-03-31 24:00", "2026-03-31 8:60", "2026-03-31 08:30Z", "2026-03-UN 08:30"]),
    (ItemType.VISUAL_ANALOGUE, PLAIN, ["55 mm", "5,5", "inf"]),
    (ItemType.FILE, PLAIN, ["/etc/passwd", "../a", "a/../b", "a/..", "a/./b", "a//b", "a/", "a\\b", "C:a", "...", "a/ .. /b", "a\x00b", "a\x1bb"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "data", "cells"), VALUES)
def test_values_are_read(kind, data, cells):
    column = parsed(list(cells), kind, data, choices=("f", "m", "x"), alone=("x",))

    assert column.values.to_list() == list(cells.values())
    assert column.codes.null_count() == len(cells)
    assert not column.unreadable.any()


@pytest.mark.parametrize(("kind", "data", "cells"), UNREADABLE)
def test_what_is_no_value_is_unreadable_and_never_guessed(kind, data, cells):
    column = parsed(cells, kind, data, choices=("f", "m", "x"), alone=("x",))

    assert column.values.null_count() == len(cells)
    assert column.unreadable.all()


@pytest.mark.parametrize("kind", ItemType)
def test_blanks_and_codes_are_neither_values_nor_unreadable(kind):
    column = parsed(["", "  ", "\t", "ND", " NA ", "LTFU"], kind, choices=("f",))

    assert column.values.null_count() == 6
    assert column.codes.to_list() == [None, None, None, "ND", "NA", "LTFU"]
    assert not column.unreadable.any()


def test_a_trial_may_have_codes_of_its_own():
    data = DataFormat(missing_codes=(MissingCode(code="X99", label="refused"),))

    column = parsed(["X99", "-98"], ItemType.INTEGER, data)

    assert column.codes.to_list() == ["X99", None]
    assert column.values.to_list() == [None, -98]


DTYPES = {
    ItemType.INTEGER: pl.Int64,
    ItemType.DECIMAL: pl.Float64,
    ItemType.YES_NO: pl.Boolean,
    ItemType.DATE: pl.Date,
    ItemType.DATE_TIME: pl.Datetime("us"),
    ItemType.CALCULATED: pl.Float64,
    ItemType.VISUAL_ANALOGUE: pl.Float64,
}


@pytest.mark.parametrize("kind", ItemType)
@pytest.mark.parametrize("cells", [[], [""], ["ND"], ["?"]])
def test_the_type_does_not_depend_on_what_was_entered(kind, cells):
    assert parsed(cells, kind).values.dtype == DTYPES.get(kind, pl.String)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=5))
@settings(max_examples=examples(100), deadline=None)
def test_decimals_come_back_as_they_were_written(numbers):
    assert parsed([repr(each) for each in numbers], ItemType.DECIMAL).values.to_list() == numbers


@given(st.lists(st.dates(), max_size=5), st.sampled_from([".", "/", "-"]))
@settings(max_examples=examples(100), deadline=None)
def test_dates_come_back_as_they_were_written(days, mark):
    orders = {
        PLAIN: [f"{day.year:04}{mark}{day.month:02}{mark}{day.day:02}" for day in days],
        COMMA: [f"{day.day}{mark}{day.month}{mark}{day.year:04}" for day in days],
        US: [f"{day.month:02}{mark}{day.day:02}{mark}{day.year:04}" for day in days],
    }
    for data, cells in orders.items():
        assert parsed(cells, ItemType.DATE, data).values.to_list() == days


@given(st.lists(st.text(max_size=8) | st.from_regex(r"[0-9.,:/\-+eE ]{0,10}", fullmatch=True), max_size=5),
       st.sampled_from(ItemType), st.sampled_from([PLAIN, COMMA, US]))  # fmt: skip
@settings(max_examples=examples(300), deadline=None)
def test_a_cell_is_exactly_one_of_blank_code_value_and_unreadable(cells, kind, data):
    column = parsed(cells, kind, data, choices=("f",))

    # Python alone calls the separators 1C to 1F white space; Unicode and polars do not.
    white = "".join(mark for mark in map(chr, range(0x3001)) if mark.isspace())
    white = white.translate(dict.fromkeys(range(0x1C, 0x20)))
    blank = pl.Series([not cell.strip(white) for cell in cells], dtype=pl.Boolean)
    states = [blank, column.codes.is_not_null(), column.values.is_not_null(), column.unreadable]
    assert len(column.values) == len(cells)
    assert all(sum(row) == 1 for row in zip(*(state.to_list() for state in states), strict=True))
