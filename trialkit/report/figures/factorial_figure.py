"""The figures of a factorial trial: cell means as lines, and main and simple effects on one axis."""

from collections.abc import Iterator, Sequence
from functools import partial

from trialkit.drawing.looks import look
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.factorial_options import FactorialEffect
from trialkit.protocol.methods.method import Response
from trialkit.protocol.trial.factors import FactorialContrast, FactorLevel, factorial_contrasts
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.figures.forest_sheet import draw_sheet
from trialkit.report.figures.mean_lines import MeanLine, PlacedMean, draw_mean_lines
from trialkit.report.figures.sheet_layout import SheetAxis, SheetRow
from trialkit.report.numbers.numbers import confidence, number, p_symbol, p_value, with_interval
from trialkit.report.tables.cells import INTERVAL
from trialkit.report.tables.headlines import Headline, factorial_headlines
from trialkit.report.words.en.factors import (
    cell_words,
    compared_levels,
    effect_of_factor,
    where_in_the_table,
)
from trialkit.report.words.en.wording import capitalised, lowered
from trialkit.report.words.languages import words_of
from trialkit.results.lookup import ResultIndex, Term, value
from trialkit.results.vocabulary import Stat

_DRAWN = (FactorialEffect.MARGIN, FactorialEffect.INSIDE, FactorialEffect.INTERACTION)
_POINTS = 100.0


def factorial_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """The cells and the effects of each factorial analysis that has results."""
    return tuple(
        figure
        for each in factorial_headlines(protocol, index)
        if each.lacking is None
        for figure in (_cells(each), _effects(each))
        if figure is not None
    )


def _cells(headline: Headline) -> Figure | None:
    """Means or risks of the combinations: places are the levels of the first factor, lines the others."""
    protocol, outcome = headline.protocol, headline.outcome
    lines = tuple(_lines(headline))
    if not any(line.means for line in lines):
        return None
    first, *others = protocol.factors
    what, unit = _measured(headline)
    kind = "Risk" if headline.of_risks else "Adjusted mean"
    ratio = confidence(protocol.plan.confidence_level)
    name = f"cells_{headline.analysis.id}_{outcome.code}"
    title = f"{what}: each combination of levels"
    by = ", ".join(lowered(each.label) for each in others)
    told = " ".join(_in_words(line, headline) for line in lines)
    description = f"{what}{f' in {unit}' if unit else ''}. {told}"
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        drawing=FigureDrawing(
            partial(
                draw_mean_lines,
                lines,
                places={each.code: each.label for each in first.levels},
                axis=f"{what} ({unit})" if unit else what,
                heading=f"{kind} with {ratio} confidence interval",
                synthetic=protocol.trial.synthetic,
                name=name,
                title=title,
                description=description,
            )
        ),
        title=title,
        description=description,
        caption=(
            f"{what}: {kind.lower()} of each combination of levels with {ratio} confidence intervals, "
            f"by {lowered(first.label)} (places) and {by} (lines). Without an interaction the lines are "
            "parallel but for chance."
        ),
    )


def _measured(headline: Headline) -> tuple[str, str]:
    """What is drawn, and its unit."""
    outcome = headline.outcome
    if headline.of_risks:
        return outcome.label, "%"
    specification = headline.analysis.specification
    changed = words_of(specification, headline.protocol).response(specification) is Response.CHANGE
    return f"Change in {lowered(outcome.label)}" if changed else outcome.label, outcome.unit


def _lines(headline: Headline) -> Iterator[MeanLine]:
    protocol = headline.protocol
    by_others: dict[tuple[FactorLevel, ...], list[PlacedMean]] = {}
    for arm in protocol.arms:
        place, *rest = protocol.cell(arm)
        others = tuple(rest)
        term = Term.STANDARDISED_RISK if headline.of_risks else Term.ADJUSTED_MEAN
        found = headline.stated(term, arm=arm.code)
        estimate, low, high = (value(found, stat) for stat in INTERVAL)
        means = by_others.setdefault(others, [])
        if estimate is not None and low is not None and high is not None:
            factor = _POINTS if headline.of_risks else 1.0
            means.append(
                PlacedMean(
                    place=place.code,
                    estimate=estimate * factor,
                    low=low * factor,
                    high=high * factor,
                )
            )
    order = [each.code for each in protocol.factors[0].levels]
    for position, (held, means) in enumerate(by_others.items()):
        yield MeanLine(
            label=cell_words(held),
            look=look(position),
            means=tuple(sorted(means, key=lambda mean: order.index(mean.place))),
        )


def _in_words(line: MeanLine, headline: Headline) -> str:
    """The means of a line for somebody who cannot see the figure."""
    first = headline.protocol.factors[0]
    digits = 1 if headline.of_risks else headline.outcome.digits
    means = ", ".join(
        f"{first.level(each.place).label} {number(each.estimate, digits=digits)}"
        for each in line.means
    )
    return f"{capitalised(line.label)}: {means or 'none'}."


def _effects(headline: Headline) -> Figure | None:
    """Main effects at the margin, effects where the others are held, and the interactions."""
    protocol, outcome = headline.protocol, headline.outcome
    rows = tuple(_rows(headline))
    if not any(row.effect is not None for row in rows):
        return None
    what, _ = _measured(headline)
    unit = "percentage points" if headline.of_risks else outcome.unit
    ratio = confidence(protocol.plan.confidence_level)
    name = f"factors_{headline.analysis.id}_{outcome.code}"
    title = f"{what}: effects of each factor"
    description = _told(rows)
    higher = outcome.direction is Direction.HIGHER
    sides = ("favours the reference level", "favours the other level")
    below, above = sides if higher else sides[::-1]
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        drawing=FigureDrawing(
            partial(
                draw_sheet,
                rows,
                stub="Factor",
                before=(),
                after=(f"Difference ({ratio} CI)", p_symbol()),
                axis=SheetAxis(
                    words=f"Difference from the reference level{f', {unit}' if unit else ''}",
                    below=below,
                    above=above,
                ),
                explanation=f"Bars: {ratio} confidence interval; {outcome.direction.value} is better; the sides "
                "are of effects, an interaction favours no level.",
                synthetic=protocol.trial.synthetic,
                name=name,
                title=title,
                description=description,
            )
        ),
        title=title,
        description=description,
        caption=(
            f"{what}: effect of each factor at the margin, where the others are held, and their "
            f"interaction (a difference of differences), with {ratio} confidence intervals "
            f"({headline.analysis.role.value} analysis). p values are not adjusted."
        ),
    )


def _told(rows: Sequence[SheetRow]) -> str:
    """The effects for somebody who cannot see the figure, each under the factor that it is of."""
    told: dict[str, list[str]] = {}
    head = ""
    for row in rows:
        head = head if row.after else row.label
        if row.after:
            words = ", p ".join(filter(None, row.after))
            told.setdefault(head, []).append(f"{row.label} {words}")
    return ". ".join(f"{head}: {'; '.join(each)}" for head, each in told.items()) + "."


def _rows(headline: Headline) -> Iterator[SheetRow]:
    contrasts = [
        each for each in factorial_contrasts(headline.protocol.factors) if each.effect in _DRAWN
    ]
    for position, factor in enumerate(headline.protocol.factors):
        yield SheetRow(label=factor.label, bold=True, parted=bool(position))
        for each in contrasts:
            if each.factors == (factor,):
                pair = compared_levels(factor, each.levels[0])
                where = where_in_the_table(each)
                lead = f"{pair}, " if len(factor.levels) > 2 else ""
                yield _row(headline, each, capitalised(f"{lead}{where}"), position)
    interactions = [each for each in contrasts if len(each.factors) > 1]
    yield SheetRow(label="Interaction", bold=True, parted=True)
    for each in interactions:
        name = effect_of_factor(each).removeprefix("Interaction of ")
        yield _row(headline, each, name, len(headline.protocol.factors))


def _row(headline: Headline, contrast: FactorialContrast, label: str, position: int) -> SheetRow:
    found = headline.stated(contrast.term, method=headline.measure)
    factor = _POINTS if headline.of_risks else 1.0
    numbers: Sequence[float | int | None] = [value(found, stat) for stat in INTERVAL]
    if any(each is None for each in numbers):
        return SheetRow(label=label, indented=True, after=("not estimable", ""))
    effect, low, high = (float(each) * factor for each in numbers if each is not None)
    p = value(found, Stat.P_VALUE)
    digits = 1 if headline.of_risks else headline.outcome.digits
    return SheetRow(
        label=label,
        indented=True,
        after=(
            with_interval(effect, low, high, digits=digits),
            "" if p is None else p_value(p, alpha=headline.protocol.plan.alpha),
        ),
        effect=effect,
        low=low,
        high=high,
        look=look(position),
    )
