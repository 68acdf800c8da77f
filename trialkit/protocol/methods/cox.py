"""Cox's regression of the time to an event, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.limits import ONLY_WALD
from trialkit.protocol.methods.measured_outcome import BASELINE
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.protocol.methods.time_to_event import HazardLimits, TiedEvents
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Cox(Specification):
    """The hazard of the event in two arms, taken to be in one ratio at all times.

    ``covariates`` and ``strata`` are baseline characteristics, as ``form.item``.
    """

    method: Method = Method.COX
    covariates: tuple[str, ...] = ()
    strata: tuple[str, ...] = ()
    """In each of their levels the hazard has a course of its own."""
    ties: TiedEvents = TiedEvents.EFRON
    limits: HazardLimits = HazardLimits.WALD
    robust: bool = False
    """Whether standard errors are those of Lin and Wei."""

    SUPPOSES: ClassVar[Supposition] = Supposition.CENSORED_AS_OTHERS
    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset({Summary.TIME})
    OF_BASELINE: ClassVar[tuple[str, ...]] = ("covariates", "strata")

    HOLDS_MARGINS: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if BASELINE in self.covariates:
            raise ProtocolError("the time to an event has no baseline value to adjust for")
        twice = sorted(set(self.covariates) & set(self.strata))
        if twice:
            raise ProtocolError(f"{twice[0]} is a covariate and a stratum; it can be one of them")
        if self.robust and self.limits is HazardLimits.PROFILE:
            raise ProtocolError("profile limits have no standard errors, robust or not")
        if self.robust and self.ties is TiedEvents.EXACT:
            raise ProtocolError("exact ties have no robust standard errors; take efron or breslow")

    @property
    def without_margin(self) -> str:
        """Why not, where its limits are of the likelihood."""
        return "" if self.limits is HazardLimits.WALD else ONLY_WALD

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The hazard ratio, whose limits and p are both of Wald or both of the likelihood."""
        return Effect(scale=Scale.HAZARD_RATIO)
