"""What the models of a binary outcome are told with in English."""

from trialkit.protocol.methods.generalised_models import RatioLimits
from trialkit.protocol.methods.measured_outcome import BASELINE
from trialkit.protocol.methods.repeated_events import RepeatedEventModel
from trialkit.protocol.methods.risk_model import RiskModel
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.words.en.terms import covariate_words, time_points, visits_analysed
from trialkit.report.words.en.wording import listing
from trialkit.report.words.language.method_words import Telling

_LIMITS = {
    RatioLimits.WALD: "Wald's limits and p from Wald's test",
    RatioLimits.PROFILE: "profile likelihood limits and p from the likelihood ratio test",
}


def limits_and_test(limits: RatioLimits) -> str:
    """The limits of a ratio, and the test that they belong to."""
    return _LIMITS[limits]


def covariates_of_risks(names: tuple[str, ...], protocol: Protocol) -> str:
    """Covariates of an event by their readers' names."""
    return listing(
        [
            "having the event at baseline" if name == BASELINE else covariate_words(name, protocol)
            for name in names
        ]
    )


def adjusted_for_of_risks(names: tuple[str, ...], protocol: Protocol) -> str:
    """For what a model of an event is adjusted, or that it is not."""
    if not names:
        return "without covariates"
    return f"adjusted for {covariates_of_risks(names, protocol)}"


def modelled(specification: RiskModel, told: Telling) -> str:
    """What is modelled, at which time point and by what."""
    when = time_points(told.outcomes, told.protocol)
    by = adjusted_for_of_risks(specification.covariates, told.protocol)
    return f"who has the event ({when}), {by}"


def modelled_over_visits(specification: RepeatedEventModel, told: Telling) -> str:
    """What is modelled of the visits after baseline, and by what."""
    names = specification.covariates
    by = f", adjusted for {covariates_of_risks(names, told.protocol)}" if names else ""
    when = visits_analysed(specification.visits, told.protocol, unless="each visit after baseline")
    return f"who has the event at {when}, with arm, visit and arm by visit{by}"


def observed_at(specification: RepeatedEventModel) -> str:
    """Which observed values such a model uses."""
    return "at the visits that it names" if specification.visits else "after baseline"


def conditional(specification: RiskModel) -> str:
    """For whom a ratio is, where the model has covariates."""
    return " for participants of the same covariates" if specification.covariates else ""


def adjusted_ratio(specification: RiskModel, ratio: str) -> str:
    """A ratio as the subject of a sentence, adjusted where the model has covariates."""
    return f"The adjusted {ratio}" if specification.covariates else f"The {ratio}"
