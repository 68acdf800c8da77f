"""Grotta bars: the levels of an ordinal outcome as shares of a bar for each arm, readable in grey."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, pairwise

from matplotlib.patches import Patch

from trialkit.drawing.level_bars import draw_bar, greys, join_bars
from trialkit.drawing.looks import INK
from trialkit.printable import fit_for_xml
from trialkit.protocol.methods.outcome_kinds import Summary
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
from trialkit.report.figures.legends import legend_height, put_legend
from trialkit.report.lettering.text_width import text_width, wrap
from trialkit.report.numbers.numbers import count_percent, n_equals
from trialkit.report.tables.headlines import Headline, main_headlines
from trialkit.report.tables.levels import level_terms
from trialkit.report.words.en.wording import lowered
from trialkit.results.lookup import Before, ResultIndex, value
from trialkit.results.vocabulary import Stat

WIDTH = 7.4
BAR, BETWEEN, ABOVE, AXIS = 30.0, 24.0, 12.0, 40.0
"""The height of a bar, the room between two, above the first and for the axis, in points."""
STUB = 118.0
"""How wide the names of the arms are, in points."""
SIZE = 8.5


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelBar:
    """An arm, and how many of it are at each level, the lowest first."""

    label: str
    counts: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many have a value."""
        return sum(self.counts)

    @property
    def edges(self) -> tuple[float, ...]:
        """Where the levels begin and end, in percent."""
        return tuple(100 * each / self.size for each in accumulate((0, *self.counts)))


def draw_levels(
    bars: Sequence[LevelBar],
    levels: Sequence[str],
    *,
    synthetic: str,
    name: str,
    title: str,
    description: str,
) -> str:
    """The figure as SVG: a bar an arm, lines between where levels end, and the levels below."""
    shades = greys(len(levels))
    top = room_for_label(synthetic, width=WIDTH) * POINTS_PER_INCH
    foot = legend_height(levels, width=WIDTH) + 12
    body = len(bars) * BAR + (len(bars) - 1) * BETWEEN
    whole = top + ABOVE + body + AXIS + foot
    width = WIDTH * POINTS_PER_INCH
    with drawing(width=WIDTH, height=whole / POINTS_PER_INCH) as canvas:
        box = (STUB / width, (foot + AXIS) / whole, 1 - (STUB + 20) / width, body / whole)
        ax = canvas.add_axes(box)
        ax.set_xlim(0, 100)
        ax.set_ylim(body, 0)
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
        ax.set_xlabel("Participants, %")
        per_percent = (width - STUB - 20) / 100
        tops = [place * (BAR + BETWEEN) for place in range(len(bars))]
        for bar, y in zip(bars, tops, strict=True):
            draw_bar(
                ax, bar.edges, bar.counts, top=y, height=BAR, size=SIZE,
                has_room=lambda text, wide: text_width(text, size=SIZE) + 4 < wide * per_percent,
            )  # fmt: skip
            words = "\n".join(
                wrap(fit_for_xml(f"{bar.label} ({n_equals(bar.size)})"), size=SIZE, width=STUB - 16)
            )
            ax.text(-1.5, y + BAR / 2, words, ha="right", va="center", fontsize=SIZE, color=INK)
        for (upper, y), (lower, below) in pairwise(zip(bars, tops, strict=True)):
            join_bars(ax, (upper.edges, y + BAR), (lower.edges, below))
        keys = [Patch(facecolor=str(shade), edgecolor=INK, linewidth=0.7) for shade in shades]
        put_legend(canvas, keys, list(levels), bottom=5)
        label_synthetic(canvas, synthetic)
        return to_svg(canvas, name=name, title=title, description=description)


def level_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """The levels of each ordinal outcome of the main analyses at its time point."""
    found: dict[str, Headline] = {}
    for each in main_headlines(protocol, index):
        if each.summary is Summary.LEVELS:
            found.setdefault(each.outcome.code, each)
    figures = (_figure(each, protocol) for each in found.values())
    return tuple(each for each in figures if each is not None)


def _figure(headline: Headline, protocol: Protocol) -> Figure | None:
    outcome = headline.outcome
    visit = outcome.time_point
    terms = level_terms(headline, visit=visit)
    levels = [term.removeprefix(Before.LEVEL) for term in terms]
    rows = {
        arm.label: [headline.described(arm, visit=visit, term=term) for term in terms]
        for arm in protocol.arms
    }
    bars = [
        LevelBar(
            label=label, counts=tuple(int(value(each, Stat.EVENTS) or 0) for each in described)
        )
        for label, described in rows.items()
    ]
    bars = [each for each in bars if each.size]
    if not bars:
        return None
    when = lowered(protocol.visit(visit).label)
    title = f"{outcome.label}: participants at each level"
    said = (
        f"{each.label} "
        + ", ".join(
            f"{level} {count_percent(count, each.size)}"
            for level, count in zip(levels, each.counts, strict=True)
        )
        for each in bars
    )
    description = f"At {when}, from the lowest level on: {'; '.join(said)}."
    name = f"levels_{outcome.code}"
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        drawing=FigureDrawing(
            partial(
                draw_levels,
                bars,
                levels,
                synthetic=protocol.trial.synthetic,
                name=name,
                title=title,
                description=description,
            )
        ),
        title=title,
        description=description,
        caption=(
            f"{outcome.label} at {when}: the share of participants with data of each arm at each level, from the "
            "lowest (light) to the highest (dark); numbers in the bars are participants, and lines join where "
            f"levels end. Of these levels {outcome.direction.value} ones are better."
        ),
    )
