"""Sufficient statistics: what the likelihood needs of the subjects of each pattern.

A *pattern* is a set of observed visits, within a covariance block. Every row of the design of a
subject is zᵀ Tᵥ, where z (*profile*) holds what is particular to the subject and Tᵥ (*layout*) what
is particular to visit v. So Σ zzᵀ, Σ zyᵀ and Σ yyᵀ over the subjects of a pattern are all that is
needed, and an evaluation of the likelihood costs the same for 20 subjects as for 20 000.

Axes: K patterns, m visits, d elements of a profile, p coefficients; then, where many data sets are
fitted at once, one axis of data sets (written … in the comments).
"""

from dataclasses import dataclass

import numpy as np

from trialkit.analysis.repeated.whitening import Whitening


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MmrmStatistics:
    """The data as the likelihood sees them.

    ``block`` names the covariance block of each pattern, in ascending order; unobserved visits of
    ``zy`` and ``yy`` are zero. ``log_weights`` is half the sum of the logarithms of the weights,
    ``log_columns`` the log determinant of the cross-products of the reported columns, the columns of
    ``layout`` being orthonormal. With a ``whitening`` the outcome and the layout are in its coordinates
    and ``log_weights`` holds its log determinant.
    """

    present: np.ndarray  # (K, m)
    block: np.ndarray  # (K,)
    counts: np.ndarray  # (K, …) or (K,)
    zz: np.ndarray  # (K, d, d, …)
    zy: np.ndarray  # (K, d, m, …)
    yy: np.ndarray  # (K, m, m, …)
    layout: np.ndarray  # (m · d, p)
    n_observations: np.ndarray  # (…)
    log_weights: np.ndarray  # (…)
    log_columns: float
    whitening: Whitening | None = None

    @property
    def n_visits(self) -> int:
        """How many visits there are."""
        return int(self.present.shape[1])

    @property
    def n_coefficients(self) -> int:
        """How many fixed effects there are."""
        return int(self.layout.shape[1])

    @property
    def block_starts(self) -> np.ndarray:
        """Where each block of patterns starts."""
        return np.flatnonzero(np.diff(self.block, prepend=-1))

    def of_sets(self, which: np.ndarray) -> "MmrmStatistics":
        """The statistics of some of the data sets."""
        return MmrmStatistics(
            present=self.present,
            block=self.block,
            counts=self.counts if self.counts.ndim == 1 else self.counts[..., which],
            zz=self.zz[..., which],
            zy=self.zy[..., which],
            yy=self.yy[..., which],
            layout=self.layout,
            n_observations=self.n_observations[which],
            log_weights=self.log_weights[which],
            log_columns=self.log_columns,
            whitening=self.whitening,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Patterns:
    """The subjects of each pattern: ``order`` lists subjects pattern by pattern."""

    order: np.ndarray  # (n,)
    starts: np.ndarray  # (K,)
    of_subject: np.ndarray  # (n,)
    present: np.ndarray  # (K, m)
    block: np.ndarray  # (K,)


def patterns_of(observed: np.ndarray, block: np.ndarray) -> Patterns:
    """Group subjects by covariance block, then by the visits ``observed`` (subject, visit)."""
    bits = observed.astype(np.int64) @ (np.int64(1) << np.arange(observed.shape[1], dtype=np.int64))
    order = np.lexsort((bits, block))
    changes = (np.diff(bits[order]) != 0) | (np.diff(block[order]) != 0)
    starts = np.concatenate([[0], np.flatnonzero(changes) + 1])
    of_subject = np.empty(len(order), dtype=np.intp)
    of_subject[order] = np.concatenate([[0], np.cumsum(changes)])
    first = order[starts]
    return Patterns(
        order=order,
        starts=starts,
        of_subject=of_subject,
        present=observed[first],
        block=block[first],
    )


def summarise(
    patterns: Patterns,
    *,
    profiles: np.ndarray,
    outcome: np.ndarray,
    layout: np.ndarray,
    log_weights: np.ndarray,
    log_columns: float,
    whitening: Whitening | None = None,
) -> MmrmStatistics:
    """The sufficient statistics of one data set: profiles (n, d), outcome (n, m), zero if missing."""
    if whitening is not None:
        outcome, layout = whitening.outcome(outcome, patterns.of_subject), whitening.layout(layout)
    d = profiles.shape[1]
    both = np.concatenate([profiles, outcome], axis=1)[patterns.order]
    ends = np.append(patterns.starts[1:], len(both))
    crossed = np.empty((len(ends), both.shape[1], both.shape[1]))
    for k, (start, end) in enumerate(zip(patterns.starts, ends, strict=True)):
        crossed[k] = both[start:end].T @ both[start:end]
    counts = ends - patterns.starts
    if whitening is not None:
        log_weights = log_weights - counts @ whitening.log_root
    return MmrmStatistics(
        present=patterns.present,
        block=patterns.block,
        counts=counts.astype(float),
        zz=np.ascontiguousarray(crossed[:, :d, :d]),
        zy=np.ascontiguousarray(crossed[:, :d, d:]),
        yy=np.ascontiguousarray(crossed[:, d:, d:]),
        layout=layout,
        n_observations=np.asarray(float(patterns.present.sum(axis=1) @ counts)),
        log_weights=log_weights,
        log_columns=log_columns,
        whitening=whitening,
    )
