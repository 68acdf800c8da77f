"""Rows from elsewhere as rows of a form: what each cell becomes, in which order, and what is left."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl
import pytest

from trialkit.errors import DataFileError, ProtocolError
from trialkit.imports.taking_in.mapping import FileMapping, TableMapping
from trialkit.imports.taking_in.placing import Placed, place_table
from trialkit.imports.taking_in.source_tables import SourceTable
from trialkit.protocol.trial.data_format import DataFormat, DateOrder
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item
from trialkit.schemas.items.answers import ItemChoice
from trialkit.schemas.items.item_types import ItemType

FORM = Form(
    id="pain", title="Pain", kind=FormKind.OTHER, expected=Expected.AS_NEEDED, visits=("BL", "W6"),
    repeating=False, rules=(), file="", sha256="",
    items=(
        Item(id="day", label="Day", type=ItemType.DATE),
        Item(id="vas", label="Pain", type=ItemType.DECIMAL),
        Item(
            id="side", label="Side", type=ItemType.CHOICE,
            choices=(ItemChoice(code="l", label="Left"), ItemChoice(code="r", label="Right")),
        ),
        Item(id="twice", label="Twice", type=ItemType.CALCULATED, calculation="2 * vas"),
    ),
)  # fmt: skip
LOG = replace(FORM, id="log", visits=("BL", "W6"), repeating=True)
ONCE = replace(FORM, id="once", visits=())


def source(cells: Mapping[str, list[str]], **more: object) -> SourceTable:
    table = pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String))
    parts = {"troubles": {}, "formulas": {}, "merged": (), **more}
    return SourceTable(
        place="answers.csv", sheet="", cells=table,
        places=tuple(f"line {row + 2}" for row in range(table.height)), **parts,
    )  # fmt: skip


def placed(
    cells: Mapping[str, list[str]] | SourceTable,
    form: Form = FORM,
    *,
    missing: Mapping[str, str] | None = None,
    data: DataFormat | None = None,
    written: DataFormat | None = None,
    **mapping: object,
) -> Placed:
    table = TableMapping(form=form.id, **mapping)
    return place_table(
        cells if isinstance(cells, SourceTable) else source(cells),
        form,
        mapping=table,
        file=FileMapping(file="map.toml", missing=missing or {}, tables=(table,)),
        data=data or DataFormat(),
        written=written or DataFormat(),
    )


def rows(found: Placed) -> list[tuple[str | None, ...]]:
    return found.table.cells.rows()


def left(found: Placed) -> list[str]:
    return [str(each) for each in found.left_out]


PLAIN = {
    "vas": ["12.5", "", "7"],
    "subject_id": ["S1", "S2", "S3"],
    "other": ["x", "", "y"],
    "visit": ["BL", "W6", ""],
    "blank": [" ", "", ""],
}


def test_columns_are_taken_by_their_names_in_the_order_of_the_form() -> None:
    found = placed(PLAIN)
    assert found.table.form_id == "pain"
    assert found.table.cells.columns == ["subject_id", "visit", "vas"]
    # the second row has a key alone
    assert rows(found) == [("S1", "BL", "12.5"), ("S3", "", "7")]
    assert found.table.places == ("line 2", "line 4")
    # a column without any answer is not worth a word
    assert left(found) == [
        "answers.csv: column 'other': nothing that is entered on pain is named so",
        "answers.csv: 1 row with a key alone: nothing is answered",
    ]


def test_rows_of_a_key_alone_are_counted_and_blank_rows_are_not() -> None:
    cells = {"subject_id": ["S1", "S2", " ", "S4"], "visit": ["BL", "BL", "", ""], "vas": ["", " ", "", "5"]}  # fmt: skip
    found = placed(cells)
    assert rows(found) == [("S4", "", "5")]
    assert left(found) == ["answers.csv: 2 rows with a key alone: nothing is answered"]


def test_a_misspelt_column_is_listed_with_what_it_may_mean() -> None:
    found = placed({**PLAIN, "vass": ["1", "2", "3"]}, ignore=("other",))
    assert left(found)[0] == (
        "answers.csv: column 'vass': nothing that is entered on pain is named so; did you mean "
        "'vas'?"
    )


def test_columns_of_other_names_constants_and_codes() -> None:
    cells = {"who": ["S1", "S2", "S3"], "when": ["1", "2", "1"], "cm": ["5", "-9", "n/a"], "side": ["1", "2", "9"]}  # fmt: skip
    found = placed(
        cells,
        columns={"subject_id": "who", "visit": "when", "vas": "cm"},
        constants={"day": "2025-03-31"},
        values={"visit": {"1": "BL", "2": "W6"}, "side": {"1": "r", "2": "l"}, "vas": {"n/a": "ND"}},
        missing={"-9": "UNK", "n/a": "NA", "1": "REF"},
    )  # fmt: skip
    assert found.table.cells.columns == ["subject_id", "visit", "day", "vas", "side"]
    assert rows(found) == [
        ("S1", "BL", "2025-03-31", "5", "r"),
        ("S2", "W6", "2025-03-31", "UNK", "l"),
        # what an item has of its own goes before what the file says of every item
        ("S3", "BL", "2025-03-31", "ND", "9"),
    ]
    assert left(found) == []


def test_a_missing_code_of_the_file_is_none_in_a_key() -> None:
    cells = {"subject_id": ["-9"], "visit": ["BL"], "vas": ["-9"]}
    assert rows(placed(cells, missing={"-9": "UNK"})) == [("-9", "BL", "UNK")]


def test_labels_become_codes_where_the_mapping_says_so() -> None:
    cells = {
        "subject_id": ["S1", "S2", "S3"],
        "visit": ["BL"] * 3,
        "side": [" Right ", "Left", "l"],
    }
    kept, changed = placed(cells), placed(cells, labels=True)
    assert [row[-1] for row in rows(kept)] == [" Right ", "Left", "l"]
    assert [row[-1] for row in rows(changed)] == ["r", "l", "l"]


def test_a_constant_beside_a_column_of_its_name_is_told() -> None:
    found = placed(PLAIN, constants={"visit": "W6"}, ignore=("other",))
    assert [row[:2] for row in rows(found)] == [("S1", "W6"), ("S3", "W6")]
    assert left(found)[0] == "answers.csv: column 'visit': the mapping says what it is in every row"


def test_a_wide_row_becomes_a_row_for_each_visit() -> None:
    cells = {
        "subject_id": ["S1", "S2"],
        "side": ["l", "r"],
        "vas_0": ["10", "20"],
        "vas_6": ["11", ""],
        "day_6": ["2025-02-01", ""],
        "vas": ["99", "98"],
    }
    visits = {"W6": {"vas": "vas_6", "day": "day_6"}, "BL": {"vas": "vas_0"}}
    found = placed(cells, visits=visits, ignore=("vas", "side"))
    # by the row of the source, then in the order of the mapping
    assert found.table.cells.columns == ["subject_id", "visit", "day", "vas"]
    assert rows(found) == [
        ("S1", "W6", "2025-02-01", "11"),
        ("S1", "BL", None, "10"),
        ("S2", "BL", None, "20"),
    ]
    assert found.table.places == ("line 2", "line 2", "line 3")
    assert left(found) == ["answers.csv: 1 row with a key alone: nothing is answered"]
    # a column without a visit belongs to all of them
    common = placed(cells, visits=visits, ignore=("vas",))
    assert [row[-1] for row in rows(common)] == ["l", "l", "r", "r"]


def test_rows_are_numbered_within_participant_and_visit() -> None:
    cells = {
        "subject_id": ["S1", "S2", "S1", "S1", "S1"],
        "visit": ["BL", "BL", "BL", "W6", "BL"],
        "vas": ["1", "2", "3", "4", ""],
    }
    found = placed(cells, LOG, number_rows=True)
    assert rows(found) == [
        ("S1", "BL", "1", "1"), ("S2", "BL", "1", "2"), ("S1", "BL", "2", "3"), ("S1", "W6", "1", "4"),
    ]  # fmt: skip
    own = placed({**cells, "repeat": ["5", "6", "7", "8", "9"]}, LOG)
    assert [row[2] for row in rows(own)] == ["5", "6", "7", "8"]


def test_midnight_of_a_workbook_is_a_day() -> None:
    cells = {
        "subject_id": ["S1", "S2", "S3"],
        "visit": ["BL"] * 3,
        "day": ["2025-03-04 00:00:00", "2025-03-04 00:00", "2025-03-04 00:01"],
    }
    assert [row[2] for row in rows(placed(cells))] == [
        "2025-03-04",
        "2025-03-04",
        "2025-03-04 00:01",
    ]
    # and stands in the order of the trial's own files
    ours = DataFormat(dates=DateOrder.DMY, delimiter=";")
    found = placed(cells, data=ours, written=ours)
    assert rows(found)[0][2] == "04-03-2025"


def test_dates_and_numbers_become_those_of_the_trial() -> None:
    cells = {"subject_id": ["S1"], "visit": ["BL"], "day": ["3.4.2025"], "vas": ["1,5"]}
    found = placed(cells, written=DataFormat(delimiter=";", decimal=",", dates=DateOrder.DMY))
    assert rows(found) == [("S1", "BL", "2025-04-03", "1.5")]
    # a constant of the mapping is in the trial's words already
    fixed = placed(
        {"subject_id": ["S1"], "visit": ["BL"], "vas": ["1,5"]},
        constants={"day": "2025-04-03"},
        written=DataFormat(delimiter=";", decimal=",", dates=DateOrder.DMY),
    )
    assert rows(fixed) == [("S1", "BL", "2025-04-03", "1.5")]


MISFITS = {
    "a column": (
        FORM,
        {"columns": {"vas": "pian"}},
        (
            "map.toml: [tables pain.columns] vas: found 'pian', which is no column of answers.csv; "
            "expected one of subject_id, visit, pain; did you mean 'pain'?"
        ),
    ),
    "a column of a sheet": (
        FORM,
        {"columns": {"vas": "pian"}, "sheet": "Sheet1"},
        "map.toml: [tables Sheet1.columns] vas: found 'pian', which is no column of",
    ),
    "a column of a visit": (
        FORM,
        {"visits": {"W6": {"vas": "zzz"}}},
        (
            "map.toml: [tables pain.visits.W6] vas: found 'zzz', which is no column of answers.csv; "
            "expected one of subject_id, visit, pain"
        ),
    ),
    "a column to ignore": (
        FORM,
        {"ignore": ("zzz",)},
        "map.toml: [tables pain] ignore: found 'zzz', which is no column of answers.csv",
    ),
    "no repeat": (
        LOG,
        {},
        (
            "map.toml: [tables log] repeat: found no column 'repeat' in answers.csv; expected a number "
            "for each row: columns.repeat, or number_rows = true; its columns are subject_id, visit, "
            "pain"
        ),
    ),
    "no visit": (
        FORM,
        {"ignore": ("visit",)},
        (
            "map.toml: [tables pain] visit: found no column 'visit' in answers.csv; expected a visit "
            "for each row: columns.visit, constants.visit or visits; its columns are"
        ),
    ),
    "no participant": (
        ONCE,
        {"ignore": ("subject_id",)},
        (
            "map.toml: [tables once] subject_id: found no column 'subject_id' in answers.csv; expected "
            "columns.subject_id, the column that names the participant; its columns are"
        ),
    ),
}


@pytest.mark.parametrize(("form", "mapping", "message"), MISFITS.values(), ids=MISFITS)
def test_what_the_file_does_not_have_is_told(
    form: Form, mapping: dict[str, object], message: str
) -> None:
    with pytest.raises(ProtocolError) as error:
        placed({"subject_id": ["S1"], "visit": ["BL"], "pain": ["5"]}, form, **mapping)
    (said,) = error.value.complaints
    assert str(said).startswith(message)


def test_without_a_mapping_the_source_itself_is_named() -> None:
    with pytest.raises(ProtocolError, match=r"answers\.csv: \[tables once\] subject_id: found no"):
        place_table(
            source({"vas": ["1"]}),
            ONCE,
            mapping=TableMapping(form="once"),
            file=FileMapping(file=""),
            data=DataFormat(),
            written=DataFormat(),
        )


def test_a_key_may_be_a_constant_a_visit_of_its_columns_or_a_number() -> None:
    cells = {"subject_id": ["S1"], "vas": ["5"]}
    assert rows(placed(cells, constants={"visit": "W6"})) == [("S1", "W6", "5")]
    assert rows(placed(cells, visits={"W6": {"vas": "vas"}})) == [("S1", "W6", "5")]
    numbered = placed(cells, LOG, constants={"visit": "W6"}, number_rows=True)
    assert rows(numbered) == [("S1", "W6", "1", "5")]


def test_cells_without_a_value_stop_the_import_where_they_are_used() -> None:
    troubled = source(
        {"subject_id": ["S1"], "visit": ["BL"], "vas": ["5"], "other": ["1"]},
        troubles={"vas": ("cell C2: a formula",), "day": (), "other": ("cell D2: an error",)},
        merged=("A3:B3",),
    )
    with pytest.raises(DataFileError) as error:
        placed(troubled)
    assert str(error.value) == (
        "answers.csv: nothing was imported:\n  - cell C2: a formula\n  - cells A3:B3 are merged; "
        "unmerge them, so that each has its own value"
    )
    elsewhere = replace_troubles(troubled, {"other": ("cell D2: an error",)})
    assert rows(placed(elsewhere)) == [("S1", "BL", "5")]


def replace_troubles(table: SourceTable, troubles: Mapping[str, tuple[str, ...]]) -> SourceTable:
    return replace(table, troubles=troubles, merged=())


@pytest.mark.parametrize("count", [20, 21])
def test_twenty_cells_are_shown_and_the_others_counted(count: int) -> None:
    cells = source(
        {"subject_id": ["S1"], "visit": ["BL"], "vas": ["5"]},
        troubles={"vas": tuple(f"cell C{number}" for number in range(count))},
    )
    with pytest.raises(DataFileError) as error:
        placed(cells)
    shown = str(error.value).splitlines()
    assert (len(shown) - 1, shown[-1]) == (
        (20, "  - cell C19") if count == 20 else (21, "  and 1 more")
    )


def test_formulas_whose_last_value_was_taken_are_counted() -> None:
    cells = {"subject_id": ["S1"], "visit": ["BL"], "vas": ["5"], "zzz": ["1"]}
    one = placed(source(cells, formulas={"vas": 1, "zzz": 7}), ignore=())
    assert left(one)[-1] == (
        "answers.csv: the formula of a cell: the value that was last worked out was taken"
    )
    many = placed(source(cells, formulas={"vas": 2, "visit": 1, "zzz": 7}))
    assert left(many)[-1].startswith("answers.csv: the formulas of 3 cells: ")
    assert not any("formula" in each for each in left(placed(source(cells, formulas={"zzz": 7}))))


def test_a_column_named_as_the_key_that_the_mapping_states_is_left_out() -> None:
    """The mapping says which columns are of which visit, or that rows are numbered."""
    wide = {"subject_id": ["S1"], "visit": ["W6"], "first": ["1"]}
    found = placed(wide, visits={"BL": {"vas": "first"}})
    assert rows(found) == [("S1", "BL", "1")]
    assert "visit" in left(found)[0]
    told = {
        "subject_id": ["S1", "S1"],
        "visit": ["BL", "BL"],
        "repeat": ["7", "8"],
        "vas": ["1", "2"],
    }
    found = placed(told, LOG, number_rows=True)
    assert rows(found) == [("S1", "BL", "1", "1"), ("S1", "BL", "2", "2")]
    assert "repeat" in left(found)[0]
