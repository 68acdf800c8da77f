"""Rows with what was received beside the arm, and the two stages' matrices."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.frames import Order, column, numbers
from trialkit.analysis.frames.magnitudes import refuse_unworkable_size
from trialkit.analysis.generalised.ratio_model import arm_design
from trialkit.analysis.instrumental.two_stage import TwoStageFit, two_stage_least_squares
from trialkit.analysis.linear.fitted_model import fit_design
from trialkit.analysis.linear.linear_model import Design
from trialkit.analysis.linear.model_rows import ModelRows, read_model_rows
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import OutcomeScale, RobustCovariance
from trialkit.protocol.tables.choices import choose

WEAK = 10.0
"""First stages with a smaller F are called weak (Staiger and Stock, Econometrica 1997;65:557)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReceivedRows:
    """The rows used, what each ``received`` (n,), their ``design`` and the two-stage fit."""

    rows: ModelRows
    received: np.ndarray
    design: Design
    fit: TwoStageFit

    @property
    def names(self) -> list[str]:
        """The names of the first stage's coefficients: intercept, covariates, then the arms."""
        arm = self.design.term_of == 1
        names = np.array(self.design.names, dtype=object)
        return [*names[~arm], *names[arm]]


def read_received(
    frame: pd.DataFrame,
    *,
    received: np.ndarray,
    named: str,
    outcome: str,
    arm: str,
    reference: object,
    covariates: Sequence[str],
    categories: Sequence[str],
    subject: str | None,
    order: Order | None,
) -> ReceivedRows:
    """The rows with outcome, arm, covariates and ``received`` (rows of the frame,), fitted.

    Raises ``AnalysisError`` for what ``read_model_rows`` refuses, for what all received alike, and for
    arms that do not differ in it.
    """
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
        unusable=((np.isnan(received), f"{named} is missing"),),
    )
    used = received[rows.kept]
    refuse_unworkable_size(used, named)
    if np.ptp(used) == 0:
        raise AnalysisError(
            f"{named!r} is {used[0]:g} in all rows used: nothing can be told of its effect"
        )
    design = arm_design(rows)
    fit_design(design.matrix, rows.outcome)  # refuses an outcome without residual variance
    of_arm = design.term_of == 1
    return ReceivedRows(
        rows=rows,
        received=used,
        design=design,
        fit=two_stage_least_squares(
            rows.outcome, used, design.matrix[:, ~of_arm], design.matrix[:, of_arm]
        ),
    )


def received_flags(frame: pd.DataFrame, name: str) -> np.ndarray:
    """Whether each row received the treatment, 1, 0 or NaN; raises ``AnalysisError`` for other values."""
    found = column(frame, name, parameter="received")
    if pd.api.types.is_bool_dtype(found.dtype):
        return found.to_numpy(dtype=float, na_value=np.nan)
    values = numbers(frame, name, parameter="received")
    strange = values[~np.isnan(values) & (values != 0) & (values != 1)]
    if len(strange):
        raise AnalysisError(
            f"received={name!r} must be True/False or 1/0, got {strange[0]:g}",
            advice="for an amount, such as sessions, take dose_response",
        )
    return values


def choose_robust(robust: RobustCovariance | str | None) -> RobustCovariance | None:
    """None, HC0 or HC1; others are not defined of two stages."""
    if robust is None:
        return None
    kind = choose(RobustCovariance, robust, parameter="robust")
    if kind not in {RobustCovariance.HC0, RobustCovariance.HC1}:
        raise AnalysisError(
            f"robust={kind.value!r} is not defined of two stages; known are HC0, HC1 and None"
        )
    return kind
