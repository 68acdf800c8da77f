"""What an effect is: its scale, how its interval came about, what adjusts and standardises it.

Every reader of the results (tables, forest, sentences, lint) asks an :class:`Effect`; none infers
it from the name of a method, a term or a note.
"""

from dataclasses import dataclass
from enum import StrEnum


class Scale(StrEnum):
    """In what an effect is measured."""

    DIFFERENCE = "difference"
    """Of means, medians or locations, in the outcome's unit."""
    RATIO = "ratio"
    """Of geometric means."""
    PERCENTAGE_POINTS = "percentage_points"
    """A difference of risks; ``stat`` holds it as a share, from -1 to 1."""
    RISK_RATIO = "risk_ratio"
    ODDS_RATIO = "odds_ratio"
    HAZARD_RATIO = "hazard_ratio"
    RATE_RATIO = "rate_ratio"
    PROBABILITY = "probability"

    @property
    def is_ratio(self) -> bool:
        """Whether no effect is 1, and limits are symmetric on the logarithm."""
        return self in _RATIOS

    @property
    def null_value(self) -> float:
        """The value that means no effect."""
        return 1.0 if self.is_ratio else 0.5 if self is Scale.PROBABILITY else 0.0


_RATIOS = frozenset(
    {Scale.RATIO, Scale.RISK_RATIO, Scale.ODDS_RATIO, Scale.HAZARD_RATIO, Scale.RATE_RATIO}
)


class IntervalKind(StrEnum):
    """What the limits of an interval hold for."""

    POINTWISE = "pointwise"
    ONE_SIDED = "one-sided"
    EXACT = "exact"
    BONFERRONI = "simultaneous Bonferroni"
    DUNNETT = "simultaneous Dunnett"
    TUKEY = "simultaneous Tukey"

    @property
    def is_simultaneous(self) -> bool:
        """Whether the level is that of several intervals together."""
        return self in {IntervalKind.BONFERRONI, IntervalKind.DUNNETT, IntervalKind.TUKEY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a contrast of arms states, whichever method it comes from.

    ``comparisons`` are the contrasts whose intervals hold together (1 for pointwise ones);
    ``has_headline_p`` says whether the plan's families count its p value; ``p_adjusted_by`` names
    what adjusts p within the analysis itself; ``standardised_by`` is what Hedges' g divides by.
    """

    scale: Scale
    interval: IntervalKind = IntervalKind.POINTWISE
    comparisons: int = 1
    has_headline_p: bool = True
    p_adjusted_by: str = ""
    standardised_by: str = ""

    @property
    def interval_kind(self) -> str:
        """The interval's kind as the results have it, such as ``simultaneous Tukey of 3``."""
        of = f" of {self.comparisons}" if self.interval.is_simultaneous else ""
        return f"{self.interval.value}{of}"


class Status(StrEnum):
    """Whether there is a number."""

    ESTIMATED = "estimated"
    NOT_ESTIMABLE = "not_estimable"
    """``note`` says why."""
