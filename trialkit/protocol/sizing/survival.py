"""What a calculation for times to an event assumes."""

from dataclasses import dataclass

from trialkit.errors import ProtocolError
from trialkit.protocol.sizing.bounds import (
    EQUAL_ARMS,
    check_above_zero,
    check_level_and_sides,
    check_shares,
    name_choices,
)
from trialkit.protocol.sizing.design import LogRankFormula


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRank:
    """Times to an event under proportional hazards; the events decide the power.

    With each arm's share of participants who will have the event, participants follow too.
    """

    hazard_ratio: float
    event_share_reference: float | None = None
    event_share_experimental: float | None = None
    formula: LogRankFormula = LogRankFormula.SCHOENFELD
    alpha: float = 0.05
    sides: int = 2
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        name_choices(self, formula=LogRankFormula)
        check_above_zero("hazard_ratio", self.hazard_ratio)
        if self.hazard_ratio == 1:
            raise ProtocolError("hazard_ratio is 1: there is nothing to detect")
        shares = (self.event_share_reference, self.event_share_experimental)
        if (shares[0] is None) != (shares[1] is None):
            raise ProtocolError("give event_share_reference and event_share_experimental, or none")
        for name, share in zip(("reference", "experimental"), shares, strict=True):
            if share is not None and not 0 < share <= 1:
                raise ProtocolError(f"event_share_{name} must be above 0, at most 1, got {share:g}")
        check_level_and_sides(self.alpha, self.sides)
        check_shares(self.allocation, arms=2)
