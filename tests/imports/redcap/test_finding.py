"""Which item a field in brackets means, seen from a form, and where it would mean another thing."""

import pytest

from tests.imports.redcap.fields import field
from trialkit.imports.redcap.answers import RedcapAnswer
from trialkit.imports.redcap.choices import Choice
from trialkit.imports.redcap.finding import Finder, Where
from trialkit.imports.redcap.items import DraftedItem
from trialkit.imports.redcap.layout import Layout, PlacedField
from trialkit.imports.redcap.logic import FieldName, read_logic
from trialkit.imports.taking_in.beyond import NotInTheFileError
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.item_types import ItemType

SEX = (Choice(code="F", label="F", raw="1"), Choice(code="2", label="M"))


def where(form: str, item: str, form_id: str = "", **more: object) -> Where:
    draft = DraftedItem(
        field=field(item, form), item=Item(id=f"{item}_item", label=item, type=ItemType.DECIMAL)
    )
    return Where(form=form, form_id=form_id or form, draft=draft, **more)


FIELDS = {
    "sex": Where(
        form="base",
        form_id="base",
        draft=DraftedItem(
            field=field("sex"), item=Item(id="sex", label="Sex", type=ItemType.CHOICE), choices=SEX
        ),
    ),
    "x": where("visits", "x"),
    "y": where("visits", "y"),
    "late": where("late", "late", "2late"),
    "drug": where("log", "drug"),
    "free": where("anywhere", "free"),
}


def placed(form: str, events: str, visits: str = "", *, repeating: bool = False) -> PlacedField:
    return PlacedField(
        form=form, events=tuple(events.split()), visits=tuple(visits.split()), repeating=repeating
    )


FORMS = (
    placed("base", "s_arm_1"),
    placed("visits", "s_arm_1 w_arm_1", "start W-6"),
    placed("late", "w_arm_1"),
    placed("log", "w_arm_1", repeating=True),
    placed("logs", "s_arm_1 w_arm_1", "start W-6", repeating=True),
    placed("anywhere", ""),
)
EVENTS = {"s_arm_1": "start", "w_arm_1": "W-6"}


def find(logic: str, form: str, events: dict[str, str] | None = None) -> RedcapAnswer:
    layout = Layout(placed={each.form: each for each in FORMS}, visit_of=events or EVENTS)
    name = read_logic(logic)
    assert isinstance(name, FieldName)
    return Finder(
        form=form, record_id="record_id", fields=FIELDS, layout=layout, others=frozenset({"shown"})
    )(name)


def test_an_answer_brings_its_type_and_its_choices() -> None:
    assert find("[sex]", "base") == RedcapAnswer(name="sex", type=ItemType.CHOICE, choices=SEX)
    assert find("[x]", "visits") == RedcapAnswer(name="x_item", type=ItemType.DECIMAL)
    assert find("[record_id]", "visits") == RedcapAnswer(name="subject_id", type=ItemType.TEXT)


NAMES = {
    # of the same form
    ("[x]", "visits"): "x_item",
    ("[x][current-instance]", "visits"): "x_item",
    ("[event-name][x]", "visits"): "x_item",
    ("[drug]", "log"): "drug_item",
    (
        "[drug][previous-instance]",
        "log",
    ): "IF(PREVIOUS(repeat) = repeat - 1, PREVIOUS(drug_item), NULL)",
    ("[current-instance]", "log"): "repeat",
    ("[record-name]", "log"): "subject_id",
    # of another form, at the same visit, or at the visit of this form's only event
    ("[x]", "logs"): "visits.x_item",
    ("[x]", "base"): "start.visits.x_item",
    ("[x]", "late"): '"W-6".visits.x_item',
    # a form that is asked at every event of this one, or at none
    ("[free]", "visits"): "anywhere.free_item",
    ("[sex]", "base"): "sex",
    # an event of its own
    ("[s_arm_1][x]", "visits"): "start.visits.x_item",
    ("[w_arm_1][x]", "base"): '"W-6".visits.x_item',
    ("[s_arm_1][sex]", "visits"): "base.sex",
    ("[s_arm_1][sex]", "base"): "sex",
    ("[w_arm_1][late]", "visits"): '"2late".late_item',
}


@pytest.mark.parametrize(("asked", "name"), NAMES.items())
def test_an_item_is_named_as_rules_of_that_form_name_it(asked: tuple[str, str], name: str) -> None:
    assert find(*asked).name == name


def test_the_event_at_hand_is_the_visit_of_the_row() -> None:
    found = find("[event-name]", "visits")
    assert found == RedcapAnswer(
        name="visit",
        type=ItemType.CHOICE,
        choices=(
            Choice(code="start", label="s_arm_1", raw="s_arm_1"),
            Choice(code="W-6", label="w_arm_1", raw="w_arm_1"),
        ),
    )


REFUSED = {
    ("[zzz]", "base"): "[zzz], which is no field of the dictionary",
    ("[shown]", "base"): "[shown], which is no field of the dictionary that holds data",
    ("[current-instance]", "visits"): "[current-instance], but visits does not repeat",
    ("[x][previous-instance]", "visits"): "[x][previous-instance], but visits does not repeat",
    ("[s_arm_1][record_id]", "base"): "which is no field of the dictionary",
    ("[x][2]", "visits"): "[x][2], an answer of another instance",
    ("[x][first-instance]", "visits"): "[x][first-instance], an answer of another instance",
    ("[event-name]", "base"): "[event-name], but no row of base says at which event it was",
    ("[drug]", "visits"): "[drug], but log has several rows for a participant",
    ("[sex]", "visits"): (
        "[sex], but base is not asked at w_arm_1, where REDCap takes it for blank; name the event "
        "it is asked at"
    ),
    ("[n_arm_1][x]", "visits"): "[n_arm_1][x], an event that neither the mapping nor an export has",
    ("[w_arm_1][sex]", "visits"): "[w_arm_1][sex], but base is not asked at w_arm_1",
    ("[w_arm_1][drug]", "visits"): "[w_arm_1][drug], but log has several rows for a participant",
}


@pytest.mark.parametrize(("asked", "why"), REFUSED.items())
def test_what_would_mean_another_thing_in_a_rule_is_refused(
    asked: tuple[str, str], why: str
) -> None:
    with pytest.raises(ExpressionError) as error:
        find(*asked)
    assert why in str(error.value)


def test_a_field_that_the_dictionary_lacks_is_told_apart() -> None:
    with pytest.raises(NotInTheFileError):
        find("[zzz]", "base")
    with pytest.raises(ExpressionError) as error:
        find("[shown]", "base")
    assert not isinstance(error.value, NotInTheFileError)


def test_of_two_arms_no_event_can_be_named() -> None:
    two = {**EVENTS, "s_arm_2": "start"}
    with pytest.raises(ExpressionError, match="but no row of visits says at which event it was"):
        find("[event-name]", "visits", two)
    with pytest.raises(ExpressionError, match="the event of one arm; visits are the same for all"):
        find("[s_arm_1][x]", "visits", two)
    # without a name it is the visit of the row all the same
    assert find("[x]", "visits", two).name == "x_item"
