"""The choices a plan makes about linear models, as enums."""

from enum import IntEnum, StrEnum

from trialkit.errors import AnalysisError


class SumOfSquares(IntEnum):
    """Which hypothesis a row of an analysis-of-variance table tests when groups are unequal."""

    SEQUENTIAL = 1
    """Type I: each term after the terms before it."""
    HIERARCHICAL = 2
    """Type II: each term after all terms that do not contain it."""
    PARTIAL = 3
    """Type III: each term after all others, groups weighted equally."""


class MarginalWeights(StrEnum):
    """How the levels of a categorical covariate are averaged in a marginal mean."""

    EQUAL = "equal"
    """Each level counts the same (emmeans' default)."""
    PROPORTIONAL = "proportional"
    """Each level counts as often as it occurs in the rows used (emmeans' ``weights = "proportional"``)."""


class RobustCovariance(StrEnum):
    """Heteroscedasticity-consistent covariance of the coefficients of a linear model."""

    HC0 = "HC0"
    HC1 = "HC1"
    HC2 = "HC2"
    HC3 = "HC3"
    HC4 = "HC4"


class OutcomeScale(StrEnum):
    """The scale on which an outcome is modelled."""

    IDENTITY = "identity"
    LOG = "log"
    """Natural logarithm; differences become ratios of geometric means."""


class Comparisons(StrEnum):
    """Which arms are compared with which."""

    REFERENCE = "reference"
    """Each arm minus the reference arm."""
    ALL_PAIRS = "all_pairs"
    """Every arm minus every arm before it."""


class ContrastAdjustment(StrEnum):
    """How p values and confidence limits answer for a family of contrasts."""

    NONE = "none"
    BONFERRONI = "bonferroni"
    HOLM = "holm"
    """Holm's p values; the limits are Bonferroni's, since Holm's procedure has none."""
    TUKEY = "tukey"
    """Tukey–Kramer, by the studentised range; for all pairs."""
    DUNNETT = "dunnett"
    """Dunnett, by the multivariate t distribution; against a reference."""


class ContrastKind(StrEnum):
    """What a planned contrast of a mixed analysis of variance compares."""

    AT_VISIT = "at_visit"
    """Arms at each visit."""
    CHANGE = "change"
    """Arms in their change from the first visit."""
    WITHIN = "within"
    """Visits within each arm."""


class ContrastFamily(StrEnum):
    """Which contrasts are adjusted together."""

    EACH = "each"
    """The contrasts at one visit (or in one arm) are a family."""
    ALL = "all"
    """All contrasts of the call are one family."""


def sum_of_squares_type(value: int, *, allowed: tuple[SumOfSquares, ...]) -> SumOfSquares:
    """The type of sums of squares that ``value`` names, or an error that lists the allowed."""
    if isinstance(value, int) and not isinstance(value, bool) and value in allowed:
        return SumOfSquares(value)
    known = ", ".join(str(int(each)) for each in allowed)
    raise AnalysisError(f"sum_of_squares={value!r} is not known here; known are {known}")
