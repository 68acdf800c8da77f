"""Rows of a frame made ready for a hazard model: times, events, strata, clusters and covariates."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.frames import Order, column, sequence_of_names
from trialkit.analysis.frames.groups import UnusedRows, excluded_rows, none_applies, of_rows
from trialkit.analysis.frames.rows_of_subjects import refuse_repeated
from trialkit.analysis.linear.linear_model import Design, FactorColumn, build_design
from trialkit.analysis.linear.model_rows import read_model_rows
from trialkit.analysis.survival.follow_up import (
    read_event,
    read_times,
    refuse_backwards,
    strata_used,
    stratum_codes,
)
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import OutcomeScale


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoxRows:
    """The rows used, at ``places`` (n,) of the frame: ``time``, ``event``, stratum codes and, if there are any, starts and clusters (n,).

    ``matrix`` (n, p) are the columns of ``design`` without its intercept, the arm's last.
    """

    places: np.ndarray
    time: np.ndarray
    start: np.ndarray | None
    event: np.ndarray
    strata: np.ndarray
    clusters: np.ndarray | None
    arm: FactorColumn
    design: Design
    excluded: pd.DataFrame

    @property
    def matrix(self) -> np.ndarray:
        """The covariates (n, p)."""
        return self.design.matrix[:, 1:]

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each coefficient."""
        return self.design.names[1:]

    @property
    def terms(self) -> tuple[tuple[str, np.ndarray], ...]:
        """Each term of the model with the places of its coefficients."""
        return tuple(
            (term[0], np.flatnonzero(self.design.term_of[1:] == number))
            for number, term in enumerate(self.design.terms, start=1)
        )

    @property
    def adjusted_words(self) -> str:
        """What a title says of the covariates: `` adjusted for age, site``, or nothing."""
        covariates = [name for name, _ in self.terms[:-1]]
        return f" adjusted for {', '.join(covariates)}" if covariates else ""


def read_cox_rows(
    frame: pd.DataFrame,
    *,
    time: str,
    event: str,
    arm: str,
    reference: object,
    covariates: Sequence[str],
    strata: Sequence[str] = (),
    start: str | None = None,
    cluster: str | None = None,
    event_value: object | None = None,
    subject: str | None = None,
    order: Order | None = None,
) -> CoxRows:
    """The rows with all that the model needs; the others are listed as excluded, with the reason.

    ``subject`` names the rows that are left out, and must be one row each unless there is a
    ``start``. Raises :class:`AnalysisError` as ``read_follow_up`` and the linear model's rows do, and
    for an interval that does not end after it starts.
    """
    if len({time, event, start} - {None}) < 2 + (start is not None):
        raise AnalysisError("time, event and start must be columns of their own")
    strata = sequence_of_names(strata, parameter="strata")
    times, times_missing = read_times(frame, time, parameter="time")
    happened = read_event(frame, event, event_value=event_value)
    reasons = [(times_missing, f"{time} is missing"), (np.isnan(happened), f"{event} is missing")]
    starts = None
    if start is not None:
        starts, starts_missing = read_times(frame, start, parameter="start")
        reasons.append((starts_missing, f"{start} is missing"))
        refuse_backwards(starts, times, start=start, stop=time)
    places = None
    if strata:
        places = stratum_codes(frame, strata)
        reasons.append((places < 0, f"{' or '.join(strata)} is missing"))
    clusters = None
    if cluster is not None:
        clusters, _ = pd.factorize(column(frame, cluster, parameter="cluster"))
        reasons.append((clusters < 0, f"{cluster} is missing"))
    if subject is not None:
        unnamed = column(frame, subject, parameter="subject").isna().to_numpy()
        reasons.append((unnamed, f"{subject} is missing"))
    known = none_applies(reasons)
    numbered = frame.set_axis(pd.RangeIndex(len(frame)))
    rows = read_model_rows(
        numbered if known.all() else numbered[known],
        outcome=time,
        arm=arm,
        reference=reference,
        covariates=covariates,
        scale=OutcomeScale.IDENTITY,
        subject=None,
        order=order,
        several=True,  # asked below, where all rows are there
    )
    used = rows.labels
    once = np.zeros(len(frame), dtype=bool)
    once[used] = True
    if start is None:
        grouped = () if cluster is None else (cluster,)
        refuse_repeated(frame, subject, used=once, grouped=grouped)
    columns = (*rows.covariates, rows.arm)
    return CoxRows(
        places=used,
        time=of_rows(times, once),
        start=None if starts is None else of_rows(starts, once),
        event=of_rows(happened, once) == 1,
        strata=strata_used(places, once),
        clusters=None if clusters is None else np.unique(clusters[used], return_inverse=True)[1],
        arm=rows.arm,
        design=build_design(columns, tuple((each.name,) for each in columns)),
        excluded=excluded_rows(
            frame, subject=subject, reasons=(*reasons, *_reasons(rows.left_out, len(frame)))
        ),
    )


def _reasons(left_out: UnusedRows, count: int) -> list[tuple[np.ndarray, str]]:
    """Each reason with the rows of the frame, of which there are ``count``, that it applies to."""
    found = []
    for text in dict.fromkeys(left_out.reasons.tolist()):
        applies = np.zeros(count, dtype=bool)
        applies[left_out.labels[left_out.reasons == text]] = True
        found.append((applies, str(text)))
    return found
