"""A comparison of means or ranks, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.comparisons import Alternative, MeansMethod, Standardiser
from trialkit.protocol.methods.effects import STANDARDISERS
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification, reads_change
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import EXACT, ONE_SIDED, POINTWISE, Effect, Interval, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanComparison(Specification):
    """Arms compared directly in their means or ranks."""

    method: Method
    response: Response = Response.CHANGE
    alternative: Alternative = Alternative.TWO_SIDED
    standardiser: Standardiser = Standardiser.POOLED

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    WITHOUT_HEADLINE: ClassVar[frozenset[Method]] = frozenset(
        {Method.ONE_WAY_ANOVA, Method.WELCH_ANOVA, Method.KRUSKAL_WALLIS}
    )

    def __post_init__(self) -> None:
        method = MeansMethod(self.method.value)
        if method.is_omnibus and self.alternative is not Alternative.TWO_SIDED:
            raise ProtocolError(f"method {method.value!r} has no direction; leave alternative out")
        if not method.is_t_test and self.standardiser is not Standardiser.POOLED:
            raise ProtocolError(
                f"method {method.value!r} gives no Hedges' g; leave standardiser out"
            )

    @property
    def compares_pairs(self) -> bool:
        """Unless all arms are tested at once."""
        return not MeansMethod(self.method.value).is_omnibus

    def effect(self, outcome: OutcomeType, arms: int) -> Effect | None:
        """The difference of two arms by their own data; none of a test of all arms at once."""
        if MeansMethod(self.method.value).is_omnibus:
            return None
        one_sided = self.alternative is not Alternative.TWO_SIDED
        has_g = MeansMethod(self.method.value).is_t_test
        return Effect(
            scale=Scale.DIFFERENCE,
            interval=self._interval(),
            one_sided=one_sided,
            standardised_by=STANDARDISERS[self.standardiser, self.response] if has_g else None,
        )

    @property
    def superiority(self) -> Effect | None:
        """What a rank test states beside the shift, for where ties leave the shift without limits.

        The limits are Brunner and Munzel's, the p value stays the rank test's.
        """
        if not MeansMethod(self.method.value).is_rank_test:
            return None
        one_sided = self.alternative is not Alternative.TWO_SIDED
        return Effect(
            scale=Scale.PROBABILITY,
            interval=ONE_SIDED if one_sided else POINTWISE,
            has_headline_p=False,
            agrees=False,
        )

    def _interval(self) -> Interval | None:
        if self.method is Method.PERMUTATION:
            return None
        if self.alternative is not Alternative.TWO_SIDED:
            return ONE_SIDED
        return EXACT if self.method is Method.MANN_WHITNEY else POINTWISE

    def _reads_baseline(self) -> bool:
        return reads_change(self.response)
