"""A planned tipping point: the pooled difference for each delta, and from which on a conclusion changes."""

from collections.abc import Iterator
from itertools import product

from trialkit.analysis.frames.groups import contrast_label
from trialkit.analysis.imputation.imputed_ancova import ImputedAncova
from trialkit.analysis.imputation.imputing import Imputations
from trialkit.analysis.imputation.tipping import (
    TippedConclusion,
    TippingGrid,
    tipping_point,
)
from trialkit.planned.imputing.imputing import planned_imputation
from trialkit.planned.imputing.shifting import EVERY_VISIT, planned_deltas
from trialkit.planned.imputing.stating import state_imputation
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.stating import (
    Statement,
    records,
    state_numbers_analysed,
    statement_of,
)
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.tipping_point import TippingPoint
from trialkit.results.deltas import delta_term
from trialkit.results.effect import Effect, Scale
from trialkit.results.results import Result
from trialkit.results.series import Point, Series, SeriesKind
from trialkit.results.vocabulary import Stat

POINT_STATS = (Stat.ESTIMATE, Stat.SE, Stat.P_VALUE, Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL)
NEVER = "no delta of the grid changes it"
_ONE = {EVERY_VISIT: 1.0}
"""What a delta of 1 adds in an arm."""
TIPS = {
    TippedConclusion.SIGNIFICANCE: Stat.TIPPING_DELTA,
    TippedConclusion.IMPORTANCE: Stat.IMPORTANCE_DELTA,
}


def state_tipping_point(task: Task, specification: TippingPoint) -> Iterator[Result | Series]:
    """The rows of the grid of each arm that is compared, where it tips, and where its contours run."""
    yield from state_numbers_analysed(task)
    found = planned_imputation(task, specification)
    yield from state_imputation(task, found, specification.baseline_fill)
    task = found.task
    contours: list[Point] = []
    for arm in specification.moves.compared(task.arms):
        grid = planned_grid(task, specification, found.imputations, arm)
        yield from _points(task, specification, grid, arm)
        yield from _tips(task, grid, arm)
        contours += _contours(grid, arm)
    yield Series(
        kind=SeriesKind.TIPPING_CONTOURS,
        analysis_id=task.analysis.id,
        outcome=task.outcome.code,
        points=tuple(contours),
    )


def planned_grid(
    task: Task, specification: TippingPoint, imputations: Imputations, arm: str
) -> TippingGrid:
    """The difference of an arm from the reference for each delta of the plan."""
    moves = specification.moves
    moved = moves.arm
    other = task.reference if moved == arm else arm
    return tipping_point(
        imputations,
        ImputedAncova(
            covariates=specification.analysed_covariates, visits=[task.outcome.time_point]
        ),
        arm=moved,
        deltas=moves.deltas,
        other=other if moves.is_two_way else None,
        other_deltas=moves.other_deltas,
        compared=arm,
        unit=planned_deltas(imputations, {str(each): _ONE for each in (moved, other)}),
        alpha=task.protocol.plan.alpha,
        important=_important(task),
        limits=specification.limits,
    )


def _important(task: Task) -> float | None:
    """The difference that matters, in favour of the experimental arm."""
    size = task.outcome.important_difference
    if size is None:
        return None
    return -size if task.outcome.direction is Direction.LOWER else size


def _points(
    task: Task, specification: TippingPoint, grid: TippingGrid, arm: str
) -> Iterator[Result]:
    """One row a point and statistic; nothing is adjusted, and no family counts their p values."""
    about = statement_of(task).of(Effect(scale=Scale.DIFFERENCE, has_headline_p=False))
    contrast = contrast_label(arm, task.reference)
    moves = specification.moves
    points = product(moves.deltas, moves.other_deltas)
    for (delta, other), row in zip(points, records(grid.to_frame()), strict=True):
        term = delta_term(contrast, delta, other if moves.is_two_way else None)
        where = about.about(visit=task.outcome.time_point, term=term)
        yield from where.state_row({**row, Stat.CONF_LEVEL.value: 1 - grid.alpha}, POINT_STATS)


def _tips(task: Task, grid: TippingGrid, arm: str) -> Iterator[Result]:
    """The delta nearest to none at which a conclusion changes, the other arm not being moved."""
    about: Statement = statement_of(task).about(
        visit=task.outcome.time_point, term=contrast_label(arm, task.reference)
    )
    for conclusion, stat in TIPS.items():
        if conclusion is TippedConclusion.IMPORTANCE and grid.important is None:
            continue
        found = grid.tipping_point(conclusion)
        yield about.state(stat, found, note="" if found is not None else NEVER)


def _contours(grid: TippingGrid, arm: str) -> Iterator[Point]:
    for each in grid.crossings:
        yield Point(arm=arm, x=each.delta, y=each.delta_other, label=each.conclusion.value)


TIPPING_POINT = MethodCard(specification=TippingPoint, carry_out=state_tipping_point)
