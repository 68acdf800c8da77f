"""Which analyses of the plan have no number, and why: their own rows say so."""

from collections.abc import Iterable

from trialkit.results.effect import Status
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

ANSWERS = frozenset({Stat.ESTIMATE, Stat.P_VALUE})
"""What an analysis of the plan states, whichever its method: an effect, or at least a test."""


def unanswered(rows: Iterable[Result]) -> tuple[Result, ...]:
    """Of each analysis and outcome without any effect or test that has a number, the row that says why."""
    lacking: dict[tuple[str, str], Result] = {}
    answered: set[tuple[str, str]] = set()
    for row in rows:
        if row.stat_name not in ANSWERS or not row.role:
            continue
        key = row.analysis_id, row.outcome
        if row.stat is not None:
            answered.add(key)
        elif row.status not in {None, Status.ESTIMATED}:
            lacking.setdefault(key, row)
    return tuple(row for key, row in lacking.items() if key not in answered)


def unanswered_contrasts(rows: Iterable[Result]) -> tuple[Result, ...]:
    """The contrasts without a test that the data allow, in analyses of which others have one."""
    every = tuple(rows)
    whole = {(row.analysis_id, row.outcome) for row in unanswered(every)}
    return tuple(
        row
        for row in every
        if row.stat_name is Stat.P_VALUE
        and row.scale is not None
        and row.status is Status.NOT_ESTIMABLE
        and (row.analysis_id, row.outcome) not in whole
    )
