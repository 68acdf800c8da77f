"""A mixed model for repeated measures with dropout, by Lu, Luo and Chen.

See ``docs/methods/sample_size.md``.
"""

from math import sqrt
from typing import ClassVar

import numpy as np

from trialkit.design.sample_size.distributions import NormalTest
from trialkit.design.sample_size.situation import Quantity, Situation, Sizes
from trialkit.design.sample_size.t_tests import sides_shown
from trialkit.design.sample_size.words import shown
from trialkit.errors import DesignError
from trialkit.protocol.sizing import mmrm as assumed
from trialkit.protocol.sizing.design import CorrelationPattern, SampleSizeMethod


class Mmrm(Situation, assumed.Mmrm):
    """The arms' difference at the last visit by a mixed model for repeated measures.

    Estimand
        Mean of the experimental arm minus mean of the reference at the last visit, in the unit of
        ``sd``, as if nobody had dropped out (missing at random).

    Reference
        Lu K, Luo X, Chen PY. Int J Biostat 2008;4(1):9, formula 3.

    Checked against
        ``tests/reference/design/published.json`` (R longpower)

    Sizes are those randomised: the retention takes dropout into account. The distribution of the
    test has no closed form; the formula is normal, as in every program.
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.MMRM
    varied: ClassVar[tuple[str, ...]] = ("difference", "sd", "correlation")
    dropout_is_elsewhere: ClassVar[str] = (
        "the dropout of an MMRM is in its retention; give the share still measured at each visit"
    )

    def variance_factors(self) -> tuple[float, float]:
        """φ of the reference and of the experimental arm: variance at the last visit, by n / σ²."""
        correlations = correlation_matrix(self)
        reference = last_visit_variance(correlations, self.retention)
        if not self.retention_experimental:
            return reference, reference
        return reference, last_visit_variance(correlations, self.retention_experimental)

    def _test(self, sizes: Sizes) -> NormalTest:
        phis = self.variance_factors()
        variance = sum(phi / size for phi, size in zip(phis, sizes, strict=True))
        return NormalTest(shift=self.difference / (self.sd * sqrt(variance)))

    def power_of(self, sizes: Sizes) -> float:
        """The power by the normal distribution."""
        return self._test(sizes).power(self.alpha, self.sides)

    def possible(self, sizes: Sizes) -> bool:
        """Somebody in each arm at the last visit, and more participants than means."""
        last = (self.retention, self.retention_experimental or self.retention)
        stay = [size * share[-1] for size, share in zip(sizes, last, strict=True)]
        return min(stay) >= 1 and sum(stay) >= 3

    def question(self) -> str:
        """What is to be shown."""
        pattern = (
            f"correlations of {self.pattern.value} with {shown(self.correlation)}"
            if self.correlation is not None
            else "the correlations stated"
        )
        other = self.retention_experimental
        apart = f" (experimental arm {shown(other)})" if other else ""
        return (
            f"to detect a difference of {shown(self.difference)} at the last of "
            f"{len(self.retention)} visits with an SD of {shown(self.sd)}, {pattern} and a "
            f"retention of {shown(self.retention)}{apart} by a {sides_shown(self.sides)} mixed "
            f"model for repeated measures at the level {shown(self.alpha)}"
        )

    def quantities(self, sizes: Sizes) -> tuple[Quantity, ...]:
        """φ of both arms."""
        del sizes
        reference, experimental = self.variance_factors()
        return (
            Quantity(name="phi_reference", value=reference),
            Quantity(name="phi_experimental", value=experimental),
        )

    def notes(self) -> tuple[str, ...]:
        """The formula is asymptotic."""
        told = (
            "the formula is by the normal distribution; with few participants simulate the planned "
            "analysis"
        )
        return (told,)


def correlation_matrix(situation: assumed.Mmrm) -> np.ndarray:
    """The visits' correlations, checked to be those of something."""
    visits = len(situation.retention)
    if situation.correlation is None:
        matrix = np.asarray(situation.correlations, dtype=float)
    elif situation.pattern is CorrelationPattern.AR1:
        places = np.arange(visits)
        matrix = situation.correlation ** np.abs(places[:, None] - places)
    else:
        matrix = np.full((visits, visits), situation.correlation)
        np.fill_diagonal(matrix, 1.0)
    symmetric = np.allclose(matrix, matrix.T) and np.allclose(np.diag(matrix), 1)
    if not symmetric or float(np.linalg.eigvalsh(matrix)[0]) <= 1e-10:
        raise DesignError(
            "correlations must be a symmetric matrix with ones on its diagonal, positive definite"
        )
    return matrix


def last_visit_variance(correlations: np.ndarray, retention: tuple[float, ...]) -> float:
    """φ: the last element of the inverse of the information of one participant.

    Each pattern of dropout informs by the inverse of the correlations of the visits it has.
    """
    visits = len(retention)
    left = np.append(retention, 0.0)
    information = np.zeros((visits, visits))
    for last in range(1, visits + 1):
        share = left[last - 1] - left[last]
        information[:last, :last] += share * np.linalg.inv(correlations[:last, :last])
    return float(np.linalg.inv(information)[-1, -1])
