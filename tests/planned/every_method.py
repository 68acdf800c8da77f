"""The small trial of three arms with a plan of every method, and what may happen to its data."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tests.planned.hand import BETTER, PAIN, REASON, SUBJECTS, VISITS, datasets_of, three_by_three
from tests.variations import AGE, CARRIED_OUT, SEX, specification_of
from trialkit.datasets.model import Datasets
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.bootstrap import Bootstrap
from trialkit.protocol.methods.cluster_comparisons import ClusterCovarianceModel
from trialkit.protocol.methods.comparisons import BootstrapLimits, MissingRule
from trialkit.protocol.methods.linear_models import Comparisons, ContrastAdjustment, OutcomeScale
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.rerandomisation import Rerandomisation
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.protocol.methods.trimmed_mean import TrimmedMean
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol

BLOCK = "block"
"""What the re-randomisation test permutes within."""
FEW = 999
"""Replicates: what is resampled is not looked at closely."""

MORE: tuple[Specification, ...] = (
    Ancova(covariates=("baseline", AGE, SEX), comparisons=Comparisons.ALL_PAIRS,
           adjustment=ContrastAdjustment.TUKEY),
    Ancova(covariates=("baseline", SEX), scale=OutcomeScale.LOG),
    Mmrm(covariates=(AGE,), covariance_by=SEX),
    Mmrm(response=Response.FINAL, covariates=(), weights=AGE),
    Rerandomisation(covariates=("baseline", AGE), replicates=FEW),
    Bootstrap(interval=BootstrapLimits.PERCENTILE, response=Response.FINAL, replicates=FEW),
    ResponderComparison(missing=MissingRule.NON_RESPONDER, improved_by_share=0.1),
    Subgroups(by=SEX, covariates=("baseline", AGE)),
)  # fmt: skip
"""Analyses with options that read more than the least that a method needs."""


def specifications(outcome: Outcome) -> Iterator[Specification]:
    """Every method that can analyse the outcome in a trial without periods and factors."""
    for method, kind in CARRIED_OUT.items():
        if kind.takes(method, outcome.type) and not (kind.READS_PERIODS or kind.READS_FACTORS):
            own = specification_of(method)
            if isinstance(own, MarginComparison) and outcome.kind.is_proportion:
                own = replace(own, margin=0.3)
            if isinstance(own, ClusterCovarianceModel) and outcome.kind.is_proportion:
                own = replace(own, covariates=())  # nobody is asked at baseline
            resamples = isinstance(own, Bootstrap | Rerandomisation | TrimmedMean)
            yield replace(own, replicates=FEW) if resamples else own
    if not outcome.kind.is_proportion:
        yield from MORE


def every_method() -> Protocol:
    """The trial whose plan has every method beside its primary and its binary analysis."""
    protocol = three_by_three()
    more = [
        Analysis(
            id=f"{outcome.code}-{number}-{each.method.value}",
            role=AnalysisRole.SECONDARY,
            outcomes=(outcome.code,),
            population="itt",
            estimand="E1",
            specification=each,
        )
        for outcome in protocol.outcomes
        for number, each in enumerate(specifications(outcome))
    ]
    plan = replace(protocol.plan, analyses=(*protocol.plan.analyses, *more))
    return replace(protocol, plan=plan)


def reads(analysis: Analysis, outcome: Outcome) -> set[str]:
    """The columns whose damage an analysis may feel."""
    specification = analysis.specification
    permuted = {BLOCK} if specification.permutes_as_randomised else set()
    return {outcome.code, *specification.baseline_items(outcome.kind), *permuted}


@dataclass(frozen=True, kw_only=True)
class Damage:
    """One column of the trial's data where it holds something else, or nothing."""

    column: str
    """An outcome, a characteristic or the block."""
    people: tuple[int, ...]
    value: float = np.nan
    """NaN where it is not known; of the sex 0 for women and 1 for men."""
    visits: tuple[int, ...] = (0, 1, 2)
    """Of an outcome alone."""
    reason: str = REASON
    """Why an outcome is not known."""


def damaged(protocol: Protocol, damages: Collection[Damage]) -> Datasets:
    """The trial's data after all that."""
    values = {"pain": PAIN.copy(), "better": BETTER.copy()}
    reasons = {name: np.full(PAIN.shape, REASON, dtype=object) for name in values}
    for each in damages:
        if each.column in values:
            cells = np.ix_(each.people, each.visits)
            values[each.column][cells] = each.value
            reasons[each.column][cells] = each.reason
    data = datasets_of(protocol, values["pain"], values["better"])
    said = np.concatenate(
        [reasons[name][:, place] for name in values for place in range(len(VISITS))]
    )
    rows = data.measurements.assign(
        missing_reason=pd.Series(said, dtype="str").where(data.measurements["value"].isna())
    )
    characteristics, subjects = data.characteristics.copy(), data.subjects.copy()
    for each in damages:
        names = [SUBJECTS[person] for person in each.people]
        own = characteristics["subject_id"].isin(names)
        own &= characteristics["characteristic"] == each.column
        if each.column == AGE:
            characteristics.loc[own, "value"] = each.value
        elif each.column == SEX:
            characteristics.loc[own, "category"] = {0: "f", 1: "m"}.get(each.value)
        elif each.column == BLOCK:
            known = None if np.isnan(each.value) else f"{each.value:g}"
            subjects.loc[subjects["subject_id"].isin(names), BLOCK] = known
    return replace(data, measurements=rows, characteristics=characteristics, subjects=subjects)
