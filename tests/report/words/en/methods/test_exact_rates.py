"""That the exact p value of a rate ratio and its limits are of two kinds is said where they stand."""

from trialkit.protocol.methods.exact_rates import ExactRateComparison
from trialkit.protocol.methods.generalised_models import ExactRateLimits
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.report.words.en.methods.exact_rates import WORDS

KIND = "of another kind than"


def test_a_p_that_its_limits_may_contradict_is_called_of_another_kind() -> None:
    for limits in ExactRateLimits:
        own = ExactRateComparison(limits=limits)
        differs = limits is ExactRateLimits.EXACT
        assert own.effect(OutcomeType.COUNT, 2).agrees is not differs
        assert (KIND in WORDS.effect(own)) is differs
        assert (KIND in " ".join(WORDS.notes(own))) is differs
