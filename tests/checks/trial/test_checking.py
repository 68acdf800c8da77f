"""Each defect gives one finding, in words that a coordinator can act on."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.checks import examination
from tests.conftest import examples, few_at_once
from tests.miniature import Miniature
from tests.monitored.errors import ERRORS
from trialkit.checks.findings.findings import COLUMNS, query_key
from trialkit.checks.trial.checking import check_alone, every_hit
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource


def change(trial: Miniature, form: str, old: str, new: str) -> None:
    assert trial.data[form].count(old) == 1, old
    trial.data[form] = trial.data[form].replace(old, new)


# form, row as it is, row as it becomes; then visit or repeat, form, item, rule, severity, words
DEFECTS = {
    "a number that cannot be read": (
        ("pain", "S1,BL,2025-01-14,50", "S1,BL,2025-01-14,5o"),
        ("S1", "BL", "pain", "vas_mm", "unreadable", "hard"),
        "Pain: '5o' cannot be read as a number such as 12.5 in mm",
    ),
    "a decimal comma where a point was declared": (
        ("pain", "S1,W6,2025-02-26,30.5", 'S1,W6,2025-02-26,"30,5"'),
        ("S1", "W6", "pain", "vas_mm", "unreadable", "hard"),
        "'30,5' cannot be read",
    ),
    "a date that does not exist": (
        ("pain", "2025-01-14", "2025-02-30"),
        ("S1", "BL", "pain", "visit_date", "unreadable", "hard"),
        "a date such as 2025-03-31 (year, month, day)",
    ),
    "a date of randomisation that cannot be read makes no rule about it fail": (
        ("randomisation", "S1,2025-01-15", "S1,15.1.2025"),
        ("S1", "", "randomisation", "randomisation_date", "unreadable", "hard"),
        "'15.1.2025' cannot be read",
    ),
    "a time that does not exist": (
        ("diary", "8:30", "25:30"),
        ("S1", "1", "diary", "started", "unreadable", "hard"),
        "a time such as 08:30",
    ),
    "an answer that is neither yes nor no": (
        ("end_of_study", "S1,2025-02-26,yes", "S1,2025-02-26,perhaps"),
        ("S1", "", "end_of_study", "completed", "unreadable", "hard"),
        "cannot be read as yes or no",
    ),
    "a missing code in small letters": (
        ("pain", "S3,W6,2025-02-27,ND", "S3,W6,2025-02-27,nd"),
        ("S3", "W6", "pain", "vas_mm", "unreadable", "hard"),
        "or enter a missing code such as ND (not done)",
    ),
    "a value that cannot be right is not unusual too": (
        ("screening", "S2,2025-01-11,40", "S2,2025-01-11,140"),
        ("S2", "", "screening", "age_years", "out_of_range", "hard"),
        "Age: 140 years cannot be right; it must be from 18 to 99 years.",
    ),
    "a date out of its range": (
        ("screening", "2025-01-11", "2205-01-11"),
        ("S2", "", "screening", "screening_date", "out_of_range", "hard"),
        "it must be from 2025-01-01 to 2025-12-31",
    ),
    "an unusual value": (
        ("screening", "S2,2025-01-11,40", "S2,2025-01-11,85"),
        ("S2", "", "screening", "age_years", "unusual", "soft"),
        "Age: 85 years is unusual; expected is 80 years or less.",
    ),
    "no choice": (
        ("pain", "50,l", "50,L"),
        ("S1", "BL", "pain", "side", "not_a_choice", "hard"),
        "Side: 'L' is none of the choices l (Left), r (Right)",
    ),
    "a blank required cell": (
        ("pain", "55,r,no", "55,r,"),
        ("S2", "W6", "pain", "drug", "required", "hard"),
        "Took a drug is blank, but must be answered; enter it",
    ),
    "a blank required cell, though a rule asks whether it is there": (
        ("pain", "S1,W6,2025-02-26,30.5", "S1,W6,2025-02-26,"),
        ("S1", "W6", "pain", "vas_mm", "required", "hard"),
        "Pain is blank",
    ),
    "a cell of nothing but space is blank": (
        ("pain", "S1,BL,2025-01-14,50", "S1,BL,2025-01-14,  "),
        ("S1", "BL", "pain", "vas_mm", "required", "hard"),
        "is blank",
    ),
    "a blank cell that a condition requires": (
        ("pain", "yes,ibuprofen", "yes,"),
        ("S1", "W6", "pain", "drug_name", "required_when", "hard"),
        "must be answered where “Took a drug” is “Yes”",
    ),
    "an answer to a question that was not asked": (
        ("pain", "50,l,no,", "50,l,no,aspirin"),
        ("S1", "BL", "pain", "drug_name", "not_shown", "hard"),
        "Which drug: aspirin was entered, but this is asked only where “Took a drug” is “Yes”",
    ),
    "a rule across forms": (
        ("randomisation", "S3,2025-01-16", "S3,2025-01-11"),
        ("S3", "", "randomisation", "randomisation_date", "RND01", "hard"),
        "Randomised on 2025-01-11, before the screening.",
    ),
    "a code where a rule needs a value": (
        ("pain", "S1,W6,2025-02-26,30.5", "S1,W6,2025-02-26,ND"),
        None,
        "",
    ),
    "a baseline just near enough": (
        ("pain", "S2,BL,2025-01-15,60", "S2,BL,2025-01-15,0"),
        None,
        "",
    ),
    "a jump from the baseline": (
        ("pain", "S3,W6,2025-02-27,ND", "S3,W6,2025-02-27,5"),
        ("S3", "W6", "pain", "vas_mm", "PAIN02", "soft"),
        "Pain of 5 mm is far from the baseline.",
    ),
    "a visit too late": (
        ("pain", "S2,W6,2025-02-26", "S2,W6,2025-03-06"),
        ("S2", "W6", "pain", "visit_date", "visit_window", "soft"),
        "2025-03-06 is outside the window of visit W6, which runs from 2025-02-23 to 2025-03-05",
    ),
    "a visit too early": (
        ("pain", "S2,W6,2025-02-26", "S2,W6,2025-02-22"),
        ("S2", "W6", "pain", "visit_date", "visit_window", "soft"),
        "outside the window",
    ),
    "a visit before randomisation is not out of window too": (
        ("pain", "S2,W6,2025-02-26", "S2,W6,2025-01-14"),
        ("S2", "W6", "pain", "visit_date", "PAIN01", "hard"),
        "came before the randomisation",
    ),
    "a duplicate": (
        ("pain", "S2,BL,2025-01-15,60,r,no,\n", "S2,BL,2025-01-15,60,r,no,\n" * 3),
        ("S2", "BL", "pain", "", "duplicate_key", "hard"),
        "3 rows have the same key (lines 4, 5, 6 of data/pain.csv)",
    ),
    "a duplicate that differs": (
        ("diary", "S1,2,09:15,", "S1,1,99:99,"),
        ("S1", "1", "diary", "", "duplicate_key", "hard"),
        "2 rows have the same key (lines 2, 3 of data/diary.csv)",
    ),
    "an unknown subject": (
        ("diary", "S1,2,", "S9,2,"),
        ("S9", "", "diary", "subject_id", "unknown_subject", "hard"),
        "Subject has no 'Screening' row, but data in 'Diary' (line 3)",
    ),
    "an unknown subject with the zeros that a spreadsheet takes away": (
        ("diary", "S1,2,", "S01,2,"),
        ("S01", "", "diary", "subject_id", "unknown_subject", "hard"),
        "Did you mean S1?",
    ),
    "a mistyped subject accounts for the form that lacks": (
        ("pain", "S1,W6", "s1,W6"),
        ("s1", "", "pain", "subject_id", "unknown_subject", "hard"),
        "'Pain' (line 3)",
    ),
    "a blank subject accounts for the form that lacks": (
        ("pain", "S1,W6", ",W6"),
        ("", "W6", "pain", "subject_id", "blank_key", "hard"),
        "Subject is blank in line 3 of data/pain.csv",
    ),
    "an unknown visit accounts for the form that lacks": (
        ("pain", "S1,W6", "S1,W66"),
        ("S1", "W66", "pain", "visit", "unknown_visit", "hard"),
        "'W66' in line 3 of data/pain.csv is no visit of this form, which is filled in at BL, W6;",
    ),
    "a blank visit": (
        ("pain", "S1,W6", "S1,"),
        ("S1", "", "pain", "visit", "blank_key", "hard"),
        "Visit is blank in line 3",
    ),
    "a blank number": (
        ("diary", "S1,2", "S1, "),
        ("S1", "", "diary", "repeat", "blank_key", "hard"),
        "Number is blank in line 3",
    ),
    "a number that is none": (
        ("diary", "S1,2", "S1,two"),
        ("S1", "", "diary", "repeat", "unreadable_key", "hard"),
        "'two' in line 3 of data/diary.csv cannot be read as a whole number",
    ),
    "a missing form at a visit, though a rule reads it": (
        ("pain", "S2,W6,2025-02-26,55,r,no,\n", ""),
        ("S2", "W6", "pain", "", "missing_form", "hard"),
        "There is no 'Pain' row at W6 (Week 6), which is expected of everyone randomised",
    ),
    "somebody randomised who was not eligible": (
        ("screening", "S2,2025-01-11,40,yes", "S2,2025-01-11,40,no"),
        ("S2", "", "screening", "eligible", "not_eligible", "hard"),
        "Eligible: 'no', but the participant was randomised",
    ),
    "somebody randomised whose eligibility nobody knows": (
        ("screening", "S2,2025-01-11,40,yes", "S2,2025-01-11,40,UNK"),
        ("S2", "", "screening", "eligible", "not_eligible", "hard"),
        "Eligible: 'UNK'",
    ),
    "somebody with data but no randomisation": (
        ("randomisation", "S2,2025-01-15,P\n", ""),
        ("S2", "", "randomisation", "", "not_randomised", "hard"),
        "data that only randomised participants have (Pain, End of study)",
    ),
    "an arm that the protocol has not": (
        ("randomisation", "S2,2025-01-15,P", "S2,2025-01-15,B"),
        ("S2", "", "randomisation", "arm", "unknown_arm", "hard"),
        "Arm: 'B' is not in the protocol, which has P, A",
    ),
}


def test_the_trial_as_it_is_has_no_findings(tmp_path):
    frame = Miniature().findings(tmp_path)

    assert frame.empty
    assert tuple(frame.columns) == COLUMNS


@pytest.mark.parametrize("name", few_at_once(DEFECTS, 9))
def test_one_defect_gives_one_finding(name, tmp_path):
    defect, expected, words = DEFECTS[name]
    trial = Miniature()
    change(trial, *defect)

    frame = trial.findings(tmp_path)

    if expected is None:
        assert frame.empty
        return
    assert len(frame) == 1, frame[["form", "item", "rule_id", "message"]].to_string()
    row = frame.iloc[0]
    place = row["visit"] or row["repeat"]
    assert (row["subject_id"], place, *row[["form", "item", "rule_id", "severity"]]) == expected
    assert words in row["message"]
    assert row["site"] == "01"


_EXPECTED_BY_MONITORS = {
    rule.value
    for rule in BuiltIn
    if list(BuiltIn).index(BuiltIn.SUBJECT_PATTERN)
    <= list(BuiltIn).index(rule)
    <= list(BuiltIn).index(BuiltIn.UNIT_SLIP)
}


def test_every_built_in_rule_is_met_by_a_defect_here_or_has_its_own_test():
    defects = [*DEFECTS.values(), *examination.DEFECTS.values()]
    met = {expected[4] for _, expected, _ in defects if expected}

    assert {rule.value for rule in BuiltIn} - met == {
        BuiltIn.LOOKALIKE_SUBJECT.value,
        BuiltIn.LOOKALIKE_TERM.value,
        BuiltIn.TERM_FOR_NONE.value,
        BuiltIn.UNKNOWN_SITE.value,
        BuiltIn.NO_CLUSTER.value,
        BuiltIn.CLUSTER_NOT_EXPECTED.value,
        BuiltIn.CLUSTER_IN_TWO_ARMS.value,
        BuiltIn.PERIOD_TOO_EARLY.value,
        BuiltIn.AFTER_CUT.value,
        BuiltIn.NOT_IN_FORM.value,
        BuiltIn.MISCALCULATED.value,
        BuiltIn.NOT_DONE_CONTRADICTED.value,
        BuiltIn.UNANSWERED.value,
        BuiltIn.OUTLIER.value,
        BuiltIn.DIGIT_PREFERENCE.value,
        BuiltIn.IDENTICAL_ROWS.value,
        BuiltIn.NARROW_SITE.value,
        BuiltIn.STOPPING_SIGNAL.value,
        BuiltIn.SAME_ROW_TWICE.value,
        BuiltIn.LATE_REPORT.value,
        BuiltIn.UNREPORTED_EVENT.value,
        BuiltIn.REPORT_OF_NO_EVENT.value,
        *(error.rule for error in ERRORS if error.rule in _EXPECTED_BY_MONITORS),
        BuiltIn.RANDOMISATION_DATE_DOUBTED.value,
        BuiltIn.EVENT_NEVER_AT_RISK.value,
        BuiltIn.EVENT_BEFORE_ORIGIN.value,
        BuiltIn.EVENT_AFTER_END.value,
        BuiltIn.EVENTS_ON_ONE_DAY.value,
        BuiltIn.LATE_REPORT.value,
        BuiltIn.REPORT_OF_NO_EVENT.value,
        BuiltIn.UNREPORTED_EVENT.value,
    }


def test_a_finding_shows_the_text_as_entered_and_the_missing_code_apart(tmp_path):
    trial = Miniature()
    change(trial, "screening", "S2,2025-01-11,40,yes", "S2,2025-01-11, 140 ,UNK")

    frame = trial.findings(tmp_path)

    assert frame["value"].tolist() == [" 140 ", ""]
    assert frame["missing_code"].tolist() == ["", "UNK"]
    assert frame["label"].tolist() == ["Age", "Eligible"]


def test_the_query_key_is_the_hash_of_the_place_and_the_rule(tmp_path):
    trial = Miniature()
    change(trial, "pain", "50,l", "50,L")

    row = trial.findings(tmp_path).iloc[0]

    assert row["query_key"] == query_key(
        subject_id="S1", visit="BL", repeat="", form="pain", item="side", rule_id="not_a_choice"
    )


def test_a_problem_keeps_its_key_when_others_come_and_rows_move(tmp_path):
    trial = Miniature()
    change(trial, "pain", "50,l", "50,L")
    before = trial.findings(tmp_path / "before")
    change(trial, "pain", "55,r", "ND,x")
    header, *rows = trial.data["pain"].splitlines()
    trial.data["pain"] = "\n".join([header, *reversed(rows)]) + "\n"

    after = trial.findings(tmp_path / "after")

    assert set(before["query_key"]) < set(after["query_key"])
    assert after["query_key"].is_unique


def test_two_rows_without_a_subject_have_two_keys(tmp_path):
    trial = Miniature()
    trial.data["diary"] += ",3,,\n,3,,\n"

    frame = trial.findings(tmp_path)

    assert frame["rule_id"].tolist() == ["blank_key", "blank_key"]
    assert frame["query_key"].is_unique


def test_of_two_rows_with_one_key_no_rule_of_another_form_reads_either(tmp_path):
    """Each of the two dates would break the rule of the six-week visit, and the windows."""
    trial = Miniature()
    trial.data["randomisation"] = trial.data["randomisation"].replace(
        "S2,2025-01-15", "S2,2025-06-15"
    )
    alone = trial.findings(tmp_path / "alone")
    trial.data["randomisation"] += "S2,2025-06-16,A\n"
    twice = trial.findings(tmp_path / "twice")

    assert "PAIN01" in set(alone["rule_id"])
    assert set(twice["rule_id"]) == {"duplicate_key"}


def test_a_subject_whose_screening_is_missing_is_found_once_for_all_forms(tmp_path):
    trial = Miniature()
    change(trial, "screening", "S2,2025-01-11,40,yes\n", "")

    frame = trial.findings(tmp_path)

    assert frame["rule_id"].tolist() == ["unknown_subject"]
    assert frame["form"].tolist() == ["randomisation"]
    assert (
        "'Randomisation' (line 3) and 'Pain' (lines 4, 5) and 'End of study'" in frame["message"][0]
    )


def test_findings_come_in_the_order_of_forms_rows_and_items(tmp_path):
    trial = Miniature()
    change(trial, "end_of_study", "S1,2025-02-26,yes", "S1,2025-02-26,")
    change(trial, "pain", "S2,W6,2025-02-26,55,r,no,\n", "")
    change(trial, "pain", "S3,BL,2025-01-16,70,,no", "S3,BL,2025-01-16,170,x,")
    change(trial, "pain", "S1,BL,2025-01-14,50,l,no", "S1,BL,2025-01-14,50,l,")

    frame = trial.findings(tmp_path)

    assert frame[["subject_id", "form", "item"]].to_numpy().tolist() == [
        ["S1", "pain", "drug"],
        ["S3", "pain", "vas_mm"],
        ["S3", "pain", "side"],
        ["S3", "pain", "drug"],
        ["S2", "pain", ""],
        ["S1", "end_of_study", "completed"],
    ]


def test_more_missing_forms_than_stray_rows_are_all_said(tmp_path):
    trial = Miniature()
    change(trial, "pain", "S1,W6", ",W6")
    change(trial, "pain", "S2,W6,2025-02-26,55,r,no,\n", "")

    frame = trial.findings(tmp_path)

    assert sorted(frame["rule_id"]) == ["blank_key", "missing_form", "missing_form"]


@pytest.mark.parametrize(
    ("end", "cut", "missing"),
    few_at_once(
        [
            pytest.param("2025-02-22", "2025-06-01", [], id="left the day before the window opens"),
            pytest.param(
                "2025-02-23", "2025-06-01", ["pain"], id="left when the window had opened"
            ),
            pytest.param("2025-02-23", "2025-02-24", ["pain"], id="left, and the cut is early"),
            pytest.param("", "2025-03-04", [], id="still in the study, and the window is open"),
            pytest.param("", "2025-03-05", ["pain", "end_of_study"], id="the window has closed"),
        ],
        2,
    ),
)
def test_a_visit_is_due_when_its_window_has_passed_and_the_participant_is_there(
    end, cut, missing, tmp_path
):
    trial = Miniature()
    change(trial, "pain", "S2,W6,2025-02-26,55,r,no,\n", "")
    row = f"S2,{end},no\n" if end else ""
    change(trial, "end_of_study", "S2,2025-02-26,yes\n", row)

    frame = trial.findings(tmp_path, cut=date.fromisoformat(cut))

    assert frame["form"].tolist() == missing
    assert set(frame["rule_id"]) <= {"missing_form"}


def test_without_any_date_nothing_is_due(tmp_path):
    trial = Miniature()
    for form, text in trial.data.items():
        header = text.splitlines()[0]
        trial.data[form] = header + "\n"

    assert trial.findings(tmp_path).empty


def test_a_form_for_everyone_is_asked_of_everyone_at_visits_up_to_day_0(tmp_path):
    trial = Miniature()
    trial.forms["pain"] = trial.forms["pain"].replace(
        'expected = "randomised"', 'expected = "everyone"'
    )

    frame = trial.findings(tmp_path)

    assert frame[["subject_id", "visit", "rule_id"]].to_numpy().tolist() == [
        ["S4", "BL", "missing_form"]
    ]


def test_a_site_entered_as_text_is_one_of_the_protocol_and_names_the_findings(tmp_path):
    trial = Miniature()
    trial.forms["screening"] += dedented_item("site")
    header, *rows = trial.data["screening"].splitlines()
    sites = ["01", "01", "01", "02"]
    trial.data["screening"] = "\n".join(
        [f"{header},site", *(f"{row},{site}" for row, site in zip(rows, sites, strict=True))]
    )
    change(trial, "diary", "8:30", "x")

    frame = trial.findings(tmp_path)

    assert frame[["site", "rule_id"]].to_numpy().tolist() == [
        ["02", "unknown_site"],
        ["01", "unreadable"],
    ]


def dedented_item(purpose: str) -> str:
    return f'\n[[items]]\nid = "{purpose}"\nlabel = "Site"\ntype = "text"\npurpose = "{purpose}"\n'


@pytest.mark.parametrize("kind", ["adverse_events", "sessions", "concomitant_care"])
def test_what_happened_to_somebody_not_randomised_is_asked_about(kind, tmp_path):
    trial = Miniature()
    change_form(trial, "diary", 'kind = "other"', f'kind = "{kind}"')
    trial.data["diary"] += "S4,1,9:00,\nS4,2,9:30,\n"

    frame = trial.findings(tmp_path)

    found = frame[["subject_id", "form", "rule_id", "severity"]].to_numpy().tolist()
    assert found == [["S4", "diary", "not_randomised", "soft"]]
    assert "no arm counts the 'Diary' data (2 rows)" in frame["message"].iloc[0]


def test_who_lacks_the_randomisation_is_not_asked_about_twice(tmp_path):
    trial = Miniature()
    change_form(trial, "diary", 'kind = "other"', 'kind = "adverse_events"')
    change(trial, "randomisation", "S1,2025-01-15,A\n", "")

    frame = trial.findings(tmp_path)

    assert frame[["subject_id", "rule_id", "severity"]].to_numpy().tolist() == [
        ["S1", "not_randomised", "hard"]
    ]


def change_form(trial: Miniature, form: str, old: str, new: str) -> None:
    assert trial.forms[form].count(old) == 1, old
    trial.forms[form] = trial.forms[form].replace(old, new)


def test_the_same_data_give_the_same_findings(tmp_path):
    trial = Miniature()
    change(trial, "pain", "50,l,no", "x,y,z")

    first, second = trial.findings(tmp_path / "a"), trial.findings(tmp_path / "b")

    pd.testing.assert_frame_equal(first, second)


FORMS = ("screening", "randomisation", "pain", "diary", "end_of_study")


def test_what_forms_mind_alone_is_a_part_of_all_that_is_found(tmp_path) -> None:
    trial = Miniature()
    change(trial, "pain", "S1,BL,2025-01-14,50", "S1,BL,2025-01-14,500")
    change(trial, "randomisation", "S1,2025-01-15", "S1,15.1.2025")
    change(trial, "end_of_study", "S1,2025-02-26,yes\n", "")
    schemas = trial.schemas(tmp_path)
    snapshot = freeze(FolderSource(folder=tmp_path), schemas)
    places = [
        {
            (each.form.id, each.item, each.rule_id, *place)
            for each in found
            for place in each.places[["row", "subject_id", "visit", "message"]].itertuples()
        }
        for found in (
            check_alone(snapshot, schemas, trial.protocol),
            every_hit(snapshot, schemas, trial.protocol)[0],
        )
    ]
    assert {place[:3] for place in places[0]} == {
        ("pain", "vas_mm", "out_of_range"),
        ("randomisation", "randomisation_date", "unreadable"),
    }
    assert places[0] < places[1], (
        "that somebody was screened and never ended is no matter of a form"
    )


TEXTS = (
    st.sampled_from(["", " ", "ND", "NA", "S1", "BL", "W6", "yes", "no", "l", "0", "-1", "101", "1e9", "A",
                     "2025-01-15", "2025-02-26", "2205-01-01", "12:00", "=1+1", "{visit}", "'"])
    | st.text(st.characters(codec="utf-8", exclude_characters='\r\n\x00",'), max_size=5)
)  # fmt: skip


@settings(max_examples=examples(20), deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(FORMS), st.integers(0, 99), st.integers(0, 99), TEXTS),
        max_size=8,
    )
)
def test_any_text_in_any_cell_makes_findings_and_no_error(tmp_path_factory, changes):
    trial = Miniature()
    tables = {form: [line.split(",") for line in trial.data[form].splitlines()] for form in FORMS}
    for form, row, column, text in changes:
        rows = tables[form]
        rows[1 + row % (len(rows) - 1)][column % len(rows[0])] = text
    trial.data = {form: "\n".join(",".join(row) for row in rows) for form, rows in tables.items()}

    frame = trial.findings(tmp_path_factory.mktemp("trial"))

    assert frame["query_key"].is_unique
    assert set(frame["severity"]) <= {"hard", "soft", "note"}
    assert not (frame[["form", "rule_id", "message", "label"]] == "").any(axis=None)
    cells = frame[~frame["item"].isin(["", "subject_id", "visit", "repeat"])]
    here = ["subject_id", "visit", "repeat", "form", "item"]
    built_in = cells[cells["rule_id"].isin(list(BuiltIn))]
    assert not built_in.duplicated(here).any()
