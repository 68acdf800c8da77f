"""Effects in subgroups, as a plan may ask for them."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.protocol.methods.cut_points import CutPoints
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.outcome_kinds import KINDS, Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.risk_comparison import RiskComparison
from trialkit.protocol.methods.specification import reads_change
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Subgroups(RiskComparison):
    """The arms' difference in each level of a baseline characteristic, and the interaction.

    Continuous outcomes by ANCOVA with ``covariates``, binary ones by proportions. A number becomes
    levels by ``cut_points``.
    """

    by: str
    cut_points: tuple[float, ...] = ()
    method: Method = Method.SUBGROUPS
    covariates: tuple[str, ...] = ("baseline",)
    response: Response = Response.FINAL

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset({Summary.MEAN, Summary.PROPORTION})
    WITHOUT_HEADLINE: ClassVar[frozenset[Method]] = frozenset({Method.SUBGROUPS})
    OF_BASELINE: ClassVar[tuple[str, ...]] = ("covariates", "by")
    OF_MEANS: ClassVar[tuple[str, ...]] = ("covariates", "response")
    OF_RISKS: ClassVar[tuple[str, ...]] = ("interval", "ratio_interval", "odds_ratio_method")

    @property
    def split_by(self) -> str:
        """The characteristic in whose levels the arms are compared."""
        return self.by

    @property
    def cuts(self) -> CutPoints | None:
        """What makes levels of that characteristic where it is a number."""
        return CutPoints(self.cut_points) if self.cut_points else None

    @property
    def beside_levels(self) -> tuple[str, ...]:
        """The covariates that the model has beside the levels: the number itself may be one."""
        return tuple(each for each in self.covariates if self.cut_points or each != self.by)

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The difference within each level; its p values are no headline, the interaction is."""
        return Effect(scale=KINDS[outcome].scale, has_headline_p=False, within=self.by)

    def _reads_baseline(self) -> bool:
        return reads_change(self.response, self.covariates)
