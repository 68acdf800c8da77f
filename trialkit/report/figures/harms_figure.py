"""Adverse events: each arm's percentage on the left, the difference with its interval on the right."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.axes import Axes

from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.figures.figures import (
    POINTS_PER_INCH,
    drawing,
    explained,
    label_synthetic,
    room_for_label,
    ticked,
    to_svg,
    words_height,
)
from trialkit.report.figures.legends import key, legend_height, put_legend
from trialkit.report.lettering.looks import (
    GREY,
    LIGHT,
    TextLook,
    look,
)
from trialkit.report.lettering.svg import printable
from trialkit.report.lettering.text_width import wrap
from trialkit.report.numbers.numbers import confidence, number
from trialkit.report.tables.cells import INTERVAL, contrast_term
from trialkit.report.words.en.sentences.harms import by_arm, event_words
from trialkit.report.words.en.wording import capitalised
from trialkit.results.harms import EventFact
from trialkit.results.lookup import Before, ResultIndex, Shelf, Term, value
from trialkit.results.vocabulary import Stat

WIDTH = 7.4
LEFT, MIDDLE, RIGHT = 0.3, 0.62, 0.98
HEAD, TICKS = 26.0, 34.0
LINE, PADDING = 11.5, 8.0
MOST_EVENTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmShare:
    """How many percent of an arm had the event."""

    look: TextLook
    label: str
    percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskDifference:
    """An arm's risk difference from the reference, in percentage points."""

    look: TextLook
    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One kind of event."""

    label: str
    shares: tuple[ArmShare, ...]
    differences: tuple[RiskDifference, ...]


def draw_harms(
    rows: Sequence[EventRow],
    *,
    interval: str,
    synthetic: str,
    name: str,
    title: str,
    description: str,
) -> str:
    """The figure as SVG, one row an event."""
    room = LEFT * WIDTH * POINTS_PER_INCH - 16
    texts = [wrap(printable(row.label), size=8.5, width=room) for row in rows]
    least = 8.0 * max(len(row.differences) for row in rows)
    heights = [max(len(lines) * LINE, least) + PADDING for lines in texts]
    top = room_for_label(synthetic, width=WIDTH)
    words = f"Bars: {interval} confidence interval of the risk difference."
    arms = rows[0].shares
    labels = [each.label for each in arms]
    below = words_height(words, width=WIDTH)
    foot = TICKS + legend_height(labels, width=WIDTH) + below
    points = sum(heights) + HEAD + foot + top * POINTS_PER_INCH
    with drawing(width=WIDTH, height=points / POINTS_PER_INCH) as canvas:
        tall = sum(heights) / points
        shares = canvas.add_axes((LEFT, foot / points, MIDDLE - LEFT - 0.02, tall))
        differences = canvas.add_axes((MIDDLE + 0.02, foot / points, RIGHT - MIDDLE - 0.02, tall))
        for ax, head in ((shares, "Participants, %"), (differences, "Risk difference, points")):
            _prepare(ax, head, bottom=sum(heights))
        differences.axvline(0, color=GREY, linewidth=1)
        above = 0.0
        for row, lines, height in zip(rows, texts, heights, strict=True):
            _draw_row(shares, differences, row, lines, middle=above + height / 2)
            above += height
        shares.set_xlim(left=-2)
        keys = [key(each.look, line=False) for each in arms]
        put_legend(canvas, keys, labels, bottom=below + 4)
        explained(canvas, words)
        label_synthetic(canvas, synthetic)
        return to_svg(canvas, name=name, title=title, description=description)


def _prepare(ax: Axes, head: str, *, bottom: float) -> None:
    ax.set_ylim(bottom, 0)
    ax.set_yticks([])
    ax.set_axisbelow(True)
    ax.grid(axis="x", color=LIGHT, linewidth=0.6)
    ax.spines["left"].set_visible(False)
    ax.set_title(head, loc="left", fontsize=8.5)
    ax.tick_params(axis="x", labelsize=8.5)
    ticked(ax, which="x")


def _draw_row(
    shares: Axes, differences: Axes, row: EventRow, lines: tuple[str, ...], *, middle: float
) -> None:
    shares.text(
        -0.02,
        middle,
        "\n".join(lines),
        transform=shares.get_yaxis_transform(),
        ha="right",
        va="center",
        fontsize=8.5,
    )
    for at, share in enumerate(row.shares):
        shares.plot(
            [share.percent],
            [middle + 5.0 * (at - (len(row.shares) - 1) / 2)],
            color=share.look.colour,
            marker=share.look.marker,
            markersize=6,
            markeredgecolor="white",
            linestyle="none",
        )
    for at, each in enumerate(row.differences):
        level = middle + 8.0 * (at - (len(row.differences) - 1) / 2)
        differences.plot([each.low, each.high], [level, level], color=each.look.colour)
        differences.plot(
            [each.estimate],
            [level],
            color=each.look.colour,
            marker=each.look.marker,
            markersize=6,
            markeredgecolor="white",
            linestyle="none",
        )


def harms_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """Each event by arm, the most frequent first; none when there was none, or no arm is seen."""
    arms = [
        arm
        for arm in protocol.arms
        if value(index.find(Shelf.HARMS, term=Term.ANY_EVENT, arm=arm.code), Stat.N)
    ]
    terms = dict.fromkeys(each.term for each in index.addresses(Shelf.HARMS))
    events = [term for term in terms if term.startswith(Before.EVENT)]
    if not events or not arms or protocol.is_pooled:
        return ()
    ordered = sorted(
        events,
        key=lambda term: -max(_percent(term, arm, index) for arm in arms),
    )
    rows = [
        _event_row(term, arms, protocol, index) for term in (Term.ANY_EVENT, *ordered[:MOST_EVENTS])
    ]
    ratio = confidence(protocol.plan.confidence_level)
    description = "; ".join(
        f"{row.label}: "
        + ", ".join(f"{each.label} {number(each.percent, digits=0)}%" for each in row.shares)
        for row in rows
    )
    left_out = len(events) - MOST_EVENTS
    more = f" The {MOST_EVENTS} most frequent of {len(events)} are drawn." if left_out > 0 else ""
    unnamed = (
        " Events whose term was not recorded are in the first row alone."
        if EventFact.TERM.unknown in terms
        else ""
    )
    figure = Figure(
        anchor="figure-adverse_events",
        name="adverse_events",
        drawing=FigureDrawing(
            partial(
                draw_harms,
                rows,
                interval=ratio,
                synthetic=protocol.trial.synthetic,
                name="adverse_events",
                title="Adverse events by arm",
                description=description,
            )
        ),
        title="Adverse events by arm",
        description=description,
        caption=(
            f"Adverse events: participants with at least one, by {by_arm(protocol, index)}, and risk "
            f"difference from the reference arm with {ratio} confidence intervals.{more}{unnamed}"
        ),
    )
    return (figure,)


def _percent(term: str, arm: Arm, index: ResultIndex) -> float:
    found = index.find(Shelf.HARMS, term=term, arm=arm.code)
    return float(value(found, Stat.PERCENT) or 0.0)


def _event_row(term: str, arms: list[Arm], protocol: Protocol, index: ResultIndex) -> EventRow:
    differences = []
    for arm in arms:
        found = index.find(
            Shelf.HARMS,
            term=term,
            arm=contrast_term(arm, protocol),
            method=Stat.RISK_DIFFERENCE.value,
        )
        effect, low, high = (value(found, stat) for stat in INTERVAL)
        if effect is not None and low is not None and high is not None:
            differences.append(
                RiskDifference(
                    look=look(protocol.arm_codes.index(arm.code)),
                    estimate=100 * effect,
                    low=100 * low,
                    high=100 * high,
                )
            )
    return EventRow(
        label=capitalised(event_words(term)),
        shares=tuple(
            ArmShare(
                look=look(protocol.arm_codes.index(arm.code)),
                label=arm.label,
                percent=_percent(term, arm, index),
            )
            for arm in arms
        ),
        differences=tuple(differences),
    )
