"""The effect in each subgroup on one axis, with no effect, the minimal important change, and one test."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.outcomes import Outcome
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
)
from trialkit.report.lettering.looks import (
    GREY,
    INK,
    TextLook,
    look,
)
from trialkit.report.lettering.svg import printable
from trialkit.report.lettering.text_width import wrap
from trialkit.report.numbers.numbers import confidence, p_equals, plain, with_interval
from trialkit.report.tables.cells import INTERVAL, contrast_label, contrast_term
from trialkit.report.words.en.terms import covariate_words
from trialkit.report.words.languages import words_of
from trialkit.results.lookup import IN_LEVEL, ResultIndex, Statistics, value
from trialkit.results.vocabulary import Stat

WIDTH = 7.4
LEFT, RIGHT = 0.34, 0.7
LINE, PADDING = 11.5, 9.0
HEAD, FOOT = 30.0, 74.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SubgroupRow:
    """One effect with its limits, or why there is none; or a head over the rows below it."""

    label: str
    heads: bool = False
    effect: float | None = None
    low: float = 0.0
    high: float = 0.0
    words: str = ""
    """Effect and interval, or for a head the p value of the interaction."""
    look: TextLook | None = None


def draw_subgroups(
    rows: Sequence[SubgroupRow],
    *,
    axis: str,
    head: str,
    important: float | None,
    explanation: str,
    synthetic: str,
    name: str,
    title: str,
    description: str,
) -> str:
    """The figure as SVG; ``important`` is the minimal important change with the sign of better."""
    room = WIDTH * POINTS_PER_INCH * LEFT - 30
    texts = [wrap(printable(row.label), size=9, width=room) for row in rows]
    heights = [len(lines) * LINE + PADDING for lines in texts]
    top = room_for_label(synthetic, width=WIDTH)
    points = sum(heights) + HEAD + FOOT + top * POINTS_PER_INCH
    with drawing(width=WIDTH, height=points / POINTS_PER_INCH) as canvas:
        ax = canvas.add_axes((LEFT, FOOT / points, RIGHT - LEFT, sum(heights) / points))
        ax.set_ylim(sum(heights), 0)
        ax.spines["left"].set_visible(False)
        ax.set_yticks([])
        ax.axvline(0, color=GREY, linewidth=1)
        if important is not None:
            ax.axvline(important, color=INK, linewidth=1.1, linestyle=(0, (4, 3)))
        above = 0.0
        for row, lines, height in zip(rows, texts, heights, strict=True):
            _draw_row(ax, row, lines, middle=above + height / 2)
            above += height
        _set_limits(ax, rows, important)
        ax.set_xlabel("\n".join(wrap(printable(axis), size=8.5, width=260)[:2]), fontsize=8.5)
        plot_top = 1 - (HEAD + top * POINTS_PER_INCH) / points
        canvas.text(
            0.985, plot_top + 8 / points, head, ha="right", va="bottom", fontsize=8.5, weight="bold"
        )
        explained(canvas, explanation)
        label_synthetic(canvas, synthetic)
        return to_svg(canvas, name=name, title=title, description=description)


def _draw_row(ax: Axes, row: SubgroupRow, lines: tuple[str, ...], *, middle: float) -> None:
    sides = ax.get_yaxis_transform()
    left = (0.015 + (0.0 if row.heads else 0.02) - LEFT) / (RIGHT - LEFT)
    ax.text(
        left,
        middle,
        "\n".join(lines),
        transform=sides,
        va="center",
        ha="left",
        fontweight="bold" if row.heads else "normal",
        linespacing=1.15,
    )
    ax.text(
        (0.985 - LEFT) / (RIGHT - LEFT),
        middle,
        row.words,
        transform=sides,
        va="center",
        ha="right",
        fontsize=8.5,
    )
    if row.effect is None or row.look is None:
        return
    ax.plot([row.low, row.high], [middle, middle], color=row.look.colour, linewidth=1.5)
    ax.plot(
        [row.effect],
        [middle],
        color=row.look.colour,
        marker=row.look.marker,
        markersize=6,
        markeredgecolor="white",
        linestyle="none",
        zorder=5,
    )


def _set_limits(ax: Axes, rows: Sequence[SubgroupRow], important: float | None) -> None:
    """Zero and the minimal important change always in sight, and some air at both ends."""
    ends = [end for row in rows if row.effect is not None for end in (row.low, row.high)]
    ends += [0.0, *([] if important is None else [important])]
    air = 0.06 * (max(ends) - min(ends)) or 0.5
    ax.set_xlim(min(ends) - air, max(ends) + air)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    ax.tick_params(axis="x", labelsize=8.5)
    ticked(ax, which="x")


def subgroup_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """A figure for each planned subgroup analysis and outcome that has results."""
    found = (
        _subgroups(analysis, protocol.outcome(code), protocol, index)
        for analysis in protocol.plan.analyses
        for code in analysis.outcomes
        if _within(analysis, protocol.outcome(code), protocol)
    )
    return tuple(figure for figure in found if figure is not None)


def _within(analysis: Analysis, outcome: Outcome, protocol: Protocol) -> str:
    """The characteristic in whose levels the arms are compared; blank where there is none."""
    effect = protocol.effect(analysis.id, outcome)
    return "" if effect is None else effect.within


def _subgroups(
    analysis: Analysis, outcome: Outcome, protocol: Protocol, index: ResultIndex
) -> Figure | None:
    """The effect in all participants, then in each level of the characteristic."""
    binary = outcome.kind.is_proportion
    specification = analysis.specification
    words = words_of(specification, protocol)
    method = Stat.RISK_DIFFERENCE.value if binary else specification.method.value
    scale, digits = (100.0, 1) if binary else (1.0, outcome.digits)
    rows: list[SubgroupRow] = []
    for arm in protocol.experimental:
        term = contrast_term(arm, protocol)
        levels = [
            (
                words.level(specification, address.term.removeprefix(f"{term}{IN_LEVEL}")),
                index.at(address),
            )
            for address in index.addresses(analysis.id, outcome=outcome.code)
            if address.term.startswith(f"{term}{IN_LEVEL}") and address.method == method
        ]
        effects = [
            _subgroup_row(level, found, arm, protocol, scale=scale, digits=digits)
            for level, found in levels
        ]
        if effects:
            head = contrast_label(arm, protocol)
            rows.append(
                SubgroupRow(
                    label=head,
                    heads=True,
                    words=_interaction(analysis, outcome, term, protocol, index),
                )
            )
            rows += [
                _subgroup_row("All participants", each, arm, protocol, scale=scale, digits=digits)
                for each in _overall(analysis, outcome, term, method, index)
            ]
            rows += effects
    if not rows:
        return None
    by = covariate_words(_within(analysis, outcome, protocol), protocol)
    change = None if binary else outcome.minimal_important_change
    better = -1 if outcome.direction is Direction.LOWER else 1
    ratio = confidence(protocol.plan.confidence_level)
    unit = "percentage points" if binary else outcome.unit
    name = f"subgroups_{analysis.id}_{outcome.code}"
    title = f"{outcome.label}: effect by {by}"
    description = "; ".join(f"{row.label}: {row.words}" for row in rows)
    important = (
        f" Dashed line: minimal important change ({plain(change)} {outcome.unit}).".replace(
            " )", ")"
        )
        if change is not None
        else ""
    )
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        drawing=FigureDrawing(
            partial(
                draw_subgroups,
                rows,
                axis=f"Difference from the reference arm{f', {unit}' if unit else ''}",
                head=f"Difference ({ratio} CI)",
                important=None if change is None else better * change,
                explanation=(
                    f"Bars: {ratio} confidence interval; {outcome.direction.value} is better.{important}"
                ),
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
            f"not tested. {words.at_cut_points(specification)}".rstrip()
        ),
    )


def _subgroup_row(
    label: str, found: Statistics, arm: Arm, protocol: Protocol, *, scale: float, digits: int
) -> SubgroupRow:
    effect, low, high = (value(found, stat) for stat in INTERVAL)
    if effect is None or low is None or high is None:
        return SubgroupRow(label=label, words="not estimable")
    effect, low, high = effect * scale, low * scale, high * scale
    return SubgroupRow(
        label=label,
        effect=effect,
        low=low,
        high=high,
        words=with_interval(effect, low, high, digits=digits),
        look=look(protocol.arm_codes.index(arm.code)),
    )


def _overall(
    analysis: Analysis, outcome: Outcome, term: str, method: str, index: ResultIndex
) -> tuple[Statistics, ...]:
    """The effect in all participants, by the model of the subgroups without the interaction."""
    found = index.find(
        analysis.id, outcome=outcome.code, term=term, method=method, having=Stat.ESTIMATE
    )
    return (found,) if found else ()


def _interaction(
    analysis: Analysis, outcome: Outcome, term: str, protocol: Protocol, index: ResultIndex
) -> str:
    for name in (f"interaction {term}", "interaction"):
        found = index.find(analysis.id, outcome=outcome.code, term=name, having=Stat.P_VALUE)
        if found:
            p = value(found, Stat.P_VALUE)
            said = "not estimable" if p is None else p_equals(p, alpha=protocol.plan.alpha)
            return f"interaction: {said}"
    return ""
