"""Missing baseline values: one value in place of each, which does not depend on the arm.

The method is in ``docs/methods/imputation.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import column, numbers, sequence_of_names
from trialkit.analysis.linear.least_squares import least_squares
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.imputation import CovariateFill
from trialkit.protocol.tables.choices import choose
from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledCovariate:
    """What was put in place of the missing values of a covariate, and by what."""

    name: str
    fill: CovariateFill
    predictors: tuple[str, ...]
    subjects: tuple[object, ...]
    values: tuple[float, ...]
    n_subjects: int

    @property
    def reason(self) -> str:
        """Why it is done so, in a sentence."""
        source = (
            "mean" if self.fill is CovariateFill.MEAN else "regression on other baseline values"
        )
        return (
            f"The {source} of all subjects stands in place of {len(self.values)} of "
            f"{self.n_subjects} values of {self.name}: randomisation makes baseline values independent "
            "of the arm, so that a single value that does not depend on the arm leaves the comparison "
            "unbiased and its variance right (White and Thompson 2005)."
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class FilledBaseline(Tabular):
    """The frame with the filled columns, and what was filled."""

    frame: pd.DataFrame
    subject: str
    filled: tuple[FilledCovariate, ...]

    @property
    def title(self) -> str:
        """What was filled, in a line."""
        counts = [f"{len(each.values)} of {each.name}" for each in self.filled if each.values]
        return f"Baseline values filled: {', '.join(counts) or 'none'}"

    def to_frame(self) -> pd.DataFrame:
        """A row for each value that was put in: ``covariate``, ``subject``, ``value``, ``fill``."""
        rows = [
            (each.name, who, value, each.fill.value)
            for each in self.filled
            for who, value in zip(each.subjects, each.values, strict=True)
        ]
        return pd.DataFrame(rows, columns=["covariate", "subject", "value", "fill"])


def fill_baseline(
    frame: AnyFrame,
    *,
    subject: str,
    covariates: Sequence[str],
    fill: CovariateFill | str = CovariateFill.MEAN,
    predictors: Sequence[str] = (),
) -> FilledBaseline:
    """Put one value, without regard to the arm, in place of each missing one of baseline covariates.

    Estimand
        That of the analysis which is adjusted for the covariates. ``mean`` takes that of all subjects
        (each counting once); ``regression`` the fitted value of a regression on ``predictors``, other
        numbers at baseline that everybody has. Neither the arm nor an outcome may be one of them.

    Reference
        White, Thompson, Stat Med 2005;24:993.

    ``frame`` has any number of rows a subject, in which a covariate is the same or missing; rows of a
    subject who has a value elsewhere get that. Raises ``AnalysisError`` for a covariate that is no
    number, changes within a subject or nobody has, and predictors that lack values.
    """
    frame = as_pandas(frame)
    chosen = choose(CovariateFill, fill, parameter="fill")
    names = sequence_of_names(covariates, parameter="covariates")
    others = sequence_of_names(predictors, parameter="predictors")
    if (chosen is CovariateFill.REGRESSION) != bool(others):
        raise AnalysisError("fill='regression' needs predictors, and fill='mean' takes none")
    if set(others) & set(names):
        raise AnalysisError(f"{sorted(set(others) & set(names))} cannot predict themselves")
    who, subjects = pd.factorize(column(frame, subject, parameter="subject"))
    if (who < 0).any():
        raise AnalysisError(f"subject={subject!r} is missing in {int((who < 0).sum())} row(s)")
    known = [_of_subject(frame, name, who, subjects, parameter="predictors") for name in others]
    for name, values in zip(others, known, strict=True):
        if np.isnan(values).any():
            raise AnalysisError(
                f"the predictor {name!r} is missing for {int(np.isnan(values).sum())} subject(s)"
            )
    changed, filled = {}, []
    for name in names:
        values = _of_subject(frame, name, who, subjects, parameter="covariates")
        lacking = np.isnan(values)
        if lacking.all():
            raise AnalysisError(f"nobody has a value of the covariate {name!r}")
        put = _put(values, known)
        whole = np.where(lacking, put, values)
        changed[name] = whole[who]
        filled.append(
            FilledCovariate(
                name=name,
                fill=chosen,
                predictors=others,
                subjects=tuple(np.asarray(subjects, dtype=object)[lacking].tolist()),
                values=tuple(put[lacking].tolist()),
                n_subjects=len(values),
            )
        )
    return FilledBaseline(frame=frame.assign(**changed), subject=subject, filled=tuple(filled))


def _of_subject(
    frame: pd.DataFrame, name: str, who: np.ndarray, subjects: pd.Index, *, parameter: str
) -> np.ndarray:
    """The value of each subject, NaN where no row has one."""
    values = numbers(frame, name, parameter=parameter)
    found = np.full(len(subjects), np.nan)
    seen = ~np.isnan(values)
    found[who[seen]] = values[seen]
    if (found[who[seen]] != values[seen]).any():
        at = int(who[seen][np.argmax(found[who[seen]] != values[seen])])
        raise AnalysisError(
            f"the covariate {name!r} has several values in subject {subjects[at]!r}; a baseline has one"
        )
    return found


def _put(values: np.ndarray, predictors: list[np.ndarray]) -> np.ndarray:
    """What stands for a missing value of each subject."""
    seen = ~np.isnan(values)
    if not predictors:
        return np.full(len(values), values[seen].mean())
    design = np.column_stack([np.ones(len(values)), *predictors])
    centre = design[:, 1:].mean(axis=0)
    design[:, 1:] -= centre
    if seen.sum() <= design.shape[1] or np.linalg.matrix_rank(design[seen]) < design.shape[1]:
        raise AnalysisError(
            "the regression on the predictors cannot be fitted to those with values"
        )
    return np.asarray(design @ least_squares(design[seen], values[seen]).coefficients)
