"""The way of a sequence through the periods of a crossover trial (CONSORT 2010 for crossover trials)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from trialkit.results.lookup import ResultIndex, Shelf, value
from trialkit.results.vocabulary import Stat


class PeriodStage(StrEnum):
    """A stage of the way through a period; with the period's code it is the term of a row."""

    NOT_BEGUN = "period not begun"
    BEGUN = "period begun"
    AGAIN = "period begun after one that was not completed"
    NOT_COMPLETED = "period not completed"
    COMPLETED = "period completed"

    def of(self, period: str) -> str:
        """The term of the row that counts the stage of a period."""
        return f"{self.value}, {period}"

    def because(self, period: str, reason: str) -> str:
        """The term of the row that counts one reason of the stage."""
        return f"{self.of(period)}: {reason}"


def period_of(term: str) -> str:
    """The code of the period whose stage, or a reason of it, a row of this term counts; else blank."""
    for stage in PeriodStage:
        before = stage.of("")
        if term.startswith(before):
            return term.removeprefix(before).split(":")[0]
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodCounts:
    """How many of a sequence began and completed one period, and why not the others.

    Who came to it is everybody allocated for the first period, and who completed the one before for
    each later one.
    """

    period: str
    begun: int | None
    """None where nothing is recorded between the end of the period before and that of this one."""
    not_begun: Mapping[str, int]
    """Of who came to it, by reason: in the washout before a later period; none where ``begun`` is None."""
    again: int
    """Began it (completed it, where ``begun`` is None) though the period before was not completed."""
    completed: int
    not_completed: Mapping[str, int]
    """Of who began it (came to it, where ``begun`` is None), by reason."""

    def faults(self, came: int) -> Iterator[str]:
        """What does not add up, in words; ``came`` is how many came to the period."""
        begun = self.completed + sum(self.not_completed.values())
        if self.begun is not None and self.begun != begun:
            yield f"period {self.period}: {self.begun} began, but {begun} completed it or did not"
        there = begun + sum(self.not_begun.values())
        if came + self.again != there:
            yield f"period {self.period}: {came + self.again} came to it, but {there} are counted"


def faults_of_periods(periods: Sequence[PeriodCounts], allocated: int) -> tuple[str, ...]:
    """What does not add up on the way of a sequence through its periods, in words."""
    before = (allocated, *(each.completed for each in periods))
    return tuple(
        fault for each, came in zip(periods, before, strict=False) for fault in each.faults(came)
    )


def read_periods(index: ResultIndex, arm: str) -> tuple[PeriodCounts, ...]:
    """The periods of a sequence as the results count them, in their order; none where they count none."""
    before = PeriodStage.COMPLETED.of("")
    return tuple(
        _period(index, arm, address.term.removeprefix(before))
        for address in index.addresses(Shelf.FLOW)
        if address.arm == arm and address.term.startswith(before)
    )


def _period(index: ResultIndex, arm: str, period: str) -> PeriodCounts:
    return PeriodCounts(
        period=period,
        begun=_count(index, PeriodStage.BEGUN.of(period), arm),
        not_begun=_reasons(index, PeriodStage.NOT_BEGUN.because(period, ""), arm),
        again=_count(index, PeriodStage.AGAIN.of(period), arm) or 0,
        completed=_count(index, PeriodStage.COMPLETED.of(period), arm) or 0,
        not_completed=_reasons(index, PeriodStage.NOT_COMPLETED.because(period, ""), arm),
    )


def _count(index: ResultIndex, term: str, arm: str) -> int | None:
    number = value(index.find(Shelf.FLOW, term=term, arm=arm), Stat.N)
    return None if number is None else int(number)


def _reasons(index: ResultIndex, before: str, arm: str) -> dict[str, int]:
    """Those of the sequence itself: the results count with zero what only another has."""
    terms = [
        address.term
        for address in index.addresses(Shelf.FLOW)
        if address.arm == arm and address.term.startswith(before)
    ]
    counts = {term.removeprefix(before): _count(index, term, arm) or 0 for term in terms}
    return {reason: count for reason, count in counts.items() if count}
