"""Groupings of rows: sites, therapists, classes, subjects, each level of which has an intercept."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.frames import column, sequence_of_names
from trialkit.errors import AnalysisError
from trialkit.grammar import counted

SEPARATOR = " / "
EXPLAINED = 1e-9
"""A grouping with less than this share of its rows left by the fixed effects is explained by them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RowGrouping:
    """The level of each row (n,) as a code of ``levels``, −1 for a row without an intercept of its own."""

    name: str
    codes: np.ndarray
    levels: tuple[object, ...]

    @property
    def sizes(self) -> np.ndarray:
        """How many rows each level has."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.levels))

    def only(self, rows: np.ndarray) -> "RowGrouping":
        """The grouping of some of the rows, with the levels that occur there."""
        codes = self.codes[rows]
        present, again = np.unique(codes[codes >= 0], return_inverse=True)
        kept = np.full(len(codes), -1, dtype=np.intp)
        kept[codes >= 0] = again
        return RowGrouping(
            name=self.name, codes=kept, levels=tuple(self.levels[code] for code in present)
        )

    def is_within(self, other: "RowGrouping") -> bool:
        """Whether all rows of a level have the same level of ``other``."""
        own = self.codes >= 0
        if (other.codes[own] < 0).any():
            return False
        pairs = np.unique(np.column_stack([self.codes[own], other.codes[own]]), axis=0)
        return len(pairs) == len(self.levels)


def read_groupings(
    frame: pd.DataFrame, cluster: str | Sequence[str], *, nested: bool
) -> tuple[RowGrouping, ...]:
    """The groupings of the frame's rows, missing levels as −1.

    With ``nested`` each is numbered anew within those before it, so that therapist 1 of one site is
    not therapist 1 of another. Levels are told apart, not ordered.
    """
    names = (
        (cluster,) if isinstance(cluster, str) else sequence_of_names(cluster, parameter="cluster")
    )
    if not names:
        raise AnalysisError("cluster must name a column, such as 'site', or several")
    found: list[RowGrouping] = []
    for name in names:
        codes, levels = pd.factorize(column(frame, name, parameter="cluster"))
        read = RowGrouping(
            name=name, codes=np.asarray(codes, dtype=np.intp), levels=tuple(levels.tolist())
        )
        found.append(_inside(read, found[-1]) if nested and found else read)
    return tuple(found)


def _inside(inner: RowGrouping, outer: RowGrouping) -> RowGrouping:
    """Each level of ``inner`` once for each level of ``outer`` that it stands in."""
    known = (inner.codes >= 0) & (outer.codes >= 0)
    pairs, codes = np.unique(
        np.column_stack([outer.codes[known], inner.codes[known]]), axis=0, return_inverse=True
    )
    placed = np.full(len(known), -1, dtype=np.intp)
    placed[known] = codes.reshape(-1)
    levels = tuple(f"{outer.levels[one]}{SEPARATOR}{inner.levels[other]}" for one, other in pairs)
    return RowGrouping(name=inner.name, codes=placed, levels=levels)


def refuse_unidentified(groupings: tuple[RowGrouping, ...], basis: np.ndarray) -> None:
    """Refuse a grouping whose variance the rows do not tell; ``basis`` (n, p) spans the fixed effects."""
    for each in groupings:
        count = len(each.levels)
        if count < 2:
            raise AnalysisError(
                f"{each.name!r} has {counted(count, 'level')} in the rows used: the variance between "
                "levels cannot be estimated from one",
                advice="leave it out of the model",
            )
        if each.sizes.max() < 2:
            raise AnalysisError(
                f"every level of {each.name!r} has one row, so that its intercept is the residual",
                advice="name the column of the groups, not that of the subjects",
            )
        if _left(each, basis) < EXPLAINED * (each.codes >= 0).sum():
            raise AnalysisError(
                f"the fixed effects explain all differences between the {count} levels of "
                f"{each.name!r} (such as one level an arm): nothing tells how much levels of the same "
                "arm differ",
            )
    for later, each in enumerate(groupings):
        for other in groupings[:later]:
            if each.is_within(other) and other.is_within(each):
                raise AnalysisError(
                    f"{other.name!r} and {each.name!r} group the rows alike",
                    advice="name one of them",
                )


def _left(grouping: RowGrouping, basis: np.ndarray) -> float:
    """The trace of Z'MZ, M the projection off the fixed effects."""
    own = grouping.codes >= 0
    sums = np.zeros((len(grouping.levels), basis.shape[1]))
    np.add.at(sums, grouping.codes[own], basis[own])
    return float(own.sum() - np.square(sums).sum())
