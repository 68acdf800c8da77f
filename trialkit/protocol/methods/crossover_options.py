"""The effects of a trial of two treatments in two periods, by their names."""

from enum import StrEnum


class CrossoverEffect(StrEnum):
    """What an estimate of a crossover trial is of."""

    TREATMENT = "treatment"
    """Adjusted for the period."""
    PERIOD = "period"
    """The second less the first, adjusted for the treatment."""
    CARRY_OVER = "carry_over"
    """What the first period's treatment leaves behind in the second, by the subjects' totals."""


class BinaryCrossoverTest(StrEnum):
    """A test of a binary outcome in two periods."""

    MAINLAND_GART = "mainland_gart"
    """Fisher's exact test of sequence against preferred period, in those who prefer one."""
    PRESCOTT = "prescott"
    """The exact test of the change's mean, with those who prefer none."""
    FISHER = "fisher_exact"
    """Of the totals, in those who prefer none."""


class PreferenceTest(StrEnum):
    """Which test of a binary outcome a plan takes for its p value."""

    MAINLAND_GART = BinaryCrossoverTest.MAINLAND_GART.value
    PRESCOTT = BinaryCrossoverTest.PRESCOTT.value
