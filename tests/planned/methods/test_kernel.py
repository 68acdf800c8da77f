"""What a kernel reads of simulated trials, and how it says what it cannot do."""

import numpy as np
import pytest

from trialkit.analysis.means.batched_means import BatchedContrasts
from trialkit.planned.methods.kernel import (
    SimulatedTrials,
    decided,
    refuse_adjusted,
    refuses_nothing,
)
from trialkit.protocol.methods.linear_models import ContrastAdjustment
from trialkit.protocol.methods.measured_outcome import BASELINE
from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.mixed_anova import MixedAnova

VALUES = np.arange(60.0).reshape(2, 10, 3) ** 1.5


def trials(place: int = 1, *covariates: tuple[str, int]) -> SimulatedTrials:
    return SimulatedTrials(
        values=VALUES,
        arms=np.arange(10) % 2,
        place=place,
        covariates=covariates,
        level=0.95,
        rng=np.random.default_rng(3),
    )


@pytest.mark.parametrize("place", [1, 2])
def test_the_response_is_the_value_at_the_time_point_or_its_change(place: int) -> None:
    made = trials(place)
    np.testing.assert_array_equal(made.response(Response.FINAL), VALUES[:, :, place])
    np.testing.assert_array_equal(
        made.response(Response.CHANGE), VALUES[:, :, place] - VALUES[:, :, 0]
    )


def test_covariates_are_the_baseline_numbers_and_indicators_of_levels() -> None:
    made = trials(1, ("age", 0), ("site", 3), ("unused", 2))
    found = made.columns(("site", BASELINE, "age"))
    assert found.shape == (2, 10, 4)
    sites, baseline, age = found[:, :, :2], found[:, :, 2], found[:, :, 3]
    np.testing.assert_array_equal(baseline, VALUES[:, :, 0])
    # of three levels two have an indicator, and nobody is at two of them
    assert set(np.unique(sites)) == {0.0, 1.0}
    assert sites.sum(axis=2).max() == 1
    assert sites.any(axis=(0, 1)).all()
    assert (sites.sum(axis=2) == 0).any()
    assert len(np.unique(age)) == 20
    assert made.columns(()).shape == (2, 10, 0)


def test_decisions_are_the_contrasts_of_the_batch() -> None:
    names = ("estimate", "se", "df", "statistic", "p_value", "conf_low", "conf_high", "usable")
    numbers = {name: np.full((2, 1), float(place)) for place, name in enumerate(names)}
    found = decided(BatchedContrasts(**numbers))
    for name in ("estimate", "se", "p_value", "conf_low", "conf_high"):
        np.testing.assert_array_equal(getattr(found, name), numbers[name])
    assert found.omnibus is None


def test_what_a_kernel_cannot_do_is_said_in_words() -> None:
    assert refuses_nothing(MixedAnova()) == ""
    assert refuse_adjusted(ContrastAdjustment.NONE) == ""
    assert refuse_adjusted(ContrastAdjustment.HOLM) == "contrasts adjusted by holm have no kernel"
