"""Dates of an XLSForm come to what plain Python makes of them."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkit.imports.xlsform.date_functions import DATE_FUNCTIONS, months_added, number_of
from trialkit.imports.xlsform.parts import Part, number, stated
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.forms.expressions import Kind
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.rules.expression import condition
from trialkit.schemas.rules.names import Scope

FORM = Form(
    id="f", title="f", kind=FormKind.OTHER, expected=Expected.AS_NEEDED, visits=(),
    repeating=False, rules=(), file="", sha256="",
    items=(
        Item(id="d", label="d", type=ItemType.DATE), Item(id="t", label="t", type=ItemType.TEXT),
        Item(id="n", label="n", type=ItemType.DECIMAL),
    ),
)  # fmt: skip
SCOPE = Scope(form=FORM, forms={"f": FORM}, missing_codes=())
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
DAY, TEXT = Part(text="d", kind=Kind.DATE), Part(text="t", kind=Kind.TEXT)
DTYPES = {"d": pl.Date, "t": pl.String, "n": pl.Float64}


def is_said(part: Part, expected: str, **cells: object) -> bool | None:
    """Whether a rule finds a part to be what is expected, in a row with these cells."""
    read = condition(f"{part.text} = {expected}", SCOPE)
    columns = {}
    for each in read.references:
        dtype = DTYPES[each.item]
        columns[each.column] = pl.Series(each.column, [cells[each.item]], dtype=dtype)
        columns[each.wrong] = pl.Series(each.wrong, [False])
    return read.judged(pl.DataFrame(columns))[0]


@given(day=DAYS)
def test_a_date_is_written_as_its_pattern_says(day: date) -> None:
    pattern = stated("%d/%m/%Y, %e.%n.")
    said = DATE_FUNCTIONS["format-date", 2]((DAY, pattern))
    expected = f"{day:%d/%m}/{day.year}, {day.day}.{day.month}."
    assert is_said(said, f"'{expected}'", d=day) is True
    assert is_said(said, f"'{expected}x'", d=day) is False


@given(day=DAYS)
def test_a_text_that_states_a_date_is_one(day: date) -> None:
    days = DATE_FUNCTIONS["decimal-date-time", 1]((TEXT,))
    apart = (day - date(1970, 1, 1)).days
    assert is_said(days, str(apart), t=day.isoformat()) is True
    assert is_said(days, str(apart), t="no date") is None
    assert days.whole


def test_a_moment_within_a_day_is_no_whole_number_of_days() -> None:
    midnight, noon = (stated(f"2020-01-01T{hour}:00:00.000Z") for hour in ("00", "12"))
    assert DATE_FUNCTIONS["decimal-date-time", 1]((midnight,)).whole
    with pytest.raises(ExpressionError, match="a moment within a day"):
        DATE_FUNCTIONS["decimal-date-time", 1]((noon,))


@given(days=st.floats(-20_000, 40_000, allow_nan=False))
def test_days_are_cut_off_and_not_known_where_that_is_done_in_two_ways(days: float) -> None:
    said = DATE_FUNCTIONS["date", 1]((Part(text="n", kind=Kind.NUMBER),))
    expected = date(1970, 1, 1) + timedelta(days=int(days))
    found = is_said(said, f"'{expected}'", n=days)
    assert found is (True if days >= 0 else None)


def test_months_are_added_to_a_date_and_to_nothing_else() -> None:
    added = months_added((DAY, number("1"), number("2"), number("3")))
    assert is_said(added, "'2025-05-01'", d=date(2024, 2, 28)) is True
    for given_parts in ((TEXT, TEXT), (DAY, Part(text="n", kind=Kind.NUMBER))):
        with pytest.raises(ExpressionError, match=r"\S"):
            months_added(given_parts)


def test_a_number_is_itself_and_a_date_its_days() -> None:
    assert number_of((number("3"),)).text == "3"
    assert number_of((DAY,)).text == "d - DATE '1970-01-01'"
