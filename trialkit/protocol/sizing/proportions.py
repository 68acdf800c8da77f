"""What a calculation for two proportions assumes."""

from dataclasses import dataclass

from trialkit.errors import ProtocolError
from trialkit.protocol.sizing.bounds import (
    EQUAL_ARMS,
    check_level_and_sides,
    check_risk,
    check_shares,
    name_choices,
)
from trialkit.protocol.sizing.design import ProportionPower


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoProportions:
    """Two independent risks."""

    risk_reference: float
    risk_experimental: float
    test: ProportionPower = ProportionPower.CHI_SQUARE
    alpha: float = 0.05
    sides: int = 2
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        name_choices(self, test=ProportionPower)
        check_risk("risk_reference", self.risk_reference)
        check_risk("risk_experimental", self.risk_experimental)
        if self.risk_reference == self.risk_experimental:
            raise ProtocolError("risk_reference and risk_experimental are equal: nothing to detect")
        check_level_and_sides(self.alpha, self.sides)
        if self.test in {ProportionPower.CHI_SQUARE, ProportionPower.FISHER_EXACT} and (
            self.sides == 1
        ):
            raise ProtocolError(
                f"test {self.test.value!r} is two-sided in trialkit; use sides = 2, or test 'normal'"
            )
        check_shares(self.allocation, arms=2)
