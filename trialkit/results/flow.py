"""The participant flow (CONSORT 22): its stages, its nouns, and how the results hold them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from trialkit.errors import DatasetError
from trialkit.results.lookup import ResultIndex, Shelf, value
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
    LOST = "lost"
    DISCONTINUED = "discontinued"
    ANALYSED = "analysed"
    LOST_BUT_ANALYSED = "lost but analysed"
    EXCLUDED = "excluded"

    def because(self, reason: str) -> str:
        """The term of the row that counts one reason of the stage."""
        return f"{self.value}: {reason}"


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
    received: int
    not_received: tuple[Reason, ...]
    lost: tuple[Reason, ...]
    """Lost to follow-up for the primary outcome."""
    discontinued: tuple[Reason, ...]
    """Discontinued the intervention; they may still be followed up and analysed."""
    analysed: int
    excluded: tuple[Reason, ...]
    """Not lost, but not in the primary analysis, also since the outcome is not due at the cut."""
    lost_but_analysed: int = 0
    """Lost for the primary outcome, yet analysed from what had been observed before."""

    def __post_init__(self) -> None:
        not_received = sum(reason.count for reason in self.not_received)
        if self.allocated != self.received + not_received:
            raise DatasetError(
                f"flow of arm {self.arm!r} does not add up: {self.allocated} allocated, but "
                f"{self.received} received and {not_received} did not"
            )
        left = sum(reason.count for reason in (*self.lost, *self.excluded))
        left -= self.lost_but_analysed
        if self.allocated != self.analysed + left:
            raise DatasetError(
                f"flow of arm {self.arm!r} does not add up: {self.allocated} allocated, but "
                f"{self.analysed} analysed and {left} lost or excluded"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition:
    """How many people were at each stage, and why not more; the boxes of the flow diagram."""

    assessed: int
    not_randomised: tuple[Reason, ...]
    """Reasons why assessed people were not randomised; zeros are kept."""
    randomised: int
    arms: tuple[ArmFlow, ...]

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
    )


def _arm(index: ResultIndex, code: str, label: str) -> ArmFlow:
    return ArmFlow(
        arm=code,
        label=label,
        allocated=_count(index, Stage.ALLOCATED, arm=code),
        received=_count(index, Stage.RECEIVED, arm=code),
        not_received=_own_reasons(index, Stage.NOT_RECEIVED, code),
        lost=_own_reasons(index, Stage.LOST, code),
        discontinued=_own_reasons(index, Stage.DISCONTINUED, code),
        analysed=_count(index, Stage.ANALYSED, arm=code),
        excluded=_own_reasons(index, Stage.EXCLUDED, code),
        lost_but_analysed=_count(index, Stage.LOST_BUT_ANALYSED, arm=code),
    )


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
