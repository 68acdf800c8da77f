"""A planned negative binomial regression: the rate ratio of each arm, for given covariates."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from trialkit.analysis.counts.batched_counts import negative_binomial_batch
from trialkit.analysis.counts.negative_binomial import (
    NegativeBinomialRegression,
    negative_binomial_regression,
)
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.kernel import Decisions, Kernel, SimulatedTrials
from trialkit.planned.methods.rate_kernel import decided_rates, refuse_profile
from trialkit.planned.task.covariates import with_characteristics
from trialkit.planned.task.rates import (
    exposure_of,
    state_rate_ratios,
    statement_of_dispersion,
    with_exposure,
)
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.negative_binomial import NegativeBinomialComparison
from trialkit.results.effect import Status
from trialkit.results.notes import NO_OVERDISPERSION
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def state_negative_binomial(
    task: Task, specification: NegativeBinomialComparison
) -> Iterator[Result]:
    """The rate ratios, and theta with its standard error."""
    fit = negative_binomial_regression(
        with_exposure(with_characteristics(task, specification), task),
        outcome="value",
        arm="arm",
        reference=task.reference,
        exposure=exposure_of(task),
        covariates=specification.covariates,
        subject="subject_id",
    )
    yield from state_rate_ratios(task, fit, limits=specification.limits)
    yield from _state_theta(task, fit)


def _state_theta(task: Task, fit: NegativeBinomialRegression) -> Iterator[Result]:
    about = statement_of_dispersion(task)
    if not np.isfinite(fit.theta):
        nothing = about.state(Stat.THETA, None, note=NO_OVERDISPERSION)
        yield replace(nothing, status=Status.NOT_ESTIMABLE)
        return
    yield from about.state_all({Stat.THETA: fit.theta, Stat.THETA_SE: fit.theta_se})


def _decide(_: NegativeBinomialComparison, trials: SimulatedTrials) -> Decisions:
    return decided_rates(
        trials,
        lambda counts, design, exposure: negative_binomial_batch(counts, design, exposure=exposure),
        spread=lambda _, observed, __: np.ones(len(observed)),
    )


NEGATIVE_BINOMIAL = MethodCard(
    specification=NegativeBinomialComparison,
    carry_out=state_negative_binomial,
    kernel=Kernel(methods=(Method.NEGATIVE_BINOMIAL,), decide=_decide, refusal=refuse_profile),
)
