"""The rate ratio of Lin, Wei, Yang and Ying, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.recurrent_model import RecurrentModel
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Lwyy(RecurrentModel):
    """The mean numbers of events of two arms, taken to be in one ratio at all times."""

    method: Method = Method.LWYY
    strata: tuple[str, ...] = ()
    """Baseline characteristics in each of whose levels the rate has a course of its own."""

    HOLDS_MARGINS: ClassVar[bool] = True
    OF_BASELINE: ClassVar[tuple[str, ...]] = ("covariates", "strata")

    def __post_init__(self) -> None:
        RecurrentModel.__post_init__(self)
        twice = sorted(set(self.covariates) & set(self.strata))
        if twice:
            raise ProtocolError(f"{twice[0]} is a covariate and a stratum; it can be one of them")

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The rate ratio."""
        return Effect(scale=Scale.RATE_RATIO)
