"""Multiple imputation, as a plan may ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from trialkit.protocol.methods.imputing_method import ImputingMethod
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleImputation(ImputingMethod):
    """Missing values are imputed, each data set analysed by ANCOVA, and the estimates pooled."""

    method: Method = Method.MULTIPLE_IMPUTATION
    delta: Mapping[str, float | Mapping[str, float]] = field(default_factory=dict, hash=False)
    """By arm, or by arm and visit: what is added to values that are imputed after an event."""

    @property
    def shifts(self) -> bool:
        """Whether a delta is another number than 0."""
        return any(number != 0 for arm in self.delta for number in self.deltas_of(arm).values())

    def deltas_of(self, arm: str) -> Mapping[str, float]:
        """What is added in an arm, by visit; under the blank name at every visit."""
        stated = self.delta.get(arm, {})
        return stated if isinstance(stated, Mapping) else {"": stated}

    @property
    def arms_named(self) -> tuple[str, ...]:
        """The codes of arms that the plan names here."""
        return tuple(self.delta)

    @property
    def visits_named(self) -> tuple[str, ...]:
        """Those of visits beside ``visits``."""
        return tuple(visit for arm in self.delta for visit in self.deltas_of(arm) if visit)

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The adjusted difference between two of ``arms``."""
        return Effect(scale=Scale.DIFFERENCE)
