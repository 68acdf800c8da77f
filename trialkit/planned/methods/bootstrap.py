"""A planned bootstrap interval, from a seed in the plan."""

from collections.abc import Iterator

import numpy as np

from trialkit.analysis.resampling.bootstrap import bootstrap_difference
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.stating import (
    CONTRAST_STATS,
    contrast_statement,
    records,
    state_numbers_analysed,
)
from trialkit.planned.task.task import Task, response_column
from trialkit.protocol.methods.bootstrap import Bootstrap
from trialkit.protocol.methods.comparisons import BootstrapLimits, TwoGroupEstimate
from trialkit.results.results import Result

IN_THE_OUTCOMES_UNIT = frozenset(
    {TwoGroupEstimate.MEAN_DIFFERENCE, TwoGroupEstimate.MEDIAN_DIFFERENCE}
)

_LIMITS = {
    BootstrapLimits.BCA: "BCa",
    BootstrapLimits.BC: "bias-corrected (BC) limits",
    BootstrapLimits.PERCENTILE: "percentile limits",
}


def state_bootstrap(task: Task, specification: Bootstrap) -> Iterator[Result]:
    """The estimate with its interval."""
    yield from state_numbers_analysed(task)
    found = bootstrap_difference(
        task.at_time_point(),
        outcome=response_column(specification.response),
        arm="arm",
        reference=task.reference,
        rng=np.random.default_rng(specification.seed),
        estimator=specification.estimator,
        interval=specification.interval,
        replicates=specification.replicates,
        conf_level=task.level,
    )
    for row in records(found.to_frame()):
        limits = f"{_LIMITS[specification.interval]} from {row['replicates']} replicates"
        note = f"{_in_words(specification.estimator, row['contrast'])}, {limits}"
        statement = contrast_statement(task)
        if specification.estimator not in IN_THE_OUTCOMES_UNIT:
            statement = statement.by(statement.method, unit="")
        about = statement.about(visit=task.outcome.time_point, term=str(row["contrast"]), note=note)
        yield from about.state_row(row, CONTRAST_STATS)


def _in_words(estimator: TwoGroupEstimate, contrast: object) -> str:
    """What is estimated; a chance of the higher value says whose it is."""
    words = estimator.value.replace("_", " ")
    if estimator is TwoGroupEstimate.PROBABILITY_OF_SUPERIORITY:
        first = str(contrast).partition(" - ")[0]
        return f"{words}: the chance that a participant of {first} has the higher value"
    return words


BOOTSTRAP = MethodCard(specification=Bootstrap, carry_out=state_bootstrap)
