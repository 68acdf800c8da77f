"""What each arm had, in words: the value that the outcome's metric names, as its aggregation sums it up."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from trialkit.grammar import plural
from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.summing_up import SummedUp
from trialkit.report.content.text import PrintedNumber, Run
from trialkit.report.numbers.numbers import (
    FACTOR_DIGITS,
    count,
    fraction_percent,
    interval,
    n_equals,
    number,
    positive,
)
from trialkit.report.tables.cells import without_number
from trialkit.report.tables.headlines import Headline
from trialkit.report.tables.levels import median_level
from trialkit.report.words.en.rates import rate_unit
from trialkit.report.words.en.terms import LACKING
from trialkit.report.words.languages import words_of
from trialkit.results.effect import Status
from trialkit.results.lookup import Statistics, Term, ids, value
from trialkit.results.vocabulary import Stat


def told_response(headline: Headline) -> Response | None:
    """Which value of the arms is told: the declared one, unless the analysis is of the other.

    Where the baseline is a covariate, change and final value are one effect, and either may stand
    beside it; beside a ratio only a final value can.
    """
    specification = headline.analysis.specification
    compared = words_of(specification, headline.protocol).response(specification)
    declared = headline.outcome.declared_response
    if declared is None or headline.is_ratio:
        return compared
    contradicts = compared not in {None, declared} and not specification.adjusts_for_baseline
    return compared if contradicts else declared


def analysed(headline: Headline) -> list[Run]:
    """How many are in the analysis, where others than those whose result is told are."""
    arms = headline.protocol.arms
    in_analysis = [headline.analysed(arm) for arm in arms]
    told = [_told(headline, arm)[0] for arm in arms]
    if [value(each, Stat.N) for each in in_analysis] == [value(each, Stat.N) for each in told]:
        return []
    runs: list[Run] = ["In the analysis: "]
    for position, (arm, found) in enumerate(zip(arms, in_analysis, strict=True)):
        lead = "; " if position else ""
        size = PrintedNumber(text=n_equals(value(found, Stat.N)), results=ids(found, Stat.N))
        runs += [f"{lead}{arm.label} ", size]
    return [*runs, ". "]


def arm_result(headline: Headline, arm: Arm) -> list[Run]:
    """The result of one arm, with its spread and of how many it is."""
    return _RESULTS[headline.summary](headline, arm)


def _share_result(headline: Headline, arm: Arm) -> list[Run]:
    found, _ = _told(headline, arm)
    text = fraction_percent(value(found, Stat.EVENTS), value(found, Stat.N), in_sentence=True)
    return [f"{arm.label} ", PrintedNumber(text=text, results=ids(found, Stat.EVENTS, Stat.N))]


def _middle_result(headline: Headline, arm: Arm) -> list[Run]:
    found, is_change = _told(headline, arm)
    size = PrintedNumber(text=n_equals(value(found, Stat.N)), results=ids(found, Stat.N))
    if value(found, Stat.MEAN) is None:
        return [f"no value in {arm.label} (", size, ")"]
    own = headline.outcome.summed_up
    by = own.of_changes if is_change else own
    lead = f"{by}{' change' if is_change else ''} in {arm.label} "
    unit = f" {headline.outcome.unit}" if headline.outcome.unit else ""
    middle, spread = _SUMMARIES[by](found, unit, headline.outcome.digits)
    return [lead, *middle, " (", *spread, size, ")"]


def _rate_result(headline: Headline, arm: Arm) -> list[Run]:
    found, _ = _told(headline, arm)
    size = PrintedNumber(text=n_equals(value(found, Stat.N)), results=ids(found, Stat.N))
    events = value(found, Stat.N_EVENTS)
    if not value(found, Stat.N) or events is None:
        return [f"no value in {arm.label} (", size, ")"]
    happened = PrintedNumber(text=count(events), results=ids(found, Stat.N_EVENTS))
    rate = [
        _number(found, Stat.RATE, digits=headline.outcome.digits),
        f" per {rate_unit(headline.outcome)} (",
    ]
    shown = rate if Stat.RATE in found else ["no rate ("]
    return [f"{arm.label} ", *shown, happened, f" {plural(events, 'event')}, ", size, ")"]


def _level_result(headline: Headline, arm: Arm) -> list[Run]:
    found = headline.described(arm, visit=headline.outcome.time_point)
    size = PrintedNumber(text=n_equals(value(found, Stat.N)), results=ids(found, Stat.N))
    if Stat.MEDIAN not in found:
        return [f"no value in {arm.label} (", size, ")"]
    middle = PrintedNumber(
        text=median_level(found), results=ids(found, Stat.MEDIAN, Stat.Q1, Stat.Q3)
    )
    return [f"{arm.label} median level ", middle, " (", size, ")"]


def _time_result(headline: Headline, arm: Arm) -> list[Run]:
    """How many of an arm had the event, and the time by which half had."""
    found, _ = _told(headline, arm)
    text = fraction_percent(value(found, Stat.EVENTS), value(found, Stat.N), in_sentence=True)
    events = PrintedNumber(text=text, results=ids(found, Stat.EVENTS, Stat.N))
    visit = headline.outcome.time_point
    median = headline.described(arm, visit=visit, term=Term.MEDIAN_TIME)
    if value(median, Stat.ESTIMATE) is None:
        return [f"{arm.label} ", events, " with the event, median time not reached"]
    middle = _number(median, Stat.ESTIMATE, digits=headline.outcome.digits)
    unit = median[Stat.ESTIMATE].unit
    return [f"{arm.label} ", events, " with the event, median time ", middle, f" {unit}"]


_RESULTS: Mapping[Summary, Callable[[Headline, Arm], list[Run]]] = MappingProxyType(
    {
        Summary.MEAN: _middle_result,
        Summary.PROPORTION: _share_result,
        Summary.RATE: _rate_result,
        Summary.LEVELS: _level_result,
        Summary.TIME: _time_result,
        Summary.RECURRENCE: _rate_result,
    }
)
"""What an arm had in words, by what the arms are summed up by."""


def _told(headline: Headline, arm: Arm) -> tuple[Statistics, bool]:
    """What is told of an arm, and whether it is the change from baseline."""
    visit = headline.outcome.time_point
    if headline.of_risks:
        return headline.events(arm), False
    if headline.outcome.kind.has_change and told_response(headline) is Response.CHANGE:
        change = headline.described(arm, visit=visit, term=Term.CHANGE)
        if Stat.MEAN in change:
            return change, True
    return headline.described(arm, visit=visit), False


def _mean(found: Statistics, unit: str, digits: int) -> tuple[list[Run], list[Run]]:
    middle: list[Run] = [_number(found, Stat.MEAN, digits=digits), unit]
    if value(found, Stat.SD) is None:  # one participant has none
        return middle, []
    return middle, ["SD ", _number(found, Stat.SD, digits=digits), ", "]


def _median(found: Statistics, unit: str, digits: int) -> tuple[list[Run], list[Run]]:
    quartiles = PrintedNumber(
        text=interval(value(found, Stat.Q1), value(found, Stat.Q3), digits=digits),
        results=ids(found, Stat.Q1, Stat.Q3),
    )
    return [_number(found, Stat.MEDIAN, digits=digits), unit], ["quartiles ", quartiles, ", "]


def _geometric_mean(found: Statistics, unit: str, digits: int) -> tuple[list[Run], list[Run]]:
    """The geometric mean and the factor of its spread, or why there is none."""
    results = ids(found, Stat.GEOMETRIC_MEAN)
    without = without_number(found, Stat.GEOMETRIC_MEAN)
    if without is not None:
        lacking = LACKING[without.status or Status.NOT_ESTIMABLE]
        reason = without.note.removeprefix(f"{lacking}: ")
        return [PrintedNumber(text=lacking, results=results)], [f"{reason}; "]
    text = positive(value(found, Stat.GEOMETRIC_MEAN), digits=digits)
    middle: list[Run] = [PrintedNumber(text=text, results=results), unit]
    if value(found, Stat.GEOMETRIC_SD) is None:
        return middle, []
    return middle, ["geometric SD ", _number(found, Stat.GEOMETRIC_SD, digits=FACTOR_DIGITS), ", "]


_SUMMARIES = {
    SummedUp.MEAN: _mean,
    SummedUp.MEDIAN: _median,
    SummedUp.GEOMETRIC_MEAN: _geometric_mean,
}


def _number(found: Statistics, stat: Stat, *, digits: int) -> PrintedNumber:
    return PrintedNumber(text=number(value(found, stat), digits=digits), results=ids(found, stat))
