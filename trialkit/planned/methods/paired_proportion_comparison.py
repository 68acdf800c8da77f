"""How the share with the event changed in each arm, by McNemar's test: description, no evidence."""

from collections.abc import Iterator

from trialkit.analysis.proportions.paired_proportions import compare_paired_proportions
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.within_arms import CAUTION, pair_of, state_unmeasured
from trialkit.planned.task.stating import records, state_numbers_analysed, statement_of
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.paired_proportion_comparison import PairedProportionComparison
from trialkit.results.effect import Effect, Scale
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

TEST_STATS = (Stat.STATISTIC, Stat.DF, Stat.P_VALUE)
OWN_CHANGE = Effect(scale=Scale.PERCENTAGE_POINTS)
"""The risk difference within an arm."""


def state_paired_proportion_comparison(
    task: Task, specification: PairedProportionComparison
) -> Iterator[Result]:
    """One paired comparison an arm: time point minus baseline."""
    yield from state_numbers_analysed(task)
    frame = task.at_time_point()
    measured = [arm for arm in task.arms if (frame["arm"] == arm).any()]
    yield from state_unmeasured(task, measured)
    for arm in measured:
        found = compare_paired_proportions(
            frame[frame["arm"] == arm],
            first="baseline",
            second="value",
            test=specification.method.value,
            interval=specification.interval,
            conf_level=task.level,
        )
        about = statement_of(task).about(
            visit=task.outcome.time_point,
            term=pair_of(task),
            arm=arm,
            note=f"{found.gained} gained and {found.lost} lost the event; {CAUTION}",
        )
        own = about.by(Stat.RISK_DIFFERENCE.value, unit="").of(OWN_CHANGE)
        yield from own.state_all(
            {
                Stat.ESTIMATE: found.difference,
                Stat.CONF_LOW: found.difference_low,
                Stat.CONF_HIGH: found.difference_high,
                Stat.CONF_LEVEL: found.conf_level,
            }
        )
        yield from about.state_row(records(found.to_frame())[0], TEST_STATS)


PAIRED_PROPORTION_COMPARISON = MethodCard(
    specification=PairedProportionComparison, carry_out=state_paired_proportion_comparison
)
