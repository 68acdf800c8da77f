"""Rows of a frame made ready for an ordered outcome: its levels in their order, as numbers."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from trialkit.analysis.frames.frames import Order, levels
from trialkit.analysis.linear.model_rows import ModelRows, read_model_rows
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import OutcomeScale


def read_ordinal_rows(
    frame: pd.DataFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    covariates: Sequence[str],
    categories: Sequence[str],
    subject: str | None,
    order: Order | None,
) -> tuple[ModelRows, np.ndarray, tuple[object, ...]]:
    """The rows, the number (n,) of each one's level, and the levels that somebody has, in order.

    Raises ``AnalysisError`` for levels of unstated order, for one level only, and for what
    ``read_model_rows`` refuses.
    """
    codes, stated = levels(frame, outcome, parameter="outcome", order=order)
    values = np.where(codes < 0, np.nan, codes.astype(float))
    rows = read_model_rows(
        frame.assign(**{outcome: values}),
        outcome=outcome,
        arm=arm,
        reference=reference,
        covariates=covariates,
        categories=categories,
        scale=OutcomeScale.IDENTITY,
        subject=subject,
        order=None if order is None else {k: v for k, v in order.items() if k != outcome},
    )
    present, numbered = np.unique(rows.outcome.astype(np.intp), return_inverse=True)
    if len(present) < 2:
        raise AnalysisError(
            f"all rows used have one level of {outcome!r}, {stated[present[0]]!r}: nothing is to be "
            "compared"
        )
    return rows, numbered.reshape(-1), tuple(stated[each] for each in present)
