"""The order statistics of all sums of two values, without computing them all.

Both lists are put in order, so that the sums with one value rise along the other list: how many of
them are at most ``v`` is a search, a row each, and a bracket of ``v`` narrows until it holds few.
These few are computed, so that what is found is the very float that sorting all of them gives.
Johnson DB, Mizoguchi T. SIAM J Comput 1978;7:147-153. Monahan JF. ACM Trans Math Softw 1984;10:265-270.
"""

from dataclasses import dataclass

import numpy as np

from trialkit.errors import AnalysisError

_MOST_TIED = 50_000_000  # sums that rounding does not tell apart; 0.4 GB
_FEW = 10_000  # pairs that are computed at once
_COARSE = 40
_WIDTH = 0.03


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairSums:
    """Each of ``rows`` plus each of ``columns``: distinct values, ascending, and how often each is.

    With ``once`` the two are the same list, and every pair of its members counts once, those of a
    member with itself among them.
    """

    rows: np.ndarray
    row_counts: np.ndarray
    columns: np.ndarray
    column_counts: np.ndarray
    once: bool = False

    def __len__(self) -> int:
        """How many sums there are."""
        if self.once:
            members = int(self.row_counts.sum())
            return members * (members + 1) // 2
        return int(self.row_counts.sum()) * int(self.column_counts.sum())

    @property
    def median(self) -> tuple[float, float]:
        """The two sums in the middle; one and the same where their number is odd."""
        k = (len(self) + 1) // 2
        sums, ranks = self._about(k)
        low = float(sums[np.searchsorted(ranks, k)])
        after = len(self) // 2 + 1
        if after > ranks[-1]:
            return low, self.smallest(after)
        return low, float(sums[np.searchsorted(ranks, after)])

    def smallest(self, k: int) -> float:
        """The k-th smallest sum; there is none before the first or after the last."""
        if k < 1:
            return -np.inf
        if k > len(self):
            return np.inf
        sums, ranks = self._about(k)
        return float(sums[np.searchsorted(ranks, k)])

    def _about(self, k: int) -> tuple[np.ndarray, np.ndarray]:
        """The sums in a bracket of the k-th smallest, ascending, and up to which rank each goes."""
        low, high = self._bracket(k)
        starts, ends = (
            self._places(low - 2 * self._rounding),
            self._places(high + 2 * self._rounding),
        )
        if self.once:
            starts = np.maximum(starts, np.arange(len(starts)))
        lengths = np.maximum(ends - starts, 0)
        if lengths.sum() > _MOST_TIED:
            raise AnalysisError(
                f"{lengths.sum()} of the differences or averages of two values are told apart by "
                f"rounding alone, more than the {_MOST_TIED} of which the middle can be chosen"
            )
        row = np.repeat(np.arange(len(lengths)), lengths)
        column = np.arange(len(row)) + np.repeat(starts - (np.cumsum(lengths) - lengths), lengths)
        sums = self.rows[row] + self.columns[column]
        often = self.row_counts[row] * self.column_counts[column]
        if self.once:
            own = self.row_counts[row]
            often = np.where(row == column, own * (own + 1) // 2, often)
        order = np.argsort(sums)
        return sums[order], self._count(starts) + np.cumsum(often[order])

    def _bracket(self, k: int) -> tuple[float, float]:
        """Values that hold the k-th smallest sum between them, and not many others.

        Each round tries two values about where it lies if sums are even in the bracket, and the
        middle of the bracket where that did not halve it.
        """
        low, high = self.rows[0] + self.columns[0], self.rows[-1] + self.columns[-1]
        if len(self.rows) * len(self.columns) <= _FEW:
            return float(low), float(high)
        below, upto = 0, len(self)
        few = len(self.rows) + len(self.columns)
        trials = self._coarse(k / len(self))
        while upto - below > few and high - low > 4 * self._rounding:
            before = upto - below
            for value in trials:
                if not low < value < high:
                    continue
                count = self._count(self._places(value))
                if count < k:
                    low, below = value, count
                else:
                    high, upto = value, count
            if upto - below > before / 2:
                trials = (low + (high - low) / 2,)
                continue
            at = (k - below) / (upto - below)
            half = min(0.25, few / 3 / (upto - below))
            trials = (low + (at - half) * (high - low), low + (at + half) * (high - low))
        return float(low), float(high)

    def _coarse(self, share: float) -> tuple[float, ...]:
        """About where that share of the sums ends, by some of the rows and columns."""
        some = np.sort(
            np.add.outer(
                self.rows[:: len(self.rows) // _COARSE + 1],
                self.columns[:: len(self.columns) // _COARSE + 1],
            ),
            axis=None,
        )
        places = np.clip(np.array([share - _WIDTH, share + _WIDTH]), 0, 1) * (len(some) - 1)
        return tuple(some[np.rint(places).astype(int)].tolist())

    def _places(self, value: float) -> np.ndarray:
        """In each row, how many columns have a sum of at most ``value``, to rounding."""
        return np.asarray(np.searchsorted(self.columns, value - self.rows, side="right"))

    def _count(self, places: np.ndarray) -> int:
        """How many sums lie before these places, each as often as it is."""
        upto = np.concatenate([[0], np.cumsum(self.column_counts)])
        if not self.once:
            return int(self.row_counts @ upto[places])
        own = self.row_counts
        pairs = own * (upto[places] - upto[:-1]) - own * (own - 1) // 2
        return int(pairs[places > np.arange(len(places))].sum())

    @property
    def _rounding(self) -> float:
        """By how much a sum, or a search for it, may be wrong."""
        largest = max(abs(self.rows[0]), abs(self.rows[-1]))
        other = max(abs(self.columns[0]), abs(self.columns[-1]))
        return float(4 * np.finfo(float).eps * (largest + other) + np.finfo(float).tiny)


def differences(values: np.ndarray, others: np.ndarray) -> PairSums:
    """Each of ``values`` minus each of ``others``."""
    rows, row_counts = np.unique(values, return_counts=True)
    columns, column_counts = np.unique(np.negative(others), return_counts=True)
    return PairSums(rows=rows, row_counts=row_counts, columns=columns, column_counts=column_counts)


def sums_of_two(values: np.ndarray) -> PairSums:
    """Each of ``values`` plus each from it on, itself first: the Walsh averages, doubled."""
    rows, counts = np.unique(values, return_counts=True)
    return PairSums(rows=rows, row_counts=counts, columns=rows, column_counts=counts, once=True)
