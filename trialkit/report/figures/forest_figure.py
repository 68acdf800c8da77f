"""Every outcome's effect on one axis: standardised, in percentage points, or as a ratio."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import isinf

from trialkit.protocol.compared import compared
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.figures.effect_rows import ArmEffect, rows_by_arm
from trialkit.report.figures.forest_columns import (
    arm_heads,
    better_words,
    described_cells,
    favoured_sides,
    headlines_of,
    means_words,
    p_cells,
    p_heads,
    p_notes,
)
from trialkit.report.figures.forest_sheet import draw_sheet
from trialkit.report.figures.sheet_layout import SheetAxis, SheetRow
from trialkit.report.numbers.numbers import confidence, with_interval
from trialkit.report.tables.cells import HEDGES, INTERVAL, contrast_label
from trialkit.report.tables.headlines import RATIO_DIGITS, Headline, main_headlines
from trialkit.report.tables.outcome_heads import at_its_time
from trialkit.report.words.en.american import spelled
from trialkit.report.words.en.terms import EFFECTS
from trialkit.report.words.en.wording import listing
from trialkit.report.words.languages import short_name
from trialkit.results.lookup import ResultIndex, Statistics, value
from trialkit.results.vocabulary import Stat

LOWER_SUFFIX = "_lower"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestKind:
    """What all effects of one forest have in common."""

    name: str
    title: str
    column: str
    """The head of the effects as they are printed."""
    axis: str
    lead: str
    """How the caption begins."""
    digits: int = RATIO_DIGITS
    logarithmic: bool = False
    turned: bool = False
    """Whether the sign is turned so that positive favours the experimental arm."""
    factor: float = 1.0
    least: float = 0.25

    @property
    def null(self) -> float:
        """The value that means no effect."""
        return 1.0 if self.logarithmic else 0.0


STANDARDISED = ForestKind(
    name="forest",
    title="Standardised effects on all outcomes",
    column="g",
    axis="Hedges' g, positive favours the experimental arm",
    lead="Standardised differences (Hedges' g)",
    turned=True,
)
POINTS = ForestKind(
    name="forest_points",
    title="Risk differences of all outcomes",
    column="Difference",
    axis="Risk difference from the reference arm, percentage points",
    lead="Risk differences in percentage points",
    digits=1,
    factor=100.0,
    least=5.0,
)
RATIOS = ForestKind(
    name="forest_ratios",
    title="Ratios of all outcomes",
    column="Ratio",
    axis="Ratio to the reference arm (logarithmic scale)",
    lead="Ratios",
    logarithmic=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestEffect:
    """An outcome's effect of an arm, already turned where its forest turns."""

    headline: Headline
    arm: Arm
    kind: ForestKind
    effect: float
    low: float
    high: float

    @property
    def words(self) -> str:
        """Effect and interval as printed beside the drawing."""
        return with_interval(self.effect, self.low, self.high, digits=self.kind.digits)


def turned(
    effect: float, low: float, high: float, *, lower_is_better: bool
) -> tuple[float, float, float]:
    """The effect and its limits with the sign that makes an advantage positive."""
    return (-effect, -high, -low) if lower_is_better else (effect, low, high)


def forest_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """A forest each of standardised effects, of risk differences and of ratios, where there are any.

    A single risk difference or ratio has none: its table says as much.

    Signs of standardised effects are turned so that right is better. Risk differences and ratios stand
    as the tables print them, so that those of which lower is better have a forest of their own.
    """
    protocol = compared(protocol)
    found = main_headlines(protocol, index)
    return tuple(
        _figure(rows, protocol, suffix=suffix)
        for kind in (STANDARDISED, POINTS, RATIOS)
        for suffix, rows in _sheets([each for head in found for each in _effects(head, kind)])
        if kind.turned or len(rows) > 1
    )


def _sheets(effects: Sequence[ForestEffect]) -> Iterator[tuple[str, list[ForestEffect]]]:
    """The effects that stand on one axis: all, or those of one direction."""
    if not effects:
        return
    lower = [each for each in effects if each.headline.lower_is_better]
    higher = [each for each in effects if not each.headline.lower_is_better]
    if effects[0].kind.turned or not (lower and higher):
        yield "", list(effects)
    else:
        yield "", higher
        yield LOWER_SUFFIX, lower


def _kind(headline: Headline) -> ForestKind | None:
    """The forest that an outcome's effect stands in."""
    if headline.is_ratio:
        return RATIOS
    if headline.of_risks:
        return POINTS
    return (
        STANDARDISED
        if headline.outcome.kind.is_mean and not headline.scale.is_probability
        else None
    )


def _effects(headline: Headline, kind: ForestKind) -> Iterator[ForestEffect]:
    if _kind(headline) is not kind:
        return
    for arm in headline.protocol.experimental:
        numbers = [value(_stated(headline, arm), stat) for stat in _stats(kind)]
        if any(each is None for each in numbers):
            continue
        effect, low, high = (float(each) * kind.factor for each in numbers if each is not None)
        if kind.turned:
            effect, low, high = turned(effect, low, high, lower_is_better=headline.lower_is_better)
        if kind.logarithmic and (low <= 0 or isinf(high)):
            continue
        yield ForestEffect(headline=headline, arm=arm, kind=kind, effect=effect, low=low, high=high)


def _stats(kind: ForestKind) -> tuple[Stat, Stat, Stat]:
    return HEDGES if kind is STANDARDISED else INTERVAL


def _stated(headline: Headline, arm: Arm) -> Statistics:
    """Where the results have the effect: a measure of risks by its own name, also of who tests otherwise."""
    return headline.effect(arm, method=headline.measure)


def _figure(effects: Sequence[ForestEffect], protocol: Protocol, *, suffix: str) -> Figure:
    kind = effects[0].kind
    one = len(protocol.experimental) == 1
    ratio = confidence(protocol.plan.confidence_level)
    headlines = headlines_of(effects)
    heads = p_heads(effects)
    rows = [
        row
        for own in headlines
        for row in _rows(own, effects, heads, parted=own is not headlines[0])
    ]
    description = "; ".join(
        f"{_named(each.headline, effects)}"
        f"{'' if one else f', {contrast_label(each.arm, protocol)}'}: {each.words}"
        for each in effects
    )
    name, title = f"{kind.name}{suffix}", kind.title
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        drawing=FigureDrawing(
            partial(
                draw_sheet,
                rows,
                stub="Outcome",
                before=arm_heads(headlines, protocol),
                after=(f"{kind.column} ({ratio} CI)", *heads),
                axis=_axis(effects, protocol),
                explanation="",
                synthetic=protocol.trial.synthetic,
                name=name,
                title=title,
                description=description,
            )
        ),
        title=title,
        description=f"{kind.lead} with {ratio} interval"
        f"{', positive in favour of the experimental arm' if kind.turned else ''}. {description}.",
        caption=_caption(headlines, effects, ratio),
    )


def _axis(effects: Sequence[ForestEffect], protocol: Protocol) -> SheetAxis:
    kind = effects[0].kind
    lower = not kind.turned and effects[0].headline.lower_is_better
    below, above = favoured_sides(protocol, lower_is_better=lower)
    return SheetAxis(
        words=spelled(kind.axis),
        null=kind.null,
        logarithmic=kind.logarithmic,
        below=below,
        above=above,
        least=kind.least,
    )


def _rows(
    headline: Headline, effects: Sequence[ForestEffect], heads: Sequence[str], *, parted: bool
) -> Iterator[SheetRow]:
    """The effect of an outcome; of several arms, its name over a row for each."""
    label = f"{_named(headline, effects)}{' (primary)' if headline.is_primary else ''}"
    own = (
        ArmEffect(
            arm=each.arm,
            before=described_cells(headline, each.arm),
            after=(each.words, *p_cells(each, heads)),
            numbers=(each.effect, each.low, each.high),
        )
        for each in effects
        if each.headline is headline
    )
    return rows_by_arm(headline, label, own, parted=parted)


def _named(headline: Headline, effects: Sequence[ForestEffect]) -> str:
    """An outcome; of a ratio which it is, and the method where several analyses give the same."""
    label = headline.outcome.label
    if when := at_its_time(headline):
        label += f", {when}"
    if headline.is_ratio:
        label += f", {EFFECTS[headline.scale]}"
    beside = [
        each
        for each in headlines_of(effects)
        if (each.outcome.code, each.outcome.time_point, each.scale)
        == (headline.outcome.code, headline.outcome.time_point, headline.scale)
    ]
    if len(beside) == 1:
        return label
    return f"{label} ({short_name(headline.analysis.specification, headline.protocol)})"


def _caption(headlines: Sequence[Headline], effects: Sequence[ForestEffect], ratio: str) -> str:
    """What the bars, signs, numbers and p values are."""
    kind = effects[0].kind
    parts = [f"{kind.lead} with {ratio} confidence intervals (bars)"]
    if kind.turned:
        parts[0] += "; values to the right favour the experimental arm"
        reversed_ones = [each.outcome.label for each in headlines if each.lower_is_better]
        if reversed_ones:
            parts.append(
                "The sign is reversed for outcomes of which lower is better "
                f"({listing(reversed_ones)})"
            )
    else:
        parts += better_words(headlines)
    return " ".join(f"{each}." for each in (*parts, means_words(headlines), *p_notes(effects)))
