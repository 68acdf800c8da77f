"""The share of each arm without the event as time goes on, with the numbers still at risk below.

Where events compete, the share that had each of them, a panel an event.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.axes import Axes

from trialkit.drawing.looks import LIGHT, TextLook, look
from trialkit.drawing.steps import draw_band, draw_censored, draw_steps, write_at_risk
from trialkit.printable import fit_for_xml
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.figures.figures import (
    POINTS_PER_INCH,
    drawing,
    label_synthetic,
    room_for_label,
    ticked,
    to_svg,
    upright,
)
from trialkit.report.figures.legends import key, legend_height, put_legend
from trialkit.report.lettering.text_width import wrap
from trialkit.report.numbers.numbers import confidence, count, fraction_percent
from trialkit.report.tables.headlines import Headline, main_headlines
from trialkit.report.words.en.sentences.pooled import unless_pooled
from trialkit.report.words.en.wording import lowered
from trialkit.results.lookup import ResultIndex, value
from trialkit.results.series import Mark, Point, Series, SeriesKind, xs, ys
from trialkit.results.vocabulary import Stat

WIDTH, PLOT_HEIGHT = 7.4, 2.75
ABOVE = 24.0
LINE = 11.5
SIZE = 8.0
LEFT = 0.16
"""Where the axis begins, as a share of the width: names of arms stand before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmCurve:
    """An arm's curve, by the event that it is of; its look, and who is at risk at each tick."""

    arm: Arm
    look: TextLook
    steps: tuple[Point, ...]
    censored: tuple[Point, ...]
    at_risk: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimesPanel:
    """What one pair of axes shows: a title, blank where there is one panel alone, and curves."""

    title: str
    curves: tuple[ArmCurve, ...]


def draw_times(
    panels: Sequence[TimesPanel],
    *,
    across: str,
    upwards: str,
    synthetic: str,
    name: str,
    title: str,
    description: str,
    of_shares: bool = True,
) -> str:
    """The figure as SVG: falling or rising steps with their limits, marks of censoring, numbers at risk.

    Shares are drawn in percent up to all, other numbers as they are.
    """
    first = panels[0].curves
    labels = [each.arm.label for each in first]
    names = [wrap(fit_for_xml(each), size=SIZE, width=LEFT * WIDTH * 72 - 34) for each in labels]
    rows = sum(map(len, names)) + 1
    foot = legend_height(labels, width=WIDTH) + 12
    table = rows * LINE + 6
    each_height = PLOT_HEIGHT * POINTS_PER_INCH + ABOVE
    head = room_for_label(synthetic, width=WIDTH) * POINTS_PER_INCH
    whole = head + each_height * len(panels) + 44 + table + foot
    with drawing(width=WIDTH, height=whole / POINTS_PER_INCH) as canvas:
        last = max(x for panel in panels for each in panel.curves for x in xs(each.steps))
        for place, panel in enumerate(panels):
            below = foot + table + 44 + each_height * (len(panels) - 1 - place)
            ax = canvas.add_axes(
                (LEFT, below / whole, 0.97 - LEFT, (each_height - ABOVE - 14) / whole)
            )
            _draw_panel(ax, panel, last=last, upwards=upwards, of_shares=of_shares)
            if place + 1 < len(panels):
                ax.set_xticklabels([])
            else:
                ax.set_xlabel(upright(across, size=9, length=430))
                _number_at_risk(ax, first, names)
        keys = [key(each.look, marker="") for each in first]
        put_legend(canvas, keys, labels, bottom=5)
        label_synthetic(canvas, synthetic)
        return to_svg(canvas, name=name, title=title, description=description)


def _draw_panel(ax: Axes, panel: TimesPanel, *, last: float, upwards: str, of_shares: bool) -> None:
    scaled = 100 if of_shares else 1
    ax.set_axisbelow(True)
    ax.grid(color=LIGHT, linewidth=0.6)
    for each in panel.curves:
        times = xs(each.steps)
        draw_steps(ax, times, [scaled * y for y in ys(each.steps)], each.look)
        limited = [point for point in each.steps if None not in {point.low, point.high}]
        low = [scaled * (point.low or 0.0) for point in limited]
        high = [scaled * (point.high or 0.0) for point in limited]
        draw_band(ax, xs(limited), low, high, each.look)
        draw_censored(ax, xs(each.censored), [scaled * y for y in ys(each.censored)], each.look)
    ax.set_ylim(0, 102 if of_shares else None)
    ax.set_xlim(0, last * 1.02 or 1.0)
    ax.set_xticks(xs(panel.curves[0].at_risk))
    ax.set_ylabel(upright(upwards, size=9, length=175))
    if panel.title:
        ax.set_title("\n".join(wrap(fit_for_xml(panel.title), size=9.5, width=420)), loc="left")
    ticked(ax, which="x")


def _number_at_risk(ax: Axes, curves: Sequence[ArmCurve], names: Sequence[Sequence[str]]) -> None:
    """The numbers below the ticks of their times, an arm a row."""
    rows = [
        (name, [count(point.n) for point in each.at_risk], each.look)
        for each, name in zip(curves, names, strict=True)
    ]
    times = [point.x or 0.0 for point in curves[0].at_risk]
    write_at_risk(ax, times, rows, size=SIZE, line=LINE)


def times_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """For each time to an event, the curves of the arms."""
    found = (
        (each, index.series(SeriesKind.TIMES, each.analysis.id, outcome=each.outcome.code))
        for each in main_headlines(protocol, index)
    )
    return tuple(_figure(each, series, protocol) for each, series in found if series is not None)


def _figure(headline: Headline, series: Series, protocol: Protocol) -> Figure:
    outcome = headline.outcome
    risk = outcome.risk
    competing = risk.competing if risk is not None else ()
    events = [(outcome.code, outcome.label), *((each.code, each.label) for each in competing)]
    panels = [
        TimesPanel(title=label, curves=curves_of(series, protocol, cause=code)) for code, label in events
    ] if competing else [TimesPanel(title="", curves=curves_of(series, protocol))]  # fmt: skip
    panels = [each for each in panels if each.curves]
    name = f"times_{outcome.code}"
    unit = risk.unit.value if risk is not None else ""
    what = "with the event" if competing else "without the event"
    told = "; ".join(_told(headline, arm) for arm in protocol.arms)
    level = confidence(protocol.plan.confidence_level)
    method = "Cumulative incidence (Aalen and Johansen)" if competing else "Kaplan-Meier curves"
    title = f"{outcome.label}: participants {what} over time"
    description = f"With the event: {told}."
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        drawing=FigureDrawing(
            partial(
                draw_times,
                panels,
                across=f"Time in {unit}",
                upwards=f"Participants {what}, %",
                synthetic=protocol.trial.synthetic,
                name=name,
                title=title,
                description=description,
            )
        ),
        title=title,
        description=description,
        caption=(
            f"{outcome.label}: {lowered(method)}{unless_pooled(protocol, ' of each arm')}, the share "
            f"{what}, with pointwise {level} limits as bands"
            f"{'' if competing else '; a stroke marks participants censored at that time'}. Below: how "
            "many are still at risk."
        ),
        drawn_from=(series.result_id,),
    )


def curves_of(series: Series, protocol: Protocol, *, cause: str = "") -> tuple[ArmCurve, ...]:
    """The curve of each arm, of events that compete that of a cause."""
    return tuple(
        ArmCurve(
            arm=arm,
            look=look(protocol.arm_codes.index(arm.code)),
            steps=steps,
            censored=_marked(series, arm, Mark.CENSORED) if not cause else (),
            at_risk=_marked(series, arm, Mark.AT_RISK),
        )
        for arm in protocol.arms
        if (steps := tuple(each for each in series.of(arm.code) if each.label == cause))
    )


def _marked(series: Series, arm: Arm, mark: Mark) -> tuple[Point, ...]:
    return tuple(
        each for each in series.points if each.arm == arm.code and each.label == mark.value
    )


def _told(headline: Headline, arm: Arm) -> str:
    found = headline.described(arm, visit=headline.outcome.time_point)
    share = fraction_percent(value(found, Stat.EVENTS), value(found, Stat.N), in_sentence=True)
    return f"{arm.label} {share}"
