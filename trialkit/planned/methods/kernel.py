"""What a method decides in many simulated trials at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from trialkit.analysis.means.batched_means import BatchedContrasts
from trialkit.protocol.methods.linear_models import ContrastAdjustment
from trialkit.protocol.methods.measured_outcome import BASELINE
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.factors import FactorLevel, TrialFactor

Asked = TypeVar("Asked", bound=Specification)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decisions:
    """What an analysis found in R data sets: arrays (R, contrasts), NaN where it could not.

    ``omnibus`` is the p value (R,) of a test of all arms together, where the method has one.
    """

    estimate: np.ndarray
    se: np.ndarray
    p_value: np.ndarray
    conf_low: np.ndarray
    conf_high: np.ndarray
    omnibus: np.ndarray | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SimulatedTrials:
    """The values (R, subjects, visits) of one outcome in R trials, NaN where missing.

    Of times to an event the last axis holds the time, and 1 where the event ended it. Else
    the first visit is the baseline and ``place`` the time point; ``arms`` (subjects,) counts from
    0, the reference. ``covariates`` are those beside the baseline with their number of levels, 0
    for a number; they are drawn anew from ``rng``, unrelated to the outcome.
    """

    values: np.ndarray
    arms: np.ndarray
    place: int
    covariates: tuple[tuple[str, int], ...]
    level: float
    rng: np.random.Generator
    factors: tuple[TrialFactor, ...] = ()
    """Of a factorial trial, what the arms combine."""
    cells: tuple[tuple[FactorLevel, ...], ...] = ()
    """Of a factorial trial, the level of each factor of each arm, the reference first."""
    gone: np.ndarray | None = None
    """Who has left before each visit (R, subjects, visits), where a mechanism says why."""
    event: str = ""
    """The code of the intercurrent event that leaving is, where a form records it."""

    def response(self, response: Response) -> np.ndarray:
        """The value at the time point, or its change from baseline: (R, subjects)."""
        at_end = self.values[:, :, self.place]
        return at_end - self.values[:, :, 0] if response is Response.CHANGE else at_end

    def times(self) -> tuple[np.ndarray, np.ndarray]:
        """The times (R, subjects), and whether the event ended them."""
        return self.values[:, :, 0], self.values[:, :, 1] == 1

    def columns(self, names: tuple[str, ...]) -> np.ndarray:
        """The named covariates as numbers (R, subjects, k): the baseline, and draws for others."""
        sets, n, _ = self.values.shape
        levels = dict(self.covariates)
        columns = []
        for name in names:
            if name == BASELINE:
                columns.append(self.values[:, :, :1])
            elif levels[name] == 0:
                columns.append(self.rng.standard_normal((sets, n, 1)))
            else:
                drawn = self.rng.integers(levels[name], size=(sets, n, 1))
                columns.append((drawn == np.arange(1, levels[name])).astype(float))
        return np.concatenate(columns, axis=2) if columns else np.zeros((sets, n, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel(Generic[Asked]):
    """A method's way through many trials at once."""

    methods: tuple[Method, ...]
    """Those of the class that the kernel knows."""
    decide: Callable[[Asked, SimulatedTrials], Decisions]
    refusal: Callable[[Asked], str]
    """Why an analysis of these options cannot be simulated; empty when it can."""


def refuses_nothing(_: Specification) -> str:
    """The refusal of a kernel that knows every option of its method."""
    return ""


def refuse_adjusted(adjustment: ContrastAdjustment) -> str:
    """The refusal of adjusted contrasts: kernels decide by the raw p value of each."""
    if adjustment is ContrastAdjustment.NONE:
        return ""
    return f"contrasts adjusted by {adjustment.value} have no kernel"


def decided(tested: BatchedContrasts) -> Decisions:
    """The contrasts of a batch as decisions."""
    return Decisions(
        estimate=tested.estimate,
        se=tested.se,
        p_value=tested.p_value,
        conf_low=tested.conf_low,
        conf_high=tested.conf_high,
    )
