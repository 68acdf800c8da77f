"""Which rows there are of a form that asks for several at a visit."""

from dataclasses import replace

from trialkit.design.simulation.entry_rows import rows_told_apart
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item
from trialkit.schemas.items.answers import ItemChoice
from trialkit.schemas.items.item_types import ItemType


def test_rows_that_are_told_apart_are_all_made_up() -> None:
    sides = (ItemChoice(code="l", label="Left"), ItemChoice(code="r", label="Right"))
    form = Form(
        id="scan", title="scan", kind=FormKind.ASSESSMENT, expected=Expected.RANDOMISED,
        visits=("BL",), repeating=True, rules=(), file="", sha256="",
        one_row_for=("side", "contracted"),
        items=(
            Item(id="side", label="side", type=ItemType.CHOICE, choices=sides, required=True),
            Item(id="contracted", label="contracted", type=ItemType.YES_NO, required=True),
        ),
    )  # fmt: skip
    assert rows_told_apart(form) == [
        {"side": side, "contracted": contracted} for side in "lr" for contracted in (True, False)
    ]
    assert rows_told_apart(replace(form, one_row_for=())) == [{}]
