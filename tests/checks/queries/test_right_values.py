"""A right value is judged as a cell of the data is: the same words, the labels understood."""

from dataclasses import replace
from datetime import date

import pytest

from tests.checks.query_trial import FORM
from trialkit.checks.queries.answer_files import AnswerRow
from trialkit.checks.queries.queries import CLEARED, Query
from trialkit.checks.queries.right_values import right_values, why_no_value_fits
from trialkit.protocol.trial.data_format import DataFormat, DateOrder
from trialkit.schemas.forms.forms import Item, Schemas
from trialkit.schemas.items.answers import ItemChoice, Range
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.reading.conditions import compiled

GERMAN = DataFormat(delimiter=";", decimal=",", dates=DateOrder.DMY)
ITEMS = (
    Item(id="vas", label="Pain", type=ItemType.DECIMAL, unit="mm", range=Range(low=0, high=100)),
    Item(
        id="better", label="Change", type=ItemType.CHOICE,
        choices=(ItemChoice(code="1", label="Better"), ItemChoice(code="2", label="Worse")),
    ),
    Item(id="seen", label="Seen on", type=ItemType.DATE, range=Range(low=date(2025, 1, 1))),
    Item(id="drug", label="Analgesic", type=ItemType.YES_NO, missing_codes=("ND",)),
)  # fmt: skip
SCHEMAS = Schemas(forms=compiled((replace(FORM, items=ITEMS, rules=()),), GERMAN), data=GERMAN)


def query(item: str, **changed: str) -> Query:
    plain = dict.fromkeys(
        ("asked", "severity", "site", "visit", "repeat", "label", "rule_id", "value",
         "missing_code", "grounds", "message", "opened_on", "asked_on"), ""
    )  # fmt: skip
    return Query(**{**plain, "query_key": "q1", "subject_id": "S1", "form": "pain", "item": item,
                    **changed})  # fmt: skip


def given(item: str, text: str, *, is_number: bool = False) -> tuple[str, str]:
    row = AnswerRow(
        place="row 2", query_key="q1", asked="", trial="", answer="corrected", reason="",
        answered_by="Ana", right_value=text, is_number=is_number,
    )  # fmt: skip
    found = right_values([row], {"q1": query(item)}, SCHEMAS)
    return found.texts.get(0, ""), "".join(found.complaints)


@pytest.mark.parametrize(
    ("item", "text", "held"),
    [
        ("vas", "41,5", "41,5"),
        ("vas", " ND ", "ND"),
        ("vas", "not done", "ND"),
        ("better", "2", "2"),
        ("better", "worse", "2"),
        ("seen", "2025-03-31", "31-03-2025"),
        ("seen", "31.03.2025", "31.03.2025"),
        ("drug", "Yes", "yes"),
        ("vas", "(BLANK)", CLEARED),
    ],
)
def test_what_is_meant_becomes_what_the_data_would_hold(item: str, text: str, held: str) -> None:
    assert given(item, text) == (held, "")


def test_a_number_of_a_spreadsheet_gets_the_decimal_sign_of_the_data() -> None:
    assert given("vas", "41.5", is_number=True) == ("41,5", "")


@pytest.mark.parametrize(
    ("item", "text", "words"),
    [
        ("vas", "forty", "row 2: Pain: 'forty' cannot be read as"),
        ("vas", "410", "row 2: Pain: 410 mm cannot be right; it must be from 0 to 100 mm."),
        ("better", "3", "row 2: Change: '3' is none of the choices 1 (Better), 2 (Worse)"),
        ("seen", "31.02.2025", "row 2: Seen on: '31.02.2025' cannot be read as"),
        ("seen", "2024-12-31", "cannot be right; it must be 2025-01-01 or later"),
        ("drug", "REF", "row 2: Analgesic: 'REF' cannot stand for the answer; the missing codes"),
    ],
)
def test_what_the_data_could_not_hold_is_refused_in_the_words_of_the_item(
    item: str, text: str, words: str
) -> None:
    held, complaint = given(item, text)
    assert held == ""
    assert words in complaint


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (query(""), "about a whole form"),
        (query("subject_id"), "about which row this is"),
        (query("vas", form="gone"), "no such form any more"),
        (query("reason", form="not_done"), "correct its line of not_done.csv"),
        (query("total"), "this answer is calculated"),
    ],
)
def test_where_no_value_can_be_written_the_site_is_told_what_to_do(
    asked: Query, words: str
) -> None:
    assert words in why_no_value_fits(asked, SCHEMAS)
    assert why_no_value_fits(query("vas"), SCHEMAS) == ""
