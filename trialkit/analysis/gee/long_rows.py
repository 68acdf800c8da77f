"""Rows of subjects over visits, sorted, and gathered by which visits a subject has."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.counts.exposure import read_exposure
from trialkit.analysis.frames.frames import Order, column, levels, numbers
from trialkit.analysis.generalised.families import (
    Binomial,
    Gaussian,
    Poisson,
    ResponseDistribution,
)
from trialkit.analysis.linear.linear_model import Design, Term, build_design, refuse_collinear
from trialkit.analysis.linear.model_rows import ModelRows, read_model_rows
from trialkit.analysis.proportions.event_counts import binary
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.generalised_models import ResponseFamily
from trialkit.protocol.methods.linear_models import OutcomeScale


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VisitPattern:
    """Subjects with the same ``visits`` (m,), and their rows (subjects, m) in the order of visits."""

    visits: np.ndarray
    rows: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LongRows:
    """Rows sorted by subject and visit: ``design`` (n, p), ``outcome`` and ``offset`` (n,).

    ``subject`` (n,) are codes, ``first`` (subjects,) is where each subject begins; of clusters these
    are the clusters, and ``visits`` number their rows. ``several`` is what they are called.
    """

    rows: ModelRows
    model: Design
    design: np.ndarray
    outcome: np.ndarray
    offset: np.ndarray
    subject: np.ndarray
    first: np.ndarray
    visits: tuple[object, ...]
    several: str
    patterns: tuple[VisitPattern, ...]

    @property
    def n_subjects(self) -> int:
        """How many subjects there are."""
        return len(self.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedUnit:
    """Whose rows belong together: a subject's over visits, or a cluster's, which have no order.

    ``column`` names them in the frame, ``visit`` is None of clusters; ``several`` is what they are called.
    """

    column: str
    visit: str | None
    several: str

    def places(
        self, frame: pd.DataFrame, *, order: Order | None
    ) -> tuple[np.ndarray, tuple[object, ...]]:
        """The visit of each row as a code, −1 where missing, and the visits; zeros of clusters."""
        if self.visit is None:
            return np.zeros(len(frame), dtype=np.intp), ()
        return levels(frame, self.visit, parameter="visit", order=order)

    def codes(self, frame: pd.DataFrame) -> np.ndarray:
        """Whom each row belongs to (rows,), as a code, −1 where that is missing."""
        found = column(frame, self.column, parameter="subject" if self.visit else "cluster")
        return np.asarray(pd.factorize(found)[0])


def repeated_unit(subject: str | None, visit: str | None, cluster: str | None) -> RepeatedUnit:
    """Subjects over visits, or clusters; raises ``AnalysisError`` where neither or both are named."""
    if cluster is not None and visit is None and subject is None:
        return RepeatedUnit(column=cluster, visit=None, several="clusters")
    if cluster is None and subject is not None and visit is not None:
        return RepeatedUnit(column=subject, visit=visit, several="subjects")
    raise AnalysisError(
        "rows belong together by subject= and visit=, or by cluster= alone (a cluster's rows have no "
        f"order); got subject={subject!r}, visit={visit!r}, cluster={cluster!r}"
    )


def distribution(family: ResponseFamily) -> ResponseDistribution:
    """The distribution of a family of responses."""
    match family:
        case ResponseFamily.BINOMIAL:
            return Binomial()
        case ResponseFamily.POISSON:
            return Poisson()
        case ResponseFamily.GAUSSIAN:
            return Gaussian()


def read_long_rows(
    frame: pd.DataFrame,
    *,
    outcome: str,
    unit: RepeatedUnit,
    arm: str,
    reference: object,
    family: ResponseFamily,
    covariates: Sequence[str],
    categories: Sequence[str],
    by_visit: bool,
    event: object | None,
    exposure: str | None,
    order: Order | None,
) -> LongRows:
    """The rows with outcome, subject and visit (or cluster), arm and covariates.

    With ``by_visit`` the model has the visit, as a category, and its interaction with the arm.
    Raises ``AnalysisError`` for two rows of a subject at a visit, for as many coefficients as
    subjects, and for what ``read_model_rows`` refuses.
    """
    visit = unit.visit
    if by_visit and visit is None:
        raise AnalysisError("by_visit compares arms at visits: name their column by visit=")
    values = frame
    if family is ResponseFamily.BINOMIAL:
        values = frame.assign(**{outcome: binary(frame, outcome, event=event)})
    if exposure is not None and family is not ResponseFamily.POISSON:
        raise AnalysisError("an exposure belongs to counts (family='poisson'), and to nothing else")
    time, never = read_exposure(
        frame, exposure, numbers(values, outcome, parameter="outcome"), outcome=outcome
    )
    waves, visits = unit.places(frame, order=order)
    belongs = unit.codes(frame)
    at_visits = (visit,) if by_visit and visit is not None else ()
    names = (*covariates, *(each for each in at_visits if each not in covariates))
    rows = read_model_rows(
        values,
        outcome=outcome,
        arm=arm,
        reference=reference,
        covariates=names,
        categories=(*categories, *at_visits),
        scale=OutcomeScale.IDENTITY,
        subject=None if visit is None else unit.column,
        order=order,
        unusable=(
            (belongs < 0, f"{unit.column} is missing"),
            (waves < 0, f"{visit} is missing"),
            *never,
        ),
        several=True,
    )
    _refuse_responses(rows.outcome, outcome, family)
    who, _ = pd.factorize(belongs[rows.kept])
    model = _design(rows, at_visits)
    waves = waves[rows.kept]
    if visit is None:
        _refuse_lone_clusters(rows, who)
        waves = _counted_off(who)
        visits = tuple(range(1, int(waves.max()) + 2))
    sort = np.lexsort((waves, who))
    who, waves = who[sort], waves[sort]
    _refuse_repeated_visits(who, waves, rows, sort, visits)
    first = np.flatnonzero(np.append(True, who[1:] != who[:-1]))
    if len(first) <= model.matrix.shape[1]:
        raise AnalysisError(
            f"a model of {model.matrix.shape[1]} coefficients needs more {unit.several} than these, got "
            f"{len(first)}"
        )
    return LongRows(
        rows=rows,
        model=model,
        design=model.matrix[sort],
        outcome=rows.outcome[sort],
        offset=np.log(time[rows.kept])[sort],
        subject=who,
        first=first,
        visits=visits,
        several=unit.several,
        patterns=_patterns(first, waves, len(visits)),
    )


def _refuse_responses(values: np.ndarray, outcome: str, family: ResponseFamily) -> None:
    if family is ResponseFamily.POISSON and (
        (values < 0).any() or (values != np.floor(values)).any()
    ):
        raise AnalysisError(f"outcome={outcome!r} must hold whole numbers from 0 up")
    if np.ptp(values) == 0:
        raise AnalysisError(f"{outcome!r} is the same in all rows used: nothing is to be compared")


def _refuse_lone_clusters(rows: ModelRows, who: np.ndarray) -> None:
    for code, level in enumerate(rows.arm.levels):
        if len(np.unique(who[rows.arm.codes == code])) < 2:
            raise AnalysisError(
                f"{rows.arm.name} {level!r} has one cluster: what is the cluster's and what the arm's "
                "cannot be told apart"
            )


def _counted_off(who: np.ndarray) -> np.ndarray:
    """The number of each row among those of its cluster, from 0, in the order of the rows."""
    sort = np.argsort(who, kind="stable")
    sizes = np.bincount(who)
    within = np.arange(len(who)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    found = np.empty(len(who), dtype=np.intp)
    found[sort] = within
    return found


def _design(rows: ModelRows, at_visits: tuple[str, ...]) -> Design:
    columns = (rows.arm, *rows.covariates)
    terms: tuple[Term, ...] = tuple((each.name,) for each in columns)
    terms = (*terms, *((rows.arm.name, visit) for visit in at_visits))
    design = build_design(columns, terms)
    refuse_collinear(design)
    return design


def _refuse_repeated_visits(
    who: np.ndarray,
    waves: np.ndarray,
    rows: ModelRows,
    sort: np.ndarray,
    visits: tuple[object, ...],
) -> None:
    again = np.flatnonzero((who[1:] == who[:-1]) & (waves[1:] == waves[:-1]))
    if len(again) and rows.subjects is not None:
        at = int(again[0])
        raise AnalysisError(
            f"subject {rows.subjects[sort[at]]!r} has two rows at visit {visits[waves[at]]!r}; "
            "the model takes one"
        )


def _patterns(first: np.ndarray, waves: np.ndarray, visits: int) -> tuple[VisitPattern, ...]:
    sizes = np.diff(np.append(first, len(waves)))
    here = np.zeros((len(first), visits), dtype=bool)
    here[np.repeat(np.arange(len(first)), sizes), waves] = True
    kinds, which = np.unique(here, axis=0, return_inverse=True)
    found = []
    for kind, seen in enumerate(kinds):
        starts = first[which.reshape(-1) == kind]
        at = np.flatnonzero(seen)
        found.append(VisitPattern(visits=at, rows=starts[:, None] + np.arange(len(at))))
    return tuple(found)
