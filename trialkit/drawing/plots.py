"""A picture of a result on matplotlib's axes, as ``.plot()`` gives it in a notebook."""

from itertools import accumulate, pairwise
from math import ceil, floor, log10

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from trialkit.drawing.level_bars import draw_bar, greys, join_bars
from trialkit.drawing.looks import GREY, INK, LIGHT, look
from trialkit.drawing.marks import draw_course, draw_effect, draw_residuals_of
from trialkit.drawing.steps import draw_band, draw_censored, draw_steps, write_at_risk
from trialkit.results.pictures import (
    CoursesPicture,
    CurvesPicture,
    EffectsPicture,
    LevelsPicture,
    Picture,
    ResidualsPicture,
)

DODGE = 0.09
"""How far neighbouring arms stand apart, in visits, so that limits do not hide each other."""
SIZE, LINE = 8.0, 12.0
BAR, BETWEEN = 1.0, 0.5
FEWEST_TICKS = 3


def draw(picture: Picture, *, title: str, ax: Axes | None) -> Axes:
    """The picture on ``ax``, or on a figure of its own."""
    if ax is None:
        _, ax = plt.subplots(figsize=_size(picture), layout="constrained")
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    ax.set_axisbelow(True)
    ax.set_title(_lines(title), loc="left", fontsize=9.5, parse_math=False)
    match picture:
        case EffectsPicture():
            _effects(ax, picture)
        case CoursesPicture():
            _courses(ax, picture)
        case CurvesPicture():
            _curves(ax, picture)
        case LevelsPicture():
            _levels(ax, picture)
        case ResidualsPicture():
            _residuals(ax, picture)
    return ax


def _size(picture: Picture) -> tuple[float, float]:
    """Of a figure of its own, in inches."""
    match picture:
        case EffectsPicture():
            return 6.4, 1.5 + 0.32 * (len(picture.effects) + len(picture.left_out))
        case CurvesPicture():
            return 6.8, 4.0 + 0.18 * len(picture.curves)
        case LevelsPicture():
            return 6.8, 1.6 + 0.6 * len(picture.counts)
        case _:
            return 6.4, 4.0


def _effects(ax: Axes, picture: EffectsPicture) -> None:
    """The first at the top; a limit that is infinite ends at the edge."""
    if picture.logarithmic:
        ax.set_xscale("log")
    ends = [end for each in picture.effects for end in (each.low, each.high) if np.isfinite(end)]
    inside = [*ends, *(each.estimate for each in picture.effects), picture.null]
    if picture.logarithmic:
        inside = [each for each in inside if each > 0]
        span = max(inside) / min(inside)
        edges = min(inside) / span**0.08, max(inside) * span**0.08
        ax.xaxis.set_major_locator(FixedLocator(_ticks(*edges)))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: f"{tick:g}"))
        ax.xaxis.set_minor_locator(NullLocator())
    else:
        room = 0.08 * (max(inside) - min(inside) or 1.0)
        edges = min(inside) - room, max(inside) + room
    ax.axvline(picture.null, color=GREY, linewidth=1)
    labels = [each.label for each in picture.effects]
    for place, each in enumerate(picture.effects):
        limits = max(each.low, edges[0]), min(each.high, edges[1])
        draw_effect(ax, each.estimate, limits, height=float(place), look=look(1))
    labels += [f"{each}: not estimable" for each in picture.left_out]
    ax.set_yticks(range(len(labels)), [_lines(each, 34) for each in labels], parse_math=False)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.set_xlim(*edges)
    ax.spines["left"].set_visible(False)
    ax.set_xlabel(picture.across, parse_math=False)


def _ticks(low: float, high: float) -> list[float]:
    """Ratios that are easily read, from low to high: at least three of them."""
    decades = range(floor(log10(low)), ceil(log10(high)) + 1)
    for within in (
        (1,),
        (1, 3),
        (1, 2, 5),
        (1, 1.5, 2, 3, 5, 7),
        tuple(n / 10 for n in range(10, 100)),
    ):
        found = [part * 10.0**decade for decade in decades for part in within]
        shown = [each for each in found if low <= each <= high]
        if len(shown) >= FEWEST_TICKS:
            return shown
    return [1.0]


def _courses(ax: Axes, picture: CoursesPicture) -> None:
    places = range(len(picture.places))
    for position, each in enumerate(picture.courses):
        shift = (position - (len(picture.courses) - 1) / 2) * DODGE
        where = [place + shift for place in places]
        limits = each.low.tolist(), each.high.tolist()
        draw_course(
            ax, where, each.means.tolist(), limits, label=each.label, look=look(position)
        )  # fmt: skip
    ax.set_xticks(list(places), list(picture.places), parse_math=False)
    ax.set_xlim(-0.5, len(picture.places) - 0.5)
    ax.grid(axis="y", color=LIGHT, linewidth=0.6)
    ax.set_ylabel(picture.upwards, parse_math=False)
    _legend(ax)


def _curves(ax: Axes, picture: CurvesPicture) -> None:
    """Shares in percent; the numbers at risk below."""
    by = 100.0 if picture.is_share else 1.0
    last = max(float(each.times[-1]) for each in picture.curves)
    for position, each in enumerate(picture.curves):
        own = look(position)
        values = by * each.values
        draw_steps(ax, each.times.tolist(), values.tolist(), own)
        ax.lines[-1].set_label(each.label)
        known = ~np.isnan(each.low) & ~np.isnan(each.high)
        draw_band(
            ax, each.times[known].tolist(), (by * each.low[known]).tolist(),
            (by * each.high[known]).tolist(), own,
        )  # fmt: skip
        if each.censored.any():
            draw_censored(
                ax, each.times[each.censored].tolist(), values[each.censored].tolist(), own
            )
    ax.set_xlim(0, last * 1.02 or 1.0)
    ax.set_ylim(0, 102 if picture.is_share else None)
    ax.grid(color=LIGHT, linewidth=0.6)
    ax.set_ylabel(picture.upwards, parse_math=False)
    ax.set_xlabel(picture.across, parse_math=False)
    ticks = [float(tick) for tick in ax.get_xticks() if 0 <= tick <= last]
    ax.set_xticks(ticks)
    rows = [
        ([each.label], [f"{n}" for n in each.at_risk_at(np.array(ticks))], look(position))
        for position, each in enumerate(picture.curves)
    ]
    write_at_risk(ax, ticks, rows, size=SIZE, line=LINE, depth=38.0)
    _legend(ax)


def _levels(ax: Axes, picture: LevelsPicture) -> None:
    tops = [place * (BAR + BETWEEN) for place in range(len(picture.counts))]
    edges = []
    for (arm, counts), top in zip(picture.counts.items(), tops, strict=True):
        size = sum(counts)
        edges.append([0.0, *(100 * part / max(size, 1) for part in accumulate(counts))])
        draw_bar(
            ax, edges[-1], counts, top=top, height=BAR, size=SIZE,
            has_room=lambda text, wide: wide > 2 + 1.4 * len(text),
        )  # fmt: skip
        ax.text(
            -1.5, top + BAR / 2, f"{arm} (n = {size})", ha="right", va="center", fontsize=SIZE + 1,
            color=INK, parse_math=False,
        )  # fmt: skip
    for (upper, top), (lower, below) in pairwise(zip(edges, tops, strict=True)):
        join_bars(ax, (upper, top + BAR), (lower, below))
    ax.set_xlim(0, 100)
    ax.set_ylim(tops[-1] + BAR, 0)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("Participants, %")
    shades = greys(len(picture.levels))
    keys = [Patch(facecolor=str(shade), edgecolor=INK, linewidth=0.7) for shade in shades]
    ax.legend(
        keys, picture.levels, loc="upper center", bbox_to_anchor=(0.5, -0.28 / max(len(tops) - 1, 1)),
        ncols=min(len(shades), 4), frameon=False, fontsize=SIZE + 1,
    )  # fmt: skip


def _residuals(ax: Axes, picture: ResidualsPicture) -> None:
    ax.axhline(0, color=GREY, linewidth=1)
    for code, arm in enumerate(picture.arms):
        own = picture.codes == code
        across, residuals = picture.fitted[own].tolist(), picture.residuals[own].tolist()
        draw_residuals_of(ax, across, residuals, look(code))
        ax.lines[-1].set_label(arm)
    ax.grid(color=LIGHT, linewidth=0.6)
    ax.set_xlabel("Fitted value")
    ax.set_ylabel("Residual")
    _legend(ax)


def _legend(ax: Axes) -> None:
    ax.legend(frameon=False, fontsize=SIZE + 1)


def _lines(text: str, width: int = 72) -> str:
    """The text in lines of no more than so many letters, broken between words."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)
