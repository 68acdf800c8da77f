"""The effect in who complies, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.linear_models import RobustCovariance
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification, reads_change
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplierEffect(Specification):
    """The effect of receiving an arm's intervention, in who receives it if and only if allocated to it.

    A covariate is ``baseline``, the outcome's own baseline value, or ``form.item``.
    """

    method: Method = Method.COMPLIER_EFFECT
    covariates: tuple[str, ...] = ("baseline",)
    response: Response = Response.FINAL
    robust: RobustCovariance | None = RobustCovariance.HC1
    """None for errors of one variance."""

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    OF_BASELINE: ClassVar[tuple[str, ...]] = ("covariates",)
    READS_RECEIVED: ClassVar[bool] = True
    OF_PRINCIPAL_STRATUM: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.robust not in {None, RobustCovariance.HC0, RobustCovariance.HC1}:
            raise ProtocolError(
                f"robust = {str(self.robust)!r} is not defined of two stages; known are HC0 and HC1"
            )

    @property
    def compares_pairs(self) -> bool:
        """Yes: each arm is compared with the reference by itself."""
        return True

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The difference in means between receiving it and not, in who complies."""
        return Effect(scale=Scale.DIFFERENCE)

    def _reads_baseline(self) -> bool:
        return reads_change(self.response, self.covariates)
