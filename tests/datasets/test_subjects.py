"""Nobody who was randomised disappears, even when hard findings are allowed."""

from pathlib import Path

import pytest

from tests.datasets.edited import edited
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
