"""The re-randomisation test permutes within the blocks that were used, and counts exactly."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.analysis.resampling.rerandomisation import rerandomisation_test, rerandomised_effects
from trialkit.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference" / "between"
CASE = json.loads((REFERENCE / "rerandomisation.json").read_text(encoding="utf-8"))
FRAME = pd.DataFrame({name: CASE[name] for name in ("y", "z", "arm", "block")})


def compare(frame=FRAME, **options):
    return rerandomisation_test(frame, **({"outcome": "y", "arm": "arm", "reference": 0} | options))


@pytest.mark.parametrize(
    ("count", "effect", "options"),
    [
        ("blocked", "difference", {"block": "block"}),
        ("free", "difference", {}),
        ("blocked_adjusted", "adjusted", {"block": "block", "covariates": ("z",)}),
        ("free_adjusted", "adjusted", {"covariates": ("z",)}),
    ],
)
def test_counts_equal_complete_enumeration_in_r(count, effect, options):
    test = compare(**options).tests[0]
    assert [test.as_extreme, test.allocations] == CASE[count]
    assert test.exact
    assert test.p_value == CASE[count][0] / CASE[count][1]
    assert test.estimate == pytest.approx(CASE[effect], rel=1e-12)
    assert test.contrast == "1 - 0"


def test_the_design_changes_the_answer():
    assert compare(block="block").tests[0].p_value == pytest.approx(8 / 216)
    assert compare().tests[0].p_value == pytest.approx(58 / 924)


def test_darwins_pairs_are_blocks_of_two():
    differences = np.array(CASE["darwin"])
    pairs = len(differences)
    frame = pd.DataFrame(
        {
            "y": np.concatenate([differences, np.zeros(pairs)]),
            "arm": [1] * pairs + [0] * pairs,
            "block": list(range(pairs)) * 2,
        }
    )
    test = compare(frame, block="block").tests[0]
    assert [test.as_extreme, test.allocations] == CASE["darwin_two_sided"]
    one_sided = compare(frame, block="block", alternative="greater").tests[0]
    assert one_sided.as_extreme == 863


def test_a_block_number_may_return_in_another_stratum():
    twice = pd.concat([FRAME.assign(site="a"), FRAME.assign(site="b")], ignore_index=True)
    within = compare(twice, block="block", strata=("site",)).tests[0]
    assert within.allocations == 6**6
    assert compare(twice, block="block", rng=np.random.default_rng(1)).tests[0].exact is False


@given(seed=st.integers(0, 10**6), groups=st.integers(1, 3), adjusted=st.booleans())
@settings(max_examples=examples(15), deadline=None)
def test_the_effects_are_those_of_least_squares(seed, groups, adjusted):
    rng = np.random.default_rng(seed)
    n = 8
    y, x = rng.normal(size=n), rng.normal(size=(n, 2 if adjusted else 0))
    treated = np.array([True, False] * (n // 2))
    effects = rerandomised_effects(
        y, treated=treated, places=np.sort(rng.integers(0, groups, n)), covariates=x
    )
    design = np.column_stack([np.ones(n), treated, x])
    coefficient = np.linalg.lstsq(design, y, rcond=None)[0][1]
    assert effects.observed == pytest.approx(coefficient, rel=1e-9)
    assert np.isclose(effects.permuted, coefficient, rtol=1e-9).any()


def bigger(seed=3):
    rng = np.random.default_rng(seed)
    arm = np.concatenate([rng.permutation([0, 0, 1, 1]) for _ in range(15)])
    x = rng.normal(size=60)
    return pd.DataFrame(
        {"y": 0.3 * arm + x + rng.normal(size=60), "x": x, "arm": arm, "block": np.arange(60) // 4}
    )


def test_samples_agree_with_each_other_and_repeat_with_the_seed():
    frame = bigger()
    options = {"block": "block", "covariates": ("x",), "replicates": 20_000}
    one = compare(frame, **options, rng=np.random.default_rng(1)).tests[0]
    again = compare(frame, **options, rng=np.random.default_rng(1)).tests[0]
    other = compare(frame, **options, rng=np.random.default_rng(2)).tests[0]
    assert one == again
    assert one.p_value == (one.as_extreme + 1) / 20_001
    assert abs(one.p_value - other.p_value) < 6 * one.monte_carlo_se
    assert not one.exact


def test_large_blocks_are_sampled_without_a_table():
    frame = bigger()
    test = compare(frame, replicates=5_000, rng=np.random.default_rng(1)).tests[0]
    normal = compare(frame, block="block", replicates=5_000, rng=np.random.default_rng(1)).tests[0]
    assert test.estimate == pytest.approx(normal.estimate, rel=1e-12)
    assert 0 < test.p_value < 1


def test_a_sample_of_a_small_design_approaches_the_exact_answer():
    y, treated = np.array(CASE["y"], dtype=float), np.array(CASE["arm"], dtype=bool)
    exact = rerandomised_effects(y, treated=treated, places=np.array(CASE["block"]))
    wide = np.concatenate([y, np.zeros(60)])
    padded = rerandomised_effects(
        wide,
        treated=np.concatenate([treated, np.tile([True, False], 30)]),
        places=np.concatenate([CASE["block"], 100 + np.arange(60) // 4]),
        replicates=20_000,
        rng=np.random.default_rng(1),
    )
    # sixty subjects with the same outcome add the same nothing to every allocation
    shrink = (padded.observed - 0) / exact.observed
    share = (np.abs(padded.permuted) >= abs(padded.observed) * (1 - 1e-9)).mean()
    assert shrink == pytest.approx(6 / 36)
    assert share == pytest.approx(8 / 216, abs=0.006)


def test_shifting_and_scaling_and_row_order_do_not_change_p():
    frame = bigger().iloc[:12]
    plain = compare(frame, block="block", covariates=("x",)).tests[0]
    for other in (
        frame.assign(y=5 - 2 * frame["y"]),
        frame.assign(x=1000 + 0.01 * frame["x"]),
        frame.sample(frac=1, random_state=1).assign(extra="z"),
    ):
        assert compare(other, block="block", covariates=("x",)).tests[0].p_value == plain.p_value


def test_three_arms_are_permuted_in_pairs_and_the_incomplete_are_listed():
    frame = FRAME.assign(arm=["C", "A", "B"] * 4, id=range(12), y=[np.nan, *CASE["y"][1:]])
    found = compare(frame, reference="C", order={"arm": ["C", "A", "B"]}, subject="id")
    assert [test.contrast for test in found.tests] == ["A - C", "B - C"]
    assert [test.allocations for test in found.tests] == [35, 35]
    assert found.excluded.to_dict("records") == [{"subject": 0, "reason": "y is missing"}]


def test_who_lacks_a_covariate_is_listed_and_the_others_are_permuted_alone():
    """Without the two that lack a level, the test is that of the ten others."""
    order = {"sex": ["f", "m"]}
    sexes = ["f", "m", "m", "f", None, "m", "f", None, "f", "m", "m", "f"]
    frame = FRAME.assign(sex=sexes, id=range(12))
    found = compare(frame, covariates=("sex",), order=order, subject="id")
    assert [row["subject"] for row in found.excluded.to_dict("records")] == [4, 7]
    assert set(found.excluded["reason"]) == {"a covariate is missing"}
    alone = compare(frame.dropna(), covariates=("sex",), order=order)
    assert found.tests[0].p_value == alone.tests[0].p_value
    assert found.tests[0].allocations == alone.tests[0].allocations


@pytest.mark.parametrize("arm", [0, 1])
def test_an_arm_of_which_nobody_has_a_value_is_named(arm):
    with pytest.raises(AnalysisError, match=f"{arm}.*(nobody|no )|(nobody|no ).*{arm}"):
        compare(FRAME.assign(y=FRAME["y"].mask(FRAME["arm"] == arm)))


def test_categorical_covariates_need_an_order_and_may_not_explain_the_arm():
    frame = FRAME.assign(sex=["m", "f"] * 6)
    with pytest.raises(AnalysisError, match="nobody stated the order"):
        compare(frame, covariates=("sex",))
    found = compare(frame, covariates=("sex",), block="block", order={"sex": ["f", "m"]})
    # the two allocations that equal the covariate have no effect of their own: they count
    assert 2 / 216 < found.tests[0].p_value < 1
    with pytest.raises(AnalysisError, match="tell the arms apart"):
        compare(frame.assign(twin=frame["arm"]), covariates=("twin",))


def test_a_lone_text_is_not_split_into_letters():
    for options in ({"covariates": "z"}, {"strata": "block"}, {"covariates": "b"}):
        with pytest.raises(AnalysisError, match="must be a sequence of names"):
            compare(**options)
    with pytest.raises(AnalysisError, match="names 'z' twice"):
        compare(covariates=("z", "z"))


def test_an_outcome_that_does_not_vary_is_refused():
    for frame, covariates in ((FRAME.assign(y=7.1), ()), (FRAME.assign(z=FRAME["y"] / 3), ("z",))):
        with pytest.raises(AnalysisError, match="does not vary beyond"):
            compare(frame, covariates=covariates)


def test_designs_that_allow_nothing_else_are_refused():
    with pytest.raises(AnalysisError, match="no block holds both arms"):
        compare(FRAME.assign(block=FRAME["arm"]), block="block")
    with pytest.raises(AnalysisError, match="nobody knows what the arms were permuted within"):
        compare(FRAME.assign(block=[np.nan, *[1] * 11]), block="block")
    with pytest.raises(AnalysisError, match="pass rng"):
        compare(bigger())
    with pytest.raises(AnalysisError, match="replicates must be at least 1"):
        compare(bigger(), rng=np.random.default_rng(1), replicates=0)
