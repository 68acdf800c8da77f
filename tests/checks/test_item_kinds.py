"""Every type of item is read, kept, compared and found fault with as it should be."""

import pytest

from tests.checks.examination import DEFECTS, Examined
from tests.conftest import few_at_once
from tests.miniature import dedented
from trialkit.errors import ProtocolError
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource


def test_an_item_of_every_type_without_fault_has_no_finding(tmp_path):
    frame = Examined().findings(tmp_path)

    assert frame.empty, frame[["item", "rule_id", "message"]].to_string()


@pytest.mark.parametrize("name", few_at_once(DEFECTS, 6))
def test_one_defect_gives_one_finding(name, tmp_path):
    (form, old, new), expected, words = DEFECTS[name]
    trial = Examined()
    assert trial.data[form].count(old) == 1
    trial.data[form] = trial.data[form].replace(old, new)

    frame = trial.findings(tmp_path)

    if name == "a form of another arm":  # and so S3 lacks it
        frame = frame[frame["rule_id"] != "missing_form"]
    if expected is None:
        assert frame.empty, frame[["item", "rule_id", "message"]].to_string()
        return
    assert len(frame) == 1, frame[["form", "item", "rule_id", "message"]].to_string()
    row = frame.iloc[0]
    assert (row["subject_id"], row["repeat"], *row[["form", "item", "rule_id", "severity"]]) == (
        expected
    )
    assert words in row["message"]


def snapshot(trial, folder):
    schemas = trial.schemas(folder)
    return freeze(FolderSource(folder=folder), schemas)


def test_each_type_is_kept_as_it_says(tmp_path):
    values = snapshot(Examined(), tmp_path)["examination"].values

    assert values["pain_since"].tolist() == ["2024-03-UN", "2023-UN-UN"]
    assert [str(each) for each in values["scan_at"]] == [
        "2025-01-14 09:30:00",
        "2025-01-15 10:00:00",
    ]
    assert values["worse_by"].tolist() == ["sit lift", ""]
    assert values["rest_mm"].tolist() == [55.0, 40.5]


def test_a_calculated_item_has_its_value_and_the_reason_where_it_has_none(tmp_path):
    data = snapshot(Examined(), tmp_path)["examination"]

    assert data.values["thickness"].iloc[0] == 30.75
    assert data.values["thickness"].isna().tolist() == [False, True]
    assert data.codes["thickness"].tolist() == [None, "ND"]
    assert data.values["share"].iloc[0] == 30.75 / 30
    assert data.codes["share"].tolist() == [None, "ND"]
    assert data.raw["thickness"].tolist() == ["", ""]


ENTERED = {
    "as calculated": ("30.75", None),
    "rounded": ("30.8", None),
    "to a whole number": ("31", None),
    "another": (
        "30.9",
        "30.9 mm was entered, but 30.75 mm follows from “Thickness left” and “Thickness right”",
    ),
    "no number": ("thick", "cannot be read as a number"),
}


@pytest.mark.parametrize("name", few_at_once(ENTERED, 2))
def test_what_was_entered_for_a_calculated_item_must_be_its_value(name, tmp_path):
    cell, words = ENTERED[name]
    trial = Examined()
    rows = trial.data["examination"].splitlines()
    rows = [f"{rows[0]},thickness", f"{rows[1]},{cell}", f"{rows[2]},"]
    trial.data["examination"] = "\n".join(rows)

    frame = trial.findings(tmp_path)

    assert frame["item"].tolist() == ([] if words is None else ["thickness"])
    assert all(words in message for message in frame["message"])
    assert snapshot(trial, tmp_path)["examination"].values["thickness"].iloc[0] == 30.75


def test_a_value_entered_where_nothing_can_be_calculated_is_found(tmp_path):
    trial = Examined()
    rows = trial.data["examination"].splitlines()
    trial.data["examination"] = f"{rows[0]},thickness\n{rows[1]},\n{rows[2]},29\n"

    frame = trial.findings(tmp_path)

    assert frame["rule_id"].tolist() == ["miscalculated"]
    assert "since a value is missing" in frame["message"].iloc[0]


def test_what_cannot_be_right_is_not_calculated_with(tmp_path):
    trial = Examined()
    trial.forms["examination"] = trial.forms["examination"].replace(
        'unit = "mm"\nother_side', 'unit = "mm"\nrange = { low = 0, high = 60 }\nother_side'
    )
    trial.data["examination"] = trial.data["examination"].replace("30,31.5", "90,31.5")

    assert trial.findings(tmp_path)["item"].tolist() == ["left_mm"]
    assert snapshot(trial, tmp_path)["examination"].values["thickness"].isna().all()


def test_a_text_that_does_not_fit_its_pattern_is_found_and_the_example_is_told(tmp_path):
    trial = Examined()
    trial.forms["examination"] += dedented("""
        [[items]]
        id = "scanner"
        label = "Scanner"
        type = "text"
        pattern = "[A-Z]{2}-[0-9]{3}"
        example = "US-001"
    """)
    first, *rows = trial.data["examination"].strip().splitlines()
    cells = ["us-1", "GE-123"]
    lines = [f"{row},{cell}" for row, cell in zip(rows, cells, strict=True)]
    trial.data["examination"] = "\n".join([f"{first},scanner", *lines]) + "\n"

    frame = trial.findings(tmp_path)

    assert frame["rule_id"].tolist() == ["not_in_form"]
    assert frame["severity"].tolist() == ["hard"]
    assert (
        frame["message"]
        .iloc[0]
        .startswith("Scanner: 'us-1' does not have the form of 'US-001'; correct it")
    )


def test_a_link_out_of_the_files_is_no_file(tmp_path):
    trial = Examined()
    (tmp_path / "secret.txt").write_text("secret")
    folder = trial.write(tmp_path / "trial")
    (folder / "files" / "s1" / "out.png").symlink_to(tmp_path / "secret.txt")
    trial.data["examination"] = trial.data["examination"].replace("s1/left.png", "s1/out.png")

    frame = trial.findings(folder)

    assert frame["rule_id"].tolist() == ["no_such_file"]


WRONG = {
    'calculation = "(left_mm + right_mm) / 2"': ('calculation = "left_mm > 2"', "where a number belongs"),
    'calculation = "thickness / screening.age_years"': ('calculation = "share + 1"', "which is the item that the condition governs"),
    'type = "calculated"\nunit': ('type = "calculated"\nrequired = true\nunit', "a calculated item is never asked"),
    'type = "visual_analogue"': ('type = "decimal"', "anchors for an item of type decimal"),
    '"worst pain"]': ('"x", "y", "z"]', "4 of them"),
    'missing_codes = ["UNK"]': ('missing_codes = ["UNKN"]', "did you mean 'UNK'?"),
    'sum_of = ["q1", "q2"]': ('sum_of = ["q1", "q3"]', "the unknown item 'q3'"),
    'other_side = "right_mm"': ('other_side = "q1"', "an item of type decimal, like this one"),
    'code = "sit"': ('code = "sit down"', "codes of letters, digits"),
    'code = "lift"': ('code = "count"', "has a meaning of its own"),
    'arms = ["A"]': ('arms = ["B"]', "arms of the protocol, P, A"),
    "worse_by__lift": ("worse_by__lif", "did you mean 'lift'?"),
}  # fmt: skip


@pytest.mark.parametrize("old", WRONG)
def test_what_is_wrong_with_an_item_is_said(old, tmp_path):
    new, said = WRONG[old]
    trial = Examined()
    assert old in trial.forms["examination"]
    trial.forms["examination"] = trial.forms["examination"].replace(old, new, 1)

    with pytest.raises(ProtocolError) as error:
        trial.schemas(tmp_path)

    assert said in str(error.value)


def test_items_that_are_calculated_in_a_circle_are_refused(tmp_path):
    trial = Examined()
    trial.forms["examination"] = trial.forms["examination"].replace(
        'calculation = "(left_mm + right_mm) / 2"', 'calculation = "share * 2"'
    )

    with pytest.raises(ProtocolError, match="calculated in a circle"):
        trial.schemas(tmp_path)


def test_a_calculation_reaches_other_forms_and_visits(tmp_path):
    trial = Examined()
    trial.forms["pain"] += dedented("""
        [[items]]
        id = "change_mm"
        label = "Change"
        type = "calculated"
        calculation = "vas_mm - BL.pain.vas_mm"
    """)

    values = snapshot(trial, tmp_path)["pain"].values

    assert values["change_mm"].tolist()[:4] == [0.0, -19.5, 0.0, -5.0]
    assert values["change_mm"].isna().tolist() == [False] * 5 + [True]
