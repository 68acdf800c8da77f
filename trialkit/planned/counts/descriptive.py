"""What stands beside every comparison: each arm's numbers at each visit."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from trialkit.analysis.counts.one_rate import summarise_rate
from trialkit.analysis.describing.descriptive import (
    GeometricSummary,
    summarise,
    summarise_geometric,
)
from trialkit.datasets.disposition import primary_analysis
from trialkit.datasets.model import Datasets
from trialkit.datasets.periods import at_start_and_end, period_values
from trialkit.planned.counts.cells import ArmValues, cells_of
from trialkit.planned.counts.recurrences import state_recurrences
from trialkit.planned.counts.times import state_times
from trialkit.planned.task.stating import Statement, summary_statistics
from trialkit.protocol.compared import compared
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.summing_up import SummedUp
from trialkit.results.effect import EXACT, Status
from trialkit.results.lookup import Before
from trialkit.results.notes import without_logarithm
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

DESCRIPTIVE = Method.DESCRIPTIVE.value
CHANGE = "change"


def state_description(protocol: Protocol, datasets: Datasets) -> Iterator[Result]:
    """Every outcome in every arm at every visit, in the population of the primary analysis.

    Of a crossover trial in every sequence, and again in every treatment at the end of its periods.
    """
    code = described_population(protocol)
    members = datasets.population(code).members
    rows = datasets.measurements.drop(columns="arm").merge(
        members, on="subject_id", how="inner", validate="many_to_one"
    )
    rows = _with_exposure(rows, protocol, datasets)
    yield from _described(
        rows, protocol, datasets, planned=datasets.planned_visits, members=members
    )
    if protocol.is_crossover and not protocol.is_pooled:
        yield from _described_by_treatment(rows, protocol, datasets)


def _described(
    rows: pd.DataFrame,
    protocol: Protocol,
    datasets: Datasets,
    *,
    planned: Mapping[str, tuple[str, ...]],
    members: pd.DataFrame,
) -> Iterator[Result]:
    """The cells of these rows by arm and visit, and the times at risk of these members."""
    cells = cells_of(rows, protocol, planned=planned, levels=datasets.outcome_levels)
    for outcome in protocol.outcomes:
        statement = Statement(
            analysis_id=DESCRIPTIVE,
            method=DESCRIPTIVE,
            outcome=outcome.code,
            population=described_population(protocol),
            unit=outcome.unit,
        )
        if outcome.kind.is_of_time:
            at_risk = _at_risk(outcome, datasets, members)
            yield from _OF_DAYS[outcome.kind.summary](
                statement, outcome, protocol, at_risk, datasets
            )
            continue
        for (visit, arm), cell in cells[outcome.code].items():
            about = statement.about(visit=visit, arm=arm)
            yield from _state_cell(about, cell, outcome, protocol)


def _state_times(
    statement: Statement, outcome: Outcome, protocol: Protocol, at_risk: pd.DataFrame, _: Datasets
) -> Iterator[Result]:
    yield from state_times(statement, outcome, protocol, at_risk)


def _state_recurrences(
    statement: Statement,
    outcome: Outcome,
    protocol: Protocol,
    at_risk: pd.DataFrame,
    datasets: Datasets,
) -> Iterator[Result]:
    log = datasets.event_log
    own = log[log["outcome"] == outcome.code]
    yield from state_recurrences(statement, outcome, protocol, at_risk, own)


_OF_DAYS: Mapping[
    Summary,
    Callable[[Statement, Outcome, Protocol, pd.DataFrame, Datasets], Iterator[Result]],
] = MappingProxyType({Summary.TIME: _state_times, Summary.RECURRENCE: _state_recurrences})
"""The rows of all arms of an outcome that is derived from days."""


def _described_by_treatment(
    rows: pd.DataFrame, protocol: Protocol, datasets: Datasets
) -> Iterator[Result]:
    """Each outcome of the periods by treatment, whatever the period; ``rows`` are in sequences."""
    by_treatment = compared(protocol)
    own = tuple(
        each
        for each in by_treatment.outcomes
        if {period.time_point for period in protocol.periods}
        <= set(datasets.planned_visits[each.code])
        and each.time_point == by_treatment.visits[-1].code
        and not each.kind.is_of_time
    )
    found = at_start_and_end(
        period_values(rows[rows["outcome"].isin([each.code for each in own])], protocol), protocol
    )
    at_start = all(period.baseline for period in protocol.periods)
    visits = by_treatment.visit_codes[0 if at_start else 1 :]
    planned = {each.code: visits if each.kind.has_change else visits[-1:] for each in own}
    yield from _described(
        found,
        replace(by_treatment, outcomes=own),
        datasets,
        planned=planned,
        members=found.iloc[:0],
    )


def _with_exposure(rows: pd.DataFrame, protocol: Protocol, datasets: Datasets) -> pd.DataFrame:
    """The rows with how long each was at risk, where any count has an exposure; else 1."""
    exposed = [each.code for each in protocol.outcomes if each.exposure]
    if not exposed:
        return rows
    on = ["subject_id", "outcome", "visit"]
    joined = rows.merge(datasets.exposures, on=on, how="left", validate="one_to_one")
    return joined.assign(
        exposure=joined["exposure"].where(joined["outcome"].isin(exposed), other=1.0)
    )


def _at_risk(outcome: Outcome, datasets: Datasets, members: pd.DataFrame) -> pd.DataFrame:
    """The times at risk of the members of a population, in its arms."""
    own = datasets.at_risk[datasets.at_risk["outcome"] == outcome.code]
    return own.drop(columns="arm").merge(members, on="subject_id", how="inner")


def described_population(protocol: Protocol) -> str:
    """The population of the primary outcome's primary analysis."""
    return primary_analysis(protocol).population


def _state_cell(
    about: Statement, cell: ArmValues, outcome: Outcome, protocol: Protocol
) -> Iterator[Result]:
    yield from _DESCRIPTIONS[outcome.kind.summary](about, cell, outcome, protocol)


def _state_proportion(
    about: Statement, cell: ArmValues, _: Outcome, __: Protocol
) -> Iterator[Result]:
    yield from about.state_all(_count(cell.value) | _without_value(cell, cell.value))


def _state_mean(
    about: Statement, cell: ArmValues, outcome: Outcome, protocol: Protocol
) -> Iterator[Result]:
    without = _without_value(cell, cell.value)
    yield from about.state_all(summary_statistics(summarise(cell.value)) | without)
    if outcome.summed_up is SummedUp.GEOMETRIC_MEAN:
        yield from _state_geometric(about, summarise_geometric(cell.value))
    visits = protocol.visit_codes
    if visits.index(about.visit) > visits.index(protocol.baseline.code):
        change = about.about(visit=about.visit, term=CHANGE, arm=about.arm)
        yield from change.state_all(
            summary_statistics(summarise(cell.change)) | _without_value(cell, cell.change)
        )


def _state_rate(
    about: Statement, cell: ArmValues, outcome: Outcome, protocol: Protocol
) -> Iterator[Result]:
    """Who had how many events; and their rate with exact limits, where somebody was at risk."""
    present = cell.value[~np.isnan(cell.value)]
    with_any = int((present > 0).sum())
    counted: dict[Stat, float | None] = {
        Stat.N: len(present),
        Stat.N_EVENTS: int(present.sum()),
        Stat.EVENTS: with_any,
        Stat.PERCENT: 100 * with_any / len(present) if len(present) else None,
    }
    yield from about.state_all(counted | _without_value(cell, cell.value))
    level = protocol.plan.confidence_level
    found = summarise_rate(cell.value, cell.exposure, conf_level=level)
    if not found.n:
        return
    if outcome.exposure:
        yield replace(about, unit=outcome.exposure_unit).state(Stat.EXPOSURE, found.exposure)
    rate = replace(about, unit=f"per {outcome.rate_per}", limits=EXACT)
    per = outcome.per
    yield from rate.state_all(
        {
            Stat.RATE: found.rate * per,
            Stat.CONF_LOW: found.conf_low * per,
            Stat.CONF_HIGH: found.conf_high * per,
            Stat.CONF_LEVEL: level,
        }
    )


def _state_geometric(about: Statement, summary: GeometricSummary) -> Iterator[Result]:
    """The geometric mean and its spread; why there is none, where a value has no logarithm."""
    without = summary.n_without_logarithm
    if without:
        row = about.state(Stat.GEOMETRIC_MEAN, None, note=without_logarithm(without))
        yield replace(row, status=Status.NOT_ESTIMABLE)
        return
    found = {Stat.GEOMETRIC_MEAN: summary.mean, Stat.GEOMETRIC_SD: summary.sd}
    yield from about.state_all(
        {stat: number for stat, number in found.items() if not math.isnan(number)}
    )


def _without_value(cell: ArmValues, values: np.ndarray) -> dict[Stat, float | None]:
    """Who lacks a value; what is not expected is counted apart."""
    lacking = np.isnan(values)
    apart = {
        Stat.N_NOT_APPLICABLE: int((lacking & cell.not_applicable).sum()),
        Stat.N_NOT_ASKED: int((lacking & cell.not_asked).sum()),
        Stat.N_NOT_DUE: int((lacking & cell.to_come).sum()),
    }
    missing: dict[Stat, float | None] = {Stat.N_MISSING: int((lacking & cell.expected).sum())}
    return missing | {stat: count for stat, count in apart.items() if count}


def _count(values: np.ndarray) -> dict[Stat, float | None]:
    present = values[~np.isnan(values)]
    events = int(present.sum())
    return {
        Stat.N: len(present),
        Stat.N_MISSING: None,
        Stat.EVENTS: events,
        Stat.PERCENT: 100 * events / len(present) if len(present) else None,
    }


def _state_levels(about: Statement, cell: ArmValues, _: Outcome, __: Protocol) -> Iterator[Result]:
    """The middle level and the quartiles, and who is at each level, also at one that nobody is at."""
    present = cell.value[~np.isnan(cell.value)]
    yield about.state(Stat.N, len(present))
    for stat, number in _without_value(cell, cell.value).items():
        yield about.state(stat, number)
    if len(present):
        for stat, share in MIDDLES.items():
            place = float(np.quantile(present, share, method="averaged_inverted_cdf"))
            yield about.state(stat, place, note=level_named(place, cell.levels))
    for place, label in enumerate(cell.levels, start=1):
        events = int((present == place).sum())
        own = about.about(visit=about.visit, term=f"{Before.LEVEL}{label}", arm=about.arm)
        percent = 100 * events / len(present) if len(present) else None
        yield from own.state_all({Stat.N: len(present), Stat.EVENTS: events, Stat.PERCENT: percent})


MIDDLES = {Stat.MEDIAN: 0.5, Stat.Q1: 0.25, Stat.Q3: 0.75}
"""Quantiles of places are levels that somebody has, or halfway between two of them."""


def level_named(place: float, labels: Sequence[str]) -> str:
    """The level at a place, or the two that it lies halfway between."""
    below, above = math.floor(place), math.ceil(place)
    names = [labels[each - 1] for each in dict.fromkeys((below, above))]
    return " / ".join(names)


Description = Callable[[Statement, ArmValues, Outcome, Protocol], Iterator[Result]]
"""The rows of one arm at one visit."""
_DESCRIPTIONS: Mapping[Summary, Description] = MappingProxyType(
    {
        Summary.MEAN: _state_mean,
        Summary.PROPORTION: _state_proportion,
        Summary.RATE: _state_rate,
        Summary.LEVELS: _state_levels,
    }
)
