"""Stacks of matrices are inverted by LAPACK or swept together; both say which are not definite."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.analysis.repeated.positive import invert


@given(
    size=st.integers(1, 6), sets=st.integers(1, 5), scale=st.integers(-60, 60),
    seed=st.integers(0, 2**32 - 1),
)  # fmt: skip
@settings(max_examples=examples(60))
def test_both_ways_invert_alike(size, sets, scale, seed):
    """Whatever the unit; a member of a stack is what it is alone."""
    draws = np.random.default_rng(seed).normal(size=(sets, size, 2 * size + 1))
    each = draws @ draws.transpose(0, 2, 1) * 10.0**scale

    inverses, logdets, definite = invert(np.moveaxis(each, 0, -1), lead=0)

    assert definite.all()
    for number, matrix in enumerate(each):
        inverse, logdet, is_definite = invert(matrix, lead=0)
        assert is_definite
        np.testing.assert_allclose(
            inverses[..., number], inverse, rtol=1e-6, atol=1e-9 / 10.0**scale
        )
        np.testing.assert_allclose(logdets[number], logdet, rtol=1e-9, atol=1e-8)
        np.testing.assert_allclose(matrix @ inverse, np.eye(size), atol=1e-6)


INDEFINITE = {
    "zero": np.zeros((8, 8)),
    "negative": -np.eye(8),
    "of great numbers": np.where(np.eye(8) > 0, 1.0, 1e200),
    "almost singular": np.ones((8, 8)) + np.diag([0.0, -1e-14, *[1e150] * 6]),
    "no number": np.full((8, 8), np.nan),
}


@pytest.mark.parametrize("kind", INDEFINITE)
def test_matrix_that_is_not_definite_says_so_and_disturbs_none_beside_it(kind):
    beside = np.diag(np.arange(1.0, 9.0))
    found, logdet, definite = invert(np.stack([INDEFINITE[kind], beside], axis=-1), lead=0)

    assert definite.tolist() == [False, True]
    np.testing.assert_array_equal(found[..., 1], np.diag(1 / np.arange(1.0, 9.0)))
    assert np.isclose(logdet[1], np.log(np.arange(1.0, 9.0)).sum())
    assert not invert(INDEFINITE[kind], lead=0)[2]
