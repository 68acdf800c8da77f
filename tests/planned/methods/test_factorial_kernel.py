"""Many simulated factorial trials at once: each is what the single analysis says of it."""

import numpy as np
import pandas as pd
import pytest

from tests.protocol.trial.test_factors import THREE, TWO
from trialkit.analysis.factorial.factorial_means import factorial_means
from trialkit.design.sample_size.factorial import TwoByTwo
from trialkit.planned.methods.factorial_kernel import (
    decide_factorial,
    factorial_refusal,
    simulated_contrasts,
    true_effects,
)
from trialkit.planned.methods.kernel import SimulatedTrials
from trialkit.protocol.methods.factorial import FactorialComparison
from trialkit.protocol.methods.linear_models import RobustCovariance
from trialkit.protocol.methods.method import Response
from trialkit.protocol.trial.factors import TrialFactor, cells


def trials_of(
    factors: tuple[TrialFactor, ...], replicates: int, sizes: tuple[int, ...], shift: np.ndarray
) -> SimulatedTrials:
    rng = np.random.default_rng(11)
    table = cells(factors)
    arms = np.repeat(np.arange(len(table)), sizes)
    values = rng.normal(50, 10, size=(replicates, len(arms), 2))
    values[:, :, 1] += shift[arms]
    return SimulatedTrials(
        values=values,
        arms=arms,
        place=1,
        covariates=(),
        level=0.9,
        rng=rng,
        factors=factors,
        cells=table,
    )


@pytest.mark.parametrize("factors", [TWO, THREE], ids=["two", "three"])
@pytest.mark.parametrize("response", list(Response))
def test_each_trial_is_decided_as_the_single_analysis_does(
    factors: tuple[TrialFactor, ...], response: Response
) -> None:
    table = cells(factors)
    sizes = tuple(4 + place % 3 for place in range(len(table)))
    trials = trials_of(factors, 3, sizes, np.arange(len(table)) * 2.0)
    plan = FactorialComparison(response=response)
    found = decide_factorial(plan, trials)
    for replicate in range(3):
        values = trials.values[replicate]
        frame = pd.DataFrame({"baseline": values[:, 0], "y": trials.response(response)[replicate]})
        for place, factor in enumerate(factors):
            frame[factor.code] = pd.Categorical(
                [table[arm][place].code for arm in trials.arms],
                categories=[level.code for level in factor.levels],
                ordered=True,
            )
        single = factorial_means(
            frame,
            outcome="y",
            factors=[each.code for each in factors],
            reference={each.code: each.reference.code for each in factors},
            covariates=("baseline",),
        ).effects(conf_level=0.9)
        kept = single[single["effect"].isin(["at the margin", "interaction"])]
        assert len(kept) == len(simulated_contrasts(factors))
        for name in ("estimate", "se", "p_value", "conf_low", "conf_high"):
            own = getattr(found, name)[replicate]
            assert own == pytest.approx(kept[name].to_numpy(), rel=1e-8), name


def test_the_truth_of_equal_cells_is_their_average_and_of_others_that_of_least_squares() -> None:
    means, equal = (40.0, 38.0, 35.0, 30.0), (1, 1, 1, 1)
    assert true_effects(TWO, cells(TWO), means, equal) == pytest.approx((-6.5, -3.5, -3.0))
    assert true_effects(TWO, cells(TWO), (50.0,) * 4, equal) == (0.0, 0.0, 0.0)
    weighted = true_effects(TWO, cells(TWO), means, (3, 1, 3, 1))
    assert weighted == pytest.approx((-5 * 0.75 - 8 * 0.25, -3.5, -3.0))


def test_the_power_is_the_exact_one() -> None:
    shift = np.array([0.0, 0.0, 0.0, 9.0])
    trials = trials_of(TWO, 4_000, (20, 20, 20, 20), shift)
    found = decide_factorial(FactorialComparison(covariates=()), trials)
    rejected = (found.p_value <= 0.05).mean(axis=0)
    together = TwoByTwo(difference=9, sd=10, effect="interaction").power(80)  # type: ignore[arg-type]
    assert rejected[2] == pytest.approx(together, abs=0.025)
    assert found.estimate.mean(axis=0) == pytest.approx([4.5, 4.5, 9], abs=0.25)


def test_robust_errors_are_refused() -> None:
    assert factorial_refusal(FactorialComparison()) == ""
    assert "no kernel" in factorial_refusal(FactorialComparison(robust=RobustCovariance.HC3))
