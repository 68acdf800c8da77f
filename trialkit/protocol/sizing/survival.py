"""What a calculation for times to an event assumes."""

from dataclasses import dataclass
from itertools import pairwise
from math import log

from trialkit.errors import ProtocolError
from trialkit.protocol.sizing.bounds import (
    EQUAL_ARMS,
    check_above_zero,
    check_at_least,
    check_level_and_sides,
    check_shares,
    name_choices,
)
from trialkit.protocol.sizing.design import LogRankFormula


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRank:
    """Times to an event under proportional hazards; the events decide the power.

    Participants follow from each arm's share of them who will have the event: as it is given, or from
    the hazard of the reference arm (``median_reference``, or ``hazards_reference`` from 0 and from each
    of ``hazard_changes`` on) and how long participants are followed: entry is uniform over ``accrual``,
    and the study ends ``follow_up`` after the last one entered. With ``accrual = 0`` everybody is
    followed for ``follow_up``. All times have one unit, and hazards are per that unit.
    """

    hazard_ratio: float
    event_share_reference: float | None = None
    event_share_experimental: float | None = None
    median_reference: float | None = None
    hazards_reference: tuple[float, ...] = ()
    hazard_changes: tuple[float, ...] = ()
    accrual: float = 0.0
    follow_up: float | None = None
    loss_hazards: tuple[float, ...] = ()
    """The hazard of leaving before the event, of the reference and the experimental arm."""
    formula: LogRankFormula = LogRankFormula.SCHOENFELD
    alpha: float = 0.05
    sides: int = 2
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        name_choices(self, formula=LogRankFormula)
        check_above_zero("hazard_ratio", self.hazard_ratio)
        if self.hazard_ratio == 1:
            raise ProtocolError("hazard_ratio is 1: there is nothing to detect")
        self._check_shares()
        self._check_hazards()
        self._check_following()
        check_level_and_sides(self.alpha, self.sides)
        check_shares(self.allocation, arms=2)

    @property
    def hazards(self) -> tuple[float, ...]:
        """Those of the reference arm; none where its shares with an event are given, or nothing is."""
        if self.median_reference is not None:
            return (log(2) / self.median_reference,)
        return self.hazards_reference

    def _check_shares(self) -> None:
        shares = (self.event_share_reference, self.event_share_experimental)
        if (shares[0] is None) != (shares[1] is None):
            raise ProtocolError("give event_share_reference and event_share_experimental, or none")
        for name, share in zip(("reference", "experimental"), shares, strict=True):
            if share is not None and not 0 < share <= 1:
                raise ProtocolError(f"event_share_{name} must be above 0, at most 1, got {share:g}")
        if shares[0] is not None and (self.median_reference is not None or self.hazards_reference):
            raise ProtocolError(
                "give event_share_reference and event_share_experimental, or the hazard of the reference "
                "arm (median_reference or hazards_reference), not both"
            )

    def _check_hazards(self) -> None:
        if self.median_reference is not None:
            check_above_zero("median_reference", self.median_reference)
            if self.hazards_reference or self.hazard_changes:
                raise ProtocolError("give median_reference or hazards_reference, not both")
        for hazard in self.hazards_reference:
            check_at_least("hazards_reference", hazard, 0)
        if self.hazards_reference and not any(self.hazards_reference):
            raise ProtocolError("hazards_reference is 0 at all times: nobody has the event")
        if len(self.hazard_changes) != max(len(self.hazards_reference) - 1, 0):
            raise ProtocolError(
                "hazard_changes has one time fewer than hazards_reference: from when each further hazard holds"
            )
        for change in self.hazard_changes:
            check_above_zero("hazard_changes", change)
        if any(later <= earlier for earlier, later in pairwise(self.hazard_changes)):
            raise ProtocolError(f"hazard_changes must rise, got {list(self.hazard_changes)}")

    def _check_following(self) -> None:
        check_at_least("accrual", self.accrual, 0)
        if self.follow_up is not None:
            check_at_least("follow_up", self.follow_up, 0)
            if self.follow_up + self.accrual <= 0:
                raise ProtocolError("accrual and follow_up are 0: nobody is followed")
        if bool(self.hazards) != (self.follow_up is not None):
            raise ProtocolError(
                "the share of participants with an event needs both the hazard of the reference arm "
                "(median_reference or hazards_reference) and follow_up"
            )
        if self.loss_hazards and len(self.loss_hazards) != 2:
            raise ProtocolError(
                "loss_hazards has two numbers: of the reference and the experimental arm"
            )
        for hazard in self.loss_hazards:
            check_at_least("loss_hazards", hazard, 0)
        if (self.accrual or self.loss_hazards) and not self.hazards:
            raise ProtocolError(
                "accrual and loss_hazards say nothing without the hazard of the reference arm "
                "(median_reference or hazards_reference)"
            )
        if self.formula is LogRankFormula.LACHIN_FOULKES and not self.hazards:
            raise ProtocolError(
                "lachin_foulkes needs the hazard of the reference arm (median_reference or "
                "hazards_reference) and follow_up"
            )
