"""What mixed models for repeated measures share in English: covariance, likelihood and degrees of freedom."""

from collections.abc import Sequence

from trialkit.protocol.methods.repeated import CovarianceStructure, Inference, Likelihood
from trialkit.protocol.methods.repeated_model import RepeatedMeasuresModel
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.words.en.terms import covariate_words, covariates_listed
from trialkit.report.words.en.wording import listing
from trialkit.report.words.language.method_words import Telling
from trialkit.results.notes import covariance_used
from trialkit.results.vocabulary import Stat

_DEGREES = {
    Inference.SATTERTHWAITE: "Satterthwaite's degrees of freedom",
    Inference.KENWARD_ROGER: "Kenward and Roger's adjustment",
    Inference.KENWARD_ROGER_LINEAR: "Kenward and Roger's adjustment (linear covariance)",
    Inference.BETWEEN_WITHIN: "between-within degrees of freedom",
    Inference.RESIDUAL: "residual degrees of freedom",
}


def own_at_each_visit(specification: RepeatedMeasuresModel, protocol: Protocol) -> str:
    """Which covariates have an effect of their own at each visit; nothing where none has."""
    if not specification.covariates_by_visit:
        return ""
    own = covariates_listed(specification.covariates_by_visit, protocol)
    return f", at each visit with an effect of its own for {own}"


def how_fitted(specification: RepeatedMeasuresModel, told: Telling) -> str:
    """The covariance, and what stands in for it; likelihood, degrees of freedom and weights."""
    protocol = told.protocol
    likelihood = "restricted " if specification.likelihood is Likelihood.REML else ""
    text = (
        f"{specification.covariance} residual covariance"
        f"{_in_each(specification.covariance_by, protocol)}, {likelihood}maximum likelihood, "
        f"{_DEGREES[specification.inference]}"
    )
    if specification.weights:
        text += f", weighted by {covariate_words(specification.weights, protocol)}"
    if specification.coefficient_covariance is not None:
        text += f"; {specification.coefficient_covariance} covariance of the fixed effects"
    return text + structure_used(specification.fallback, told)


def _in_each(group: str, protocol: Protocol) -> str:
    """Whose covariance it is, where it is not that of all."""
    if not group:
        return ""
    whose = "arm" if group == "arm" else f"level of {covariate_words(group, protocol)}"
    return f" in each {whose}"


def structure_used(fallback: Sequence[CovarianceStructure], told: Telling) -> str:
    """What stands in for a covariance that cannot be fitted, and for which outcomes it did."""
    if not fallback:
        return ""
    text = f"; if it cannot be fitted, {listing(list(fallback), last='then')}"
    used: dict[str, list[str]] = {}
    for outcome, note in told.notes(Stat.LOG_LIKELIHOOD):
        used.setdefault(covariance_used(note), []).append(outcome.label)
    if not used:
        return text
    if len(used) == 1:
        return f"{text} ({next(iter(used))} was used)"
    return f"{text} ({'; '.join(f'{name} for {listing(of)}' for name, of in used.items())})"
