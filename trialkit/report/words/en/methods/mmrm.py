"""The mixed model for repeated measures in English."""

from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.repeated import Inference, Likelihood
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.words.en.terms import (
    adjusted_for,
    covariate_words,
    covariates_listed,
    response_label,
    time_points,
)
from trialkit.report.words.en.wording import listing
from trialkit.report.words.language.method_words import MethodWords, Telling
from trialkit.results.notes import covariance_used
from trialkit.results.vocabulary import Stat

_DEGREES = {
    Inference.SATTERTHWAITE: "Satterthwaite's degrees of freedom",
    Inference.KENWARD_ROGER: "Kenward and Roger's adjustment",
    Inference.KENWARD_ROGER_LINEAR: "Kenward and Roger's adjustment (linear covariance)",
    Inference.BETWEEN_WITHIN: "between-within degrees of freedom",
    Inference.RESIDUAL: "residual degrees of freedom",
}


def _describe(specification: Mmrm, told: Telling) -> str:
    protocol = told.protocol
    response = "changes from baseline" if specification.response is Response.CHANGE else "values"
    likelihood = "restricted " if specification.likelihood is Likelihood.REML else ""
    covariates = (*specification.covariates, *specification.covariates_by_visit)
    text = (
        f"mixed model for repeated measures of the {response} at all visits after baseline, with "
        f"arm, visit and arm by visit{adjusted_for(covariates, protocol)}"
    )
    if specification.covariates_by_visit:
        own = covariates_listed(specification.covariates_by_visit, protocol)
        text += f", at each visit with an effect of its own for {own}"
    text += (
        f"; {specification.covariance} residual covariance"
        f"{_in_each(specification.covariance_by, protocol)}, {likelihood}maximum likelihood, "
        f"{_DEGREES[specification.inference]}"
    )
    if specification.weights:
        text += f", weighted by {covariate_words(specification.weights, protocol)}"
    if specification.coefficient_covariance is not None:
        text += f"; {specification.coefficient_covariance} covariance of the fixed effects"
    text += _fallback(specification, told)
    return f"{text}. The effect is the adjusted difference between arms ({_when(told)})"


def _when(told: Telling) -> str:
    return time_points(told.outcomes, told.protocol)


def _in_each(group: str, protocol: Protocol) -> str:
    """Whose covariance it is, where it is not that of all."""
    if not group:
        return ""
    whose = "arm" if group == "arm" else f"level of {covariate_words(group, protocol)}"
    return f" in each {whose}"


def _fallback(specification: Mmrm, told: Telling) -> str:
    """What stands in for a covariance that cannot be fitted, and for which outcomes it did."""
    if not specification.fallback:
        return ""
    text = f"; if it cannot be fitted, {listing(list(specification.fallback), last='then')}"
    used: dict[str, list[str]] = {}
    for outcome, note in told.notes(Stat.LOG_LIKELIHOOD):
        used.setdefault(covariance_used(note), []).append(outcome.label)
    if not used:
        return text
    if len(used) == 1:
        return f"{text} ({next(iter(used))} was used)"
    return f"{text} ({'; '.join(f'{name} for {listing(of)}' for name, of in used.items())})"


WORDS: MethodWords[Mmrm] = MethodWords(
    names={Method.MMRM: "mixed model for repeated measures"},
    describe=_describe,
    variant=lambda own: f", {response_label(own.response)}",
    effect=lambda _: "adjusted difference (mixed model for repeated measures)",
    effect_in_text=lambda _: "The adjusted difference between arms",
    missing=lambda _: (
        "uses every value observed after baseline; values may be missing at random given those "
        "observed"
    ),
    response=lambda own: own.response,
)
