"""The effects of the factors of a factorial trial in sentences: main effects, then their interaction."""

from collections.abc import Iterator

from trialkit.protocol.methods.factorial_options import FactorialEffect
from trialkit.protocol.trial.factors import FactorialContrast, factorial_contrasts
from trialkit.report.content.text import PrintedNumber, Run
from trialkit.report.numbers.numbers import degrees_of_freedom, positive
from trialkit.report.sections.effect_runs import estimate_runs, p_runs, points_runs, unit_words
from trialkit.report.tables.headlines import Headline
from trialkit.report.words.en.factors import effect_of_factor
from trialkit.results.lookup import Statistics, Term, ids, value
from trialkit.results.vocabulary import Stat

_TOLD = (FactorialEffect.MARGIN, FactorialEffect.INTERACTION)


def factor_effects(headline: Headline) -> list[Run]:
    """Each main effect at the margin with its interval and p, then each interaction, whatever it is."""
    runs = [
        run
        for contrast in factorial_contrasts(headline.protocol.factors)
        if contrast.effect in _TOLD
        for run in _effect(headline, contrast)
    ]
    return [*runs, *_together(headline)]


def _effect(headline: Headline, contrast: FactorialContrast) -> Iterator[Run]:
    found = headline.stated(contrast.term, method=headline.measure)
    if not found:
        return
    at_margin = contrast.effect is FactorialEffect.MARGIN
    yield f"{effect_of_factor(contrast)}{', at the margin' if at_margin else ''}, "
    row = found.get(Stat.ESTIMATE)
    if row is not None and row.stat is None:
        yield f"{row.note}. "
        return
    yield from _number_of(headline, found)
    alpha = headline.protocol.plan.alpha
    yield from p_runs(found, Stat.P_VALUE, "; ", alpha=alpha)
    adjusted = p_runs(headline.stated(contrast.term), Stat.P_ADJUSTED, "; adjusted ", alpha=alpha)
    adjusted = adjusted or p_runs(found, Stat.P_ADJUSTED, "; adjusted ", alpha=alpha)
    yield from adjusted
    if adjusted:
        yield " (the interval is not adjusted)"
    yield ". "


def _number_of(headline: Headline, found: Statistics) -> list[Run]:
    if headline.of_risks:
        return points_runs(found, headline)
    return estimate_runs(found, unit_words(headline), headline, digits=headline.digits)


def _together(headline: Headline) -> Iterator[Run]:
    """The test of all interactions, where there are several."""
    found = headline.stated(Term.INTERACTIONS)
    if not found:
        return
    degrees = ", ".join(
        degrees_of_freedom(value(found, stat)) for stat in (Stat.DF_NUM, Stat.DF_DEN)
    )
    yield "All interactions together, "
    yield PrintedNumber(
        text=f"F({degrees}) = {positive(value(found, Stat.STATISTIC), digits=2)}",
        results=ids(found, Stat.DF_NUM, Stat.DF_DEN, Stat.STATISTIC),
    )
    yield from p_runs(found, Stat.P_VALUE, "; ", alpha=headline.protocol.plan.alpha)
    yield ". "
