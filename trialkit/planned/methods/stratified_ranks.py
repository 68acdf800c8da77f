"""A planned comparison of ranks within strata."""

from collections.abc import Iterator

from trialkit.analysis.ordinal.van_elteren import VanElteren, van_elteren
from trialkit.grammar import by_number
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.covariates import title_of, with_characteristics
from trialkit.planned.task.stating import contrast_statement, records, state_numbers_analysed
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.stratified_ranks import StratifiedRanks
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

RANK_STATS = (
    Stat.ESTIMATE,
    Stat.SE,
    Stat.STATISTIC,
    Stat.P_VALUE,
    Stat.CONF_LOW,
    Stat.CONF_HIGH,
    Stat.CONF_LEVEL,
)


def state_stratified_ranks(task: Task, specification: StratifiedRanks) -> Iterator[Result]:
    """The test of each arm against the reference, and the probability of the higher level."""
    yield from state_numbers_analysed(task)
    rows = with_characteristics(task, specification)
    titles = " and ".join(title_of(name, task) for name in specification.strata)
    statement = contrast_statement(task).by(specification.method.value, unit="")
    for arm in task.arms[1:]:
        pair = [task.reference, arm]
        own = rows[rows["arm"].isin(pair)]
        found = van_elteren(
            own.assign(arm=own["arm"].cat.set_categories(pair)),
            outcome="value",
            arm="arm",
            reference=task.reference,
            strata=specification.strata,
            conf_level=task.level,
            subject="subject_id",
        )
        about = statement.about(
            visit=task.outcome.time_point, term=found.contrast, note=_within(found, titles)
        )
        row = records(found.to_frame())[0]
        if found.limits is None:
            row = {**row, Stat.CONF_LEVEL.value: None}
        yield from about.state_row(row, RANK_STATS)


def _within(found: VanElteren, titles: str) -> str:
    """How many strata hold both arms, and which tell nothing."""
    note = f"over {found.strata} {by_number(found.strata, 'stratum', 'strata')} of {titles}"
    if found.lone_strata:
        note += (
            f"; without limits, for of one participant in an arm: {', '.join(found.lone_strata)}"
        )
    elif found.limits is None:
        note += "; without limits, for nothing varies within the strata"
    if not found.empty_strata:
        return note
    return f"{note}; of one arm alone, so that nothing is compared: {', '.join(found.empty_strata)}"


STRATIFIED_RANKS = MethodCard(specification=StratifiedRanks, carry_out=state_stratified_ranks)
