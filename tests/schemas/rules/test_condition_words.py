"""A condition on paper is said in labels and answers, and no word of its source is printed."""

from dataclasses import replace

import pytest

from trialkit.protocol.trial.data_format import DataFormat
from trialkit.protocol.trial.visits import Visit
from trialkit.schemas.forms.expressions import Kind, Reference
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Purpose, Schemas
from trialkit.schemas.items.answers import ItemChoice
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.reading.conditions import compiled
from trialkit.schemas.rules.condition_words import (
    ASK,
    condition_words,
    items_in_words,
    words_of_a_finding,
)


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
SCHEMAS = Schemas(
    forms=(PAIN, PEOPLE),
    data=DataFormat(),
    visits=(
        Visit(code="BL", label="Baseline", target_day=0),
        Visit(code="W6", label="After 6 weeks", target_day=42),
    ),
)

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
    "began < today": "“First day” is before today",
    "entry_day - began < 7": "the day on which this is filled in − “First day” is less than 7",
    "cut >= '2025-01-31'": "the data cut is no earlier than 2025-01-31",
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
    assert condition_words(condition, PAIN, SCHEMAS) == SAID[condition]


@pytest.mark.parametrize(
    "condition", ["unknown = 1", "vas >", "vas__missing = 'ND'", "NOT (CONTAINS(words, 'a'))"]
)
def test_what_cannot_be_said_is_to_be_asked_for(condition: str) -> None:
    assert condition_words(condition, PAIN, SCHEMAS) == ASK


def test_what_has_no_words_is_said_as_the_caller_likes() -> None:
    assert (
        condition_words("vas__missing = 'ND'", PAIN, SCHEMAS, otherwise="as stated") == "as stated"
    )


def with_conditions(*conditions: str) -> tuple[Form, Schemas]:
    items = tuple(
        replace(item(f"x{number}", "X", ItemType.TEXT), shown_when=each)
        for number, each in enumerate(conditions)
    )
    arm = replace(item("arm", "Arm", ItemType.TEXT), purpose=Purpose.ARM)
    forms = compiled(
        (replace(PAIN, items=(*PAIN.items, *items)), form("randomised", "Randomisation", arm)),
        DataFormat(),
    )
    return forms[0], replace(SCHEMAS, forms=forms)


def test_a_finding_says_its_condition_but_not_one_that_tells_the_arm() -> None:
    plain, arm = "drug = TRUE", "drug = TRUE AND randomised.arm = 'EG'"
    read, schemas = with_conditions(plain, arm)

    assert words_of_a_finding(plain, read, schemas) == "“Painkiller taken” is “Yes”"
    assert words_of_a_finding(arm, read, schemas) == ""
    assert words_of_a_finding("", read, schemas) == ""


def test_what_a_number_is_reckoned_from_is_told_by_labels_and_the_first_of_many() -> None:
    own = [Reference(form="pain", item=each.id, kind=Kind.NUMBER) for each in PAIN.items]
    sex = Reference(form="people", item="sex", kind=Kind.TEXT, code=True)
    then = Reference(form="pain", item="vas", visit="BL", kind=Kind.NUMBER)

    assert items_in_words([], PAIN, SCHEMAS) == ""
    assert items_in_words([own[0], own[0]], PAIN, SCHEMAS) == "“Pain now”"
    assert items_in_words([own[1], then, sex], PAIN, SCHEMAS) == (
        "“Worst pain”, “Pain now” at Baseline and “Sex” on “Demographics”"
    )
    assert items_in_words(own[:7], PAIN, SCHEMAS) == (
        "“Pain now”, “Worst pain”, “Painkiller taken”, “Side”, “Grade” and 2 more"
    )
    assert items_in_words(own[:6], PAIN, SCHEMAS).endswith("“Grade” and “Reasons”")
