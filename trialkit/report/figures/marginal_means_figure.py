"""Each arm's marginal mean at each visit with its confidence interval, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from trialkit.decimals import significant
from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.visits import Visit
from trialkit.report.content.content import Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.figures.figures import (
    POINTS_PER_INCH,
    drawing,
    label_synthetic,
    room_for_label,
    room_for_upright,
    side_by_side,
    to_svg,
    upright,
)
from trialkit.report.figures.legends import key, legend_height, put_legend
from trialkit.report.lettering.looks import (
    LIGHT,
    TextLook,
    look,
)
from trialkit.report.lettering.svg import printable
from trialkit.report.numbers.numbers import confidence, number, plain
from trialkit.report.words.en.wording import lowered
from trialkit.report.words.languages import words_of
from trialkit.results.lookup import ResultIndex, Term, value
from trialkit.results.vocabulary import Stat

WIDTH, PLOT_HEIGHT = 6.4, 2.4
ABOVE, RIGHT = 24.0, 12.0
DODGE = 0.09
"""How far neighbouring arms stand apart, in visits, so that intervals do not hide each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatedMean:
    """An arm's marginal mean at a visit with its limits."""

    visit: str
    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmCourse:
    """One arm's marginal means over the visits."""

    arm: Arm
    look: TextLook
    means: tuple[EstimatedMean, ...]


def draw_marginal_means(
    courses: Sequence[ArmCourse],
    *,
    visits: Sequence[Visit],
    axis: str,
    confidence_level: float,
    synthetic: str,
    name: str,
    title: str,
    description: str,
) -> str:
    """The figure as SVG; arms differ in colour and in shape."""
    top = room_for_label(synthetic, width=WIDTH)
    left = room_for_upright(axis, size=9, length=PLOT_HEIGHT * POINTS_PER_INCH)
    wide = WIDTH * POINTS_PER_INCH - left - RIGHT
    labels = side_by_side(
        [printable(each.label) for each in visits], size=8.5, room=min(90, wide / len(visits) - 3)
    )
    arms = [each.arm.label for each in courses]
    foot = legend_height(arms, width=WIDTH) + 10
    bottom = foot + 14 + 10.6 * max(each.count("\n") + 1 for each in labels)
    whole = PLOT_HEIGHT + top + (bottom + ABOVE) / POINTS_PER_INCH
    with drawing(width=WIDTH, height=whole) as canvas:
        ax = canvas.add_axes(
            (
                left / (WIDTH * POINTS_PER_INCH),
                bottom / POINTS_PER_INCH / whole,
                wide / (WIDTH * POINTS_PER_INCH),
                PLOT_HEIGHT / whole,
            )
        )
        for position, course in enumerate(courses):
            shift = (position - (len(courses) - 1) / 2) * DODGE
            _draw_course(ax, course, visits=visits, shift=shift)
        ax.set_xticks(list(range(len(visits))), labels)
        ax.set_xlim(-0.4, len(visits) - 0.6)
        ax.set_axisbelow(True)
        ax.grid(axis="y", color=LIGHT, linewidth=0.6)
        ax.set_ylabel(upright(axis, size=9, length=PLOT_HEIGHT * POINTS_PER_INCH))
        ax.yaxis.set_major_formatter(
            FuncFormatter(lambda tick, _: plain(float(significant(tick, 10))))
        )
        put_legend(canvas, [key(each.look) for each in courses], arms, bottom=5)
        ax.set_title(
            f"Marginal mean with {confidence(confidence_level)} confidence interval",
            loc="left",
            fontsize=8.5,
            fontweight="normal",
        )
        label_synthetic(canvas, synthetic)
        return to_svg(canvas, name=name, title=title, description=description)


def _draw_course(ax: Axes, course: ArmCourse, *, visits: Sequence[Visit], shift: float) -> None:
    places = {visit.code: float(number) for number, visit in enumerate(visits)}
    ax.errorbar(
        [places[each.visit] + shift for each in course.means],
        [each.estimate for each in course.means],
        yerr=[
            [each.estimate - each.low for each in course.means],
            [each.high - each.estimate for each in course.means],
        ],
        label=printable(course.arm.label),
        color=course.look.colour,
        marker=course.look.marker,
        linestyle=course.look.dash,
        markersize=6.5,
        markeredgecolor="white",
        linewidth=1.6,
        elinewidth=1.4,
        capsize=3.5,
    )


def marginal_means_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """One figure a mixed model for repeated measures of the plan and outcome, in the plan's order."""
    found = (
        _figure(analysis, protocol.outcome(code), protocol, index)
        for analysis in protocol.plan.analyses
        for code in analysis.outcomes
    )
    return tuple(each for each in found if each is not None)


def _figure(
    analysis: Analysis, outcome: Outcome, protocol: Protocol, index: ResultIndex
) -> Figure | None:
    courses = [_course(arm, analysis, outcome, protocol, index) for arm in protocol.arms]
    seen = {mean.visit for course in courses for mean in course.means}
    if not seen:
        return None
    visits = [visit for visit in protocol.visits if visit.code in seen]
    specification = analysis.specification
    words = words_of(specification, protocol)
    named = words.names[specification.method]
    changed = words.response(specification) is Response.CHANGE
    what = f"Change in {lowered(outcome.label)}" if changed else outcome.label
    ratio = protocol.plan.confidence_level
    title = f"{what}: marginal means by visit"
    unit = f" in {outcome.unit}" if outcome.unit else ""
    name = f"means_{analysis.id}_{outcome.code}"
    told = " ".join(_in_words(each, outcome, protocol) for each in courses)
    description = f"{what}{unit}. {told}"
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        drawing=FigureDrawing(
            partial(
                draw_marginal_means,
                courses,
                visits=visits,
                axis=f"{what} ({outcome.unit})" if outcome.unit else what,
                confidence_level=ratio,
                synthetic=protocol.trial.synthetic,
                name=name,
                title=title,
                description=description,
            )
        ),
        title=title,
        description=description,
        caption=(
            f"{what}: marginal means of the {named} at each visit "
            f"with {confidence(ratio)} confidence intervals."
        ),
    )


def _course(
    arm: Arm, analysis: Analysis, outcome: Outcome, protocol: Protocol, index: ResultIndex
) -> ArmCourse:
    means = []
    for visit in protocol.visits:
        found = index.find(
            analysis.id,
            outcome=outcome.code,
            visit=visit.code,
            term=Term.MARGINAL_MEAN,
            arm=arm.code,
        )
        middle, low, high = (
            value(found, stat) for stat in (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH)
        )
        if middle is not None and low is not None and high is not None:
            means.append(EstimatedMean(visit=visit.code, estimate=middle, low=low, high=high))
    return ArmCourse(arm=arm, look=look(protocol.arm_codes.index(arm.code)), means=tuple(means))


def _in_words(course: ArmCourse, outcome: Outcome, protocol: Protocol) -> str:
    """The means of an arm for somebody who cannot see the figure."""
    means = ", ".join(
        f"{protocol.visit(each.visit).label} {number(each.estimate, digits=outcome.digits)}"
        for each in course.means
    )
    return f"{course.arm.label}: {means or 'none'}."
