"""The rows that the results of a plan will have, as its tables look for them, without their numbers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from trialkit.decimals import as_written
from trialkit.protocol.methods.comparisons import Adjustment
from trialkit.protocol.methods.effects import OF_RISKS
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.summing_up import SummedUp
from trialkit.report.plan.shells.asked import AskedForms, AskedHarms
from trialkit.report.plan.shells.placeholders import PlaceOfRows
from trialkit.report.plan.shells.planned_factors import planned_factors
from trialkit.results.effect import Effect, Scale
from trialkit.results.flow import Stage
from trialkit.results.harms import FLAGS, EventFact
from trialkit.results.lookup import Before, Shelf, Term
from trialkit.results.notes import SEVERAL_APPLY
from trialkit.results.results import Result, Results
from trialkit.results.vocabulary import Stat

EVERY_EVENT = "Each event, by its name"
"""The row that stands for those of events that are written in words."""
_MEASURES = {
    Stat.RISK_DIFFERENCE: Scale.PERCENTAGE_POINTS,
    Stat.RISK_RATIO: Scale.RISK_RATIO,
    Stat.ODDS_RATIO: Scale.ODDS_RATIO,
}
_STANDARDISED = (Stat.HEDGES_G, Stat.HEDGES_G_CONF_LOW, Stat.HEDGES_G_CONF_HIGH)
_TEST = "test"
"""The method of the row that holds the p value of a comparison of risks."""


def planned_results(protocol: Protocol, asked: AskedForms) -> Results:
    """Every statistic that the tables of the plan print, each with a number that means nothing."""
    return Results(
        rows=(
            *_baseline(protocol, asked),
            *_described(protocol, asked),
            *_analyses(protocol),
            *_harms(protocol, asked),
        )
    )


def has_a_shell(outcome: Outcome) -> bool:
    """Whether the tables that are drawn here have an outcome of this kind."""
    return outcome.kind.summary in _DESCRIBED


def _baseline(protocol: Protocol, asked: AskedForms) -> Iterator[Result]:
    for each in protocol.characteristics:
        answers = asked.characteristics.get(each.name)
        if answers is None:
            continue
        note = SEVERAL_APPLY if answers.several else ""
        own = PlaceOfRows(analysis_id=Shelf.BASELINE, outcome=each.name, note=note)
        for arm in protocol.arm_codes:
            if answers.categories is None:
                yield from own.at(arm=arm).rows(
                    Stat.N, Stat.MEAN, Stat.SD, Stat.MEDIAN, Stat.Q1, Stat.Q3
                )
                continue
            for category in answers.categories:
                yield from own.at(term=category, arm=arm).rows(Stat.N, Stat.EVENTS, Stat.PERCENT)


def _described(protocol: Protocol, asked: AskedForms) -> Iterator[Result]:
    """Each outcome in each arm at baseline and at its time point."""
    population = _described_population(protocol)
    for outcome in filter(has_a_shell, protocol.outcomes):
        own = PlaceOfRows(
            analysis_id=Shelf.DESCRIPTIVE, outcome=outcome.code, population=population
        )
        for arm in protocol.arm_codes:
            yield from _DESCRIBED[outcome.kind.summary](own.at(arm=arm), outcome, protocol)
            for label in asked.levels.get(outcome.code, ()):
                level = own.at(visit=outcome.time_point, term=f"{Before.LEVEL}{label}", arm=arm)
                yield from level.rows(Stat.N, Stat.EVENTS, Stat.PERCENT)


def _share(own: PlaceOfRows, outcome: Outcome, _: Protocol) -> Iterator[Result]:
    at_end = own.at(visit=outcome.time_point, arm=own.arm)
    yield from at_end.rows(Stat.N, Stat.EVENTS, Stat.PERCENT)


def _middle(own: PlaceOfRows, outcome: Outcome, protocol: Protocol) -> Iterator[Result]:
    for place in (
        own.at(visit=protocol.baseline.code, arm=own.arm),
        own.at(visit=outcome.time_point, arm=own.arm),
        own.at(visit=outcome.time_point, term=Term.CHANGE, arm=own.arm),
    ):
        yield from place.rows(Stat.N, Stat.MEAN, Stat.SD, Stat.MEDIAN, Stat.Q1, Stat.Q3)
        if place.term != Term.CHANGE and outcome.summed_up is SummedUp.GEOMETRIC_MEAN:
            yield from place.rows(Stat.GEOMETRIC_MEAN, Stat.GEOMETRIC_SD)


def _rate(own: PlaceOfRows, outcome: Outcome, _: Protocol) -> Iterator[Result]:
    exposure = (Stat.EXPOSURE,) if outcome.exposure else ()
    limits = (Stat.RATE, Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL)
    yield from own.at(visit=outcome.time_point, arm=own.arm).rows(
        Stat.N, Stat.N_EVENTS, Stat.EVENTS, Stat.PERCENT, *exposure, *limits
    )


def _middle_level(own: PlaceOfRows, outcome: Outcome, _: Protocol) -> Iterator[Result]:
    end = replace(own, visit=outcome.time_point)
    yield from end.rows(Stat.N)
    yield from replace(end, note="a level").rows(Stat.MEDIAN, Stat.Q1, Stat.Q3)


def _times(own: PlaceOfRows, outcome: Outcome, _: Protocol) -> Iterator[Result]:
    at_end = own.at(visit=outcome.time_point, arm=own.arm)
    competing = bool(outcome.risk and outcome.risk.competing)
    ended = (Stat.N_COMPETING, Stat.N_CENSORED) if competing else (Stat.N_CENSORED,)
    yield from at_end.rows(Stat.N, Stat.EVENTS, *ended)
    for term in (Term.MEDIAN_TIME, Term.WITH_EVENT if competing else Term.WITHOUT_EVENT):
        place = own.at(visit=outcome.time_point, term=term, arm=own.arm)
        yield from place.rows(Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL)


_OF_MEAN_TIMES = frozenset({Scale.DIFFERENCE, Scale.RATIO})
"""On which scales times to an event are compared by their restricted means."""


def _recurrences(own: PlaceOfRows, outcome: Outcome, _: Protocol) -> Iterator[Result]:
    end = outcome.time_point
    yield from own.at(visit=end, arm=own.arm).rows(
        Stat.N, Stat.N_EVENTS, Stat.EVENTS, Stat.PERCENT, Stat.EXPOSURE, Stat.RATE
    )
    yield from own.at(visit=end, term=Term.FOLLOW_UP, arm=own.arm).rows(Stat.ESTIMATE)
    yield from own.at(visit=end, term=Term.MEAN_NUMBER, arm=own.arm).rows(
        Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL
    )


_DESCRIBED: Mapping[Summary, Callable[[PlaceOfRows, Outcome, Protocol], Iterator[Result]]] = (
    MappingProxyType(
        {
            Summary.MEAN: _middle,
            Summary.PROPORTION: _share,
            Summary.RATE: _rate,
            Summary.LEVELS: _middle_level,
            Summary.TIME: _times,
            Summary.RECURRENCE: _recurrences,
        }
    )
)
"""What the tables print of an arm, by what an outcome is summed up by."""


def _described_population(protocol: Protocol) -> str:
    """That of the first primary analysis."""
    return next(
        each.population for each in protocol.plan.analyses if each.role is AnalysisRole.PRIMARY
    )


def _analyses(protocol: Protocol) -> Iterator[Result]:
    for analysis in protocol.plan.analyses:
        for outcome in map(protocol.outcome, analysis.outcomes):
            effect = protocol.effect(analysis.id, outcome)
            if effect is not None and effect.is_headline and has_a_shell(outcome):
                yield from _analysis(analysis, outcome, effect, protocol)


def _analysis(
    analysis: Analysis, outcome: Outcome, effect: Effect, protocol: Protocol
) -> Iterator[Result]:
    own = PlaceOfRows(
        analysis_id=analysis.id,
        role=analysis.role.value,
        family=analysis.family,
        outcome=outcome.code,
        population=analysis.population,
        method=analysis.specification.method.value,
        level=_level(analysis, protocol),
    )
    if effect.of_factors:
        adjusted = _is_adjusted(analysis, effect, protocol)
        yield from planned_factors(
            own, effect, protocol, visit=outcome.time_point, adjusted=adjusted
        )
        return
    of_risks = outcome.kind.summary_on(effect.scale) is Summary.PROPORTION
    for code in protocol.arm_codes:
        yield from own.at(visit=outcome.time_point, arm=code).rows(Stat.N)
        if of_risks and not outcome.kind.is_proportion:
            responded = own.at(visit=outcome.time_point, term=Term.RESPONDERS, arm=code)
            yield from responded.rows(Stat.N, Stat.EVENTS, Stat.PERCENT)
        if outcome.kind.summary is Summary.TIME and effect.scale in _OF_MEAN_TIMES:
            mean = own.at(visit=outcome.time_point, term=Term.RESTRICTED_MEAN, arm=code)
            yield from mean.rows(Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL)
    for arm in protocol.experimental:
        term = effect.term(arm.code, protocol.reference.code)
        yield from _contrast(
            own.at(visit=outcome.time_point, term=term),
            analysis,
            effect,
            protocol,
            by_measures=of_risks,
        )


def _contrast(
    own: PlaceOfRows, analysis: Analysis, effect: Effect, protocol: Protocol, *, by_measures: bool
) -> Iterator[Result]:
    """An effect with its limits, the p values beside it, and its standardised size."""
    adjusted = _is_adjusted(analysis, effect, protocol)
    tested = (Stat.P_VALUE, *((Stat.P_ADJUSTED,) if adjusted else ()))
    margin = analysis.specification.margin_question is not None
    if by_measures and effect.scale.of_risks and not margin:
        for measure, scale in _MEASURES.items():
            if effect.scale not in {scale, Scale.PERCENTAGE_POINTS}:
                continue  # ratios stand beside a difference, and one alone stands for itself
            one = replace(effect, scale=scale)
            yield from own.of(one, method=measure.value).rows(*_limited(effect))
        yield from own.of(effect, method=_TEST).rows(*tested)
        return
    yield from own.of(effect).rows(*_limited(effect), *tested, *((Stat.MARGIN,) if margin else ()))
    if effect.standardised_by is not None:
        yield from own.of(effect).rows(*_STANDARDISED)


def _limited(effect: Effect) -> tuple[Stat, ...]:
    limits = () if effect.interval is None else (Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL)
    return (Stat.ESTIMATE, *limits)


def _is_adjusted(analysis: Analysis, effect: Effect, protocol: Protocol) -> bool:
    """Whether an adjusted p value will stand beside the raw one."""
    if effect.adjusts_itself:
        return True
    families = (each for each in protocol.plan.families if each.code == analysis.family)
    return (
        any(each.adjustment is not Adjustment.NONE or bool(each.after) for each in families)
        and effect.has_headline_p
    )


def _level(analysis: Analysis, protocol: Protocol) -> float:
    """Limits that are held against a margin have twice its one-sided level outside."""
    alpha = getattr(analysis.specification, "alpha", None)
    if analysis.specification.margin_question is None or not isinstance(alpha, float):
        return protocol.plan.confidence_level
    return float(1 - 2 * as_written(alpha))


def _harms(protocol: Protocol, asked: AskedForms) -> Iterator[Result]:
    """Any event, each kind that the form asks for, and each event by its name."""
    own = PlaceOfRows(analysis_id=Shelf.HARMS)
    if asked.harms is None:
        return
    known = asked.harms.arms or protocol.arm_codes
    for term in _terms(asked.harms):
        for arm in protocol.arm_codes:
            if arm in known:
                yield from own.at(term=term, arm=arm).rows(
                    Stat.N, Stat.EVENTS, Stat.PERCENT, Stat.N_EVENTS
                )
            elif term == Term.ANY_EVENT:
                yield from own.at(term=term, arm=arm).not_collected(Stat.EVENTS, Stat.N_EVENTS)
        yield from _differences(own.at(term=term), protocol, known)
    for fact in EventFact:
        if fact not in asked.harms.facts:
            for code in known:
                unasked = own.at(term=fact.term, arm=code)
                yield from unasked.not_collected(Stat.EVENTS, Stat.N_EVENTS)
    if not asked.flow.received:
        received = PlaceOfRows(analysis_id=Shelf.FLOW).at(term=Stage.RECEIVED, arm=known[0])
        yield from received.not_collected(Stat.N)


def _terms(harms: AskedHarms) -> Iterator[str]:
    yield Term.ANY_EVENT
    yield from (fact.term for fact in FLAGS if fact in harms.facts)
    if EventFact.SEVERITY in harms.facts:
        yield from (f"{Before.WORST}{each}" for each in harms.severities)
    yield from (f"{Before.EVENT}{each}" for each in harms.terms or (EVERY_EVENT,))


def _differences(own: PlaceOfRows, protocol: Protocol, known: tuple[str, ...]) -> Iterator[Result]:
    reference = protocol.reference.code
    place = own.of(OF_RISKS, method=Stat.RISK_DIFFERENCE.value)
    for other in protocol.experimental:
        if other.code in known and reference in known:
            pair = OF_RISKS.term(other.code, reference)
            yield from place.at(term=own.term, arm=pair).rows(*_limited(OF_RISKS))
