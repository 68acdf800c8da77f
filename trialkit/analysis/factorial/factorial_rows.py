"""Rows of a factorial trial: each factor with its levels, the outcome, the covariates."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from trialkit.analysis.factorial.factorial_table import FactorialTable
from trialkit.analysis.frames.frames import Order, sequence_of_names
from trialkit.analysis.frames.groups import arm_codes
from trialkit.analysis.linear.linear_model import FactorColumn, ModelColumn
from trialkit.analysis.linear.model_rows import ModelRows, covariate_names, read_model_rows
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.factorial_options import FEWEST_FACTORS, MOST_FACTORS
from trialkit.protocol.methods.linear_models import OutcomeScale


def read_factorial_rows(
    frame: pd.DataFrame,
    *,
    outcome: str,
    factors: Sequence[str],
    reference: Mapping[str, object],
    covariates: Sequence[str],
    categories: Sequence[str],
    subject: str | None,
    order: Order | None,
) -> tuple[ModelRows, FactorialTable, tuple[ModelColumn, ...]]:
    """The rows with outcome, factors and covariates, their table, and the covariates' columns.

    Raises ``AnalysisError`` for an empty cell and for what ``read_model_rows`` refuses.
    """
    stated, names = with_stated_levels(frame, factors, reference, order)
    first, *others = names
    covariates = covariate_names(covariates)
    rows = read_model_rows(
        stated,
        outcome=outcome,
        arm=first,
        reference=reference[first],
        covariates=(*others, *covariates),
        categories=(*others, *categories),
        scale=OutcomeScale.IDENTITY,
        subject=subject,
        order={name: order[name] for name in covariates if name in order} if order else None,
    )
    columns = rows.covariates[: len(others)]
    factor_columns = tuple(each for each in columns if isinstance(each, FactorColumn))
    table = FactorialTable(factors=(rows.arm, *factor_columns))
    table.refuse_empty_cells()
    return rows, table, rows.covariates[len(others) :]


def with_stated_levels(
    frame: pd.DataFrame,
    factors: Sequence[str],
    reference: Mapping[str, object],
    order: Order | None,
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The frame with each factor an ordered category, the reference first, and the factors' names.

    Raises ``AnalysisError`` for fewer than two or too many factors, a factor without a reference or
    with fewer than two levels, and a reference of anything else.
    """
    names = sequence_of_names(factors, parameter="factors")
    if not FEWEST_FACTORS <= len(names) <= MOST_FACTORS:
        raise AnalysisError(
            f"factors={names!r} must name {FEWEST_FACTORS} to {MOST_FACTORS} columns"
        )
    if not isinstance(reference, Mapping) or set(reference) != set(names):
        raise AnalysisError(
            f"reference={reference!r} must give the reference level of each factor, such as "
            f"{dict.fromkeys(names, 'no')!r}"
        )
    stated = {}
    for name in names:
        codes, levels = arm_codes(frame, name, reference=reference[name], order=order)
        first = levels.index(reference[name])
        ranked = (levels[first], *levels[:first], *levels[first + 1 :])
        rank = np.array([ranked.index(level) for level in levels] + [-1])
        stated[name] = pd.Categorical.from_codes(
            rank[codes], dtype=pd.CategoricalDtype(list(ranked), ordered=True)
        )
    return frame.assign(**stated), names
