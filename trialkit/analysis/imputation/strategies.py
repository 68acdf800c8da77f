"""What is supposed of a subject's outcome after an event: its mean and covariance at all visits.

A strategy makes one distribution of two: that of the subject's own arm, and that which the subject
would have in the reference arm. Means have the axes (draw, subject, visit), covariances (draw,
visit, visit); ``at_random`` says which visits stand before the event.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from trialkit.errors import AnalysisError
from trialkit.protocol.methods.imputation import ImputationStrategy


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VisitDistribution:
    """Normal distributions over visits."""

    mean: np.ndarray  # (draw, subject, visit)
    covariance: np.ndarray  # (draw, visit, visit)


StrategyFunction = Callable[[VisitDistribution, VisitDistribution, np.ndarray], VisitDistribution]
"""(own arm, reference, at_random) → what is supposed; called where a visit is not at random."""


def missing_at_random(
    own: VisitDistribution, reference: VisitDistribution, at_random: np.ndarray
) -> VisitDistribution:
    """As in the own arm, whatever happened."""
    del reference, at_random
    return own


def jump_to_reference(
    own: VisitDistribution, reference: VisitDistribution, at_random: np.ndarray
) -> VisitDistribution:
    """From the event on the means of the reference arm."""
    mean = np.where(at_random, own.mean, reference.mean)
    return VisitDistribution(mean=mean, covariance=_joined(own, reference, at_random))


def copy_reference(
    own: VisitDistribution, reference: VisitDistribution, at_random: np.ndarray
) -> VisitDistribution:
    """As if the subject had been in the reference arm from the first visit on."""
    del own, at_random
    return reference


def copy_increments(
    own: VisitDistribution, reference: VisitDistribution, at_random: np.ndarray
) -> VisitDistribution:
    """From the last visit before the event on, the mean changes as it does in the reference arm."""
    before = int(np.argmin(at_random)) - 1
    if before < 0:
        return reference
    step = own.mean[..., before] - reference.mean[..., before]
    mean = np.where(at_random, own.mean, reference.mean + step[..., None])
    return VisitDistribution(mean=mean, covariance=_joined(own, reference, at_random))


def last_mean(
    own: VisitDistribution, reference: VisitDistribution, at_random: np.ndarray
) -> VisitDistribution:
    """From the event on, the mean of the own arm at the last visit before it."""
    del reference
    before = int(np.argmin(at_random)) - 1
    if before < 0:
        raise AnalysisError(
            "last-mean-carried-forward needs a visit before the event, and a subject is affected from "
            "the first visit on"
        )
    mean = np.where(at_random, own.mean, own.mean[..., before : before + 1])
    return VisitDistribution(mean=mean, covariance=own.covariance)


STRATEGIES: Final[Mapping[str, StrategyFunction]] = MappingProxyType(
    {
        ImputationStrategy.MISSING_AT_RANDOM.value: missing_at_random,
        ImputationStrategy.JUMP_TO_REFERENCE.value: jump_to_reference,
        ImputationStrategy.COPY_REFERENCE.value: copy_reference,
        ImputationStrategy.COPY_INCREMENTS.value: copy_increments,
        ImputationStrategy.LAST_MEAN.value: last_mean,
    }
)
"""The strategies that have a name."""


def supposed(
    function: StrategyFunction,
    own: VisitDistribution,
    reference: VisitDistribution,
    at_random: np.ndarray,
) -> VisitDistribution:
    """What ``function`` makes of the two, or an error where its shapes are not theirs."""
    found = function(own, reference, at_random)
    if (
        not isinstance(found, VisitDistribution)
        or found.mean.shape != own.mean.shape
        or found.covariance.shape != own.covariance.shape
    ):
        raise AnalysisError(
            f"the strategy {getattr(function, '__name__', function)!r} must give a VisitDistribution "
            f"with a mean of the shape {own.mean.shape} and a covariance of {own.covariance.shape}"
        )
    return found


def _joined(
    own: VisitDistribution, reference: VisitDistribution, at_random: np.ndarray
) -> np.ndarray:
    """The own covariance before the event, and after it what the reference has given what was before.

    Carpenter, Roger and Kenward: the regression of later on earlier visits, and the residual
    covariance, are those of the reference arm.
    """
    if np.array_equal(own.covariance, reference.covariance) or not at_random.any():
        return reference.covariance
    r, t = at_random, ~at_random
    of_reference, of_own = reference.covariance, own.covariance
    early = of_reference[:, r][:, :, r]
    slope = np.swapaxes(np.linalg.solve(early, of_reference[:, r][:, :, t]), 1, 2)
    joined = of_own.copy()
    crossed = slope @ of_own[:, r][:, :, r]
    joined[:, np.ix_(t, r)[0], np.ix_(t, r)[1]] = crossed
    joined[:, np.ix_(r, t)[0], np.ix_(r, t)[1]] = np.swapaxes(crossed, 1, 2)
    late = of_reference[:, t][:, :, t] - slope @ of_reference[:, r][:, :, t]
    joined[:, np.ix_(t, t)[0], np.ix_(t, t)[1]] = late + crossed @ np.swapaxes(slope, 1, 2)
    return joined
