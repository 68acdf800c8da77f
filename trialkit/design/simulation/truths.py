"""What the contrasts of a planned analysis are in truth, if the assumptions were true."""

from collections.abc import Callable, Mapping, Sequence
from math import log, log1p
from types import MappingProxyType

from trialkit.errors import DesignError
from trialkit.planned.methods.factorial_kernel import true_effects
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.factors import FactorLevel
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol


def cells_of_arms(protocol: Protocol) -> tuple[tuple[FactorLevel, ...], ...]:
    """The combination of each arm, the reference first."""
    return tuple(protocol.cell(protocol.arm(code)) for code in protocol.arm_codes)


def true_contrasts(
    protocol: Protocol, specification: Specification, outcome: Outcome, at_end: Sequence[float]
) -> tuple[float, ...]:
    """What each contrast estimates of the arms' means at the time point."""
    if specification.READS_FACTORS:
        shares = [protocol.arm(code).share for code in protocol.arm_codes]
        return true_effects(protocol.factors, cells_of_arms(protocol), at_end, shares)
    return tuple(_effect(outcome, mean, at_end[0]) for mean in at_end[1:])


def _effect(outcome: Outcome, experimental: float, reference: float) -> float:
    """What is estimated of two means: their difference, or that of what the method has a ratio of.

    Of counts that is the logarithm of the rate, of events that of the odds, of times that of the hazard.
    """
    of_risks = outcome.kind.summary in {Summary.PROPORTION, Summary.TIME}
    if of_risks and not (0 < experimental < 1 and 0 < reference < 1):
        raise DesignError(
            f"{outcome.code}: a risk of {experimental:g} against {reference:g} has no ratio to be "
            "estimated; give risks between 0 and 1"
        )
    scale = _SCALES.get(outcome.kind.summary, _same)
    return scale(experimental) - scale(reference)


def _same(mean: float) -> float:
    return mean


_SCALES: Mapping[Summary, Callable[[float], float]] = MappingProxyType(
    {
        Summary.RATE: log,
        Summary.RECURRENCE: log,
        Summary.PROPORTION: lambda risk: log(risk / (1 - risk)),
        Summary.TIME: lambda risk: log(-log1p(-risk)),
    }
)
"""On what scale effects are differences, where it is not that of the mean itself."""
