"""What the options of several methods say of their effects."""

from trialkit.protocol.methods.comparisons import Standardiser
from trialkit.protocol.methods.linear_models import Comparisons, ContrastAdjustment
from trialkit.protocol.methods.method import Response
from trialkit.results.effect import (
    POINTWISE,
    Effect,
    Interval,
    IntervalKind,
    Scale,
    StandardisedBy,
)

SIMULTANEOUS = {
    ContrastAdjustment.BONFERRONI: IntervalKind.BONFERRONI,
    ContrastAdjustment.HOLM: IntervalKind.BONFERRONI,
    ContrastAdjustment.TUKEY: IntervalKind.TUKEY,
    ContrastAdjustment.DUNNETT: IntervalKind.DUNNETT,
}
"""Holm's procedure has no limits of its own: those beside its p values are Bonferroni's."""
STANDARDISERS = {
    (Standardiser.POOLED, Response.CHANGE): StandardisedBy.POOLED_CHANGE,
    (Standardiser.POOLED, Response.FINAL): StandardisedBy.POOLED_FINAL,
    (Standardiser.AVERAGE, Response.CHANGE): StandardisedBy.AVERAGE_CHANGE,
    (Standardiser.AVERAGE, Response.FINAL): StandardisedBy.AVERAGE_FINAL,
    (Standardiser.REFERENCE, Response.CHANGE): StandardisedBy.REFERENCE_CHANGE,
    (Standardiser.REFERENCE, Response.FINAL): StandardisedBy.REFERENCE_FINAL,
}
OF_RISKS = Effect(scale=Scale.PERCENTAGE_POINTS, agrees=False)
"""The risk difference, headline of every method that compares proportions, by limits and a test
that were chosen apart."""


def number_of_contrasts(comparisons: Comparisons, arms: int) -> int:
    """How many contrasts ``arms`` arms have."""
    return arms - 1 if comparisons is Comparisons.REFERENCE else arms * (arms - 1) // 2


def interval_of(adjustment: ContrastAdjustment, *, of: int) -> Interval:
    """The interval of each of several contrasts; one alone needs no adjustment."""
    if adjustment is ContrastAdjustment.NONE or of <= 1:
        return POINTWISE
    return Interval(SIMULTANEOUS[adjustment], of)


def limits_agree(adjustment: ContrastAdjustment, *, of: int) -> bool:
    """Whether limits and adjusted p answer alike; Holm's p are smaller than Bonferroni's limits say."""
    return adjustment is not ContrastAdjustment.HOLM or of <= 1


def adjusted_by(adjustment: ContrastAdjustment, *, of: int) -> str:
    """What adjusts the p values of an analysis within itself; blank where nothing does."""
    return "" if adjustment is ContrastAdjustment.NONE or of <= 1 else adjustment.value
