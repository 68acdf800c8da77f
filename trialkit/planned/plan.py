"""The plan is carried out: each analysis by its method, and the results are their rows."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from trialkit.datasets.model import Datasets
from trialkit.errors import AnalysisError
from trialkit.planned.counts.adherence import state_adherence
from trialkit.planned.counts.baseline import state_baseline
from trialkit.planned.counts.conduct import observe_conduct
from trialkit.planned.counts.descriptive import state_description
from trialkit.planned.counts.harms import state_harms
from trialkit.planned.counts.participation import state_participation
from trialkit.planned.families import state_adjusted
from trialkit.planned.methods.ancova import state_ancova
from trialkit.planned.methods.margins import state_margin_comparison
from trialkit.planned.methods.means import state_mean_comparison
from trialkit.planned.methods.mixed_anova import state_mixed_anova
from trialkit.planned.methods.proportions import state_proportion_comparison
from trialkit.planned.methods.repeated import state_mmrm
from trialkit.planned.methods.resampling import state_bootstrap, state_rerandomisation
from trialkit.planned.methods.responders import state_responders
from trialkit.planned.methods.stratified import state_stratified
from trialkit.planned.methods.subgroups import state_subgroups
from trialkit.planned.methods.within_arms import state_within_arms
from trialkit.planned.task.task import Task, tasks
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.bootstrap import Bootstrap
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.rerandomisation import Rerandomisation
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.stratified_proportions import StratifiedProportions
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.protocol.methods.within_arms import WithinArms
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.results import Result, Results

Progress = Callable[[str], None]
"""Called with a few words before each step that may take long."""


def silently(_: str) -> None:
    """Progress that nobody watches."""


def carry_out(protocol: Protocol, datasets: Datasets, *, progress: Progress = silently) -> Results:
    """Every analysis of the plan, described, carried out and adjusted.

    Raises :class:`AnalysisError` that names the analysis which cannot be carried out; there is no
    falling back on another method.
    """
    rows = [*state_baseline(protocol, datasets), *state_description(protocol, datasets)]
    for task in tasks(protocol, datasets):
        progress(f"{task.analysis.id}: {task.outcome.label}")
        rows += _carried_out(task)
    rows += state_adjusted(protocol, rows)
    rows += state_adherence(datasets)
    rows += state_harms(protocol, datasets)
    rows += state_participation(protocol, datasets)
    return Results(rows=tuple(rows), conduct=observe_conduct(datasets))


CARRIED_OUT_BY: Mapping[type[Specification], Callable[[Task, Any], Iterator[Result]]] = (
    MappingProxyType(
        {
            MixedAnova: state_mixed_anova,
            Ancova: state_ancova,
            Subgroups: state_subgroups,
            Mmrm: state_mmrm,
            MeanComparison: state_mean_comparison,
            WithinArms: state_within_arms,
            Rerandomisation: state_rerandomisation,
            Bootstrap: state_bootstrap,
            ProportionComparison: state_proportion_comparison,
            StratifiedProportions: state_stratified,
            ResponderComparison: state_responders,
            MarginComparison: state_margin_comparison,
        }
    )
)
"""What carries out an analysis, by the class of its specification: the whole dispatch."""


def _carried_out(task: Task) -> list[Result]:
    specification = task.analysis.specification
    try:
        return list(CARRIED_OUT_BY[type(specification)](task, specification))
    except AnalysisError as error:
        raise AnalysisError(
            f"analysis {task.analysis.id!r} of outcome {task.outcome.code!r} in population "
            f"{task.population.code!r} cannot be carried out: {error}"
        ) from error
