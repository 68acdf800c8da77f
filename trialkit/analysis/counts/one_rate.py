"""Events of one group and their rate, with exact limits; the method is in ``docs/methods/counts.md``."""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv

from trialkit.analysis.frames.groups import check_level
from trialkit.errors import AnalysisError


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSummary:
    """What a group of ``n`` subjects had: ``events`` in all, how many had any, and their rate.

    ``exposure`` is how long all were at risk together. The rate, and its limits, are for one unit
    of that; NaN where nobody was at risk.
    """

    n: int
    events: int
    with_any: int
    exposure: float
    rate: float
    conf_low: float
    conf_high: float


def summarise_rate(
    counts: np.ndarray, exposure: np.ndarray, *, conf_level: float = 0.95
) -> RateSummary:
    """The rate of events of subjects with a count, and its exact Poisson limits.

    Estimand
        Events for one unit of exposure, over all subjects together.

    Reference
        Garwood F. Biometrika 1936;28:437-442.

    Checked against
        ``tests/reference/counts/one_rate.json`` (R stats::poisson.test)

    ``counts`` and ``exposure`` (n,) are of subjects; who lacks one of them, or was at risk for no
    time, is not counted. The limits take all events as independent: where some people have many,
    they are too narrow for a rate of people. Raises :class:`AnalysisError` for a count that is no
    whole number from 0 up, and a negative exposure.
    """
    check_level(conf_level)
    known = ~np.isnan(counts) & (exposure > 0)
    own, time = counts[known], exposure[known]
    if (own < 0).any() or (own != np.floor(own)).any():
        raise AnalysisError("counts must be whole numbers from 0 up")
    if (exposure < 0).any():
        raise AnalysisError("an exposure cannot be negative")
    events, at_risk = int(own.sum()), float(time.sum())
    low, high = exact_events(events, conf_level=conf_level)
    by = at_risk if at_risk > 0 else np.nan
    return RateSummary(
        n=len(own),
        events=events,
        with_any=int((own > 0).sum()),
        exposure=at_risk,
        rate=events / by,
        conf_low=low / by,
        conf_high=high / by,
    )


def exact_events(events: int, *, conf_level: float) -> tuple[float, float]:
    """The exact limits of a Poisson mean of which so many events were observed."""
    tail = (1 - conf_level) / 2
    low = float(gammaincinv(events, tail)) if events else 0.0
    return low, float(gammaincinv(events + 1, 1 - tail))
