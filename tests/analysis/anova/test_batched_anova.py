"""The batched kernel against R, against one data set at a time, and what it refuses."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.conftest import examples
from trialkit.analysis.anova.batched_anova import mixed_anova_batch, orthonormal_contrasts
from trialkit.analysis.anova.mixed_anova import mixed_anova
from trialkit.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference" / "anova"


def wide_of(case: str) -> tuple[np.ndarray, np.ndarray]:
    frame = pd.read_csv(REFERENCE / f"{case}.csv")
    wide = frame.pivot_table(index=["group", "id"], columns="time", values="y")
    groups = wide.index.get_level_values("group")
    return wide.to_numpy(), pd.factorize(groups, sort=True)[0]


@pytest.mark.parametrize("case", ["sim_2x2_n13", "sim_2x3_unbal", "sim_3x4_unbal"])
@pytest.mark.parametrize("kind", [2, 3])
def test_every_replicate_is_the_reference(case: str, kind: int) -> None:
    values, groups = wide_of(case)
    batch = mixed_anova_batch(np.stack([values, values]), groups, sum_of_squares=kind)
    tables = json.loads((REFERENCE / f"{case}.json").read_text())[f"type{kind}"]["tables"]
    for replicate in range(2):
        for column, row in enumerate(tables["none"]):
            assert batch.statistic[replicate, column] == pytest.approx(row["F"], rel=1e-8)
            assert batch.p_value[replicate, column] == pytest.approx(row["Pr(>F)"], rel=1e-8)
        for column, row in enumerate(tables["GG"]):
            assert batch.p_value_gg[replicate, column] == pytest.approx(row["Pr(>F)"], rel=1e-8)
        for column, row in enumerate(tables["HF"]):
            assert batch.p_value_hf[replicate, column] == pytest.approx(row["Pr(>F)"], rel=1e-8)


@settings(max_examples=examples(20), deadline=None)
@given(
    st.lists(st.integers(2, 5), min_size=1, max_size=3),
    st.integers(2, 4),
    st.integers(0, 2**32 - 1),
)
def test_a_batch_is_its_data_sets_one_by_one(sizes: list[int], visits: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(3, sum(sizes), visits))
    groups = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
    batch = mixed_anova_batch(values, groups)
    for replicate in range(3):
        frame = pd.DataFrame(
            {
                "y": values[replicate].ravel(),
                "id": np.repeat(np.arange(len(groups)), visits),
                "group": np.repeat(groups, visits),
                "time": np.tile(np.arange(visits), len(groups)),
            }
        )
        between = "group" if len(sizes) > 1 else None
        one = mixed_anova(frame, outcome="y", subject="id", between=between, within="time")
        table = one.to_frame()
        np.testing.assert_allclose(batch.statistic[replicate], table["statistic"], rtol=1e-9)
        np.testing.assert_allclose(batch.epsilon_hf[replicate], table["epsilon_hf"], rtol=1e-9)
        ges = batch.generalised_eta_squared[replicate]
        np.testing.assert_allclose(ges, table["generalised_eta_squared"], rtol=1e-9)


def test_groups_of_their_own_are_a_permutation_test() -> None:
    values, groups = wide_of("sim_2x3_unbal")
    rng = np.random.default_rng(3)
    permuted = rng.permuted(np.tile(groups, (5, 1)), axis=1)
    shared = mixed_anova_batch(values[None], permuted)
    assert shared.statistic.shape == (5, 3)
    repeated = mixed_anova_batch(np.tile(values, (5, 1, 1)), permuted)
    np.testing.assert_array_equal(shared.statistic, repeated.statistic)
    for replicate in range(5):
        alone = mixed_anova_batch(values[None], permuted[replicate])
        np.testing.assert_allclose(shared.statistic[replicate], alone.statistic[0], rtol=1e-10)


def test_the_interaction_of_two_visits_is_the_squared_t_of_the_changes() -> None:
    values, groups = wide_of("sim_2x2_n13")
    change = values[:, 1] - values[:, 0]
    t = stats.ttest_ind(change[groups == 1], change[groups == 0]).statistic
    f = mixed_anova_batch(values[None], groups).statistic[0, 2]
    assert f == pytest.approx(t**2, rel=1e-10)


def test_under_the_null_one_p_value_in_twenty_is_below_five_percent() -> None:
    rng = np.random.default_rng(11)
    values = rng.normal(size=(4000, 12, 3)) + rng.normal(size=(4000, 12, 1))
    batch = mixed_anova_batch(values, np.repeat([0, 1], [4, 8]))
    share = (batch.p_value < 0.05).mean(axis=0)
    assert (np.abs(share - 0.05) < 4 * np.sqrt(0.05 * 0.95 / 4000)).all()


def test_within_contrasts_are_orthonormal_and_sum_to_zero() -> None:
    for visits in range(2, 8):
        contrasts = orthonormal_contrasts(visits)
        np.testing.assert_allclose(contrasts.T @ contrasts, np.eye(visits - 1), atol=1e-14)
        np.testing.assert_allclose(contrasts.sum(axis=0), 0, atol=1e-14)


def test_the_values_of_the_caller_are_not_changed() -> None:
    values, groups = wide_of("sim_2x2_n13")
    given_values = values[None].copy()
    mixed_anova_batch(given_values, groups)
    np.testing.assert_array_equal(given_values[0], values)


def test_bad_arrays_are_refused_in_words() -> None:
    values, groups = wide_of("sim_2x3_unbal")
    replicates = values[None]
    missing = replicates.copy()
    missing[0, 0, 0] = np.nan
    uneven = np.stack([groups, np.where(np.arange(26) == 0, 1, groups)])
    for bad_values, bad_groups, match in [
        (values, groups, "must have the shape"),
        (replicates[:, :, :1], groups, "1 visit"),
        (missing, groups, "complete and finite"),
        (replicates, groups[:-1], r"groups must have the shape \(26,\)"),
        (replicates, groups.astype(float), "must be the numbers"),
        (replicates, groups - 1, "must be the numbers"),
        (replicates, groups * 2, "needs a subject"),
        (replicates, np.arange(26), "no degree of freedom"),
        (replicates, uneven, "same number of subjects"),
        (np.tile(replicates, (3, 1, 1)), np.tile(groups, (2, 1)), "3 replicates"),
        (np.ones_like(replicates), groups, "no variance within subjects"),
    ]:
        with pytest.raises(AnalysisError, match=match):
            mixed_anova_batch(bad_values, bad_groups)
