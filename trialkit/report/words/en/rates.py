"""What comparisons of rates are told with in English."""

from trialkit.protocol.methods.generalised_models import RatioLimits
from trialkit.protocol.methods.measured_outcome import BASELINE
from trialkit.protocol.trial.outcomes import AT_RISK, SESSIONS, Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.numbers.numbers import plain
from trialkit.report.words.en.terms import covariate_words
from trialkit.report.words.en.times import ending_words, looked_at
from trialkit.report.words.en.wording import listing
from trialkit.report.words.language.method_words import Telling

LIMITS = {
    RatioLimits.WALD: "Wald's limits and p from Wald's test",
    RatioLimits.PROFILE: "profile likelihood limits and p from the likelihood ratio test",
    RatioLimits.PROFILE_DISPERSION_HELD: (
        "profile likelihood limits with the dispersion held at its estimate, and p from Wald's test"
    ),
}
"""The limits of a rate ratio, and the test beside them."""


_SOURCES = {SESSIONS: "the sessions attended", AT_RISK: "the time at risk"}


def rate_unit(outcome: Outcome) -> str:
    """For how much exposure a rate of an outcome is, such as ``1,000 days`` or ``person-year``."""
    if not outcome.exposure or outcome.per_unit or outcome.per == 1:
        return outcome.rate_per
    return f"{plain(outcome.per)} {outcome.exposure_unit}"


def exposure_words(outcome: Outcome) -> str:
    """What a rate of an outcome is for, and from where that is known."""
    unit = rate_unit(outcome)
    if not outcome.exposure:
        return "events per participant, without an exposure"
    source = _SOURCES.get(outcome.exposure, outcome.exposure)
    return (
        f"events per {unit}; the exposure is {source} ({outcome.exposure_unit}), and who has none is "
        "not analysed"
    )


def offset(told: Telling) -> str:
    """What a model takes for the time at risk."""
    return _exposure(told, "with the logarithm of the exposure ({}) as offset")


def over_all(told: Telling) -> str:
    """What a rate of all together is for."""
    return _exposure(told, "over the exposure of all together ({})")


def _exposure(told: Telling, words: str) -> str:
    units = list(dict.fromkeys(each.exposure_unit for each in told.outcomes if each.exposure))
    without = [each for each in told.outcomes if not each.exposure]
    parts = [words.format(listing(units))] if units else []
    if without:
        whose = f" of {listing([each.label for each in without])}" if units else ""
        parts.append(f"without exposure{whose}, so that each participant counts once")
    return ", ".join(parts)


def modelled(names: tuple[str, ...], told: Telling) -> str:
    """What is modelled, at which time point, by what and for what time at risk."""
    when = looked_at(told.outcomes, told.protocol)
    by = f"adjusted for {_covariates(names, told.protocol)}" if names else "without covariates"
    return f"the number of events ({when}), {by}, {offset(told)}{ending_words(told.outcomes)}"


def _covariates(names: tuple[str, ...], protocol: Protocol) -> str:
    return listing(
        [
            "the number at baseline" if name == BASELINE else covariate_words(name, protocol)
            for name in names
        ]
    )


def conditional(names: tuple[str, ...]) -> str:
    """For whom a ratio is, where the model has covariates."""
    return " for participants of the same covariates" if names else ""
