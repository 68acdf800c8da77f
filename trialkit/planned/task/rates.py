"""What planned comparisons of rates share: the exposure of each participant, and how a ratio is stated."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from trialkit.analysis.generalised.ratio_model import RatioModel
from trialkit.planned.task.covariates import coefficient_words
from trialkit.planned.task.stating import (
    CONTRAST_STATS,
    Statement,
    contrast_statement,
    records,
    state_numbers_analysed,
    statement_of,
)
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.generalised_models import RatioLimits
from trialkit.results.effect import Status
from trialkit.results.lookup import Term
from trialkit.results.notes import infinite_note
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

EXPOSURE = "exposure"
"""The column of a frame that holds how long each participant was at risk."""
_TESTED = (Stat.STATISTIC, Stat.DF, Stat.P_VALUE)
_BESIDE = (Stat.SE, *_TESTED)
"""Infinite beside an infinite estimate, or of the normal distribution: then not stated."""
NO_EVENT = "there is no event where this is told from the others"
NO_EVENT_IN = "no event in {}"


def exposure_of(task: Task) -> str | None:
    """The column of the exposure; None where each participant counts once."""
    return EXPOSURE if task.outcome.exposure else None


def with_exposure(frame: pd.DataFrame, task: Task) -> pd.DataFrame:
    """The rows at the time point, a row a participant, with how long each was at risk."""
    if not task.outcome.exposure:
        return frame
    known = task.exposures[task.exposures["visit"] == task.outcome.time_point]
    column = known.set_index("subject_id")["exposure"].rename(EXPOSURE)
    return frame.join(column, on="subject_id", validate="one_to_one")


def state_rate_ratios(task: Task, fit: RatioModel, *, limits: RatioLimits) -> Iterator[Result]:
    """The numbers analysed, then the rate ratio of each arm to the reference, with limits and p.

    p and its statistic are of the test that the limits belong to: the ratio of the likelihoods
    beside profile limits, else Wald's. A ratio without limits is stated, and why it has none.
    """
    yield from state_numbers_analysed(task, fit.excluded)
    frame = fit.contrasts(limits=limits, conf_level=task.level)
    if limits is RatioLimits.PROFILE:
        tests = fit.contrast_ratio_tests()
        frame = frame.assign(**{stat.value: tests[stat.value].to_numpy() for stat in _TESTED})
    names = [coefficient_words(name, task) for name in fit.infinite]
    about = contrast_statement(task)
    for row in records(frame):
        lacks = not np.isfinite(float(row["log_estimate"]))  # type: ignore[arg-type]
        own = replace(
            about.about(
                visit=task.outcome.time_point,
                term=str(row["contrast"]),
                note=infinite_note(names, why=NO_EVENT) if lacks else "",
            ),
            unit="",
            status=Status(str(row["status"])),
        )
        yield from state_ratio(own, row)


def state_ratio(about: Statement, row: dict[str, object]) -> Iterator[Result]:
    """The columns of a ratio, but for what is infinite because the estimate or the sample is."""
    there = {
        name: row.get(name)
        for name in (stat.value for stat in CONTRAST_STATS)
        if not (Stat(name) in _BESIDE and _is_infinite(row.get(name)))
    }
    yield from about.state_row(there, CONTRAST_STATS)
    if pd.isna(row[Stat.P_VALUE.value]):  # type: ignore[call-overload]
        yield about.state(Stat.P_VALUE, None)


def statement_of_dispersion(task: Task) -> Statement:
    """The context of what says how much more counts vary than the mean of a model lets them."""
    return statement_of(task).about(visit=task.outcome.time_point, term=Term.DISPERSION)


def state_dispersion(task: Task, dispersion: float) -> Iterator[Result]:
    """Pearson's chi-squared for each degree of freedom; nothing where none is left."""
    if not np.isnan(dispersion):
        yield statement_of_dispersion(task).state(Stat.DISPERSION, dispersion)


def _is_infinite(number: object) -> bool:
    return isinstance(number, float) and np.isinf(number)
