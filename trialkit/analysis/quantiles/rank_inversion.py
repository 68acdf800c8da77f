"""Limits of a slope: those that a rank score test does not reject. See ``docs/methods/quantiles.md``."""

import numpy as np

from trialkit.analysis.quantiles.rank_scores import RankScoreTest, RankStatistic
from trialkit.errors import AnalysisError

GOLDEN = 0.3819660112501051
"""Where a bracket is cut: no tie of decimals lies just there."""
FARTHEST = 1e5
"""In spreads of the outcome: a slope that is not rejected there is rejected nowhere."""
MOST_CUTS = 400
NEXT_TO = 1e-9
BESIDE = 1e-6
"""Of the outcome's spread: beside a step, beyond the solver's tolerance."""


def rank_limits(test: RankScoreTest, estimate: float, critical: float) -> tuple[float, float]:
    """The limits about ``estimate`` at |statistic| = ``critical``, between its steps as quantreg has them.

    ±∞ where no slope is rejected on a side.
    """
    return (
        _limit(test, estimate, critical, upwards=False),
        _limit(test, estimate, critical, upwards=True),
    )


def statistic_at_none(test: RankScoreTest, estimate: float) -> float:
    """The statistic of a slope of 0, between its steps as the limits are.

    It is beyond ``critical`` exactly where the limits leave 0 out. Of an ``estimate`` of 0 it is the mean
    of those just below and above.
    """
    if abs(estimate) <= BESIDE:
        return (test.at(-BESIDE).value + test.at(BESIDE).value) / 2
    sign = -1.0 if estimate > 0 else 1.0
    here = test.at(-sign * BESIDE)
    near, far = (here.low, here.high) if sign > 0 else (here.high, here.low)
    if not (np.isfinite(near) and np.isfinite(far)):
        return here.value
    beyond = test.at(far + sign * BESIDE)
    return here.value + (beyond.value - here.value) * float(np.clip(near / (near - far), 0, 1))


def _limit(test: RankScoreTest, estimate: float, critical: float, *, upwards: bool) -> float:
    sign = 1.0 if upwards else -1.0

    def ends(found: RankStatistic) -> tuple[float, float]:
        """The nearer and the farther end of a step, as seen from the estimate."""
        return (found.low, found.high) if upwards else (found.high, found.low)

    step = GOLDEN / np.sqrt(len(test.outcome))
    inside, outside = None, test.at(estimate + sign * step)
    while -sign * outside.value <= critical:
        inside = outside
        step *= 2
        if step > FARTHEST:
            return sign * np.inf
        outside = test.at(estimate + sign * step)
    if inside is None:
        inside = test.at(estimate)
        if -sign * inside.value > critical:
            return estimate
    for _ in range(MOST_CUTS):
        near, far = ends(inside)[1], ends(outside)[0]
        if sign * (far - near) <= NEXT_TO * max(abs(near), abs(far), 1.0):
            break
        found = test.at(near + GOLDEN * (far - near))
        if -sign * found.value <= critical:
            inside = found
        else:
            outside = found
    else:
        raise AnalysisError("the limits of the quantile were not found between its steps")
    start, end = ends(inside)[0], ends(outside)[0]
    within, beyond = -sign * inside.value, -sign * outside.value
    if not np.isfinite(start):
        return float(end)
    return float(start + (end - start) * (critical - within) / (beyond - within))
