"""Rows of a frame made ready for a model of a binary outcome."""

from collections.abc import Sequence

import pandas as pd

from trialkit.analysis.frames.frames import Order
from trialkit.analysis.linear.model_rows import ModelRows, read_model_rows
from trialkit.analysis.proportions.event_counts import binary
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import OutcomeScale


def read_binary_rows(
    frame: pd.DataFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    covariates: Sequence[str],
    categories: Sequence[str],
    event: object | None,
    subject: str | None,
    order: Order | None,
) -> ModelRows:
    """The rows with the outcome as 1 or 0, the arm and every covariate.

    Raises ``AnalysisError`` for another outcome, for one that all rows or none have, and for what
    ``read_model_rows`` refuses.
    """
    happened = binary(frame, outcome, event=event)
    rows = read_model_rows(
        frame.assign(**{outcome: happened}),
        outcome=outcome,
        arm=arm,
        reference=reference,
        covariates=covariates,
        categories=categories,
        scale=OutcomeScale.IDENTITY,
        subject=subject,
        order=order,
    )
    events = int(rows.outcome.sum())
    if events in {0, len(rows.outcome)}:
        raise AnalysisError(
            f"{'no' if not events else 'every'} row used has the event of {outcome!r}: a model of "
            "it has nothing to tell apart"
        )
    return rows
