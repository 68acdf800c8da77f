"""What is worked out takes its type from what it gives, those first that others follow from."""

from trialkit.imports.xlsform.drafts import DraftedSurvey, DraftForm
from trialkit.imports.xlsform.finding import places_of
from trialkit.imports.xlsform.settling import KEPT, kept, settle
from trialkit.imports.xlsform.survey import SurveyRow
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.item_types import ItemType


def settled(**calculations: str) -> dict[str, Item]:
    asked = Item(id="day", label="Day", type=ItemType.DATE)
    row = SurveyRow(number=2, cells={"type": "date", "name": "day"})
    drafted = [DraftedSurvey(row=row, place=("day",), item=asked)]
    for name, text in calculations.items():
        item = Item(id=name, label=name, type=ItemType.CALCULATED)
        cells = {"type": "calculate", "name": name, "calculation": text}
        row = SurveyRow(number=3, cells=cells)
        drafted.append(DraftedSurvey(row=row, place=(name,), item=item))
    draft = DraftForm(name="diary", title="Diary", repeating=False, drafted=drafted)
    settle([draft], places_of([draft]), {})
    return {each.item.id: each.item for each in draft.drafted}


def test_a_type_follows_from_what_comes_before_in_whatever_order() -> None:
    found = settled(c="${b} - ${day}", b="${a}", a="${day} + 7")
    assert [found[each].type for each in "abc"] == [
        ItemType.DATE, ItemType.DATE, ItemType.CALCULATED,
    ]  # fmt: skip
    assert (found["a"].note, found["c"].note) == (KEPT, "")


def test_what_cannot_be_said_has_the_type_of_its_outermost_part() -> None:
    found = settled(
        a="random() * 2", b="uuid()", c="pulldata('a') > 3", d="if(uuid() = 'a', 1, 2)",
        e="if(uuid() = 'a', 1, 'b')", f="not an expression", g="-random()",
    )  # fmt: skip
    assert [found[each].type.value for each in "abcdefg"] == [
        "decimal", "text", "yes_no", "decimal", "text", "text", "decimal",
    ]  # fmt: skip


def test_a_circle_is_left_as_it_is() -> None:
    found = settled(a="${b} + 1", b="${a} + 1", c="${c} + 1")
    assert {each.type for each in list(found.values())[1:]} == {ItemType.DECIMAL}


def test_a_number_that_cannot_be_worked_out_here_is_kept() -> None:
    item = Item(id="a", label="A", type=ItemType.CALCULATED, calculation="q")
    assert kept(item) == Item(id="a", label="A", type=ItemType.DECIMAL, note=KEPT)
    asked = Item(id="a", label="A", type=ItemType.TEXT)
    assert kept(asked) is asked
