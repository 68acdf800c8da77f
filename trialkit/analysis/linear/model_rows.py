"""Rows of a frame made ready for a linear model: outcome, arm, covariates, and who is left out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.codes import refuse_codes
from trialkit.analysis.frames.frames import Order, column, levels, numbers, plain
from trialkit.analysis.frames.groups import (
    UnusedRows,
    arm_codes,
    none_applies,
    of_rows,
    refuse_empty,
    unused_rows,
)
from trialkit.analysis.frames.magnitudes import refuse_unworkable_size
from trialkit.analysis.frames.rows_of_subjects import refuse_repeated
from trialkit.analysis.linear.linear_model import FactorColumn, ModelColumn, NumericColumn
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import OutcomeScale


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModelRows:
    """The complete rows: ``outcome`` (n,) on the scale of the model, and the model's columns.

    ``labels`` are the rows' labels in the frame, ``kept`` which of its rows they are, ``subjects``
    their subjects where a column names them.
    """

    outcome: np.ndarray
    arm: FactorColumn
    covariates: tuple[ModelColumn, ...]
    labels: np.ndarray
    kept: np.ndarray
    subjects: np.ndarray | None
    left_out: UnusedRows

    @property
    def excluded(self) -> pd.DataFrame:
        """The rows left out, each with the reason."""
        return self.left_out.to_frame()

    @property
    def counts(self) -> dict[object, int]:
        """How many rows of each arm are used."""
        sizes = np.bincount(self.arm.codes, minlength=len(self.arm.levels))
        return {arm: int(size) for arm, size in zip(self.arm.levels, sizes, strict=True)}


def read_model_rows(
    frame: pd.DataFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    covariates: Sequence[str],
    categories: Sequence[str] = (),
    scale: OutcomeScale,
    subject: str | None,
    order: Order | None,
    unusable: tuple[tuple[np.ndarray, str], ...] = (),
    several: bool = False,
    grouped: Sequence[str] = (),
) -> ModelRows:
    """The rows with outcome, arm and every covariate; ``categories`` are factors whatever their type.

    ``unusable`` are further rows of the frame to leave out, with the reason; with ``several`` a
    subject may have several rows; ``grouped`` are columns of groups, which are no subjects.

    Raises ``AnalysisError`` for unknown, repeated, infinite or unordered columns, a covariate
    without any value, an arm without a row, two rows for a subject, an outcome of 0 or less on the
    log scale, and values of a size that cannot be squared.
    """
    covariates = covariate_names(covariates)
    _refuse_repeated_names(outcome, arm, covariates)
    if reference is None:
        raise AnalysisError(f"reference must name the arm of {arm!r} to compare with")
    values = numbers(frame, outcome, parameter="outcome")
    codes, arms = arm_codes(frame, arm, reference=reference, order=order)
    read = tuple(
        _model_column(frame, name, order=order, category=name in categories) for name in covariates
    )
    missing = [(codes < 0, f"{arm} is missing"), (np.isnan(values), f"{outcome} is missing")]
    for each in read:
        absent = _is_missing(each)
        if absent.all() and len(frame):
            raise AnalysisError(
                f"covariate {each.name!r} has no value in any row",
                advice="leave it out of the model",
            )
        missing.append((absent, f"{each.name} is missing"))
    if subject is not None:
        unnamed = column(frame, subject, parameter="subject").isna().to_numpy()
        missing.append((unnamed, f"{subject} is missing"))
    missing.extend(unusable)
    keep = none_applies(missing)
    left_out = unused_rows(frame, subject=subject, reasons=tuple(missing))
    sizes = np.bincount(of_rows(codes, keep), minlength=len(arms))
    counts = tuple((str(a), int(n)) for a, n in zip(arms, sizes, strict=True))
    _refuse_lost_arms(sizes, arms, ~np.isnan(values), codes, arm=arm, reasons=missing[2:])
    refuse_empty(counts, of=outcome, arm=arm)
    used = of_rows(values, keep)
    if scale is OutcomeScale.LOG:
        if (used <= 0).any():
            raise AnalysisError(
                f"outcome={outcome!r} has values of 0 or less, which have no logarithm: "
                f"{int((used <= 0).sum())}"
            )
        used = np.log(used)
    refuse_unworkable_size(used, outcome)
    for each in read:
        if isinstance(each, NumericColumn):
            refuse_unworkable_size(of_rows(each.values, keep), each.name)
    return ModelRows(
        outcome=used,
        arm=FactorColumn(
            name=arm, codes=of_rows(codes, keep), levels=arms, base=arms.index(reference)
        ),
        covariates=tuple(_kept(each, keep) for each in read),
        labels=of_rows(np.asarray(frame.index), keep),
        kept=keep,
        subjects=_subjects(frame, subject, keep, several=several, grouped=grouped),
        left_out=left_out,
    )


def covariate_names(covariates: Sequence[str]) -> tuple[str, ...]:
    """The names as a tuple; a lone text is refused, since it is a sequence of letters."""
    if isinstance(covariates, str) or not isinstance(covariates, Sequence):
        raise AnalysisError(
            f"covariates={covariates!r} must be a sequence of column names, such as ('age',)"
        )
    odd = [name for name in covariates if not isinstance(name, str)]
    if odd:
        raise AnalysisError(
            f"covariates={tuple(covariates)!r} must be names of columns as text; "
            f"{odd[0]!r} is {type(odd[0]).__name__}"
        )
    return tuple(covariates)


def _refuse_lost_arms(
    sizes: np.ndarray,
    arms: tuple[object, ...],
    measured: np.ndarray,
    codes: np.ndarray,
    *,
    arm: str,
    reasons: Sequence[tuple[np.ndarray, str]],
) -> None:
    """Refuse arms that have outcomes but lose all of their rows, saying to what."""
    for level, size in enumerate(sizes):
        if size:
            continue
        rows = measured & (codes == level)
        if not rows.any():
            continue
        lost = [f"{text} in {int(gone[rows].sum())}" for gone, text in reasons if gone[rows].any()]
        raise AnalysisError(
            f"none of the rows of {arm} {arms[level]} with an outcome can be used: {', '.join(lost)}",
            advice="complete the column or leave it out of the model",
        )


def _refuse_repeated_names(outcome: str, arm: str, covariates: Sequence[str]) -> None:
    names = [outcome, arm, *covariates]
    repeated = [name for i, name in enumerate(names) if name in names[:i]]
    if repeated:
        raise AnalysisError(
            f"{', '.join(map(repr, repeated))} stands more than once among outcome, arm and "
            "covariates"
        )


def _model_column(
    frame: pd.DataFrame, name: str, *, order: Order | None, category: bool
) -> ModelColumn:
    """A number as a numeric covariate, anything else as a factor with its stated order."""
    dtype = column(frame, name, parameter="covariates").dtype
    numeric = pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_bool_dtype(dtype)
    stated = order is not None and name in order
    if numeric and not category and not stated:
        values = numbers(frame, name, parameter="covariates")
        refuse_codes(values, name, parameter="covariates")
        return NumericColumn(name=name, values=values)
    codes, found = levels(frame, name, parameter="covariates", order=order)
    return FactorColumn(name=name, codes=codes, levels=found)


def _is_missing(read: ModelColumn) -> np.ndarray:
    if isinstance(read, NumericColumn):
        return np.asarray(np.isnan(read.values))
    return np.asarray(read.codes < 0)


def _kept(read: ModelColumn, keep: np.ndarray) -> ModelColumn:
    """The column in the rows used, without the levels that have none there."""
    if isinstance(read, NumericColumn):
        return NumericColumn(name=read.name, values=of_rows(read.values, keep))
    present, codes = np.unique(read.codes[keep], return_inverse=True)
    if len(present) < 2:
        raise AnalysisError(
            f"covariate {read.name!r} has one level only in the rows used",
            advice="leave it out",
        )
    return FactorColumn(name=read.name, codes=codes, levels=tuple(read.levels[i] for i in present))


def _subjects(
    frame: pd.DataFrame,
    subject: str | None,
    keep: np.ndarray,
    *,
    several: bool,
    grouped: Sequence[str],
) -> np.ndarray | None:
    """The subject of each row used, each of them once unless there may be ``several`` rows."""
    if subject is None:
        if not several:
            refuse_repeated(frame, None, used=keep, grouped=grouped)
        return None
    named = column(frame, subject, parameter="subject")[keep]
    if not several and named.duplicated().any():
        who = plain(named[named.duplicated()].iloc[:1])[0]
        raise AnalysisError(f"subject {who!r} has more than one row; this model takes one each")
    return np.asarray(named, dtype=object)
