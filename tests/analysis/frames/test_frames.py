"""The same mistake in a frame gets the same message, whichever estimator reads it."""

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.frames.frames import column, levels, numbers, sequence_of_names
from trialkit.errors import AnalysisError

FRAME = pd.DataFrame({"arm": ["C", "E", "C"], "visit": [2, 1, 2], "y": [1.0, 2.0, 3.0]})


def refused(match, frame=FRAME, name="arm", **options):
    with pytest.raises(AnalysisError, match=match):
        levels(frame, name, parameter="arm", **options)


def test_a_column_is_named_as_text():
    for name in (["arm"], 0, ("arm",), None):
        with pytest.raises(AnalysisError, match="must be the name of one column, as text"):
            column(FRAME, name, parameter="arm")
    with pytest.raises(AnalysisError, match=r"not a column .* did you mean 'arm'"):
        column(FRAME, "arms", parameter="arm")


def test_numbers_are_numbers_and_finite():
    assert numbers(FRAME, "y", parameter="outcome").tolist() == [1, 2, 3]
    with pytest.raises(AnalysisError, match="must be numeric"):
        numbers(FRAME, "arm", parameter="outcome")
    with pytest.raises(AnalysisError, match="1 infinite value"):
        numbers(FRAME.assign(y=[1, np.inf, 2]), "y", parameter="outcome")


def test_the_order_is_stated_or_numeric_and_never_the_alphabet():
    codes, known = levels(FRAME, "visit", parameter="visit")
    assert (codes.tolist(), known) == ([1, 0, 1], (1, 2))
    assert levels(FRAME, "arm", parameter="arm", reference="E")[1] == ("E", "C")
    refused("nobody stated the order")


def test_an_order_of_a_column_that_is_not_there_is_a_slip_of_the_pen():
    refused(r"order='arrm' is not a column .* did you mean 'arm'", order={"arrm": ["C", "E"]})
    refused("must be a sequence of levels", order={"arm": "CE"})
    refused("names a level twice", order={"arm": ["C", "C", "E"]})


def test_levels_are_printed_as_they_are_written():
    refused("holds 1, not among its levels 2, 3$", name="visit", order={"visit": [2, 3]})
    refused("reference=9 is not a level of 'visit': 1, 2$", name="visit", reference=9)
    refused("'arm' holds no value, so reference='C'", FRAME.iloc[:0], reference="C")


def test_levels_that_print_alike_are_refused():
    mixed = FRAME.assign(arm=pd.Series([1, "1", 1], dtype=object))
    refused("the levels 1 and '1', which print alike", mixed, order={"arm": [1, "1"]})


def test_a_lone_text_is_no_sequence_of_names_and_nothing_is_named_twice():
    assert sequence_of_names(["a", "b"], parameter="covariates") == ("a", "b")
    with pytest.raises(AnalysisError, match="must be a sequence of names, such as"):
        sequence_of_names("ab", parameter="covariates")
    with pytest.raises(AnalysisError, match="names 'b' twice"):
        sequence_of_names(("b", "b"), parameter="covariates")
