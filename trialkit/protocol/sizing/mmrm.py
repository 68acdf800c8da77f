"""What a calculation for a mixed model for repeated measures assumes."""

from dataclasses import dataclass

from trialkit.errors import ProtocolError
from trialkit.protocol.sizing.bounds import (
    EQUAL_ARMS,
    check_above_zero,
    check_between,
    check_level_and_sides,
    check_not_zero,
    check_retention,
    check_shares,
    name_choices,
)
from trialkit.protocol.sizing.design import CorrelationPattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Mmrm:
    """The difference at the last visit by a mixed model for repeated measures, with dropout.

    ``retention`` is the share still measured at each visit, the first after baseline first.
    ``retention_experimental`` is the experimental arm's own where the arms differ. The visits'
    correlations follow ``pattern`` and ``correlation``, or are ``correlations`` row by row.
    """

    difference: float
    retention: tuple[float, ...]
    correlation: float | None = None
    pattern: CorrelationPattern = CorrelationPattern.COMPOUND_SYMMETRY
    correlations: tuple[tuple[float, ...], ...] = ()
    retention_experimental: tuple[float, ...] = ()
    sd: float = 1.0
    alpha: float = 0.05
    sides: int = 2
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        name_choices(self, pattern=CorrelationPattern)
        check_not_zero("difference", self.difference)
        check_above_zero("sd", self.sd)
        check_level_and_sides(self.alpha, self.sides)
        check_shares(self.allocation, arms=2)
        visits = len(self.retention)
        check_retention("retention", self.retention, visits)
        if self.retention_experimental:
            check_retention("retention_experimental", self.retention_experimental, visits)
        if (self.correlation is None) == (not self.correlations):
            raise ProtocolError("give correlation (with its pattern) or correlations: one of them")
        if self.correlation is not None:
            lowest = -1.0
            if self.pattern is CorrelationPattern.COMPOUND_SYMMETRY and visits > 1:
                lowest = -1 / (visits - 1)
            check_between("correlation", self.correlation, lowest, 1)
        elif any(len(row) != visits for row in self.correlations) or (
            len(self.correlations) != visits
        ):
            raise ProtocolError(
                f"correlations must have {visits} rows of {visits} numbers, one for each visit"
            )
