"""The rows that the model uses, as codes and numbers, and the rows that it leaves out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.codes import refuse_codes
from trialkit.analysis.frames.frames import Order, column, levels, numbers
from trialkit.analysis.frames.magnitudes import refuse_unworkable_size
from trialkit.errors import AnalysisError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """Which column of the frame plays which part."""

    outcome: str
    subject: str
    visit: str
    arm: str
    reference: object
    covariates: tuple[str, ...]
    covariates_by_visit: tuple[str, ...]
    covariance_by: str | None
    time: str | None
    weights: str | None
    order: Order | None

    @property
    def all_covariates(self) -> tuple[str, ...]:
        """Every covariate once, those by visit last."""
        plain = tuple(dict.fromkeys(self.covariates))
        by_visit = tuple(dict.fromkeys(self.covariates_by_visit))
        return tuple(name for name in plain if name not in by_visit) + by_visit


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Covariate:
    """A covariate in every row of the frame: numbers, or codes of ``levels`` (−1 or NaN missing)."""

    name: str
    values: np.ndarray
    levels: tuple[object, ...]

    @property
    def is_category(self) -> bool:
        """Whether it has levels rather than numbers."""
        return bool(self.levels)

    @property
    def missing(self) -> np.ndarray:
        """Which rows have no value."""
        return self.values < 0 if self.is_category else np.isnan(self.values)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Records:
    """The frame as arrays, one element a row of the frame; ``used`` says which rows are analysed.

    Codes are −1 where missing. Subjects are numbered in their order of appearance.
    """

    columns: Columns
    subjects: tuple[object, ...]
    visits: tuple[object, ...]
    arms: tuple[object, ...]
    groups: tuple[object, ...]
    subject: np.ndarray
    visit: np.ndarray
    arm: np.ndarray
    group: np.ndarray
    outcome: np.ndarray
    covariates: tuple[Covariate, ...]
    time: np.ndarray | None
    weights: np.ndarray | None
    used: np.ndarray
    excluded: pd.DataFrame


def read_records(frame: pd.DataFrame, columns: Columns) -> Records:
    """Read and check the columns; raises :class:`AnalysisError` for what no model can use."""
    _refuse_double_parts(columns)
    order = columns.order
    subject, subjects = _subjects(frame, columns.subject)
    visit, visits = levels(frame, columns.visit, parameter="visit", order=order)
    arm, arms = levels(
        frame, columns.arm, parameter="arm", order=order, reference=columns.reference
    )
    arm, arms = _reference_first(arm, arms, columns.reference)
    if columns.covariance_by == columns.arm:
        group, groups = arm, arms
    elif columns.covariance_by is None:
        group, groups = np.zeros(len(frame), dtype=np.intp), (None,)
    else:
        group, groups = levels(
            frame, columns.covariance_by, parameter="covariance_by", order=order, keep_empty=False
        )
    covariates = tuple(_covariate(frame, name, order) for name in columns.all_covariates)
    outcome = numbers(frame, columns.outcome, parameter="outcome")
    refuse_unworkable_size(outcome, columns.outcome)
    time = numbers(frame, columns.time, parameter="time") if columns.time else None
    weights = _weights(frame, columns.weights)
    missing = [
        (columns.subject, subject < 0),
        (columns.visit, visit < 0),
        (columns.arm, arm < 0),
        (columns.outcome, np.isnan(outcome)),
        *((each.name, each.missing) for each in covariates),
    ]
    if columns.covariance_by is not None:
        missing.append((columns.covariance_by, group < 0))
    if time is not None:
        missing.append((str(columns.time), np.isnan(time)))
    if weights is not None:
        missing.append((str(columns.weights), np.isnan(weights)))
    used = ~np.logical_or.reduce([where for _, where in missing])
    records = Records(
        columns=columns,
        subjects=subjects,
        visits=_plain(visits),
        arms=_plain(arms),
        groups=_plain(groups),
        subject=subject,
        visit=visit,
        arm=arm,
        group=group,
        outcome=outcome,
        covariates=covariates,
        time=time,
        weights=weights,
        used=used,
        excluded=_excluded(missing, used, (subject, subjects), (visit, _plain(visits))),
    )
    _refuse_duplicates(records)
    _refuse_empty(records)
    _refuse_changing(records, records.arm, columns.arm, "arm")
    _refuse_changing(records, records.group, str(columns.covariance_by), "covariance_by")
    return records


def _refuse_double_parts(columns: Columns) -> None:
    parts = [columns.outcome, columns.subject, columns.visit, columns.arm]
    for given in (columns.covariates, columns.covariates_by_visit):
        for name in given:
            if given.count(name) > 1:
                raise AnalysisError(f"the covariate {name!r} is given twice; give it once")
            if not name:
                raise AnalysisError("a covariate's column needs a name; that of '' is empty")
    for name in (*parts, *columns.all_covariates):
        if (*parts, *columns.all_covariates).count(name) > 1:
            raise AnalysisError(
                f"the column {name!r} is given two parts in the model; outcome, subject, visit, "
                "arm and each covariate need columns of their own"
            )


def _subjects(frame: pd.DataFrame, name: str) -> tuple[np.ndarray, tuple[object, ...]]:
    codes, found = pd.factorize(column(frame, name, parameter="subject"))
    return np.asarray(codes, dtype=np.intp), tuple(found.tolist())


def _reference_first(
    codes: np.ndarray, arms: tuple[object, ...], reference: object
) -> tuple[np.ndarray, tuple[object, ...]]:
    """The arms with the reference first and the others in their order."""
    at = arms.index(reference)
    if at == 0:
        return codes, arms
    renumber = np.array([*(np.arange(len(arms)) + (np.arange(len(arms)) < at)), -1])
    renumber[at] = 0
    return renumber[codes], (reference, *(each for each in arms if each != reference))


def _covariate(frame: pd.DataFrame, name: str, order: Order | None) -> Covariate:
    found = column(frame, name, parameter="covariates")
    numeric = pd.api.types.is_numeric_dtype(found.dtype)
    if numeric and not pd.api.types.is_bool_dtype(found.dtype) and name not in (order or {}):
        values = numbers(frame, name, parameter="covariates")
        refuse_codes(values, name, parameter="covariates")
        refuse_unworkable_size(values, name)
        return Covariate(name=name, values=values, levels=())
    codes, known = levels(frame, name, parameter="covariates", order=order)
    return Covariate(name=name, values=codes, levels=_plain(known))


def _plain(found: tuple[object, ...]) -> tuple[object, ...]:
    """Levels as Python's own numbers, which print as they are written."""
    return tuple(each.item() if isinstance(each, np.generic) else each for each in found)


def _weights(frame: pd.DataFrame, name: str | None) -> np.ndarray | None:
    if name is None:
        return None
    weights = numbers(frame, name, parameter="weights")
    if (weights <= 0).any():
        raise AnalysisError(
            f"weights={name!r} holds {int((weights <= 0).sum())} value(s) that are not positive; "
            "leave a row out of the data rather than give it no weight"
        )
    return weights


def _excluded(
    missing: Sequence[tuple[str, np.ndarray]],
    used: np.ndarray,
    of_subject: tuple[np.ndarray, tuple[object, ...]],
    of_visit: tuple[np.ndarray, tuple[object, ...]],
) -> pd.DataFrame:
    """Each row left out with the first reason, then each subject without any row."""
    (subject, subjects), (visit, visits) = of_subject, of_visit
    rows = np.flatnonzero(~used)
    reason = np.full(len(used), None, dtype=object)
    for name, where in reversed(missing):
        reason[where] = f"{name} is missing"
    absent = np.setdiff1d(subject[subject >= 0], subject[used])
    name_of = np.array([*subjects, None], dtype=object)
    visit_of = np.array([*visits, None], dtype=object)
    nobody = np.full(len(absent), None, dtype=object)
    whole = np.full(len(absent), "no row of the subject can be used", dtype=object)
    return pd.DataFrame(
        {
            "subject": np.concatenate([name_of[subject[rows]], name_of[absent]]),
            "visit": np.concatenate([visit_of[visit[rows]], nobody]),
            "reason": np.concatenate([reason[rows], whole]),
        },
        dtype=object,
    )


def _refuse_duplicates(records: Records) -> None:
    known = (records.subject >= 0) & (records.visit >= 0)
    cell = records.subject[known] * len(records.visits) + records.visit[known]
    counts = np.bincount(cell, minlength=1)
    if counts.max(initial=0) > 1:
        at = int(np.argmax(counts > 1))
        subject, visit = divmod(at, len(records.visits))
        raise AnalysisError(
            f"subject {records.subjects[subject]!r} has {counts[at]} rows at visit "
            f"{records.visits[visit]!r} ({int((counts > 1).sum())} subject–visit(s) are repeated); "
            "the model takes one value of a subject at each visit"
        )


def _reasons(records: Records) -> str:
    """Why rows cannot be used, the commonest reason first."""
    rows = records.excluded[records.excluded["visit"].notna()]
    counts = rows["reason"].value_counts()
    return "; ".join(f"{reason} in {count}" for reason, count in counts.items()) or "all are there"


def _refuse_empty(records: Records) -> None:
    columns, used = records.columns, records.used
    if not used.any():
        raise AnalysisError(
            f"no row has all that the model needs; of {len(used)} rows {_reasons(records)}"
        )
    shape = (len(records.arms), len(records.visits))
    if shape[0] < 2:
        raise AnalysisError(
            f"arm={columns.arm!r} has one level, {records.arms[0]!r}; two or more are compared"
        )
    cell = records.arm[used] * shape[1] + records.visit[used]
    counts = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
    for codes, names, name, parameter in (
        (counts.sum(axis=1), records.arms, columns.arm, "arm"),
        (counts.sum(axis=0), records.visits, columns.visit, "visit"),
    ):
        if (codes == 0).any():
            empty = ", ".join(repr(names[i]) for i in np.flatnonzero(codes == 0))
            raise AnalysisError(
                f"{parameter}={name!r}: no row that can be used has the level(s) {empty} "
                f"({_reasons(records)})",
                advice="leave out the level or the column that lacks values",
            )
    if (counts == 0).any():
        arm, visit = (int(each) for each in np.argwhere(counts == 0)[0])
        raise AnalysisError(
            f"nobody in arm {records.arms[arm]!r} has a value of {columns.outcome!r} at visit "
            f"{records.visits[visit]!r}, so its mean there cannot be estimated"
        )


def _refuse_changing(records: Records, codes: np.ndarray, name: str, parameter: str) -> None:
    used = records.used
    first = np.full(len(records.subjects), -1, dtype=np.intp)
    first[records.subject[used][::-1]] = codes[used][::-1]
    changed = codes[used] != first[records.subject[used]]
    if changed.any():
        who = records.subjects[int(records.subject[used][np.argmax(changed)])]
        raise AnalysisError(
            f"{parameter}={name!r} is not the same in all rows of subject {who!r}; "
            "a subject belongs to one"
        )
