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
    drawing,
    label_synthetic,
    room_for_label,
    side_by_side,
    to_svg,
)
from trialkit.report.lettering.looks import (
    LIGHT,
    TextLook,
    look,
)
from trialkit.report.lettering.svg import printable
from trialkit.report.lettering.text_width import wrap
from trialkit.report.numbers.numbers import confidence, number, plain
from trialkit.report.words.en.wording import lowered
from trialkit.report.words.languages import words_of
from trialkit.results.lookup import ResultIndex, Term, value
from trialkit.results.vocabulary import Stat

WIDTH, HEIGHT = 6.4, 3.4
AXIS_POINTS = 390.0
"""How long the axis of the visits is, at least."""
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
    with drawing(width=WIDTH, height=HEIGHT + top) as canvas:
        ax = canvas.subplots()
        for position, course in enumerate(courses):
            shift = (position - (len(courses) - 1) / 2) * DODGE
            _draw_course(ax, course, visits=visits, shift=shift)
        labels = side_by_side(
            [printable(each.label) for each in visits],
            size=8.5,
            room=min(90, AXIS_POINTS / len(visits)),
        )
        ax.set_xticks(list(range(len(visits))), labels)
        ax.set_xlim(-0.4, len(visits) - 0.6)
        ax.set_axisbelow(True)
        ax.grid(axis="y", color=LIGHT, linewidth=0.6)
        ax.set_ylabel("\n".join(wrap(printable(axis), size=9, width=190)))
        ax.yaxis.set_major_formatter(
            FuncFormatter(lambda tick, _: plain(float(significant(tick, 10))))
        )
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2, fontsize=8.5)
        ax.set_title(
            f"Marginal mean with {confidence(confidence_level)} confidence interval",
            loc="left",
            fontsize=8.5,
            fontweight="normal",
        )
        label_synthetic(canvas, synthetic)
        canvas.tight_layout(rect=(0, 0, 1, 1 - top / canvas.get_figheight()))
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
        markersize=6.5,
        markeredgecolor="white",
        linewidth=1.6,
        elinewidth=1.4,
        capsize=3.5,
    )


def marginal_means_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """One figure an MMRM of the plan and outcome, in the plan's order."""
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
    changed = words_of(specification, protocol).response(specification) is Response.CHANGE
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
            f"{what}: marginal means of the mixed model for repeated measures at each visit "
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
