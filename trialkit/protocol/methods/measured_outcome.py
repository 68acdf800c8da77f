"""An outcome as far as a method chooses between its values: its kind and its visits."""

from collections.abc import Collection
from dataclasses import dataclass

from trialkit.protocol.methods.outcome_kinds import OutcomeKind

BASELINE = "baseline"
"""How a plan names the outcome's own baseline value among the covariates."""
ARM = "arm"
"""How a plan names the arm as what a covariance matrix may differ by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredOutcome:
    """The kind of an outcome, and the codes of the visits at which it is asked."""

    kind: OutcomeKind
    baseline: str
    time_point: str
    asked: tuple[str, ...]
    """From baseline on, in the order of time."""
    periods: tuple[tuple[str, str], ...] = ()
    """Of a crossover trial, each period's baseline, blank where it has none, and its time point."""

    @property
    def later(self) -> tuple[str, ...]:
        """The visits after baseline at which it is asked."""
        return tuple(visit for visit in self.asked if visit != self.baseline)

    @property
    def ends(self) -> tuple[str, ...]:
        """The time point of each period of a crossover trial."""
        return tuple(end for _, end in self.periods)

    @property
    def starts(self) -> tuple[str, ...]:
        """The baseline of each period that has one."""
        return tuple(start for start, _ in self.periods if start)


def from_baseline(outcome: MeasuredOutcome, later: Collection[str]) -> tuple[str, ...]:
    """The baseline, where the outcome is asked there, and these of the visits after it."""
    return tuple(visit for visit in outcome.asked if visit == outcome.baseline or visit in later)
