"""The participant flow (CONSORT 22): its stages, its nouns, and how the results hold them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from trialkit.errors import DatasetError
from trialkit.results.answers import EVERYBODY_ANSWERED, Unanswered
from trialkit.results.cluster_flow import ClusterFlow, read_cluster_flow
from trialkit.results.lookup import ResultIndex, Shelf, value
from trialkit.results.period_flow import PeriodCounts, faults_of_periods, read_periods
from trialkit.results.vocabulary import Stat


class Stage(StrEnum):
    """A stage of the flow, which is the term of its row; ``<stage>: <reason>`` counts a reason."""

    ASSESSED = "assessed"
    NOT_RANDOMISED = "not randomised"
    RANDOMISED = "randomised"
    UNSCREENED = "randomised without screening"
    ALLOCATED = "allocated"
    RECEIVED = "received"
    NOT_RECEIVED = "not received"
    RECEIPT_NOT_RECORDED = "receipt not recorded"
    RECEIPT_TO_COME = "receipt still to come"
    RECEIPT_NOT_ASKED = "receipt not asked"
    LOST = "lost"
    DISCONTINUED = "discontinued"
    DISCONTINUATION_NOT_RECORDED = "discontinuation not recorded"
    DISCONTINUATION_TO_COME = "discontinuation still to come"
    DISCONTINUATION_NOT_ASKED = "discontinuation not asked"
    ANALYSED = "analysed"
    LOST_BUT_ANALYSED = "lost but analysed"
    EXCLUDED = "excluded"

    def because(self, reason: str) -> str:
        """The term of the row that counts one reason of the stage."""
        return f"{self.value}: {reason}"

    def at(self, level: str) -> str:
        """The term of the row that counts a stage at a level of a factor."""
        return f"{self.value}, {level}"


class Unsaid(StrEnum):
    """The reason of somebody for whom nobody entered one."""

    NOT_RECORDED = "reason not recorded"
    NOT_COLLECTED = "reason not collected"
    """No form of the trial asks for it."""
    INELIGIBLE = "did not meet the eligibility criteria"
    WAITING = "eligible, but not randomised by the data cut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why participants left the flow at one place, and how many did."""

    text: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmFlow:
    """One arm's way through the trial (CONSORT 22)."""

    arm: str
    label: str
    allocated: int
    received: int | None
    """None where no form asks the arm's participants what they received."""
    not_received: tuple[Reason, ...]
    lost: tuple[Reason, ...]
    """Lost to follow-up for the primary outcome."""
    discontinued: tuple[Reason, ...] | None
    """Discontinued the intervention; they may still be followed up and analysed. None where no form
    asks the arm's participants."""
    analysed: int
    excluded: tuple[Reason, ...]
    """Not lost, but not in the primary analysis, also since the outcome is not due at the cut."""
    lost_but_analysed: int = 0
    """Lost for the primary outcome, yet analysed from what had been observed before."""
    receipt: Unanswered = EVERYBODY_ANSWERED
    """Neither known to have received the allocated intervention nor known not to have."""
    discontinuation: Unanswered = EVERYBODY_ANSWERED
    """Neither known to have discontinued it nor known not to have."""
    periods: tuple[PeriodCounts, ...] = ()
    """The periods of a sequence of treatments, in order; none where the arm is not one."""

    @property
    def unanswered(self) -> Mapping[Stage, int]:
        """How many are in neither of two counts that make up a whole, by the stage that says so."""
        return {
            Stage.RECEIPT_NOT_RECORDED: self.receipt.not_recorded,
            Stage.RECEIPT_TO_COME: self.receipt.to_come,
            Stage.RECEIPT_NOT_ASKED: self.receipt.not_asked,
            Stage.DISCONTINUATION_NOT_RECORDED: self.discontinuation.not_recorded,
            Stage.DISCONTINUATION_TO_COME: self.discontinuation.to_come,
            Stage.DISCONTINUATION_NOT_ASKED: self.discontinuation.not_asked,
        }

    def __post_init__(self) -> None:
        not_received = sum(reason.count for reason in self.not_received)
        unknown = self.receipt.total
        if self.received is not None and self.allocated != self.received + not_received + unknown:
            raise DatasetError(
                f"flow of arm {self.arm!r} does not add up: {self.allocated} allocated, but "
                f"{self.received} received and {not_received} did not"
                f"{f', {unknown} not known' if unknown else ''}"
            )
        discontinued = sum(reason.count for reason in self.discontinued or ())
        if self.allocated < discontinued + self.discontinuation.total:
            raise DatasetError(
                f"flow of arm {self.arm!r} does not add up: {self.allocated} allocated, but "
                f"{discontinued} discontinued and {self.discontinuation.total} not known"
            )
        left = sum(reason.count for reason in (*self.lost, *self.excluded))
        left -= self.lost_but_analysed
        if self.allocated != self.analysed + left:
            raise DatasetError(
                f"flow of arm {self.arm!r} does not add up: {self.allocated} allocated, but "
                f"{self.analysed} analysed and {left} lost or excluded"
            )
        for fault in faults_of_periods(self.periods, self.allocated):
            raise DatasetError(f"flow of arm {self.arm!r} does not add up: {fault}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition:
    """How many people were at each stage, and why not more; the boxes of the flow diagram."""

    assessed: int
    not_randomised: tuple[Reason, ...]
    """Reasons why assessed people were not randomised; zeros are kept."""
    randomised: int
    arms: tuple[ArmFlow, ...]
    is_analysed: bool = True
    """Whether the primary analysis has a result; else the arms count who has what it needs."""
    clusters: ClusterFlow | None = None
    """The clusters to which participants belong; None where the trial has none."""

    @property
    def unanswered(self) -> tuple[Stage, ...]:
        """The stages that say of somebody of any arm that an answer is not known."""
        each = [stage for arm in self.arms for stage, count in arm.unanswered.items() if count]
        return tuple(stage for stage in Stage if stage in each)

    def __post_init__(self) -> None:
        left = sum(reason.count for reason in self.not_randomised)
        if self.assessed != left + self.randomised:
            raise DatasetError(
                f"flow does not add up: {self.assessed} assessed, but {left} excluded and "
                f"{self.randomised} randomised"
            )
        allocated = sum(arm.allocated for arm in self.arms)
        if self.randomised != allocated:
            raise DatasetError(
                f"flow does not add up: {self.randomised} randomised, {allocated} allocated"
            )


def read_flow(index: ResultIndex, arms: Mapping[str, str]) -> Disposition:
    """The flow as the results count it; ``arms`` are labels by code, in the order wanted.

    Raises :class:`DatasetError` where the rows do not add up.
    """
    return Disposition(
        assessed=_count(index, Stage.ASSESSED),
        not_randomised=_reasons(index, Stage.NOT_RANDOMISED),
        randomised=_count(index, Stage.RANDOMISED),
        arms=tuple(_arm(index, code, label) for code, label in arms.items()),
        clusters=read_cluster_flow(index, tuple(arms)),
    )


def _arm(index: ResultIndex, code: str, label: str) -> ArmFlow:
    received = _is_stated(index, Stage.RECEIVED, code)
    discontinued = _is_stated(index, Stage.DISCONTINUED, code)
    return ArmFlow(
        arm=code,
        label=label,
        allocated=_count(index, Stage.ALLOCATED, arm=code),
        received=_count(index, Stage.RECEIVED, arm=code) if received else None,
        not_received=_own_reasons(index, Stage.NOT_RECEIVED, code),
        lost=_own_reasons(index, Stage.LOST, code),
        discontinued=_own_reasons(index, Stage.DISCONTINUED, code) if discontinued else None,
        analysed=_count(index, Stage.ANALYSED, arm=code),
        excluded=_own_reasons(index, Stage.EXCLUDED, code),
        lost_but_analysed=_count(index, Stage.LOST_BUT_ANALYSED, arm=code),
        receipt=Unanswered(
            not_recorded=_count(index, Stage.RECEIPT_NOT_RECORDED, arm=code),
            to_come=_count(index, Stage.RECEIPT_TO_COME, arm=code),
            not_asked=_count(index, Stage.RECEIPT_NOT_ASKED, arm=code),
        ),
        discontinuation=Unanswered(
            not_recorded=_count(index, Stage.DISCONTINUATION_NOT_RECORDED, arm=code),
            to_come=_count(index, Stage.DISCONTINUATION_TO_COME, arm=code),
            not_asked=_count(index, Stage.DISCONTINUATION_NOT_ASKED, arm=code),
        ),
        periods=read_periods(index, code),
    )


def _is_stated(index: ResultIndex, stage: Stage, arm: str) -> bool:
    return value(index.find(Shelf.FLOW, term=stage, arm=arm), Stat.N) is not None


def _count(index: ResultIndex, term: str, *, arm: str = "") -> int:
    return int(value(index.find(Shelf.FLOW, term=term, arm=arm), Stat.N) or 0)


def _reasons(index: ResultIndex, stage: Stage, *, arm: str = "") -> tuple[Reason, ...]:
    before = stage.because("")
    return tuple(
        Reason(text=address.term.removeprefix(before), count=_count(index, address.term, arm=arm))
        for address in index.addresses(Shelf.FLOW)
        if address.arm == arm and address.term.startswith(before)
    )


def _own_reasons(index: ResultIndex, stage: Stage, arm: str) -> tuple[Reason, ...]:
    """Those of the arm itself: the results count with zero what only another arm has."""
    return tuple(each for each in _reasons(index, stage, arm=arm) if each.count)
