"""Records as rows of forms: every kind of cell, boxes that nobody ticked, visits and numbers."""

from pathlib import Path

import pytest

from tests.imports.redcap.fields import dictionary, field
from trialkit.imports.redcap.decisions import ImportDecisions, MissingDecision, NewCode
from trialkit.imports.redcap.dictionary import Field
from trialkit.imports.redcap.drafting import Project, draft_project
from trialkit.imports.redcap.export import Export, extras_of, found_in, read_export
from trialkit.imports.redcap.layout import lay_out
from trialkit.imports.redcap.tables import tables
from trialkit.imports.taking_in.incoming import IncomingTable
from trialkit.protocol.trial.data_format import DataFormat, DateOrder

FIELDS = (
    field("sex", kind="radio", choices="1, F | 2, M | -99, Odd"),
    field("arm", kind="radio", choices="1, New | 2, Old"),
    field("ok", kind="yesno"),
    field("size", validation="number_comma_decimal"),
    field("whole", validation="integer"),
    field("day", validation="date_dmy"),
    field("note"),
    field("head", kind="descriptive"),
    field("x", "log"),
)
DECISIONS = ImportDecisions(
    codes=(NewCode(field="arm", code="1", becomes="NEW"),),
    missing_codes=(
        MissingDecision(code="-99", means="UNK"),
        MissingDecision(code="-98", means="ND"),
    ),
)


def project(
    folder: Path,
    files: list[list[str]],
    *,
    fields: tuple[Field, ...] = FIELDS,
    data: DataFormat | None = None,
) -> tuple[list[Export], Project]:
    known = dictionary(*fields)
    exports = []
    for number, lines in enumerate(files):
        path = folder / f"{number}.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        exports.append(read_export(path, known, DECISIONS.reasons))
    found = [each for export in exports for each in found_in(export)]
    layout = lay_out(known.forms, designated=(), found=found, decisions=DECISIONS)
    drafted = draft_project(
        known, layout, DECISIONS, data=data or DataFormat(), extras=extras_of(exports)
    )
    return exports, drafted


def incoming(folder: Path, *files: list[str], **more: object) -> dict[str, IncomingTable]:
    exports, drafted = project(folder, list(files), **more)
    data = more.get("data") or DataFormat()
    return {each.form_id: each for each in tables(exports, drafted, data)}


def test_each_cell_is_what_the_trial_says_for_it(tmp_path: Path) -> None:
    found = incoming(
        tmp_path,
        [
            "record_id,sex,arm,ok,size,whole,day,note,base_complete",
            ' S1 ,1, 1 ,1,"1,5",7,2025-02-03, two  words ,2',
            "S2,2,2,0,-98,-99,-98,-99,0",
            "S3,-99,-99, 0 ,,,,1,1",
        ],
    )["base"]
    assert found.cells.columns == [
        "subject_id", "sex", "arm", "ok", "size", "whole", "day", "note", "base_complete",
    ]  # fmt: skip
    assert found.cells.rows() == [
        ("S1", "1", "NEW", "yes", "1.5", "7", "2025-02-03", " two  words ", "2"),
        ("S2", "2", "2", "no", "ND", "UNK", "ND", "UNK", "0"),
        # -99 is a choice of sex and a missing data code of everything else
        ("S3", "-99", "UNK", "no", "", "", "", "1", "1"),
    ]
    assert found.places == ("0.csv, line 2", "0.csv, line 3", "0.csv, line 4")


def test_dates_and_numbers_are_those_of_the_trials_files(tmp_path: Path) -> None:
    data = DataFormat(delimiter=";", decimal=",", dates=DateOrder.DMY)
    lines = ["record_id,sex,size,day,note", 'S1,1,"1,5",2025-02-03,2025-02-03']
    found = incoming(tmp_path, lines, data=data)["base"]
    assert found.cells.rows() == [("S1", "1", "1,5", "03-02-2025", "2025-02-03")]
    months = incoming(tmp_path, lines, data=DataFormat(dates=DateOrder.MDY))["base"]
    assert months.cells.rows() == [("S1", "1", "1.5", "02-03-2025", "2025-02-03")]


def test_several_files_make_one_table_and_lacking_cells_are_blank(tmp_path: Path) -> None:
    found = incoming(
        tmp_path,
        ["record_id,sex,whole", "S1,1,5", "S2,,", "S3,2,6"],
        ["record_id,note,sex", "S4,hello,1"],
    )
    assert list(found) == ["base"]
    assert found["base"].cells.to_dict(as_series=False) == {
        "subject_id": ["S1", "S3", "S4"],
        "sex": ["1", "2", "1"],
        "whole": ["5", "6", ""],
        "note": ["", "", "hello"],
    }
    assert found["base"].places == ("0.csv, line 2", "0.csv, line 4", "1.csv, line 2")


def test_a_form_of_which_the_file_has_columns_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    found = incoming(tmp_path, ["record_id,sex,x", "S1,1,"])
    assert found["log"].cells.columns == ["subject_id", "x"]
    assert (found["log"].cells.height, found["log"].places) == (0, ())


def test_visits_are_those_of_the_events_and_rows_are_numbered(tmp_path: Path) -> None:
    found = incoming(
        tmp_path,
        [
            "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,sex,x",
            "S1,start_arm_1,,,1,",
            "S1,w6_arm_1,,,2,7",
            "S1,w6_arm_1,log,3,,8",
        ],
    )
    assert found["base"].cells.rows() == [("S1", "start", "1"), ("S1", "w6", "2")]
    assert found["log"].cells.columns == ["subject_id", "repeat", "x"]
    # the row without an instance is the first
    assert found["log"].cells.rows() == [("S1", "1", "7"), ("S1", "3", "8")]


BOXES = "1, A | count, B | 3, C"
BOX_COLUMNS = "record_id,b___1,b___count,b___3,b____99,b____98,base_complete,sex"


def ticked(folder: Path, *rows: str, **more: object) -> list[str]:
    box = field("b", kind="checkbox", choices=BOXES, **more)
    found = incoming(folder, [BOX_COLUMNS, *rows], fields=(box, FIELDS[0]))
    return found["base"].cells["b"].to_list()


def test_ticked_boxes_are_their_codes_with_a_space_between(tmp_path: Path) -> None:
    assert ticked(
        tmp_path,
        "S1,1,1,0,0,0,0,",
        "S2,0,0,1,0,0,0,",
        "S3, 1 ,0,1,,,,",
        # a reason stands in the place of ticks, the last one of two
        "S4,1,0,0,1,0,2,",
        "S5,0,0,0,1,1,2,",
    ) == ["1 count_", "3", "1 3", "UNK", "ND"]


def test_boxes_that_nobody_ticked_are_an_answer_once_the_form_was_marked(tmp_path: Path) -> None:
    rows = (
        "S1,0,0,0,0,0,2,1",
        "S2,0,0,0,0,0,1,1",
        # incomplete, or not asked
        "S3,0,0,0,0,0,0,1",
        "S4,,,,,,2,1",
        "S5,0,0,,,,2,1",
    )
    assert ticked(tmp_path, *rows) == ["none_of_these", "none_of_these", "", "", ""]
    # nobody knows whether a field was seen that is shown at times, or has to be answered
    assert ticked(tmp_path, *rows, branching="[sex] = '1'") == [""] * 5
    assert ticked(tmp_path, *rows, required=True) == [""] * 5
    assert ticked(tmp_path, *rows, annotation="@NONEOFTHEABOVE=3") == [""] * 5


def test_without_the_status_of_the_form_nothing_is_an_answer(tmp_path: Path) -> None:
    box = field("b", kind="checkbox", choices="1, A")
    found = incoming(tmp_path, ["record_id,b___1,sex", "S1,0,1"], fields=(box, FIELDS[0]))
    assert found["base"].cells.rows() == [("S1", "", "1")]


@pytest.mark.parametrize(
    ("time", "kept"), [("[not completed]", ""), ("2025-01-02 03:04:05", "2025-01-02 03:04:05")]
)
def test_a_survey_that_was_begun_has_no_time(time: str, kept: str, tmp_path: Path) -> None:
    found = incoming(tmp_path, ["record_id,sex,base_timestamp", f"S1,1, {time} "])["base"]
    assert found.cells.columns == ["subject_id", "sex", "base_timestamp"]
    assert found.cells.rows() == [("S1", "1", kept)]


def test_the_group_of_a_record_is_a_cell_of_the_first_form(tmp_path: Path) -> None:
    found = incoming(tmp_path, ["record_id,redcap_data_access_group,sex,x", "S1,north,1,5"])
    assert found["base"].cells.columns == ["subject_id", "redcap_data_access_group", "sex"]
    assert found["base"].cells.rows() == [("S1", "north", "1")]
    assert found["log"].cells.columns == ["subject_id", "x"]


def test_words_stay_as_they_were_typed_but_for_the_time_of_a_survey(tmp_path: Path) -> None:
    fields = field("about"), field("zeal"), FIELDS[0]
    words = " [not completed] "
    found = incoming(tmp_path, ["record_id,about,zeal,sex", f"S1,{words},{words},1"], fields=fields)
    assert found["base"].cells.rows() == [("S1", words, words, "1")]
