"""The rows that a factorial analysis will state, for the shells of its tables."""

from collections.abc import Iterator
from dataclasses import replace

from trialkit.protocol.methods.factorial_options import FactorialEffect
from trialkit.protocol.trial.factors import factorial_contrasts, level_term
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.plan.shells.placeholders import PlaceOfRows
from trialkit.results.effect import Effect, Scale
from trialkit.results.lookup import Term
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

_LIMITED = (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL)
_MEAN, _SHARE = (Stat.N, Stat.MEAN, Stat.SD), (Stat.N, Stat.EVENTS, Stat.PERCENT)


def planned_factors(
    own: PlaceOfRows, effect: Effect, protocol: Protocol, *, visit: str, adjusted: bool
) -> Iterator[Result]:
    """What each combination and each level had, and every effect; ``adjusted`` of main effects."""
    of_risks = effect.scale.of_risks
    summed, modelled = (_SHARE, Term.STANDARDISED_RISK) if of_risks else (_MEAN, Term.ADJUSTED_MEAN)
    for code in protocol.arm_codes:
        yield from own.at(visit=visit, arm=code).rows(Stat.N)
        yield from own.at(visit=visit, term=Term.COMBINATION, arm=code).rows(*summed)
        yield from own.at(visit=visit, term=modelled, arm=code).of(effect).rows(*_LIMITED)
    for factor in protocol.factors:
        for level in factor.levels:
            yield from own.at(visit=visit, term=level_term(factor, level)).rows(*summed)
    for each in factorial_contrasts(protocol.factors):
        at_margin = each.effect is FactorialEffect.MARGIN
        tested = (Stat.P_VALUE, *((Stat.P_ADJUSTED,) if adjusted and at_margin else ()))
        place = own.at(visit=visit, term=each.term)
        if not of_risks:
            yield from place.of(effect).rows(*_LIMITED, *tested)
            continue
        difference = place.of(effect, method=Stat.RISK_DIFFERENCE.value)
        yield from difference.rows(*_LIMITED, *tested)
        odds = replace(effect, scale=Scale.ODDS_RATIO)
        yield from place.of(odds, method=Stat.ODDS_RATIO.value).rows(*_LIMITED)
