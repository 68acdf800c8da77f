"""A planned modified Poisson regression: the risk ratio of each arm, for given covariates."""

from collections.abc import Iterator

from trialkit.analysis.binary.relative_risks import modified_poisson
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.covariates import with_characteristics
from trialkit.planned.task.ratios import NO_EVENT, state_ratios
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.generalised_models import RatioLimits
from trialkit.protocol.methods.modified_poisson import ModifiedPoisson
from trialkit.results.results import Result


def state_modified_poisson(task: Task, specification: ModifiedPoisson) -> Iterator[Result]:
    """The risk ratios, with Wald's limits: a sandwich has no likelihood."""
    fit = modified_poisson(
        with_characteristics(task, specification),
        outcome="value",
        arm="arm",
        reference=task.reference,
        covariates=specification.covariates,
        variance=specification.variance,
        subject="subject_id",
    )
    yield from state_ratios(task, fit, limits=RatioLimits.WALD, infinite=NO_EVENT)


MODIFIED_POISSON = MethodCard(specification=ModifiedPoisson, carry_out=state_modified_poisson)
