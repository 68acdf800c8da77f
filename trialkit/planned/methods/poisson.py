"""A planned Poisson regression: the rate ratio of each arm, for given covariates."""

from collections.abc import Iterator

import numpy as np

from trialkit.analysis.counts.batched_counts import poisson_batch
from trialkit.analysis.counts.poisson import poisson_regression
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.kernel import Decisions, Kernel, SimulatedTrials
from trialkit.planned.methods.rate_kernel import decided_rates, refuse_profile
from trialkit.planned.task.covariates import with_characteristics
from trialkit.planned.task.rates import (
    exposure_of,
    state_dispersion,
    state_rate_ratios,
    with_exposure,
)
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.generalised_models import CountVariance
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.poisson import PoissonComparison
from trialkit.results.results import Result


def state_poisson(task: Task, specification: PoissonComparison) -> Iterator[Result]:
    """The rate ratios, and Pearson's statistic for each degree of freedom."""
    fit = poisson_regression(
        with_exposure(with_characteristics(task, specification), task),
        outcome="value",
        arm="arm",
        reference=task.reference,
        exposure=exposure_of(task),
        covariates=specification.covariates,
        variance=specification.variance,
        subject="subject_id",
    )
    yield from state_rate_ratios(task, fit, limits=specification.limits)
    yield from state_dispersion(task, fit.dispersion)


def _decide(specification: PoissonComparison, trials: SimulatedTrials) -> Decisions:
    return decided_rates(
        trials,
        lambda counts, design, exposure: poisson_batch(
            counts, design, exposure=exposure, variance=specification.variance
        ),
        spread=_SPREADS[specification.variance],
    )


def _as_it_is(_: int, observed: np.ndarray, __: int) -> np.ndarray:
    return np.ones(len(observed))


def _of_few(n: int, observed: np.ndarray, p: int) -> np.ndarray:
    """HC1's n / (n - p) of those observed, in the place of that of all."""
    return np.asarray(observed / (observed - p) * (n - p) / n)


def _of_pearson(n: int, observed: np.ndarray, p: int) -> np.ndarray:
    return np.asarray((n - p) / (observed - p))


_SPREADS = {
    CountVariance.MODEL: _as_it_is,
    CountVariance.HC0: _as_it_is,
    CountVariance.HC1: _of_few,
    CountVariance.QUASI: _of_pearson,
}


POISSON = MethodCard(
    specification=PoissonComparison,
    carry_out=state_poisson,
    kernel=Kernel(methods=(Method.POISSON,), decide=_decide, refusal=refuse_profile),
)
