"""What a calculation for rates of events assumes."""

from dataclasses import dataclass

from trialkit.errors import ProtocolError
from trialkit.protocol.sizing.bounds import (
    EQUAL_ARMS,
    check_above_zero,
    check_at_least,
    check_level_and_sides,
    check_shares,
    name_choices,
)
from trialkit.protocol.sizing.design import NullRate


@dataclass(frozen=True, slots=True, kw_only=True)
class NegativeBinomialRates:
    """Two rates of events that may happen to a participant several times.

    A count has the variance m + ``dispersion`` m²; dispersion is 1 / theta, and 0 makes the counts
    Poisson's. ``exposure`` is how long a participant is at risk on average, in the unit of the rate.
    """

    rate_reference: float
    rate_ratio: float
    dispersion: float
    exposure: float = 1.0
    null_rate: NullRate = NullRate.LIKELIEST
    alpha: float = 0.05
    sides: int = 2
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        name_choices(self, null_rate=NullRate)
        check_above_zero("rate_reference", self.rate_reference)
        check_above_zero("rate_ratio", self.rate_ratio)
        if self.rate_ratio == 1:
            raise ProtocolError("rate_ratio is 1: there is nothing to detect")
        check_at_least("dispersion", self.dispersion, 0)
        check_above_zero("exposure", self.exposure)
        check_level_and_sides(self.alpha, self.sides)
        check_shares(self.allocation, arms=2)
