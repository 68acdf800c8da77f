"""The cells for right values: what a list offers there, and what turns red while somebody types.

A site sorts and filters its rows. What a cell takes therefore stands in its row, from where the
drop-down and the colours read it, and not in the cell's place on the sheet.
"""

from dataclasses import dataclass

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles.fills import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from trialkit.checks.queries.queries import CLEARED
from trialkit.files.workbook_lists import OfferedLists
from trialkit.schemas.forms.forms import Item, Schemas
from trialkit.schemas.items.kind import TypingCheck
from trialkit.schemas.values.offered import offered
from trialkit.schemas.values.typing_checks import MISSING_CODES, range_words, shape_check

_STRANGE = PatternFill("solid", bgColor="F6C9C3")
_SHOWN = 8
"""How many choices are told beside the cell; the list offers all of them."""
_CHECKED = (
    TypingCheck.WHOLE,
    TypingCheck.NUMBER,
    TypingCheck.DATE,
    TypingCheck.PARTIAL_DATE,
    TypingCheck.TIME,
    TypingCheck.DATE_TIME,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """What a right value of an item may be."""

    how: str
    """In words, for whoever writes it."""
    choices: str
    """The name of the cells that list the answers; empty where anything may be written."""
    kind: str
    """What colours the cell when something else is written."""


_NO_VALUE = Answering(how="say in the reason what is right", choices="", kind="")


class RightValueCells:
    """What right values may be, by form and item."""

    def __init__(self, schemas: Schemas, lists: OfferedLists) -> None:
        self._codes = schemas.data.all_missing_codes
        self._lists = lists
        self._items = {(form.id, item.id): item for form in schemas.forms for item in form.asked}
        self._known: dict[tuple[str, str], Answering] = {}
        codes = tuple(code.code for code in self._codes)
        lists.name(codes, head="missing codes", name=MISSING_CODES)

    def of(self, form: str, item: str) -> Answering:
        """What a right value of an item may be; of a whole form, a key or a sum there is none."""
        place = (form, item)
        if place not in self._known:
            asked = self._items.get(place)
            self._known[place] = _NO_VALUE if asked is None else self._answering(asked)
        return self._known[place]

    def _answering(self, item: Item) -> Answering:
        words = offered(item, self._codes)
        if item.kind.typing is TypingCheck.LISTED:
            answers = tuple(words)
            name = self._lists.name((*answers, CLEARED), head=item.label)
            more = len(answers) - _SHOWN
            listed = "; ".join(answers[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")
            return Answering(how=listed, choices=name, kind=item.kind.typing.name)
        limits = range_words(item.range, item.unit)
        how = ", ".join(filter(None, (item.kind.to_enter, limits)))
        if any(item.allows(code.code) for code in self._codes):
            how += "; or the code of the reason why there is no value"
        return Answering(how=how, choices="", kind=item.kind.typing.name)


def check_right_values(
    sheet: Worksheet, area: str, column: str, *, choices: str, kind: str
) -> None:
    """Offer the choices of each row, and colour what is no value of its kind.

    ``choices`` and ``kind`` are the columns that say for each row what it takes.
    """
    offers = DataValidation(
        type="list",
        formula1=f"INDIRECT(${choices}2)",
        allow_blank=True,
        showErrorMessage=False,
        showInputMessage=True,
        promptTitle="Right value",
        prompt="What should stand in the data, where the answer is corrected. The column "
        f"'how to write it' says what may stand there; {CLEARED} if nothing should.",
    )
    offers.add(area)
    sheet.add_data_validation(offers)
    cell = f"${column}2"
    for check in _CHECKED:
        is_one = shape_check(check, cell)
        formula = f'AND(${kind}2="{check.name}",TRIM({cell})<>"",{cell}<>"{CLEARED}",NOT({is_one}))'
        sheet.conditional_formatting.add(area, FormulaRule(formula=[formula], fill=_STRANGE))
