"""Deltas by arm, visit and time since the event, as rbmi's documentation of its template has them."""

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.imputation.deltas import added_values, imputation_deltas
from trialkit.analysis.imputation.drawing import imputation_draws
from trialkit.analysis.imputation.imputing import impute
from trialkit.analysis.imputation.model import imputation_model
from trialkit.errors import AnalysisError


@pytest.fixture(scope="module")
def imputations(trial, short):
    frame, _ = trial(4, n=30, visits=4, drop=0.0, gaps=False)
    late = frame["visit"] > 1
    frame.loc[(frame["id"] == "s11") & late, "y"] = np.nan
    frame.loc[(frame["id"] == "s12") & (frame["visit"] > 2), "y"] = np.nan
    frame.loc[(frame["id"] == "s13") & (frame["visit"] == 3), "y"] = np.nan
    events = pd.DataFrame(
        {"id": ["s11", "s12", "s15"], "visit": [2, 3, 3], "strategy": "copy-reference"}
    )
    return impute(imputation_draws(imputation_model(frame, events=events, **short)))


def of(frame, subject):
    return frame.loc[frame["id"] == subject, "delta"].tolist()


@pytest.mark.parametrize(
    ("delta", "lag", "second", "third"),
    [
        ((5, 6, 7, 8), (1, 2, 3, 4), [0, 6, 20, 44], [0, 0, 7, 23]),
        ((5, 5, 5, 5), (1, 0, 0, 0), [0, 5, 5, 5], [0, 0, 5, 5]),
        ((0, 4, 1, 3), (3, 3, 3, 3), [0, 12, 15, 24], [0, 0, 3, 12]),
    ],
)
def test_the_examples_of_rbmi(imputations, delta, lag, second, third):
    frame = imputation_deltas(imputations, delta=delta, lag=lag)
    assert of(frame, "s11") == second
    assert of(frame, "s12") == third
    assert of(frame, "s13") == [0, 0, 0, 0]  # a gap without an event


def test_observed_values_get_none_unless_asked(imputations):
    assert of(imputation_deltas(imputations, delta=[1] * 4), "s15") == [0] * 4
    whole = imputation_deltas(imputations, delta=[1] * 4, missing_only=False)
    assert of(whole, "s15") == [0, 0, 1, 1]
    row = whole[(whole["id"] == "s15") & (whole["visit"] == 3)].iloc[0]
    assert (row["is_post_event"], row["is_mar"], row["is_missing"]) == (True, False, False)
    assert row["strategy"] == ""


def test_one_arm_alone_and_a_template_of_zeros(imputations):
    frame = imputation_deltas(imputations, delta={"E": [2] * 4})
    assert of(frame, "s11") == [0, 2, 2, 2]
    assert of(frame, "s12") == [0] * 4
    template = imputation_deltas(imputations)
    assert not template["delta"].any()
    gap = template[(template["id"] == "s13") & (template["visit"] == 3)].iloc[0]
    assert gap["strategy"] == "missing-at-random"
    assert template[(template["id"] == "s11")]["strategy"].tolist() == ["", *["copy-reference"] * 3]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"delta": [1, 2]}, "delta needs a number for each of 4 visits"),
        ({"delta": {"X": [1] * 4}}, "delta names the arm 'X'"),
        ({"lag": [1] * 4}, "lag scales a delta"),
        ({"delta": [1] * 4, "lag": [np.nan] * 4}, "lag needs a number"),
    ],
)
def test_deltas_that_mean_nothing_are_refused(imputations, given, message):
    with pytest.raises(AnalysisError, match=message):
        imputation_deltas(imputations, **given)


def test_a_frame_of_the_caller_is_read_by_subject_and_visit(imputations):
    frame = pd.DataFrame({"id": ["s12", "s11"], "visit": [4, 2], "delta": [1.5, 2.5]})
    found = added_values(imputations, frame)
    assert found.sum() == 4.0
    assert (found[11, 1], found[12, 3]) == (2.5, 1.5)
    assert added_values(imputations, None) is None
    with pytest.raises(AnalysisError, match="names the subject 'zz'"):
        added_values(imputations, frame.assign(id="zz"))
    with pytest.raises(AnalysisError, match="one number a subject and visit"):
        added_values(imputations, pd.concat([frame, frame]))
    with pytest.raises(AnalysisError, match="has no column 'visit'"):
        added_values(imputations, frame.drop(columns="visit"))
