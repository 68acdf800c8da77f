"""Batched t tests and ANCOVA are the single ones, many at once."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.analysis.linear.ancova import ancova
from trialkit.analysis.means.batched_means import ancova_batch, compare_means_batch
from trialkit.analysis.means.t_tests import TTest, student_t, welch_t
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import Alternative

REFERENCE = (
    Path(__file__).parents[2] / "reference" / "between" / "cont_anorexia_change_CBT_Cont.json"
)
FIELDS = ("estimate", "se", "df", "statistic", "p_value", "conf_low", "conf_high")
SINGLE = {"welch_t": welch_t, "student_t": student_t}


def drawn(seed: int, sets: int = 5, n: int = 23, arms: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Values with some missing, and arms of unequal size."""
    rng = np.random.default_rng(seed)
    groups = np.sort(rng.integers(0, arms, size=n - 2 * arms).tolist() + 2 * list(range(arms)))
    values = rng.normal(50, 8, size=(sets, n)) + groups
    values[rng.random((sets, n)) < 0.08] = np.nan
    return values, groups


def numbers(test: TTest) -> list[float]:
    return [getattr(test, name) for name in FIELDS]


@settings(max_examples=examples(25), deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(sorted(SINGLE)), st.sampled_from(Alternative))
def test_each_data_set_has_its_own_t_test(seed: int, method: str, side: Alternative) -> None:
    values, groups = drawn(seed)
    found = compare_means_batch(values, groups, method=method, alternative=side, conf_level=0.9)
    for at, row in enumerate(values):
        for arm in (1, 2):
            one = row[(groups == arm) & ~np.isnan(row)]
            other = row[(groups == 0) & ~np.isnan(row)]
            if min(len(one), len(other)) < 2:
                assert not found.usable[at, arm - 1]
                continue
            single = SINGLE[method](one, other, alternative=side, conf_level=0.9)
            batched = [getattr(found, name)[at, arm - 1] for name in FIELDS]
            assert batched == pytest.approx(numbers(single), rel=1e-10, abs=1e-12)


@settings(max_examples=examples(15), deadline=None)
@given(st.integers(0, 10**6))
def test_each_data_set_has_its_own_ancova(seed: int) -> None:
    values, groups = drawn(seed, sets=3, n=30)
    rng = np.random.default_rng(seed + 1)
    baseline = rng.normal(1000, 3, size=(*values.shape, 1))
    other = rng.normal(size=(*values.shape, 1))
    found = ancova_batch(values, groups, np.concatenate([baseline, other], axis=2))
    for at, row in enumerate(values):
        frame = pd.DataFrame(
            {"y": row, "arm": groups, "base": baseline[at, :, 0], "x": other[at, :, 0]}
        )
        single = ancova(
            frame.dropna(), outcome="y", arm="arm", reference=0, covariates=("base", "x")
        ).contrasts()
        for name in FIELDS:
            assert getattr(found, name)[at] == pytest.approx(
                single[name].to_numpy(), rel=1e-8, abs=1e-10
            ), name


@pytest.mark.parametrize(("method", "name"), [("welch_t", "welch"), ("student_t", "student")])
def test_the_anorexia_trial_as_r_has_it(method: str, name: str) -> None:
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    x, y, r = reference["x"], reference["y"], reference[name]
    values = np.concatenate([y, x])[None, :]
    found = compare_means_batch(values, np.repeat([0, 1], [len(y), len(x)]), method=method)

    assert found.statistic[0, 0] == pytest.approx(r["statistic"], rel=1e-12)
    assert found.df[0, 0] == pytest.approx(r["parameter"], rel=1e-12)
    assert found.p_value[0, 0] == pytest.approx(r["p"], rel=1e-12)
    assert [found.conf_low[0, 0], found.conf_high[0, 0]] == pytest.approx(r["ci"], rel=1e-12)


def test_what_cannot_be_analysed_is_marked_and_not_guessed() -> None:
    values = np.array([[1.0, 1.0, 1.0, 1.0], [1.0, np.nan, 2.0, 3.0], [1.0, 2.0, 3.0, 5.0]])
    groups = np.array([0, 0, 1, 1])
    found = compare_means_batch(values, groups)
    assert found.usable[:, 0].tolist() == [False, False, True]
    assert np.isnan(found.p_value[:2]).all()

    collinear = ancova_batch(values[2:], groups, groups[:, None].astype(float))
    assert not collinear.usable.any()


def test_wrong_shapes_and_methods_are_refused() -> None:
    values, groups = np.zeros((2, 4)), np.array([0, 0, 1, 1])
    with pytest.raises(AnalysisError, match="shape"):
        compare_means_batch(values[0], groups)
    with pytest.raises(AnalysisError, match="number the arms"):
        compare_means_batch(values, groups[:3])
    with pytest.raises(AnalysisError, match="every group number"):
        compare_means_batch(values, np.array([0, 0, 2, 2]))
    with pytest.raises(AnalysisError, match="'welch_t' or 'student_t'"):
        compare_means_batch(values, groups, method="mann_whitney")
    with pytest.raises(AnalysisError, match="covariates must have the shape"):
        ancova_batch(values, groups, np.zeros((3, 1)))
    with pytest.raises(AnalysisError, match="finite"):
        compare_means_batch(np.full((1, 4), np.inf), groups)
