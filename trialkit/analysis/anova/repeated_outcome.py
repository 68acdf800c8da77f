"""One outcome of many subjects at the same visits, read from a long frame into an array."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.frames import Order, column, levels, numbers, plain
from trialkit.analysis.frames.magnitudes import refuse_unworkable_size
from trialkit.errors import AnalysisError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RepeatedOutcome:
    """Complete subjects: ``values`` (subjects, visits) and the group number of each subject.

    The first of ``groups`` is the reference. Without ``between`` there is one group.
    """

    outcome: str
    between: str | None
    within: str
    values: np.ndarray
    codes: np.ndarray
    subjects: tuple[object, ...]
    groups: tuple[object, ...]
    visits: tuple[object, ...]


def read_repeated_outcome(
    frame: pd.DataFrame,
    *,
    outcome: str,
    subject: str,
    between: str | None,
    within: str,
    reference: object | None = None,
    order: Order | None = None,
) -> tuple[RepeatedOutcome, pd.DataFrame]:
    """The complete subjects, and what is left out with the reason (``subject``, ``reason``).

    Left out are rows without a subject or a visit, a row each, and subjects that are not complete.
    """
    roles = {"outcome": outcome, "subject": subject, "within": within}
    if between is not None:
        roles["between"] = between
    _refuse_same_column(frame, roles)
    measured = numbers(frame, outcome, parameter="outcome")
    visit_codes, visits = levels(frame, within, parameter="within", order=order)
    subject_codes, subjects = _subject_codes(frame, subject)
    refuse_unworkable_size(measured, outcome)
    if len(visits) < 2:
        raise AnalysisError(
            f"within={within!r} has {len(visits)} level(s); repeated measures need two or more. "
            "For one visit compare the arms with compare_means or ancova"
        )
    shape = (len(subjects), len(visits))
    placed = (subject_codes >= 0) & (visit_codes >= 0)
    cells = subject_codes[placed] * shape[1] + visit_codes[placed]
    _refuse_repeats(cells, subjects, visits, subject=subject, within=within)
    wide = np.full(shape, np.nan)
    wide.ravel()[cells] = measured[placed]
    codes, groups = _groups(
        frame, subject_codes, subjects, between=between, reference=reference, order=order
    )
    absent = np.isnan(wide)
    if absent.all(axis=0).any():
        empty = ", ".join(repr(visits[i]) for i in np.flatnonzero(absent.all(axis=0)))
        raise AnalysisError(f"nobody has {outcome!r} at {within} {empty}")
    complete = ~absent.any(axis=1) & (codes >= 0)
    reasons = [
        _reason(absent[i], visits, outcome, no_group=f"no {between}" if codes[i] < 0 else None)
        for i in np.flatnonzero(~complete)
    ]
    nowhere = subject_codes[~placed]
    excluded = pd.DataFrame(
        {
            "subject": [
                *(subjects[code] if code >= 0 else None for code in nowhere),
                *list(subjects[~complete]),
            ],
            "reason": [f"{subject if code < 0 else within} is missing in a row" for code in nowhere]
            + reasons,
        },
        dtype=object,
    )
    sizes = np.bincount(codes[complete], minlength=len(groups))
    if (sizes == 0).any():
        empty = ", ".join(repr(groups[i]) for i in np.flatnonzero(sizes == 0))
        where = f"{between} {empty}" if between else "the data"
        raise AnalysisError(f"no subject of {where} has {outcome!r} at every {within}")
    data = RepeatedOutcome(
        outcome=outcome,
        between=between,
        within=within,
        values=wide[complete],
        codes=codes[complete],
        subjects=tuple(subjects[complete]),
        groups=groups,
        visits=visits,
    )
    return data, excluded


def _refuse_same_column(frame: pd.DataFrame, roles: dict[str, str]) -> None:
    seen: dict[str, str] = {}
    for role, name in roles.items():
        column(frame, name, parameter=role)
        if name in seen:
            raise AnalysisError(f"{role} and {seen[name]} both name the column {name!r}")
        seen[name] = role


def _subject_codes(frame: pd.DataFrame, subject: str) -> tuple[np.ndarray, np.ndarray]:
    """Subjects numbered by first appearance, −1 where missing."""
    codes, found = pd.factorize(column(frame, subject, parameter="subject"))
    if not len(found):
        raise AnalysisError("the data hold no subject")
    subjects = np.empty(len(found), dtype=object)
    subjects[:] = plain(found)
    return np.asarray(codes, dtype=np.intp), subjects


def _refuse_repeats(
    cells: np.ndarray,
    subjects: np.ndarray,
    visits: tuple[object, ...],
    *,
    subject: str,
    within: str,
) -> None:
    """Refuse two rows for one subject and visit: which one counts is not ours to guess."""
    counts = np.bincount(cells, minlength=1)
    if (counts > 1).any():
        first = int(np.argmax(counts > 1))
        who, when = subjects[first // len(visits)], visits[first % len(visits)]
        raise AnalysisError(
            f"{subject} {who!r} has {counts[first]} rows at {within} {when!r}; one is expected. "
            "Average over further factors, or choose rows, before the analysis"
        )


def _groups(
    frame: pd.DataFrame,
    subject_codes: np.ndarray,
    subjects: np.ndarray,
    *,
    between: str | None,
    reference: object | None,
    order: Order | None,
) -> tuple[np.ndarray, tuple[object, ...]]:
    """The group number of each subject (−1 where missing) and the groups, reference first."""
    if between is None:
        if reference is not None:
            raise AnalysisError("reference names a level of between, and between is None")
        return np.zeros(len(subjects), dtype=np.intp), ("all",)
    row_codes, groups = levels(
        frame, between, parameter="between", order=order, reference=reference
    )
    if len(groups) < 2:
        raise AnalysisError(
            f"between={between!r} has one level only, {groups[0] if groups else None!r}; "
            "pass between=None for the analysis of one group"
        )
    if reference is not None and groups[0] != reference:
        base = groups.index(reference)
        ranked = [base, *(i for i in range(len(groups)) if i != base)]
        row_codes = np.append(np.argsort(ranked), -1)[row_codes]
        groups = tuple(groups[i] for i in ranked)
    named = subject_codes >= 0
    subject_codes, row_codes = subject_codes[named], row_codes[named]
    codes = np.empty(len(subjects), dtype=np.intp)
    codes[subject_codes] = row_codes
    differing = codes[subject_codes] != row_codes
    if differing.any():
        row = int(np.argmax(differing))
        who = subjects[subject_codes[row]]
        found = {
            groups[c] if c >= 0 else None for c in row_codes[subject_codes == subject_codes[row]]
        }
        listed = ", ".join(sorted(repr(each) for each in found))
        raise AnalysisError(f"subject {who!r} has more than one {between}: {listed}")
    return codes, groups


def _reason(
    absent: np.ndarray, visits: tuple[object, ...], outcome: str, *, no_group: str | None
) -> str:
    """Everything that is missing in a subject."""
    reasons = [no_group] if no_group else []
    if absent.any():
        where = ", ".join(str(visits[v]) for v in np.flatnonzero(absent))
        reasons.append(f"no {outcome} at {where}")
    return "; ".join(reasons)
