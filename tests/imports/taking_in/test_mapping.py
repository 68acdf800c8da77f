from pathlib import Path
from textwrap import dedent

import pytest

from tests.imports.books import book, sheet, texts
from trialkit.errors import DataFileError, ProtocolError
from trialkit.imports.entry_workbook.from_workbook import from_workbook
from trialkit.imports.taking_in.from_csv import from_csv
from trialkit.imports.taking_in.incoming import Incoming
from trialkit.imports.taking_in.mapping import FileMapping, read_mapping
from trialkit.protocol.trial.data_format import DataFormat, DateOrder
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Schemas
from trialkit.schemas.items.answers import ItemChoice
from trialkit.schemas.items.item_types import ItemType

SEXES = (ItemChoice(code="f", label="Female"), ItemChoice(code="m", label="Male"))
ITEMS = (
    Item(id="day", label="Day", type=ItemType.DATE),
    Item(id="vas", label="Pain", type=ItemType.DECIMAL),
    Item(id="sex", label="Sex", type=ItemType.CHOICE, choices=SEXES),
)


def form(name: str, *, visits: tuple[str, ...] = (), repeating: bool = False) -> Form:
    return Form(
        id=name, title=name, kind=FormKind.OTHER, expected=Expected.AS_NEEDED, visits=visits,
        repeating=repeating, items=ITEMS, rules=(), file=f"forms/{name}.toml", sha256="",
    )  # fmt: skip


FORMS = (form("pain", visits=("BL", "W6")), form("events", repeating=True), form("person"))
SCHEMAS = Schemas(forms=FORMS, data=DataFormat())


def mapping(folder: Path, text: str, schemas: Schemas = SCHEMAS) -> FileMapping:
    path = folder / "map.toml"
    path.write_text(dedent(text), encoding="utf-8")
    return read_mapping(path, schemas)


def imported(
    folder: Path, content: str, text: str, *, form: str = "pain", schemas=SCHEMAS
) -> Incoming:
    path = folder / "a.csv"
    path.write_bytes(content.encode("cp1252"))
    return from_csv(path, form, schemas, mapping(folder, text, schemas))


def rows(incoming: Incoming) -> list[dict[str, str]]:
    return incoming.tables[0].cells.to_dicts()


def test_columns_of_other_names_and_values_of_other_words(tmp_path: Path) -> None:
    found = imported(
        tmp_path,
        "Pat-Nr;Zeitpunkt;VAS (mm);Datum;Geschlecht;Bemerkung;Größe\n"
        "007;Anfang;44,5;3.2.2025;1;gut;1\n008;Anfang;-99;;2;;\n",
        """
        [file]
        delimiter = ";"
        decimal = ","
        dates = "dmy"
        encoding = "cp1252"
        [missing]
        "-99" = "ND"
        [[tables]]
        form = "pain"
        ignore = ["Bemerkung"]
        [tables.columns]
        subject_id = "Pat-Nr"
        visit = "Zeitpunkt"
        vas = "VAS (mm)"
        day = "Datum"
        sex = "Geschlecht"
        [tables.values.visit]
        "Anfang" = "BL"
        [tables.values.sex]
        "1" = "m"
        "2" = "f"
        """,
    )
    assert rows(found) == [
        {"subject_id": "007", "visit": "BL", "day": "2025-02-03", "vas": "44.5", "sex": "m"},
        {"subject_id": "008", "visit": "BL", "day": "", "vas": "ND", "sex": "f"},
    ]
    assert found.tables[0].places == ("line 2", "line 3")
    assert [each.found for each in found.left_out] == ["column 'Größe'"]


def test_columns_for_each_visit_become_a_row_for_each_visit(tmp_path: Path) -> None:
    found = imported(
        tmp_path,
        "id,sex,vas0,vas6\n1,Female,10,20\n2,Male,,30\n3,Male,,\n",
        """
        [[tables]]
        form = "pain"
        labels = true
        [tables.columns]
        subject_id = "id"
        [tables.visits.BL]
        vas = "vas0"
        sex = "sex"
        [tables.visits.W6]
        vas = "vas6"
        """,
    )
    assert [(r["subject_id"], r["visit"], r["vas"], r["sex"]) for r in rows(found)] == [
        ("1", "BL", "10", "f"), ("1", "W6", "20", None), ("2", "BL", "", "m"),
        ("2", "W6", "30", None), ("3", "BL", "", "m"),
    ]  # fmt: skip


def test_rows_of_a_repeating_form_are_numbered_when_asked(tmp_path: Path) -> None:
    content = "subject_id,vas\n1,10\n2,20\n1,30\n"
    text = '[[tables]]\nform = "events"\nnumber_rows = true\n'
    found = imported(tmp_path, content, text, form="events")
    assert [(r["subject_id"], r["repeat"], r["vas"]) for r in rows(found)] == [
        ("1", "1", "10"), ("2", "1", "20"), ("1", "2", "30"),
    ]  # fmt: skip
    with pytest.raises(ProtocolError, match="number_rows = true"):
        imported(tmp_path, content, "", form="events")


def test_everything_wrong_with_a_mapping_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError) as error:
        mapping(
            tmp_path,
            """
            fle = 1
            [file]
            delimiter = ","
            decimal = ","
            [missing]
            "-99" = "NDD"
            [[tables]]
            form = "pian"
            [[tables]]
            form = "person"
            number_rows = true
            labels = "yes"
            [[tables]]
            form = "pain"
            [tables.columns]
            vsa = "x"
            [tables.constants]
            visit = "BLL"
            [tables.values.sex]
            "1" = "male"
            [tables.visits.W7]
            vas = "y"
            [tables.values.vas]
            "1" = 2
            """,
        )
    text = str(error.value)
    for words in (
        "an unknown key", "delimiter and decimal", "did you mean 'ND'?", "did you mean 'pain'?",
        "did you mean 'vas'?", "did you mean 'BL'?", "one of f, m", "'W7'", "a text in quotation marks",
        "labels: found 'yes'", "columns for each visit beside",
    ):  # fmt: skip
        assert words in text


def test_columns_that_the_file_does_not_have_are_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError) as error:
        imported(
            tmp_path, "id,vas_score\n1,2\n",
            '[[tables]]\nform = "pain"\n[tables.columns]\nsubject_id = "ID"\nvas = "vas_scores"\n',
        )  # fmt: skip
    assert "'ID', which is no column of a.csv" in str(error.value)
    assert "did you mean 'vas_score'?" in str(error.value)
    assert "visit: found no column 'visit'" in str(error.value)


@pytest.mark.parametrize(("cell", "wrong"), [('"1.234"', "1.234"), ("12-13-2025", "12-13-2025")])
def test_what_cannot_be_read_the_files_way_is_not_read_in_the_trials(
    tmp_path: Path, cell: str, wrong: str
) -> None:
    item = "vas" if "." in cell else "day"
    text = '[file]\ndelimiter = ";"\ndecimal = ","\ndates = "dmy"\n'
    with pytest.raises(DataFileError, match=f"'{wrong}' cannot be read as"):
        imported(tmp_path, f"subject_id;{item}\n1;{cell}\n", text, form="person")


def test_a_file_in_the_trials_own_format_is_taken_as_it_is(tmp_path: Path) -> None:
    german = Schemas(forms=FORMS, data=DataFormat(delimiter=";", decimal=",", dates=DateOrder.DMY))
    content = "subject_id;vas;day\n1;1.234;31.12.2025\n2;1,5;nonsense\n"
    found = imported(tmp_path, content, "", form="person", schemas=german)
    assert [r["vas"] for r in rows(found)] == ["1.234", "1,5"]
    assert [r["day"] for r in rows(found)] == ["31.12.2025", "nonsense"]


def test_a_workbook_of_a_sheet_a_visit_becomes_one_table(tmp_path: Path) -> None:
    pages = {
        "Start": sheet(texts("Study"), texts("Pat", "VAS"), texts("1") + "<c><v>2.5</v></c>"),
        "End": sheet(texts("Pat", "VAS", "S"), texts("1", "3", "f")),
    }
    both = mapping(
        tmp_path,
        """
        [[tables]]
        form = "pain"
        sheet = "Start"
        columns = { subject_id = "Pat", vas = "VAS" }
        constants = { visit = "BL" }
        [[tables]]
        form = "pain"
        sheet = "End"
        columns = { subject_id = "Pat", vas = "VAS", sex = "S" }
        constants = { visit = "W6" }
        """,
    )
    found = from_workbook(book(tmp_path / "b.xlsx", sheets=pages), SCHEMAS, both)
    assert len(found.tables) == 1
    assert [(r["visit"], r["vas"], r["sex"]) for r in rows(found)] == [
        ("BL", "2.5", None), ("W6", "3", "f"),
    ]  # fmt: skip


def test_a_sheet_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    path = book(tmp_path / "b.xlsx", sheets={"Schmerz": sheet(texts("x"))})
    one = mapping(tmp_path, '[[tables]]\nform = "pain"\nsheet = "Schmerzen"\n')
    with pytest.raises(ProtocolError, match="did you mean 'Schmerz'"):
        from_workbook(path, SCHEMAS, one)


def test_numbers_of_a_workbook_have_the_decimal_sign_of_the_trial(tmp_path: Path) -> None:
    german = Schemas(forms=FORMS, data=DataFormat(delimiter=";", decimal=",", dates=DateOrder.DMY))
    numbers = "".join(f"<c><v>{each}</v></c>" for each in ("2.5", "1.5E-5", "-3"))
    head = texts("vas", "x", "y", "subject_id", "day")
    page = sheet(head, numbers + texts("1", "2025-03-31"))
    found = from_workbook(book(tmp_path / "b.xlsx", sheets={"person": page}), german)
    assert rows(found) == [{"subject_id": "1", "day": "31-03-2025", "vas": "2,5"}]


@pytest.mark.parametrize(
    ("form", "said", "where"),
    [
        ("pain", '[tables.columns]\nvas = "a"\n[tables.constants]\nvas = "1"', "columns"),
        ("events", 'number_rows = true\n[tables.columns]\nrepeat = "a"', "columns"),
        ("events", 'number_rows = true\n[tables.constants]\nrepeat = "1"', "constants"),
        ("pain", '[tables.constants]\nvas = "1"\n[tables.visits.BL]\nvas = "a"', "visits.BL"),
        ("pain", '[tables.visits.BL]\nvisit = "a"', "visits.BL"),
    ],
)
def test_what_a_mapping_says_twice_is_told(
    tmp_path: Path, form: str, said: str, where: str
) -> None:
    with pytest.raises(ProtocolError, match=f"{where}.*also says in another way"):
        mapping(tmp_path, f'[[tables]]\nform = "{form}"\n{said}\n')
