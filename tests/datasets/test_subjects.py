"""Nobody who was randomised disappears, even when hard findings are allowed."""

from pathlib import Path

import pandas as pd
import pytest

from tests.datasets.edited import edited
from tests.datasets.small import lacking, small, small_protocol
from trialkit.datasets.subjects import as_arm, derive_subjects, randomised
from trialkit.errors import DatasetError

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
        # nothing entered is the arm allocated, but for who has a reason for not receiving it
        "arm_received": ["A", "A", None, None, "A", "B", "P"],
        "eligible": [True, True, False, False, True, None, None],
        "discontinued": [False, True, True, None, False, None, None],
        "completed": [True, False, False, None, True, None, None],
        "screened": [True] * 6 + [False],
        "randomised": [True, True, True, False, True, True, True],
        "received_intervention": [True, False, False, False, True, True, True],
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
