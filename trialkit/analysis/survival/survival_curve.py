"""The product-limit curve of one group: arrays in, arrays out."""

from dataclasses import dataclass

import numpy as np

from trialkit.analysis.survival.curve_limits import crossing_time, probability_limits
from trialkit.analysis.survival.tied_times import counted_by_whole_times, distinct_times, place_of
from trialkit.protocol.methods.time_to_event import CurveLimits


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SurvivalCurve:
    """The Kaplan-Meier curve at every distinct time (K,) of a group of ``n``.

    ``at_risk`` are those watched until just before each time; ``log_variance`` is Greenwood's of the
    logarithm of ``survival``, infinite where the curve is 0.
    """

    n: int
    times: np.ndarray
    at_risk: np.ndarray
    events: np.ndarray
    censored: np.ndarray
    survival: np.ndarray
    log_variance: np.ndarray

    @property
    def se(self) -> np.ndarray:
        """Greenwood's standard error of the survival (K,); NaN where the curve is 0."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.survival * np.sqrt(self.log_variance))

    @property
    def last_time(self) -> float:
        """Until when anybody was watched."""
        return float(self.times[-1])

    def limits(self, kind: CurveLimits, conf_level: float) -> tuple[np.ndarray, np.ndarray]:
        """Pointwise limits at every time (K,)."""
        return probability_limits(
            self.survival, self.se, start=1.0, limits=kind, conf_level=conf_level
        )

    def at(self, when: np.ndarray, values: np.ndarray, *, start: float) -> np.ndarray:
        """What ``values`` (K,) are at times ``when`` (T,): ``start`` before the first.

        NaN later than anybody was watched, unless the curve is at 0, where it stays.
        """
        place = place_of(when, self.times)
        found = np.append(start, values)[place]
        beyond = when > self.last_time * (1 + 1e-9)
        return np.where(beyond & (self.survival[-1] > 0), np.nan, found)

    def number_at_risk(self, when: np.ndarray) -> np.ndarray:
        """How many were watched until just before each of ``when`` (T,)."""
        earlier = np.searchsorted(self.times, when - 1e-9 * np.abs(when), side="left")
        return np.asarray(np.append(self.at_risk, 0)[earlier], dtype=int)

    def quantile(self, share: float) -> float:
        """The time by which ``share`` had the event; NaN where the curve does not fall so far."""
        return crossing_time(self.times, self.survival, 1 - share)

    def quantile_limits(
        self, share: float, *, kind: CurveLimits, conf_level: float
    ) -> tuple[float, float]:
        """Where the lower and the upper limit of the curve cross; NaN where they do not.

        Reference: Brookmeyer R, Crowley J. Biometrics 1982;38:29-41.
        """
        low, high = self.limits(kind, conf_level)
        return crossing_time(self.times, low, 1 - share), crossing_time(self.times, high, 1 - share)


def product_limit(time: np.ndarray, event: np.ndarray) -> SurvivalCurve:
    """The curve of subjects with times (n,) and events (n,); who is censored at a time was at risk."""
    times, place = distinct_times(time)
    ended = np.bincount(place, minlength=len(times))
    events = np.bincount(place, weights=event, minlength=len(times)).astype(int)
    return _curve(times, ended, events)


def product_limits(
    time: np.ndarray, event: np.ndarray, codes: np.ndarray, number: int
) -> tuple[SurvivalCurve, ...]:
    """The curve of each of ``number`` groups, of which ``codes`` (n,) say who is in which."""
    counts = counted_by_whole_times(time, event, codes, number)
    if counts is None:
        own = (codes == code for code in range(number))
        return tuple(product_limit(time[here], event[here]) for here in own)
    ended = counts.sum(axis=2)
    there = [np.flatnonzero(ended[:, code]) for code in range(number)]
    return tuple(
        _curve(times.astype(float), ended[times, code], counts[times, code, 1])
        for code, times in enumerate(there)
    )


def _curve(times: np.ndarray, ended: np.ndarray, events: np.ndarray) -> SurvivalCurve:
    """The curve of how many end, and how many of them with the event, at each distinct time (K,)."""
    at_risk = ended.sum() - np.cumsum(ended) + ended
    with np.errstate(divide="ignore"):
        variance = np.cumsum(events / (at_risk * (at_risk - events)), dtype=float)
    return SurvivalCurve(
        n=int(ended.sum()),
        times=times,
        at_risk=at_risk,
        events=events,
        censored=ended - events,
        survival=np.cumprod(1 - events / at_risk),
        log_variance=variance,
    )
