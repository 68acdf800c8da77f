"""A planned comparison of means."""

from collections.abc import Iterator
from dataclasses import replace

from trialkit.analysis.means.batched_means import compare_means_batch
from trialkit.analysis.means.means import compare_means
from trialkit.analysis.means.probability_of_superiority import probability_of_superiority
from trialkit.errors import AnalysisError
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.kernel import (
    Decisions,
    Kernel,
    SimulatedTrials,
    decided,
    refuses_nothing,
)
from trialkit.planned.methods.mixed_anova import TERM_STATS
from trialkit.planned.series.residuals import residuals_around_means
from trialkit.planned.task.stating import (
    Statement,
    contrast_statement,
    records,
    state_contrast,
    state_hedges,
    state_numbers_analysed,
)
from trialkit.planned.task.task import Task, response_column
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.results.effect import Status
from trialkit.results.results import Result
from trialkit.results.series import Series
from trialkit.results.vocabulary import SUPERIORITY, Stat

NO_PLACEMENTS = (
    "not estimable: within each arm all stand alike to the other, so that there are no limits"
)


def state_mean_comparison(task: Task, specification: MeanComparison) -> Iterator[Result | Series]:
    """The difference in means of the change, or of the final value, for each contrast."""
    yield from state_numbers_analysed(task)
    change = specification.response is Response.CHANGE
    compared = compare_means(
        task.at_time_point(),
        outcome="change" if change else "value",
        arm="arm",
        reference=task.reference,
        method=specification.method.value,
        alternative=specification.alternative,
        standardiser=specification.standardiser,
        conf_level=task.level,
    )
    statement = contrast_statement(task)
    visit = task.outcome.time_point
    for row in records(compared.to_frame()):
        if compared.omnibus is not None:
            about = statement.about(visit=visit, term="group")
            yield from about.state_row(row, (*TERM_STATS, Stat.DF))
            continue
        about = statement.about(visit=visit, term=str(row["contrast"]))
        yield from state_contrast(about, row)
        yield from state_hedges(about, row)
        if specification.superiority is not None:
            yield from _superiority(about, task, specification)
    if specification.method in {Method.WELCH_T, Method.STUDENT_T}:
        column = "change" if change else "value"
        yield from residuals_around_means(task, task.at_time_point(), column, ["arm"])


def _superiority(about: Statement, task: Task, specification: MeanComparison) -> Iterator[Result]:
    """What stands for the shift where ties leave it without limits: who has the higher value.

    It states no p value: that of the plan is the rank test's.
    """
    rows = task.at_time_point()
    column = response_column(specification.response)
    experimental, reference = (
        rows.loc[rows["arm"] == arm, column].to_numpy(dtype=float)
        for arm in about.term.split(" - ")
    )
    own = about.by(SUPERIORITY, unit="").of(specification.superiority)
    try:
        found = probability_of_superiority(
            experimental, reference, alternative=specification.alternative, conf_level=task.level
        )
    except AnalysisError as error:
        nothing = replace(own, note=f"not estimable: {error}", status=Status.NOT_ESTIMABLE)
        yield nothing.state(Stat.ESTIMATE, None)
        return
    if found.se == 0:
        own = replace(own, note=NO_PLACEMENTS, status=Status.NOT_ESTIMABLE)
        yield own.state(Stat.ESTIMATE, found.estimate)
        return
    yield from own.state_all(
        {
            Stat.ESTIMATE: found.estimate,
            Stat.SE: found.se,
            Stat.DF: found.df,
            Stat.CONF_LOW: found.conf_low,
            Stat.CONF_HIGH: found.conf_high,
            Stat.CONF_LEVEL: task.level,
        }
    )


def _decide(specification: MeanComparison, trials: SimulatedTrials) -> Decisions:
    tested = compare_means_batch(
        trials.response(specification.response),
        trials.arms,
        method=specification.method.value,
        alternative=specification.alternative,
        conf_level=trials.level,
    )
    return decided(tested)


MEAN_COMPARISON = MethodCard(
    specification=MeanComparison,
    carry_out=state_mean_comparison,
    kernel=Kernel(
        methods=(Method.WELCH_T, Method.STUDENT_T), decide=_decide, refusal=refuses_nothing
    ),
)
