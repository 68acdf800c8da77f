"""How a planned analysis behaves in simulated trials: power, type I error, bias and coverage."""

from dataclasses import dataclass

import pandas as pd

from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingCharacteristic:
    """How one contrast of one analysis behaves in one scenario; ``None`` where it has no such thing.

    Of counts, events and times truth, bias and standard errors are of the log of a rate, odds or hazard
    ratio.
    """

    scenario: str
    effect: float
    mechanism: str
    """The name of the mechanism by which participants leave."""
    analysis_id: str
    outcome: str
    method: str
    term: str
    replicates: int
    analysed: int
    rejected: float
    rejected_mcse: float
    strategy: str = ""
    """By which strategy of the estimand for leaving the truth is meant; blank where no mechanism is stated."""
    truth: float | None = None
    bias: float | None = None
    bias_mcse: float | None = None
    empirical_se: float | None = None
    mean_se: float | None = None
    coverage: float | None = None
    coverage_mcse: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSimulated:
    """A planned analysis that was left out, and why."""

    analysis_id: str
    outcome: str
    reason: str
    mechanism: str = ""
    """Of the mechanism that is not simulated with it; blank where none is."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class OperatingCharacteristics(Tabular):
    """Power, type I error, bias and coverage of the planned analyses under each scenario.

    ``rejected`` is the share of data sets whose two-sided (or planned) p value is at most alpha: the
    power where there is an effect, the type I error where there is none.
    """

    rows: tuple[OperatingCharacteristic, ...]
    left_out: tuple[NotSimulated, ...]
    participants: int
    sizes: tuple[int, ...]
    replicates: int
    chunk: int
    entropy: int

    @property
    def title(self) -> str:
        """What the result is, in a line."""
        return (
            f"Operating characteristics, {self.participants} participants, "
            f"{self.replicates} replicates in chunks of {self.chunk}, entropy {self.entropy}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row a scenario, analysis and contrast."""
        return pd.DataFrame(list(self.rows)).astype(
            dict.fromkeys(_OPTIONAL, "float64"), errors="raise"
        )


_OPTIONAL = (
    "truth",
    "bias",
    "bias_mcse",
    "empirical_se",
    "mean_se",
    "coverage",
    "coverage_mcse",
)
