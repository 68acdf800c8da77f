"""A choice filter says which choices go with which answers."""

import pytest

from tests.imports.xlsform.asked import TRANSLATOR
from trialkit.imports.xlsform.filters import filter_rule
from trialkit.imports.xlsform.survey import SurveyRow
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.answers import ItemChoice
from trialkit.schemas.items.item_types import ItemType

ROWS = [
    SurveyRow(number=0, cells={"name": name, "part": part})
    for name, part in (("p", "1"), ("q", "1"), ("r", "2"))
]


def item(kind: ItemType) -> Item:
    choices = tuple(ItemChoice(code=row["name"], label=row["name"]) for row in ROWS)
    return Item(id="z", label="Z", type=kind, choices=choices)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (
            ItemType.CHOICE, "part = ${c}",
            "(NOT z IN ('p', 'q') OR '1' = c) AND (NOT z IN ('r') OR '2' = c)",
        ),
        (
            ItemType.MULTI_CHOICE, "part = ${c}",
            "((NOT z__p AND NOT z__q) OR '1' = c) AND (NOT z__r OR '2' = c)",
        ),
        (ItemType.CHOICE, "part = '1' or ${n} > 3", "NOT z IN ('r') OR n > 3"),
        (ItemType.CHOICE, "part = '1'", "NOT z IN ('r')"),
        (ItemType.CHOICE, "selected(${s}, 'a')", "NOT z IN ('p', 'q', 'r') OR COALESCE(s__a, FALSE)"),
        (ItemType.CHOICE, "part = ${n} or part = 2", "NOT z IN ('p', 'q') OR 1 = n"),
        (ItemType.CHOICE, "true()", ""),
        (ItemType.TEXT, "part = '1'", "NOT z IN ('r')"),
        (ItemType.YES_NO, "part = '1'", "z <> 'r'"),
    ],
)  # fmt: skip
def test_each_choice_needs_the_answers_that_offer_it(
    kind: ItemType, text: str, expected: str
) -> None:
    assert filter_rule(text, ROWS, item(kind), TRANSLATOR) == expected


@pytest.mark.parametrize(
    ("kind", "text", "count", "why"),
    [
        (ItemType.CHOICE, "other = ${c}", 0, "are not in the form"),
        (ItemType.CHOICE, "other = ${c}", 1, "have no column other"),
        (ItemType.CHOICE, "part = 'x'", 1, "offers no choice for any answer"),
        (ItemType.DATE, "part = '10'", 1, "is no choice here"),
        (ItemType.CHOICE, "part = ${c}", 100, "more than a rule can list"),
    ],
)
def test_what_no_rule_can_say_is_told(kind: ItemType, text: str, count: int, why: str) -> None:
    rows = [
        SurveyRow(number=0, cells={"name": f"{row['name']}{n}", "part": f"{row['part']}{n}"})
        for n in range(count)
        for row in ROWS
    ]
    with pytest.raises(ExpressionError, match=why):
        filter_rule(text, rows, item(kind), TRANSLATOR)


def test_choices_of_a_file_that_is_not_there_may_all_be_offered() -> None:
    assert filter_rule("true()", [], item(ItemType.TEXT), TRANSLATOR) == ""
