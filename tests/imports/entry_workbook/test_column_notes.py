"""What a column of an entry workbook says of itself."""

from tests.miniature import protocol
from trialkit.imports.entry_workbook.column_notes import column_note, key_note, prompt
from trialkit.protocol.trial.data_format import MissingCode
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item
from trialkit.schemas.items.answers import ItemChoice, Range
from trialkit.schemas.items.item_types import ItemType

CODES = (MissingCode(code="ND", label="not done"), MissingCode(code="NA", label="not applicable"))
SIDE = Item(
    id="side", label="Side", type=ItemType.CHOICE,
    choices=(ItemChoice(code="l", label="Left"), ItemChoice(code="r", label="Right")),
)  # fmt: skip
PAIN = Item(
    id="vas", label="Pain", note="Now.", type=ItemType.DECIMAL, unit="mm",
    range=Range(low=0, high=100), expected_range=Range(high=95.5), required=True,
    required_when="a > 1", shown_when="b > 2", missing_codes=("NA",),
)  # fmt: skip


def test_while_somebody_types_the_way_and_the_choices_are_shown() -> None:
    assert prompt(PAIN) == "a number, 0 to 100 mm"
    assert prompt(SIDE).splitlines()[1:] == ["l = Left", "r = Right"]
    assert prompt(Item(id="n", label="N", type=ItemType.INTEGER)) == "a whole number"


def test_a_note_has_everything_in_order() -> None:
    assert column_note(PAIN, CODES).splitlines() == [
        "Pain",
        "Now.",
        "Enter a number, 0 to 100 mm.",
        "Usual: at most 95.5 mm.",
        "Must be answered.",
        "Must be answered when a > 1",
        "Only when b > 2",
        "If there is no value: NA not applicable.",
    ]
    side = column_note(SIDE, CODES).splitlines()
    assert side[0] == "Side"
    assert side[2:] == [
        "l = Left",
        "r = Right",
        "If there is no value: ND not done, NA not applicable.",
    ]
    assert len(column_note(SIDE, ()).splitlines()) == 4


def test_a_key_says_what_it_is() -> None:
    form = Form(
        id="log", title="Log", kind=FormKind.OTHER, expected=Expected.AS_NEEDED,
        visits=("W6", "X"), repeating=True, items=(), rules=(), file="", sha256="",
    )  # fmt: skip
    assert "007 stays 007" in key_note("subject_id", form, protocol())
    assert key_note("visit", form, protocol()) == "One of the visits\nW6 = Week 6\nX = X"
    assert key_note("repeat", form, protocol()) == (
        "1 for the participant's first row of 'Log', 2 for the second, and so on."
    )
