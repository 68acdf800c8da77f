"""The outcomes at every visit at which they were measured."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.tables.cells import arm_head, events_cell, interval_cell, points_cell
from trialkit.report.tables.effect_names import effect_name, says_itself
from trialkit.report.tables.headlines import Headline, main_headlines
from trialkit.report.tables.intervals import promised
from trialkit.report.tables.levels import median_level_cell
from trialkit.report.tables.outcome_heads import effect_head, is_one_of_several, outcome_with_unit
from trialkit.report.tables.rates import rate_cell
from trialkit.report.tables.summaries import factor_notes, summary_cell, summary_words
from trialkit.report.words.en.rates import rate_unit
from trialkit.report.words.en.wording import capitalised
from trialkit.report.words.languages import words_of
from trialkit.results.effect import DIFFERENCES
from trialkit.results.lookup import ResultIndex, Statistics
from trialkit.results.vocabulary import Stat


def visits_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """Every outcome at every visit; None when baseline and time point are all there is."""
    if len(protocol.visits) < 3:
        return None
    found = [
        replace(each, protocol=protocol)  # of a crossover trial its sequences
        for each in main_headlines(protocol, index)
        if not each.counts_responders
    ]
    shown = [effect for each in found for effect in _at_visits(each)]
    promise = promised(shown, protocol.plan.confidence_level)
    head = effect_head(found).lower()
    kinds = {each.outcome.summed_up for each in found if each.outcome.kind.is_mean}
    return Table(
        anchor="table-visits",
        caption=(
            "Outcomes of each sequence at every visit"
            if protocol.is_crossover
            else "Outcomes at every visit"
        ),
        stub="Outcome and visit",
        heads=(
            *(arm_head(arm, None) for arm in protocol.arms),
            *(
                ColumnHead(text=f"{arm.label}: {head} ({promise})")
                for arm in _with_effects(protocol)
            ),
        ),
        groups=tuple(
            RowGroup(head=_in_points(each), rows=_visit_rows(each, promise)) for each in found
        ),
        notes=(
            f"{_at_visits_words(found)}{_or_rates(found)}. {_what_is_compared(found, protocol)}",
            *factor_notes(kinds),
        ),
        supplementary=True,
    )


def _with_effects(protocol: Protocol) -> tuple[Arm, ...]:
    """The arms that are compared with the reference; sequences are not compared."""
    return () if protocol.is_crossover else protocol.experimental


def _what_is_compared(found: Sequence[Headline], protocol: Protocol) -> str:
    """What the columns of effects hold, or why there are none."""
    if protocol.is_crossover:
        return "Sequences are not compared: the effects are of treatments, within participants."
    return (
        f"{_compared_with(found)} the reference arm are given where the planned analysis makes them at "
        "that visit; only the one at the time point of the outcome is the planned comparison."
    )


def _compared_with(found: Sequence[Headline]) -> str:
    """What is given of the arms: differences, where all effects are such."""
    scales = {each.scale for each in found}
    differ = scales <= DIFFERENCES
    return "Differences from" if differ else "Comparisons with"


def _at_visits_words(found: Sequence[Headline]) -> str:
    """What the cells of the arms are; means stand for a trial that has nothing else."""
    kinds = {each.outcome.summed_up for each in found if each.outcome.kind.is_mean}
    if not any(each.summary is Summary.LEVELS for each in found):
        return f"{summary_words(kinds)}, or participants with the outcome (n/N, %)"
    words = [summary_words(kinds)] if kinds else []
    words += (
        ["participants with the outcome (n/N, %)"] if any(each.of_risks for each in found) else []
    )
    return capitalised(", or ".join([*words, "the median level (quartiles)"]))


def _in_points(headline: Headline) -> str:
    """An outcome as the head of its visits, with the unit of its differences where it is another."""
    label = outcome_with_unit(headline.outcome)
    if headline.outcome.kind.counts_events:
        label += f" \N{EN DASH} rate per {rate_unit(headline.outcome)}"
    if headline.scale.in_points or headline.measure is Stat.RISK_DIFFERENCE:
        label += " \N{EN DASH} differences in percentage points"
    elif not says_itself(headline.scale, headline.summary):
        label += f" \N{EN DASH} {effect_name(headline)}"
    if headline.outcome.role.value != headline.analysis.role.value:
        label += f", {headline.analysis.role.value} analysis"
    if not is_one_of_several(headline):
        return label
    specification = headline.analysis.specification
    words = words_of(specification, headline.protocol)
    return f"{label} by {words.names[specification.method]}"


def _or_rates(found: list[Headline]) -> str:
    """That some outcomes have a rate with its limits."""
    return (
        ", or rates with exact limits"
        if any(each.summary is Summary.RATE for each in found)
        else ""
    )


def _visit_rows(headline: Headline, promise: str) -> tuple[Row, ...]:
    """One row a visit, from the first at which the outcome was measured."""
    protocol = headline.protocol
    rows = []
    for visit in protocol.visits:
        found = [headline.described(arm, visit=visit.code) for arm in protocol.arms]
        if not any(found):
            continue
        cells = [_visit_cell(headline, each) for each in found]
        cells += _visit_effects(headline, visit.code, promise)
        rows.append(Row(head=visit.label, cells=tuple(cells), indented=True))
    return tuple(rows)


def _visit_cell(headline: Headline, found: Statistics) -> Cell:
    digits = headline.outcome.digits
    if headline.outcome.kind.counts_events:
        return rate_cell(found, digits=digits)
    if headline.summary is Summary.LEVELS:
        return median_level_cell(found)
    if Stat.EVENTS in found:
        return events_cell(found)
    return summary_cell(found, headline.outcome.summed_up, digits=digits)


def _visit_effects(headline: Headline, visit: str, promise: str) -> list[Cell]:
    return [
        points_cell(effect, promise=promise)
        if headline.measure is Stat.RISK_DIFFERENCE or headline.scale.in_points
        else interval_cell(effect, digits=headline.digits, promise=promise)
        for effect in (_at_visit(headline, arm, visit) for arm in _with_effects(headline.protocol))
    ]


def _at_visit(headline: Headline, arm: Arm, visit: str) -> Statistics:
    """The comparison of an arm with the reference at a visit, where the analysis makes one."""
    return headline.effect(arm, method=headline.measure, visit=visit)


def _at_visits(headline: Headline) -> Iterator[Statistics]:
    for visit in headline.protocol.visits:
        for arm in _with_effects(headline.protocol):
            yield _at_visit(headline, arm, visit.code)
