"""How many of each sequence of a crossover trial began and completed each period, and why not more."""

from collections.abc import Iterator, Mapping, Sequence

from trialkit.planned.task.stating import Statement
from trialkit.results.period_flow import PeriodCounts, PeriodStage
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def state_periods(
    statement: Statement, sequences: Mapping[str, Sequence[PeriodCounts]]
) -> Iterator[Result]:
    """The counts of each sequence by period; a reason that only another has counts none here."""
    for arm, periods in sequences.items():
        for place, own in enumerate(periods):
            others = [each[place] for each in sequences.values()]
            not_begun = _of_all(own.not_begun, [each.not_begun for each in others])
            not_completed = _of_all(own.not_completed, [each.not_completed for each in others])
            if own.begun is None:
                about = statement.about(term=PeriodStage.BEGUN.of(own.period), arm=arm)
                yield from about.not_collected(Stat.N)
            else:
                yield from _reasons(statement, PeriodStage.NOT_BEGUN, own.period, not_begun, arm)
                yield _state(statement, PeriodStage.BEGUN.of(own.period), arm, own.begun)
            if any(each.again for each in others):
                yield _state(statement, PeriodStage.AGAIN.of(own.period), arm, own.again)
            stage = PeriodStage.NOT_COMPLETED
            yield from _reasons(statement, stage, own.period, not_completed, arm)
            yield _state(statement, PeriodStage.COMPLETED.of(own.period), arm, own.completed)


def _of_all(own: Mapping[str, int], others: Sequence[Mapping[str, int]]) -> dict[str, int]:
    return dict(own) | {each: 0 for other in others for each in other if each not in own}


def _reasons(
    statement: Statement, stage: PeriodStage, period: str, reasons: Mapping[str, int], arm: str
) -> Iterator[Result]:
    yield _state(statement, stage.of(period), arm, sum(reasons.values()))
    for reason, count in reasons.items():
        yield _state(statement, stage.because(period, reason), arm, count)


def _state(statement: Statement, term: str, arm: str, count: int) -> Result:
    return statement.about(term=term, arm=arm).state(Stat.N, count)
