"""Effects in subgroups, as a plan may ask for them."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.outcome_kinds import KINDS, Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.risk_comparison import RiskComparison
from trialkit.protocol.methods.specification import reads_change
from trialkit.results.effect import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Subgroups(RiskComparison):
    """The arms' difference in each level of a baseline characteristic, and the interaction.

    Continuous outcomes by ANCOVA with ``covariates``, binary ones by proportions.
    """

    by: str
    method: Method = Method.SUBGROUPS
    covariates: tuple[str, ...] = ("baseline",)
    response: Response = Response.FINAL

    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset({Summary.MEAN, Summary.PROPORTION})
    WITHOUT_HEADLINE: ClassVar[frozenset[Method]] = frozenset({Method.SUBGROUPS})
    OF_BASELINE: ClassVar[tuple[str, ...]] = ("covariates", "by")
    OF_MEANS: ClassVar[tuple[str, ...]] = ("covariates", "response")
    OF_RISKS: ClassVar[tuple[str, ...]] = ("interval", "ratio_interval", "odds_ratio_method")

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The difference within each level; its p values are no headline, the interaction is."""
        return Effect(scale=KINDS[outcome].scale, has_headline_p=False, within=self.by)

    def _reads_baseline(self) -> bool:
        return reads_change(self.response, self.covariates)
