"""Dates and numbers in the way of a file become those of the trial, or are refused by name."""

import polars as pl
import pytest

from trialkit.errors import DataFileError
from trialkit.imports.taking_in.written_values import rewritten
from trialkit.protocol.trial.data_format import DataFormat, DateOrder
from trialkit.schemas.items.item_types import ItemType

YMD, DMY, MDY = DateOrder.YMD, DateOrder.DMY, DateOrder.MDY


def cells(
    kind: ItemType,
    *texts: str,
    ours: DateOrder = YMD,
    theirs: DateOrder = YMD,
    point: str = ".",
    sign: str = ".",
) -> list[str]:
    """The texts of a file whose dates and decimal sign are ``theirs`` and ``sign``."""
    return rewritten(
        pl.Series("x", texts),
        kind.kind,
        data=DataFormat(delimiter=";", dates=ours, decimal=point),
        written=DataFormat(delimiter=";", dates=theirs, decimal=sign),
    ).to_list()


@pytest.mark.parametrize(
    ("theirs", "ours", "text", "expected"),
    [
        (DMY, YMD, "3.4.2025", "2025-04-03"),
        (DMY, YMD, "03/04/2025", "2025-04-03"),
        (MDY, YMD, "03/04/2025", "2025-03-04"),
        (MDY, DMY, "3-4-2025", "04-03-2025"),
        (DMY, MDY, "31.12.2025", "12-31-2025"),
        (YMD, DMY, "2025-04-03", "03-04-2025"),
        (YMD, MDY, "2025-04-03", "04-03-2025"),
        # what is no date stays for the checks to say so
        (DMY, YMD, "ND", "ND"),
        (DMY, YMD, "", ""),
    ],
)
def test_a_day_stays_the_same_day(
    theirs: DateOrder, ours: DateOrder, text: str, expected: str
) -> None:
    assert cells(ItemType.DATE, text, theirs=theirs, ours=ours) == [expected]


def test_a_time_goes_with_its_day_and_an_unknown_day_stays_unknown() -> None:
    assert cells(ItemType.DATE_TIME, "3.4.2025 08:30", theirs=DMY) == ["2025-04-03 08:30"]
    assert cells(ItemType.PARTIAL_DATE, "un.4.2025", theirs=DMY) == ["2025-04-UN"]


def test_a_number_keeps_its_size() -> None:
    assert cells(ItemType.DECIMAL, "1,5", " 12,25 ", "7", "ND", "", sign=",") == [
        "1.5", "12.25", "7", "ND", "",
    ]  # fmt: skip
    assert cells(ItemType.DECIMAL, "1.5", "7", point=",") == ["1,5", "7"]


def test_what_is_written_as_the_trial_writes_it_stays_as_it_is() -> None:
    assert cells(ItemType.DATE, "31/31/2025", "x", theirs=DMY, ours=DMY) == ["31/31/2025", "x"]
    assert cells(ItemType.DECIMAL, "1.234,5", point=",", sign=",") == ["1.234,5"]
    # the order of dates says nothing of numbers, the decimal sign nothing of dates or words
    assert cells(ItemType.DECIMAL, "a b", theirs=DMY) == ["a b"]
    assert cells(ItemType.DATE, "a b", sign=",") == ["a b"]
    assert cells(ItemType.TEXT, "3.4.2025 1,5", theirs=DMY, sign=",") == ["3.4.2025 1,5"]
    assert cells(ItemType.INTEGER, "1.5", sign=",") == ["1.5"]


def test_what_cannot_be_read_the_files_way_is_refused() -> None:
    with pytest.raises(DataFileError) as error:
        cells(ItemType.DATE, "13/13/2025", "1/1/2025", "x", "13/13/2025", theirs=DMY)
    assert str(error.value) == (
        "x: '13/13/2025', 'x' cannot be read as dates in the order dmy, which [file] of the "
        "mapping declares; correct the file or the mapping"
    )
    with pytest.raises(DataFileError, match=r"x: '1\.234' cannot be read as numbers with ',' as"):
        cells(ItemType.DECIMAL, "1.234", sign=",")


@pytest.mark.parametrize(("count", "end"), [(8, "'x7' cannot"), (9, "'x7' and 1 more cannot")])
def test_eight_of_them_are_shown(count: int, end: str) -> None:
    with pytest.raises(DataFileError, match=end):
        cells(ItemType.DECIMAL, *(f"x{number}" for number in range(count)), sign=",")
