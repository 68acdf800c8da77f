"""The trial as arrays: every subject with every visit, whatever rows there are."""

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.imputation.incomplete import TrialColumns, read_incomplete
from trialkit.errors import AnalysisError

COLUMNS = TrialColumns(outcome="y", subject="id", visit="visit", arm="arm")
FRAME = pd.DataFrame(
    {
        "id": [10, 10, 2, 2, 3],
        "visit": [1, 2, 1, 2, 1],
        "arm": ["E", "E", "C", "C", "E"],
        "y": [1.0, 2.0, np.nan, 4.0, 5.0],
        "base": [7.0, 7.0, 8.0, 8.0, 9.0],
        "mood": [1, 2, 3, 4, 5],
        "site": pd.Categorical(["x", "x", "y", "y", "x"]),
    }
)


def read(frame=FRAME, needed=(), **options):
    given = {"reference": "C", "events": None, "order": None, **options}
    return read_incomplete(frame, COLUMNS, needed=needed, **given)


def test_subjects_stand_by_name_and_rows_that_lack_are_missing():
    found = read()
    assert found.subjects == (2, 3, 10)
    assert found.arms == ("C", "E")
    assert found.arm.tolist() == [0, 1, 1]
    assert np.array_equal(found.outcome, [[np.nan, 4], [5, np.nan], [1, 2]], equal_nan=True)
    assert found.missing.sum() == 2
    assert found.shape == (3, 2)


def test_what_is_constant_in_a_subject_is_known_in_the_row_that_lacks():
    whole = read(needed=["base"]).frame
    row = whole[(whole["id"] == 3) & (whole["visit"] == 2)].iloc[0]
    assert (row["base"], row["arm"], row["site"]) == (9.0, "E", "x")
    assert np.isnan(row["mood"])
    assert whole["visit"].tolist() == [1, 2] * 3


def test_a_completed_frame_has_the_values_in_their_rows():
    found = read()
    whole = found.completed(np.arange(6.0).reshape(3, 2))
    assert whole.loc[whole["id"] == 10, "y"].tolist() == [4.0, 5.0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda f: f.assign(arm=["E", "C", "C", "C", "E"]),
            "arm='arm' is not the same in all rows",
        ),
        (lambda f: f.assign(id=[10, 10, 2, np.nan, 3]), "subject='id' is missing in 1 row"),
        (lambda f: f.assign(visit=[1, 1, 1, 2, 1]), "subject 10 has 2 rows at visit 1"),
        (lambda f: f.iloc[:0], "no row"),
    ],
)
def test_rows_of_nobody_and_rows_twice_are_refused(change, message):
    with pytest.raises(AnalysisError, match=message):
        read(change(FRAME))


def test_a_missing_covariate_names_its_subject_and_the_way_out():
    with pytest.raises(AnalysisError, match=r"'base' is missing for 1 subject.*2; fill_baseline"):
        read(FRAME.assign(base=[7.0, 7.0, np.nan, np.nan, 9.0]), needed=["base"])
    with pytest.raises(AnalysisError, match="'mood' is missing"):
        read(needed=["mood"])


def test_visits_keep_their_stated_order():
    frame = FRAME.assign(visit=["late", "early", "late", "early", "late"])
    found = read(frame, order={"visit": ["early", "late"]})
    assert found.visits == ("early", "late")
    assert np.array_equal(found.outcome[2], [2, 1])
