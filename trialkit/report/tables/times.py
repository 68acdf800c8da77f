"""Times to an event: how many of each arm had it, by when, and the effect."""

from collections.abc import Iterator
from dataclasses import replace

from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.report_contents import RowTable
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.numbers.numbers import DASH, confidence, fraction_percent, points_with_interval
from trialkit.report.tables.cells import (
    EMPTY,
    REFERENCE,
    analysed_cell,
    count_cell,
    interval_cell,
    points_cell,
    printed_cell,
)
from trialkit.report.tables.effect_names import effect_name
from trialkit.report.tables.headlines import Headline, main_headlines
from trialkit.report.tables.intervals import is_estimable, promised_of
from trialkit.report.tables.outcome_heads import outcome_head
from trialkit.report.tables.p_values import (
    Compared,
    PColumns,
    adjustment_notes,
    columns_of,
)
from trialkit.report.tables.result_claims import result_claims
from trialkit.report.tables.row_looks import row_look
from trialkit.report.words.en.wording import capitalised, listing, lowered, sentence
from trialkit.report.words.languages import words_of
from trialkit.results.effect import DIFFERENCES, Scale
from trialkit.results.lookup import ResultIndex, Statistics, Term, value
from trialkit.results.vocabulary import Stat

NOT_REACHED = "not reached"
_LIMITED = (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH)


def times_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """Times to an event of the primary and secondary analyses; None when there are none."""
    found = tuple(each for each in main_headlines(protocol, index) if each.summary is Summary.TIME)
    if not found:
        return None
    columns = columns_of(found)
    ratio = confidence(protocol.plan.confidence_level)
    promise = promised_of(found, protocol)
    means = (
        ("Restricted mean time",)
        if any(_mean_of(each, arm) for each in found for arm in protocol.arms)
        else ()
    )
    return Table(
        anchor="table-times",
        caption=f"Times to an event: participants with the event, median time, and {_effects_word(found)}",
        stub="Outcome and arm",
        spanning=(
            ColumnHead(text="Participants", span=4),
            ColumnHead(text=f"Estimated ({ratio} CI)", span=2 + len(means)),
            ColumnHead(text="Compared with the reference arm", span=1 + columns.width),
        ),
        heads=(
            ColumnHead(text="Analysed"),
            ColumnHead(text="With the event, n/N (%)"),
            ColumnHead(text="With a competing event"),
            ColumnHead(text="Censored"),
            ColumnHead(text="Median time"),
            ColumnHead(text=_share_head(found, protocol)),
            *(ColumnHead(text=each) for each in means),
            ColumnHead(text=f"{_effect_head(found)} ({promise})"),
            *columns.heads,
        ),
        groups=tuple(
            RowGroup(
                head=_group_head(each, found, protocol),
                note=row_look(protocol, RowTable.OUTCOMES, each.outcome.code, label="").footnote,
                rows=tuple(
                    _row(each, arm, protocol, columns, promise=promise, means=bool(means))
                    for arm in protocol.arms
                ),
            )
            for each in found
        ),
        notes=_notes(found, protocol),
        claims=result_claims(found, protocol),
    )


def _share_head(found: tuple[Headline, ...], protocol: Protocol) -> str:
    """Of whom the share at the time point is: with the event where events compete, else without."""
    labels = {protocol.visit(each.outcome.time_point).label for each in found}
    when = f"at {lowered(labels.pop())}" if len(labels) == 1 else "at the time point"
    competing = {bool(each.outcome.risk and each.outcome.risk.competing) for each in found}
    if len(competing) > 1:
        return f"Where events compete with, elsewhere without the event {when}, %"
    return f"{'With' if competing.pop() else 'Without'} the event {when}, %"


def _effects_word(found: tuple[Headline, ...]) -> str:
    return "hazard ratios" if _effect_head(found) == "Hazard ratio" else "effects"


def _effect_head(found: tuple[Headline, ...]) -> str:
    """What the effects are, where they are all of one kind."""
    names = {effect_name(each) for each in found}
    return capitalised(names.pop()) if len(names) == 1 else "Effect"


def _group_head(headline: Headline, found: tuple[Headline, ...], protocol: Protocol) -> str:
    """The outcome, and of several kinds of effect its own."""
    head = outcome_head(headline.outcome, headline, protocol)
    several = _effect_head(found) == "Effect"
    return f"{head} \N{EN DASH} {effect_name(headline)}" if several else head


def _mean_of(headline: Headline, arm: Arm) -> Statistics:
    return headline.of_arm(arm, Term.RESTRICTED_MEAN)


def _row(
    headline: Headline,
    arm: Arm,
    protocol: Protocol,
    columns: PColumns,
    *,
    promise: str,
    means: bool,
) -> Row:
    visit, digits = headline.outcome.time_point, headline.outcome.digits
    described = headline.described(arm, visit=visit)
    return Row(
        head=arm.label,
        indented=True,
        cells=(
            analysed_cell(("", headline.analysed(arm))),
            events_of_cell(described),
            _with_reasons(described, Stat.N_COMPETING),
            _with_reasons(described, Stat.N_CENSORED),
            median_time_cell(headline.described(arm, visit=visit, term=Term.MEDIAN_TIME), digits),
            share_cell(share_at(headline, arm)),
            *((interval_cell(_mean_of(headline, arm), digits=digits),) if means else ()),
            *_effects(headline, arm, protocol, columns, promise=promise),
        ),
    )


def share_at(headline: Headline, arm: Arm) -> Statistics:
    """The share of an arm without the event at the time point, or with it where events compete.

    An analysis that compares these shares states its own, at the time that the plan names.
    """
    visit = headline.outcome.time_point
    for term in (Term.WITH_EVENT, Term.WITHOUT_EVENT):
        own = headline.of_arm(arm, term)
        if own:
            return own
    competing = headline.described(arm, visit=visit, term=Term.WITH_EVENT)
    return competing or headline.described(arm, visit=visit, term=Term.WITHOUT_EVENT)


def events_of_cell(found: Statistics) -> Cell:
    """How many had the event, of those at risk."""
    text = fraction_percent(value(found, Stat.EVENTS), value(found, Stat.N))
    return printed_cell(text, found, Stat.EVENTS, Stat.N)


def median_time_cell(found: Statistics, digits: int) -> Cell:
    """The time by which half had the event, or that it is not reached."""
    row = found.get(Stat.ESTIMATE)
    if row is not None and row.stat is None:
        return printed_cell(NOT_REACHED, found, Stat.ESTIMATE)
    return interval_cell(found, digits=digits)


def share_cell(found: Statistics) -> Cell:
    """A share in percent with its limits."""
    row = found.get(Stat.ESTIMATE)
    if row is not None and row.stat is None:
        return printed_cell("not followed so long", found, Stat.ESTIMATE)
    estimate, low, high = (value(found, stat) for stat in _LIMITED)
    return printed_cell(points_with_interval(estimate, low, high), found, *_LIMITED)


def _with_reasons(found: Statistics, stat: Stat) -> Cell:
    """A count whose reasons stand below the table."""
    if stat not in found:
        return EMPTY
    own, note = count_cell(found, stat), found[stat].note
    return Cell(
        text=own.text, results=own.results, note=sentence(capitalised(note)) if note else ""
    )


def _effects(
    headline: Headline, arm: Arm, protocol: Protocol, columns: PColumns, *, promise: str
) -> tuple[Cell, ...]:
    if arm.reference:
        return (REFERENCE, *columns.empty)
    effect = headline.effect(arm)
    tested = Compared(effect=effect, test=headline.test(arm))
    return (
        _effect_cell(headline, effect, promise),
        *columns.cells(tested, alpha=protocol.plan.alpha),
    )


def _effect_cell(headline: Headline, effect: Statistics, promise: str) -> Cell:
    """An effect with its limits; a difference with its unit."""
    if headline.scale.in_points:
        cell, unit = points_cell(effect, promise=promise), "points"
    else:
        cell = interval_cell(effect, digits=headline.digits, promise=promise)
        unit = headline.unit if headline.scale in DIFFERENCES else ""
    has_unit = unit and is_estimable(effect)
    return replace(cell, text=f"{cell.text} {unit}") if has_unit else cell


def _effect_notes(found: tuple[Headline, ...]) -> Iterator[str]:
    """Which way each kind of effect runs."""
    scales = {each.scale for each in found}
    if Scale.HAZARD_RATIO in scales:
        yield "Hazard ratios: experimental against reference arm, above 1 where the event comes sooner."
    if Scale.SUBDISTRIBUTION_HAZARD_RATIO in scales:
        yield (
            "Subdistribution hazard ratios: experimental against reference arm, above 1 where more have the "
            "event; who had a competing event counts as still without it."
        )
    if DIFFERENCES & scales:
        points = "; points are percentage points" if any(each.in_points for each in scales) else ""
        yield f"Differences: experimental minus reference arm{points}."
    if Scale.RATIO in scales:
        yield "Ratios of restricted mean times: experimental over reference arm."


def _notes(found: tuple[Headline, ...], protocol: Protocol) -> tuple[str, ...]:
    units = dict.fromkeys(each.outcome.risk.unit.value for each in found if each.outcome.risk)
    competing = [bool(each.outcome.risk and each.outcome.risk.competing) for each in found]
    notes = [*_effect_notes(found)]
    notes.append(
        f"Median times, in {listing(list(units))}, and shares by the Kaplan-Meier method, with log-log limits; "
        f"{DASH} stands for a limit that is not reached. Shares of 0% and 100% have exact limits "
        f"(Clopper and Pearson) where nobody was censored before, and else none ({DASH})."
    )
    if any(competing):
        ratios = (
            " and hazard ratios" if any(each.scale is Scale.HAZARD_RATIO for each in found) else ""
        )
        notes.append(
            "Where events compete, the share at the time point is of those who had the event "
            f"(Aalen and Johansen), and median times{ratios} are of participants whom a "
            "competing event censors."
        )
    if not all(competing):
        notes.append("The share at the time point is of those still without the event.")
    for each in dict.fromkeys(each.analysis.specification for each in found):
        words = words_of(each, protocol)
        notes.append(f"{words.compared(each) or capitalised(words.short_name(each))}.")
    return (*notes, *adjustment_notes(found))
