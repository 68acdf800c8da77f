"""Events, arms and repeats: which rows a form has, and what logic may name."""

from pathlib import Path

import pytest

from tests.imports.redcap.test_hostile_files import HEADER
from tests.signed import SIGNED
from trialkit.errors import DataFileError
from trialkit.imports.redcap.decisions import EventVisit, FormDecision, ImportDecisions
from trialkit.imports.redcap.layout import (
    Designated,
    Found,
    Layout,
    PlacedField,
    lay_out,
    read_event_mapping,
)
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
    write(project, signed=SIGNED)
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
    write(project, signed=SIGNED)
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
    write(prepared(tmp_path, *ONE_ARM, toml=toml), signed=SIGNED)
    assert data(tmp_path, "base")[1] == "1,BL,1,2"
    assert data(tmp_path, "visit_form")[1] == "1,BL,1,5,6,2"
    assert 'title = "First"' in (tmp_path / "trial" / "forms" / "base.toml").read_text()


def test_a_decision_about_visits_does_not_leave_rows_of_the_old_ones(tmp_path: Path) -> None:
    write(prepared(tmp_path, *ONE_ARM), signed=SIGNED)
    toml = '[[visits]]\nevent = "start_arm_1"\nvisit = "BL"\n'
    with pytest.raises(DataFileError, match=r"Move data/visit_form\.csv away and import again"):
        prepared(tmp_path, *ONE_ARM, toml=toml)
    (tmp_path / "trial" / "data" / "visit_form.csv").unlink()
    write(prepared(tmp_path, *ONE_ARM, toml=toml), signed=SIGNED)
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
    "[x][previous-instance] = 3": "does not repeat",
    "[first-event-name][x] = 3": "names no field of the dictionary",
    "[event-name] = 'never_arm_1'": "cannot have this value",
    "[y] = 3": "the field that it governs",
    "[z] = 3": "no field of the dictionary",
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


def test_a_mapping_says_which_form_is_asked_at_which_event(tmp_path: Path) -> None:
    path = tmp_path / "mapping.csv"
    path.write_text(
        "arm_num,unique_event_name,form\n1, start_arm_1 ,Base\n1,,lost\n2,later_arm_2, LOG \n",
        encoding="utf-8",
    )
    assert read_event_mapping(path) == (
        Designated(event="start_arm_1", form="base"),
        Designated(event="later_arm_2", form="log"),
    )
    path.write_text("unique_event_name,form\na,b\n", encoding="utf-8")
    assert read_event_mapping(path) == (Designated(event="a", form="b"),)
    path.write_text("arm_num,event\n1,a\n", encoding="utf-8")
    with pytest.raises(
        DataFileError, match=r"^mapping\.csv: lacks the column unique_event_name, form$"
    ):
        read_event_mapping(path)
    path.write_text("event,instrument\na,b\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="expected arm_num, unique_event_name, form: the instr"):
        read_event_mapping(path)


DESIGNATED = tuple(
    Designated(event=event, form=form)
    for event, form in (
        ("start_arm_1", "base"),
        ("start_arm_1", "visit_form"),
        ("later_arm_1", "visit_form"),
        ("start_arm_2a", "visit_form"),
    )
)
FOUND = (
    Found(form="base", events=("start_arm_1",)),
    Found(form="visit_form", events=("extra", "later_arm_1")),
    Found(form="log", events=("later_arm_1",), repeating=True),
)


def placed(name: str, events: str, visits: str, *, repeating: bool = False) -> PlacedField:
    return PlacedField(
        form=name, events=tuple(events.split()), visits=tuple(visits.split()), repeating=repeating
    )


def test_forms_stand_where_the_mapping_or_an_export_has_them() -> None:
    forms = ("base", "visit_form", "log", "never")
    found = lay_out(forms, designated=DESIGNATED, found=FOUND, decisions=ImportDecisions())
    # the events of the mapping come first, in its order
    assert list(found.visit_of.items()) == [
        ("start_arm_1", "start"), ("later_arm_1", "later"), ("start_arm_2a", "start"),
        ("extra", "extra"),
    ]  # fmt: skip
    assert found.visits == ("start", "later", "extra")
    assert found.arms == {"1", "2"}
    assert list(found.placed.values()) == [
        # a form of one event belongs to no visit
        placed("base", "start_arm_1", ""),
        placed("visit_form", "start_arm_1 later_arm_1 start_arm_2a extra", "start later extra"),
        placed("log", "later_arm_1", "", repeating=True),
        placed("never", "", ""),
    ]


def test_events_of_two_arms_with_one_name_are_one_visit() -> None:
    both = (Designated(event="a_arm_1", form="f"), Designated(event="a_arm_2", form="f"))
    found = lay_out(("f",), designated=both, found=(), decisions=ImportDecisions())
    assert found.placed["f"] == placed("f", "a_arm_1 a_arm_2", "")


def test_decisions_name_visits_tie_forms_to_them_and_make_them_repeat() -> None:
    decisions = ImportDecisions(
        visits=(
            EventVisit(event="later_arm_1", visit="W6"),
            EventVisit(event="unseen", visit="W12"),
        ),
        forms=(
            FormDecision(form="base", visits=True),
            FormDecision(form="visit_form", repeating=True),
        ),
    )
    found = lay_out(
        ("base", "visit_form"), designated=DESIGNATED[:3], found=FOUND, decisions=decisions
    )
    assert dict(found.visit_of) == {
        "start_arm_1": "start", "later_arm_1": "W6", "unseen": "W12", "extra": "extra",
    }  # fmt: skip
    assert list(found.placed.values()) == [
        placed("base", "start_arm_1", "start"),
        placed("visit_form", "start_arm_1 later_arm_1 extra", "start W6 extra", repeating=True),
    ]


def test_a_project_without_events_has_neither_visits_nor_arms() -> None:
    found = lay_out(("f",), designated=(), found=(Found(form="f"),), decisions=ImportDecisions())
    assert found == Layout(placed={"f": placed("f", "", "")}, visit_of={})
    assert (found.visits, found.arms) == ((), frozenset())
