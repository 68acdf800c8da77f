"""The main results in sentences, each number with the row of the results that it prints."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.text import PrintedNumber, Run
from trialkit.report.numbers.numbers import (
    confidence,
    count,
    degrees_of_freedom,
    number,
    percent_points,
    positive,
)
from trialkit.report.sections.arm_results import analysed, arm_result
from trialkit.report.sections.effect_runs import (
    estimate_runs,
    p_runs,
    points_runs,
    unit_words,
    with_limits,
)
from trialkit.report.sections.factor_effects import factor_effects
from trialkit.report.tables.cells import HEDGES, INTERVAL, lacking_words
from trialkit.report.tables.effect_names import effect_name
from trialkit.report.tables.headlines import RATIO_DIGITS, Headline, headlines
from trialkit.report.tables.intervals import lacking
from trialkit.report.tables.outcomes import SIGNS
from trialkit.report.words.en.sentences.harms import harms_of
from trialkit.report.words.en.terms import HIGHER_VALUE
from trialkit.report.words.en.wording import alike, listing, lowered, sentence
from trialkit.report.words.language.method_words import Conclusion
from trialkit.report.words.languages import words_of
from trialkit.results.agreement import limits_of, p_beside
from trialkit.results.effect import Scale, Status
from trialkit.results.flow import Stage
from trialkit.results.lookup import ResultIndex, Shelf, Statistics, ids, value
from trialkit.results.results import Result
from trialkit.results.vocabulary import OTHER_RESTRICTED, Stat

_MEASURES = {
    Stat.RISK_DIFFERENCE: "risk difference",
    Stat.RISK_RATIO: "risk ratio",
    Stat.ODDS_RATIO: "odds ratio",
}


def flow_number(index: ResultIndex, term: Stage, *, arm: str = "") -> PrintedNumber:
    """A count of the participant flow."""
    found = index.find(Shelf.FLOW, term=term, arm=arm)
    return PrintedNumber(text=count(value(found, Stat.N)), results=ids(found, Stat.N))


def noun_of(number: PrintedNumber, one: str, several: str) -> str:
    """What follows a printed count."""
    return one if number.text == "1" else several


def primary_headlines(protocol: Protocol, index: ResultIndex) -> tuple[Headline, ...]:
    """The primary analyses that have a result, if only that there is none and why."""
    return tuple(
        each
        for each in headlines(protocol, index)
        if each.is_primary
        and (
            each.of_factors
            or (each.is_main and any(_has_effect(each, arm) for arm in each.protocol.experimental))
        )
    )


def _has_effect(headline: Headline, arm: Arm) -> bool:
    return Stat.ESTIMATE in headline.effect(arm, method=headline.measure)


def primary_result(headline: Headline) -> tuple[Run, ...]:
    """The primary result as SAMPL asks: each arm's result, the effect, its interval, then p."""
    protocol, outcome = headline.protocol, headline.outcome
    when = lowered(protocol.visit(outcome.time_point).label)
    runs: list[Run] = [f"{outcome.label}, {when}: "]
    without = headline.lacking
    if without is not None:
        of_time = headline.outcome.kind.is_of_time and without.status is Status.NOT_ESTIMABLE
        if of_time and without.note.startswith(Status.NOT_ESTIMABLE.value.replace("_", " ")):
            return (*runs, *_arms_in_words(headline), f"{_measured(headline)} is {without.note}.")
        return (*runs, sentence(without.note))
    runs += _arms_in_words(headline)
    if headline.of_factors:
        return (*runs, *factor_effects(headline))
    for arm in protocol.experimental:
        runs += _comparison(headline, arm)
    return (*runs, *_interaction(headline))


def _arms_in_words(headline: Headline) -> list[Run]:
    """Each arm's result, and how many are analysed."""
    runs: list[Run] = []
    for position, arm in enumerate(headline.protocol.arms):
        if position:
            runs.append("; ")
        runs += arm_result(headline, arm)
    return [*runs, ". ", *analysed(headline)]


def primary_in_brief(headline: Headline) -> tuple[Run, ...]:
    """The effect, its interval and its p value alone; all there is where arms are not compared."""
    comparisons = factor_effects(headline) if headline.of_factors else _comparisons(headline)
    if headline.lacking is not None or not comparisons:
        return primary_result(headline)
    when = lowered(headline.protocol.visit(headline.outcome.time_point).label)
    return (f"{headline.outcome.label}, {when}: ", *comparisons)


def _comparisons(headline: Headline) -> list[Run]:
    return [run for arm in headline.protocol.experimental for run in _comparison(headline, arm)]


def _comparison(headline: Headline, arm: Arm) -> list[Run]:
    """The effect, its interval and its p value, for one arm against the reference."""
    protocol = headline.protocol
    several = len(protocol.experimental) > 1
    sign = SIGNS.get(headline.scale, "minus")
    versus = f" ({arm.label} {sign} {protocol.reference.label})" if several else ""
    without = _without_number(headline, arm)
    if without is not None:
        return [f"{_measured(headline)}{versus} is {without.note}. "]
    runs = _EFFECTS[headline.summary](headline, arm, versus)
    specification = headline.analysis.specification
    words = words_of(specification, protocol)
    runs += _p_values(headline, arm, f"; {words.sides(specification)}")
    about = Conclusion(
        found=headline.effect(arm), outcome=headline.outcome, arm=arm, protocol=protocol
    )
    concluded = words.conclude(specification, about)
    runs.append(f"; {concluded}" if concluded else "")
    return [*runs, ". "]


def _p_values(headline: Headline, arm: Arm, lead: str) -> list[Run]:
    """The p value that belongs to the interval; an adjusted one beside it says if it does not."""
    test, alpha = headline.test(arm), headline.protocol.plan.alpha
    limits = limits_of(headline.effect(arm, method=headline.measure))
    if p_beside(limits) is Stat.P_VALUE:
        runs = p_runs(test, Stat.P_VALUE, lead, alpha=alpha)
        adjusted = p_runs(test, Stat.P_ADJUSTED, "; adjusted ", alpha=alpha)
        if adjusted and limits is not None:
            adjusted.append(" (the interval is not adjusted)")
        return [*runs, *adjusted]
    contrast = headline.contrast
    agrees = contrast is not None and contrast.agrees
    runs = p_runs(test, Stat.P_ADJUSTED, "; adjusted ", alpha=alpha)
    if runs and not agrees:
        runs.append(" by Holm's method, which has no intervals")
    return runs


def _without_number(headline: Headline, arm: Arm) -> Result | None:
    """The row that says why this comparison has no number, where others of its analysis have."""
    row = headline.effect(arm, method=headline.measure).get(Stat.ESTIMATE)
    return row if row is not None and row.stat is None else None


def _measured(headline: Headline) -> str:
    measure, specification = headline.measure, headline.analysis.specification
    if measure is None:
        return _effect_words(headline)
    own = words_of(specification, headline.protocol).effect_in_text(specification)
    return own if headline.is_ratio and own else f"The {_MEASURES[measure]}"


def _means(headline: Headline, arm: Arm, versus: str) -> list[Run]:
    effect = headline.effect(arm)
    runs: list[Run] = [
        f"{_effect_words(headline)}{versus} was ",
        *estimate_runs(effect, unit_words(headline), headline, digits=headline.digits),
    ]
    if value(effect, Stat.HEDGES_G) is not None:
        g = PrintedNumber(text=with_limits(effect, HEDGES, digits=2), results=ids(effect, *HEDGES))
        runs += ["; Hedges' g ", g]
    return runs


def _risks(headline: Headline, arm: Arm, versus: str) -> list[Run]:
    absolute = headline.effect(arm, method=headline.measure)
    if headline.is_ratio:
        estimate = estimate_runs(absolute, "", headline, digits=headline.digits)
        return [f"{_measured(headline)}{versus} was ", *estimate]
    relative = headline.effect(arm, method=Stat.RISK_RATIO)
    runs: list[Run] = [f"{_measured(headline)}{versus} was ", *points_runs(absolute, headline)]
    if Stat.ESTIMATE in relative:
        ratio = with_limits(relative, INTERVAL, digits=2)
        without = lacking(relative)
        if without is not None:
            ratio = lacking_words(number(value(relative, Stat.ESTIMATE), digits=2), without)
        runs += ["; risk ratio ", PrintedNumber(text=ratio, results=ids(relative, *INTERVAL))]
    return runs


def _times(headline: Headline, arm: Arm, versus: str) -> list[Run]:
    """Shares are compared in points, and a restricted mean has a difference and a ratio."""
    effect = headline.effect(arm)
    if headline.scale.in_points:
        return [f"{_effect_words(headline)}{versus} was ", *points_runs(effect, headline)]
    runs = _means(headline, arm, versus)
    for contrast, method in OTHER_RESTRICTED.items():
        beside = headline.effect(arm, method=method)
        if Stat.ESTIMATE in beside:
            of_time = contrast == Scale.DIFFERENCE
            unit = f" {headline.unit}" if of_time else ""
            digits = headline.outcome.digits if of_time else RATIO_DIGITS
            runs += [f"; {contrast} ", *estimate_runs(beside, unit, headline, digits=digits)]
    return runs


_EFFECTS: Mapping[Summary, Callable[[Headline, Arm, str], list[Run]]] = MappingProxyType(
    {
        Summary.MEAN: _means,
        Summary.PROPORTION: _risks,
        Summary.RATE: _means,
        Summary.LEVELS: _means,
        Summary.TIME: _times,
        Summary.RECURRENCE: _means,
    }
)
"""The effect on one arm in words, by what the arms are summed up by."""


def _effect_words(headline: Headline) -> str:
    if headline.is_superiority:
        return f"The {HIGHER_VALUE}, ties counted half,"
    if headline.summary is Summary.RATE and headline.scale.is_ratio:
        return f"The {effect_name(headline)}"
    specification = headline.analysis.specification
    words = words_of(specification, headline.protocol).effect_in_text(specification)
    return words or "The difference between arms"


def _interaction(headline: Headline) -> tuple[Run, ...]:
    """The test that the effect belongs to, where the model has one of its own."""
    found = headline.index.find(
        headline.analysis.id, outcome=headline.outcome.code, term="group:visit", visit=""
    )
    if Stat.GENERALISED_ETA_SQUARED not in found:
        return ()
    degrees = ", ".join(
        degrees_of_freedom(value(found, stat)) for stat in (Stat.DF_NUM, Stat.DF_DEN)
    )
    return (
        "Arm by visit interaction: ",
        PrintedNumber(
            text=f"F({degrees}) = {positive(value(found, Stat.STATISTIC), digits=2)}",
            results=ids(found, Stat.DF_NUM, Stat.DF_DEN, Stat.STATISTIC),
        ),
        *p_runs(found, Stat.P_VALUE, "; ", alpha=headline.protocol.plan.alpha),
        *_corrected(found, alpha=headline.protocol.plan.alpha),
        "; generalised eta squared ",
        PrintedNumber(
            text=positive(value(found, Stat.GENERALISED_ETA_SQUARED), digits=3),
            results=ids(found, Stat.GENERALISED_ETA_SQUARED),
        ),
        ".",
    )


def _corrected(found: Statistics, *, alpha: float) -> list[Run]:
    """The p value for visits whose differences vary unequally, where there are more than two."""
    if value(found, Stat.EPSILON_GG) in (None, 1):
        return []
    return p_runs(
        found, Stat.P_VALUE_GG, "; with Greenhouse and Geisser's correction ", alpha=alpha
    )


def not_risk_free(protocol: Protocol, index: ResultIndex) -> tuple[Run, ...]:
    """For the arms without any event: what risk that is compatible with."""
    none = [
        (f"{percent_points(value(found, Stat.CONF_HIGH))}%", (arm.label, found))
        for arm, found in ((arm, harms_of(arm, index)) for arm in protocol.arms)
        if value(found, Stat.EVENTS) == 0 and Stat.CONF_HIGH in found
    ]
    runs: list[Run] = []
    for text, arms in alike(none).items():
        results = tuple(name for _, found in arms for name in ids(found, Stat.CONF_HIGH))
        limit = PrintedNumber(text=text, results=results)
        labels = listing([label for label, _ in arms])
        runs += [", " if runs else "", limit, f" in {labels}"]
    if not runs:
        return ()
    ratio = confidence(protocol.plan.confidence_level)
    return (
        "That nobody had an event is compatible with a risk of up to ",
        *runs[1:],
        f" (upper exact {ratio} limit).",
    )
