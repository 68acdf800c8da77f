"""What is no dictionary or no export of raw data is refused with one clear message."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.signed import SIGNED
from trialkit.errors import DataFileError, TrialkitError
from trialkit.imports.redcap.decisions import MissingDecision
from trialkit.imports.redcap.dictionary import COLUMNS, read_dictionary
from trialkit.imports.redcap.project_import import ProjectFiles, missing_codes, prepare, write
from trialkit.protocol.tables.definitions import Complaints, read_tables
from trialkit.schemas.forms.forms import Item

HEADER = ",".join(f'"{names[0]}"' for names in COLUMNS.values())
FIELDS = (
    "record_id,f,,text,ID,,,,,,,,,,,,,",
    'sex,f,,radio,Sex,"1, F | 2, M",,,,,,,,,,,,',
    'why,f,,checkbox,Why,"1, A | 2, B",,,,,,,,,,,,',
    "ok,f,,yesno,OK,,,,,,,,,,,,,",
    "age,f,,text,Age,,,integer,,,,,,,,,,",
)
COLS = "record_id,sex,why___1,why___2,ok,age,f_complete"


def dictionary(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "dictionary.csv"
    path.write_text("\n".join((header, *rows)), encoding="utf-8")
    return path


def export(folder: Path, *lines: str) -> Path:
    path = folder / "export.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def imported(folder: Path, *lines: str, fields: tuple[str, ...] = FIELDS, codes=()) -> list:
    """The rows that come of an export."""
    sources = ProjectFiles(
        dictionary=dictionary(folder, *fields),
        exports=(export(folder, *lines),),
        trial=folder / "trial",
        missing_codes=tuple(MissingDecision(code=code, means=means) for code, means in codes),
    )
    write(prepare(sources), signed=SIGNED)
    text = (folder / "trial" / "data" / "f.csv").read_text(encoding="utf-8")
    return [line.split(",") for line in text.splitlines()[1:]]


WRONG_DICTIONARIES = {
    "a,b\n1,2": "expected the 18 columns",
    "": "expected the 18 columns",
    HEADER: "has no field below its header",
    HEADER.replace('"Field Type"', '"Typ"'): "lacks the column 'Field Type' and has the unknown",
    HEADER + ',"Form Name"\n': "more than once",
    f"{HEADER}\nid,../../etc/x,,text,ID" + "," * 13: "'../../etc/x' is no name of a form",
    f"{HEADER}\nid,f,,text,ID" + "," * 13 + "\n=cmd(),f,,text,X" + "," * 13: "no name of a field",
    f"{HEADER}\nid,f,,text,ID"
    + "," * 13
    + "\nid,f,,text,X"
    + "," * 13: "rows 2, 3: the field 'id'",
    f"{HEADER}\nid,f,,radio,ID" + "," * 13: "the first field names the record",
    f"{HEADER}\nid,f,,text,ID": "line 2: has 5 cells, but the header has 18",
    f'{HEADER}\nid,f,,text,"I D' + "," * 13: "never closed",
    "\x00": "NUL",
}


@pytest.mark.parametrize(("text", "why"), WRONG_DICTIONARIES.items(), ids=range(12))
def test_what_is_no_dictionary_is_refused(text: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "dictionary.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError) as refused:
        read_dictionary(path)
    assert why in str(refused.value)


def test_a_dictionary_of_very_many_forms_or_fields_is_refused(tmp_path: Path) -> None:
    many_forms = [f"q{number},f{number},,text,Q" + "," * 13 for number in range(1000)]
    with pytest.raises(DataFileError, match="has 1,001 forms, the largest of 5 fields"):
        read_dictionary(dictionary(tmp_path, *FIELDS, *many_forms))
    many_fields = [f"q{number},f,,text,Q" + "," * 13 for number in range(4996)]
    with pytest.raises(DataFileError, match="has 1 forms, the largest of 5,001 fields"):
        read_dictionary(dictionary(tmp_path, *FIELDS, *many_fields))


def test_a_file_of_another_encoding_or_of_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dictionary.csv"
    path.write_bytes(HEADER.encode() + "\nid,f,,text,Größe,,,,,,,,,,,,,".encode("cp1252"))
    with pytest.raises(DataFileError, match=r"line 2: byte \d+ is not UTF-8"):
        read_dictionary(path)
    path.write_bytes(b"PK\x03\x04rest")
    with pytest.raises(DataFileError, match="is a workbook or an archive"):
        read_dictionary(path)
    with pytest.raises(DataFileError, match="cannot be read"):
        read_dictionary(tmp_path / "nothing.csv")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^"])
def test_the_delimiter_is_known_by_the_header(delimiter: str, tmp_path: Path) -> None:
    rows = (COLS.replace(",", delimiter), delimiter.join(("7", "1", "1", "0", "1", "40", "2")))
    assert imported(tmp_path, *rows) == [["7", "1", "1", "yes", "40", "2"]]


WRONG_EXPORTS = {
    ("id;Gender", "1;2"): "export of raw data",
    ("sex,ok", "1,1"): "lacks the column 'record_id'",
    ("record,field_name,value,sex", "1,sex,2,"): "one value a row (EAV)",
    (COLS + ",sex", "1,1,1,0,1,40,2,1"): "'sex' is there more than once",
    (COLS, "1,1,1,0,1,40"): "has 6 cells, but the header has 7",
    (COLS, "1,Female,Checked,Unchecked,Yes,40,Complete"): "holds labels, not raw values",
    (COLS, "1,1,1,0,No,40,2"): "ok holds 'No'",
    ("record_id,redcap_event_name,sex", "1,Week 6 (Arm 1),1"): "redcap_event_name holds",
    (COLS + ",why___unk", "1,1,0,0,1,40,2,1"): "--missing=UNK=UNK",
    (COLS, "1,1,1,0,1,40,2", "1,2,1,0,1,41,2"): "subject_id 1 is there 2 times",
    (COLS, ",1,1,0,1,40,2"): "subject_id is blank",
    (COLS + ",SEX", "1,1,1,0,1,40,2,1"): "'sex', 'SEX' is there more than once",
    (COLS + ",why____99", "1,1,0,0,1,40,2,1"): "--missing=-99=UNK",
    ("record_id,redcap_repeat_instrument,redcap_repeat_instance,sex", "1,The form,1,1"): (
        "redcap_repeat_instrument holds 'The form'"
    ),
}


@pytest.mark.parametrize(("lines", "why"), WRONG_EXPORTS.items(), ids=range(14))
def test_what_is_no_raw_export_is_refused(lines: tuple[str, ...], why: str, tmp_path: Path) -> None:
    with pytest.raises(DataFileError) as refused:
        imported(tmp_path, *lines)
    assert why in str(refused.value)
    assert not (tmp_path / "trial").exists()


def test_what_nobody_filled_in_is_no_row(tmp_path: Path) -> None:
    rows = imported(
        tmp_path,
        COLS,
        "1,,0,0,,,0",  # never opened: REDCap's zeros
        "2,,,,,,",  # never opened, with "export blank for gray form status"
        "3,,0,0,,,1",  # marked unverified
        "4,,0,1,,,0",  # a box ticked
        "5,,0,0,0,,0",  # "no" is an answer
    )
    assert [row[0] for row in rows] == ["3", "4", "5"]
    listing = tmp_path / "trial" / "output" / "redcap_left_out.csv"
    assert '"export.csv, lines 2, 3",2 rows,' in listing.read_text(encoding="utf-8")
    assert [row[2] for row in rows] == ["none_of_these", "2", ""]


def test_an_export_of_names_alone_has_no_row(tmp_path: Path) -> None:
    assert imported(tmp_path, "record_id", "1", "2") == []
    listing = tmp_path / "trial" / "output" / "redcap_left_out.csv"
    assert '"export.csv, lines 2, 3",2 rows,' in listing.read_text(encoding="utf-8")


def test_missing_data_codes_become_reasons(tmp_path: Path) -> None:
    codes = (("-99", "REF"), ("NASK", "NASK"))
    rows = imported(
        tmp_path,
        COLS + ",why____99,why___nask",
        "1,-99,,,NASK,-99,2,1,0",
        "2,1,,,1,5,2,0,1",
        codes=codes,
    )
    assert rows == [["1", "REF", "REF", "NASK", "REF", "2"], ["2", "1", "NASK", "yes", "5", "2"]]


def test_missing_codes_are_said_on_the_call() -> None:
    assert missing_codes(["-99=UNK"]) == (MissingDecision(code="-99", means="UNK"),)
    for text in ("UNK", "=UNK", "-99="):
        with pytest.raises(DataFileError, match="does not say what the code means"):
            missing_codes([text])


def test_a_reason_that_the_protocol_does_not_know_is_refused(tmp_path: Path) -> None:
    (tmp_path / "trial").mkdir()
    (tmp_path / "trial" / "protocol.toml").write_text("[data]\n", encoding="utf-8")
    with pytest.raises(TrialkitError, match="no 'LOST', which REDCap's '-99' is said to mean"):
        imported(tmp_path, COLS, "1,1,1,0,1,40,2", codes=(("-99", "LOST"),))


def test_data_are_written_as_the_protocol_declares(tmp_path: Path) -> None:
    (tmp_path / "trial").mkdir()
    (tmp_path / "trial" / "protocol.toml").write_text(
        '[data]\ndelimiter = ";"\ndecimal = ","\ndates = "dmy"\n', encoding="utf-8"
    )
    fields = (
        FIELDS[0],
        "kg,f,,text,Weight,,,number,,,,,,,,,,",
        "on,f,,text,On,,,date_mdy,,,,,,,,,,",
    )
    (row,) = imported(tmp_path, "record_id,kg,on", "1,70.5,2025-01-31", fields=fields)
    assert row == ["1;70", "5;31-01-2025;"]


@pytest.mark.parametrize("name", ["redcap.toml", "protocol.toml"])
def test_a_wrong_file_of_the_trial_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / "trial").mkdir()
    text = "[[forms]]\nform = 'g'\n[strange]\n" if name == "redcap.toml" else "[data]\ndecimal=3\n"
    (tmp_path / "trial" / name).write_text(text, encoding="utf-8")
    with pytest.raises(TrialkitError, match=name):
        imported(tmp_path, COLS, "1,1,1,0,1,40,2")


def test_names_that_the_project_does_not_have_are_refused(tmp_path: Path) -> None:
    (tmp_path / "trial").mkdir()
    (tmp_path / "trial" / "redcap.toml").write_text(
        "[[forms]]\nform = 'g'\n[[purposes]]\nfield = 'seks'\npurpose = 'arm'\n"
        "[[codes]]\nfield = 'sex'\ncode = '1'\nbecomes = 'f'\n",
        encoding="utf-8",
    )
    with pytest.raises(TrialkitError) as refused:
        imported(tmp_path, COLS, "1,1,1,0,1,40,2")
    assert "'g'" in str(refused.value)
    assert "'seks'" in str(refused.value)
    assert "'sex'" not in str(refused.value)


def test_a_dictionary_that_grows_brings_its_new_fields(tmp_path: Path) -> None:
    imported(tmp_path, COLS, "1,1,1,0,1,40,2")
    more = (*FIELDS, "town,f,,text,Town,,,,,,,,,,,,,")
    sources = ProjectFiles(
        dictionary=dictionary(tmp_path, *more),
        exports=(export(tmp_path, COLS + ",town", "1,1,1,0,1,40,2,Rome", "2,,0,0,,,0,Oslo"),),
        trial=tmp_path / "trial",
    )
    path = tmp_path / "trial" / "forms" / "f.toml"
    made = path.read_text(encoding="utf-8")
    path.write_text(made.replace("Sex", "Sex or gender"), encoding="utf-8")
    kept = prepare(sources)
    assert any("the answers to town" in each.found for each in kept.left_out)
    path.write_text(made, encoding="utf-8")
    write(prepare(sources), signed=SIGNED)
    data = (tmp_path / "trial" / "data" / "f.csv").read_text(encoding="utf-8").splitlines()
    assert data == [
        "subject_id,sex,why,ok,age,town,f_complete", "1,1,1,yes,40,Rome,2", "2,,,,,Oslo,0",
    ]  # fmt: skip


def test_a_folder_of_forms_that_leads_away_is_refused(tmp_path: Path) -> None:
    (tmp_path / "trial").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "trial" / "forms").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DataFileError, match="leads out of the trial's folder"):
        imported(tmp_path, COLS, "1,1,1,0,1,40,2")
    assert not list((tmp_path / "elsewhere").iterdir())


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.binary(max_size=80), st.booleans())
def test_any_bytes_are_read_or_refused(tmp_path: Path, rest: bytes, as_export: bool) -> None:
    folder = tmp_path / "trial"
    fields, records = dictionary(tmp_path, *FIELDS), export(tmp_path, COLS)
    path = records if as_export else fields
    path.write_bytes(path.read_bytes() + b"\n" + rest)
    try:
        prepare(ProjectFiles(dictionary=fields, exports=(records,), trial=folder))
    except TrialkitError:
        return
    assert not folder.exists()


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)


@settings(max_examples=examples(40), deadline=None)
@given(rows=st.lists(st.tuples(*[CELLS] * 6), min_size=1, max_size=4))
def test_any_cells_of_a_dictionary_make_forms_that_say_the_same(
    rows: list[tuple[str, ...]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    kinds = ("text", "radio", "checkbox", "calc", "slider", "notes")
    lines = [
        ",".join(
            '"' + cell.replace('"', '""') + '"'
            for cell in (f"x{n}", "f", section, kinds[n % 6], label, choices, note, "integer",
                         low, "", "", logic, "y", "", "", "", "", logic)
        )
        for n, (section, label, choices, note, low, logic) in enumerate(rows)
    ]  # fmt: skip
    sources = ProjectFiles(
        dictionary=dictionary(folder, FIELDS[0], *lines), exports=(), trial=folder / "trial"
    )
    prepared = prepare(sources)
    write(prepared, signed=SIGNED)
    form = prepared.project.forms[0].form
    complaints = Complaints("f.toml")
    tables = tomllib.loads((folder / "trial" / "forms" / "f.toml").read_text(encoding="utf-8"))
    items = read_tables(Item, tables["items"], table="items", complaints=complaints)
    assert (items, complaints.all()) == (form.items, ())
    assert write(prepare(sources), signed=SIGNED) == ()


def test_what_a_person_got_wrong_in_a_dictionary_is_listed(tmp_path: Path) -> None:
    fields = (
        FIELDS[0],
        'a,f,,radio,A,"1, F | 2, M",,,,,,,,,,m,y,',
        "b,f,,text,B,,,integer,,,,,,,,m,y,",
        "s,f,,slider,S,,,number,,-3,,,,,,,,",
        'c,f,,checkbox,C,"count, Counted | 2, B",,,,,,,,,,,,',
        "d,f,,text,D,,,integer,9,3,,,,,,,,",
        "n,f,,text,N,,,,,,,\"[c(count)] = '1'\",,,,,,",
    )
    prepared = prepare(
        ProjectFiles(dictionary=dictionary(tmp_path, *fields), exports=(), trial=tmp_path / "trial")
    )
    listed = "\n".join(str(each) for each in prepared.left_out)
    for words in ("the ranking m", "range from '0' to '-3'", "'count_' here", "from '9' to '3'"):
        assert words in listed
    form = prepared.project.forms[0].form
    assert form.item("n").shown_when == "COALESCE(c__count_, FALSE)"


def test_two_forms_that_would_be_one_file_are_refused(tmp_path: Path) -> None:
    fields = (FIELDS[0], "a,con,,text,A,,,,,,,,,,,,,", "b,con_form,,text,B,,,,,,,,,,,,,")
    with pytest.raises(DataFileError, match="would both be written"):
        imported(tmp_path, COLS, "1,1,1,0,1,40,2", fields=fields)
