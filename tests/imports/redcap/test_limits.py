"""REDCap's validations as item types, and its minima and maxima as ranges."""

from datetime import date

import pytest

from trialkit.imports.redcap.limits import (
    Limits,
    has_decimal_comma,
    limits,
    moment_in,
    text_type,
)
from trialkit.schemas.items.answers import Range
from trialkit.schemas.items.item_types import ItemType

VALIDATIONS = {
    "": ItemType.TEXT,
    "signature": ItemType.TEXT,
    "integer": ItemType.INTEGER,
    "int": ItemType.INTEGER,
    "float": ItemType.DECIMAL,
    "number": ItemType.DECIMAL,
    "number_1dp": ItemType.DECIMAL,
    "number_4dp": ItemType.DECIMAL,
    "number_comma_decimal": ItemType.DECIMAL,
    "number_2dp_comma_decimal": ItemType.DECIMAL,
    "date_ymd": ItemType.DATE,
    "date_mdy": ItemType.DATE,
    "date_dmy": ItemType.DATE,
    "datetime_ymd": ItemType.DATE_TIME,
    "datetime_seconds_dmy": ItemType.DATE_TIME,
    "time": ItemType.TIME,
    "number_5dp": None,
    "date": None,
    "integers": None,
    "email": None,
    "zipcode": None,
}


@pytest.mark.parametrize(("validation", "kind"), VALIDATIONS.items())
def test_what_a_validated_text_holds(validation: str, kind: ItemType | None) -> None:
    assert text_type(validation) is kind


def test_a_decimal_comma_is_that_of_the_validation() -> None:
    assert has_decimal_comma("number_comma_decimal")
    assert has_decimal_comma("number_2dp_comma_decimal")
    assert not has_decimal_comma("number_2dp")
    assert not has_decimal_comma("")


INTEGER, DECIMAL, DATE, TEXT = (
    ItemType.INTEGER.kind,
    ItemType.DECIMAL.kind,
    ItemType.DATE.kind,
    ItemType.TEXT.kind,
)
DAY = date(2025, 2, 3)
ENDS = {
    "numbers": (("18", "+99.5", DECIMAL, "number"), Range(low=18, high=99.5)),
    "a negative number": (("-1.25", "", DECIMAL, ""), Range(low=-1.25)),
    "a comma": (("", "1,5", DECIMAL, ""), Range(high=1.5)),
    "one number": (("5", "5", INTEGER, "integer"), Range(low=5, high=5)),
    "nothing": (("", "", INTEGER, "integer"), Range()),
    "days": (
        ("2025-02-03", "2025-12-31", DATE, "date_ymd"),
        Range(low=DAY, high=date(2025, 12, 31)),
    ),
    "a short day": (("2025-2-3", "", DATE, "date_ymd"), Range(low=DAY)),
    # the day comes first in one order, the month in the other
    "dmy": (("03-02-2025", "", DATE, "date_dmy"), Range(low=DAY)),
    "mdy": (("02/03/2025", "", DATE, "date_mdy"), Range(low=DAY)),
    "iso in another order": (("2025-02-03", "", DATE, "date_dmy"), Range(low=DAY)),
    "points": (("", "3.2.2025", DATE, "date_dmy"), Range(high=DAY)),
}


@pytest.mark.parametrize(("given", "expected"), ENDS.values(), ids=ENDS)
def test_a_minimum_and_a_maximum_are_a_range(given: tuple, expected: Range) -> None:
    assert limits(*given) == Limits(range=expected, unread=())


UNREAD = {
    "another field": (("[age]", "99", INTEGER, ""), Range(high=99), ("the minimum '[age]'",)),
    "both": (("today", "now", INTEGER, ""), Range(), ("the minimum 'today'", "the maximum 'now'")),
    "no such day": (("", "2025-02-30", DATE, "date_ymd"), Range(), ("the maximum '2025-02-30'",)),
    "the other order": (("13-02-2025", "", DATE, "date_mdy"), Range(), ("the minimum '13-02-2025'",)),
    "day first in an iso field": (
        ("03-02-2025", "", DATE, "date_ymd"), Range(), ("the minimum '03-02-2025'",),
    ),
    "a number of a text": (("1", "", TEXT, ""), Range(), ("the minimum '1'",)),
    "a thousand": (("1.234.5", "", DECIMAL, ""), Range(), ("the minimum '1.234.5'",)),
    "sixteen digits": (("1" * 16, "", DECIMAL, ""), Range(), (f"the minimum '{'1' * 16}'",)),
    "the wrong way round": (("9", "1", INTEGER, ""), Range(), ("the range from '9' to '1'",)),
}  # fmt: skip


@pytest.mark.parametrize(("given", "kept", "unread"), UNREAD.values(), ids=UNREAD)
def test_an_end_that_cannot_be_read_is_named(
    given: tuple, kept: Range, unread: tuple[str, ...]
) -> None:
    assert limits(*given) == Limits(range=kept, unread=unread)


MOMENTS = {
    ("2025-01-31 08:00", "datetime_dmy"): "2025-01-31 08:00",
    ("31.01.2025 08:00", "datetime_dmy"): "2025-01-31 08:00",
    ("01/31/2025 08:00:30", "datetime_seconds_mdy"): "2025-01-31 08:00:30",
    ("31.01.2025 08:00", "datetime_ymd"): "2025-01-31 08:00",
    ("31/01/2025 08:00", "datetime_ymd"): "31/01/2025 08:00",
    ("31.13.2025 08:00", "datetime_dmy"): "31.13.2025 08:00",
    ("[other]", "datetime_dmy"): "[other]",
}


@pytest.mark.parametrize(("given", "expected"), MOMENTS.items())
def test_a_date_and_time_is_read_in_the_order_of_its_field(
    given: tuple[str, str], expected: str
) -> None:
    assert moment_in(*given) == expected
