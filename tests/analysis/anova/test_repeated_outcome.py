"""A long frame becomes an array of complete subjects; who is not in it is listed with the reason."""

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.anova.repeated_outcome import RepeatedOutcome, read_repeated_outcome
from trialkit.errors import AnalysisError

# subject, arm, visit, value: rows in no order, three visits named so that the alphabet misleads
ROWS = [
    ("s2", "new", "week 10", 23.0),
    ("s1", "old", "week 2", 12.0),
    ("s1", "old", "start", 11.0),
    ("s2", "new", "start", 21.0),
    ("s2", "new", "week 2", 22.0),
    ("s1", "old", "week 10", 13.0),
    ("s3", "new", "start", 31.0),
    ("s3", "new", "week 2", 32.0),
    ("s3", "new", "week 10", 33.0),
]
ORDER = {"visit": ["start", "week 2", "week 10"], "arm": ["new", "old"]}


def read(
    *more: tuple[object, ...], rows: list[tuple[object, ...]] | None = None, **options: object
) -> tuple[RepeatedOutcome, list[tuple[object, object]]]:
    chosen = [*(ROWS if rows is None else rows), *more]
    frame = pd.DataFrame(chosen, columns=["who", "arm", "visit", "y"])
    given = {
        "outcome": "y", "subject": "who", "between": "arm", "within": "visit", "order": ORDER,
    }  # fmt: skip
    data, excluded = read_repeated_outcome(frame, **(given | options))  # type: ignore[arg-type]
    assert list(excluded) == ["subject", "reason"]
    return data, [tuple(row) for row in excluded.to_numpy()]  # type: ignore[misc]


def test_values_stand_by_subject_and_visit() -> None:
    data, excluded = read()
    assert (data.outcome, data.between, data.within) == ("y", "arm", "visit")
    assert data.subjects == ("s2", "s1", "s3")
    assert data.visits == ("start", "week 2", "week 10")
    assert data.groups == ("new", "old")
    assert data.values.tolist() == [[21, 22, 23], [11, 12, 13], [31, 32, 33]]
    assert data.codes.tolist() == [0, 1, 0]
    assert excluded == []


def test_the_reference_is_the_first_group() -> None:
    data, _ = read(reference="old")
    assert data.groups == ("old", "new")
    assert data.codes.tolist() == [1, 0, 1]
    three = [("s4", "third", visit, 40.0 + n) for n, visit in enumerate(ORDER["visit"])]
    order = {**ORDER, "arm": ["new", "old", "third"]}
    data, _ = read(*three, reference="third", order=order)
    assert data.groups == ("third", "new", "old")
    assert data.codes.tolist() == [1, 2, 1, 0]


def test_without_arms_there_is_one_group() -> None:
    data, _ = read(between=None, order={"visit": ORDER["visit"]})
    assert (data.groups, data.between) == (("all",), None)
    assert data.codes.tolist() == [0, 0, 0]
    with pytest.raises(AnalysisError, match="reference names a level of between"):
        read(between=None, order={"visit": ORDER["visit"]}, reference="old")


def test_who_is_left_out_is_listed_with_everything_that_is_missing() -> None:
    data, excluded = read(
        ("s4", "old", "start", 1.0),
        ("s4", "old", "week 10", np.nan),
        ("s5", None, "start", 1.0),
        ("s5", None, "week 2", 2.0),
        ("s5", None, "week 10", 3.0),
        (None, "new", "start", 9.0),
        ("s1", "old", None, 9.0),
        ("s6", None, "start", 4.0),
    )
    assert data.subjects == ("s2", "s1", "s3")
    assert excluded == [
        (None, "who is missing in a row"),
        ("s1", "visit is missing in a row"),
        ("s4", "no y at week 2, week 10"),
        ("s5", "no arm"),
        ("s6", "no arm; no y at week 2, week 10"),
    ]


@pytest.mark.parametrize(
    ("more", "options", "words"),
    [
        ([("s1", "old", "start", 5.0)], {}, "who 's1' has 2 rows at visit 'start'"),
        ([("s1", "new", None, 5.0)], {}, "subject 's1' has more than one arm: 'new', 'old'"),
        ([("s1", None, None, 5.0)], {}, "subject 's1' has more than one arm: 'old', None"),
        ([], {"outcome": "who"}, "both name the column|must be numeric"),
        ([], {"within": "arm"}, "between and within both name the column 'arm'"),
        ([], {"reference": "older"}, "reference='older' is not a level"),
    ],
)
def test_a_frame_that_leaves_a_doubt_is_refused(
    more: list[tuple[object, ...]], options: dict[str, object], words: str
) -> None:
    with pytest.raises(AnalysisError, match=words):
        read(*more, **options)


def test_one_visit_is_no_repeated_measure() -> None:
    with pytest.raises(AnalysisError, match=r"within='visit' has 1 level\(s\)"):
        read(
            rows=[row for row in ROWS if row[2] == "start"],
            order={"visit": ["start"], "arm": ORDER["arm"]},
        )


def test_a_visit_of_nobody_and_a_group_without_complete_subjects_are_refused() -> None:
    order = {**ORDER, "visit": [*ORDER["visit"], "week 20"]}
    with pytest.raises(AnalysisError, match="nobody has 'y' at visit 'week 20'"):
        read(order=order)
    gap = [row for row in ROWS if row[:3] != ("s1", "old", "week 2")]
    with pytest.raises(AnalysisError, match="no subject of arm 'old' has 'y' at every visit"):
        read(rows=gap)
    with pytest.raises(AnalysisError, match="has one level only, 'new'"):
        read(
            rows=[row for row in ROWS if row[1] == "new"],
            order={"visit": ORDER["visit"], "arm": ["new"]},
        )
    with pytest.raises(AnalysisError, match="the data hold no subject"):
        read(rows=[(None, *row[1:]) for row in ROWS])
