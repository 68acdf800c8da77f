"""A planned comparison of proportions within strata, pooled over them."""

from collections.abc import Iterator, Mapping

from trialkit.analysis.proportions.stratified_proportions import (
    StratifiedContrast,
    cochran_mantel_haenszel,
)
from trialkit.grammar import by_number
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
    counted = list(state_numbers_analysed(task, found.excluded))
    yield from counted
    analysed = {row.arm: int(row.stat or 0) for row in counted if row.stat_name is Stat.N}
    title = title_of(specification.strata, task)
    within = {each.contrast: _within(each, title, analysed) for each in found.contrasts}
    statement = contrast_statement(task)
    rows = found.to_frame()
    yield from state_measures(statement.about(visit=task.outcome.time_point), rows)
    for row in records(rows.drop_duplicates("contrast")):
        about = statement.about(
            visit=task.outcome.time_point,
            term=str(row["contrast"]),
            note=within[str(row["contrast"])],
        )
        yield from about.state_row(row, TEST_STATS)


def _within(contrast: StratifiedContrast, strata: str, analysed: Mapping[str, int]) -> str:
    """The strata that hold both arms, and how many they leave out who count for another contrast."""
    experimental, reference = contrast.strata[0].experimental.arm, contrast.strata[0].reference.arm
    used = sum(each.experimental.n + each.reference.n for each in contrast.strata)
    whole = analysed[str(experimental)] + analysed[str(reference)]
    held = len(contrast.strata)
    note = f"over {held} {by_number(held, 'stratum', 'strata')} of {strata}"
    return note if used == whole else f"{note} with {used} of the {whole} analysed in both arms"


STRATIFIED_PROPORTIONS = MethodCard(specification=StratifiedProportions, carry_out=state_stratified)
