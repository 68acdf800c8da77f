"""Counts of events with the time at risk: what may be counted, and who was never at risk."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from trialkit.analysis.frames.frames import Order, numbers
from trialkit.analysis.linear.model_rows import ModelRows, read_model_rows
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import OutcomeScale


def read_counts(
    frame: pd.DataFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    exposure: str | None,
    covariates: Sequence[str],
    categories: Sequence[str],
    subject: str | None,
    order: Order | None,
) -> tuple[ModelRows, np.ndarray]:
    """The rows with a count, and the time at risk of each (n,), 1 where no column names it.

    Who was at risk for no time has no rate and is left out; an event of such a row is refused.
    """
    counts = numbers(frame, outcome, parameter="outcome")
    _refuse_what_is_no_count(counts, outcome)
    time, unusable = read_exposure(frame, exposure, counts, outcome=outcome)
    rows = read_model_rows(
        frame,
        outcome=outcome,
        arm=arm,
        reference=reference,
        covariates=covariates,
        categories=categories,
        scale=OutcomeScale.IDENTITY,
        subject=subject,
        order=order,
        unusable=unusable,
    )
    if not rows.outcome.any():
        raise AnalysisError(
            f"no row has an event of {outcome!r}: no ratio of rates can be estimated"
        )
    return rows, time[rows.kept]


def read_exposure(
    frame: pd.DataFrame, exposure: str | None, counts: np.ndarray, *, outcome: str
) -> tuple[np.ndarray, tuple[tuple[np.ndarray, str], ...]]:
    """The time at risk of each row, 1 where no column names it, and the rows that have none, with why."""
    if exposure is None:
        return np.ones(len(frame)), ()
    time = numbers(frame, exposure, parameter="exposure")
    _refuse_impossible_exposure(time, counts, exposure, outcome)
    return time, (
        (np.isnan(time), f"{exposure} is missing"),
        (time == 0, f"{exposure} is 0: never at risk"),
    )


def _refuse_what_is_no_count(counts: np.ndarray, outcome: str) -> None:
    known = counts[~np.isnan(counts)]
    strange = known[(known < 0) | (known != np.floor(known))]
    if len(strange):
        raise AnalysisError(
            f"outcome={outcome!r} must hold whole numbers from 0 up, got {strange[0]:g} "
            f"({len(strange)} such value(s)); a rate is a count with its exposure"
        )


def _refuse_impossible_exposure(
    time: np.ndarray, counts: np.ndarray, exposure: str, outcome: str
) -> None:
    if (time < 0).any():
        raise AnalysisError(f"exposure={exposure!r} holds {int((time < 0).sum())} negative time(s)")
    odd = (time == 0) & (counts > 0)
    if odd.any():
        raise AnalysisError(
            f"{int(odd.sum())} row(s) have events of {outcome!r} with an exposure {exposure!r} of 0",
            advice="correct the one or the other: nobody has an event without being at risk",
        )
