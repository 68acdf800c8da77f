"""What an analysis needs of a participant: values at which visits, and which characteristics."""

from typing import assert_never

from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.bootstrap import Bootstrap
from trialkit.protocol.methods.comparisons import MissingRule
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.rerandomisation import Rerandomisation
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.specifications import Specification
from trialkit.protocol.methods.stratified_proportions import StratifiedProportions
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.protocol.methods.within_arms import WithinArms
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol

BASELINE = "baseline"
"""How a plan names the outcome's own baseline value among the covariates."""
ARM = "arm"
"""How a plan names the arm as what a covariance matrix may differ by."""


def baseline_items(specification: Specification) -> tuple[str, ...]:
    """The baseline characteristics that a specification needs, as ``form.item``."""
    match specification:
        case Ancova(covariates=covariates) | Rerandomisation(covariates=covariates):
            named = covariates
        case Subgroups(by=by, covariates=covariates):
            named = (*covariates, by)
        case Mmrm(covariates=covariates, covariates_by_visit=by_visit, weights=weights):
            by = "" if specification.covariance_by == ARM else specification.covariance_by
            named = (*covariates, *by_visit, *(each for each in (weights, by) if each))
        case StratifiedProportions(strata=strata):
            named = (strata,)
        case _:
            named = ()
    return tuple(name for name in named if name != BASELINE)


def needed_visits(
    specification: Specification, outcome: Outcome, protocol: Protocol
) -> tuple[str, ...]:
    """The visits at which a participant must have a value to be analysed.

    An MMRM uses whatever was observed after baseline, if anything was.
    """
    baseline, end = protocol.baseline.code, outcome.time_point
    if isinstance(specification, MixedAnova):
        codes = protocol.visit_codes
        return codes[codes.index(baseline) :]
    if isinstance(specification, ResponderComparison):
        counts_as_failure = specification.missing is MissingRule.NON_RESPONDER
        return () if counts_as_failure else (baseline, end)
    if isinstance(specification, Mmrm):
        return (baseline,) if uses_baseline(specification, outcome) else ()
    return (baseline, end) if uses_baseline(specification, outcome) else (end,)


def uses_baseline(specification: Specification, outcome: Outcome) -> bool:
    """Whether the analysis reads the outcome's own baseline value."""
    match specification:
        case Mmrm(covariates=covariates, covariates_by_visit=by_visit, response=response):
            return BASELINE in (*covariates, *by_visit) or response is Response.CHANGE
        case WithinArms() | MixedAnova() | ResponderComparison():
            return True
        case ProportionComparison() | StratifiedProportions():
            return False
        case Subgroups() | MarginComparison() if outcome.type is OutcomeType.BINARY:
            return False
        case (
            Ancova(covariates=covariates, response=response)
            | Subgroups(covariates=covariates, response=response)
            | Rerandomisation(covariates=covariates, response=response)
        ):
            return BASELINE in covariates or response is Response.CHANGE
        case (
            MeanComparison(response=response)
            | Bootstrap(response=response)
            | MarginComparison(response=response)
        ):
            return response is Response.CHANGE
        case _:
            assert_never(specification)
