"""The subjects of a trial by visit, with what is missing and from when on an event affects it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.frames import Order, column, levels, numbers, plain
from trialkit.analysis.frames.magnitudes import refuse_unworkable_size
from trialkit.analysis.imputation.events import Affected, read_events
from trialkit.errors import AnalysisError


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialColumns:
    """Which column of the frame plays which part."""

    outcome: str
    subject: str
    visit: str
    arm: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IncompleteTrial:
    """The subjects (n), in the order of their names, by visit (m).

    ``outcome`` is NaN where missing. ``frame`` has a row for each subject and visit, in that order,
    with all columns of the caller's frame; what is the same in all rows of a subject stands in
    those, too, that the caller's frame does not have.
    """

    columns: TrialColumns
    subjects: tuple[object, ...]
    visits: tuple[object, ...]
    arms: tuple[object, ...]
    arm: np.ndarray  # (n,) codes of ``arms``, of which the first is the reference
    outcome: np.ndarray  # (n, m)
    affected: Affected
    frame: pd.DataFrame

    @property
    def missing(self) -> np.ndarray:
        """Which values are missing (n, m)."""
        return np.asarray(np.isnan(self.outcome))

    @property
    def shape(self) -> tuple[int, int]:
        """How many subjects and visits there are."""
        return len(self.subjects), len(self.visits)

    def completed(self, values: np.ndarray) -> pd.DataFrame:
        """The frame with the outcome ``values`` (n, m)."""
        return self.frame.assign(**{self.columns.outcome: values.ravel()})


def read_incomplete(
    frame: pd.DataFrame,
    columns: TrialColumns,
    *,
    reference: object,
    events: pd.DataFrame | None,
    needed: Sequence[str],
    order: Order | None,
) -> IncompleteTrial:
    """Read the trial; ``needed`` are columns in which no subject may lack a value.

    Raises :class:`AnalysisError` for columns that are not there, rows without a subject, visit or
    arm, two rows of a subject at a visit, subjects of two arms and missing covariates.
    """
    _refuse_rows_of_nobody(frame, columns)
    visit, visits = levels(frame, columns.visit, parameter="visit", order=order)
    arm, arms = levels(
        frame, columns.arm, parameter="arm", order=order, reference=reference, keep_empty=False
    )
    visits, arms = plain(visits), plain(arms)
    subjects = _sorted(plain(column(frame, columns.subject, parameter="subject").unique()))
    who = pd.Index(list(subjects)).get_indexer(pd.Index(frame[columns.subject]))
    place = who * len(visits) + visit
    _refuse_repeated(place, subjects, visits)
    values = numbers(frame, columns.outcome, parameter="outcome")
    refuse_unworkable_size(values, columns.outcome)
    outcome = np.full(len(subjects) * len(visits), np.nan)
    outcome[place] = values
    of_subject = np.full(len(subjects), -1, dtype=np.intp)
    of_subject[who] = arm
    if (of_subject[who] != arm).any():
        changing = subjects[int(who[np.argmax(of_subject[who] != arm)])]
        raise AnalysisError(
            f"arm={columns.arm!r} is not the same in all rows of subject {changing!r}"
        )
    ordered = (reference, *(each for each in arms if each != reference))
    renumber = np.array([ordered.index(each) for each in arms])
    whole = _whole(frame, columns, place, subjects, visits)
    _refuse_missing_covariates(whole, columns, needed)
    return IncompleteTrial(
        columns=columns,
        subjects=subjects,
        visits=visits,
        arms=ordered,
        arm=renumber[of_subject],
        outcome=outcome.reshape(len(subjects), len(visits)),
        affected=read_events(
            events, subject=columns.subject, visit=columns.visit, subjects=subjects, visits=visits
        ),
        frame=whole,
    )


def _refuse_rows_of_nobody(frame: pd.DataFrame, columns: TrialColumns) -> None:
    for parameter in ("subject", "visit", "arm"):
        name = getattr(columns, parameter)
        lacking = int(column(frame, name, parameter=parameter).isna().sum())
        if lacking:
            raise AnalysisError(
                f"{parameter}={name!r} is missing in {lacking} row(s)",
                advice="imputation needs every subject with an arm, and every row with a visit",
            )
    if not len(frame):
        raise AnalysisError("the frame has no row")


def _sorted(names: tuple[object, ...]) -> tuple[object, ...]:
    """The subjects in an order that does not depend on that of the rows."""
    numeric = all(isinstance(each, int | float) for each in names)
    return tuple(sorted(names, key=lambda each: each if numeric else (str(each),)))  # type: ignore[arg-type,return-value]


def _refuse_repeated(
    place: np.ndarray, subjects: tuple[object, ...], visits: tuple[object, ...]
) -> None:
    found, count = np.unique(place, return_counts=True)
    if count.max() > 1:
        subject, visit = divmod(int(found[np.argmax(count > 1)]), len(visits))
        raise AnalysisError(
            f"subject {subjects[subject]!r} has {int(count.max())} rows at visit {visits[visit]!r}; "
            "a subject has one value at a visit"
        )


def _whole(
    frame: pd.DataFrame,
    columns: TrialColumns,
    place: np.ndarray,
    subjects: tuple[object, ...],
    visits: tuple[object, ...],
) -> pd.DataFrame:
    """A row for each subject and visit, with what is constant in a subject in all its rows."""
    n, m = len(subjects), len(visits)
    placed = frame.set_axis(place, axis=0)
    whole = placed.reindex(np.arange(n * m))
    who = np.arange(n * m) // m
    of_row = pd.Series(place // m, index=placed.index)
    for name in frame.columns:
        if name in (columns.outcome, columns.subject, columns.visit):
            continue
        first = placed[name].groupby(of_row).first()
        known = placed[name].dropna()
        if (known.to_numpy() == first.loc[of_row.loc[known.index]].to_numpy()).all():
            filled = first.reindex(who).set_axis(whole.index)
            whole[name] = filled.astype(frame[name].dtype) if filled.notna().all() else filled
    whole[columns.subject] = np.repeat(np.array(subjects, dtype=object), m)
    kind = frame[columns.visit].dtype
    if isinstance(kind, pd.CategoricalDtype):
        at = pd.Categorical(list(visits) * n, categories=kind.categories, ordered=kind.ordered)
        whole[columns.visit] = at
    else:
        whole[columns.visit] = np.tile(np.array(visits, dtype=object), n)
        whole[columns.visit] = whole[columns.visit].infer_objects()
    whole[columns.subject] = whole[columns.subject].infer_objects()
    return whole


def _refuse_missing_covariates(
    whole: pd.DataFrame, columns: TrialColumns, needed: Sequence[str]
) -> None:
    for name in needed:
        lacking = column(whole, name, parameter="covariates").isna()
        if lacking.any():
            who = plain(whole.loc[lacking, columns.subject].unique())
            raise AnalysisError(
                f"the covariate {name!r} is missing for {len(who)} subject(s), the first of them "
                f"{who[0]!r}",
                advice="fill_baseline puts in a value that does not depend on the arm; a covariate "
                "that changes over visits is needed at every visit",
            )
