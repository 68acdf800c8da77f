"""What calculations for non-inferiority and equivalence assume."""

from dataclasses import dataclass

from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.sizing.bounds import (
    EQUAL_ARMS,
    check_above_zero,
    check_between,
    check_inside_margins,
    check_level,
    check_not_worse_than_margin,
    check_risk,
    check_shares,
    name_choices,
)
from trialkit.protocol.sizing.design import MarginPower


@dataclass(frozen=True, slots=True, kw_only=True)
class NonInferiorityMeans:
    """Means, the experimental arm worse by less than ``margin``; ``difference`` is the true one."""

    margin: float
    direction: Direction
    difference: float = 0.0
    sd: float = 1.0
    alpha: float = 0.025
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        name_choices(self, direction=Direction)
        check_above_zero("margin", self.margin)
        check_above_zero("sd", self.sd)
        check_not_worse_than_margin(self.difference, self.margin, self.direction)
        check_level("alpha", self.alpha)
        check_shares(self.allocation, arms=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class EquivalenceMeans:
    """Means that differ by less than ``margin`` either way, by two one-sided t tests."""

    margin: float
    difference: float = 0.0
    sd: float = 1.0
    alpha: float = 0.025
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        check_above_zero("margin", self.margin)
        check_above_zero("sd", self.sd)
        check_inside_margins(self.difference, self.margin)
        check_level("alpha", self.alpha)
        check_shares(self.allocation, arms=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class NonInferiorityProportions:
    """Risks, the experimental arm worse by less than ``margin``."""

    risk_reference: float
    risk_experimental: float
    margin: float
    direction: Direction
    test: MarginPower = MarginPower.FARRINGTON_MANNING
    alpha: float = 0.025
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        name_choices(self, direction=Direction, test=MarginPower)
        check_risk("risk_reference", self.risk_reference)
        check_risk("risk_experimental", self.risk_experimental)
        check_between("margin", self.margin, 0, 1)
        check_not_worse_than_margin(
            self.risk_experimental - self.risk_reference, self.margin, self.direction
        )
        check_level("alpha", self.alpha)
        check_shares(self.allocation, arms=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class EquivalenceProportions:
    """Risks that differ by less than ``margin`` either way."""

    risk_reference: float
    risk_experimental: float
    margin: float
    test: MarginPower = MarginPower.FARRINGTON_MANNING
    alpha: float = 0.025
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        name_choices(self, test=MarginPower)
        check_risk("risk_reference", self.risk_reference)
        check_risk("risk_experimental", self.risk_experimental)
        check_between("margin", self.margin, 0, 1)
        check_inside_margins(self.risk_experimental - self.risk_reference, self.margin)
        check_level("alpha", self.alpha)
        check_shares(self.allocation, arms=2)
