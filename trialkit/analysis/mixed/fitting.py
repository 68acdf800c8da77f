"""From rows that are read to a fitted linear mixed model."""

from collections.abc import Mapping

import numpy as np

from trialkit.analysis.linear.linear_model import (
    ModelColumn,
    Term,
    build_design,
    refuse_collinear,
)
from trialkit.analysis.linear.model_rows import ModelRows
from trialkit.analysis.mixed.groupings import RowGrouping
from trialkit.analysis.mixed.linear_mixed_fit import LinearMixedFit
from trialkit.analysis.mixed.variance_fit import fit_variances
from trialkit.protocol.methods.linear_models import OutcomeScale
from trialkit.protocol.methods.mixed_models import MixedInference
from trialkit.protocol.methods.repeated import Likelihood

ONE_RESIDUAL = ("residual",)
"""The name of the residual variance of a model that has one."""


def fit_mixed_model(
    rows: ModelRows,
    columns: tuple[ModelColumn, ...],
    groupings: tuple[RowGrouping, ...],
    *,
    what: str,
    outcome: str,
    scale: OutcomeScale,
    likelihood: Likelihood,
    inference: MixedInference,
    residual_by_arm: bool = False,
    held: Mapping[str, int],
) -> LinearMixedFit:
    """Fit the main effects of ``columns``, with an intercept of each level of ``groupings``.

    ``groupings`` are of the frame's rows. Raises ``AnalysisError`` for collinear columns and for what cannot
    be estimated.
    """
    terms: tuple[Term, ...] = tuple((each.name,) for each in columns)
    design = build_design(columns, terms)
    refuse_collinear(design)
    used = tuple(each.only(rows.kept) for each in groupings)
    names: tuple[str, ...] = ONE_RESIDUAL
    classes = np.zeros(len(rows.outcome), dtype=np.intp)
    if residual_by_arm:
        names = tuple(f"{ONE_RESIDUAL[0]}[{level}]" for level in rows.arm.levels)
        classes = rows.arm.codes
    return LinearMixedFit(
        what=what,
        outcome=outcome,
        reference=rows.arm.levels[rows.arm.base],
        scale=scale,
        likelihood=likelihood,
        inference=inference,
        rows=rows,
        design=design,
        groupings=used,
        residual_names=names,
        classes=classes,
        held=held,
        model=fit_variances(
            design.matrix,
            rows.outcome,
            used,
            classes,
            n_classes=len(names),
            likelihood=likelihood,
            inference=inference,
        ),
    )
