"""What participants did in their sessions, counted by hand, and what is not known of it."""

from pathlib import Path

import pandas as pd
import pytest

from tests.datasets.small import DATE, YES_NO, form, small
from trialkit.datasets.attendance import derive_dose, units_of_dose
from trialkit.datasets.subjects import derive_subjects

NUMBER = '[[items]]\nid = "{0}"\nlabel = "{0}"\ntype = "decimal"\npurpose = "{1}"\n'
LOG = form(
    "sessions",
    DATE.format("held", "session_date"),
    YES_NO.format("came", "attended"),
    NUMBER.format("sets", "session_sets"),
    NUMBER.format("reps", "session_repetitions"),
    NUMBER.format("load", "session_load") + 'unit = "kg"\n',
    expected="as_needed",
    repeating=True,
)
ROWS = """
    subject_id,repeat,held,came,sets,reps,load
    S1,3,2025-01-24,yes,3,30,12.3
    S1,1,2025-01-20,yes,2,20,10.1
    S1,2,2025-01-22,no,9,99,99
    S5,1,2025-01-20,yes,3,ND,10
    S5,2,2025-01-22,yes,,24,
    S6,1,2025-01-22,,5,5,5
"""


def dose(folder: Path, rows: str = ROWS, log: str = LOG) -> pd.DataFrame:
    sources, protocol = small(folder, forms={"sessions": log}, sessions=rows)
    subjects = derive_subjects(sources, protocol)
    return derive_dose(sources, protocol, subjects).set_index("subject_id")


def test_sums_and_loads_are_those_of_the_sessions_attended(tmp_path: Path) -> None:
    found = dose(tmp_path)
    assert found.loc["S1", ["sets", "repetitions"]].tolist() == [5, 50]
    # 12.3 less 10.1 is 2.2, in decimal
    assert found.loc["S1", ["first_load", "last_load", "progression"]].tolist() == [10.1, 12.3, 2.2]


def test_what_one_attended_session_leaves_open_is_not_known(tmp_path: Path) -> None:
    found = dose(tmp_path)
    assert found.loc["S5", ["sets", "repetitions", "progression"]].isna().all()
    assert found.loc["S5", ["first_load", "last_load"]].tolist() == [10, 10]


def test_who_attended_nothing_did_nothing_and_has_no_load(tmp_path: Path) -> None:
    found = dose(tmp_path)
    assert found.loc["S6", ["sets", "repetitions"]].tolist() == [0, 0]
    assert found.loc["S6", ["first_load", "last_load", "progression"]].isna().all()


def test_what_the_log_does_not_ask_for_is_no_column_and_no_zero(tmp_path: Path) -> None:
    log = form(
        "sessions", DATE.format("held", "session_date"), YES_NO.format("came", "attended"),
        expected="as_needed", repeating=True,
    )  # fmt: skip
    found = dose(tmp_path, "subject_id,repeat,held,came\nS1,1,2025-01-20,yes\n", log)
    assert found.columns.tolist() == ["arm"]


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_the_rows_does_not_matter(tmp_path: Path, order: int) -> None:
    head, *rows = [line.strip() for line in ROWS.strip().splitlines()]
    pd.testing.assert_frame_equal(
        dose(tmp_path / "mixed", "\n".join([head, *rows[::order]])), dose(tmp_path / "as_is")
    )


def test_the_load_has_the_unit_of_its_item(tmp_path: Path) -> None:
    sources, _ = small(tmp_path, forms={"sessions": LOG}, sessions=ROWS)
    assert units_of_dose(sources.schemas)["progression"] == "kg"
