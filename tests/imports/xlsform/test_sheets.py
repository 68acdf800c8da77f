"""The sheets of an XLSForm as text, from a workbook, CSV or Markdown, and what is no XLSForm."""

from pathlib import Path

import pytest

from tests.imports.books import book, sheet, texts
from trialkit.errors import DataFileError
from trialkit.imports.xlsform.sheets import TextSheet, read_sheets


def page(*rows: tuple[str, ...]) -> str:
    return sheet(*(texts(*row) for row in rows))


def test_rows_are_read_by_the_names_of_their_columns(tmp_path: Path) -> None:
    sheets = read_sheets(
        book(
            tmp_path / "diary.xlsx",
            sheets={
                " Survey ": page(
                    ("Type", "name ", " label::English  (en)", ""),
                    ("text", " a ", "One", "no name above"),
                    ("note", "b"),
                ),
                "SETTINGS": page(("form_title",), ("Diary",)),
                "remarks": page(("type", "type")),
            },
        )
    )
    assert list(sheets) == ["survey", "settings"]
    assert sheets["survey"].columns == ("Type", "name", "label::English (en)")
    assert sheets["survey"].rows == (
        {"Type": "text", "name": "a", "label::English (en)": "One", "__row": "2"},
        {"Type": "note", "name": "b", "__row": "3"},
    )


TABLES = {
    "a.csv": 'survey,,\n,type,name,label\n,text,a,"One, two"\n,,,\nchoices,,\n,list_name,name\n,l,x\n',
    "a.md": "# A form\n| survey |\n| | type | name | label |\n|--|--|--|\n| | text | a | One, two |\n"
    "| choices | | |\n| | list_name | name |\n| | l | x |\n",
}


@pytest.mark.parametrize("name", TABLES)
def test_a_form_may_be_tables_of_text(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(TABLES[name])
    sheets = read_sheets(tmp_path / name)
    row = {"type": "text", "name": "a", "label": "One, two", "__row": "2"}
    assert sheets["survey"] == TextSheet(columns=("type", "name", "label"), rows=(row,))
    assert sheets["choices"].rows == ({"list_name": "l", "name": "x", "__row": "2"},)


def test_what_is_no_text_or_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"survey\xff")
    with pytest.raises(DataFileError, match="is not UTF-8"):
        read_sheets(tmp_path / "a.csv")
    with pytest.raises(DataFileError, match="does not exist"):
        read_sheets(tmp_path / "b.md")
    (tmp_path / "c.csv").write_text("")
    with pytest.raises(DataFileError, match=r"no sheet .survey.*none$"):
        read_sheets(tmp_path / "c.csv")


def test_a_workbook_without_a_survey_says_what_it_has(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", sheets={"Form": page(("x",)), "choices": page(("x",))})
    with pytest.raises(DataFileError) as error:
        read_sheets(path)
    assert str(error.value) == (
        "a.xlsx: has no sheet 'survey', so it is no XLSForm; its sheets are form, choices"
    )


@pytest.mark.parametrize(("name", "again"), [("label", " Label "), ("list_name", "list_name")])
def test_a_column_that_is_there_twice_is_refused(tmp_path: Path, name: str, again: str) -> None:
    sheets = {
        "survey": page(("type", "", ""), ("text", "a", "b")),
        "Choices": page((name, "name", again), ("one", "1", "another")),
    }
    with pytest.raises(DataFileError) as error:
        read_sheets(book(tmp_path / "a.xlsx", sheets=sheets))
    assert str(error.value) == (
        f"a.xlsx, sheet choices: the column {name!r} is there more than once, and nobody knows which "
        "of them counts; remove all but one"
    )


def test_cells_without_a_value_are_named(tmp_path: Path) -> None:
    head = texts("type", "name", "")
    wrong = '<c t="e"><v>#REF!</v></c>'
    rows = [head, texts("text") + wrong, texts("text", "a") + wrong, texts("text") + wrong]
    path = book(tmp_path / "a.xlsx", sheets={"Survey": sheet(*rows)})
    with pytest.raises(DataFileError) as error:
        read_sheets(path)
    said = str(error.value)
    assert said.startswith("a.xlsx, sheet Survey: row 2: ")
    # the column without a name is not read, so its trouble in row 3 is none
    assert [part.split(":")[0] for part in said.removeprefix("a.xlsx, sheet Survey: ").split("; r")] == [
        "row 2", "ow 4",
    ]  # fmt: skip
