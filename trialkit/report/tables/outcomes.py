"""Each outcome's numbers in every arm, and the effect with its interval (CONSORT 26)."""

from collections.abc import Iterator

from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.report_contents import RowTable
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.numbers.numbers import confidence
from trialkit.report.tables.cells import (
    EMPTY,
    HEDGES,
    REFERENCE,
    analysed_cell,
    count_cell,
    interval_cell,
)
from trialkit.report.tables.headlines import Headline, main_headlines
from trialkit.report.tables.intervals import interval_notes, promised_of
from trialkit.report.tables.outcome_heads import effect_head, outcome_head
from trialkit.report.tables.p_values import (
    Compared,
    PColumns,
    adjustment_notes,
    columns_of,
)
from trialkit.report.tables.result_claims import result_claims
from trialkit.report.tables.row_looks import row_look
from trialkit.report.tables.summaries import factor_notes, spread_words, summary_cell, summary_words
from trialkit.report.words.en.terms import (
    HIGHER_VALUE,
    STANDARDISERS,
    SUPERIORITY_LIMITS,
    group_word,
)
from trialkit.report.words.en.wording import listing, lowered
from trialkit.report.words.languages import words_of
from trialkit.results.effect import Scale
from trialkit.results.lookup import ResultIndex, Statistics, Term
from trialkit.results.vocabulary import Stat


def outcomes_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """Continuous outcomes of the primary and secondary analyses; None when there are none."""
    found = tuple(each for each in main_headlines(protocol, index) if each.summary is Summary.MEAN)
    if not found:
        return None
    columns = columns_of(found)
    ratio = confidence(protocol.plan.confidence_level)
    promise = promised_of(found, protocol)
    head, group = effect_head(found), group_word(protocol)
    return Table(
        anchor="table-outcomes",
        caption=f"Continuous outcomes: number analysed, result in each {group}, and "
        f"{head.lower()} between {group}s",
        stub=f"Outcome and {group}",
        spanning=(
            ColumnHead(text="Participants", span=2),
            *_summary_heads(found),
            ColumnHead(text=f"Compared with the reference {group}", span=2 + columns.width),
        ),
        heads=(
            ColumnHead(text="Analysed"),
            ColumnHead(text="With data"),
            ColumnHead(text=protocol.baseline.label),
            ColumnHead(text=_time_point_head(found, protocol)),
            ColumnHead(text="Change"),
            ColumnHead(text=f"{head} ({promise})"),
            ColumnHead(text=f"Hedges' g ({ratio} CI)"),
            *columns.heads,
        ),
        groups=tuple(_group(each, protocol, columns, promise=promise) for each in found),
        notes=_notes(found, protocol),
        claims=result_claims(found, protocol),
    )


def _summary_heads(found: tuple[Headline, ...]) -> tuple[ColumnHead, ...]:
    """What stands over baseline, time point and change; the change apart where it is another."""
    kinds = [each.outcome.summed_up for each in found]
    values = summary_words(kinds)
    changes = summary_words(kind.of_changes for kind in kinds)
    if values == changes:
        return (ColumnHead(text=values, span=3),)
    return ColumnHead(text=values, span=2), ColumnHead(text=changes)


def _time_point_head(found: tuple[Headline, ...], protocol: Protocol) -> str:
    points = {each.outcome.time_point for each in found}
    return protocol.visit(points.pop()).label if len(points) == 1 else "Time point"


def _group(headline: Headline, protocol: Protocol, columns: PColumns, *, promise: str) -> RowGroup:
    outcome = headline.outcome
    look = row_look(
        protocol, RowTable.OUTCOMES, outcome.code, label=outcome.label, digits=outcome.digits
    )
    return RowGroup(
        head=outcome_head(outcome, headline, protocol),
        note=look.footnote,
        rows=tuple(
            _arm_row(headline, arm, protocol, columns, digits=look.digits, promise=promise)
            for arm in protocol.arms
        ),
    )


def _arm_row(
    headline: Headline,
    arm: Arm,
    protocol: Protocol,
    columns: PColumns,
    *,
    digits: int,
    promise: str,
) -> Row:
    outcome = headline.outcome
    by = outcome.summed_up
    end = headline.described(arm, visit=outcome.time_point)
    change = headline.described(arm, visit=outcome.time_point, term=Term.CHANGE)
    first = headline.described(arm, visit=protocol.baseline.code)
    return Row(
        head=arm.label,
        indented=True,
        cells=(
            analysed_cell(("", headline.analysed(arm))),
            count_cell(end),
            summary_cell(first, by, digits=digits, beside=end),
            summary_cell(end, by, digits=digits),
            summary_cell(change, by.of_changes, digits=digits, beside=end),
            *_effect_cells(headline, arm, protocol, columns, digits=digits, promise=promise),
        ),
    )


def _effect_cells(
    headline: Headline,
    arm: Arm,
    protocol: Protocol,
    columns: PColumns,
    *,
    digits: int,
    promise: str,
) -> tuple[Cell, ...]:
    if arm.reference:
        return (REFERENCE, EMPTY, *columns.empty)
    effect: Statistics = headline.effect(arm)
    return (
        interval_cell(
            effect,
            digits=digits if headline.scale is Scale.DIFFERENCE else headline.digits,
            promise=promise,
        ),
        interval_cell(effect, HEDGES, digits=2),
        *columns.cells(Compared(effect=effect, test=headline.test(arm)), alpha=protocol.plan.alpha),
    )


def _notes(found: tuple[Headline, ...], protocol: Protocol) -> tuple[str, ...]:
    label = _described_population(found, protocol)
    summaries = [each.outcome.summed_up for each in found]
    notes = [
        (
            f"{spread_words(summaries)} are of participants with data ({lowered(label)} "
            "population); the analyses use those counted as analysed."
        ),
        *factor_notes(summaries),
    ]
    group = group_word(protocol)
    notes += _observed(found, group)
    kinds = list(dict.fromkeys(_effect_note(each) for each in found))
    notes.append(
        f"{effect_head(found)}: {_order(found, group)} reference {group}; {'; '.join(kinds)}."
    )
    notes += _hedges_notes(found, protocol)
    return (*notes, *interval_notes(found), *adjustment_notes(found))


def _observed(found: tuple[Headline, ...], group: str) -> Iterator[str]:
    """That what is printed of the arms is as observed, where an effect is of a model's own means."""
    if any(each.has_own_means for each in found):
        yield (
            f"What is printed of the {group}s is as observed; effects of a model are of its own means, "
            "which stand in the table of adjusted means."
        )


def _described_population(found: tuple[Headline, ...], protocol: Protocol) -> str:
    """Whose means the table prints: a population of the results, whatever an analysis uses."""
    described = (
        each.described(arm, visit=each.outcome.time_point).get(Stat.N)
        for each in found
        for arm in protocol.arms
    )
    code = next(
        (row.population for row in described if row is not None), found[0].analysis.population
    )
    return protocol.population(code).label


SIGNS = {
    **dict.fromkeys((each for each in Scale if each.is_ratio), "over"),
    **dict.fromkeys((each for each in Scale if each.is_probability), "above"),
}
"""What stands between the arms of an effect, if not a minus."""


def _order(found: tuple[Headline, ...], group: str) -> str:
    """Which arm the effects put first, and what they do with it."""
    signs = dict.fromkeys(SIGNS.get(each.scale, "minus") for each in found)
    if len({*signs}) == 1:
        return f"experimental {next(iter(signs))}"
    special = {"over": "of a ratio", "above": "of a probability"}
    others = [f"{special[sign]}, experimental {sign}" for sign in special if sign in signs]
    first = [f"experimental minus reference {group}"] if "minus" in signs else []
    return "; ".join([*first, *others])


def _hedges_notes(found: tuple[Headline, ...], protocol: Protocol) -> Iterator[str]:
    """In the unit of which standard deviation Hedges' g is, where the results have it."""
    rows = (each.effect(arm).get(Stat.HEDGES_G) for each in found for arm in protocol.experimental)
    units = dict.fromkeys(
        STANDARDISERS[row.standardised_by]
        for row in rows
        if row is not None and row.stat is not None and row.standardised_by is not None
    )
    if units:
        yield (
            f"Hedges' g is the difference in the unit of {listing(list(units), last='or')}, "
            "corrected for small samples."
        )


def _effect_note(headline: Headline) -> str:
    """What the difference of an analysis is."""
    if headline.is_superiority:
        return f"{HIGHER_VALUE}, {SUPERIORITY_LIMITS}"
    specification, protocol = headline.analysis.specification, headline.protocol
    words = words_of(specification, protocol)
    own = words.effect(specification)
    return own or f"the estimate of: {words.short_name(specification)}"
