"""Non-inferiority and equivalence in English."""

from collections.abc import Mapping

from trialkit.protocol.methods.comparisons import MarginQuestion
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.margins import better_effect, conclude_of
from trialkit.protocol.methods.method import Method, Response
from trialkit.report.content.claims import Claim, ClaimSource
from trialkit.report.numbers.numbers import confidence, p_symbol, plain
from trialkit.report.words.en.terms import EFFECTS, time_points, value_of
from trialkit.report.words.language.method_words import (
    AnyWords,
    Conclusion,
    MethodWords,
    Telling,
)
from trialkit.results.lookup import value
from trialkit.results.vocabulary import Stat

NAMES = {Method.NON_INFERIORITY: "non-inferiority", Method.EQUIVALENCE: "equivalence"}


def words(models: Mapping[Method, AnyWords]) -> MethodWords[MarginComparison]:
    """The words, in which a model that is held against the margin is told by its own."""

    def of_model(specification: MarginComparison) -> AnyWords | None:
        model = specification.model
        return None if model is None else models[model.method]

    def describe(specification: MarginComparison, told: Telling) -> str:
        own = of_model(specification)
        if own is None:
            return _describe(specification, told)
        return _describe_model(specification, own.describe(specification.model, told))

    def tells(specification: MarginComparison) -> frozenset[str]:
        own = of_model(specification)
        return frozenset({Stat.RISK_DIFFERENCE}) if own is None else own.tells(specification.model)

    def variant(specification: MarginComparison) -> str:
        own = of_model(specification)
        by = "" if own is None else f" ({own.short_name(specification.model)})"
        return f"{_margin(specification)}{by}"

    def effect(specification: MarginComparison) -> str:
        own = of_model(specification)
        name = f"{_named(specification)}{_margin(specification)}"
        said = f"({name}; {p_symbol()} is one-sided, against the margin)"
        if own is None:
            return f"difference {said}"
        return f"{_estimate(specification, own)}, held against a margin {said}"

    def effect_in_text(specification: MarginComparison) -> str:
        own = of_model(specification)
        said_by_scale = own is None or specification.scale is not None
        return "" if own is None or said_by_scale else own.effect_in_text(specification.model)

    def response(specification: MarginComparison) -> Response | None:
        own = of_model(specification)
        return specification.response if own is None else own.response(specification.model)

    def missing(specification: MarginComparison) -> str:
        own = of_model(specification)
        return "" if own is None else own.missing(specification.model)

    return MethodWords(
        names=NAMES,
        describe=describe,
        tells=tells,
        variant=variant,
        effect=effect,
        effect_in_text=effect_in_text,
        missing=missing,
        sides=lambda _: "one-sided ",
        response=response,
        conclude=_conclude,
        notes=lambda _: (
            "P values of comparisons with a margin are one-sided, against the margin.",
        ),
        answers=(
            Claim(item="2b", part="margin", source=ClaimSource.PROTOCOL, checklist="margins"),
        ),
    )


def _describe(specification: MarginComparison, told: Telling) -> str:
    when = time_points(told.outcomes, told.protocol)
    if told.of_risks:
        what, test = f"proportion ({when})", "Miettinen and Nurminen's score test"
    else:
        what, test = value_of(specification.response, when), "Welch's t test"
    alpha = specification.alpha
    return (
        f"{_named(specification)} of the {what} with a margin of {plain(specification.margin)}, by "
        f"{test} against the margin at a one-sided level of {plain(alpha)}, with "
        f"{confidence(1 - 2 * alpha)} confidence intervals"
    )


def _describe_model(specification: MarginComparison, model: str) -> str:
    alpha = specification.alpha
    which = "its effect" if specification.scale is None else f"the {EFFECTS[specification.scale]}"
    return (
        f"{_named(specification)} with a margin of {plain(specification.margin)}, by {model}; "
        f"{which} is held against the margin by its standard error (of a ratio that of its logarithm) "
        f"at a one-sided level of {plain(alpha)}, with {confidence(1 - 2 * alpha)} confidence intervals; "
        f"{p_symbol()} is of this test"
    )


def _estimate(specification: MarginComparison, own: AnyWords) -> str:
    """What is held against the margin: the effect of the model, or another estimate of it."""
    if specification.scale is None:
        return own.estimate(specification.model)
    return f"{EFFECTS[specification.scale]} ({own.short_name(specification.model)})"


def _named(specification: MarginComparison) -> str:
    return NAMES[specification.method]


def _margin(specification: MarginComparison) -> str:
    return f", margin {plain(specification.margin)}"


def _conclude(specification: MarginComparison, about: Conclusion) -> str:
    """The conclusion of one comparison and its margin; nothing of what is held against none."""
    if Stat.MARGIN not in about.found:
        return ""
    low, high = (value(about.found, stat) for stat in (Stat.CONF_LOW, Stat.CONF_HIGH))
    if low is None or high is None:
        return ""
    (scale,) = specification.scales(about.outcome.type)
    _, said = conclude_of(
        MarginQuestion(specification.method.value),
        better_effect(scale, about.outcome.direction, of=about.outcome.kind.summary),
        scale=scale,
        limits=(low, high),
        margin=specification.margin,
        names=(about.arm.label, about.protocol.reference.label),
    )
    return f"{said} (margin {plain(specification.margin)})"
