"""The effect in each subgroup on one axis, with how many they are, no effect, and one test of them all."""

from collections.abc import Sequence
from functools import partial

from trialkit.drawing.looks import look
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.figures.forest_columns import favoured_sides, named_heads
from trialkit.report.figures.forest_sheet import draw_sheet
from trialkit.report.figures.sheet_layout import SheetAxis, SheetRow
from trialkit.report.numbers.numbers import confidence, count, p_equals, with_interval
from trialkit.report.tables.cells import INTERVAL, contrast_label, contrast_term
from trialkit.report.tables.headlines import Headline
from trialkit.report.words.en.terms import covariate_words
from trialkit.report.words.languages import words_of
from trialkit.results.lookup import IN_LEVEL, Address, ResultIndex, Statistics, Term, value
from trialkit.results.vocabulary import Stat


def subgroup_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """A figure for each planned subgroup analysis and outcome that has results."""
    found = (
        _subgroups(
            Headline(
                analysis=analysis,
                outcome=protocol.analysed(analysis, code),
                protocol=protocol,
                index=index,
            )
        )
        for analysis in protocol.plan.analyses
        for code in analysis.outcomes
        if _within(analysis, protocol.outcome(code), protocol)
    )
    return tuple(figure for figure in found if figure is not None)


def _within(analysis: Analysis, outcome: Outcome, protocol: Protocol) -> str:
    """The characteristic in whose levels the arms are compared; blank where there is none."""
    effect = protocol.effect(analysis.id, outcome)
    return "" if effect is None else effect.within


def _subgroups(headline: Headline) -> Figure | None:
    """The effect in all participants, then in each level of the characteristic."""
    rows: list[SheetRow] = []
    for arm in headline.protocol.experimental:
        rows += _rows_of(arm, headline, parted=bool(rows))
    return _figure(headline, rows) if rows else None


def _rows_of(arm: Arm, headline: Headline, *, parted: bool) -> list[SheetRow]:
    """The contrast with its interaction, all participants, and each level; none where no level has an effect."""
    analysis, protocol, index = headline.analysis, headline.protocol, headline.index
    term = contrast_term(arm, protocol)
    method = _method(headline)
    levels = [
        address
        for address in index.addresses(analysis.id, outcome=headline.outcome.code)
        if address.term.startswith(f"{term}{IN_LEVEL}") and address.method == method
    ]
    if not levels:
        return []
    head = SheetRow(
        label=contrast_label(arm, protocol),
        bold=True,
        parted=parted,
        after=(_interaction(headline, term),),
    )
    everybody = [headline.analysed(each) for each in (protocol.reference, arm)]
    overall = [
        _effect_row("All participants", each, arm, headline, of=everybody)
        for each in _overall(headline, term, method)
    ]
    words = words_of(analysis.specification, protocol)
    within = [
        _effect_row(
            words.level(analysis.specification, each.term.removeprefix(f"{term}{IN_LEVEL}")),
            index.at(each),
            arm,
            headline,
            of=_in_level(headline, each, arm),
        )
        for each in levels
    ]
    return [head, *overall, *within]


def _method(headline: Headline) -> str:
    """Under which method the effects stand in the results."""
    if _is_binary(headline):
        return Stat.RISK_DIFFERENCE.value
    return headline.analysis.specification.method.value


def _is_binary(headline: Headline) -> bool:
    return headline.outcome.kind.is_proportion


def _figure(headline: Headline, rows: list[SheetRow]) -> Figure:
    analysis, outcome, protocol = headline.analysis, headline.outcome, headline.protocol
    cut = words_of(analysis.specification, protocol).at_cut_points(analysis.specification)
    by = covariate_words(_within(analysis, outcome, protocol), protocol)
    ratio = confidence(protocol.plan.confidence_level)
    unit = "percentage points" if _is_binary(headline) else outcome.unit
    name = f"subgroups_{analysis.id}_{outcome.code}"
    title = f"{outcome.label}: effect by {by}"
    description = "; ".join(f"{row.label}: {''.join(row.after)}" for row in rows)
    lower = outcome.direction is Direction.LOWER
    below, above = favoured_sides(protocol, lower_is_better=lower)
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        drawing=FigureDrawing(
            partial(
                draw_sheet,
                rows,
                stub="Subgroup",
                before=named_heads(protocol, "n"),
                after=(f"Difference ({ratio} CI)",),
                axis=SheetAxis(
                    words=f"Difference from the reference arm{f', {unit}' if unit else ''}",
                    below=below,
                    above=above,
                ),
                explanation=f"Bars: {ratio} confidence interval; {outcome.direction.value} is better.",
                synthetic=protocol.trial.synthetic,
                name=name,
                title=title,
                description=description,
            )
        ),
        title=title,
        description=description,
        caption=(
            f"{outcome.label}: difference between arms by {by} ({analysis.role.value}), with {ratio} "
            "confidence intervals and the test of the interaction; effects of single subgroups are "
            f"not tested. n: participants of each arm. {cut}".rstrip()
        ),
    )


def _effect_row(
    label: str, found: Statistics, arm: Arm, headline: Headline, *, of: Sequence[Statistics]
) -> SheetRow:
    """An effect with its limits, ``of`` so many participants of the reference and of the arm."""
    before = tuple(count(value(each, Stat.N)) for each in of)
    effect, low, high = (value(found, stat) for stat in INTERVAL)
    if effect is None or low is None or high is None:
        return SheetRow(label=label, indented=True, before=before, after=("not estimable",))
    scale, digits = (100.0, 1) if _is_binary(headline) else (1.0, headline.outcome.digits)
    effect, low, high = effect * scale, low * scale, high * scale
    return SheetRow(
        label=label,
        indented=True,
        before=before,
        after=(with_interval(effect, low, high, digits=digits),),
        effect=effect,
        low=low,
        high=high,
        look=look(headline.protocol.arm_codes.index(arm.code)),
    )


def _in_level(headline: Headline, address: Address, arm: Arm) -> list[Statistics]:
    """How many of the reference and of an arm are in the level that an effect is about."""
    _, _, level = address.term.partition(IN_LEVEL)
    return [
        headline.index.find(
            headline.analysis.id,
            outcome=headline.outcome.code,
            term=f"{Term.PARTICIPANTS}{IN_LEVEL}{level}",
            arm=each.code,
            having=Stat.N,
        )
        for each in (headline.protocol.reference, arm)
    ]


def _overall(headline: Headline, term: str, method: str) -> tuple[Statistics, ...]:
    """The effect in all participants, by the model of the subgroups without the interaction."""
    found = headline.index.find(
        headline.analysis.id,
        outcome=headline.outcome.code,
        term=term,
        method=method,
        having=Stat.ESTIMATE,
    )
    return (found,) if found else ()


def _interaction(headline: Headline, term: str) -> str:
    for name in (f"interaction {term}", "interaction"):
        found = headline.index.find(
            headline.analysis.id, outcome=headline.outcome.code, term=name, having=Stat.P_VALUE
        )
        if found:
            p = value(found, Stat.P_VALUE)
            alpha = headline.protocol.plan.alpha
            return f"interaction: {'not estimable' if p is None else p_equals(p, alpha=alpha)}"
    return ""
