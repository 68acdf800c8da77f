"""A planned logistic regression: the odds ratio of each arm, for given covariates."""

from collections.abc import Iterator

from trialkit.analysis.binary.batched_logistic import logistic_batch
from trialkit.analysis.binary.logistic import SEPARATED, logistic_regression
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.kernel import Decisions, Kernel, SimulatedTrials, decided
from trialkit.planned.task.covariates import with_characteristics
from trialkit.planned.task.ratios import state_ratios
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.generalised_models import WhenSeparated
from trialkit.protocol.methods.logistic import Logistic
from trialkit.protocol.methods.method import Method, Response
from trialkit.results.results import Result


def state_logistic(task: Task, specification: Logistic) -> Iterator[Result]:
    """The odds ratios; where events are told apart, by Firth's likelihood if the plan has it."""
    fit = logistic_regression(
        with_characteristics(task, specification),
        outcome="value",
        arm="arm",
        reference=task.reference,
        covariates=specification.covariates,
        when_separated=specification.when_separated,
        subject="subject_id",
    )
    penalised = bool(fit.infinite) and specification.when_separated is WhenSeparated.FIRTH
    yield from state_ratios(
        task, fit, limits=specification.limits, infinite=SEPARATED, penalised=penalised
    )


def _decide(specification: Logistic, trials: SimulatedTrials) -> Decisions:
    """On the log odds ratio."""
    found = logistic_batch(
        trials.response(Response.FINAL),
        trials.arms,
        limits=specification.limits,
        when_separated=specification.when_separated,
        conf_level=trials.level,
    )
    return decided(found)


def _refusal(specification: Logistic) -> str:
    return "logistic regression with covariates has no kernel" if specification.covariates else ""


LOGISTIC = MethodCard(
    specification=Logistic,
    carry_out=state_logistic,
    kernel=Kernel(methods=(Method.LOGISTIC,), decide=_decide, refusal=_refusal),
)
