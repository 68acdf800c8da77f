"""Empirical covariances against sums over subjects of the frame itself."""

import numpy as np
import pytest
from scipy import linalg

from trialkit.analysis import mmrm
from trialkit.analysis.repeated.sandwich import sandwich
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.repeated import CoefficientCovariance


@pytest.fixture(scope="module")
def frame(trial):
    return trial(n=18, visits=3, missing=0.25, seed=9)


@pytest.fixture(scope="module")
def fit(frame, trial_model):
    return mmrm(frame, **trial_model, covariance="ar1", inference="satterthwaite")


def called(fit, kind, subjects=None):
    parts = fit.parts
    return sandwich(
        parts.cohort,
        parts.patterns,
        parts.optimum.at,
        precision=parts.optimum.at.precision,
        kind=kind,
        subjects=tuple(range(100)) if subjects is None else subjects,
    )


def pieces(frame, fit):
    """X, r, V⁻¹ and H = V⁻½XΦXᵀV⁻½ of each subject, and Φ, of the reported coefficients."""
    sigma = fit.covariance().to_numpy()
    beta = fit.coefficients()["estimate"].to_numpy()
    rows, whole = [], 0
    for _, own in frame.dropna(subset=["y"]).groupby("id"):
        new, visit = (own["arm"] == "E1").to_numpy(float), own["visit"].to_numpy()
        second, third = visit == 2, visit == 3
        x = np.column_stack([np.ones(len(own)), new, second, third, new * second, new * third])
        inverse = np.linalg.inv(sigma[np.ix_(visit - 1, visit - 1)])
        whole = whole + x.T @ inverse @ x
        rows.append((x, own["y"].to_numpy() - x @ beta, inverse))
    return rows, np.linalg.inv(whole)


POWERS = {
    CoefficientCovariance.EMPIRICAL: 0.0,
    CoefficientCovariance.JACKKNIFE: -1.0,
    CoefficientCovariance.BIAS_REDUCED: -0.5,
}


@pytest.mark.parametrize("kind", list(POWERS))
def test_the_sandwich_is_the_sum_of_the_subjects_scores(frame, fit, kind):
    covariance, leverage = called(fit, kind)
    rows, phi = pieces(frame, fit)
    basis = fit.parts.fitted.basis
    meat, inner, cross = 0, [], []
    for x, residual, inverse in rows:
        root = linalg.sqrtm(inverse).real
        left = np.eye(len(x)) - root @ x @ phi @ x.T @ root
        values, vectors = np.linalg.eigh(left)
        adjustment = (vectors * values ** POWERS[kind]) @ vectors.T
        turned = adjustment @ root @ x
        score = turned.T @ root @ residual
        meat = meat + np.outer(score, score)
        inner.append(basis.T @ turned.T @ turned @ basis)
        cross.append(basis.T @ x.T @ root @ turned @ basis)
    np.testing.assert_allclose(basis @ covariance @ basis.T, phi @ meat @ phi, rtol=1e-7)
    np.testing.assert_allclose(leverage.inner, inner, atol=1e-9)
    np.testing.assert_allclose(leverage.cross, cross, atol=1e-9)


@pytest.fixture(scope="module")
def lone(frame, trial_model):
    """Nobody but subject 7 is of the third kind."""
    kinds = np.where(frame["id"] == 7, "c", np.where(frame["id"] % 3 == 0, "b", "a"))
    order = {**trial_model["order"], "kind": ["a", "b", "c"]}
    return mmrm(
        frame.assign(kind=kinds),
        **{**trial_model, "order": order},
        covariates=("kind",),
        covariance="ar1",
        inference="satterthwaite",
    )


def test_without_a_subject_whom_a_coefficient_needs_there_is_no_jackknife(lone):
    names = tuple(f"P{number:02d}" for number in range(18))
    with pytest.raises(AnalysisError, match="without subject 'P07' a fixed effect could not"):
        called(lone, CoefficientCovariance.JACKKNIFE, names)


def test_bias_reduction_leaves_such_a_subject_without_weight(lone):
    found, _ = called(lone, CoefficientCovariance.BIAS_REDUCED)
    assert np.isfinite(found).all()
    assert np.linalg.eigvalsh(found).min() > -1e-12
