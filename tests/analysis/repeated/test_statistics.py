"""Patterns of observed visits, and sums over the subjects of each."""

import numpy as np
import pytest

from trialkit.analysis.repeated.statistics import patterns_of, summarise
from trialkit.analysis.repeated.whitening import whitening

OBSERVED = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1], [1, 1, 0], [1, 1, 1], [1, 1, 0]], dtype=bool)
BLOCK = np.array([0, 0, 0, 1, 1, 0])
RNG = np.random.default_rng(2)
PROFILES = RNG.normal(size=(6, 2))
OUTCOME = np.where(OBSERVED, RNG.normal(size=(6, 3)), 0.0)
LAYOUT = RNG.normal(size=(6, 4))


def summarised(**changes):
    patterns = patterns_of(OBSERVED, BLOCK)
    given = {
        "profiles": PROFILES,
        "outcome": OUTCOME,
        "layout": LAYOUT,
        "log_weights": np.float64(1.5),
        "log_columns": 2.5,
    }
    return patterns, summarise(patterns, **(given | changes))


def test_subjects_are_grouped_by_block_and_then_by_visits():
    found = patterns_of(OBSERVED, BLOCK)
    members = [sorted(each.tolist()) for each in np.split(found.order, found.starts[1:])]
    assert members == [[0, 5], [2], [1], [3], [4]]
    assert found.of_subject.tolist() == [0, 2, 1, 3, 4, 0]
    assert found.present.tolist() == OBSERVED[[0, 2, 1, 3, 4]].tolist()
    assert found.block.tolist() == [0, 0, 0, 1, 1]
    assert found.starts.tolist() == [0, 2, 3, 4, 5]


def test_the_sums_of_a_pattern_are_those_of_its_subjects():
    patterns, found = summarised()
    for k in range(5):
        own = patterns.of_subject == k
        z, y = PROFILES[own], OUTCOME[own]
        assert found.counts[k] == own.sum()
        np.testing.assert_allclose(found.zz[k], sum(np.outer(a, a) for a in z))
        np.testing.assert_allclose(found.zy[k], sum(map(np.outer, z, y)))
        np.testing.assert_allclose(found.yy[k], sum(np.outer(b, b) for b in y))
    assert found.n_observations == OBSERVED.sum() == 14
    assert (found.n_visits, found.n_coefficients) == (3, 4)
    assert (found.log_weights, found.log_columns, found.whitening) == (1.5, 2.5, None)
    assert found.block_starts.tolist() == [0, 3]
    np.testing.assert_array_equal(found.layout, LAYOUT)
    np.testing.assert_array_equal(found.present, patterns.present)
    np.testing.assert_array_equal(found.block, patterns.block)


def test_whitened_sums_are_those_of_the_turned_outcomes():
    root = np.array([[2.0, 0, 0], [1, 3, 0], [0.5, -1, 1.5]])
    own = whitening(patterns_of(OBSERVED, BLOCK).present, root)
    patterns, found = summarised(whitening=own)
    turned = np.stack([own.carry[k] @ y for k, y in zip(patterns.of_subject, OUTCOME, strict=True)])
    for k in range(5):
        here = patterns.of_subject == k
        np.testing.assert_allclose(found.yy[k], turned[here].T @ turned[here])
        np.testing.assert_allclose(found.zy[k], PROFILES[here].T @ turned[here])
        np.testing.assert_allclose(found.zz[k], PROFILES[here].T @ PROFILES[here])
    np.testing.assert_allclose(found.layout, own.layout(LAYOUT))
    # half the log determinant of each subject's part of the root's covariance is taken off
    lost = 0.0
    for seen in OBSERVED:
        part = (root @ root.T)[np.ix_(seen, seen)]
        lost += np.linalg.slogdet(part)[1] / 2
    assert found.log_weights == pytest.approx(1.5 - lost)
    assert found.whitening is own


def test_some_of_the_data_sets_keep_their_numbers():
    _, whole = summarised()
    stacked = {
        name: np.stack([getattr(whole, name) * factor for factor in (1.0, 2.0, 3.0)], axis=-1)
        for name in ("zz", "zy", "yy", "n_observations", "log_weights")
    }
    many = type(whole)(
        present=whole.present,
        block=whole.block,
        counts=whole.counts,
        layout=whole.layout,
        log_columns=whole.log_columns,
        **stacked,
    )
    some = many.of_sets(np.array([2, 0]))
    for name in stacked:
        given = getattr(whole, name)
        np.testing.assert_allclose(getattr(some, name)[..., 0], 3 * given)
        np.testing.assert_allclose(getattr(some, name)[..., 1], given)
    np.testing.assert_array_equal(some.counts, whole.counts)
    assert (some.log_columns, some.whitening) == (2.5, None)
    for name in ("present", "block", "layout"):
        np.testing.assert_array_equal(getattr(some, name), getattr(whole, name))
    counted = type(whole)(
        **{name: getattr(many, name) for name in many.__dataclass_fields__}
        | {"counts": np.arange(15.0).reshape(5, 3)}
    )
    assert counted.of_sets(np.array([1])).counts.ravel().tolist() == [1, 4, 7, 10, 13]
