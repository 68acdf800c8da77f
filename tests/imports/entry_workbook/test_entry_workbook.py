import csv
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tests.conftest import EXAMPLE
from tests.imports.books import book, sheet, texts
from tests.signed import SIGNED
from trialkit.errors import DataFileError, ProtocolError
from trialkit.imports.entry_workbook.as_it_was import COLUMN
from trialkit.imports.entry_workbook.entry_workbook import FIRST, entry_workbook
from trialkit.imports.entry_workbook.from_workbook import from_workbook
from trialkit.imports.entry_workbook.settling import settled
from trialkit.imports.entry_workbook.sheet_names import sheet_names
from trialkit.imports.entry_workbook.shown_rows import shown_rows
from trialkit.imports.taking_in.difference import difference
from trialkit.imports.taking_in.writing import write_import
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.forms.secrecy import secret_items
from trialkit.schemas.items.answers import Range
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.values.typing_checks import typing_check, unusual_check
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import OpenedTrial
from trialkit.steps.validating import validate


@pytest.fixture
def trial(tmp_path: Path) -> OpenedTrial:
    for name in ("forms", "data"):
        shutil.copytree(EXAMPLE / name, tmp_path / "trial" / name)
    for name in ("protocol.toml", "references.bib"):
        shutil.copy(EXAMPLE / name, tmp_path / "trial")
    return open_trial(tmp_path / "trial")


def empty(trial: OpenedTrial, *forms: str) -> None:
    """Leave the header alone of some forms' data, or of all."""
    for form in trial.schemas.forms:
        if form.id in forms or not forms:
            path = trial.folder / "data" / f"{form.id}.csv"
            path.write_text(path.read_text().splitlines()[0] + "\n")


def made(trial: OpenedTrial) -> Workbook:
    shown = shown_rows(trial.folder, trial.schemas, trial.protocol)
    return load_workbook(BytesIO(entry_workbook(trial.protocol, trial.schemas, shown.rows)))


def typed(text: str) -> object:
    """What a spreadsheet would make of a text in a cell of numbers."""
    try:
        return float(text)
    except ValueError:
        return text


@pytest.mark.slow
def test_what_is_typed_into_the_workbook_comes_back_as_the_same_data(trial: OpenedTrial) -> None:
    before = validate(trial)
    entered = {}
    for form in trial.schemas.forms:
        with (trial.folder / "data" / f"{form.id}.csv").open(newline="") as file:
            entered[form.id] = list(csv.DictReader(file))
    empty(trial)
    workbook = made(trial)
    for form in trial.schemas.forms:
        page = workbook[form.id]
        columns = [cell.value for cell in page[FIRST - 1]]
        secret = secret_items(form)
        own = [name for name in entered[form.id][0] if name not in secret]
        assert columns == [*own, COLUMN]
        for row, texts_ in enumerate(entered[form.id], start=FIRST):
            for column, name in enumerate(own, start=1):
                cell, text = page.cell(row, column), texts_[name]
                numeric = page.column_dimensions[cell.column_letter].number_format == "General"
                cell.value = typed(text) if numeric else text
                if not numeric:
                    cell.data_type = "s"
    filled = trial.folder.parent / "filled.xlsx"
    workbook.save(filled)

    incoming = settled(from_workbook(filled, trial.schemas), trial.folder, trial.schemas).incoming
    compared = difference(trial.folder, trial.schemas, incoming)
    write_import(compared, trial.schemas.data, signed=SIGNED)

    after = validate(trial)
    for form in trial.schemas.forms:
        shown = [name for name in before.snapshot[form.id].typed.columns
                 if name not in secret_items(form)]  # fmt: skip
        one, other = (each.snapshot[form.id].typed.select(shown) for each in (before, after))
        assert one.equals(other), form.id
    again = settled(from_workbook(filled, trial.schemas), trial.folder, trial.schemas)
    assert again.refused == ()
    compared = difference(trial.folder, trial.schemas, again.incoming)
    assert write_import(compared, trial.schemas.data, signed=SIGNED, replace=True, empty=True) == ()


@pytest.mark.further
def test_rows_that_are_expected_stand_ready_and_are_not_imported_unanswered(
    trial: OpenedTrial,
) -> None:
    there = validate(trial).snapshot["pain"].typed.height
    empty(trial, "pain")
    workbook = made(trial)

    page = workbook["pain"]
    ready = [(row[0].value, row[1].value) for row in page.iter_rows(min_row=FIRST)]
    randomised = validate(trial).snapshot["randomisation"].typed.height
    assert len(ready) == randomised * 2 >= there
    assert ready[:2] == [("BH-001", "BL"), ("BH-001", "W6")]
    assert page["A3"].number_format == "@"
    workbook.save(trial.folder.parent / "unfilled.xlsx")
    incoming = from_workbook(trial.folder.parent / "unfilled.xlsx", trial.schemas)
    taken = settled(incoming, trial.folder, trial.schemas)
    assert taken.refused == ()
    compared = difference(trial.folder, trial.schemas, taken.incoming)
    assert (compared.new_rows, sum(len(form.cells) for form in compared.forms)) == (0, 0)
    of_pain = [each.found for each in incoming.left_out if each.place.endswith("sheet pain")]
    assert of_pain == [f"{len(ready)} rows with a key alone"]


def test_a_workbook_is_the_same_to_the_byte_and_checks_every_column(trial: OpenedTrial) -> None:
    one = entry_workbook(trial.protocol, trial.schemas, {})
    assert one == entry_workbook(trial.protocol, trial.schemas, {})
    page = load_workbook(BytesIO(one))["pain"]
    checked = {str(each.sqref): each for each in page.data_validations.dataValidation}
    assert checked["B3:B5002"].formula1 == "Lists!$F$2:$F$3"
    vas = checked["E3:E5002"].formula1
    assert vas == (
        "OR(SUMPRODUCT(--EXACT(missing_codes,E3))>0,IFERROR(AND(ISNUMBER(E3),E3=INT(E3),E3>=0,E3<=100),FALSE))"
    )
    assert page.freeze_panes == "C3"
    assert "0 to 100 mm" in page["E1"].comment.text
    assert load_workbook(BytesIO(one))["Lists"].sheet_state == "hidden"


@pytest.mark.parametrize("kind", list(ItemType))
def test_no_check_is_longer_than_a_spreadsheet_takes(kind: ItemType) -> None:
    item = Item(id="a", label="A", type=kind, range=Range(low=-1234.5678, high=98765.4321))
    assert len(typing_check(item, "ABC5000")) < 256
    assert len(unusual_check(item, "ABC5000")) < 256


def test_sheets_of_long_names_are_told_apart(trial: OpenedTrial) -> None:
    forms = [
        type(form)(
            **{name: getattr(form, name) for name in form.__slots__} | {"id": "a" * 35 + end}
        )
        for form, end in zip(trial.schemas.forms[:2], ("x", "y"), strict=True)
    ]
    names = list(sheet_names(forms).values())
    assert names == ["a" * 31, "a" * 29 + "~2"]


def workbook(trial: OpenedTrial, **sheets: str) -> Path:
    return book(trial.folder.parent / "f.xlsx", sheets=sheets)


def test_everything_that_stands_in_the_way_is_said_of_all_sheets_together(
    trial: OpenedTrial,
) -> None:
    head = texts("subject_id", "visit", "vas_mm", "visit_date")
    merged = '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'
    path = workbook(
        trial,
        pain=sheet(head, texts("BH-001", "BL") + '<c t="e"><v>#N/A</v></c>', after=merged),
        trunk=sheet(texts("Participant", "Strength")),
    )
    with pytest.raises(DataFileError) as error:
        from_workbook(path, trial.schemas)
    assert "cell C2: the error #N/A" in str(error.value)
    assert "cells A2:A3 are merged" in str(error.value)
    assert "none of its first rows has the column 'subject_id'" in str(error.value)


def test_troubles_of_columns_that_nobody_imports_stand_in_nobodys_way(trial: OpenedTrial) -> None:
    head = texts("subject_id", "visit", "vas_mm", "average")
    page = sheet(texts("A title"), head, texts("BH-001", "BL", "44") + '<c t="e"><v>#N/A</v></c>')
    path = workbook(trial, pain=page, Notes=sheet(texts("hello")), pian=sheet(texts("x")))

    incoming = from_workbook(path, trial.schemas)

    assert incoming.tables[0].cells.rows() == [("BH-001", "BL", "44")]
    assert incoming.tables[0].places == ("f.xlsx, sheet pain, row 3",)
    assert [each.place for each in incoming.left_out] == [
        "f.xlsx, sheet Notes",
        "f.xlsx, sheet pian",
    ]
    assert "did you mean 'pain'?" in incoming.left_out[1].why


def test_a_hidden_sheet_is_not_read_in_silence(trial: OpenedTrial) -> None:
    page = sheet(texts("subject_id", "visit", "vas_mm"), texts("BH-001", "BL", "44"))
    path = book(
        trial.folder.parent / "f.xlsx", sheets={"pain": page, "trunk": page}, hidden=("trunk",)
    )
    incoming = from_workbook(path, trial.schemas)
    assert [each.found for each in incoming.left_out] == ["a hidden sheet"]


def test_a_workbook_of_other_things_says_what_it_should_hold(trial: OpenedTrial) -> None:
    with pytest.raises(DataFileError, match="no sheet is for a form"):
        from_workbook(workbook(trial, Budget=sheet(texts("x"))), trial.schemas)
    page = sheet(texts("subject_id", "vas_mm"), texts("BH-001", "44"))
    with pytest.raises(ProtocolError, match="no column 'visit'"):
        from_workbook(workbook(trial, pain=page), trial.schemas)
