"""The contrasts with the reference among the rows that a method states."""

from collections.abc import Iterable

from trialkit.planned.task.task import Task
from trialkit.results.effect import Scale
from trialkit.results.results import Result
from trialkit.results.series import Series
from trialkit.results.vocabulary import Stat

Place = tuple[str, str, str]
"""Method, visit and term of a contrast."""


def contrasts_stated(
    stated: Iterable[Result | Series], task: Task, scale: Scale
) -> dict[Place, dict[Stat, Result]]:
    """The statistics of each contrast with the reference on this scale."""
    found: dict[Place, dict[Stat, Result]] = {}
    for row in stated:
        if isinstance(row, Result) and not row.arm and compared_arm(row.term, task):
            found.setdefault(place_of(row), {})[row.stat_name] = row
    return {
        place: own
        for place, own in found.items()
        if Stat.ESTIMATE in own and own[Stat.ESTIMATE].scale is scale
    }


def place_of(row: Result) -> Place:
    """Where a row belongs."""
    return (row.method, row.visit, row.term)


def compared_arm(term: str, task: Task) -> str:
    """The arm that a contrast compares with the reference; blank of any other term."""
    signs = (" - ", " / ")
    return next(
        (arm for arm in task.arms[1:] for sign in signs if term == f"{arm}{sign}{task.reference}"),
        "",
    )
