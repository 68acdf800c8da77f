"""How many of an arm will have the event while they are followed; ``docs/methods/sample_size.md``."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, expm1


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """How long participants are followed: uniform entry over ``accrual``, then ``follow_up`` for the last.

    With an accrual of 0 everybody is followed for ``follow_up``. ``loss`` is the hazard of leaving.
    """

    accrual: float
    follow_up: float
    loss: float = 0.0

    def share_followed(self, time: float) -> float:
        """The share of participants whose end of study is later than ``time`` after their entry."""
        if time < self.follow_up:
            return 1.0
        end = self.follow_up + self.accrual
        return 0.0 if time >= end else (end - time) / self.accrual


def event_share(hazards: Sequence[float], changes: Sequence[float], following: Following) -> float:
    """The share of an arm that has the event before it leaves and before the study ends.

    ``hazards`` holds from 0 and from each of ``changes`` on, which are rising times. With one hazard
    it is formula (4.1) of Lachin and Foulkes, Biometrics 1986;42:507-519.
    """
    end = following.follow_up + following.accrual
    bounds = sorted({0.0, *changes, following.follow_up, end})
    there, share = 1.0, 0.0
    for start, stop in pairwise([each for each in bounds if each <= end]):
        hazard = hazards[sum(change <= start for change in changes)]
        total, width = hazard + following.loss, stop - start
        share += there * hazard * _integral(start, stop, total, following)
        there *= exp(-total * width)
    return share


def _integral(start: float, stop: float, rate: float, following: Following) -> float:
    """Of exp(-rate t) by the share that is still followed, which falls straight from start to stop."""
    width = stop - start
    first = following.share_followed(start)
    fall = 0.0 if start < following.follow_up else 1 / following.accrual
    if (
        rate * width < _SMALL
    ):  # where the closed form loses its digits: the series to the third power
        level = width * (1 - rate * width / 2 + (rate * width) ** 2 / 6)
        slope = width**2 * (0.5 - rate * width / 3 + (rate * width) ** 2 / 8)
        return first * level - fall * slope
    left = exp(-rate * width)
    gone = -expm1(-rate * width)
    # what is left times the width is 0 where nothing is left, however wide it is
    falls = gone - (rate * width * left if left else 0.0)
    return first * gone / rate - fall * falls / rate / rate


_SMALL = 1e-4
