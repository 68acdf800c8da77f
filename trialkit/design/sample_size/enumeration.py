"""Exact power of tests of two risks: all tables that can be, each with its probability.

Tables so improbable that all of them together cannot be seen (1e-12) are left out.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from trialkit.analysis.distributions import chi_squared
from trialkit.design.sample_size.seldom_distributions import (
    binomial_cdf,
    binomial_pmf,
    binomial_sf,
    likely_numbers,
)
from trialkit.errors import DesignError

_UNSEEN = 1e-13
_AS_PROBABLE = 1 + 1e-7  # R's tolerance for "as probable as the observed table"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tables:
    """The tables of two arms: events in columns and rows, and the probability of each."""

    n_reference: int
    n_experimental: int
    events_reference: np.ndarray
    """As a column: the first axis of every table of tables."""
    events_experimental: np.ndarray
    """As a row: the second axis."""
    probability: np.ndarray


Rejects = Callable[[Tables], np.ndarray]


def exact_power(sizes: tuple[float, ...], *, risks: tuple[float, float], rejects: Rejects) -> float:
    """The probability of all tables that the test rejects; sizes and risks, the reference first.

    Raises :class:`DesignError` for sizes that are not whole: only whole ones have tables.
    """
    tables = likely_tables(whole_sizes(sizes), risks)
    return float(tables.probability[rejects(tables)].sum())


def whole_sizes(sizes: tuple[float, ...]) -> tuple[int, int]:
    """Two sizes that are whole numbers, or an error."""
    if any(size != round(size) for size in sizes):
        raise DesignError(f"an exact test has power for whole sizes only, got {list(sizes)}")
    return round(sizes[0]), round(sizes[1])


def likely_tables(sizes: tuple[int, int], risks: tuple[float, float]) -> Tables:
    """The tables worth counting under these risks."""
    reference, experimental = (
        likely_numbers(n, risk, _UNSEEN) for n, risk in zip(sizes, risks, strict=True)
    )
    probability = np.outer(
        binomial_pmf(reference, sizes[0], risks[0]), binomial_pmf(experimental, sizes[1], risks[1])
    )
    return Tables(
        n_reference=sizes[0],
        n_experimental=sizes[1],
        events_reference=reference[:, None],
        events_experimental=experimental[None, :],
        probability=probability,
    )


def _pearson(x0: np.ndarray, x1: np.ndarray, n0: int, n1: int) -> np.ndarray:
    """Pearson's χ² without correction; no difference can be seen without events, or all events."""
    events = np.asarray(x0 + x1, dtype=float)
    cross = x1 * float(n0) - x0 * float(n1)
    margins = events * (n0 + n1 - events) * n0 * n1
    possible = margins > 0
    statistic = cross**2 * (n0 + n1) / np.where(possible, margins, 1.0)
    return np.asarray(np.where(possible, statistic, 0.0))


def chi_square_power(
    sizes: tuple[float, ...], *, risks: tuple[float, float], alpha: float
) -> float:
    """The exact power of Pearson's test, its two borders found by halving for each row of tables.

    For a number of events in the reference arm the statistic grows away from equal risks, so that
    two borders say of every table whether it is rejected; large arms stay quick.
    """
    n0, n1 = whole_sizes(sizes)
    x0 = likely_numbers(n0, risks[0], _UNSEEN)
    equal = x0 * (n1 / n0)
    limit = float(chi_squared.isf(alpha, 1))
    above = _first_rejected(x0, np.ceil(equal), n1 + 1.0, sizes=(n0, n1), limit=limit)
    below = _first_rejected(x0, np.floor(equal), -1.0, sizes=(n0, n1), limit=limit)
    tails = binomial_sf(above - 1, n1, risks[1]) + binomial_cdf(below, n1, risks[1])
    return float(np.dot(binomial_pmf(x0, n0, risks[0]), tails))


def _first_rejected(
    x0: np.ndarray, start: np.ndarray, end: float, *, sizes: tuple[int, int], limit: float
) -> np.ndarray:
    """The number of events nearest to ``start`` that is rejected; ``end`` where none is.

    ``start`` itself is the nearest to equal risks on its side and may be rejected.
    """
    accepted, rejected = start - np.sign(end - start), np.full(len(x0), end)
    while (np.abs(rejected - accepted) > 1).any():
        middle = np.trunc((accepted + rejected) / 2)
        hit = _pearson(x0, middle, *sizes) >= limit
        open_ = np.abs(rejected - accepted) > 1
        rejected = np.where(open_ & hit, middle, rejected)
        accepted = np.where(open_ & ~hit, middle, accepted)
    return rejected


def fisher_rejects(tables: Tables, *, alpha: float) -> np.ndarray:
    """Fisher's exact test, two-sided: the tables no more probable than the one seen."""
    n0, n1 = tables.n_reference, tables.n_experimental
    x0, x1 = tables.events_reference[:, 0], tables.events_experimental[0]
    rejects = np.zeros((len(x0), len(x1)), dtype=bool)
    log_choose_0, log_choose_1 = _log_binomials(n0), _log_binomials(n1)
    for events in range(int(x0[0] + x1[0]), int(x0[-1] + x1[-1]) + 1):
        support = np.arange(max(0, events - n0), min(n1, events) + 1)
        log_weight = log_choose_1[support] + log_choose_0[events - support]
        weight = np.exp(log_weight - log_weight.max())
        order = np.sort(weight)
        below = np.concatenate(([0.0], np.cumsum(order)))
        p = below[np.searchsorted(order, weight * _AS_PROBABLE, side="right")] / below[-1]
        here = support[p <= alpha]
        inside = (here >= x1[0]) & (here <= x1[-1])
        inside &= (events - here >= x0[0]) & (events - here <= x0[-1])
        chosen = here[inside]
        rejects[events - chosen - x0[0], chosen - x1[0]] = True
    return rejects


def _log_binomials(n: int) -> np.ndarray:
    k = np.arange(n + 1)
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))


def score_statistic(tables: Tables, difference: float, *, small_sample: bool) -> np.ndarray:
    """The score statistic of each table for a risk difference, experimental minus reference.

    ``small_sample`` is Miettinen and Nurminen's factor N / (N − 1) of the variance.
    """
    n0, n1 = tables.n_reference, tables.n_experimental
    p0, p1 = tables.events_reference / n0, tables.events_experimental / n1
    p0, p1 = np.broadcast_arrays(p0, p1)
    under_0, under_1 = likeliest_risks(p0, p1, difference, ratio=n0 / n1)
    variance = under_1 * (1 - under_1) / n1 + under_0 * (1 - under_0) / n0
    if small_sample:
        variance = variance * (n0 + n1) / (n0 + n1 - 1)
    distance = np.asarray(p1 - p0 - difference)
    distance = np.where(np.abs(distance) < 1e-13, 0.0, distance)
    positive = variance > 0
    ratio = distance / np.sqrt(np.where(positive, variance, 1.0))
    edge = np.where(distance == 0, 0.0, np.copysign(np.inf, distance))
    return np.asarray(np.where(positive, ratio, edge))


def likeliest_risks(
    reference: np.ndarray, experimental: np.ndarray, difference: float, *, ratio: float
) -> tuple[np.ndarray, np.ndarray]:
    """The likeliest risks with this difference, experimental minus reference.

    ``ratio`` is the reference arm's size over the experimental arm's. They solve a cubic
    (Farrington and Manning, Stat Med 1990;9:1447-1454, appendix).
    """
    s = difference
    a = 1 + ratio
    b = -(1 + ratio + experimental + ratio * reference + s * (ratio + 2))
    c = s * s + s * (2 * experimental + ratio + 1) + experimental + ratio * reference
    d = -experimental * s * (1 + s)
    third = b / (3 * a)
    v = third**3 - b * c / (6 * a * a) + d / (2 * a)
    u = np.copysign(np.sqrt(np.maximum(third**2 - c / (3 * a), 0.0)), v)
    cube = u**3
    safe = np.where(cube == 0, 1.0, cube)
    cosine = np.where(cube == 0, 1.0, np.clip(v / safe, -1.0, 1.0))
    root = 2 * u * np.cos((np.pi + np.arccos(cosine)) / 3) - third
    found = np.clip(root, max(0.0, s), min(1.0, 1.0 + s))
    return np.clip(found - s, 0.0, 1.0), found
