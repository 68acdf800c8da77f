"""What the methods share that compare the rates of events of two arms."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.protocol.methods.measured_outcome import BASELINE, MeasuredOutcome
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.specification import Specification

RATES = frozenset({Summary.RATE, Summary.RECURRENCE})
"""The outcomes whose events are counted while participants are at risk."""
from trialkit.protocol.methods.suppositions import Supposition


@dataclass(frozen=True, slots=True, kw_only=True)
class RateModel(Specification):
    """A model of how many events a participant has, by arm and covariates, for the time at risk.

    A covariate is ``baseline``, the number at the baseline visit, or ``form.item``. The logarithm of
    the exposure is the offset.
    """

    covariates: tuple[str, ...] = ()

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    SUMMARIES: ClassVar[frozenset[Summary]] = RATES
    OF_BASELINE: ClassVar[tuple[str, ...]] = ("covariates",)

    def uses_baseline(self, outcome: MeasuredOutcome) -> bool:
        """Whether the number at baseline is a covariate; a count has no change."""
        return BASELINE in self.covariates
