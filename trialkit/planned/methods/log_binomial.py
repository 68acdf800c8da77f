"""A planned log-binomial regression: the risk ratio of each arm, for given covariates."""

from collections.abc import Iterator

from trialkit.analysis.binary.relative_risks import log_binomial
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.covariates import with_characteristics
from trialkit.planned.task.ratios import NO_EVENT, state_ratios
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.log_binomial import LogBinomialRegression
from trialkit.results.results import Result


def state_log_binomial(task: Task, specification: LogBinomialRegression) -> Iterator[Result]:
    """The risk ratios; without a maximum at which all risks are below 1, there are none."""
    fit = log_binomial(
        with_characteristics(task, specification),
        outcome="value",
        arm="arm",
        reference=task.reference,
        covariates=specification.covariates,
        subject="subject_id",
    )
    yield from state_ratios(task, fit, limits=specification.limits, infinite=NO_EVENT)


LOG_BINOMIAL = MethodCard(specification=LogBinomialRegression, carry_out=state_log_binomial)
