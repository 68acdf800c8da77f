"""Nobody who was randomised disappears, even when hard findings are allowed."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tests.datasets.edited import edited
from tests.datasets.small import FORMS, TEXT, YES_NO, form, lacking, small, small_protocol
from trialkit.datasets.subjects import (
    arm_treated,
    as_arm,
    derive_subjects,
    randomised,
    received_nothing,
    restrictions_asked,
)
from trialkit.errors import DatasetError
from trialkit.results.answers import Unknown

ARM = (
    '[[items]]\nid = "{0}"\nlabel = "{0}"\ntype = "choice"\npurpose = "{1}"\nchoices = ['
    '{{ code = "A", label = "A" }}, {{ code = "B", label = "B" }}, {{ code = "P", label = "P" }}]\n'
)
SCREENING, RANDOMISATION = "data/screening.csv", "data/randomisation.csv"


def test_who_was_randomised_without_screening_is_a_subject_and_flagged(tmp_path: Path) -> None:
    datasets = edited(tmp_path, (SCREENING, "0204;S;05.02.2024;05.02.2024;yes;\n", ""))

    subjects = datasets.subjects.set_index("subject_id")
    assert not subjects.loc["0204", "screened"]
    assert subjects.loc["0204", "arm"] == "HIGH"
    assert subjects["screened"].sum() == len(subjects) - 1
    assert datasets.disposition.randomised == 34
    assert "0204" in set(datasets.population("itt").members["subject_id"])


@pytest.mark.parametrize("arm", ["", "HIGHER", "ND"])
def test_a_randomisation_without_an_arm_is_an_error_that_names_it(arm: str, tmp_path: Path) -> None:
    change = (RANDOMISATION, "0204;11.02.2024;S;1;HIGH", f"0204;11.02.2024;S;1;{arm}")

    with pytest.raises(DatasetError, match=r"randomised, but without an arm .*: 0204; enter the"):
        edited(tmp_path, change)


def test_rows_of_nobody_are_left_out(tmp_path: Path) -> None:
    row = "0204;S;05.02.2024;05.02.2024;yes;\n"
    nobody = row.replace("0204", "")

    datasets = edited(tmp_path, (SCREENING, row, row + nobody + nobody))

    assert datasets.subjects["subject_id"].notna().all()


def test_each_column_is_the_item_that_is_for_it(tmp_path: Path) -> None:
    sources, protocol = small(tmp_path)
    found = derive_subjects(sources, protocol).set_index("subject_id")
    assert list(found.index) == ["S1", "S2", "S3", "S4", "S5", "S6", "S7"]
    days = {
        "screening_date": [10, 11, 12, 13, 14, 15, None],
        "consent_date": [11, 12, 13, 14, 15, 16, None],
        "randomisation_date": [15, 16, 17, None, 18, 19, 20],
    }
    for name, expected in days.items():
        assert [None if pd.isna(day) else day.day for day in found[name]] == expected
    ends = found["end_date"].dropna().dt.strftime("%m-%d")
    assert ends.to_dict() == {
        "S1": "02-26", "S2": "02-10", "S3": "02-05", "S5": "03-01", "S6": "01-30",
    }  # fmt: skip
    texts = {
        "site": ["01", "02", "01", "02", "01", "02", None],
        "block": ["1", "1", "2", None, "2", "3", "3"],
        "stratum": ["low", "high", "low", None, "high", "low", "high"],
        "not_enrolled_reason": [None, None, None, "Withdrew", None, None, None],
        "not_received_reason": [None, "mix-up", "never came", None, None, None, None],
        "discontinuation_reason": [None, "bored", "ill", None, None, None, None],
        "end_reason": [None, "Moved", "Withdrew", None, None, None, None],
        "arm": ["A", "P", "B", None, "A", "B", "P"],
        # nothing entered is no arm: of S5 and S7 nobody knows, S3 has a reason for receiving none
        "arm_received": ["A", "A", None, None, None, "B", None],
        "eligible": [True, True, False, False, True, None, None],
        "discontinued": [False, True, True, None, False, None, None],
        "completed": [True, False, False, None, True, None, None],
        "screened": [True] * 6 + [False],
        "randomised": [True, True, True, False, True, True, True],
        "received_intervention": [True, False, False, False, None, True, None],
        "received_intervention_unknown": [*[None] * 4, "not recorded", None, "not recorded"],
        "discontinued_unknown": [*[None] * 5, "not recorded", "not recorded"],
        "completed_unknown": [*[None] * 5, "not recorded", "not recorded"],
    }
    for name, values in texts.items():
        assert [None if pd.isna(each) else each for each in found[name]] == values, name
    for name in ("arm", "arm_received"):
        assert list(found[name].cat.categories) == ["P", "A", "B"]
        assert found[name].cat.ordered
    assert list(randomised(found).index) == ["S1", "S2", "S3", "S5", "S6", "S7"]


def test_a_trial_without_randomisation_has_nobody_in_an_arm(tmp_path: Path) -> None:
    sources, protocol = small(tmp_path)
    found = derive_subjects(lacking(sources, "randomisation"), protocol)
    assert list(found["subject_id"]) == ["S1", "S2", "S3", "S4", "S5", "S6"]
    assert not found["randomised"].any()
    assert found["arm"].isna().all()
    # what was received means nothing without an arm allocated
    assert found["arm_received"].isna().all()
    assert not found["received_intervention"].any()


def test_what_restricted_the_randomisation_is_known_by_its_items(tmp_path: Path) -> None:
    sources, _ = small(tmp_path / "both")
    assert restrictions_asked(sources) == {
        "block": "randomisation.box",
        "stratum": "randomisation.layer",
    }
    neither, _ = small(
        tmp_path / "neither",
        forms={"randomisation": FORMS["randomisation"].partition('[[items]]\nid = "box"')[0]},
        randomisation="subject_id,day,group\nS1,2025-01-15,A\n",
    )
    assert restrictions_asked(neither) == {}


def test_arms_that_the_protocol_does_not_know_are_refused() -> None:
    codes = pd.Series(["B", None, "P"], index=["x", "y", "z"])
    found = as_arm(codes, small_protocol())
    assert found.cat.categories.tolist() == ["P", "A", "B"]
    assert found.cat.codes.to_dict() == {"x": 2, "y": -1, "z": 0}
    with pytest.raises(DatasetError, match=r"arm codes \['C', 'D'\] are not in the protocol"):
        as_arm(pd.Series(["D", "P", "C"]), small_protocol())


@pytest.mark.parametrize(("lost", "named"), [(5, "S5"), (6, "S5 and others")])
def test_no_more_than_five_without_an_arm_are_named(lost: int, named: str, tmp_path: Path) -> None:
    rows = "".join(f"S{n},2025-01-{15 + n},{'' if n <= lost else 'A'},,\n" for n in range(1, 8))
    sources, protocol = small(tmp_path, randomisation="subject_id,day,group,box,layer\n" + rows)
    listed = rf"\(P, A, B\): S1, S2, S3, S4, {named}; enter"
    with pytest.raises(DatasetError, match=listed):
        derive_subjects(sources, protocol)


END = "subject_id,got,not_got,stopped,why_stopped,completed,last_day,why_left\n"


@pytest.mark.parametrize("entered", ["NA", "ND", "UNK", "WD", "", "no such arm"])
def test_what_was_received_is_never_taken_from_the_allocation(entered: str, tmp_path: Path) -> None:
    rows = END + f"S1,{entered},,no,,yes,2025-02-26,\nS2,P,,no,,yes,2025-02-26,\n"
    forms = {
        "end_of_study": FORMS["end_of_study"].replace(
            TEXT.format("got", "arm_received"), ARM.format("got", "arm_received")
        )
    }
    sources, protocol = small(tmp_path, forms=forms, end_of_study=rows)
    found = derive_subjects(sources, protocol).set_index("subject_id")
    assert pd.isna(found.loc["S1", "arm_received"])
    assert pd.isna(found.loc["S1", "received_intervention"])
    assert found.loc["S1", "received_intervention_unknown"] == Unknown.NOT_RECORDED
    assert pd.isna(arm_treated(found)["S1"])
    assert not received_nothing(found)["S1"]
    assert found.loc["S2", "received_intervention"]
    assert arm_treated(found)["S2"] == "P"


def test_a_reason_for_not_receiving_it_says_that_it_was_not(tmp_path: Path) -> None:
    rows = END + "S1,NA,never came,no,,yes,2025-02-26,\nS2,NA,ND,no,,yes,2025-02-26,\n"
    sources, protocol = small(tmp_path, end_of_study=rows)
    found = derive_subjects(sources, protocol).set_index("subject_id")
    assert received_nothing(found)[["S1", "S2"]].tolist() == [True, False]
    assert found.loc["S2", "received_intervention_unknown"] == Unknown.NOT_RECORDED


def test_a_form_that_asks_for_reasons_only_says_no_by_a_blank(tmp_path: Path) -> None:
    reasons = [TEXT.format("not_got", "not_received_reason")]
    reasons += [TEXT.format("why_stopped", "discontinuation_reason")]
    rows = "subject_id,not_got,why_stopped\nS1,,\nS2,mix-up,ND\nS3,NA,bored\n"
    sources, protocol = small(
        tmp_path, forms={"end_of_study": form("end_of_study", *reasons)}, end_of_study=rows
    )
    found = derive_subjects(sources, protocol).set_index("subject_id")
    received, stopped = found["received_intervention"], found["discontinued"]
    assert received[["S1", "S2"]].tolist() == [True, False]
    assert received[["S3", "S5"]].isna().all()
    assert stopped[["S1", "S3"]].tolist() == [False, True]
    assert stopped[["S2", "S5"]].isna().all()
    assert set(found["completed_unknown"].dropna()) == {Unknown.NOT_COLLECTED}


def test_where_no_form_asks_nothing_is_collected(tmp_path: Path) -> None:
    sources, protocol = small(tmp_path, without=("end_of_study",))
    found = randomised(derive_subjects(sources, protocol))
    for flag in ("received_intervention", "discontinued", "completed"):
        assert found[flag].isna().all()
        assert (found[f"{flag}_unknown"] == Unknown.NOT_COLLECTED).all()
    assert arm_treated(found).tolist() == found["arm"].tolist()


def test_a_form_that_is_not_due_at_the_cut_is_still_to_come(tmp_path: Path) -> None:
    """S3 and S6 have left by then; the form of S1 is dated after the cut, that of S7 never came."""
    sources, protocol = small(tmp_path, cut=date(2025, 2, 9))
    found = derive_subjects(sources, protocol).set_index("subject_id")
    known = found["received_intervention_unknown"]
    assert known[["S1", "S2", "S5", "S7"]].tolist() == [Unknown.TO_COME.value] * 4
    assert known[["S3", "S6"]].isna().all()
    assert arm_treated(found)[["S1", "S2", "S6"]].tolist() == ["A", "P", "B"]
    assert pd.isna(arm_treated(found)["S3"])
    over = derive_subjects(*small(tmp_path / "late", cut=date(2025, 3, 20))).set_index("subject_id")
    assert over.loc["S7", "received_intervention_unknown"] == Unknown.NOT_RECORDED


def test_a_reason_has_one_spelling(tmp_path: Path) -> None:
    rows = END + "".join(
        f"{who},A,,yes,{why},yes,2025-02-26,\n"
        for who, why in {"S1": "nausea", "S2": " NAUSEA", "S3": "Nausea", "S5": "Nausea "}.items()
    )
    sources, protocol = small(tmp_path, end_of_study=rows)
    found = derive_subjects(sources, protocol)["discontinuation_reason"].dropna()
    assert found.tolist() == ["Nausea"] * 4


def test_a_form_for_some_arms_asks_nothing_of_the_others(tmp_path: Path) -> None:
    forms = {"end_of_study": FORMS["end_of_study"].replace("\n\n", '\narms = ["A", "B"]\n\n', 1)}
    sources, protocol = small(tmp_path, forms=forms, end_of_study=END + "S1,ND,,no,,yes,,\n")
    found = derive_subjects(sources, protocol).set_index("subject_id")
    for flag in ("received_intervention", "discontinued", "completed"):
        assert (found.loc[["S2", "S7"], f"{flag}_unknown"] == Unknown.NOT_COLLECTED).all()
    assert found.loc["S1", "received_intervention_unknown"] == Unknown.NOT_RECORDED
    assert arm_treated(found)[["S2", "S7"]].tolist() == ["P", "P"]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("randomisation.group = 'A'", [None, Unknown.NOT_COLLECTED, Unknown.NOT_COLLECTED]),
        ("completed = TRUE", [None, Unknown.NOT_ASKED, Unknown.NOT_RECORDED]),
    ],
)
def test_what_a_condition_does_not_show_was_not_asked(
    condition: str, expected: list[Unknown | None], tmp_path: Path
) -> None:
    """Of S7 nothing is there, so that nobody knows whether it completed."""
    hidden = YES_NO.format("stopped", "discontinued")
    forms = {
        "end_of_study": FORMS["end_of_study"].replace(
            hidden, hidden + f'shown_when = "{condition}"\n'
        )
    }
    rows = END + "S1,A,,no,,yes,2025-02-26,\nS2,P,,,,no,2025-02-26,\n"
    sources, protocol = small(tmp_path, forms=forms, end_of_study=rows)
    found = derive_subjects(sources, protocol).set_index("subject_id")["discontinued_unknown"]
    assert [None if pd.isna(each) else each for each in found[["S1", "S2", "S7"]]] == expected
