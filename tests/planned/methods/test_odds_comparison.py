"""A planned proportional odds model: its options, its kernel, and levels that nobody tells apart."""

import numpy as np
import pytest

from trialkit.analysis.ordinal.batched_odds import proportional_odds_batch
from trialkit.errors import ProtocolError
from trialkit.planned.methods.kernel import SimulatedTrials
from trialkit.planned.methods.odds_comparison import ODDS_COMPARISON
from trialkit.protocol.methods.generalised_models import RatioLimits
from trialkit.protocol.methods.measured_outcome import MeasuredOutcome
from trialkit.protocol.methods.odds_comparison import OddsComparison
from trialkit.protocol.methods.outcome_kinds import KINDS
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.stratified_ranks import StratifiedRanks

OUTCOME = MeasuredOutcome(
    kind=KINDS[OutcomeType.ORDINAL], baseline="BL", time_point="W8", asked=("BL", "W8")
)


def test_the_baseline_is_read_where_it_is_a_covariate() -> None:
    assert OddsComparison().needed_visits(OUTCOME) == ("W8",)
    assert OddsComparison(covariates=("baseline",)).needed_visits(OUTCOME) == ("BL", "W8")
    own = OddsComparison(covariates=("baseline", "a.b"))
    assert own.baseline_items(OUTCOME.kind) == ("a.b",)


def test_what_has_no_meaning_is_refused() -> None:
    with pytest.raises(ProtocolError, match="no dispersion to be held"):
        OddsComparison(limits=RatioLimits.PROFILE_DISPERSION_HELD)
    with pytest.raises(ProtocolError, match="name one baseline characteristic"):
        StratifiedRanks(strata=())
    with pytest.raises(ProtocolError, match="names a characteristic twice"):
        StratifiedRanks(strata=("a.b", "a.b"))


def test_the_kernel_is_walds_test_without_covariates() -> None:
    kernel = ODDS_COMPARISON.kernel
    assert kernel is not None
    assert kernel.refusal(OddsComparison()) == ""
    assert "covariates" in kernel.refusal(OddsComparison(covariates=("a.b",)))
    assert "profile" in kernel.refusal(OddsComparison(limits=RatioLimits.PROFILE))
    rng = np.random.default_rng(4)
    values, arms = rng.integers(1, 5, size=(9, 40, 2)).astype(float), np.repeat([0, 1], 20)
    trials = SimulatedTrials(values=values, arms=arms, place=1, covariates=(), level=0.9, rng=rng)
    found = kernel.decide(OddsComparison(), trials)
    alone = proportional_odds_batch(values[:, :, 1], arms, conf_level=0.9)
    assert np.array_equal(found.estimate, alone.estimate)
    assert np.array_equal(found.conf_low, alone.conf_low)
