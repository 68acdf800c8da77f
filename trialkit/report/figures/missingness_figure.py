"""Who has a value at which visit, and why not: one panel an arm, one row a participant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from trialkit.drawing.looks import (
    GREY,
    INK,
)
from trialkit.printable import fit_for_xml
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.visits import Visit
from trialkit.report.content.content import Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.figures.figures import side_by_side, to_svg
from trialkit.report.figures.panels import panel_width, panels
from trialkit.report.numbers.numbers import count_percent, n_equals
from trialkit.report.words.en.wording import listing
from trialkit.results.lookup import ResultIndex, Shelf, value
from trialkit.results.series import Point, Series, SeriesKind
from trialkit.results.vocabulary import Stat

PANEL_HEIGHT = 2.6
AXIS = "Participants, %"
VISIT_LINE = 9.8
PRESENT = "#e6eaee"
FILLS = (
    ("#d55e00", "////"),
    ("#0072b2", "...."),
    ("#e69f00", "xxxx"),
    ("#009e73", "----"),
    ("#cc79a7", "||||"),
    ("#56b4e9", "++++"),
    ("#000000", "oooo"),
)
"""Colour and hatching of the reasons; reasons beyond these share the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """Participants of an arm who have, and lack, the same values for the same reasons."""

    reasons: tuple[str, ...]
    """One for each visit: why there is no value; empty where there is one."""
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """The patterns of an arm, in the order in which they are drawn."""

    arm: Arm
    patterns: tuple[Pattern, ...]

    @property
    def size(self) -> int:
        """How many participants there are."""
        return sum(each.count for each in self.patterns)

    def without(self, column: int) -> int:
        """How many have no value at this visit."""
        return sum(each.count for each in self.patterns if each.reasons[column])


def draw_missingness(
    arms: Sequence[Observed],
    *,
    visits: Sequence[Visit],
    reasons: Sequence[str],
    synthetic: str,
    name: str,
    title: str,
    description: str,
) -> str:
    """The figure as SVG: tiles of those without a value differ in colour and in hatching."""
    fills = {reason: FILLS[min(at, len(FILLS) - 1)] for at, reason in enumerate(reasons)}
    heads = [f"{each.arm.label} ({n_equals(each.size)})" for each in arms]
    room = panel_width(len(arms), axis=AXIS, height=PANEL_HEIGHT) / max(len(visits), 1)
    labels = side_by_side([fit_for_xml(each.label) for each in visits], size=8, room=room - 3)
    keys = [Patch(facecolor=PRESENT, edgecolor=GREY)]
    keys += [
        Patch(facecolor="white", edgecolor=colour, hatch=hatch) for colour, hatch in fills.values()
    ]
    with panels(
        heads,
        height=PANEL_HEIGHT,
        axis=AXIS,
        words="",
        synthetic=synthetic,
        below=VISIT_LINE * max(each.count("\n") + 1 for each in labels) + 10,
        keys=keys,
        labels=["value", *fills],
    ) as (canvas, axes):
        for each, ax in zip(arms, axes, strict=True):
            _draw_panel(ax, each, labels=labels, fills=fills)
        return to_svg(canvas, name=name, title=title, description=description)


def _draw_panel(
    ax: Axes, arm: Observed, *, labels: Sequence[str], fills: Mapping[str, tuple[str, str]]
) -> None:
    """Equal neighbours of a column are one tile, however many participants they are."""
    whole = max(arm.size, 1)
    for column in range(len(labels)):
        below = 0.0
        for reason, same in groupby(arm.patterns, key=lambda each: each.reasons[column]):
            tall = 100 * sum(each.count for each in same) / whole
            colour, hatch = fills.get(reason, (GREY, ""))
            ax.add_patch(
                Rectangle(
                    (column - 0.46, below),
                    0.92,
                    tall,
                    facecolor="white" if reason else PRESENT,
                    edgecolor=colour if reason else "white",
                    hatch=hatch if reason else "",
                    linewidth=0.6,
                )
            )
            below += tall
    ax.set_xlim(-0.6, len(labels) - 0.4)
    ax.set_ylim(100, 0)
    ax.set_xticks(range(len(labels)), labels, fontsize=8, color=INK)
    ax.spines["bottom"].set_visible(False)


def missingness_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """Of each primary outcome with several visits, who has a value when, and why not."""
    found = (
        (outcome, index.series(SeriesKind.MISSING_PATTERNS, Shelf.MISSING, outcome=outcome.code))
        for outcome in protocol.outcomes
    )
    return tuple(
        _missingness(outcome, series, protocol, index)
        for outcome, series in found
        if series is not None
    )


def _missingness(
    outcome: Outcome, series: Series, protocol: Protocol, index: ResultIndex
) -> Figure:
    measured = {point.visit for point in series.points}
    visits = [visit for visit in protocol.visits if visit.code in measured]
    arms = [
        Observed(arm=arm, patterns=_patterns(series.of(arm.code), len(visits)))
        for arm in protocol.arms
    ]
    reasons = list(
        dict.fromkeys(
            reason for arm in arms for each in arm.patterns for reason in each.reasons if reason
        )
    )
    words = "; ".join(
        f"{each.arm.label}: "
        + ", ".join(
            f"{visit.label} {count_percent(each.without(column), each.size)}"
            for column, visit in enumerate(visits)
        )
        for each in arms
    )
    title = f"{outcome.label}: who has a value at which visit"
    description = f"Participants without a value. {words}. Reasons: {listing(reasons)}."
    name = f"missing_{outcome.code}"
    to_come, not_asked = (
        any(
            value(index.at(address), stat)
            for address in index.addresses(Shelf.MISSING, outcome=outcome.code)
        )
        for stat in (Stat.N_NOT_DUE, Stat.N_NOT_ASKED)
    )
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        drawing=FigureDrawing(
            partial(
                draw_missingness,
                arms,
                visits=visits,
                reasons=reasons,
                synthetic=protocol.trial.synthetic,
                name=name,
                title=title,
                description=description,
            )
        ),
        title=title,
        description=description,
        caption=(
            f"{outcome.label}: values that are there (grey) and not, by reason, of all randomised "
            "participants, those with the same pattern together."
            + (" What is still to come at the data cut is not missing." if to_come else "")
            + (" What is not to be asked is not missing." if not_asked else "")
        ),
        drawn_from=(series.result_id,),
    )


def _patterns(points: Sequence[Point], visits: int) -> tuple[Pattern, ...]:
    """The points of an arm as they stand, pattern by pattern."""
    cut = [points[start : start + visits] for start in range(0, len(points), visits)]
    return tuple(
        Pattern(reasons=tuple(point.label for point in each), count=each[0].n or 0) for each in cut
    )
