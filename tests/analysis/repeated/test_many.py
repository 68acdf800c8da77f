"""Many data sets at once end where each ends alone, and what cannot be fitted is marked."""

import numpy as np
import pytest

from trialkit.analysis.repeated.likelihood import CovarianceModel
from trialkit.analysis.repeated.many import estimate_many
from trialkit.analysis.repeated.statistics import MmrmStatistics
from trialkit.analysis.repeated.structures import starting_values, structure_for
from trialkit.protocol.methods.repeated import CovarianceStructure, Inference

N, M = 20, 3
ARM = np.arange(N) % 2
CONTRASTS = np.zeros((M, 2 * M))
CONTRASTS[np.arange(M), 2 * np.arange(M) + 1] = 1


def outcomes(sets=4):
    root = np.eye(M) + 0.7 * np.tri(M)
    noise = np.random.default_rng(6).normal(size=(sets, N, M)) @ root.T
    return noise * np.array([1.0, 3.0, 0.5, 10.0])[:sets, None, None] + ARM[:, None]


def statistics_of(y):
    """Complete data; each visit has a mean and a difference of the arms of its own."""
    profiles = np.column_stack([np.ones(N), ARM]).astype(float)
    layout = np.zeros((M, 2, 2 * M))
    for visit in range(M):
        layout[visit, [0, 1], [2 * visit, 2 * visit + 1]] = 1
    sets = len(y)
    cross = profiles.T @ profiles
    return MmrmStatistics(
        present=np.ones((1, M), dtype=bool),
        block=np.zeros(1, dtype=int),
        counts=np.full((1, sets), float(N)),
        zz=np.repeat(cross[None, :, :, None], sets, axis=3),
        zy=np.einsum("nd,snm->dms", profiles, y)[None],
        yy=np.einsum("snu,snv->uvs", y, y)[None],
        layout=layout.reshape(M * 2, -1),
        n_observations=np.full(sets, float(N * M)),
        log_weights=np.zeros(sets),
        log_columns=0.0,
    )


def estimated(y, **options):
    model = CovarianceModel(
        structure=structure_for(CovarianceStructure.UNSTRUCTURED, M),
        group_of_block=np.zeros(1, dtype=int),
        n_groups=1,
    )
    given = {"restricted": True, "inference": Inference.KENWARD_ROGER_LINEAR} | options
    start = starting_values(model.structure, np.eye(M) * 4 + 1)
    return model, estimate_many(statistics_of(y), model, start, CONTRASTS, **given)


def left_over(y):
    means = np.where(ARM[:, None] == 1, y[ARM == 1].mean(axis=0), y[ARM == 0].mean(axis=0))
    return (y - means).T @ (y - means)


@pytest.mark.parametrize("inference", [Inference.KENWARD_ROGER_LINEAR, Inference.SATTERTHWAITE])
def test_each_set_has_its_differences_with_the_error_of_its_residuals(inference):
    y = outcomes()
    model, found = estimated(y, inference=inference)
    assert found.converged.all()
    for at, own in enumerate(y):
        difference = own[ARM == 1].mean(axis=0) - own[ARM == 0].mean(axis=0)
        sigma = left_over(own) / (N - 2)
        np.testing.assert_allclose(found.estimate[:, at], difference, rtol=1e-7)
        np.testing.assert_allclose(found.se[:, at], np.sqrt(np.diag(sigma) * 0.2), rtol=1e-5)
        np.testing.assert_allclose(found.df[:, at], N - 2, rtol=1e-4)
        np.testing.assert_allclose(model.sigma(found.theta)[:, :, 0, at], sigma, rtol=1e-4)
        logdet = np.linalg.slogdet(sigma)[1]
        inner = M * np.linalg.slogdet(np.array([[N, N / 2], [N / 2, N / 2]]))[1]
        minus_two = (N - 2) * (M * np.log(2 * np.pi) + logdet + M)
        # up to the columns' own determinant, which the caller gives
        assert found.value[at] == pytest.approx(minus_two + inner, rel=1e-6)


def test_maximum_likelihood_divides_by_the_number_of_subjects():
    y = outcomes(2)
    model, found = estimated(y, restricted=False, inference=Inference.SATTERTHWAITE)
    for at, own in enumerate(y):
        sigma = left_over(own) / N
        np.testing.assert_allclose(model.sigma(found.theta)[:, :, 0, at], sigma, rtol=1e-4)
        np.testing.assert_allclose(found.df[:, at], N, rtol=1e-4)


def test_a_set_in_which_a_visit_repeats_another_is_marked():
    y = outcomes(3)
    y[1, :, 2] = y[1, :, 0]
    _, found = estimated(y)
    assert found.converged.tolist() == [True, False, True]
    assert np.isnan(found.estimate[:, 1]).all()
    assert np.isnan(found.se[:, 1]).all()
    assert np.isnan(found.value[1])
    alone = estimated(y[[0]])[1]
    np.testing.assert_allclose(found.estimate[:, 0], alone.estimate[:, 0])
    np.testing.assert_allclose(found.se[:, 0], alone.se[:, 0], rtol=1e-6)
