"""The courses of outcomes over the visits: normal, correlated, and cut short by dropout."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.special import logit, ndtr

from trialkit.design.simulation.assumptions import OutcomeAssumption
from trialkit.design.simulation.drawn_events import drawn_events, drawn_times
from trialkit.design.simulation.leaving import Leaving
from trialkit.errors import DesignError
from trialkit.protocol.compared import compared
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnTrials:
    """Values (replicates, subjects, visits), NaN after dropout, and the subjects' arms.

    ``gone`` is who has left before each visit, where a mechanism says it; who was observed all the
    same has values there.
    """

    values: np.ndarray
    arms: np.ndarray
    gone: np.ndarray | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedCourse:
    """The distribution of one outcome over its visits: means by arm, and one covariance.

    Of counts the first variance is the dispersion, and people differ by a gamma variable.

    Arms are in the order of ``protocol.arm_codes``, the reference first. Plain tuples, so that it
    travels to any worker.
    """

    means: tuple[tuple[float, ...], ...]
    covariance: tuple[tuple[float, ...], ...]
    staying: tuple[float, ...]
    """The chance of being still there at each visit."""
    summary: Summary = Summary.MEAN
    """What kind of values they are: normal ones, counts of events, events by their risk, times to one."""
    thresholds: tuple[float, ...] = ()
    """Of an ordinal outcome, the log odds of at most each level but the last under no change; the means are
    then those of a logistic variable."""
    leaving: Leaving | None = None
    """How participants leave by a mechanism that is stated; None where the same share leaves at each visit,
    whatever the values."""

    def valued(self, normal: np.ndarray, means: np.ndarray) -> np.ndarray:
        """Values of normal variables around 0: moved by the means, and of levels the places from 1 on."""
        if not self.thresholds:
            return np.asarray(normal + means)
        latent = logit(ndtr(normal)) + means
        return np.asarray(1.0 + np.searchsorted(np.array(self.thresholds), latent))

    def draw(
        self, sizes: tuple[int, ...], *, replicates: int, rng: np.random.Generator
    ) -> DrawnTrials:
        """The trials that are drawn, with the subjects of each arm after those of the one before.

        Of times to an event there is a time and whether the event ended it, in the place of visits.
        """
        arms = np.repeat(np.arange(len(sizes)), sizes)
        means, covariance = np.array(self.means)[arms], np.array(self.covariance)
        if self.summary is Summary.TIME:
            times = drawn_times(means[:, -1], self.staying[-1], replicates, rng)
            return DrawnTrials(values=times, arms=arms)
        if self.thresholds:
            values = self.valued(_normal(np.zeros_like(means), covariance, replicates, rng), means)
        else:
            values = _DRAWN.get(self.summary, _normal)(means, covariance, replicates, rng)
        if self.leaving is not None:
            left = self.leaving.happen(values, arms, rng)
            return DrawnTrials(values=left.values, arms=arms, gone=left.gone)
        if self.staying[-1] < 1:
            fate = rng.random((replicates, len(arms), 1))
            values[fate >= np.array(self.staying)] = np.nan
        return DrawnTrials(values=values, arms=arms)


def _normal(
    means: np.ndarray, covariance: np.ndarray, replicates: int, rng: np.random.Generator
) -> np.ndarray:
    root = np.linalg.cholesky(covariance)
    values = rng.standard_normal((replicates, *means.shape)) @ root.T
    values += means
    return np.asarray(values)


def _counts(
    means: np.ndarray, covariance: np.ndarray, replicates: int, rng: np.random.Generator
) -> np.ndarray:
    return drawn_counts(np.broadcast_to(means, (replicates, *means.shape)), covariance, rng)


_DRAWN = {
    Summary.MEAN: _normal,
    Summary.RATE: _counts,
    Summary.RECURRENCE: _counts,
    Summary.PROPORTION: drawn_events,
}


def drawn_counts(means: np.ndarray, covariance: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Negative binomial counts (..., people, visits), of whose people each has a rate of their own.

    Own rates are the arm's times a gamma variable, the same at all visits, whose variance is the first
    of the ``covariance``: the dispersion.
    """
    dispersion = float(covariance[0, 0])
    own = rng.gamma(1 / dispersion, dispersion, size=(*means.shape[:-1], 1))
    return np.asarray(rng.poisson(np.maximum(means, 0.0) * own), dtype=float)


def course_of(
    protocol: Protocol,
    outcome: Outcome,
    assumed: OutcomeAssumption,
    visits: tuple[str, ...],
    *,
    effect: float,
    dropout: float,
) -> SimulatedCourse:
    """The course that is assumed, with ``effect`` times the difference of the arms' changes.

    A change grows evenly with the days from the baseline visit up to the outcome's time point and
    stays after it, whichever of the visits the outcome is measured at. The reference arm's own
    change comes true in every scenario. In a crossover trial changes are of treatments, and grow in
    the period in which one is given.
    """
    return SimulatedCourse(
        means=_means_of_periods(protocol, assumed, visits, effect=effect)
        if protocol.is_crossover
        else _means_of_arms(protocol, outcome, assumed, visits, effect=effect),
        covariance=_covariance(assumed, len(visits)),
        staying=staying_at(visits, outcome, protocol, dropout),
        summary=outcome.kind.summary,
        thresholds=assumed.thresholds,
    )


def _means_of_periods(
    protocol: Protocol, assumed: OutcomeAssumption, visits: tuple[str, ...], *, effect: float
) -> tuple[tuple[float, ...], ...]:
    """The mean of each sequence at each visit: as ever at the start of a period, and changed at its end."""
    base = assumed.change(compared(protocol).reference.code)
    place = {code: number for number, code in enumerate(protocol.visit_codes)}
    means = []
    for code in protocol.arm_codes:
        changed = dict.fromkeys(visits, 0.0)
        for period, given in zip(protocol.periods, protocol.arm(code).treatments, strict=True):
            change = base + effect * (assumed.change(given) - base)
            treated = [each for each in period.visits if each != period.baseline]
            end = place[period.time_point]
            steps = [each for each in sorted(treated, key=place.__getitem__) if place[each] <= end]
            for number, visit in enumerate(steps, start=1):
                changed[visit] = change * number / len(steps)
            changed |= {each: change for each in treated if place[each] > end}
        means.append(tuple(assumed.start + changed[visit] for visit in visits))
    return tuple(means)


def _means_of_arms(
    protocol: Protocol,
    outcome: Outcome,
    assumed: OutcomeAssumption,
    visits: tuple[str, ...],
    *,
    effect: float,
) -> tuple[tuple[float, ...], ...]:
    """The mean of each arm at each visit."""
    days = [protocol.visit(code).moment for code in visits]
    start = protocol.baseline.moment
    end = protocol.visit(outcome.time_point).moment
    share = [
        min(max((day - start) / (end - start), 0.0), 1.0) if end > start else 0.0 for day in days
    ]
    base = assumed.change(protocol.reference.code)
    means = []
    for code in protocol.arm_codes:
        change = base + effect * (assumed.change(code) - base)
        means.append(tuple(assumed.start + change * each for each in share))
    return tuple(means)


def not_at_baseline(outcome: Outcome) -> bool:
    """Whether it may be lost at its first visit already, where that is not the baseline."""
    return outcome.kind.summary in {Summary.LEVELS, Summary.PROPORTION, Summary.TIME}


def staying(visits: int, dropout: float) -> tuple[float, ...]:
    """The chance of being there at each visit, the same share of those there lost at each."""
    if visits == 1:
        return (1.0,)
    return tuple(float((1 - dropout) ** (place / (visits - 1))) for place in range(visits))


def staying_at(
    visits: tuple[str, ...], outcome: Outcome, protocol: Protocol, dropout: float
) -> tuple[float, ...]:
    """The same at the visits of an outcome, at whose first some are gone where it is after the baseline."""
    if not_at_baseline(outcome) and protocol.baseline.code not in visits:
        return staying(len(visits) + 1, dropout)[1:]
    return staying(len(visits), dropout)


def arm_sizes(protocol: Protocol, participants: int) -> tuple[int, ...]:
    """The participants of each arm by the ratio, reference first; what is over goes in its order."""
    arms = [protocol.arm(code) for code in protocol.arm_codes]
    total = sum(arm.share for arm in arms)
    exact = [Fraction(participants * arm.share, total) for arm in arms]
    sizes = [int(each) for each in exact]
    by_rest = sorted(range(len(arms)), key=lambda arm: (sizes[arm] - exact[arm], arm))
    for arm in by_rest[: participants - sum(sizes)]:
        sizes[arm] += 1
    if min(sizes) < 2:
        raise DesignError(f"{participants} participants leave an arm with fewer than 2")
    return tuple(sizes)


def _covariance(assumed: OutcomeAssumption, visits: int) -> tuple[tuple[float, ...], ...]:
    apart = np.abs(np.subtract.outer(np.arange(visits), np.arange(visits)))
    decayed = np.power(1 - assumed.decay, np.maximum(apart - 1, 0))
    correlation = np.where(apart == 0, 1.0, assumed.correlation * decayed)
    if np.linalg.eigvalsh(correlation)[0] <= 0:
        raise DesignError(
            f"outcome {assumed.code!r}: correlation {assumed.correlation} with decay "
            f"{assumed.decay} is impossible for {visits} visits"
        )
    return tuple(tuple(float(each) for each in row) for row in assumed.sd**2 * correlation)
