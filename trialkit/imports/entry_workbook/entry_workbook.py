"""A workbook to type data into: one sheet a form, checked while typing, and imported again.

What is typed stays what it was: identifiers, dates and codes are texts, so that 007 is not 7 and
3-4 no day in April. The second row of a sheet names its columns for the import; the first says
what they are.
"""

from collections.abc import Mapping, Sequence
from math import isfinite

from openpyxl.cell.cell import Cell
from openpyxl.comments.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles.alignment import Alignment
from openpyxl.styles.borders import Border, Side
from openpyxl.styles.fills import PatternFill
from openpyxl.styles.fonts import Font
from openpyxl.utils.cell import get_column_letter
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from trialkit.files.workbook_lists import OfferedLists
from trialkit.files.workbook_writing import put_exactly, set_up_printing, workbook_bytes
from trialkit.imports.entry_workbook.as_it_was import COLUMN
from trialkit.imports.entry_workbook.column_notes import column_note, key_note, prompt
from trialkit.imports.entry_workbook.instructions import instructions
from trialkit.imports.entry_workbook.sheet_names import INSTRUCTIONS, sheet_names
from trialkit.imports.entry_workbook.shown_rows import ShownRow, items_to_enter
from trialkit.protocol.trial.data_format import DataFormat, MissingCode
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Form, Item, Schemas
from trialkit.schemas.items.kind import TypingCheck
from trialkit.schemas.values.offered import offered
from trialkit.schemas.values.typing_checks import MISSING_CODES, typing_check, unusual_check

LABELS, IDS, FIRST = 1, 2, 3
"""The rows with the labels and the names of the columns, and the first row to type into."""
CHECKED_ROWS = 5000
_TEXT, _GENERAL = "@", "General"
_KEY_LABELS = {"subject_id": "Participant", "visit": "Visit", "repeat": "Number"}
_HEAD = PatternFill("solid", fgColor="1F3A5F")
_KEY_HEAD = PatternFill("solid", fgColor="5B6B7F")
_NAMES = PatternFill("solid", fgColor="E8ECF1")
_UNUSUAL = PatternFill("solid", bgColor="FFE29A")
_LINE = Border(bottom=Side(style="thin", color="9AA5B1"))


def entry_workbook(
    protocol: Protocol, schemas: Schemas, rows: Mapping[str, Sequence[ShownRow]]
) -> bytes:
    """The ``.xlsx`` file for the forms of a trial, the same bytes each time.

    ``rows`` has by form those that are there and those to hold ready.
    """
    workbook = Workbook()
    front = workbook.active
    names = sheet_names(schemas.forms)
    _write_instructions(front, protocol, schemas, names)
    sheets = {form.id: workbook.create_sheet(names[form.id]) for form in schemas.forms}
    lists = OfferedLists(workbook)
    codes = schemas.data.all_missing_codes
    lists.name(tuple(code.code for code in codes), head="missing codes", name=MISSING_CODES)
    for form in schemas.forms:
        _write_form(
            sheets[form.id],
            form,
            protocol=protocol,
            lists=lists,
            data=schemas.data,
            rows=rows.get(form.id, ()),
        )
    return workbook_bytes(workbook)


def _write_form(
    sheet: Worksheet,
    form: Form,
    *,
    protocol: Protocol,
    lists: OfferedLists,
    data: DataFormat,
    rows: Sequence[ShownRow],
) -> None:
    for number, key in enumerate(form.key, start=1):
        _write_key(sheet, number, key, form=form, protocol=protocol, lists=lists)
    items = items_to_enter(form)
    for number, item in enumerate(items, start=len(form.key) + 1):
        _write_item(sheet, number, item, lists, data.all_missing_codes)
    last = len(form.key) + len(items) + 1
    _write_head(sheet, last, "As it was (leave it)", COLUMN, fill=_KEY_HEAD, width=14)
    sheet.column_dimensions[get_column_letter(last)].hidden = True
    _write_rows(sheet, rows, form.key, items, data)
    sheet.row_dimensions[LABELS].height = 48
    sheet.freeze_panes = sheet.cell(FIRST, len(form.key) + 1)
    set_up_printing(sheet, heads=f"{LABELS}:{IDS}")


def _write_rows(
    sheet: Worksheet,
    rows: Sequence[ShownRow],
    keys: Sequence[str],
    items: Sequence[Item],
    data: DataFormat,
) -> None:
    """The rows: labels where a list offers them, numbers as the spreadsheet has them."""
    words = {
        item.id: {code: text for text, code in offered(item, data.all_missing_codes).items()}
        for item in items
        if item.kind.typing is TypingCheck.LISTED
    }
    numbers = {item.id for item in items if item.kind.typing.is_number}
    columns = [*keys, *(item.id for item in items)]
    for line, row in enumerate(rows, start=FIRST):
        for number, name in enumerate(columns, start=1):
            text = row.texts.get(name, "")
            if not text.strip():
                continue
            cell = sheet.cell(line, number)
            value = _number(text, data) if name in numbers else None
            if value is None:
                put_exactly(cell, words.get(name, {}).get(text.strip(), text))
            else:
                cell.value = value
        if row.as_it_was:
            put_exactly(sheet.cell(line, len(columns) + 1), row.as_it_was)


def _number(text: str, data: DataFormat) -> int | float | None:
    """The number of a text, where a spreadsheet holds it to the last digit."""
    try:
        number = float(text.strip().replace(data.decimal, "."))
    except ValueError:
        return None
    if not isfinite(number) or float(f"{number:.15g}") != number:
        return None
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _write_key(
    sheet: Worksheet, number: int, key: str, *, form: Form, protocol: Protocol, lists: OfferedLists
) -> None:
    _write_head(sheet, number, _KEY_LABELS[key], key, fill=_KEY_HEAD, width=14)
    note = key_note(key, form, protocol)
    _add_note(sheet.cell(LABELS, number), note)
    kind = _GENERAL if key == "repeat" else _TEXT
    sheet.column_dimensions[get_column_letter(number)].number_format = kind
    cell = _first(number)
    if key == "visit":
        area = lists.area(form.visits, head=f"visits of {form.id}")
        check = DataValidation(type="list", formula1=area, allow_blank=True)
    elif key == "repeat":
        formula = f"AND(ISNUMBER({cell}),{cell}=INT({cell}),{cell}>0)"
        check = DataValidation(type="custom", formula1=formula, allow_blank=True)
    else:
        formula = f"LEN(TRIM({cell}))=LEN({cell})"
        check = DataValidation(type="custom", formula1=formula, allow_blank=True)
    _add_check(sheet, check, number, title=key, prompt_text=note)


def _write_item(
    sheet: Worksheet, number: int, item: Item, lists: OfferedLists, codes: Sequence[MissingCode]
) -> None:
    label = f"{item.label} ({item.unit})" if item.unit else item.label
    _write_head(sheet, number, label, item.id, fill=_HEAD, width=min(max(14, len(label) / 2), 30))
    _add_note(sheet.cell(LABELS, number), column_note(item, codes))
    kind = _GENERAL if item.kind.typing.is_number else _TEXT
    sheet.column_dimensions[get_column_letter(number)].number_format = kind
    check = _check(item, _first(number), lists, codes)
    if check is not None:
        _add_check(sheet, check, number, title=item.id, prompt_text=prompt(item))
    unusual = unusual_check(item, _first(number))
    if unusual:
        sheet.conditional_formatting.add(
            _area(number), FormulaRule(formula=[unusual], fill=_UNUSUAL)
        )


def _check(
    item: Item, cell: str, lists: OfferedLists, codes: Sequence[MissingCode]
) -> DataValidation | None:
    """What the spreadsheet refuses while somebody types; None where anything may be typed."""
    if item.kind.typing is TypingCheck.LISTED:
        area = lists.area(
            tuple(offered(item, codes)), head=item.id if item.choices else item.kind.to_enter
        )
        return DataValidation(type="list", formula1=area, allow_blank=True)
    formula = typing_check(item, cell)
    if not formula:
        return None
    return DataValidation(type="custom", formula1=formula, allow_blank=True)


def _add_check(
    sheet: Worksheet, check: DataValidation, number: int, *, title: str, prompt_text: str
) -> None:
    check.showErrorMessage = check.showInputMessage = True
    check.errorTitle = check.promptTitle = title[:32]
    check.error = _cut(f"Not an answer to this question. {prompt_text}")
    check.prompt = _cut(prompt_text)
    check.add(_area(number))
    sheet.add_data_validation(check)


def _cut(text: str) -> str:
    """A text as long as Excel shows."""
    return text if len(text) <= 225 else f"{text[:222]}..."


def _first(number: int) -> str:
    return f"{get_column_letter(number)}{FIRST}"


def _area(number: int) -> str:
    column = get_column_letter(number)
    return f"{column}{FIRST}:{column}{FIRST + CHECKED_ROWS - 1}"


def _write_head(
    sheet: Worksheet, number: int, label: str, name: str, *, fill: PatternFill, width: float
) -> None:
    head, below = sheet.cell(LABELS, number), sheet.cell(IDS, number)
    put_exactly(head, label)
    put_exactly(below, name)
    head.font, head.fill = Font(bold=True, color="FFFFFF"), fill
    head.alignment = Alignment(wrap_text=True, vertical="center")
    below.font, below.fill, below.border = Font(size=9, color="44505C"), _NAMES, _LINE
    sheet.column_dimensions[get_column_letter(number)].width = width


def _add_note(cell: Cell, text: str) -> None:
    comment = Comment(text, "trialkit")
    comment.width, comment.height = 320, 20 + 18 * (text.count("\n") + 1 + len(text) // 55)
    cell.comment = comment


def _write_instructions(
    sheet: Worksheet, protocol: Protocol, schemas: Schemas, names: Mapping[str, str]
) -> None:
    sheet.title = INSTRUCTIONS
    for row, line in enumerate(instructions(protocol, schemas, names), start=1):
        for number, text in enumerate(line.cells, start=1):
            cell = sheet.cell(row, number)
            put_exactly(cell, text)
            cell.alignment = Alignment(wrap_text=number > 1, vertical="top")
            cell.font = Font(bold=line.heading, size=16 if row == 1 else 11)
    for column, width in zip("ABC", (22, 60, 40), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.sheet_view.showGridLines = False
