"""The p value of a rank sum, by the side that is asked about: exactly, or by its normal approximation."""

from typing import assert_never

import numpy as np
from scipy.special import ndtr

from trialkit.analysis.means.permutation_distribution import SumDistribution
from trialkit.protocol.methods.comparisons import Alternative


def exact_p(exact: SumDistribution, total: int, alternative: Alternative) -> float:
    """The share of the permutation distribution that lies as far out as ``total``."""
    match alternative:
        case Alternative.TWO_SIDED:
            return exact.as_far_from(exact.mean, total)
        case Alternative.LESS:
            return exact.at_most(total)
        case Alternative.GREATER:
            return exact.at_least(total)
        case _:
            assert_never(alternative)


def asymptotic_p(
    distance: float, sigma: float, half: float, alternative: Alternative
) -> tuple[float, float]:
    """The normal tail area and the deviate, after a continuity correction of ``half``."""
    match alternative:
        case Alternative.TWO_SIDED:
            z = (distance - half * np.sign(distance)) / sigma
            return float(min(2 * ndtr(-abs(z)), 1.0)), float(z)
        case Alternative.LESS:
            z = (distance + half) / sigma
            return float(ndtr(z)), float(z)
        case Alternative.GREATER:
            z = (distance - half) / sigma
            return float(ndtr(-z)), float(z)
        case _:
            assert_never(alternative)
