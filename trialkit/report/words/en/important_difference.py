"""The difference between arms that matters, in English and on the axis of an effect."""

from trialkit.protocol.trial.outcomes import Outcome
from trialkit.report.numbers.numbers import plain
from trialkit.results.effect import Scale

IMPORTANT = "important difference"


def important_difference_words(outcome: Outcome) -> str:
    """The outcome, the size of the difference, and its source where there is one."""
    size = outcome.important_difference or 0.0
    in_points = outcome.kind.is_proportion
    number = plain(100 * size if in_points else size)
    unit = "percentage points" if in_points else outcome.unit
    source = outcome.important_difference_source.strip().removesuffix(".")
    return f"{outcome.label}: {number} {unit}".strip() + (f" ({source})" if source else "")


def important_effect(outcome: Outcome, scale: Scale, *, lower_is_better: bool) -> float | None:
    """Where an effect of that size lies in favour of the experimental arm, as the results have it.

    None where none is stated, or the effect is on a scale on which none is.
    """
    size = outcome.important_difference
    known = Scale.PERCENTAGE_POINTS if outcome.kind.is_proportion else Scale.DIFFERENCE
    if size is None or scale is not known:
        return None
    return -size if lower_is_better else size
