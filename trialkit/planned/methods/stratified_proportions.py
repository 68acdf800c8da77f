"""A planned comparison of proportions within strata, pooled over them."""

from collections.abc import Iterator

from trialkit.analysis.proportions.stratified_proportions import cochran_mantel_haenszel
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.covariates import title_of, with_characteristics
from trialkit.planned.task.stating import (
    contrast_statement,
    records,
    state_measures,
    state_numbers_analysed,
)
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.stratified_proportions import StratifiedProportions
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

TEST_STATS = (Stat.STATISTIC, Stat.DF, Stat.P_VALUE)


def state_stratified(task: Task, specification: StratifiedProportions) -> Iterator[Result]:
    """The pooled risk difference, risk ratio and odds ratio, and the Cochran–Mantel–Haenszel test."""
    found = cochran_mantel_haenszel(
        with_characteristics(task, specification),
        outcome="value",
        arm="arm",
        reference=task.reference,
        strata=specification.strata,
        conf_level=task.level,
        subject="subject_id",
    )
    yield from state_numbers_analysed(task, found.excluded)
    statement = contrast_statement(task)
    rows = found.to_frame()
    yield from state_measures(statement.about(visit=task.outcome.time_point), rows)
    for row in records(rows.drop_duplicates("contrast")):
        about = statement.about(
            visit=task.outcome.time_point,
            term=str(row["contrast"]),
            note=f"over {row['n_strata']} strata of {title_of(specification.strata, task)}",
        )
        yield from about.state_row(row, TEST_STATS)


STRATIFIED_PROPORTIONS = MethodCard(specification=StratifiedProportions, carry_out=state_stratified)
