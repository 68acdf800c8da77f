"""The conditional normal distribution by hand, and the table of predictions."""

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.repeated.prediction import Conditional, Predictions, predict_given


def test_one_visit_given_another_is_its_regression():
    # means 10 and 12, variances 4 and 9, covariance 3; the first visit was 2 above its mean
    found = predict_given(
        rows=np.array([[1.0, 0.0], [1.0, 1.0]]),
        observed=np.array([True, False]),
        wanted=np.array([False, True]),
        residual=np.array([2.0, 99.0]),
        sigma=np.array([[4.0, 3.0], [3.0, 9.0]]),
        beta=np.array([10.0, 2.0]),
        phi=np.array([[0.4, -0.1], [-0.1, 0.3]]),
    )
    assert found.visit.tolist() == [1]
    assert found.estimate[0] == pytest.approx(12 + 3 / 4 * 2)
    assert found.residual[0, 0] == pytest.approx(9 - 9 / 4)
    # the row less 3/4 of the row observed is (1/4, 1)
    lever = 0.4 / 16 - 2 * 0.1 / 4 + 0.3
    assert found.covariance[0, 0] == pytest.approx(9 - 9 / 4 + lever)


def test_visits_not_wanted_are_left_out_and_those_wanted_keep_their_covariance():
    sigma = np.array([[4.0, 2, 1, 1], [2, 5, 2, 3], [1, 2, 6, 1], [1, 3, 1, 7.0]])
    rows, beta = np.eye(4), np.array([1.0, 2, 3, 4])
    phi = np.diag([0.1, 0.2, 0.3, 0.4])
    found = predict_given(
        rows=rows,
        observed=np.array([False, True, False, False]),
        wanted=np.array([True, False, False, True]),
        residual=np.array([0.0, 10.0, 0.0, 0.0]),
        sigma=sigma,
        beta=beta,
        phi=phi,
    )
    assert found.visit.tolist() == [0, 3]
    np.testing.assert_allclose(found.estimate, [1 + 10 * 2 / 5, 4 + 10 * 3 / 5])
    residual = [[4 - 4 / 5, 1 - 6 / 5], [1 - 6 / 5, 7 - 9 / 5]]
    np.testing.assert_allclose(found.residual, residual)
    shared = 0.2 * np.outer([2 / 5, 3 / 5], [2 / 5, 3 / 5])
    np.testing.assert_allclose(found.covariance, residual + np.diag([0.1, 0.4]) + shared)


def conditional(visits, estimates, sd, se):
    return Conditional(
        visit=np.array(visits),
        estimate=np.array(estimates),
        residual=np.diag(np.square(sd)),
        covariance=np.diag(np.square(se)) + 0.5 * (1 - np.eye(len(visits))),
    )


def predictions(*conditionals, subjects):
    return Predictions(
        subjects=subjects,
        visits=("W1", "W2", "W3"),
        conditionals=conditionals,
        left_out=pd.DataFrame({"subject": [], "visit": [], "reason": []}),
    )


def test_predictions_are_listed_subject_by_subject():
    made = predictions(
        conditional([0, 2], [1.0, 2.0], [3.0, 4.0], [5.0, 6.0]),
        conditional([1], [7.0], [8.0], [9.0]),
        subjects=("B", "A"),
    )
    rows = made.to_frame().to_numpy().tolist()
    assert list(made.to_frame()) == ["subject", "visit", "estimate", "sd", "se"]
    assert rows == [
        ["B", "W1", 1.0, 3.0, 5.0],
        ["B", "W3", 2.0, 4.0, 6.0],
        ["A", "W2", 7.0, 8.0, 9.0],
    ]
    assert made.title == "Predictions of 3 visits not observed, given those observed"


def test_the_covariance_of_a_subject_is_by_its_visits():
    made = predictions(
        conditional([1], [7.0], [8.0], [9.0]),
        conditional([0, 2], [1.0, 2.0], [3.0, 4.0], [5.0, 6.0]),
        subjects=("A", "B"),
    )
    found = made.covariance("B")
    assert list(found.index) == list(found.columns) == ["W1", "W3"]
    np.testing.assert_allclose(found, [[25, 0.5], [0.5, 36]])


def test_no_prediction_is_an_empty_table_with_all_columns():
    made = predictions(subjects=())
    assert list(made.to_frame()) == ["subject", "visit", "estimate", "sd", "se"]
    assert made.to_frame().empty
    assert made.title.startswith("Predictions of 0 visits")
