"""What a right value may be stands in the row itself: sorting and filtering change nothing of it."""

from dataclasses import replace

from openpyxl import Workbook

from tests.checks.query_trial import FORM
from trialkit.checks.listings.right_value_cells import RightValueCells, check_right_values
from trialkit.files.workbook_lists import LISTS, OfferedLists
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Item, Schemas
from trialkit.schemas.items.answers import ItemChoice, Range
from trialkit.schemas.items.item_types import ItemType

SIDES = (ItemChoice(code="1", label="Left"), ItemChoice(code="2", label="Right"))
ITEMS = (
    Item(id="vas", label="Pain", type=ItemType.DECIMAL, unit="mm", range=Range(low=0, high=100)),
    Item(id="side", label="Side", type=ItemType.CHOICE, choices=SIDES, missing_codes=("ND",)),
    Item(id="other", label="Other side", type=ItemType.CHOICE, choices=SIDES, missing_codes=("ND",)),
    Item(id="day", label="Day", type=ItemType.DATE, missing_codes=()),
)  # fmt: skip
SCHEMAS = Schemas(forms=(replace(FORM, items=ITEMS, rules=()),), data=DataFormat())


def answers() -> tuple[Workbook, RightValueCells]:
    book = Workbook()
    return book, RightValueCells(SCHEMAS, OfferedLists(book))


def test_choices_are_offered_by_their_labels_and_lists_that_are_alike_are_one() -> None:
    book, known = answers()

    side, other = known.of("pain", "side"), known.of("pain", "other")

    assert side.how == "Left; Right; not done"
    assert (side.choices, side.kind) == (other.choices, "LISTED")
    area = book.defined_names[side.choices].attr_text
    column = area.split("$")[1]
    offered = [cell.value for cell in book[LISTS][column] if cell.value]
    assert offered == ["Side", "Left", "Right", "not done", "(blank)"]


def test_what_is_typed_is_told_in_words() -> None:
    _, known = answers()

    assert known.of("pain", "vas").how.endswith(
        ", 0 to 100 mm; or the code of the reason why there is no value"
    )
    assert known.of("pain", "day").how == "a date as 2025-03-31"
    assert known.of("pain", "day").kind == "DATE"


def test_where_no_single_value_is_asked_about_none_can_be_chosen() -> None:
    _, known = answers()

    for place in (("pain", ""), ("pain", "subject_id"), ("gone", "vas")):
        assert known.of(*place).how == "say in the reason what is right"
        assert known.of(*place).choices == known.of(*place).kind == ""


def test_the_drop_down_and_the_colours_read_their_own_row() -> None:
    sheet = Workbook().active

    check_right_values(sheet, "J2:J9", "J", choices="Y", kind="Z")

    (check,) = sheet.data_validations.dataValidation
    assert (check.formula1, str(check.sqref)) == ("INDIRECT($Y2)", "J2:J9")
    formulas = [
        rule.formula[0]
        for area in sheet.conditional_formatting
        for rule in sheet.conditional_formatting[area]
    ]
    assert any(
        formula.startswith('AND($Z2="DATE",TRIM($J2)<>"",$J2<>"(blank)",NOT(')
        for formula in formulas
    )
    assert len(formulas) == 6
