"""The cards of the item types: what a message asks for can be read, what is drawn is in its range."""

import re
from datetime import date, datetime

import numpy as np
import polars as pl
import pytest

from trialkit.protocol.methods.outcome_kinds import Values
from trialkit.protocol.trial.data_format import DataFormat, DateOrder
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.answers import ItemChoice, Range
from trialkit.schemas.items.date_time import DATE_TIME
from trialkit.schemas.items.item_types import ItemType, types_of, types_with
from trialkit.schemas.items.kind import Chance, Describes, Nature, Reading
from trialkit.schemas.items.numbers import usual_range
from trialkit.schemas.values.parsing import parse_column

FORMATS = [
    DataFormat(delimiter=";", decimal=decimal, dates=order)
    for decimal in (".", ",")
    for order in DateOrder
]
EXAMPLE = re.compile(r"\d\d:\d\d|\d[\w.,/-]*(?: \d\d:\d\d)?|UN[./][\w./]+")
NUMBERS = (ItemType.DECIMAL, ItemType.CALCULATED, ItemType.VISUAL_ANALOGUE)


def read(kind: ItemType, data: DataFormat, *texts: str) -> list[object]:
    return parse_column(pl.Series("x", texts), kind.kind, Reading(data=data)).values.to_list()


@pytest.mark.parametrize("data", FORMATS)
@pytest.mark.parametrize(
    ("kind", "values"),
    [
        *((kind, [12.5]) for kind in NUMBERS),
        (ItemType.DATE, [date(2025, 3, 31)]),
        (ItemType.DATE_TIME, [datetime.fromisoformat("2025-03-31 08:30")]),
        (ItemType.TIME, ["08:30"]),
        (ItemType.PARTIAL_DATE, ["2025-03-31", "2025-03-UN", "2025-UN-UN"]),
    ],
)
def test_what_a_message_gives_as_an_example_can_be_read(
    kind: ItemType, values: list[object], data: DataFormat
) -> None:
    examples = EXAMPLE.findall(kind.kind.said(data))
    assert read(kind, data, *examples) == values


def test_what_a_message_asks_for_in_words() -> None:
    plain = DataFormat()
    assert {kind.value: kind.kind.said(plain) for kind in ItemType if kind not in NUMBERS} == {
        "text": "a text",
        "integer": "a whole number",
        "choice": "one of the choices",
        "multi_choice": "a list of the choices",
        "yes_no": "yes or no",
        "date": "a date such as 2025-03-31 (year, month, day)",
        "partial_date": (
            "a date such as 2025-03-31 (year, month, day); write 2025-03-UN or 2025-UN-UN where "
            "the rest is unknown"
        ),
        "time": "a time such as 08:30",
        "date_time": "a date and time such as 2025-03-31 08:30",
        "file": "a path of a file in the folder files/, such as scans/0012.pdf",
    }


def test_which_types_can_be_reckoned_with_described_and_limited() -> None:
    def those(holds) -> set[str]:
        return {kind.value for kind in ItemType if holds(kind.kind)}

    numbers = {"integer", "decimal", "calculated", "visual_analogue"}
    assert those(lambda kind: kind.is_number) == numbers
    assert those(lambda kind: kind.describes is Describes.BY_NUMBERS) == numbers
    assert those(lambda kind: kind.describes is Describes.BY_CATEGORIES) == {
        "text", "choice", "yes_no",
    }  # fmt: skip
    assert those(lambda kind: kind.describes is Describes.BY_CHOICES) == {"multi_choice"}
    days = {"date", "date_time", "partial_date"}
    assert those(lambda kind: kind.outcome is not None) == numbers | days | {"yes_no", "choice"}
    assert those(lambda kind: kind.has_range) == numbers | {"date", "partial_date", "date_time"}
    assert those(lambda kind: kind.nature.has_a_day) == {"date", "partial_date", "date_time"}
    assert those(lambda kind: kind.has_decimals) == {"decimal", "visual_analogue"}
    assert those(lambda kind: not kind.is_asked) == {"calculated"}
    assert those(lambda kind: kind.takes_any_text) == {"text"}
    assert those(lambda kind: kind.names_a_file) == {"file"}
    assert types_with("choices") == (ItemType.CHOICE, ItemType.MULTI_CHOICE)
    assert types_with("anchors") == (ItemType.VISUAL_ANALOGUE,)
    assert types_with("calculation") == (ItemType.CALCULATED,)
    assert types_of(Nature.NUMBER) == (
        ItemType.DECIMAL, ItemType.CALCULATED, ItemType.VISUAL_ANALOGUE,
    )  # fmt: skip
    assert types_of(Nature.WHOLE) == (ItemType.INTEGER,)


def test_columns_of_pandas_have_the_type_of_the_values() -> None:
    assert {nature.name: nature.dtype for nature in Nature} == {
        "NUMBER": "float64", "WHOLE": "Int64", "TRUTH": "boolean", "TEXT": "str",
        "CODE": "category", "CODES": "str", "DAY": "datetime64[us]", "DAYS": "datetime64[us]",
        "MOMENT": "datetime64[us]", "CLOCK": "str",
    }  # fmt: skip


def item(kind: ItemType, **more: object) -> Item:
    return Item(id="x", label="x", type=kind, **more)


def test_the_answers_that_are_listed() -> None:
    choices = (ItemChoice(code="a", label="A"), ItemChoice(code="b", label="B"))
    assert item(ItemType.CHOICE, choices=choices).offered == choices
    assert [(each.code, each.label) for each in item(ItemType.YES_NO).offered] == [
        ("yes", "Yes"), ("no", "No"),
    ]  # fmt: skip
    assert item(ItemType.INTEGER).offered == ()


def drawn(of: Item, count: int = 300, **chance: object) -> list[object]:
    how = Chance(rng=np.random.default_rng(5), anchor=date(2025, 3, 31), **chance)
    draw = of.kind.draw
    assert draw is not None
    return [draw(of, how) for _ in range(count)]


def test_numbers_are_drawn_about_the_middle_of_what_is_usual() -> None:
    usual = item(
        ItemType.DECIMAL, range=Range(low=0, high=100), expected_range=Range(low=40, high=60)
    )
    found = drawn(usual)
    assert 40 <= min(found) < 45
    assert 49.5 < np.mean(found) < 50.5
    assert 55 < max(found) <= 60
    assert all(round(each, 1) == each for each in found)
    whole = drawn(item(ItemType.INTEGER, range=Range(low=18, high=24)))
    assert {type(each) for each in whole} == {int}
    assert set(range(19, 24)) <= set(whole) <= set(range(18, 25))
    # without an end it is 0 or 100, and always above the other
    assert 45 < np.mean(drawn(item(ItemType.DECIMAL))) < 55
    assert 199 < min(drawn(item(ItemType.DECIMAL, range=Range(low=200)))) < 201


def test_what_is_usual_goes_before_what_is_possible() -> None:
    both = item(ItemType.INTEGER, range=Range(low=1, high=9), expected_range=Range(low=3))
    assert usual_range(both) == (3.0, 9.0)
    assert usual_range(item(ItemType.INTEGER)) == (None, None)


def test_days_and_times_are_drawn_near_the_anchor() -> None:
    days = {date(2025, 3, 31), date(2025, 4, 1), date(2025, 4, 2), date(2025, 4, 3)}
    assert set(drawn(item(ItemType.DATE))) == days
    until = item(ItemType.DATE, range=Range(high=date(2025, 4, 1)))
    assert set(drawn(until)) == {date(2025, 3, 31), date(2025, 4, 1)}
    moments = drawn(item(ItemType.DATE_TIME))
    assert {each.date() for each in moments} == {date(2025, 3, 31)}
    assert {each.hour for each in moments} == set(range(8, 18))
    clocks = drawn(item(ItemType.TIME))
    assert {int(each[:2]) for each in clocks} == set(range(8, 18))
    assert {int(each[3:]) for each in clocks} == set(range(0, 60, 5))


def test_choices_are_drawn_evenly_or_the_first_ones_mostly() -> None:
    three = tuple(ItemChoice(code=code, label=code) for code in "abc")
    of = item(ItemType.CHOICE, choices=three)
    even = [drawn(of).count(code) for code in "abc"]
    assert all(70 < count < 130 for count in even)
    # 1 to 0.3 to 0.09
    mostly = [drawn(of, first_mostly=True).count(code) for code in "abc"]
    assert 190 < mostly[0] < 245
    assert 40 < mostly[1] < 95
    assert 8 < mostly[2] < 40
    alone = (*three, ItemChoice(code="never", label="never", alone=True))
    several = drawn(item(ItemType.MULTI_CHOICE, choices=alone))
    assert "never" not in " ".join(several)
    assert 80 < several.count("none_of_these") < 130  # 0.7³ of 300
    assert "a b c" in several


def test_yes_is_rare_where_it_should_be_and_words_are_one_of_those_given() -> None:
    assert 120 < sum(drawn(item(ItemType.YES_NO))) < 180
    assert 4 < sum(drawn(item(ItemType.YES_NO), rare=True)) < 30
    assert set(drawn(item(ItemType.TEXT), words=("one", "two"))) == {"one", "two"}


def test_a_simulated_number_is_fitted_to_its_item() -> None:
    limits = Range(low=0, high=10)
    whole, decimal = ItemType.INTEGER.kind.fit, ItemType.DECIMAL.kind.fit
    assert whole is not None
    assert decimal is not None
    assert [whole(limits, value, 2) for value in (-3.2, 4.6, 12.0)] == [0, 5, 10]
    assert [decimal(limits, value, 2) for value in (-3.2, 4.678, 12.0)] == [0, 4.68, 10]


def test_what_lies_on_the_calendar_can_record_on_which_day_something_happened() -> None:
    of_days = [each for each in ItemType if each.kind.outcome is Values.DATE]
    assert of_days == [each for each in ItemType if each.kind.nature.has_a_day]
    assert DATE_TIME in [each.kind for each in of_days]
