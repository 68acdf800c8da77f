"""How a planned model of ratios states its contrasts: the ratio of each arm, and the test of it."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from trialkit.analysis.generalised.ratio_model import RatioModel
from trialkit.planned.task.covariates import INTERCEPT, coefficient_words
from trialkit.planned.task.stating import (
    CONTRAST_STATS,
    contrast_statement,
    records,
    state_numbers_analysed,
)
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.generalised_models import RatioLimits
from trialkit.results.effect import MEASURES, Status
from trialkit.results.notes import infinite_note, penalised_note
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

NO_EVENT = "there is no event there"
"""Why the logarithm of a risk is infinite."""
_TESTED = (Stat.STATISTIC, Stat.DF, Stat.P_VALUE)
_INFINITE_ELSEWHERE = (Stat.SE, *_TESTED)
"""Infinite of an infinite estimate, or of the normal distribution: then not stated."""


def state_ratios(
    task: Task, fit: RatioModel, *, limits: RatioLimits, infinite: str, penalised: bool = False
) -> Iterator[Result]:
    """The numbers analysed, then the ratio of each arm to the reference, with its limits and p.

    p and its statistic are of the test that the limits belong to: Wald's, or the ratio of the
    likelihoods. ``infinite`` is why an estimate is where it is, ``penalised`` says that the model was fitted in the place of one without a finite
    estimate; a ratio without limits is stated, and why it has none.
    """
    yield from state_numbers_analysed(task, fit.excluded)
    about = contrast_statement(task).measure(MEASURES[fit.scale])
    frame = fit.contrasts(limits=limits, conf_level=task.level)
    if limits is not RatioLimits.WALD:
        tests = fit.contrast_ratio_tests()
        frame = frame.assign(**{stat.value: tests[stat.value].to_numpy() for stat in _TESTED})
    names = [coefficient_words(name, task) for name in _told_apart(fit)]
    for row in records(frame):
        status = Status(str(row["status"]))
        lacks = not np.isfinite(float(row["log_estimate"]))  # type: ignore[arg-type]
        note = (
            penalised_note(names)
            if penalised
            else infinite_note(names, why=infinite)
            if lacks
            else ""
        )
        own = replace(
            about.about(visit=task.outcome.time_point, term=str(row["contrast"]), note=note),
            status=status,
        )
        finite = {
            name: None
            if Stat(name) in _INFINITE_ELSEWHERE and _is_infinite(row[name])
            else row[name]
            for name in (stat.value for stat in CONTRAST_STATS)
        }
        yield from own.state_row(finite, CONTRAST_STATS)
        if np.isnan(float(row[Stat.P_VALUE.value])):  # type: ignore[arg-type]
            yield own.state(Stat.P_VALUE, None)


def _told_apart(fit: RatioModel) -> tuple[str, ...]:
    """The coefficients without a finite estimate; not those of arms that are compared with such an arm."""
    if INTERCEPT not in fit.infinite:
        return fit.infinite
    arm = f"{fit.rows.arm.name}["
    return tuple(name for name in fit.infinite if not name.startswith(arm))


def _is_infinite(number: object) -> bool:
    return isinstance(number, float) and np.isinf(number)
