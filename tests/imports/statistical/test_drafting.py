"""Labels of variables and values become a form that a trial can read."""

from datetime import time
from pathlib import Path

import pandas as pd

from tests.imports.statistical.files import SEXES, VISITS, spss, table
from trialkit.imports.statistical.drafting import DraftedTable, draft_form
from trialkit.imports.statistical.form_draft import prepare_form
from trialkit.schemas.items.answers import ItemChoice
from trialkit.schemas.items.item_types import ItemType


def drafted(path: Path, subject: str = "ID") -> DraftedTable:
    return draft_form(table(path), "first", subject=subject, repeating=False)


def test_types_follow_from_formats_and_labels(tmp_path: Path) -> None:
    found = drafted(
        spss(
            tmp_path,
            VISITS.assign(OK=[0.0, 1.0, None], N=[1.0, 2.0, 3.0], TEXT="x"),
            column_labels={"PAIN": "<b>Pain</b> now"},
            variable_value_labels={"SEX": SEXES, "OK": {0: "No", 1: "Yes"}},
            variable_format={"N": "F3.0"},
        )
    )
    assert {item.id: item.type for item in found.form.items} == {
        "pain": ItemType.DECIMAL,
        "sex": ItemType.CHOICE,
        "day": ItemType.DATE,
        "clock": ItemType.TEXT,
        "ok": ItemType.YES_NO,
        "n": ItemType.INTEGER,
        "text": ItemType.TEXT,
    }
    assert found.form.items[0].label == "Pain now"
    assert found.form.items[1].choices == (
        ItemChoice(code="1", label="male"),
        ItemChoice(code="2", label="female"),
    )
    (lost,) = found.left_out
    assert str(lost).startswith(
        "a.sav, variable CLOCK: a time: there is no type for it ('10:11:12')"
    )


def test_a_time_without_seconds_is_a_time(tmp_path: Path) -> None:
    found = drafted(spss(tmp_path, VISITS.assign(CLOCK=time(8, 30))))
    assert found.form.item("clock").type is ItemType.TIME


def test_labels_at_the_ends_of_a_scale_are_no_choices(tmp_path: Path) -> None:
    ends = {0: "no pain", 10: "worst"}
    found = drafted(spss(tmp_path, variable_value_labels={"PAIN": ends}))
    assert found.form.item("pain").type is ItemType.DECIMAL
    assert "the labels 0 = no pain, 10 = worst" in {each.found for each in found.left_out}


def test_names_are_made_usable_and_kept_apart(tmp_path: Path) -> None:
    frame = pd.DataFrame({"ID": ["1"], "A.B": [1.0], "a_b": [2.0], "visit": ["x"], "X$": [1.0]})
    ids = [item.id for item in drafted(spss(tmp_path, frame)).form.items]
    assert len(set(ids)) == 4
    assert ids[:2] == ["a_b", "a_b_2"]
    assert "visit" not in ids


def test_labels_of_two_choices_that_are_one_are_told_apart(tmp_path: Path) -> None:
    found = drafted(spss(tmp_path, variable_value_labels={"SEX": {1: "x", 2: "X"}}))
    assert [choice.label for choice in found.form.item("sex").choices] == ["x (1)", "X (2)"]


def test_rows_of_one_person_repeat_and_codes_of_the_trial_are_told(tmp_path: Path) -> None:
    frame = pd.DataFrame({"subject_id": ["1", "1"], "state": ["ND", "CA"]})
    labels = {"state": {"ND": "North Dakota", "CA": "California"}}
    source = table(spss(tmp_path, frame, variable_value_labels=labels))
    prepared = prepare_form(source, tmp_path, "states", subject="")
    assert prepared.drafted.form.repeating
    assert [str(each) for each in prepared.undecided] == [
        "ND: 'North Dakota' of state; and 'not done', a missing value of this trial"
    ]
    assert "repeating = true" in prepared.file.after
    assert not prepared.file.kept
