"""A condition on paper is said in labels and answers, and no word of its source is printed."""

import pytest

from trialkit.pages.condition_words import ASK, condition_words
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item
from trialkit.schemas.items.answers import ItemChoice
from trialkit.schemas.items.item_types import ItemType


def item(item_id: str, label: str, kind: ItemType, **choices: str) -> Item:
    listed = tuple(ItemChoice(code=code, label=text) for code, text in choices.items())
    return Item(id=item_id, label=label, type=kind, choices=listed)


def form(form_id: str, title: str, *items: Item, visits: tuple[str, ...] = ()) -> Form:
    return Form(
        id=form_id, title=title, kind=FormKind.OTHER, expected=Expected.AS_NEEDED, visits=visits,
        repeating=False, items=items, rules=(), file="", sha256="",
    )  # fmt: skip


PAIN = form(
    "pain", "Pain",
    item("vas", "Pain now", ItemType.INTEGER),
    item("worst", "Worst pain", ItemType.INTEGER),
    item("drug", "Painkiller taken", ItemType.YES_NO),
    item("side", "Side", ItemType.CHOICE, l="Left", r="Right", b="Both"),
    item("grade", "Grade", ItemType.CHOICE, **{"1": "Low", "2": "High"}),
    item("why", "Reasons", ItemType.MULTI_CHOICE, work="Work", ill="Illness"),
    item("began", "First day", ItemType.DATE),
    item("words", "In words", ItemType.TEXT),
    visits=("BL", "W6"),
)  # fmt: skip
PEOPLE = form("people", "Demographics", item("sex", "Sex", ItemType.CHOICE, f="Female", m="Male"))
FORMS = {each.id: each for each in (PAIN, PEOPLE)}
VISITS = {"BL": "Baseline", "W6": "After 6 weeks"}

SAID = {
    "": "",
    "drug = TRUE": "“Painkiller taken” is “Yes”",
    "drug": "“Painkiller taken” is “Yes”",
    "NOT drug": "“Painkiller taken” is “No”",
    "COALESCE(drug = 'yes', FALSE)": "“Painkiller taken” is “Yes”",
    "side = 'l'": "“Side” is “Left”",
    "COALESCE(side <> 'l', TRUE)": "“Side” is not “Left”",
    "NOT (side = 'l')": "“Side” is not “Left”",
    "side IN ('l', 'r')": "“Side” is “Left” or “Right”",
    "side NOT IN ('l', 'r', 'b')": "“Side” is not “Left”, “Right” or “Both”",
    "side IS NULL": "“Side” is not answered",
    "side IS NOT NULL": "“Side” is answered",
    "vas > 3": "“Pain now” is more than 3",
    "3 < vas": "“Pain now” is more than 3",
    "vas BETWEEN 1 AND 5": "“Pain now” is from 1 to 5",
    "NOT (vas >= 3)": "“Pain now” is less than 3",
    "worst - vas >= 2": "“Worst pain” − “Pain now” is at least 2",
    "(worst + vas) / 2 > 4": "(“Worst pain” + “Pain now”) ÷ 2 is more than 4",
    "TO_NUMBER(grade) >= 2": "“Grade” is at least 2",
    "why__ill": "“Reasons” includes “Illness”",
    "NOT COALESCE(why__ill, FALSE)": "“Reasons” does not include “Illness”",
    "why__count >= 2": "the number of answers chosen in “Reasons” is at least 2",
    "began > '2025-01-31'": "“First day” is after 2025-01-31",
    "visit = 'W6'": "the visit is “After 6 weeks”",
    "people.sex = 'f'": "“Sex” on “Demographics” is “Female”",
    "BL.pain.vas > 3": "“Pain now” at Baseline is more than 3",
    "drug = TRUE AND vas > 3 AND side = 'l'": (
        "“Painkiller taken” is “Yes” and “Pain now” is more than 3 and “Side” is “Left”"
    ),
    "drug = TRUE AND (vas > 3 OR side = 'l')": (
        "“Painkiller taken” is “Yes” and (“Pain now” is more than 3 or “Side” is “Left”)"
    ),
    "COALESCE(side = 'l', FALSE) OR vas > 3 OR COALESCE(side = 'r', FALSE)": (
        "(“Side” is “Left” or “Right”) or “Pain now” is more than 3"
    ),
    "NOT (side = 'l' OR side = 'r')": "“Side” is not “Left” or “Right”",
    "NOT (drug = TRUE OR vas > 3)": "“Painkiller taken” is “No” and “Pain now” is at most 3",
    "CONTAINS(words, 'back')": "“In words” contains “back”",
    "MATCHES(words, '[A-Z]+')": "“In words” has the form that is asked for",
}


@pytest.mark.parametrize("condition", SAID)
def test_a_condition_is_said_in_labels_and_answers(condition: str) -> None:
    assert condition_words(condition, PAIN, FORMS, VISITS) == SAID[condition]


@pytest.mark.parametrize(
    "condition", ["unknown = 1", "vas >", "vas__missing = 'ND'", "NOT (CONTAINS(words, 'a'))"]
)
def test_what_cannot_be_said_is_to_be_asked_for(condition: str) -> None:
    assert condition_words(condition, PAIN, FORMS, VISITS) == ASK
