"""Multiple imputation in English."""

from collections.abc import Iterable, Mapping

from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.methods.negative_binomial import NegativeBinomialComparison
from trialkit.protocol.methods.standardised_risks import StandardisedRiskComparison
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.numbers.numbers import plain
from trialkit.report.words.en.imputing import (
    IMPUTES_FOR_ALL,
    how_drawn,
    how_imputed,
    how_imputed_events,
    short_supposition,
    supposed,
    variance_meant,
)
from trialkit.report.words.en.terms import EFFECTS, adjusted_for, time_points
from trialkit.report.words.en.wording import listing, lowered
from trialkit.report.words.language.method_words import AnyWords, MethodWords, Telling
from trialkit.results.vocabulary import Stat

_NAME = "multiple imputation"
NAMES = {Method.MULTIPLE_IMPUTATION: _NAME}


def words(models: Mapping[Method, AnyWords]) -> MethodWords[MultipleImputation]:
    """The words, in which a model that analyses each imputed data set is told by its own."""

    def describe(specification: MultipleImputation, told: Telling) -> str:
        protocol = told.protocol
        by_visit = _is_by_visit(told)
        imputed = _by_visit(specification, told) if by_visit else how_imputed(specification, told)
        return (
            f"{_NAME}: {imputed}. {supposed(specification, protocol)}"
            f"{_shifted(specification, protocol, told.outcomes)}. "
            f"{how_drawn(specification, of_events=by_visit)}. "
            f"{_analysed(specification, told, models)}"
        )

    def effect(specification: MultipleImputation) -> str:
        model = specification.model
        if model is None:
            return f"adjusted difference ({_NAME})"
        return f"{models[model.method].estimate(model)}, pooled over imputed data sets"

    def tells(specification: MultipleImputation) -> frozenset[str]:
        model = specification.model
        if model is None:
            return frozenset({Stat.RISK_DIFFERENCE})
        return models[model.method].tells(model)

    def variant(specification: MultipleImputation) -> str:
        model = specification.model
        by = "" if model is None else f" ({models[model.method].short_name(model)})"
        return f", {short_supposition(specification)}{by}"

    def effect_in_text(specification: MultipleImputation) -> str:
        model = specification.model
        if model is None:
            return "The adjusted difference between arms"
        return models[model.method].effect_in_text(model)

    def response(specification: MultipleImputation) -> Response | None:
        model = specification.model
        return Response.FINAL if model is None else models[model.method].response(model)

    return MethodWords(
        names=NAMES,
        describe=describe,
        tells=tells,
        variant=variant,
        effect=effect,
        effect_in_text=effect_in_text,
        missing=lambda _: IMPUTES_FOR_ALL,
        supposed=lambda own, protocol: lowered(
            f"{supposed(own, protocol)}{_shifted(own, protocol, _outcomes_of(own, protocol))}"
        ),
        imputes=lambda _: True,
        response=response,
    )


def _is_by_visit(told: Telling) -> bool:
    """Whether values are imputed by a regression of each visit, and no joint model."""
    return all(each.kind.is_proportion or each.kind.is_rate for each in told.outcomes)


def _by_visit(specification: MultipleImputation, told: Telling) -> str:
    model = specification.model
    poisson = model is not None and model.takes_events_as_independent
    regression = "Poisson" if poisson else "negative binomial"
    return how_imputed_events(specification, told, regression=regression)


def _analysed(
    specification: MultipleImputation, told: Telling, models: Mapping[Method, AnyWords]
) -> str:
    """The analysis of each data set, and how the estimates become one."""
    pooled = variance_meant(specification)
    model = specification.model
    if model is None and _is_by_visit(told):
        usual = StandardisedRiskComparison if told.of_risks else NegativeBinomialComparison
        model = usual(covariates=specification.event_covariates)
    if model is None:
        return (
            "Each imputed data set was analysed by analysis of covariance"
            f"{adjusted_for(specification.analysed_covariates, told.protocol)}; {pooled}. The effect is "
            f"the adjusted difference between arms ({time_points(told.outcomes, told.protocol)})"
        )
    said = models[model.method].describe(model, told)
    effect = model.effect(told.outcomes[0].type, len(told.protocol.arms))
    what = "" if effect is None else f"the {EFFECTS[effect.scale]} alone is pooled: "
    logs = ", as logarithms" if effect is not None and effect.scale.is_ratio else ""
    return f"Each imputed data set was analysed by {said}. Of these analyses {what}{pooled}{logs}"


def _outcomes_of(specification: MultipleImputation, protocol: Protocol) -> tuple[Outcome, ...]:
    """The outcomes of the analyses of the plan that are specified so."""
    return tuple(
        protocol.analysed(analysis, code)
        for analysis in protocol.plan.analyses
        if analysis.specification == specification
        for code in analysis.outcomes
    )


def _shifted(
    specification: MultipleImputation, protocol: Protocol, outcomes: Iterable[Outcome]
) -> str:
    """What was added to imputed values, arm by arm, and on which scale."""
    if not specification.shifts:
        return ""
    said = [
        f"{plain(number)}{_at(visit, protocol)} in {protocol.arm(arm).label}"
        for arm in specification.delta
        for visit, number in specification.deltas_of(arm).items()
    ]
    scales = list(dict.fromkeys(_moved(each) for each in outcomes))
    moved = listing(scales) if scales else "values"
    return f". To {moved} imputed after an event was added: {listing(said)} (delta)"


def _moved(outcome: Outcome) -> str:
    """What a delta is added to: yes and no, and counts, are imputed by a linear predictor."""
    if outcome.kind.is_proportion:
        return "the logits of values of yes and no"
    return "the logarithms of mean counts" if outcome.kind.is_rate else "values"


def _at(visit: str, protocol: Protocol) -> str:
    return f" at {lowered(protocol.visit(visit).label)}" if visit else ""
