"""An export of raw values: which rows are of which form, which were never opened, what is no export."""

from pathlib import Path

import pytest

from tests.imports.redcap.fields import dictionary, field
from trialkit.errors import DataFileError
from trialkit.imports.redcap.export import (
    Export,
    Tick,
    columns_left_out,
    extras_of,
    found_in,
    own_rows,
    read_export,
    rows_left_out,
)
from trialkit.imports.redcap.layout import Found
from trialkit.imports.redcap.system_fields import Extras

PROJECT = dictionary(
    field("sex", kind="radio", choices="1, F | 2, M"),
    field("why", kind="checkbox", choices="1, A | -2, B"),
    field("ok", "visit_form", "yesno"),
    field("twice", "visit_form", "calc"),
    field("head", "visit_form", "descriptive"),
    field("drug", "log"),
)
REASONS = {"-99": "UNK"}


def read(folder: Path, *lines: str) -> Export:
    path = folder / "e.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_export(path, PROJECT, REASONS)


def refused(folder: Path, *lines: str) -> str:
    with pytest.raises(DataFileError) as error:
        read(folder, *lines)
    return str(error.value)


def records(export: Export, form: str) -> list[str]:
    return own_rows(export, form)["record_id"].to_list()


def left(found) -> list[str]:
    return [str(each) for each in found]


def test_columns_are_known_in_any_case_and_those_of_boxes_by_their_codes(tmp_path: Path) -> None:
    export = read(tmp_path, "Record_ID,WHY___1,why____2,why____99,Sex", "S1, 1 ,0,0,2")
    why, sex = PROJECT.fields[2], PROJECT.fields[1]
    assert (export.file, export.dictionary, export.reasons) == ("e.csv", PROJECT, REASONS)
    assert export.cells.columns == ["record_id", "why___1", "why____2", "why____99", "sex"]
    assert export.lines.tolist() == [2]
    assert export.ticks(why) == (
        Tick(column="why___1", code="1"), Tick(column="why____2", code="-2"),
    )  # fmt: skip
    assert export.reason_ticks(why) == (Tick(column="why____99", code="-99"),)
    assert export.ticks(sex) == ()
    assert (export.has("sex"), export.has("ok"), export.has("SEX")) == (True, False, False)
    cells = export.cells.select(there=export.system("why___1"), gone=export.system("ok"))
    assert cells.rows() == [("1", "")]


def test_a_choice_that_the_file_has_no_column_for_is_not_ticked(tmp_path: Path) -> None:
    export = read(tmp_path, "record_id,why____2", "S1,1")
    assert [tick.code for tick in export.ticks(PROJECT.fields[2])] == ["-2"]
    assert export.reason_ticks(PROJECT.fields[2]) == ()


OPENED = (
    (
        "record_id,redcap_repeat_instrument,sex,why___1,why____99,base_complete,ok,twice,"
        "visit_form_timestamp,visit_form_complete,drug"
    ),
    "answered,,1,0,0,0,,5,,0,",
    "ticked,,,1,0,0,,5,,0,",
    "reason,,,0,1,0,,,,,",
    "unverified,,,0,0,1,,,,,",
    "complete,,,0,0, 2 ,,,,,",
    "survey,,,0,0,0,,,2025-01-02 03:04,,",
    "yes,,,,,,0,,,,",
    "blank,, ,0,0,0,,5,,0,  ",
    "instance,log,,,,,,,,,",
    "other,log,1,,,2,,,,,x",
)


def test_a_row_belongs_to_a_form_when_somebody_filled_something_in(tmp_path: Path) -> None:
    export = read(tmp_path, *OPENED)
    assert records(export, "base") == ["answered", "ticked", "reason", "unverified", "complete"]
    assert records(export, "visit_form") == ["survey", "yes"]
    # an instance that was added counts though nothing is in it
    assert records(export, "log") == ["instance", "other"]
    assert own_rows(export, "visit_form")["__row"].to_list() == [5, 6]


def test_rows_that_nobody_opened_or_that_stand_elsewhere_are_listed(tmp_path: Path) -> None:
    assert left(rows_left_out(read(tmp_path, *OPENED))) == [
        "e.csv, line 9: 1 row: nobody filled anything in: no form was opened",
        (
            "e.csv, line 11: the answers of base in 1 row: they stand in rows of another repeating "
            "form than base"
        ),
    ]


@pytest.mark.parametrize(("count", "end"), [(8, "8, 9"), (9, "8, 9 and 1 more")])
def test_eight_lines_are_named(count: int, end: str, tmp_path: Path) -> None:
    rows = [f"S{number},," for number in range(count)]
    (said,) = left(rows_left_out(read(tmp_path, "record_id,sex,ok", *rows)))
    assert said == (
        f"e.csv, lines 2, 3, 4, 5, 6, 7, {end}: {count} rows: nobody filled anything in: no form "
        "was opened"
    )


def test_nothing_is_listed_where_all_is_taken(tmp_path: Path) -> None:
    assert rows_left_out(read(tmp_path, "record_id,sex", "S1,1", "S2,2")) == ()


def test_events_and_repeats_are_those_of_the_rows_that_were_opened(tmp_path: Path) -> None:
    export = read(
        tmp_path,
        "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,sex,ok,drug",
        "S1,later_arm_1,,,1,,",
        "S1,start_arm_1,,,1,1,",
        "S2,later_arm_1,,,1,,",
        "S1,never_arm_1,,,,,",
        "S1,start_arm_1,log,1,,,",
        "S2,,,2,,0,",
    )
    assert found_in(export) == (
        Found(form="base", events=("later_arm_1", "start_arm_1"), repeating=False),
        Found(form="visit_form", events=("start_arm_1",), repeating=True),
        Found(form="log", events=("start_arm_1",), repeating=True),
    )
    plain = read(tmp_path, "record_id,sex", "S1,1")
    assert found_in(plain)[0] == Found(form="base", events=(), repeating=False)


def test_times_of_surveys_and_groups_are_seen_in_any_of_the_files(tmp_path: Path) -> None:
    one = read(tmp_path, "record_id,sex,log_timestamp", "S1,1,")
    other = read(tmp_path, "record_id,sex,redcap_data_access_group", "S1,1,a")
    assert extras_of([one]) == Extras(timestamps=frozenset({"log"}), groups=False)
    assert extras_of([one, other]) == Extras(timestamps=frozenset({"log"}), groups=True)
    assert extras_of([]) == Extras()


def test_columns_that_nobody_knows_and_fields_that_lack_are_listed(tmp_path: Path) -> None:
    export = read(
        tmp_path,
        "record_id,redcap_survey_identifier,sex,why____99,zzz,log_complete,ok",
        "S1,,1,0,5,,",
    )
    assert left(columns_left_out(export)) == [
        "e.csv: the column zzz: the dictionary has no such field",
        (
            "e.csv: the column redcap_survey_identifier: the identifiers of survey participants are "
            "not taken into the trial"
        ),
        (
            "e.csv: no column why: the file has other fields of its form, but not this one; its cells "
            "stay blank"
        ),
        # of log the file has no field at all, and head holds no data
        (
            "e.csv: no column twice: the file has other fields of its form, but not this one; its "
            "cells stay blank"
        ),
    ]
    ticked = read(tmp_path, "record_id,why___1", "S1,0")
    assert [each.found for each in columns_left_out(ticked)] == ["no column sex"]


REFUSED = {
    "one value a row": (
        ("record,field_name,value,sex", "1,a,b,c"),
        "e.csv: has one value a row (EAV); export the records flat, one column for each field",
    ),
    "no record": (
        ("sex,ok", "1,1"),
        (
            "e.csv: lacks the column 'record_id', which names the record; export it, too, with the "
            "names of fields as header, not their labels"
        ),
    ),
    "labels of a status": (
        ("record_id,base_complete", "1,", "2,Complete"),
        (
            "e.csv: holds labels, not raw values (base_complete holds 'Complete'); export it again as "
            "'CSV / Microsoft Excel (raw data)': two answers may have one label"
        ),
    ),
    "labels of a box": (
        ("record_id,why___1,ok", "1,Unchecked,No"),
        "e.csv: holds labels, not raw values (why___1 holds 'Unchecked', ok holds 'No'); export",
    ),
    "labels of events": (
        ("record_id,redcap_event_name,sex", "1,start_arm_1,", "1,Start (Arm 1),", "1,A B,"),
        "e.csv: holds labels, not raw values (redcap_event_name holds 'A B'); export it again",
    ),
    "a code of nobody": (
        ("record_id,why___1,why____88,why___5", "1,0,0,0"),
        (
            "e.csv: the column why____88, why___5 is of a code that is no choice of the field. If it "
            "is a missing data code of the project, say what it means: --missing=-88=UNK, or "
            "[[missing_codes]] in redcap.toml"
        ),
    ),
    "a form of nobody": (
        ("record_id,redcap_repeat_instrument,sex", "1,zzz,", "1,abc,", "1,log,"),
        (
            "e.csv: redcap_repeat_instrument holds 'abc', 'zzz'; expected forms of the dictionary, "
            "base, visit_form, log. Export raw values, and the dictionary of the same day"
        ),
    ),
}


@pytest.mark.parametrize(("lines", "why"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_export_of_raw_values_is_refused(
    lines: tuple[str, ...], why: str, tmp_path: Path
) -> None:
    assert refused(tmp_path, *lines).startswith(why)


def test_words_that_are_answers_are_no_labels(tmp_path: Path) -> None:
    # Complete and Yes are labels in the columns of states and yes/no fields alone
    export = read(tmp_path, "record_id,sex,drug,base_complete,ok", "1,Yes,Complete,2,1")
    assert export.cells.height == 1


def test_the_header_of_another_file_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, "a,b", "1,2") == (
        "e.csv: its header is 'a,b'; expected the names of fields, the first 'record_id': an "
        "export of raw data"
    )


def test_the_choices_of_a_field_are_looked_at_once_whether_or_not_its_form_was_exported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = read(tmp_path, "record_id", "S1")
    looked: list[str] = []
    ticks = Export.ticks
    monkeypatch.setattr(
        Export, "ticks", lambda export, field: (looked.append(field.name), ticks(export, field))[1]
    )
    columns_left_out(export)

    assert len(looked) <= len(PROJECT.fields)
