"""A hidden sheet of a workbook whose columns its drop-downs offer; lists that are alike share one."""

from openpyxl.utils.cell import absolute_coordinate, get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.workbook import Workbook

from trialkit.files.workbook_writing import put_exactly

LISTS = "Lists"


class OfferedLists:
    """The hidden sheet, filled as lists are asked for."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._sheet = workbook.create_sheet(LISTS)
        self._sheet.sheet_state = "hidden"
        self._columns: dict[tuple[str, ...], str] = {}

    def area(self, answers: tuple[str, ...], *, head: str) -> str:
        """The cells that list these answers."""
        if answers not in self._columns:
            number = len(self._columns) + 1
            column = get_column_letter(number)
            for row, text in enumerate((head, *answers), start=1):
                put_exactly(self._sheet.cell(row, number), text)
            last = max(len(answers) + 1, 2)
            area = absolute_coordinate(f"{column}2:{column}{last}")
            self._columns[answers] = f"{LISTS}!{area}"
        return self._columns[answers]

    def name(self, answers: tuple[str, ...], *, head: str, name: str = "") -> str:
        """A defined name of these cells: a formula may find it by what stands in another cell."""
        area = self.area(answers, head=head)
        name = name or f"list_{list(self._columns).index(answers) + 1}"
        if name not in self._workbook.defined_names:
            self._workbook.defined_names[name] = DefinedName(name, attr_text=area)
        return name

    def move_to_the_end(self) -> None:
        """Put the sheet behind all others."""
        sheets = self._workbook.sheetnames
        self._workbook.move_sheet(LISTS, len(sheets) - 1 - sheets.index(LISTS))
