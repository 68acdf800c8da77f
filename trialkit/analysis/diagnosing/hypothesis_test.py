"""What a test of an assumption found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HypothesisTest:
    """A test's statistic with its degrees of freedom, where it has any, and p value."""

    statistic: float
    p_value: float
    df_num: float | None = None
    df_den: float | None = None
