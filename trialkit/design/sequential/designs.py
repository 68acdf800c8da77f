"""A group-sequential design as it is planned; see ``docs/methods/group_sequential.md``."""

from dataclasses import dataclass

from trialkit.design.sequential.spending import (
    Efficacy,
    Futility,
    FutilityBounds,
    OBrienFlemingSpending,
    UserSpending,
)
from trialkit.errors import DesignError

MOST_LOOKS = 50


def equal_looks(count: int) -> tuple[float, ...]:
    """Times of ``count`` looks after equal shares of the information."""
    if not 1 <= count <= MOST_LOOKS:
        raise DesignError(f"looks must be from 1 to {MOST_LOOKS}, got {count}")
    return tuple(place / count for place in range(1, count + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSequentialDesign:
    """When the trial is looked at, and how the errors are shared among the looks.

    ``times`` are shares of the planned information, the last one 1 (:func:`equal_looks`). ``alpha``
    is that of the test: one-sided for ``sides=1``. ``binding`` futility must be obeyed, since its
    alpha is used again; with non-binding futility the type I error holds either way.
    """

    times: tuple[float, ...]
    efficacy: Efficacy = OBrienFlemingSpending()  # noqa: RUF009 - frozen and empty
    futility: Futility | None = None
    binding: bool = False
    alpha: float = 0.025
    power: float = 0.9
    sides: int = 1

    def __post_init__(self) -> None:
        check_times(self.times)
        if self.times[-1] != 1:
            raise DesignError(
                f"the last look is at all of the planned information, 1; got {self.times[-1]:g}"
            )
        if self.sides not in {1, 2}:
            raise DesignError(f"sides must be 1 or 2, got {self.sides}")
        if not 0 < self.alpha < 0.5 or not self.alpha < self.power < 1:
            raise DesignError(
                f"alpha must lie between 0 and 0.5 and power between alpha and 1, got "
                f"alpha={self.alpha:g}, power={self.power:g}"
            )
        if self.futility is not None and self.sides == 2:
            raise DesignError("futility boundaries are for one-sided designs; use sides=1")
        if isinstance(self.futility, FutilityBounds) and len(self.futility.z) != self.looks - 1:
            raise DesignError(
                f"{self.looks} looks have {self.looks - 1} futility bounds, the last look needs "
                f"none; got {len(self.futility.z)}"
            )
        if isinstance(self.efficacy, UserSpending) and not _same(
            self.efficacy.cumulative[-1], self.alpha
        ):
            raise DesignError(
                f"user spending ends at {self.efficacy.cumulative[-1]:g}, the design's alpha is "
                f"{self.alpha:g}"
            )

    @property
    def looks(self) -> int:
        """How many looks there are, the last one included."""
        return len(self.times)


def check_times(times: tuple[float, ...]) -> None:
    """Refuse times that do not rise from above 0."""
    rising = all(later > earlier for earlier, later in zip((0.0, *times), times, strict=False))
    if not times or not rising or len(times) > MOST_LOOKS or not all(t < 100 for t in times):
        raise DesignError(
            f"times must rise from above 0, at most {MOST_LOOKS} of them, got {list(times)}"
        )


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-12
