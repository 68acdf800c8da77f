"""What an XLSForm says in any of its ways comes out as one, and what ODK refuses is refused."""

from importlib import import_module
from pathlib import Path

import pytest

from trialkit.errors import DataFileError
from trialkit.imports.xlsform import odk_reading
from trialkit.imports.xlsform.odk_reading import read_survey
from trialkit.imports.xlsform.survey import Survey

LISTS = "choices,,,\n,list_name,name,label\n,yn,yes,Yes\n,yn,no,No\n"


def read(folder: Path, *rows: str, head: str = "type,name,label", more: str = LISTS) -> Survey:
    lines = "".join(f",{row}\n" for row in (head, *rows))
    (folder / "diary.csv").write_text(f"survey\n{lines}{more}")
    return read_survey(folder / "diary.csv")


ALIASES = {
    "text": "text", "string": "text", "int": "integer", "add integer prompt": "integer",
    "dateTime": "datetime", "datetime": "datetime", "gps": "geopoint", "photo": "file",
    "image": "file", "audio": "file", "trigger": "acknowledge", "acknowledge": "acknowledge",
    "select1 yn": "select_one yn", "select one yn": "select_one yn",
    "select all that apply from yn": "select_multiple yn", "rank yn": "rank yn", "note": "note",
    "hidden": "hidden", "today": "today", "start": "start", "imei": "device (deviceid)",
    "q picture": "file", "geotrace": "geotrace", "barcode": "barcode",
}  # fmt: skip


@pytest.mark.parametrize("said", ALIASES)
def test_a_type_has_one_name_however_it_was_written(said: str, tmp_path: Path) -> None:
    (row,) = read(tmp_path, f"{said},x,A question").rows
    assert (row.number, row["type"], row["name"]) == (2, ALIASES[said], "x")


def test_columns_have_one_name_and_curly_marks_are_straight(tmp_path: Path) -> None:
    head = "command,tag,caption,relevance,constraining_message,calculate,read_only"
    survey = read(
        tmp_path,
        "select one from yn,a,First,,,,",
        "integer,b,Second,${a} = ‘yes’,Not that,,",
        "calculate,c,,,,${b} * 2,",
        head=head,
    )
    first, second, third = survey.rows
    assert (first["type"], first["label"]) == ("select_one yn", "First")
    assert (second["relevant"], second["constraint_message"]) == ("${a} = 'yes'", "Not that")
    assert third["calculation"] == "${b} * 2"


def test_groups_and_repeats_open_and_close_and_what_is_added_stays_out(tmp_path: Path) -> None:
    survey = read(
        tmp_path, "begin group,g,About,", "begin_repeat,falls,Falls,3", "text,how,How,",
        "end_repeat,,,", "end group,,,", "audit,audit,,", head="type,name,label,repeat_count",
    )  # fmt: skip
    kinds = [(row.number, row["type"]) for row in survey.rows]
    assert kinds == [
        (2, "begin group"), (3, "begin repeat"), (4, "text"), (3, "end repeat"), (2, "end group"),
        (7, "audit"),
    ]  # fmt: skip
    assert survey.rows[1]["repeat_count"] == "3"


def test_another_answer_is_a_choice_and_a_question_for_its_words(tmp_path: Path) -> None:
    survey = read(tmp_path, "select_one yn or_other,a,Agreed")
    asked, words = survey.rows
    assert [each["name"] for each in survey.choices["yn"]] == ["yes", "no", "other"]
    assert (asked["type"], words["type"], words["name"]) == ("select_one yn", "text", "a_other")
    assert (words.number, words["relevant"]) == (0, "selected(../a, 'other')")


def test_of_languages_the_one_that_the_settings_name_is_taken(tmp_path: Path) -> None:
    head = "type,name,label::English (en),label::Deutsch"
    settings = "settings,,\n,form_title,form_id,default_language\n,A diary,d-1,Deutsch\n"
    survey = read(tmp_path, "text,a,One,Eins", head=head, more=settings)
    assert (survey.rows[0]["label"], survey.languages) == ("Eins", ("Deutsch", "English (en)"))
    assert (survey.settings["form_id"], survey.settings["form_title"]) == ("d-1", "A diary")
    first = read(tmp_path, "text,a,One,Eins", head=head, more="")
    assert (first.rows[0]["label"], first.languages[0]) == ("One", "English (en)")
    assert first.settings.cells == {}


def test_a_group_that_has_the_name_which_xlsform_keeps_is_read(tmp_path: Path) -> None:
    survey = read(tmp_path, "begin group,meta,About", "text,a,One", "end group,,")
    assert [row["name"] for row in survey.rows] == ["meta", "a", ""]


def test_lists_of_the_sheet_of_external_choices_are_lists(tmp_path: Path) -> None:
    more = "choices,,\n,list_name,name,label\n,yn,yes,Yes\nexternal_choices,,\n,list_name,name,label,area\n,town,t1,Town,north\n"
    survey = read(
        tmp_path, "select_one_external town,t,Town,area='north'",
        head="type,name,label,choice_filter", more=more,
    )  # fmt: skip
    (row,) = survey.rows
    assert (row["type"], row["choice_filter"]) == ("select_one town", "area='north'")
    assert survey.choices["town"][0]["area"] == "north"


def test_choices_of_a_file_beside_the_form_are_its_list_and_a_lost_file_is_told(
    tmp_path: Path,
) -> None:
    (tmp_path / "towns.csv").write_text("name,label\n1,Northwood\n")
    survey = read(
        tmp_path, "select_one_from_file towns.csv,a,A", "select_multiple_from_file gone.csv,b,B"
    )
    assert [row["type"] for row in survey.rows] == [
        "select_one towns.csv",
        "select_multiple gone.csv",
    ]
    assert survey.choices["towns.csv"][0]["label"] == "Northwood"
    ((place, found, instead),) = survey.lost
    assert (place, found) == ("survey, row 3", "the choices of b in gone.csv")
    assert instead.startswith("there is no such file beside the form")


REFUSED = {
    "text,,No name": "row : 2",
    "select_one nowhere,a,A": "nowhere",
    "end group,,": "row : 2",
    'integer,a,"${b} years"': "b",
}


@pytest.mark.parametrize("row", REFUSED)
def test_a_form_that_odk_refuses_is_refused_with_its_reason(row: str, tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"diary\.csv: ODK does not take this form") as error:
        read(tmp_path, row)
    assert REFUSED[row] in str(error.value)


@pytest.mark.parametrize("more", ["", "type,name\n", "type,name\n,,a\n"])
def test_a_survey_without_a_type_is_none(more: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"survey\n,{more}")
    with pytest.raises(DataFileError, match="sheet survey: has no row with a type"):
        read_survey(tmp_path / "a.csv")


def test_without_pyxform_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacking(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(odk_reading, "import_module", lacking)
    with pytest.raises(DataFileError, match=r"pip install 'trialkit\[xlsform\]'"):
        read(tmp_path, "text,a,A")
    assert import_module("pyxform") is not None


def test_what_it_looks_up_in_a_file_beside_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "stock.csv").write_text("drug,left\nasa,3\n")
    (tmp_path / "wrong.csv").write_text("")
    survey = read(
        tmp_path, "text,drug,Drug,", "calculate,left,,\"pulldata('stock', 'left', 'drug', ${drug})\"",
        "calculate,gone,,\"pulldata('gone', 'left', 'drug', ${drug})\"",
        "calculate,no,,\"instance('wrong')/root/item[drug = ${drug}]/left\"",
        "calculate,yes,,\"instance('yn')/root/item[name = ${drug}]/label\"",
        head="type,name,label,calculation",
    )  # fmt: skip
    assert {name: len(rows) for name, rows in survey.beside.items()} == {"stock": 1}
    assert set(survey.tables) == {"stock", "yn"}
    ((place, found, why),) = survey.lost
    assert (place, found) == ("survey, row 5", "the table wrong")
    assert why.endswith("nothing is looked up in it")


def test_columns_that_need_the_sheet_of_entities_are_understood(tmp_path: Path) -> None:
    entities = "entities,,\n,list_name,label\n,people,${name}\n"
    survey = read(
        tmp_path, "text,name,Name,full_name", head="type,name,label,save_to", more=entities
    )
    assert [row["name"] for row in survey.rows] == ["name"]
