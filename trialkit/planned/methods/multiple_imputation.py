"""A planned multiple imputation: what was imputed, and the arms compared in the imputed data sets."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from trialkit.analysis.imputation.analysing import FrameAnalysis, analyse_imputations
from trialkit.analysis.imputation.imputed_ancova import ImputedAncova
from trialkit.analysis.imputation.pooling import pool_imputations
from trialkit.errors import AnalysisError
from trialkit.planned.imputing.imputing import planned_imputation
from trialkit.planned.imputing.models import ARM, model_analysis
from trialkit.planned.imputing.sequential import (
    planned_sequential_imputations,
    with_exposure_of_all,
)
from trialkit.planned.imputing.shifting import planned_deltas
from trialkit.planned.imputing.stating import (
    state_imputation,
    state_imputed,
    state_pooled,
    state_pooled_model,
)
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.imputation_kernel import decide_imputed, imputation_refusal
from trialkit.planned.methods.kernel import Kernel
from trialkit.planned.methods.methods import card_of
from trialkit.planned.task.stating import contrast_statement, state_numbers_analysed
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.imputation import SequentialFamily
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.methods.negative_binomial import NegativeBinomialComparison
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.standardised_risks import StandardisedRiskComparison
from trialkit.results.results import Result


def state_multiple_imputation(task: Task, specification: MultipleImputation) -> Iterator[Result]:
    """The rows of the analysis; its headline is the pooled effect at the time point."""
    unfit = specification.unfit_for(task.outcome.kind)
    if unfit:
        raise AnalysisError(unfit)
    yield from state_numbers_analysed(task)
    if task.outcome.kind.is_mean:
        yield from _of_means(task, specification)
    else:
        yield from _visit_by_visit(task, specification)


def _of_means(task: Task, specification: MultipleImputation) -> Iterator[Result]:
    """By the joint model of all visits."""
    found = planned_imputation(task, specification)
    yield from state_imputation(task, found, specification.baseline_fill)
    task, imputations = found.task, found.imputations
    deltas = planned_deltas(imputations, _by_arm(specification))
    covariates = specification.model_covariates
    if covariates is None:
        analysis = _of_model(task, specification)
        analyses = analyse_imputations(imputations, analysis, by=(ARM,), deltas=deltas)
        yield from state_pooled_model(task, pool_imputations(analyses, conf_level=task.level))
        return
    analyses = analyse_imputations(imputations, ImputedAncova(covariates=covariates), deltas=deltas)
    pooled = pool_imputations(analyses, conf_level=task.level, limits=specification.limits)
    yield from state_pooled(task, pooled)


def _visit_by_visit(task: Task, specification: MultipleImputation) -> Iterator[Result]:
    """By regressions of each visit on those before."""
    task = with_exposure_of_all(task)
    imputations = planned_sequential_imputations(
        task, specification, _by_arm(specification), family=_family(task, specification)
    )
    yield from state_imputed(task, imputations)
    analysis = _of_model(task, specification)
    analyses = analyse_imputations(imputations, analysis, by=(ARM,))
    yield from state_pooled_model(task, pool_imputations(analyses, conf_level=task.level))


def _of_model(task: Task, specification: MultipleImputation) -> FrameAnalysis:
    model = specification.model
    if model is None:  # of means many data sets are analysed at once
        usual = _USUAL[task.outcome.kind.summary]
        model = usual(covariates=specification.event_covariates)
    effect = contrast_statement(task).effect
    if effect is None:
        raise AnalysisError(f"{model.method.value} compares no arms")
    return model_analysis(task, model, effect, card_of(model).carry_out)


_USUAL: Mapping[Summary, type[StandardisedRiskComparison | NegativeBinomialComparison]] = (
    MappingProxyType(
        {
            Summary.PROPORTION: StandardisedRiskComparison,
            Summary.RATE: NegativeBinomialComparison,
        }
    )
)
"""What analyses data sets of such outcomes where the plan does not say."""


def _family(task: Task, specification: MultipleImputation) -> SequentialFamily:
    """Of counts that of the model: with the variance of the mean, or one of its own."""
    if task.outcome.kind.is_proportion:
        return SequentialFamily.LOGISTIC
    model = specification.model
    poisson = model is not None and model.takes_events_as_independent
    return SequentialFamily.POISSON if poisson else SequentialFamily.NEGATIVE_BINOMIAL


def _by_arm(specification: MultipleImputation) -> Mapping[str, Mapping[str, float]]:
    return {arm: specification.deltas_of(arm) for arm in specification.delta}


MULTIPLE_IMPUTATION = MethodCard(
    specification=MultipleImputation,
    carry_out=state_multiple_imputation,
    kernel=Kernel(
        methods=(Method.MULTIPLE_IMPUTATION,), decide=decide_imputed, refusal=imputation_refusal
    ),
)
