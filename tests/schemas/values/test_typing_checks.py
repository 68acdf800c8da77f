"""The formulas that let a value or a missing code through, and mark what is unusual."""

from datetime import date

import pytest

from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.answers import Range
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.values.typing_checks import range_words, typing_check, unusual_check

CODE = "SUMPRODUCT(--EXACT(missing_codes,B3))>0"
DAY = date(2025, 1, 31)
DATE = 'LEN(B3)=10,MID(B3,5,1)="-",MID(B3,8,1)="-",DATEVALUE(B3)>0'
CHECKS = {
    (ItemType.INTEGER, Range()): "ISNUMBER(B3),B3=INT(B3)",
    (ItemType.INTEGER, Range(low=0, high=10)): "ISNUMBER(B3),B3=INT(B3),B3>=0,B3<=10",
    (ItemType.DECIMAL, Range(low=-1.5)): "ISNUMBER(B3),B3>=-1.5",
    (ItemType.DECIMAL, Range(high=2)): "ISNUMBER(B3),B3<=2",
    (ItemType.DATE, Range(low=DAY)): f'{DATE},B3>="2025-01-31"',
    (ItemType.TIME, Range()): (
        'LEN(B3)=5,MID(B3,3,1)=":",VALUE(LEFT(B3,2))<24,VALUE(RIGHT(B3,2))<60'
    ),
    (ItemType.DATE_TIME, Range()): (
        'LEN(B3)>15,MID(B3,5,1)="-",MID(B3,8,1)="-",DATEVALUE(LEFT(B3,10))>0,'
        "TIMEVALUE(MID(B3,12,8))>=0"
    ),
    (ItemType.PARTIAL_DATE, Range(low=DAY)): 'LEN(B3)=10,MID(B3,5,1)="-",MID(B3,8,1)="-"',
}


def item(kind: ItemType, **more: object) -> Item:
    return Item(id="x", label="x", type=kind, **more)


@pytest.mark.parametrize(("of", "holds"), CHECKS.items())
def test_a_value_of_its_type_and_range_may_be_typed(of: tuple[ItemType, Range], holds: str) -> None:
    assert typing_check(item(of[0], range=of[1]), "B3") == f"OR({CODE},IFERROR(AND({holds}),FALSE))"


def test_any_text_may_be_typed_into_a_text() -> None:
    assert typing_check(item(ItemType.TEXT), "B3") == ""


UNUSUAL = {
    Range(): "",
    Range(low=0, high=95.5): "AND(ISNUMBER(C3),OR(C3<0,C3>95.5))",
    Range(low=18): "AND(ISNUMBER(C3),OR(C3<18))",
    Range(high=95): "AND(ISNUMBER(C3),OR(C3>95))",
}


@pytest.mark.parametrize(("usual", "formula"), UNUSUAL.items())
def test_what_is_outside_the_usual_is_marked(usual: Range, formula: str) -> None:
    assert unusual_check(item(ItemType.DECIMAL, expected_range=usual), "C3") == formula


def test_days_are_compared_as_the_texts_that_they_are() -> None:
    low = item(ItemType.DATE, expected_range=Range(low=DAY))
    assert unusual_check(low, "C3") == 'AND(LEN(C3)=10,OR(C3<"2025-01-31"))'
    high = item(ItemType.DATE, expected_range=Range(high=DAY))
    assert unusual_check(high, "C3") == 'AND(LEN(C3)=10,OR(C3>"2025-01-31"))'


@pytest.mark.parametrize(
    ("limits", "unit", "words"),
    [
        (Range(low=0, high=100), "mm", "0 to 100 mm"),
        (Range(low=18), "", "at least 18"),
        (Range(high=1.25), "kg", "at most 1.25 kg"),
        (Range(low=DAY), "", "at least 2025-01-31"),
        (Range(), "mm", ""),
    ],
)
def test_a_range_in_words(limits: Range, unit: str, words: str) -> None:
    assert range_words(limits, unit) == words
