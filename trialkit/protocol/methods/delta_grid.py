"""The amounts that are added to imputed values, one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite

from trialkit.errors import ProtocolError
from trialkit.limits import MOST_DELTAS

NEAR = Decimal("1e-9")
"""How near a number of steps must be to a whole one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeltaGrid:
    """From ``first`` to ``last`` in steps, nothing added among them."""

    first: float
    last: float
    step: float = 1.0

    def __post_init__(self) -> None:
        if not all(map(isfinite, (self.first, self.last, self.step))):
            raise ProtocolError("first, last and step must be finite numbers")
        if not self.step > 0:
            raise ProtocolError(f"step is a size and must be above 0, got {self.step:g}")
        if not self.first < self.last:
            raise ProtocolError(
                f"first must lie below last, got {self.first:g} and {self.last:g}; values that become "
                "smaller have negative deltas"
            )
        steps = (_exact(self.last) - _exact(self.first)) / _exact(self.step)
        if steps > MOST_DELTAS - 1:
            raise ProtocolError(
                f"{self.first:g} to {self.last:g} in steps of {self.step:g} are more than "
                f"{MOST_DELTAS} deltas; take larger steps"
            )
        if abs(steps - round(steps)) > NEAR:
            raise ProtocolError(
                f"{self.first:g} to {self.last:g} is no whole number of steps of {self.step:g}"
            )
        if 0.0 not in self.deltas:
            raise ProtocolError(
                f"0, where nothing is added, is not among {self.first:g} to {self.last:g} in steps of "
                f"{self.step:g}"
            )

    @property
    def deltas(self) -> tuple[float, ...]:
        """Every delta, in rising order: decimal numbers as they would be written."""
        first, step = _exact(self.first), _exact(self.step)
        steps = round((_exact(self.last) - first) / step)
        return tuple(float(first + step * place) + 0.0 for place in range(steps + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedValues:
    """What is added to the imputed values of an arm, and of the one that it is compared with."""

    arm: str
    deltas: tuple[float, ...]
    others: tuple[float, ...] = ()
    """None where the other arm is not moved."""

    @property
    def other_deltas(self) -> tuple[float, ...]:
        """What is added in the other arm, nothing where it is not moved."""
        return self.others or (0.0,)

    @property
    def is_two_way(self) -> bool:
        """Whether values of both arms are moved."""
        return bool(self.others)

    def compared(self, arms: Sequence[str]) -> tuple[str, ...]:
        """The arms whose difference from the reference, the first of ``arms``, is followed."""
        return tuple(arms[1:]) if self.arm == arms[0] else (self.arm,)


def _exact(number: float) -> Decimal:
    return Decimal(repr(number))
