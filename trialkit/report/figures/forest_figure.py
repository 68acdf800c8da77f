"""Every outcome's standardised effect on one axis, turned so that right is better."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FuncFormatter, MaxNLocator

from trialkit.decimals import significant
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.figures.figures import (
    POINTS_PER_INCH,
    drawing,
    label_synthetic,
    room_for_label,
    to_svg,
)
from trialkit.report.lettering.looks import (
    GREY,
    INK,
    LIGHT,
    TextLook,
    look,
)
from trialkit.report.lettering.svg import printable
from trialkit.report.lettering.text_width import shortened, wrap
from trialkit.report.numbers.numbers import confidence, p_symbol, p_value, plain, with_interval
from trialkit.report.tables.cells import HEDGES, contrast_label
from trialkit.report.tables.headlines import Headline, main_headlines
from trialkit.report.words.en.wording import listing
from trialkit.results.agreement import is_one_sided
from trialkit.results.lookup import ResultIndex, value
from trialkit.results.vocabulary import Stat

WIDTH = 7.4
LEFT = 0.34
RIGHT = 0.67
LINE_POINTS = 11.5
ROW_PADDING = 9.0
HEAD_POINTS = 30.0
FOOT_POINTS = 58.0
SIDE_WIDTH = 210.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestRow:
    """One outcome's effect, already turned so that positive favours the experimental arm."""

    label: str
    contrast: str
    primary: bool
    effect: float
    low: float
    high: float
    p: float | None
    look: TextLook
    important: float | None = None
    """The minimal important change in the unit of the effect; better is positive."""

    @property
    def words(self) -> str:
        """Effect and interval as printed beside the drawing."""
        return with_interval(self.effect, self.low, self.high, digits=2)


def turned(
    effect: float, low: float, high: float, *, lower_is_better: bool
) -> tuple[float, float, float]:
    """The effect and its limits with the sign that makes an advantage positive."""
    return (-effect, -high, -low) if lower_is_better else (effect, low, high)


def draw_forest(
    rows: Sequence[ForestRow],
    *,
    effect_name: str,
    interval: str,
    favours_reference: str,
    favours_experimental: str,
    several_contrasts: bool,
    alpha: float,
    synthetic: str,
    name: str,
    title: str,
    description: str,
) -> str:
    """The figure as SVG, one row an outcome and contrast, its numbers beside it."""
    texts = [_words_of(row, several_contrasts=several_contrasts) for row in rows]
    heights = [len(lines) * LINE_POINTS + ROW_PADDING for lines in texts]
    top = room_for_label(synthetic, width=WIDTH)
    points = sum(heights) + HEAD_POINTS + FOOT_POINTS + top * POINTS_PER_INCH
    with drawing(width=WIDTH, height=points / POINTS_PER_INCH) as canvas:
        plot_top = 1 - (HEAD_POINTS + top * POINTS_PER_INCH) / points
        ax = canvas.add_axes((LEFT, FOOT_POINTS / points, RIGHT - LEFT, sum(heights) / points))
        ax.set_ylim(sum(heights), 0)
        ax.spines["left"].set_visible(False)
        ax.set_yticks([])
        ax.axvline(0, color=GREY, linewidth=1)
        above = 0.0
        for row, lines, height in zip(rows, texts, heights, strict=True):
            middle = above + height / 2
            _draw_row(ax, row, lines, middle=middle, alpha=alpha)
            above += height
        for boundary in _boundaries(rows, heights):
            ax.axhline(boundary, color=LIGHT, linewidth=0.7, xmin=-1.05, xmax=2, clip_on=False)
        _set_limits(ax, rows)
        ax.set_xlabel(effect_name, fontsize=8.5)
        _say_which_side(ax, favours_reference, favours_experimental, points=points)
        _heads(canvas, y=plot_top + 8 / points, interval=interval)
        label_synthetic(canvas, synthetic)
        return to_svg(canvas, name=name, title=title, description=description)


def _words_of(row: ForestRow, *, several_contrasts: bool) -> tuple[str, ...]:
    label = f"{row.label} (primary)" if row.primary else row.label
    room = WIDTH * POINTS_PER_INCH * LEFT - 24
    words = wrap(printable(label), size=9, width=room, bold=row.primary)
    if not several_contrasts:
        return words
    contrast = shortened(printable(row.contrast), size=9, width=room, lines=2, bold=row.primary)
    return (*words, *contrast.split("\n"))


def _draw_row(
    ax: Axes, row: ForestRow, lines: tuple[str, ...], *, middle: float, alpha: float
) -> None:
    ax.plot([row.low, row.high], [middle, middle], color=row.look.colour, linewidth=1.5)
    if row.important is not None:
        ends = [middle - 8.5, middle + 8.5]
        ax.plot([row.important] * 2, ends, color=INK, linewidth=1.2, linestyle=(0, (2, 1.2)))
    ax.plot(
        [row.effect],
        [middle],
        color=row.look.colour,
        marker=row.look.marker,
        markersize=7 if row.primary else 6,
        markeredgecolor="white",
        linestyle="none",
        zorder=5,
    )
    sides = ax.get_yaxis_transform()
    weight = "bold" if row.primary else "normal"
    left_edge = (0.015 - LEFT) / (RIGHT - LEFT)
    estimate_edge = (RIGHT + 0.235 - LEFT) / (RIGHT - LEFT)
    p_edge = (0.985 - LEFT) / (RIGHT - LEFT)
    ax.text(
        left_edge,
        middle,
        "\n".join(lines),
        transform=sides,
        va="center",
        ha="left",
        fontweight=weight,
        linespacing=1.15,
    )
    ax.text(
        estimate_edge, middle, row.words, transform=sides, va="center", ha="right", fontsize=8.5
    )
    ax.text(
        p_edge,
        middle,
        p_value(row.p, alpha=alpha),
        transform=sides,
        va="center",
        ha="right",
        fontsize=8.5,
    )


def _boundaries(rows: Sequence[ForestRow], heights: Sequence[float]) -> list[float]:
    """Where one outcome ends and the next begins."""
    found = []
    above = 0.0
    for position, height in enumerate(heights[:-1]):
        above += height
        if rows[position].label != rows[position + 1].label:
            found.append(above)
    return found


def _set_limits(ax: Axes, rows: Sequence[ForestRow]) -> None:
    """Zero always in sight, and some air at both ends."""
    important = [row.important for row in rows if row.important is not None]
    low = min(0.0, *(row.low for row in rows))
    high = max(0.0, *(row.high for row in rows), *important)
    air = 0.06 * (high - low) or 0.5
    ax.set_xlim(min(low - air, -0.25), max(high + air, 0.25))
    ax.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: plain(float(significant(tick, 10)))))
    ax.tick_params(axis="x", labelsize=8.5)


def _say_which_side(
    ax: Axes, favours_reference: str, favours_experimental: str, *, points: float
) -> None:
    """Which arm each side of zero speaks for, below the axis."""
    down = -46 / (points - HEAD_POINTS - FOOT_POINTS)
    zero = ax.transData.transform((0, 0))[0]
    left, right = ax.transAxes.transform([(0, 0), (1, 0)])[:, 0]
    share = (zero - left) / (right - left)
    for words, side, place in (
        (f"\N{LEFTWARDS ARROW} {_side(favours_reference)}", "right", share - 0.02),
        (f"{_side(favours_experimental)} \N{RIGHTWARDS ARROW}", "left", share + 0.02),
    ):
        ax.text(
            place,
            down,
            words,
            transform=ax.transAxes,
            ha=side,
            va="center",
            fontsize=8.5,
            color="#333a41",
        )


def _heads(canvas: Canvas, *, y: float, interval: str) -> None:
    for x, words, side in (
        (0.015, "Outcome", "left"),
        (RIGHT + 0.235, f"g ({interval})", "right"),
        (0.985, p_symbol(), "right"),
    ):
        canvas.text(x, y, words, ha=side, va="bottom", fontsize=8.5, fontweight="bold")


def _side(words: str) -> str:
    """What a side of the axis speaks for, as far as there is room below it."""
    return shortened(printable(words), size=8.5, width=SIDE_WIDTH)


def forest_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """The standardised effects of all continuous outcomes; nothing when no analysis gives one."""
    found = [
        each
        for each in main_headlines(protocol, index)
        if not each.of_risks
        and any(_has_g(each, protocol.arm(arm.code)) for arm in protocol.experimental)
    ]
    rows = [row for each in found for row in _forest_rows(each, protocol)]
    if not rows:
        return ()
    one = len(protocol.experimental) == 1
    experimental = protocol.experimental[0].label if one else "experimental arm"
    ratio = confidence(protocol.plan.confidence_level)
    title = "Standardised effects on all outcomes"
    description = "; ".join(
        f"{row.label}{'' if one else f', {row.contrast}'}: {row.words}" for row in rows
    )
    figure = Figure(
        anchor="figure-forest",
        name="forest",
        drawing=FigureDrawing(
            partial(
                draw_forest,
                rows,
                effect_name="Hedges' g, positive favours the experimental arm",
                interval=f"{ratio} CI",
                favours_reference=f"Favours {protocol.reference.label}",
                favours_experimental=f"Favours {experimental}",
                several_contrasts=not one,
                alpha=protocol.plan.alpha,
                synthetic=protocol.trial.synthetic,
                name="forest",
                title=title,
                description=description,
            )
        ),
        title=title,
        description=f"Hedges' g with {ratio} interval, positive in favour of the experimental "
        f"arm. {description}.",
        caption=_forest_caption(found, ratio),
    )
    return (figure,)


def _has_g(headline: Headline, arm: Arm) -> bool:
    return all(stat in headline.effect(arm) for stat in HEDGES)


def _forest_rows(headline: Headline, protocol: Protocol) -> list[ForestRow]:
    rows = []
    for arm in protocol.experimental:
        found = headline.effect(arm)
        values = [value(found, stat) for stat in HEDGES]
        if any(each is None for each in values):
            continue
        effect, low, high = turned(
            *(float(each) for each in values if each is not None),
            lower_is_better=headline.outcome.direction is Direction.LOWER,
        )
        rows.append(
            ForestRow(
                label=headline.outcome.label,
                contrast=contrast_label(arm, protocol),
                primary=headline.is_primary,
                effect=effect,
                low=low,
                high=high,
                p=_two_sided_p(headline, arm),
                look=look(protocol.arm_codes.index(arm.code)),
                important=_standardised_change(headline, arm),
            )
        )
    return rows


def _two_sided_p(headline: Headline, arm: Arm) -> float | None:
    """The raw p value, which belongs to the limits of g; none where it asks in one direction."""
    row = headline.test(arm).get(Stat.P_VALUE)
    return None if row is None or is_one_sided(row) else row.stat


def _standardised_change(headline: Headline, arm: Arm) -> float | None:
    """The minimal important change in the unit of g: by what the effect was standardised by."""
    change = headline.outcome.minimal_important_change
    found = headline.effect(arm)
    estimate, g = value(found, Stat.ESTIMATE), value(found, Stat.HEDGES_G)
    if change is None or not estimate or not g or headline.is_ratio:
        return None
    return change * abs(g / estimate)


def _forest_caption(found: list[Headline], ratio: str) -> str:
    """What the signs mean: which outcomes were turned."""
    turned_round = [
        each.outcome.label for each in found if each.outcome.direction is Direction.LOWER
    ]
    signs = (
        f" The sign is reversed for outcomes of which lower is better ({listing(turned_round)})."
        if turned_round
        else ""
    )
    marked = [each.outcome.label for each in found if each.outcome.minimal_important_change]
    important = (
        f" Short dashed lines: the minimal important change of a person, standardised like the "
        f"effect ({listing(marked)}); of a difference between arms it is no threshold."
        if marked
        else ""
    )
    return (
        f"Standardised differences (Hedges' g) with {ratio} confidence intervals (bars); values "
        f"to the right favour the experimental arm.{signs}{important} "
        "P values are not adjusted."
    )
