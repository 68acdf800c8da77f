"""The dose: what counts as prescribed counts as attended, and the unknown is neither."""

from datetime import date
from pathlib import Path

import pandas as pd

from tests.datasets.edited import edited
from trialkit.datasets.model import Datasets

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
