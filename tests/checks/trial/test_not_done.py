"""One line marks a form or a visit as not done; its items are missing with that reason."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.checks.at_hand import at_hand, messages, said
from tests.checks.examination import Examined
from tests.conftest import EXAMPLE, few_at_once
from tests.miniature import Miniature
from trialkit.checks.trial.not_done import check_not_done
from trialkit.errors import ProtocolError
from trialkit.steps.analysing import analyse
from trialkit.steps.opening import open_trial
from trialkit.steps.validating import validate
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

HEADER = "subject_id,visit,form,reason\n"


def marked(trial, *lines):
    trial.data["not_done"] = HEADER + "".join(f"{line}\n" for line in lines)
    return trial


def without(trial, form, row):
    assert trial.data[form].count(row) == 1
    trial.data[form] = trial.data[form].replace(row, "")
    return trial


S2_W6 = "S2,W6,2025-02-26,55,r,no,\n"


@pytest.mark.parametrize("line", ["S2,W6,pain,REF", "S2,W6,,REF"])
def test_a_form_or_visit_that_was_not_done_is_missing_with_its_reason(line, tmp_path):
    trial = marked(without(Miniature(), "pain", S2_W6), line)

    assert trial.findings(tmp_path).empty

    data = freeze(FolderSource(folder=tmp_path), trial.schemas(tmp_path))["pain"]
    at = (data.values["subject_id"] == "S2") & (data.values["visit"] == "W6")
    assert at.sum() == 1
    items = ["visit_date", "vas_mm", "side", "drug", "drug_name"]
    assert data.codes.loc[at, items].to_numpy().tolist() == [["REF"] * 5]
    assert data.values.loc[at, items].isna().all(axis=None)
    assert (data.raw.loc[at, items] == "").all(axis=None)


def test_without_the_mark_the_form_is_missing(tmp_path):
    frame = without(Miniature(), "pain", S2_W6).findings(tmp_path)

    assert frame["rule_id"].tolist()[:1] == ["missing_form"]


def test_a_form_without_visits_and_calculated_items_are_marked_too(tmp_path):
    trial = Examined()
    rows = trial.data["examination"].splitlines()
    trial.data["examination"] = f"{rows[0]}\n{rows[1]}\n"

    assert marked(trial, "S3,,examination,MF").findings(tmp_path).empty
    data = freeze(FolderSource(folder=tmp_path), trial.schemas(tmp_path))["examination"]
    assert data.codes["thickness"].tolist() == [None, "MF"]


def test_a_form_that_was_filled_in_all_the_same_is_one_finding(tmp_path):
    trial = marked(Miniature(), "S2,W6,pain,REF")
    trial.data["pain"] = trial.data["pain"].replace(
        "S2,W6,2025-02-26,55,r,no,", "S2,W6,2025-02-26,,,,"
    )

    frame = trial.findings(tmp_path)

    assert frame[["form", "visit", "item", "rule_id"]].to_numpy().tolist() == [
        ["pain", "W6", "", "not_done_contradicted"]
    ]
    assert "data/not_done.csv says that it was not done (REF)" in frame["message"].iloc[0]


def test_a_blank_row_beside_the_mark_is_no_contradiction(tmp_path):
    trial = marked(Miniature(), "S2,W6,pain,REF")
    trial.data["pain"] = trial.data["pain"].replace("S2,W6,2025-02-26,55,r,no,", "S2,W6,,ND,,,")

    assert trial.findings(tmp_path).empty
    data = freeze(FolderSource(folder=tmp_path), trial.schemas(tmp_path))["pain"]
    at = (data.values["subject_id"] == "S2") & (data.values["visit"] == "W6")
    assert data.codes.loc[at, ["visit_date", "vas_mm"]].to_numpy().tolist() == [["REF", "ND"]]


FAULTS = {
    ",W6,pain,REF": ("subject_id", "blank_key"),
    "S9,W6,pain,REF": ("subject_id", "unknown_subject"),
    "S2,W6,pian,REF": ("form", "not_a_choice"),
    "S2,,randomisation,REF": ("form", "not_a_choice"),
    "S2,,,REF": ("visit", "blank_key"),
    "S2,W7,,REF": ("visit", "unknown_visit"),
    "S2,,pain,REF": ("visit", "unknown_visit"),
    "S2,W6,diary,REF": ("visit", "unknown_visit"),
    "S2,W6,pain,": ("reason", "required"),
    "S2,W6,pain,was ill": ("reason", "not_a_choice"),
}


def found(trial, folder):
    hand = at_hand(trial, folder)
    return check_not_done(
        hand.snapshot.not_done, hand.schemas, subjects=hand.shape.subjects, cells=hand.cells
    )


def test_each_mark_has_one_finding_at_its_line_in_words_of_what_to_do(tmp_path):
    lines = [
        *FAULTS,
        "S2,W6,pain,ND",
        "S1,W6,pain,ND",
        " S2 ,W6,pain,REF",
        "S2,BL,,REF",
        ",W9,pian,was ill",
    ]
    trial = marked(emptied("pain"), *lines)

    hits = found(trial, tmp_path)

    codes = "ND, REF, UNK, NASK, ASKU, MF, WD, LTFU, NA"
    forms = "pain (Pain), end_of_study (End of study), diary (Diary); correct it."
    fits = (
        " is no visit of the form, or of the trial where no form is named; name one of its "
        "visits, and none for a form without visits."
    )
    expected = {
        0: ("subject_id", "blank_key", "Subject is blank; say whose form or visit was not done."),
        14: ("subject_id", "blank_key", "Subject is blank; say whose form or visit was not done."),
        1: (
            "subject_id",
            "unknown_subject",
            "'S9' is a subject whom the screening form does not know; correct it.",
        ),
        2: ("form", "not_a_choice", f"'pian' is none of the choices {forms}"),
        3: ("form", "not_a_choice", f"'randomisation' is none of the choices {forms}"),
        4: (
            "visit",
            "blank_key",
            "Neither a visit nor a form is named; say what was not done.",
        ),
        5: ("visit", "unknown_visit", f"'W7'{fits}"),
        6: ("visit", "unknown_visit", f"''{fits}"),
        7: ("visit", "unknown_visit", f"'W6'{fits}"),
        8: ("reason", "required", f"Reason is blank; enter one of the missing codes {codes}."),
        9: (
            "reason",
            "not_a_choice",
            f"'was ill' is no missing code of the trial; enter one of {codes}.",
        ),
        10: (
            "",
            "duplicate_key",
            "An earlier line is about the same form and visit; keep one of them.",
        ),
        12: (
            "",
            "duplicate_key",
            "An earlier line is about the same form and visit; keep one of them.",
        ),
    }
    there = {
        row: (each.item, each.rule_id, message)
        for each in hits
        for row, message in zip(each.rows, each.places["message"], strict=True)
    }
    assert sorted(there) == sorted(expected)
    for row, (item, rule, message) in expected.items():
        assert there[row][:2] == (item, rule), lines[row]
        assert message in there[row][2]
    assert {(hit[0], hit[3]) for hit in said(hits)} == {("not_done", "hard")}


def emptied(form):
    trial = Miniature()
    trial.data[form] = trial.data[form].splitlines()[0] + "\n"
    return trial


def test_rows_filled_in_all_the_same_are_found_each_with_its_own_reason(tmp_path):
    trial = marked(Miniature(), "S2,W6,pain,REF", "S1,BL,pain,MF", "S3,,end_of_study,WD")

    hits = found(trial, tmp_path)

    assert said(hits) == [
        ("pain", "", "not_done_contradicted", "hard", "S1", "BL", ""),
        ("pain", "", "not_done_contradicted", "hard", "S2", "W6", ""),
        ("end_of_study", "", "not_done_contradicted", "hard", "S3", "", ""),
    ]
    assert [each.rows.tolist() for each in hits] == [[0, 3], [2]]
    assert messages(hits) == [
        f"{form!r} was filled in, but data/not_done.csv says that it was not done ({code}); remove "
        "the mark, or what was entered."
        for form, code in (("Pain", "MF"), ("Pain", "REF"), ("End of study", "WD"))
    ]


@pytest.mark.parametrize("line", few_at_once(FAULTS, 3))
def test_a_mark_that_cannot_be_taken_is_found_and_changes_nothing(line, tmp_path):
    trial = marked(without(Miniature(), "pain", S2_W6), line)

    frame = trial.findings(tmp_path)

    assert frame[["form", "item", "rule_id"]].to_numpy().tolist()[-1] == ["not_done", *FAULTS[line]]
    assert "missing_form" in frame["rule_id"].tolist()
    assert len(frame[frame["form"] == "not_done"]) == 1


def test_the_same_mark_twice_is_found_once(tmp_path):
    trial = marked(without(Miniature(), "pain", S2_W6), "S2,W6,pain,REF", "S2,W6,pain,ND")

    assert trial.findings(tmp_path)["rule_id"].tolist() == ["duplicate_key"]


def test_a_mark_that_lies_after_the_cut_is_not_there_yet(tmp_path):
    trial = marked(without(Miniature(), "pain", S2_W6), "S2,W6,pain,REF")
    schemas = trial.schemas(tmp_path)

    early = freeze(FolderSource(folder=tmp_path), schemas, cut=date(2025, 1, 31))

    assert early["pain"].values["visit"].tolist() == ["BL", "BL", "BL"]


def test_no_form_may_have_this_name(tmp_path):
    trial = Miniature()
    trial.forms["not_done"] = trial.forms["diary"].replace('id = "diary"', 'id = "not_done"')

    with pytest.raises(ProtocolError, match="says what was not done"):
        trial.schemas(tmp_path)


@pytest.mark.slow
def test_the_reason_reaches_the_analysis(tmp_path):
    trial = tmp_path / "trial"
    shutil.copytree(EXAMPLE, trial, ignore=shutil.ignore_patterns("output", "__pycache__"))
    path = trial / "data" / "pain.csv"
    rows = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(row for row in rows if not row.startswith("BH-001,W6")), "utf-8")
    (trial / "data" / "not_done.csv").write_text(HEADER + "BH-001,W6,pain,REF\n", "utf-8")

    validated = validate(open_trial(Path(trial)))
    measured = analyse(validated).datasets.measurements

    assert validated.findings.hard == 0
    here = measured[(measured["subject_id"] == "BH-001") & (measured["visit"] == "W6")]
    reasons = here.loc[here["value"].isna(), "missing_reason"].tolist()
    assert reasons
    assert set(reasons) == {"refused"}


@pytest.mark.parametrize(
    "cut",
    few_at_once(["2025-01-10", "2025-01-15", "2025-01-31", "2025-02-20", "2025-03-09"], 1),
)
@pytest.mark.parametrize("whole_visit", [True, False])
def test_no_cut_makes_a_mark_of_later_a_finding(cut, whole_visit, tmp_path):
    """Of S2 the visit is marked, of S3 the end as well; of S9 nobody ever came."""
    trial = without(without(Miniature(), "pain", S2_W6), "end_of_study", "S3,2025-02-27,yes\n")
    form = "" if whole_visit else "pain"
    trial = marked(trial, f"S2,W6,{form},REF", "S3,,end_of_study,LTFU")
    day = date.fromisoformat(cut)
    assert trial.findings(tmp_path / "a", day).empty
    trial = marked(trial, f"S2,W6,{form},REF", "S3,,end_of_study,LTFU", "S9,W6,pain,REF")
    frame = trial.findings(tmp_path / "b", day)
    assert frame[["form", "rule_id"]].to_numpy().tolist() == [["not_done", "unknown_subject"]]


def test_a_mark_is_kept_with_its_row_and_goes_with_it(tmp_path):
    trial = marked(without(Miniature(), "pain", S2_W6), "S2,W6,,REF", "S1,BL,diary,ND")
    schemas, source = trial.schemas(tmp_path), FolderSource(folder=tmp_path)
    early = freeze(source, schemas, cut=date(2025, 1, 31))
    assert early.not_done.data.typed["subject_id"].to_list() == ["S1"]
    assert early.not_done.places("pain").is_empty()
    assert early.later("pain")[["subject_id", "visit"]].to_numpy().tolist() == [
        ["S1", "W6"], ["S3", "W6"], ["S2", "W6"],
    ]  # fmt: skip
    late = freeze(source, schemas, cut=date(2025, 3, 31))
    assert late.not_done.data.typed["subject_id"].to_list() == ["S2", "S1"]
    assert late.not_done.places("pain").rows() == [("S2", "W6")]
