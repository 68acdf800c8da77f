"""Cox's partial likelihood with its gradient and information, after Efron or Breslow for ties.

The second moments over those at risk are never formed for each event time: summed over the events
they are one weighted cross product of the covariates, each row weighed by the hazard it met.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from trialkit.analysis.survival.risk_sets import RiskSets

SMALLEST = 1e-300
"""Of hazards at risk that vanish beside the largest of the stratum: a likelihood to step back from."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Derivatives:
    """A log-likelihood, its gradient (p,) and minus its second derivatives (p, p)."""

    log_likelihood: float
    score: np.ndarray
    information: np.ndarray


class LogLikelihood(Protocol):
    """What can be maximised."""

    def at(self, beta: np.ndarray) -> Derivatives:
        """The derivatives at coefficients (p,)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Moments:
    """Sums over those at risk at coefficients.

    ``relative`` (n,) is each row's hazard, as a share of the largest in its stratum, whose logarithm
    is ``shift`` (n,); ``linear`` (n,) is the logarithm of that share. ``total`` and ``died`` (p, K) are the covariates of those at risk and of those
    who have the event, each weighed by its share of the hazards at risk; ``inverse`` (E,) is 1 over
    the sum of hazards at risk, less what is ``taken`` of its tie, and ``rise`` (E,) by what it is
    larger for that.
    """

    sets: RiskSets
    taken: np.ndarray | None
    linear: np.ndarray
    relative: np.ndarray
    shift: np.ndarray
    total: np.ndarray
    died: np.ndarray
    inverse: np.ndarray
    rise: np.ndarray

    @cached_property
    def mean(self) -> np.ndarray:
        """The mean covariates of those at risk at each event (p, E)."""
        at_risk = self.sets.at_deaths(self.total)
        if self.taken is not None:
            at_risk -= self.taken * self.sets.at_deaths(self.died)
        return np.asarray(at_risk * self.rise)

    @cached_property
    def hazard(self) -> np.ndarray:
        """What each row met while at risk (n,)."""
        return self.sets.met(self.inverse, self.taken)

    @property
    def sum_of_means(self) -> np.ndarray:
        """The means added up over the events (p,), from sums over each tie."""
        over = self.sets.over_deaths
        found = self.total @ over(self.rise)
        if self.taken is not None:
            found = found - self.died @ over(self.taken * self.rise)
        return np.asarray(found)

    def products_of_means(self, weights: np.ndarray | None) -> np.ndarray:
        """Cross products of the means (p, p), weighed (E,) if asked, from sums over each tie."""
        over, total, died = self.sets.over_deaths, self.total, self.died
        share = np.square(self.rise)
        if weights is not None:
            share *= weights
        found = (total * over(share)) @ total.T
        if self.taken is None:
            return np.asarray(found)
        part = self.taken * share
        mixed = (total * over(part)) @ died.T
        return np.asarray(found - mixed - mixed.T + (died * over(self.taken * part)) @ died.T)


@dataclass(frozen=True, kw_only=True, eq=False)
class PartialLikelihood:
    """Of covariates (p, n) in the order of ``sets``; ``taken`` (E,) is the share of its tie taken out.

    ``taken`` is None after Breslow, and 0, 1/d, 2/d ... for the d events of a tie after Efron.
    ``offset`` (n,) is added to the logarithm of each row's hazard.
    """

    sets: RiskSets
    covariates: np.ndarray
    taken: np.ndarray | None
    offset: np.ndarray | float = 0.0

    @cached_property
    def of_deaths(self) -> np.ndarray:
        """The covariates of all rows that end with the event, added up (p,)."""
        return np.asarray(self.sets.of_deaths(self.covariates).sum(axis=1))

    def moments(self, beta: np.ndarray) -> Moments:
        """The sums over those at risk at coefficients (p,)."""
        sets, x = self.sets, self.covariates
        linear = beta @ x + self.offset
        shift = np.empty_like(linear)
        for first, end in sets.bounds:
            shift[first:end] = linear[first:end].max()
        linear -= shift
        weighted = np.empty((len(x) + 1, len(linear)))
        relative = np.exp(linear, out=weighted[0])
        np.multiply(relative, x, out=weighted[1:])
        total = sets.over_those_at_risk(weighted)
        died = sets.over_deaths(sets.of_deaths(weighted))
        # where hazards differ by more than a float tells, those yet to enter leave rounding alone
        np.maximum(total[0], np.maximum(died[0], SMALLEST), out=total[0])
        whole = sets.at_deaths(total[0])
        left = whole if self.taken is None else whole - self.taken * sets.at_deaths(died[0])
        return Moments(
            sets=sets,
            taken=self.taken,
            linear=linear,
            relative=relative,
            shift=shift,
            total=total[1:] / total[0],
            died=died[1:] / total[0],
            inverse=1 / left,
            rise=whole / left,
        )

    def at(self, beta: np.ndarray) -> Derivatives:
        """The derivatives at coefficients (p,)."""
        found, sets = self.moments(beta), self.sets
        apart = sets.of_deaths(found.linear) + np.log(found.inverse)
        return Derivatives(
            log_likelihood=float(apart.sum()),
            score=self.of_deaths - found.sum_of_means,
            information=self.information(found),
        )

    def information(self, found: Moments, weights: np.ndarray | None = None) -> np.ndarray:
        """The sum of the covariances of those at risk over the events, (p, p), weighed (E,) if asked."""
        x, hazard = self.covariates, found.hazard
        if weights is not None:
            hazard = self.sets.met(weights * found.inverse, self.taken)
        return np.asarray((x * (found.relative * hazard)) @ x.T - found.products_of_means(weights))

    def score_residuals(self, beta: np.ndarray) -> np.ndarray:
        """What each row adds to the score, (n, p), in the order of ``sets``.

        Reference: Lin DY, Wei LJ. JASA 1989;84:1074-1078; with ties as in Therneau and Grambsch 2000.
        """
        found, sets, x = self.moments(beta), self.sets, self.covariates
        met_mean = sets.met(found.mean * found.inverse, self.taken)
        residuals = (met_mean - found.hazard * x) * found.relative
        average = sets.over_deaths(found.mean) / sets.tied
        residuals[:, sets.deaths] += sets.of_deaths(x) - sets.at_deaths(average)
        return np.asarray(residuals.T)


def efron(sets: RiskSets, covariates: np.ndarray) -> PartialLikelihood:
    """Efron's likelihood (JASA 1977;72:557-565) of covariates (p, n) in the order of ``sets``."""
    if len(sets.deaths) == len(sets.times):
        return breslow(sets, covariates)  # without ties they are the same
    place = np.arange(len(sets.deaths)) - sets.first_death[sets.group]
    taken = place / sets.tied[sets.group]
    return PartialLikelihood(sets=sets, covariates=covariates, taken=taken)


def breslow(sets: RiskSets, covariates: np.ndarray) -> PartialLikelihood:
    """Breslow's likelihood (Biometrics 1974;30:89-99) of covariates (p, n) in the order of ``sets``."""
    return PartialLikelihood(sets=sets, covariates=covariates, taken=None)
