"""Events, arms and repeats: which rows a form has, and what logic may name."""

from pathlib import Path

import pytest

from tests.imports.redcap.test_hostile_files import HEADER
from trialkit.errors import DataFileError
from trialkit.imports.redcap.project_import import Prepared, ProjectFiles, prepare, write

FIELDS = """\
record_id,base,,text,ID,,,,,,,,,,,,,
sex,base,,radio,Sex,"1, F | 2, M",,,,,,,,,,,,
x,visit_form,,text,X,,,integer,,,,,,,,,,
y,visit_form,,text,Y,,,integer,,,,{visit},,,,,,
drug,log,,text,Drug,,,,,,,{log},,,,,,
"""
COLUMNS = (
    "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,"
    "sex,base_complete,x,y,visit_form_complete,drug,log_complete"
)


def prepared(folder: Path, *rows: str, visit: str = "", log: str = "", toml: str = "") -> Prepared:
    """A project of three forms, with logic in two of them."""
    (folder / "trial").mkdir(exist_ok=True)
    if toml:
        (folder / "trial" / "redcap.toml").write_text(toml, encoding="utf-8")
    dictionary, export = folder / "dictionary.csv", folder / "export.csv"
    fields = FIELDS.format(visit=visit, log=log)
    dictionary.write_text(f"{HEADER}\n{fields}", encoding="utf-8")
    export.write_text("\n".join((COLUMNS, *rows)) + "\n", encoding="utf-8")
    return prepare(ProjectFiles(dictionary=dictionary, exports=(export,), trial=folder / "trial"))


def data(folder: Path, form: str) -> list[str]:
    return (folder / "trial" / "data" / f"{form}.csv").read_text(encoding="utf-8").splitlines()


ONE_ARM = (
    "1,start_arm_1,,,1,2,5,6,2,,",
    "1,later_arm_1,,,,,7,,1,,",
    "1,later_arm_1,log,1,,,,,,Aspirin,2",
    "1,later_arm_1,log,2,,,,,,,0",
)


def test_a_form_of_several_events_has_visits_and_a_repeating_one_its_numbers(
    tmp_path: Path,
) -> None:
    project = prepared(tmp_path, *ONE_ARM)
    write(project)
    assert data(tmp_path, "base") == ["subject_id,sex,base_complete", "1,1,2"]
    assert data(tmp_path, "visit_form")[1:] == ["1,start,5,6,2", "1,later,7,,1"]
    assert data(tmp_path, "log") == [
        "subject_id,repeat,drug,log_complete", "1,1,Aspirin,2", "1,2,,0",
    ]  # fmt: skip


def test_a_repeating_event_numbers_the_rows_of_its_forms(tmp_path: Path) -> None:
    project = prepared(
        tmp_path,
        "1,start_arm_1,,,1,2,5,,2,,",
        "1,later_arm_1,,1,,,7,,2,,",
        "1,later_arm_1,,2,,,8,,2,,",
    )
    write(project)
    assert data(tmp_path, "visit_form") == [
        "subject_id,visit,repeat,x,y,visit_form_complete",
        "1,start,1,5,,2",
        "1,later,1,7,,2",
        "1,later,2,8,,2",
    ]


def test_events_of_several_arms_are_one_visit(tmp_path: Path) -> None:
    rows = ("1,start_arm_1,,,1,2,5,,2,,", "2,start_arm_2,,,2,2,6,,2,,", "2,later_arm_2,,,,,6,,2,,")
    project = prepared(tmp_path, *rows, visit="[start_arm_1][sex] = '1'")
    assert project.project.layout.visits == ("start", "later")
    assert "the event of one arm" in str(project.left_out[0])
    both = (*rows, "1,start_arm_2,,,1,2,5,,2,,")
    with pytest.raises(DataFileError, match="subject_id 1, visit start is there 2 times"):
        prepared(tmp_path, *both)


def test_decisions_tie_a_form_to_its_visit_and_make_it_repeat(tmp_path: Path) -> None:
    toml = (
        '[[visits]]\nevent = "start_arm_1"\nvisit = "BL"\n'
        '[[forms]]\nform = "base"\nvisits = true\ntitle = "First"\n'
        '[[forms]]\nform = "visit_form"\nrepeating = true\n'
    )
    write(prepared(tmp_path, *ONE_ARM, toml=toml))
    assert data(tmp_path, "base")[1] == "1,BL,1,2"
    assert data(tmp_path, "visit_form")[1] == "1,BL,1,5,6,2"
    assert 'title = "First"' in (tmp_path / "trial" / "forms" / "base.toml").read_text()


def test_a_decision_about_visits_does_not_leave_rows_of_the_old_ones(tmp_path: Path) -> None:
    write(prepared(tmp_path, *ONE_ARM))
    toml = '[[visits]]\nevent = "start_arm_1"\nvisit = "BL"\n'
    with pytest.raises(DataFileError, match=r"Move data/visit_form\.csv away and import again"):
        prepared(tmp_path, *ONE_ARM, toml=toml)
    (tmp_path / "trial" / "data" / "visit_form.csv").unlink()
    write(prepared(tmp_path, *ONE_ARM, toml=toml))
    assert data(tmp_path, "visit_form")[1] == "1,BL,5,6,2"


SAID = {
    "[start_arm_1][sex] = '1'": "COALESCE(base.sex = '1', FALSE)",
    "[start_arm_1][x] > 3": "start.visit_form.x > 3",
    "[event-name][x] > 3": "x > 3",
    "[x][current-instance] > 3": "x > 3",
    "[event-name] <> 'start_arm_1'": "COALESCE(visit <> 'start', TRUE)",
    "[visit_form_complete] = 2": "COALESCE(visit_form_complete = '2', FALSE)",
    "[record_id] = 'A'": "COALESCE(subject_id = 'A', FALSE)",
}


@pytest.mark.parametrize(("logic", "rule"), SAID.items())
def test_logic_names_events_visits_and_forms(logic: str, rule: str, tmp_path: Path) -> None:
    project = prepared(tmp_path, *ONE_ARM, visit=f'"{logic}"')
    (form,) = (each.form for each in project.project.forms if each.name == "visit_form")
    assert form.item("y").shown_when == rule
    assert project.left_out == ()


REFUSED = {
    "[sex] = '1'": "base is not asked at later_arm_1, where REDCap takes it for blank",
    "[later_arm_1][sex] = '1'": "base is not asked at later_arm_1",
    "[never_arm_1][sex] = '1'": "an event that neither the mapping nor an export has",
    "[drug] = 'A'": "log has several rows for a participant",
    "[later_arm_1][drug] = 'A'": "log has several rows for a participant",
    "[x][2] = 3": "an answer of another instance",
    "[x][previous-instance] = 3": "an answer of another instance",
    "[first-event-name][x] = 3": "names no field of the dictionary",
    "[event-name] = 'never_arm_1'": "no such choice",
    "[y] = 3": "the field that it governs",
    "[z] = 3": "no field of the dictionary that holds data",
}


@pytest.mark.parametrize(("logic", "why"), REFUSED.items())
def test_logic_that_would_mean_something_else_here_is_listed(
    logic: str, why: str, tmp_path: Path
) -> None:
    project = prepared(tmp_path, *ONE_ARM, visit=f'"{logic}"')
    (left,) = project.left_out
    assert (left.place, left.found) == ("dictionary.csv, row 5, y", f"the branching logic {logic}")
    assert why in left.why


def test_a_form_without_visits_names_the_visit_of_its_event(tmp_path: Path) -> None:
    project = prepared(tmp_path, *ONE_ARM, log="[x] > 3")
    (form,) = (each.form for each in project.project.forms if each.name == "log")
    assert form.item("drug").shown_when == "later.visit_form.x > 3"


def test_answers_in_the_row_of_another_repeating_form_are_listed(tmp_path: Path) -> None:
    project = prepared(tmp_path, *ONE_ARM, "1,later_arm_1,log,3,2,,,,,Ibuprofen,2")
    (left,) = project.left_out
    assert left.place == "export.csv, line 6"
    assert left.found == "the answers of base in 1 row"
