"""What the models of a binary outcome share that adjust for covariates."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.generalised_models import RatioLimits
from trialkit.protocol.methods.measured_outcome import BASELINE, MeasuredOutcome
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.specification import Specification


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskModel(Specification):
    """A model of who has the event, by arm and covariates.

    A covariate is ``baseline``, whether the participant had the event at baseline, or ``form.item``.
    """

    covariates: tuple[str, ...] = ()

    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset({Summary.PROPORTION})
    OF_BASELINE: ClassVar[tuple[str, ...]] = ("covariates",)

    def uses_baseline(self, outcome: MeasuredOutcome) -> bool:
        """Whether having the event at baseline is a covariate; there is no change of an event."""
        return BASELINE in self.covariates


LIMITS_OF_RISKS: Mapping[RatioLimits, str] = MappingProxyType(
    {RatioLimits.WALD: "Wald test", RatioLimits.PROFILE: "likelihood ratio test"}
)
"""The limits that a model of risks has, each with the test that it belongs to."""


def refuse_dispersion(limits: RatioLimits) -> None:
    """Raise :class:`ProtocolError` for limits that hold a dispersion, of which an event has none."""
    if limits not in LIMITS_OF_RISKS:
        known = " or ".join(repr(each.value) for each in LIMITS_OF_RISKS)
        raise ProtocolError(
            f"limits {limits.value!r} belong to a model with a dispersion; of an event take {known}"
        )
