"""The tables of a factorial trial: what each combination and each level had, and every effect."""

from collections.abc import Iterator
from dataclasses import replace

from trialkit.protocol.methods.factorial_options import FactorialEffect
from trialkit.protocol.trial.factors import FactorialContrast, factorial_contrasts, level_term
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.claims import Claim, ClaimSource
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.numbers.numbers import DASH, confidence
from trialkit.report.tables.cells import (
    EMPTY,
    INTERVAL,
    analysed_cell,
    count_cell,
    events_cell,
    interval_cell,
    mean_cell,
    points_cell,
)
from trialkit.report.tables.headlines import RATIO_DIGITS, Headline, factorial_headlines
from trialkit.report.tables.intervals import promised
from trialkit.report.tables.outcome_heads import outcome_head
from trialkit.report.tables.p_values import Compared, PColumns, adjustment_notes, p_columns
from trialkit.report.words.en.factors import (
    cell_words,
    effect_of_factor,
    level_words,
    where_in_the_table,
)
from trialkit.report.words.en.wording import capitalised
from trialkit.results.lookup import ResultIndex, Statistics, Term
from trialkit.results.vocabulary import Stat

_OWN = (
    "Observed values are of those analysed. Adjusted means and risks are of the model with a mean or risk "
    "for each combination, at the mean of numeric covariates or standardised over all who are analysed."
)
_EFFECTS = (
    "At the margin: of a factor whatever the others are, by the model without interaction, and right only "
    "where there is none. Averaged, where the others are held, and interaction: by the model with a mean or "
    "risk for each combination. An interaction is the difference of two differences, or of odds ratios "
    "their ratio. P values of effects that are no main effect are not adjusted for multiplicity."
)


def factorial_tables(protocol: Protocol, index: ResultIndex) -> tuple[Table | None, ...]:
    """What each combination had, and the effects; none of a trial without factorial analyses."""
    found = factorial_headlines(protocol, index)
    if not found:
        return ()
    return _combinations(found, protocol), _effects(found, protocol)


def _combinations(found: tuple[Headline, ...], protocol: Protocol) -> Table:
    ratio = confidence(protocol.plan.confidence_level)
    return Table(
        anchor="table-combinations",
        caption="Results of each combination of levels, and of each level at the margins",
        stub="Outcome, combination and level",
        heads=(
            ColumnHead(text="Analysed"),
            ColumnHead(text="With data"),
            ColumnHead(text="Observed, mean (SD) or n/N (%)"),
            ColumnHead(text=f"Adjusted mean, or risk in % ({ratio} CI)"),
        ),
        groups=tuple(
            RowGroup(
                head=outcome_head(each.outcome, each, protocol),
                rows=(*_cell_rows(each), *_level_rows(each)),
            )
            for each in found
        ),
        notes=(_OWN,),
        claims=_group_claims(found, protocol),
    )


def _cell_rows(headline: Headline) -> Iterator[Row]:
    protocol = headline.protocol
    for arm in protocol.arms:
        own = headline.described(arm, visit=headline.outcome.time_point)
        yield Row(
            head=f"{arm.label} ({cell_words(protocol.cell(arm))})",
            indented=True,
            cells=(
                analysed_cell(("", headline.analysed(arm))),
                count_cell(own),
                _observed(headline, headline.stated(Term.COMBINATION, arm=arm.code)),
                _modelled(headline, arm),
            ),
        )


def _level_rows(headline: Headline) -> Iterator[Row]:
    for factor in headline.protocol.factors:
        for level in factor.levels:
            found = headline.stated(level_term(factor, level))
            yield Row(
                head=level_words(factor, level),
                indented=True,
                cells=(count_cell(found), EMPTY, _observed(headline, found), EMPTY),
            )


def _observed(headline: Headline, found: Statistics) -> Cell:
    if headline.of_risks:
        return events_cell(found)
    return mean_cell(found, digits=headline.outcome.digits)


def _modelled(headline: Headline, arm: Arm) -> Cell:
    if headline.of_risks:
        return points_cell(headline.stated(Term.STANDARDISED_RISK, arm=arm.code))
    found = headline.stated(Term.ADJUSTED_MEAN, arm=arm.code)
    return interval_cell(found, digits=headline.outcome.digits)


def _effects(found: tuple[Headline, ...], protocol: Protocol) -> Table:
    contrasts = factorial_contrasts(protocol.factors)
    stated = [_found(each, contrast) for each in found for contrast in contrasts]
    columns = p_columns(Compared(effect=each, test=each) for each in stated)
    promise = promised(stated, protocol.plan.confidence_level)
    risks = any(each.of_risks for each in found)
    ratio = (ColumnHead(text=f"Odds ratio ({promise})"),) if risks else ()
    return Table(
        anchor="table-factorial",
        caption="Effects of each factor, at the margins and inside the table, and their interaction",
        stub="Outcome and effect",
        heads=(
            ColumnHead(text="Where in the table", words=True),
            ColumnHead(text=f"Difference ({promise})"),
            *ratio,
            *columns.heads,
        ),
        groups=tuple(
            RowGroup(
                head=outcome_head(each.outcome, each, protocol),
                rows=tuple(
                    _effect_row(each, contrast, columns, promise=promise, risks=risks)
                    for contrast in contrasts
                ),
            )
            for each in found
        ),
        notes=(
            *(("Differences of risks are in percentage points.",) if risks else ()),
            _EFFECTS,
            *adjustment_notes(found),
        ),
        claims=_effect_claims(found, contrasts),
    )


def _found(headline: Headline, contrast: FactorialContrast) -> Statistics:
    return headline.stated(contrast.term, method=headline.measure)


def _effect_row(
    headline: Headline,
    contrast: FactorialContrast,
    columns: PColumns,
    *,
    promise: str,
    risks: bool,
) -> Row:
    found = _found(headline, contrast)
    effect = (
        points_cell(found, promise=promise)
        if headline.of_risks
        else interval_cell(found, digits=headline.digits, promise=promise)
    )
    tests = columns.cells(Compared(effect=found, test=found), alpha=headline.protocol.plan.alpha)
    where = where_in_the_table(contrast) or DASH
    return Row(
        head=effect_of_factor(contrast),
        indented=True,
        cells=(
            Cell(text=capitalised(where), words=True),
            effect,
            *((_ratio(headline, contrast, promise),) if risks else ()),
            *tests,
        ),
    )


def _ratio(headline: Headline, contrast: FactorialContrast, promise: str) -> Cell:
    if not headline.of_risks:
        return Cell(text=DASH)
    found = headline.stated(contrast.term, method=Stat.ODDS_RATIO)
    return interval_cell(found, digits=RATIO_DIGITS, promise=promise)


def _group_claims(found: tuple[Headline, ...], protocol: Protocol) -> tuple[Claim, ...]:
    """That each combination has its numbers, and of which outcome one has not."""
    without = {
        "number analysed": [
            each.outcome.label
            for each in found
            if not all(Stat.N in each.analysed(arm) for arm in protocol.arms)
        ],
        "number with data": [each.outcome.label for each in found if not _has_data(each)],
        "result of each group": [
            each.outcome.label
            for each in found
            if not all(each.stated(Term.COMBINATION, arm=arm.code) for arm in protocol.arms)
        ],
    }
    return tuple(_claim(part, lacking) for part, lacking in without.items())


def _has_data(headline: Headline) -> bool:
    visit = headline.outcome.time_point
    arms = headline.protocol.arms
    return all(Stat.N in headline.described(arm, visit=visit) for arm in arms)


def _effect_claims(
    found: tuple[Headline, ...], contrasts: tuple[FactorialContrast, ...]
) -> tuple[Claim, ...]:
    interaction = _claim(
        "interaction with interval", _without(found, contrasts, FactorialEffect.INTERACTION)
    )
    return (
        _claim("effect with interval", _without(found, contrasts, FactorialEffect.MARGIN)),
        replace(interaction, item="interaction", checklist="factorial"),
    )


def _without(
    found: tuple[Headline, ...],
    contrasts: tuple[FactorialContrast, ...],
    effect: FactorialEffect,
) -> list[str]:
    """The effects of a kind that have no limits."""
    return [
        f"{each.outcome.label}, {effect_of_factor(contrast)}"
        for each in found
        for contrast in contrasts
        if contrast.effect is effect
        and not all(stat in _found(each, contrast) for stat in INTERVAL)
    ]


def _claim(part: str, without: list[str]) -> Claim:
    lacks = f"not for {'; '.join(without)}" if without else ""
    return Claim(item="26", part=part, source=ClaimSource.DATA, lacks=lacks)
