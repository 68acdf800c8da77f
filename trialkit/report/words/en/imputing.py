"""What methods that impute missing values share in English: model, supposition, draws and variance."""

from trialkit.protocol.methods.imputation import (
    CovariateFill,
    DrawMethod,
    ImputationStrategy,
    ResampledLimits,
)
from trialkit.protocol.methods.imputing_method import MISSING, ImputingMethod
from trialkit.protocol.methods.repeated import Likelihood
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.numbers.numbers import count
from trialkit.report.words.en.repeated_models import structure_used
from trialkit.report.words.en.terms import BASELINE, covariates_listed, visits_analysed
from trialkit.report.words.en.wording import capitalised, listing
from trialkit.report.words.language.method_words import Telling

STRATEGIES = {
    ImputationStrategy.MISSING_AT_RANDOM: "are supposed to be missing at random, given what was "
    "observed of the participant, as if they had gone on as allocated",
    ImputationStrategy.JUMP_TO_REFERENCE: "are supposed to follow the mean of the reference arm from "
    "there on (jump to reference)",
    ImputationStrategy.COPY_REFERENCE: "are supposed to be those of a participant who was in the "
    "reference arm throughout (copy reference)",
    ImputationStrategy.COPY_INCREMENTS: "are supposed to change from there on as the mean of the "
    "reference arm does (copy increments in reference)",
    ImputationStrategy.LAST_MEAN: "are supposed to keep the mean of the own arm at the last visit "
    "before (last mean carried forward), and where there is no visit before, to be missing at random",
}
_DRAWN = {
    DrawMethod.JACKKNIFE: "values are imputed by what is expected of them, once from the model fitted to "
    "everybody and once without each participant",
    DrawMethod.BOOTSTRAP: "values are imputed by what is expected of them, once from the model fitted to "
    "everybody and once from each of {samples} bootstrap samples within arms",
    DrawMethod.APPROXIMATE_BAYES: "{samples} data sets are imputed at random, each from the model fitted "
    "to a bootstrap sample (approximate Bayesian draws)",
    DrawMethod.BAYES: "{samples} data sets are imputed at random, each from a draw of the model's "
    "parameters from their posterior distribution (Gibbs sampler)",
    DrawMethod.NESTED_BOOTSTRAP: "{samples} bootstrap samples are drawn, and in each of them values are "
    "imputed at random twice",
}
_DRAWN_OF_EVENTS = (
    "{samples} data sets are imputed at random, each with coefficients drawn from the normal "
    "approximation to their posterior distribution"
)
_ANCHORED = (
    "estimates were pooled by Rubin's rules with Barnard and Rubin's degrees of freedom; the variance is "
    "information-anchored: what the missing values cost, they cost whatever is supposed of them"
)
_REPEATED = "the variance is that of repeated sampling: how the estimate would vary if the trial were repeated"
_POOLED = {
    DrawMethod.JACKKNIFE: f"the standard error is the jackknife's; {_REPEATED}",
    DrawMethod.BOOTSTRAP: f"the standard error is the bootstrap's; {_REPEATED}",
    DrawMethod.APPROXIMATE_BAYES: _ANCHORED,
    DrawMethod.BAYES: _ANCHORED,
    DrawMethod.NESTED_BOOTSTRAP: f"estimates were pooled after von Hippel and Bartlett; {_REPEATED}",
}
_LIMITS = {
    ResampledLimits.PERCENTILE: ", with limits by percentiles",
    ResampledLimits.NORMAL: ", with limits by the normal distribution",
}
IMPUTES_FOR_ALL = (
    "imputes values that are missing after baseline, so that everybody with an arm is analysed for whom "
    "the time point is not still to come at the data cut"
)
"""What becomes of who lacks a value."""


def how_imputed(specification: ImputingMethod, told: Telling) -> str:
    """The imputation model."""
    protocol = told.protocol
    where = visits_analysed(specification.visits, protocol, unless="all visits after baseline")
    text = (
        f"values missing at {where} are imputed from a model for repeated measures with arm, visit and "
        "arm by visit"
    )
    if specification.covariates:
        text += f", with effects of {covariates_listed(specification.covariates, protocol)}"
    if specification.covariates_by_visit:
        own = covariates_listed(specification.covariates_by_visit, protocol)
        text += f", with an effect of its own at each visit for {own}"
    if specification.auxiliary:
        also = covariates_listed(specification.auxiliary, protocol)
        text += f", and, in the imputation alone, of {also}"
    likelihood = "restricted " if specification.likelihood is Likelihood.REML else ""
    each = " in each arm" if specification.covariance_by_arm else ""
    return (
        f"{text}; {specification.covariance} residual covariance{each}, {likelihood}maximum likelihood"
        f"{structure_used(specification.fallback, told)}{how_filled(specification)}"
    )


_FILLED = {
    CovariateFill.MEAN: "the mean of all who are analysed",
    CovariateFill.REGRESSION: "a regression on the other baseline numbers among the covariates",
}


def how_filled(specification: ImputingMethod) -> str:
    """What stands in for a missing baseline value, and why that does no harm; nothing where nothing does."""
    if specification.baseline_fill is None:
        return ""
    return (
        f". A missing baseline value of the outcome is replaced once by "
        f"{_FILLED[specification.baseline_fill]}, without regard to arm and outcome: randomisation makes "
        "baseline values independent of the arm, so that the adjusted comparison stays unbiased (White "
        "and Thompson 2005)"
    )


def how_imputed_events(
    specification: ImputingMethod, told: Telling, *, regression: str = "negative binomial"
) -> str:
    """The regressions by which yes and no, or counts, are imputed."""
    protocol = told.protocol
    where = visits_analysed(specification.visits, protocol, unless="all visits after baseline")
    named = [
        each
        for each in (*specification.analysed_covariates, *specification.auxiliary)
        if each != BASELINE
    ]
    also = f", {covariates_listed(named, protocol)}" if named else ""
    regressions = "logistic regressions" if told.of_risks else f"{regression} regressions"
    text = (
        f"values missing at {where} are imputed by {regressions}, visit by visit, on arm{also} and "
        "the values of earlier visits"
    )
    if any(each.exposure for each in told.outcomes):
        text += ", for the median time at risk of those who are known at the visit"
    alone = covariates_listed(specification.auxiliary, protocol)
    return f"{text} ({alone} in the imputation alone)" if alone else text


def supposed(specification: ImputingMethod, protocol: Protocol) -> str:
    """What is supposed of missing values, and from when on."""
    at_random = STRATEGIES[ImputationStrategy.MISSING_AT_RANDOM]
    after = specification.follows((_ANY_EVENT,))
    if after == (_ANY_EVENT,):
        return f"Missing values {STRATEGIES[specification.strategy]}"
    together: dict[ImputationStrategy, list[str]] = {}
    for each in after:
        together.setdefault(specification.strategy_of(each), []).append(_event(each, protocol))
    if set(together) == {ImputationStrategy.MISSING_AT_RANDOM}:
        events = together[ImputationStrategy.MISSING_AT_RANDOM]
        return f"Missing values, those {listing(events, last='or')} too, {at_random}"
    said = [
        f"{listing(events, last='or')} {STRATEGIES[strategy]}"
        for strategy, events in together.items()
    ]
    return f"Missing values {'; those '.join(said)}; others {at_random}"


_ANY_EVENT = ""


def _event(code: str, protocol: Protocol) -> str:
    """From when on a value lies after an event."""
    if code == MISSING:
        return "from the first of the visits after which nothing was observed"
    found = protocol.intercurrent_event(code)
    named = "an intercurrent event of the estimand" if found is None else f"“{found.label}”"
    return f"from the first visit after {named}"


def short_supposition(specification: ImputingMethod) -> str:
    """What is supposed, in a few words."""
    named = dict.fromkeys((specification.strategy, *specification.strategies.values()))
    text = " and ".join(each.value.replace("-", " ") for each in named)
    return f"{text} with delta" if specification.shifts else text


def how_drawn(specification: ImputingMethod, *, of_events: bool = False) -> str:
    """How the parameters vary from one data set to the next, and the seed."""
    samples = "" if specification.samples is None else count(specification.samples)
    drawn = _DRAWN_OF_EVENTS if of_events else _DRAWN[specification.draws]
    text = drawn.format(samples=samples)
    seed = "" if specification.seed is None else f" (seed {specification.seed})"
    return capitalised(f"{text}{seed}")


def variance_meant(specification: ImputingMethod) -> str:
    """How estimates are pooled, and what their standard error measures."""
    is_bootstrap = specification.draws is DrawMethod.BOOTSTRAP
    said = _LIMITS[specification.limits] if is_bootstrap else ""
    return f"{_POOLED[specification.draws]}{said}"
