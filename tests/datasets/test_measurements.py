"""Why a value is missing: nobody is said to have left before they did."""

from datetime import date
from pathlib import Path

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from tests.datasets.edited import edited
from tests.line import Line
from trialkit.datasets.measurements import STILL_TO_COME, derive_change
from trialkit.datasets.model import Datasets

ASSESSMENT, END = "data/assessment.csv", "data/end_of_study.csv"


def why(datasets: Datasets, subject: str, visit: str, outcome: str = "function") -> str:
    rows = datasets.measurements
    found = rows[
        (rows["subject_id"] == subject) & (rows["visit"] == visit) & (rows["outcome"] == outcome)
    ]
    return str(found["missing_reason"].item())


def test_a_blank_before_the_end_is_not_blamed_on_leaving(tmp_path: Path) -> None:
    datasets = edited(
        tmp_path,
        (ASSESSMENT, "0125;W4;19.08.2024;09:45;29,3;335;", "0125;W4;19.08.2024;09:45;;335;"),
        (ASSESSMENT, "0125;W12;LTFU;;LTFU;LTFU;", "0125;W12;;;;;"),
        (END, "no;15.10.2024;moved", "no;01.10.2024;moved"),
    )

    assert why(datasets, "0125", "W4") == "left blank, no reason given"
    assert why(datasets, "0125", "W12") == "Moved away"


def test_a_form_that_lacks_is_explained_by_leaving_only_where_its_window_opened_after(
    tmp_path: Path,
) -> None:
    datasets = edited(
        tmp_path,
        (ASSESSMENT, "0125;W8;14.09.2024;13:40;35,3;357;\n0125;W12;LTFU;;LTFU;LTFU;\n", ""),
        (END, "no;15.10.2024;moved", "no;01.10.2024;moved"),
    )

    assert why(datasets, "0125", "W8") == "form not completed"
    assert why(datasets, "0125", "W12") == "Moved away"


def test_a_visit_whose_window_is_open_at_the_cut_is_not_yet_due(tmp_path: Path) -> None:
    early = edited(tmp_path / "early", cut=date(2024, 3, 1))
    due = edited(
        tmp_path / "due",
        (ASSESSMENT, "0101;W4;16.02.2024;11:55;66,7;422;\n", ""),
        cut=date(2024, 3, 10),
    )

    assert why(early, "0101", "W12") == "not yet due at the data cut"
    assert why(early, "0101", "W8") == "not yet due at the data cut"
    assert why(due, "0101", "W4") == "form not completed"


def test_of_whom_the_day_of_randomisation_is_blank_nothing_is_still_to_come(tmp_path: Path) -> None:
    datasets = edited(
        tmp_path,
        ("data/randomisation.csv", "0101;17.01.2024;", "0101;;"),
        (ASSESSMENT, "0101;W12;09.04.2024;08:05;73,3;442;\n", ""),
        cut=date(2024, 3, 1),
    )

    assert why(datasets, "0101", "W12") == "form not completed"
    assert "0101" in datasets.days_unknown


def test_a_visit_that_was_late_is_told_from_one_that_never_was(tmp_path: Path) -> None:
    late = edited(
        tmp_path, (ASSESSMENT, "0101;W4;16.02.2024", "0101;W4;27.02.2024"), cut=date(2024, 2, 24)
    )

    assert why(late, "0101", "W4") == "later than the data cut"


def test_who_has_left_by_the_cut_is_not_waited_for(tmp_path: Path) -> None:
    datasets = edited(tmp_path, (ASSESSMENT, "0204;W12;WD;;WD;WD;\n", ""), cut=date(2024, 4, 10))

    assert why(datasets, "0204", "W12") == "Adverse event"


def test_a_value_that_could_not_exist_is_marked(three_arms: Line) -> None:
    rows = three_arms.datasets.measurements

    marked = rows[rows["not_applicable"]]
    assert len(marked) > 0
    assert set(marked["missing_reason"]) == {"walks with an aid"}
    assert marked["value"].isna().all()
    others = rows[rows["value"].isna() & ~rows["not_applicable"]]
    assert "walks with an aid" not in set(others["missing_reason"])
    assert pd.api.types.is_bool_dtype(rows["not_applicable"])


@given(
    st.lists(st.tuples(st.integers(0, 9999), st.integers(0, 9999)), min_size=1, max_size=30),
    st.integers(0, 3),
)
def test_changes_are_those_of_decimal_arithmetic(
    values: list[tuple[int, int]], places: int
) -> None:
    rows = [
        {"subject_id": str(name), "outcome": "pain", "visit": visit, "value": value / 10**places}
        for name, pair in enumerate(values)
        for visit, value in zip(("BL", "W6"), pair, strict=True)
    ]
    found = derive_change(pd.DataFrame(rows), baseline_visit="BL")
    last = found[found["visit"] == "W6"]
    assert last["change"].tolist() == [(after - before) / 10**places for before, after in values]
    assert (found.loc[found["visit"] == "BL", "change"] == 0).all()


def test_a_change_without_a_baseline_is_not_known() -> None:
    frame = pd.DataFrame(
        {
            "subject_id": ["1", "1", "2"],
            "outcome": "pain",
            "visit": ["BL", "W6", "W6"],
            "value": [None, 5.1, 9.7],
        }
    )
    assert derive_change(frame, baseline_visit="BL")["change"].isna().all()


def test_a_code_and_a_reason_for_leaving_that_mean_the_same_are_one(tmp_path: Path) -> None:
    datasets = edited(tmp_path, ("data/global_rating.csv", "0222;W8;LTFU\n", ""))

    reasons = set(datasets.measurements["missing_reason"].dropna())
    assert why(datasets, "0222", "W8", "improved") == "lost to follow-up"
    assert len({reason.casefold() for reason in reasons}) == len(reasons)


def test_what_is_to_come_is_not_for_a_form_to_say(tmp_path: Path) -> None:
    end = "forms/end_of_study.toml"
    datasets = edited(
        tmp_path,
        (end, 'label = "Lost to follow-up"', 'label = "Not yet due at the data cut"'),
        ("data/global_rating.csv", "0222;W8;LTFU\n", ""),
    )

    assert why(datasets, "0222", "W8", "improved") == "Not yet due at the data cut"
    assert "Not yet due at the data cut" not in STILL_TO_COME
