"""The rows that a trial holds now, before an import is compared with them."""

import hashlib
from pathlib import Path

import pytest

from trialkit.errors import DataFileError
from trialkit.imports.taking_in.present import present_rows
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item
from trialkit.schemas.items.item_types import ItemType

FORM = Form(
    id="log", title="Log", kind=FormKind.OTHER, expected=Expected.AS_NEEDED, visits=(),
    repeating=True, rules=(), file="", sha256="",
    items=(
        Item(id="a", label="A", type=ItemType.INTEGER),
        Item(id="b", label="B", type=ItemType.TEXT),
        Item(id="c", label="C", type=ItemType.CALCULATED, calculation="2 * a"),
    ),
)  # fmt: skip
DATA = DataFormat(delimiter=";")


def written(folder: Path, text: str) -> str:
    path = folder / "data" / "log.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return hashlib.sha256(text.encode()).hexdigest()


def test_without_a_file_there_are_no_rows_but_its_columns(tmp_path: Path) -> None:
    found = present_rows(tmp_path, FORM, DATA)
    assert found.cells.columns == ["subject_id", "repeat", "a", "b"]
    assert (found.cells.height, found.sha256, found.lacking) == (0, "", ())


def test_the_rows_are_the_text_of_the_file_in_the_order_of_the_form(tmp_path: Path) -> None:
    digest = written(tmp_path, "repeat;subject_id;b;a\n1; S1;x y;007\n2;S1;;\n")
    found = present_rows(tmp_path, FORM, DATA)
    assert found.cells.to_dict(as_series=False) == {
        "subject_id": [" S1", "S1"], "repeat": ["1", "2"], "a": ["007", ""], "b": ["x y", ""],
    }  # fmt: skip
    assert (found.sha256, found.lacking) == (digest, ())


def test_a_calculated_column_stays_where_somebody_filled_it_in(tmp_path: Path) -> None:
    written(tmp_path, "subject_id;repeat;a;b;c\nS1;1;5;x;\nS2;1;6;y;12\n")
    assert present_rows(tmp_path, FORM, DATA).cells["c"].to_list() == ["", "12"]
    written(tmp_path, "subject_id;repeat;a;b;c\nS1;1;5;x;\n")
    assert "c" not in present_rows(tmp_path, FORM, DATA).cells.columns


def test_an_item_that_is_new_may_lack(tmp_path: Path) -> None:
    written(tmp_path, "subject_id;repeat;a\nS1;1;5\n")
    found = present_rows(tmp_path, FORM, DATA, new_items=True)
    assert found.cells.rows() == [("S1", "1", "5", "")]
    assert found.lacking == ("b",)
    with pytest.raises(DataFileError, match=r"data/log\.csv: .*'b'"):
        present_rows(tmp_path, FORM, DATA)
    # a key is never new
    written(tmp_path, "subject_id;a\nS1;5\n")
    with pytest.raises(DataFileError, match="'repeat'"):
        present_rows(tmp_path, FORM, DATA, new_items=True)


def test_a_key_that_is_there_twice_is_told_with_its_lines(tmp_path: Path) -> None:
    written(tmp_path, "subject_id;repeat;a;b\nS2;1;5;\nS1;1;6;\nS1;01;7;\n S1;1;8;\nS2;2;9;\n")
    with pytest.raises(DataFileError) as error:
        present_rows(tmp_path, FORM, DATA)
    # white space and zeros before a number make no other row
    assert str(error.value) == (
        "data/log.csv: subject_id S1, repeat 1 is there 3 times (lines 3, 4, 5), so nobody can tell "
        "which row an import is about; remove all but one, then import"
    )


def test_a_file_that_leads_out_of_the_trial_is_refused(tmp_path: Path) -> None:
    trial = tmp_path / "trial"
    (trial / "data").mkdir(parents=True)
    outside = tmp_path / "log.csv"
    outside.write_text("subject_id;repeat;a;b\n", encoding="utf-8")
    (trial / "data" / "log.csv").symlink_to(outside)
    with pytest.raises(DataFileError, match=r"data/log\.csv: leads out of the trial's folder"):
        present_rows(trial, FORM, DATA)
