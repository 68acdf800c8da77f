"""The dose: what counts as prescribed counts as attended, and the unknown is neither."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tests.datasets.edited import edited
from tests.datasets.small import DATE, DECIMAL, form, small
from trialkit.datasets.attendance import derive_attendance
from trialkit.datasets.model import Datasets
from trialkit.datasets.subjects import derive_subjects

SESSIONS, END = "data/sessions.csv", "data/end_of_study.csv"


def dose(datasets: Datasets, subject: str) -> pd.Series:
    return datasets.attendance.set_index("subject_id").loc[subject]


def test_sessions_after_leaving_count_nowhere(tmp_path: Path) -> None:
    own = dose(edited(tmp_path, (END, "no;07.04.2024;harm", "no;28.02.2024;harm")), "0204")

    assert (own["prescribed"], own["attended"]) == (6, 6)
    assert own["minutes"] == 35.5 + 35.5 + 36.5 + 39.5 + 41.5 + 39.5


def test_a_session_that_nobody_knows_of_is_counted_as_unknown_only(tmp_path: Path) -> None:
    own = dose(
        edited(tmp_path, (SESSIONS, "0130;3;13.09.2024;no;", "0130;3;13.09.2024;ND;")), "0130"
    )

    assert (own["planned"], own["prescribed"], own["attended"], own["unknown"]) == (12, 11, 11, 1)


def test_who_is_still_training_at_the_cut_was_prescribed_the_sessions_so_far(
    tmp_path: Path,
) -> None:
    datasets = edited(tmp_path, cut=date(2024, 2, 28))

    own = dose(datasets, "0204")
    assert (own["planned"], own["prescribed"], own["attended"]) == (12, 6, 6)


def test_who_is_past_the_training_at_the_cut_was_prescribed_all_of_it(tmp_path: Path) -> None:
    own = dose(edited(tmp_path, cut=date(2024, 3, 28)), "0101")

    assert (own["planned"], own["prescribed"]) == (12, 12)


def test_unknown_completion_is_no_completion_and_says_so(tmp_path: Path) -> None:
    datasets = edited(tmp_path, (END, "0101;HIGH;;no;;yes;", "0101;HIGH;;no;;UNK;"))

    left_out = datasets.population("per_protocol").excluded.set_index("subject_id")["reason"]
    assert left_out["0101"] == "completion not recorded"
    assert left_out["0130"] == "did not complete the study"
    assert dose(datasets, "0101")["prescribed"] == 12


def test_who_left_before_the_first_session_did_not_attend_enough(tmp_path: Path) -> None:
    datasets = edited(
        tmp_path,
        ("protocol.toml", "received_allocated = true\ncompleted = true\n", ""),
        (END, "no;07.04.2024;harm", "no;11.02.2024;harm"),
    )

    assert dose(datasets, "0204")["prescribed"] == 0
    left_out = datasets.population("per_protocol").excluded.set_index("subject_id")["reason"]
    assert left_out["0204"] == "attended less than 66 % of sessions"


Dose = tuple[str, str, int, int, int | None, int | None, float | None]


def doses(folder: Path, **options: object) -> list[Dose]:
    sources, protocol = small(folder, **options)  # type: ignore[arg-type]
    found = derive_attendance(sources, protocol, derive_subjects(sources, protocol))
    assert list(found) == [
        "subject_id", "arm", "planned", "prescribed", "attended", "unknown", "minutes",
    ]  # fmt: skip
    plain = found.astype("object").where(found.notna(), None)
    return [tuple(row) for row in plain.to_numpy().tolist()]


def test_each_participant_of_an_arm_with_sessions_has_a_dose(tmp_path: Path) -> None:
    """S2 is of placebo; S3 left, and the session of the last day counts; S5's first is unknown."""
    assert doses(tmp_path) == [
        ("S1", "A", 6, 6, 2, 0, 70.5),
        ("S3", "B", 4, 2, 2, 0, 30.0),
        ("S5", "A", 6, 5, 1, 1, 50.0),
        # nobody knows whether S6 completed, who was last seen before the training was over
        ("S6", "B", 4, 1, 1, 0, 25.0),
    ]


END_OF_STUDY = """subject_id,got,not_got,stopped,why_stopped,completed,last_day,why_left
S6,B,,,,,{0},
"""


@pytest.mark.parametrize(("last", "prescribed"), [("2025-02-01", 1), ("2025-02-02", 4)])
def test_who_stayed_until_the_training_was_over_has_all_of_it(
    last: str, prescribed: int, tmp_path: Path
) -> None:
    found = doses(tmp_path, end_of_study=END_OF_STUDY.format(last))
    assert found[-1] == ("S6", "B", 4, prescribed, 1, 0, 25.0)


@pytest.mark.parametrize(("cut", "prescribed"), [(1, 1), (2, 4)])
def test_training_is_over_at_the_cut_that_is_its_last_day(
    cut: int, prescribed: int, tmp_path: Path
) -> None:
    """S6 was randomised on the 19th of January to two weeks of training."""
    found = doses(tmp_path, end_of_study=END_OF_STUDY.format(""), cut=date(2025, 2, cut))
    assert found[-1] == ("S6", "B", 4, prescribed, 1, 0, 25.0)


def test_more_rows_than_planned_prescribe_no_more_than_planned(tmp_path: Path) -> None:
    rows = "".join(f"S3,{n},2025-01-{17 + n},yes,10\n" for n in range(1, 7))
    found = doses(tmp_path, sessions="subject_id,repeat,held,came,minutes\n" + rows)
    assert found[1] == ("S3", "B", 4, 4, 6, 0, 60.0)
    assert found[0] == ("S1", "A", 6, 6, 0, 0, 0.0)


def test_without_a_log_nobody_knows_who_came(tmp_path: Path) -> None:
    found = doses(tmp_path, without=("sessions",))
    assert found[:2] == [
        ("S1", "A", 6, 6, None, None, None),
        ("S3", "B", 4, 4, None, None, None),
    ]


def test_minutes_that_no_log_asks_for_are_no_zero(tmp_path: Path) -> None:
    short = form(
        "sessions", DATE.format("held", "session_date"), expected="as_needed", repeating=True
    )
    rows = "subject_id,repeat,held\nS1,1,2025-01-17\n"
    found = doses(tmp_path, forms={"sessions": short}, sessions=rows)
    assert found[0] == ("S1", "A", 6, 6, 1, 0, None)


def test_a_log_that_does_not_ask_whether_is_of_sessions_attended(tmp_path: Path) -> None:
    short = form(
        "sessions",
        DATE.format("held", "session_date"),
        DECIMAL.format("minutes", "session_minutes"),
        expected="as_needed",
        repeating=True,
    )
    rows = "subject_id,repeat,held,minutes\nS1,1,2025-01-17,30\nS1,2,2025-01-18,30\n"
    found = doses(tmp_path, forms={"sessions": short}, sessions=rows)
    assert found[0] == ("S1", "A", 6, 6, 2, 0, 60.0)
    found = doses(tmp_path, forms={"sessions": short}, sessions=rows.removesuffix("30\n") + "\n")
    assert found[0] == ("S1", "A", 6, 6, 2, 0, None), "minutes of one session are not known"
