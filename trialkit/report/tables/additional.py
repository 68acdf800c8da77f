"""Analyses beside the main ones, whatever their method."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from trialkit.protocol.compared import compared
from trialkit.protocol.locks.plan_history import UNRECORDED, PlanHistory
from trialkit.protocol.methods.diagnostics import Check
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.claims import Claim, ClaimSource
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.numbers.numbers import DASH, confidence
from trialkit.report.tables.cells import (
    HEDGES,
    analysed_cell,
    compared_arms,
    interval_cell,
    points_cell,
    said_once,
)
from trialkit.report.tables.distinct_heads import told_apart
from trialkit.report.tables.effect_names import effect_name, order_note, says_itself
from trialkit.report.tables.headlines import RATIO_DIGITS, Headline, headlines
from trialkit.report.tables.intervals import interval_notes, is_estimable, promised
from trialkit.report.tables.outcome_heads import at_its_time, outcome_with_unit
from trialkit.report.tables.p_values import Compared, PColumns, adjustment_notes, p_columns
from trialkit.report.words.en.sentences.plan_record import role_words, wanting
from trialkit.report.words.en.terms import (
    HIGHER_VALUE,
    SUPERIORITY_LIMITS,
    TESTS,
    better_word,
    effect_words,
)
from trialkit.report.words.en.wording import capitalised, lowered
from trialkit.report.words.language.method_words import AnyWords, Conclusion
from trialkit.report.words.languages import words_of
from trialkit.results.effect import Scale
from trialkit.results.lookup import IN_LEVEL, Address, ResultIndex, Statistics, Term
from trialkit.results.vocabulary import SUPERIORITY, Stat

RATIOS = {Stat.RISK_RATIO: "risk ratio", Stat.ODDS_RATIO: "odds ratio"}
OMITTED = frozenset(
    {
        Term.ADJUSTED_MEAN,
        Term.MARGINAL_MEAN,
        Term.STANDARDISED_RISK,
        Term.PERIOD,
        Term.SEQUENCE,
        Term.CARRY_OVER,
        Term.RESPONDERS,
        Term.DISPERSION,
        Term.RESTRICTED_MEAN,
        Term.WITHOUT_EVENT,
        Term.WITH_EVENT,
    }
)
_CHECKS = frozenset(each.value for each in Check)
_TESTS = {test.value: words for test, words in TESTS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of the table: one effect or test of an analysis."""

    words: str
    address: Address
    found: Statistics


def additional_table(
    protocol: Protocol, index: ResultIndex, history: PlanHistory = UNRECORDED
) -> Table | None:
    """Every analysis that is not among the main ones; None when there is none."""
    protocol = compared(protocol)
    others = tuple(each for each in headlines(protocol, index) if _is_beside(each))
    effects = [line.found for each in others for line in _lines(each, history)]
    promise = promised(effects, protocol.plan.confidence_level)
    columns = p_columns(Compared(effect=each, test=each) for each in effects)
    by_outcome: dict[str, list[tuple[str, Row]]] = {}
    for each in others:
        rows = [
            (each.analysis.id, _row(line, each, columns, promise)) for line in _lines(each, history)
        ]
        by_outcome.setdefault(each.outcome.code, []).extend(rows)
    groups = tuple(
        RowGroup(head=outcome_with_unit(protocol.outcome(code)), rows=told_apart(rows))
        for code, rows in by_outcome.items()
        if rows
    )
    if not groups:
        return None
    without = [each for each in others if not _lines(each, history)]
    said = dict.fromkeys(
        note for each in others for note in _words(each).notes(each.analysis.specification)
    )
    lacks = f"no result of {', '.join(each.analysis.id for each in without)}" if without else ""
    lacks = "; ".join(filter(None, (lacks, wanting(history))))
    ratio = confidence(protocol.plan.confidence_level)
    return Table(
        anchor="table-additional",
        caption="Additional analyses",
        stub="Outcome and analysis",
        heads=(
            ColumnHead(text="Population", words=True),
            ColumnHead(text="Analysed, n"),
            ColumnHead(text=f"Effect ({promise})"),
            ColumnHead(text=f"Hedges' g ({ratio} CI)"),
            *columns.heads,
        ),
        groups=groups,
        notes=(
            f"Numbers analysed: {' / '.join(arm.label for arm in protocol.arms)}.",
            f"{order_note(_scales(effects))}{_not_adjusted(columns)}",
            *said,
            *interval_notes(others),
            *adjustment_notes(others),
        ),
        claims=(Claim(item="28", part="other analyses", source=ClaimSource.DATA, lacks=lacks),),
    )


def _is_beside(headline: Headline) -> bool:
    """Whether it stands in no table of its own: no main analysis, none of factors, none of a grid."""
    grid = headline.analysis.specification.moves is not None
    return not headline.is_main and not headline.of_factors and not grid


def _scales(effects: Iterable[Statistics]) -> Iterator[Scale | None]:
    return (each[Stat.ESTIMATE].scale for each in effects if Stat.ESTIMATE in each)


def _not_adjusted(columns: PColumns) -> str:
    """That additional analyses are not adjusted, where some are not."""
    if not columns.raw:
        return ""
    but = ", but for those called so" if columns.adjusted else ""
    return f" P values of additional analyses are not adjusted for multiplicity{but}."


def _lines(headline: Headline, history: PlanHistory) -> list[Line]:
    """What an analysis states as an effect or a test, in the order of the results."""
    analysis = headline.analysis
    addresses = headline.index.addresses(analysis.id, outcome=headline.outcome.code)
    found = [
        (address, headline.index.at(address))
        for address in addresses
        if address.visit and address.term and address.term not in OMITTED
    ]
    stated = [
        (address, statistics)
        for address, statistics in found
        if (Stat.ESTIMATE in statistics or Stat.P_VALUE in statistics)
        and address.method != SUPERIORITY
        and address.term.partition(":")[0] not in _CHECKS
    ]
    several = len(stated) > 1
    return [
        Line(
            words=_line_words(headline, address, statistics, history, named=several),
            address=address,
            found=_told(headline, address, statistics),
        )
        for address, statistics in stated
    ]


def _told(headline: Headline, address: Address, found: Statistics) -> Statistics:
    """What a row prints: where ties leave a shift without limits, who has the higher value."""
    if not headline.is_superiority:
        return found
    beside = headline.index.at(replace(address, method=SUPERIORITY))
    tests = (Stat.P_VALUE, Stat.P_ADJUSTED)
    return {**beside, **{stat: found[stat] for stat in tests if stat in found}} if beside else found


def _line_words(
    headline: Headline,
    address: Address,
    found: Statistics,
    history: PlanHistory,
    *,
    named: bool,
) -> str:
    """What a row is about: the method and, where it has several rows, which of them."""
    method = _method_words(headline, address)
    analysis = headline.analysis
    role = role_words(analysis.role, history.standing(analysis.id))
    words = [f"{capitalised(method)} ({role})"]
    measure = _measure(headline, address, found)
    if named:
        words += list(_which(headline, address, measured=bool(measure)))
    if measure and (address.method in RATIOS or measure not in lowered(method)):
        words.append(measure)
    if headline.is_superiority:
        words.append(f"{HIGHER_VALUE}, {SUPERIORITY_LIMITS}")
    note = _note(headline, address)
    return ", ".join(words) + (f". {capitalised(note)}" if note else "")


def _method_words(headline: Headline, address: Address) -> str:
    """The method of a row; of what a model states beside what is held against a margin, the model."""
    specification, own = headline.analysis.specification, _words(headline)
    if specification.margin_question and address.method != specification.method.value:
        model = words_of(specification.reads, headline.protocol)
        beside = own.names[specification.method]
        return f"{model.short_name(specification.reads)} beside {beside}"
    return own.row_head(specification, headline.protocol)


def _measure(headline: Headline, address: Address, found: Statistics) -> str:
    """What a row states that is no difference; blank of what is one, or says by itself what it is."""
    if address.method in RATIOS:
        return RATIOS[Stat(address.method)]
    scale = found[Stat.ESTIMATE].scale if Stat.ESTIMATE in found else None
    if headline.is_superiority or scale is None or says_itself(scale, headline.summary):
        return ""
    own = address.method == headline.analysis.specification.method.value
    name = effect_name(headline) if own else effect_words(scale, headline.summary)
    if scale is Scale.PROBABILITY and headline.outcome.direction is Direction.LOWER:
        name += f" ({better_word(headline.outcome)} is better)"
    return name


def _which(headline: Headline, address: Address, *, measured: bool) -> Iterator[str]:
    protocol = headline.protocol
    contrast, _, level = address.term.partition(IN_LEVEL)
    arms = compared_arms(headline.contrast, protocol)
    by_code = {arm.code: arm.label for arm in protocol.arms}
    if len(protocol.experimental) > 1 or contrast not in arms:
        yield by_code.get(address.arm, "") or arms.get(contrast, contrast)
    if level:
        yield _words(headline).level(headline.analysis.specification, level)
    elif headline.contrast is not None and headline.contrast.within and contrast in arms:
        yield "all participants"
    if when := at_its_time(headline):
        yield when
    if address.visit != headline.outcome.time_point:
        labels = {visit.code: visit.label for visit in protocol.visits}
        yield labels.get(address.visit, f"{address.visit} over visits")
    if address.method == Stat.RISK_DIFFERENCE:
        yield "change of the risk" if address.arm else "risk difference"
    elif not measured and address.method != headline.analysis.specification.method.value:
        yield _TESTS.get(address.method, address.method.replace("_", " "))


def _note(headline: Headline, address: Address) -> str:
    """What the results say in words of a comparison with a margin, or of resampling."""
    for arm in headline.protocol.experimental:
        if headline.term(arm) == address.term:
            about = Conclusion(
                found=headline.index.at(address),
                outcome=headline.outcome,
                arm=arm,
                protocol=headline.protocol,
            )
            return _words(headline).conclude(headline.analysis.specification, about)
    return ""


def _words(headline: Headline) -> AnyWords:
    return words_of(headline.analysis.specification, headline.protocol)


def _row(line: Line, headline: Headline, columns: PColumns, promise: str) -> Row:
    protocol = headline.protocol
    in_level = IN_LEVEL in line.address.term
    population = protocol.population(headline.analysis.population).label
    row = Row(
        head=line.words,
        indented=True,
        cells=(
            Cell(text=population, words=True),
            _sizes_in_level(headline, line.address) if in_level else _sizes(headline),
            _effect_cell(line, headline, promise),
            interval_cell(line.found, HEDGES, digits=2),
            *(
                columns.dashes
                if in_level
                else columns.cells(
                    Compared(effect=line.found, test=line.found), alpha=protocol.plan.alpha
                )
            ),
        ),
    )
    return said_once(row)


def _effect_cell(line: Line, headline: Headline, promise: str) -> Cell:
    estimate = line.found.get(Stat.ESTIMATE)
    if estimate is None:
        return Cell(text=DASH)
    if (
        estimate.scale is not None and estimate.scale.in_points
    ) or line.address.method == Stat.RISK_DIFFERENCE:
        points = points_cell(line.found, promise=promise)
        unit = "percentage points" if is_estimable(line.found) else ""
        return replace(points, text=f"{points.text} {unit}".strip())
    in_unit = estimate.scale in {None, Scale.DIFFERENCE}
    digits = headline.outcome.digits if in_unit else RATIO_DIGITS
    cell = interval_cell(line.found, digits=digits, promise=promise)
    of_time = in_unit and headline.summary is Summary.TIME and is_estimable(line.found)
    return replace(cell, text=f"{cell.text} {headline.unit}") if of_time else cell


def _sizes(headline: Headline) -> Cell:
    return analysed_cell(*((arm.label, headline.analysed(arm)) for arm in headline.protocol.arms))


def _sizes_in_level(headline: Headline, address: Address) -> Cell:
    """How many of each arm are in the level of a characteristic in which they are compared."""
    _, _, level = address.term.partition(IN_LEVEL)
    term = f"{Term.PARTICIPANTS}{IN_LEVEL}{level}"
    here = replace(address, method=headline.analysis.specification.method.value, term=term)
    return analysed_cell(
        *(
            (arm.label, headline.index.at(replace(here, arm=arm.code)))
            for arm in headline.protocol.arms
        )
    )
