"""What the models share of an outcome that is no measurement and is known at several visits."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from trialkit.protocol.methods.generalised_models import ResponseFamily
from trialkit.protocol.methods.measured_outcome import MeasuredOutcome
from trialkit.protocol.methods.outcome_kinds import KINDS, Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.risk_model import RiskModel
from trialkit.results.effect import Effect, Scale

_FAMILIES: Mapping[Summary, ResponseFamily] = MappingProxyType(
    {Summary.PROPORTION: ResponseFamily.BINOMIAL}
)
"""The distribution of an outcome, by how its kind is summarised: what is not named is not taken."""
_SCALES: Mapping[ResponseFamily, Scale] = MappingProxyType(
    {
        ResponseFamily.BINOMIAL: Scale.ODDS_RATIO,
        ResponseFamily.POISSON: Scale.RATE_RATIO,
        ResponseFamily.GAUSSIAN: Scale.DIFFERENCE,
    }
)


def family_of(outcome: OutcomeType) -> ResponseFamily:
    """The distribution that gives outcomes of a kind their link and their variance."""
    return _FAMILIES[KINDS[outcome].summary]


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedEventModel(RiskModel):
    """The outcome at all visits after baseline, by arm, visit, arm by visit and covariates."""

    visits: tuple[str, ...] = ()
    """The visits after baseline that are analysed; all where none is named."""

    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset(_FAMILIES)
    IS_REPEATED: ClassVar[bool] = True
    HOLDS_MARGINS: ClassVar[bool] = True

    @property
    def chosen_visits(self) -> tuple[str, ...]:
        """Those of the plan."""
        return self.visits

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The contrast at the time point, on the scale of the outcome's distribution."""
        return Effect(scale=_SCALES[family_of(outcome)])

    def needed_visits(self, outcome: MeasuredOutcome) -> tuple[str, ...]:
        """The baseline alone, if it is a covariate: whatever was observed after it is used."""
        return (outcome.baseline,) if self.uses_baseline(outcome) else ()

    def one_of_visits(self, outcome: MeasuredOutcome) -> tuple[str, ...]:
        """Any visit after baseline that is analysed."""
        return self.analysed_visits(outcome)
