"""The statistical analysis plan as data: what is analysed, how, in whom, and in which role."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from trialkit.errors import AnalysisError, ProtocolError
from trialkit.protocol.methods.comparisons import Adjustment
from trialkit.protocol.methods.specification import Specification


class AnalysisRole(StrEnum):
    """The standing of an analysis (CONSORT 21d)."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    SENSITIVITY = "sensitivity"
    EXPLORATORY = "exploratory"
    POST_HOC = "post hoc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Comparisons that share one error rate."""

    code: str
    label: str
    adjustment: Adjustment
    after: str = ""
    """The earlier family that must be rejected whole before this one is tested."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisHeading:
    """What every planned analysis says, whatever its method."""

    id: str
    role: AnalysisRole
    outcomes: tuple[str, ...]
    population: str
    estimand: str
    family: str = ""
    time_point: str = ""
    """The visit whose values are compared, where that is not the time point of the outcome itself."""
    reason: str = ""
    """Why a post hoc analysis was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis(AnalysisHeading):
    """One planned analysis, carried out for each of its outcomes."""

    specification: Specification


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Every analysis of the trial, in order."""

    alpha: float = 0.05
    confidence_level: float = 0.95
    families: tuple[Family, ...] = ()
    analyses: tuple[Analysis, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 0.5:
            raise ProtocolError(f"alpha must lie between 0 and 0.5, got {self.alpha}")
        if not 0.5 < self.confidence_level < 1:
            raise ProtocolError(
                f"confidence_level must lie between 0.5 and 1, got {self.confidence_level}"
            )

    def family(self, code: str) -> Family:
        """The family with this code."""
        return next(family for family in self.families if family.code == code)

    def analysis(self, code: str) -> Analysis | None:
        """The analysis with this id, None where the plan has none."""
        return next((analysis for analysis in self.analyses if analysis.id == code), None)

    def refuse_unknown(self, asked: Collection[str]) -> None:
        """Raise :class:`AnalysisError` where an id is asked for that the plan does not have."""
        known = [each.id for each in self.analyses]
        unknown = [name for name in asked if name not in known]
        if unknown:
            raise AnalysisError(
                f"the plan has no analysis {', '.join(map(repr, unknown))}; its analyses are "
                f"{', '.join(known)}"
            )
