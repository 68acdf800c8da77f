"""Welch's t of every two of some samples."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.stats import ttest_ind

from trialkit.analysis.diagnosing.hypothesis_test import HypothesisTest


@dataclass(frozen=True, slots=True, kw_only=True)
class PairTest:
    """Welch's t of one group minus another, by their numbers."""

    one: int
    other: int
    test: HypothesisTest


def pairwise_welch(samples: Sequence[np.ndarray]) -> Iterator[PairTest]:
    """Welch's t for all pairs of samples, the later minus the earlier.

    Each has two values that differ. pingouin says the same in a table, a hundred times slower.
    """
    for other, one in combinations(range(len(samples)), 2):
        earlier, later = samples[other], samples[one]
        found = ttest_ind(earlier, later, equal_var=False)
        yield PairTest(
            one=one,
            other=other,
            test=HypothesisTest(
                statistic=-float(found.statistic),
                p_value=float(found.pvalue),
                df_den=_degrees_of_freedom(earlier, later),
            ),
        )


def _degrees_of_freedom(one: np.ndarray, other: np.ndarray) -> float:
    """Welch's and Satterthwaite's."""
    left, right = (each.var(ddof=1) / each.size for each in (one, other))
    return float((left + right) ** 2 / (left**2 / (one.size - 1) + right**2 / (other.size - 1)))
