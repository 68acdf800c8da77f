"""Who is at risk at each event, worked out once for all steps of a fit.

Rows are put in order of stratum and time, so that the sum over those at risk is a sum from one
place to the end of the stratum. Who enters late is taken out again by a second order, of entries.
"""

from dataclasses import dataclass

import numpy as np

from trialkit.analysis.survival.tied_times import distinct_times, stable_order
from trialkit.errors import AnalysisError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Segments:
    """Rows in an order (n,), cut at places so that those from each place on can be summed.

    Of K cuts ``cuts`` are the places with, between strata, the ends of those before; ``kept`` (K,)
    are the cuts that begin a segment of ours, and ``bounds`` enclose those of each stratum.
    """

    cuts: np.ndarray
    kept: np.ndarray
    bounds: tuple[tuple[int, int], ...]

    def sums_to_end(self, values: np.ndarray) -> np.ndarray:
        """Sums (..., K) of values (..., n) from each place to the end of its stratum.

        No stratum rounds another's sums.
        """
        rows = values.shape[-1]
        inside = self.cuts[: np.searchsorted(self.cuts, rows)]  # at the end of all there is nothing
        parts = np.zeros((*values.shape[:-1], len(self.cuts)))
        parts[..., : len(inside)] = np.add.reduceat(values, inside, axis=-1)
        # a place without rows up to the next cut has none, where reduceat gives the row there
        parts[..., np.flatnonzero(np.diff(np.append(self.cuts, rows)) == 0)] = 0.0
        parts = parts[..., self.kept]
        for first, end in self.bounds:
            parts[..., first:end] = parts[..., first:end][..., ::-1].cumsum(axis=-1)[..., ::-1]
        return np.asarray(parts)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LateEntries:
    """Rows in order of stratum and entry, cut where those not yet entered begin.

    ``before`` (n,) counts, in the order of times, the event times up to each row's entry.
    """

    order: np.ndarray
    segments: Segments
    before: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RiskSets:
    """n rows in order (``order``), E events at K event times; a time in two strata counts twice.

    ``deaths`` (E,) are places in the order, ``group`` (E,) their event times, ``first_death`` (K,)
    where each begins among the deaths; ``at_risk_from`` (K,) is the first place at risk, up to the end
    of its stratum in ``bounds``. ``through`` and ``before`` (n,) enclose the event times at which a
    row is at risk. ``times`` (K,) and ``stratum`` (K,) name the event times.
    """

    order: np.ndarray
    bounds: tuple[tuple[int, int], ...]
    deaths: np.ndarray
    group: np.ndarray
    first_death: np.ndarray
    at_risk_from: np.ndarray
    segments: Segments
    through: np.ndarray
    before: np.ndarray
    times: np.ndarray
    stratum: np.ndarray
    entries: LateEntries | None

    @property
    def tied(self) -> np.ndarray:
        """How many events happened at each event time (K,)."""
        return np.diff(np.append(self.first_death, len(self.deaths)))

    def over_deaths(self, values: np.ndarray) -> np.ndarray:
        """Sums (..., K) of values (..., E) at each event time."""
        return np.asarray(np.add.reduceat(values, self.first_death, axis=-1))

    def of_deaths(self, values: np.ndarray) -> np.ndarray:
        """The values (..., E) of rows (..., n) that end with the event."""
        return np.take(values, self.deaths, axis=-1)

    def at_deaths(self, values: np.ndarray) -> np.ndarray:
        """Values (..., K) of event times, for each event (..., E)."""
        return np.repeat(values, self.tied, axis=-1)

    def over_those_at_risk(self, values: np.ndarray) -> np.ndarray:
        """Sums (..., K) of values (..., n), in the order of times, over who is at risk."""
        total = self.segments.sums_to_end(values)
        if self.entries is None:
            return total
        late = self.entries.segments.sums_to_end(values[..., self.entries.order])
        return np.asarray(total - late)

    def while_at_risk(self, steps: np.ndarray) -> np.ndarray:
        """Sums (..., n) of steps (..., K) over the event times at which each row is at risk."""
        through = np.zeros((*steps.shape[:-1], steps.shape[-1] + 1))
        np.cumsum(steps, axis=-1, out=through[..., 1:])
        met = np.take(through, self.through, axis=-1)
        if self.entries is not None:
            return np.asarray(met - through[..., self.entries.before])
        if len(self.bounds) > 1:
            return np.asarray(met - through[..., self.before])
        return np.asarray(met)

    def met(self, steps: np.ndarray, taken: np.ndarray | None) -> np.ndarray:
        """What each row met (..., n) of steps (..., E) while at risk; of its own tie less what is taken (E,)."""
        found = self.while_at_risk(self.over_deaths(steps))
        if taken is not None:
            found[..., self.deaths] -= self.at_deaths(self.over_deaths(taken * steps))
        return found


def risk_sets(
    time: np.ndarray, event: np.ndarray, strata: np.ndarray, *, start: np.ndarray | None = None
) -> RiskSets:
    """The risk sets of times, events and stratum codes (n,), with entries at ``start`` if given.

    A row is at risk after its start and until its time, both to rounding. Raises
    :class:`AnalysisError` where there is no event.
    """
    if not event.any():
        raise AnalysisError(
            "nobody had the event: there is nothing to model",
            advice="report the numbers at risk and the time of follow-up",
        )
    both = time if start is None else np.concatenate([time, start])
    times, place = distinct_times(both)
    span = len(times)
    key = strata * span + place[: len(time)]
    order = stable_order(key)
    sorted_key, sorted_strata = key[order], strata[order]
    deaths = np.flatnonzero(event[order])
    begins = np.append(True, np.diff(sorted_key[deaths]) != 0)
    first_death, group = np.flatnonzero(begins), np.cumsum(begins) - 1
    event_keys = sorted_key[deaths][first_death]
    bounds = _bounds(sorted_strata)
    at_risk_from = np.searchsorted(sorted_key, event_keys)
    return RiskSets(
        order=order,
        bounds=bounds,
        deaths=deaths,
        group=group,
        first_death=first_death,
        at_risk_from=at_risk_from,
        segments=_segments(at_risk_from, sorted_strata, event_keys // span),
        through=np.repeat(
            np.arange(len(event_keys) + 1), np.diff(at_risk_from, prepend=0, append=len(key))
        ),
        before=_earlier(event_keys // span, sorted_strata, bounds),
        times=times[event_keys % span],
        stratum=event_keys // span,
        entries=None
        if start is None
        else _late_entries(
            strata[order], place[len(time) :][order], span=span, event_keys=event_keys
        ),
    )


def _earlier(
    stratum: np.ndarray, sorted_strata: np.ndarray, bounds: tuple[tuple[int, int], ...]
) -> np.ndarray:
    """How many event times (K,) lie in the strata before that of each row (n,)."""
    first = [begin for begin, _ in bounds]
    earlier = np.searchsorted(stratum, sorted_strata[first])
    return np.repeat(earlier, [end - begin for begin, end in bounds])


def _late_entries(
    strata: np.ndarray, entry: np.ndarray, *, span: int, event_keys: np.ndarray
) -> LateEntries:
    """The order of entries, of rows that are already in the order of times."""
    key = strata * span + entry
    order = stable_order(key)
    return LateEntries(
        order=order,
        segments=_segments(
            np.searchsorted(key[order], event_keys), strata[order], event_keys // span
        ),
        before=np.searchsorted(event_keys, key, side="right"),
    )


def _segments(place: np.ndarray, sorted_strata: np.ndarray, stratum: np.ndarray) -> Segments:
    """Cuts at the places (K,) of rows in order of stratum, and where each stratum ends."""
    rank = np.cumsum(np.append(False, np.diff(stratum) != 0))
    last = np.flatnonzero(np.append(np.diff(stratum) != 0, True)) + 1
    ends = np.searchsorted(sorted_strata, stratum[last - 1], side="right")
    first = np.append(0, last[:-1])
    return Segments(
        cuts=np.insert(place, last, ends),
        kept=np.arange(len(place)) + rank,
        bounds=tuple(zip(first.tolist(), last.tolist(), strict=True)),
    )


def _bounds(sorted_strata: np.ndarray) -> tuple[tuple[int, int], ...]:
    """First place and end of each stratum."""
    first = np.flatnonzero(np.append(True, np.diff(sorted_strata) != 0)).tolist()
    return tuple(zip(first, [*first[1:], len(sorted_strata)], strict=True))
