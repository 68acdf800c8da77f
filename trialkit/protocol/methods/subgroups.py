"""Effects in subgroups, as a plan may ask for them."""

from dataclasses import dataclass

from trialkit.protocol.methods.effects import of_kind
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.results.effect import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Subgroups:
    """The arms' difference in each level of a baseline characteristic, and the interaction.

    Continuous outcomes by ANCOVA with ``covariates``, binary ones by proportions.
    """

    by: str
    method: Method = Method.SUBGROUPS
    covariates: tuple[str, ...] = ("baseline",)
    response: Response = Response.FINAL

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The difference within each level; its p values are no headline, the interaction is."""
        return Effect(scale=of_kind(outcome), has_headline_p=False, within=self.by)
