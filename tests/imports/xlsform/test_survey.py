"""The sheets of an XLSForm as rows: columns by name, languages, lists, and what is no XLSForm."""

from pathlib import Path

import pytest

from tests.imports.books import book, sheet, texts
from trialkit.errors import DataFileError
from trialkit.imports.xlsform.survey import SurveyRow, read_survey


def page(*rows: tuple[str, ...]) -> str:
    return sheet(*(texts(*row) for row in rows))


def test_rows_are_read_by_the_names_of_their_columns(tmp_path: Path) -> None:
    survey = read_survey(
        book(
            tmp_path / "diary.xlsx",
            sheets={
                " Survey ": page(
                    ("Type", "name ", " label::English  (en)", "label::Deutsch", ""),
                    ("text", " a ", "One", "Eins", "no name above"),
                    ("note", "b", "", "Zwei"),
                ),
                "choices": page(
                    ("list name", "name", "label"),
                    ("yn", "yes", "Yes"),
                    ("sex", "f", "Female"),
                    ("yn", "no", "No"),
                ),
                "SETTINGS": page(("form_title", "form_id"), ("Diary", "d1"), ("Other", "d2")),
            },
        )
    )
    assert survey.file == "diary.xlsx"
    assert survey.rows == (
        SurveyRow(
            number=2,
            cells={
                "type": "text",
                "name": "a",
                "label::english (en)": "One",
                "label::deutsch": "Eins",
            },
        ),
        SurveyRow(number=3, cells={"type": "note", "name": "b", "label::deutsch": "Zwei"}),
    )
    assert survey.languages == ("english (en)", "deutsch")
    assert {name: [row["name"] for row in rows] for name, rows in survey.choices.items()} == {
        "yn": ["yes", "no"],
        "sex": ["f"],
    }
    assert [row.number for row in survey.choices["yn"]] == [2, 4]
    assert (survey.settings["form_title"], survey.settings.number) == ("Diary", 2)


def test_a_list_may_be_named_with_a_mark_between_its_words(tmp_path: Path) -> None:
    sheets = {
        "survey": page(("type",), ("text",)),
        "choices": page(("list_name", "name"), ("yn", "yes"), ("", "lost")),
    }
    survey = read_survey(book(tmp_path / "a.xlsx", sheets=sheets))
    assert {name: len(rows) for name, rows in survey.choices.items()} == {"yn": 1, "": 1}
    assert (survey.languages, survey.settings.cells, survey.settings.number) == ((), {}, 0)


def test_a_column_is_that_without_a_language_or_its_first_one() -> None:
    row = SurveyRow(number=2, cells={"label::de": "Eins", "label::en": "One", "hint": "H"})
    assert (row["label"], row["hint"], row["name"]) == ("Eins", "H", "")
    assert row["label::en"] == "One"
    both = SurveyRow(number=2, cells={"label::de": "Eins", "label": "One", "labels": "L"})
    assert both["label"] == "One"


def test_a_workbook_without_a_survey_says_what_it_has(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", sheets={"Form": page(("x",)), "choices": page(("x",))})
    with pytest.raises(DataFileError) as error:
        read_survey(path)
    assert str(error.value) == (
        "a.xlsx: has no sheet 'survey', so it is no XLSForm; its sheets are form, choices"
    )


@pytest.mark.parametrize(
    "rows", [(), (("type", "name"),), (("type", "name"), ("", "a")), (("kind",), ("text",))]
)
def test_a_survey_without_a_type_is_none(rows: tuple[tuple[str, ...], ...], tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", sheets={"survey": page(*rows)})
    with pytest.raises(DataFileError, match=r"^a\.xlsx, sheet survey: has no row with a type$"):
        read_survey(path)


@pytest.mark.parametrize(("name", "again"), [("label", " Label "), ("list_name", "list_name")])
def test_a_column_that_is_there_twice_is_refused(tmp_path: Path, name: str, again: str) -> None:
    sheets = {
        "survey": page(("type", "", ""), ("text", "a", "b")),
        "Choices": page((name, "name", again), ("one", "1", "another")),
    }
    with pytest.raises(DataFileError) as error:
        read_survey(book(tmp_path / "a.xlsx", sheets=sheets))
    assert str(error.value) == (
        f"a.xlsx, sheet Choices: the column {name!r} is there more than once, and nobody knows which "
        "of them counts; remove all but one"
    )


def test_cells_without_a_value_are_named(tmp_path: Path) -> None:
    head = texts("type", "name", "")
    wrong = '<c t="e"><v>#REF!</v></c>'
    rows = [head, texts("text") + wrong, texts("text", "a") + wrong, texts("text") + wrong]
    path = book(tmp_path / "a.xlsx", sheets={"Survey": sheet(*rows)})
    with pytest.raises(DataFileError) as error:
        read_survey(path)
    said = str(error.value)
    assert said.startswith("a.xlsx, sheet Survey: row 2: ")
    # the column without a name is not read, so its trouble in row 3 is none
    assert [part.split(":")[0] for part in said.removeprefix("a.xlsx, sheet Survey: ").split("; r")] == [
        "row 2", "ow 4",
    ]  # fmt: skip
