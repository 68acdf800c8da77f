"""Each arm's marginal mean at each visit with its confidence interval, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.visits import Visit
from trialkit.report.figures.figures import (
    drawing,
    label_synthetic,
    room_for_label,
    to_svg,
)
from trialkit.report.lettering.looks import (
    LIGHT,
    Look,
)
from trialkit.report.lettering.svg import printable
from trialkit.report.lettering.text_width import wrap
from trialkit.report.numbers.numbers import confidence, plain

WIDTH, HEIGHT = 6.4, 3.4
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
class Course:
    """One arm's marginal means over the visits."""

    arm: Arm
    look: Look
    means: tuple[EstimatedMean, ...]


def draw_marginal_means(
    courses: Sequence[Course],
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
        labels = ["\n".join(wrap(printable(each.label), size=8.5, width=90)) for each in visits]
        ax.set_xticks(list(range(len(visits))), labels)
        ax.set_xlim(-0.4, len(visits) - 0.6)
        ax.set_axisbelow(True)
        ax.grid(axis="y", color=LIGHT, linewidth=0.6)
        ax.set_ylabel("\n".join(wrap(printable(axis), size=9, width=190)))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda tick, _: plain(float(f"{tick:.10g}"))))
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


def _draw_course(ax: Axes, course: Course, *, visits: Sequence[Visit], shift: float) -> None:
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
