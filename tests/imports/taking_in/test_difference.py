from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from tests.signed import SIGNED
from trialkit.errors import DataFileError
from trialkit.imports.taking_in.difference import ImportEffect, difference
from trialkit.imports.taking_in.incoming import Incoming, IncomingTable
from trialkit.imports.taking_in.writing import write_import
from trialkit.protocol.trial.data_format import DataFormat, DateOrder
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Schemas
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.values.writing import as_the_trial_writes

DATA = DataFormat()


def form(*items: Item, visits: tuple[str, ...] = ("BL", "W6"), repeating: bool = False) -> Form:
    return Form(
        id="pain", title="Pain", kind=FormKind.ASSESSMENT, expected=Expected.RANDOMISED,
        visits=visits, repeating=repeating, rules=(), file="forms/pain.toml", sha256="0",
        items=items or (
            Item(id="vas", label="Pain", type=ItemType.DECIMAL),
            Item(id="drug", label="Analgesic", type=ItemType.YES_NO),
        ),
    )  # fmt: skip


def schemas(one: Form | None = None, data: DataFormat = DATA) -> Schemas:
    return Schemas(forms=(one or form(),), data=data)


def incoming(columns: Sequence[str], *rows: Sequence[str]) -> Incoming:
    cells = pl.DataFrame(list(rows), schema=dict.fromkeys(columns, pl.String), orient="row")
    places = tuple(f"row {number}" for number in range(2, len(rows) + 2))
    return Incoming(
        source="file.xlsx", tables=(IncomingTable(form_id="pain", cells=cells, places=places),)
    )


def data_file(folder: Path, text: str) -> Path:
    path = folder / "data" / "pain.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode())
    return path


COLUMNS = ("subject_id", "visit", "vas", "drug")


def test_a_file_with_nothing_new_changes_not_a_byte(tmp_path: Path) -> None:
    before = '\ufeffsubject_id,visit,drug,vas\r\n007 ,BL,yes,"2.50"\r\n'
    path = data_file(tmp_path, before)

    found = difference(tmp_path, schemas(), incoming(COLUMNS, ("007", "BL", "2.5", "1")))

    assert (found.new_rows, found.forms[0].cells, found.forms[0].unchanged) == (0, (), 1)
    assert write_import(found, DATA, signed=SIGNED) == ()
    assert path.read_bytes() == before.encode()


def test_new_rows_are_added_and_blank_cells_filled_without_asking(tmp_path: Path) -> None:
    path = data_file(tmp_path, "subject_id,visit,vas,drug\n001,BL,10,\n")
    come = incoming(COLUMNS, ("002", "BL", "=1+1", "ND"), ("001", "BL", "10", "no"))

    found = difference(tmp_path, schemas(), come)
    write_import(found, DATA, signed=SIGNED)

    assert path.read_text() == "subject_id,visit,vas,drug\n001,BL,10,no\n002,BL,=1+1,ND\n"
    again = difference(tmp_path, schemas(), come)
    assert write_import(again, DATA, signed=SIGNED) == ()


def test_values_are_not_overwritten_unasked_and_the_cells_are_named(tmp_path: Path) -> None:
    path = data_file(tmp_path, "subject_id,visit,vas,drug\n001,BL,10,no\n")
    before = path.read_bytes()
    found = difference(tmp_path, schemas(), incoming(COLUMNS, ("001", "BL", "11", "")))

    with pytest.raises(
        DataFileError, match=r"subject_id 001, visit BL: '10' would become '11' \(row 2"
    ):
        write_import(found, DATA, signed=SIGNED)
    assert path.read_bytes() == before
    write_import(found, DATA, signed=SIGNED, replace=True)
    assert path.read_text() == "subject_id,visit,vas,drug\n001,BL,11,no\n"


def test_a_blank_erases_nothing_unless_it_is_asked_for(tmp_path: Path) -> None:
    path = data_file(tmp_path, "subject_id,visit,vas,drug\n001,BL,10,no\n")
    found = difference(tmp_path, schemas(), incoming(COLUMNS, ("001", "BL", "", "no")))

    assert [cell.effect for cell in found.forms[0].cells] == [ImportEffect.EMPTIED]
    assert write_import(found, DATA, signed=SIGNED) == ()
    write_import(found, DATA, signed=SIGNED, empty=True)
    assert path.read_text() == "subject_id,visit,vas,drug\n001,BL,,no\n"


def test_a_cell_that_was_emptied_on_purpose_is_not_filled_again_by_the_old_file(
    tmp_path: Path,
) -> None:
    path = data_file(tmp_path, "subject_id,visit,vas,drug\n007,BL,50,yes\n")
    old = incoming(COLUMNS, ("007", "BL", "50.0", "yes"))
    cleared = difference(tmp_path, schemas(), incoming(COLUMNS, ("007", "BL", "", "yes")))
    write_import(cleared, DATA, signed=SIGNED, empty=True)
    assert "007,BL,,yes" in path.read_text("utf-8")

    found = difference(tmp_path, schemas(), old)
    assert [each.effect for each in found.forms[0].cells] == [ImportEffect.CHANGED]
    with pytest.raises(
        DataFileError, match=r"a blank, left on purpose as changes\.csv says, would"
    ):
        write_import(found, DATA, signed=SIGNED)
    assert "007,BL,,yes" in path.read_text("utf-8")

    other = difference(tmp_path, schemas(), incoming(COLUMNS, ("007", "BL", "55", "yes")))
    assert [each.effect for each in other.forms[0].cells] == [ImportEffect.FILLED], "it is news"
    write_import(found, DATA, signed=SIGNED, replace=True)
    assert "007,BL,50.0,yes" in path.read_text("utf-8")
    again = difference(tmp_path, schemas(), old)
    assert again.forms[0].cells == ()


def test_columns_that_the_file_does_not_have_stay(tmp_path: Path) -> None:
    path = data_file(tmp_path, "subject_id,visit,vas,drug\n001,BL,10,no\n")
    come = incoming(("subject_id", "visit", "drug"), ("001", "BL", "yes"), ("002", "BL", "no"))

    write_import(difference(tmp_path, schemas(), come), DATA, signed=SIGNED, replace=True)

    assert path.read_text() == "subject_id,visit,vas,drug\n001,BL,10,yes\n002,BL,,no\n"


def test_rows_that_cannot_be_told_apart_are_refused_together(tmp_path: Path) -> None:
    come = incoming(COLUMNS, ("", "BL", "1", ""), ("1", "BL", "1", ""), ("1 ", "BL", "2", ""))

    with pytest.raises(DataFileError) as error:
        difference(tmp_path, schemas(), come)

    assert "subject_id is blank in row 2; write whom the row is of" in str(error.value)
    assert "subject_id 1, visit BL is there 2 times: row 3; row 4" in str(error.value)


def test_a_key_that_is_twice_in_the_data_stops_the_import(tmp_path: Path) -> None:
    data_file(tmp_path, "subject_id,visit,vas,drug\n001,BL,10,no\n001,BL,12,no\n")

    with pytest.raises(DataFileError, match=r"there 2 times \(lines 2, 3\)"):
        difference(tmp_path, schemas(), incoming(COLUMNS, ("001", "BL", "1", "")))


def test_a_file_that_somebody_saved_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = data_file(tmp_path, "subject_id,visit,vas,drug\n")
    found = difference(tmp_path, schemas(), incoming(COLUMNS, ("001", "BL", "1", "")))
    path.write_text("subject_id,visit,vas,drug\n009,BL,1,no\n")

    with pytest.raises(DataFileError, match="somebody else"):
        write_import(found, DATA, signed=SIGNED)
    assert "009" in path.read_text()


def test_a_repeat_is_a_number_and_line_breaks_stay_themselves(tmp_path: Path) -> None:
    one = form(Item(id="note", label="Note", type=ItemType.TEXT), visits=(), repeating=True)
    come = incoming(("subject_id", "repeat", "note"), ("1", "01", 'a\r\nb, "c"'))
    write_import(difference(tmp_path, schemas(one), come), DATA, signed=SIGNED)

    again = incoming(("subject_id", "repeat", "note"), ("1", "1", 'a\r\nb, "c"'))
    assert write_import(difference(tmp_path, schemas(one), again), DATA, signed=SIGNED) == ()


def test_what_the_declared_encoding_cannot_hold_is_refused(tmp_path: Path) -> None:
    latin = DataFormat(encoding="latin-1")
    found = difference(tmp_path, schemas(data=latin), incoming(COLUMNS, ("1", "BL", "→", "")))

    with pytest.raises(DataFileError, match="cannot be written with encoding"):
        write_import(found, latin, signed=SIGNED)


def test_dates_and_decimals_are_written_as_the_protocol_declares() -> None:
    german = DataFormat(delimiter=";", decimal=",", dates=DateOrder.DMY)
    dates = pl.Series("d", ["2025-12-31", "ND", "31.12.2025", ""])
    numbers = pl.Series("n", ["1.5", "-0.25", "2", "1.5E-3", "ND", "1.2.3"])

    assert as_the_trial_writes(dates, ItemType.DATE.kind, german).to_list() == [
        "31-12-2025", "ND", "31.12.2025", "",
    ]  # fmt: skip
    assert as_the_trial_writes(numbers, ItemType.DECIMAL.kind, german).to_list() == [
        "1,5", "-0,25", "2", "1,5E-3", "ND", "1.2.3",
    ]  # fmt: skip
    assert as_the_trial_writes(dates, ItemType.DATE.kind, DATA).to_list() == dates.to_list()
