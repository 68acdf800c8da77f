"""Multiple imputation, as a plan may ask for it."""

from dataclasses import dataclass

from trialkit.protocol.methods.imputing_method import ImputingMethod
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleImputation(ImputingMethod):
    """Missing values are imputed, each data set analysed by ANCOVA, and the estimates pooled."""

    method: Method = Method.MULTIPLE_IMPUTATION

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The adjusted difference between two of ``arms``."""
        return Effect(scale=Scale.DIFFERENCE)
