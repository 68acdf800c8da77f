"""Multiple imputation, as a plan may ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.imputation import DrawMethod, ImputationStrategy, VarianceMeant
from trialkit.protocol.methods.imputing_method import ImputingMethod
from trialkit.protocol.methods.measured_outcome import BASELINE, MeasuredOutcome
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_kinds import KINDS, OutcomeKind, Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification
from trialkit.results.effect import Effect

_SEQUENTIAL = (ImputationStrategy.MISSING_AT_RANDOM, ImputationStrategy.COPY_REFERENCE)
"""The strategies that make sense of regressions, visit by visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleImputation(ImputingMethod):
    """Missing values are imputed, each data set is analysed, and the estimates are pooled.

    Without ``model`` means are analysed by ANCOVA, proportions by standardised risks, and counts by
    negative binomial regression, with the covariates of the imputation.
    """

    method: Method = Method.MULTIPLE_IMPUTATION
    delta: Mapping[str, float | Mapping[str, float]] = field(default_factory=dict, hash=False)
    """By arm, or by arm and visit: what is added to values that are imputed after an event; of
    proportions, to their logits, of counts, to the logarithms of their means."""
    model: Specification | None = None
    """What analyses each imputed data set, with the options of its own method."""

    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset(
        {Summary.MEAN, Summary.PROPORTION, Summary.RATE}
    )
    NOT_FOR: ClassVar[Mapping[Summary, str]] = MappingProxyType(
        {
            Summary.LEVELS: "levels have no imputation here; make them a number or yes and no",
            Summary.TIME: "who leaves is censored, and methods of times use them",
            Summary.RECURRENCE: "who leaves is censored, and methods of events use them",
        }
    )
    OF_MEANS: ClassVar[tuple[str, ...]] = (
        "covariance",
        "fallback",
        "covariance_by_arm",
        "likelihood",
        "limits",
        "baseline_fill",
    )
    HOLDS_A_MODEL: ClassVar[bool] = True

    def __post_init__(self) -> None:
        # slots make another class of this one, so that super() alone finds none
        ImputingMethod.__post_init__(self)
        if self.model is None:
            return
        why = _why_not_pooled(self.model)
        if why:
            raise ProtocolError(
                f"method {self.model.method.value!r} of the model cannot be pooled: {why}"
            )
        anchored = self.draws.variance_meant is VarianceMeant.INFORMATION_ANCHORED
        if not anchored and self.model.of_covariates_alone is None:
            raise ProtocolError(
                f"the model is carried out in each data set and pooled by its standard error, which "
                f"draws = {self.draws.value!r} does not do; write draws = "
                f"{DrawMethod.APPROXIMATE_BAYES.value!r} or {DrawMethod.BAYES.value!r}"
            )

    @property
    def shifts(self) -> bool:
        """Whether a delta is another number than 0."""
        return any(number != 0 for arm in self.delta for number in self.deltas_of(arm).values())

    def deltas_of(self, arm: str) -> Mapping[str, float]:
        """What is added in an arm, by visit; under the blank name at every visit."""
        stated = self.delta.get(arm, {})
        return stated if isinstance(stated, Mapping) else {"": stated}

    @property
    def arms_named(self) -> tuple[str, ...]:
        """The codes of arms that the plan names here."""
        return tuple(self.delta)

    @property
    def visits_named(self) -> tuple[str, ...]:
        """Those of visits beside ``visits``."""
        return tuple(visit for arm in self.delta for visit in self.deltas_of(arm) if visit)

    @property
    def model_covariates(self) -> tuple[str, ...] | None:
        """The covariates of an ANCOVA that analyses many data sets at once; None of any other model."""
        return self.analysed_covariates if self.model is None else self.model.of_covariates_alone

    @property
    def event_covariates(self) -> tuple[str, ...]:
        """The covariates of the analysis of yes and no, and of counts, unless it has its own."""
        return tuple(each for each in self.analysed_covariates if each != BASELINE)

    def unfit_for(self, kind: OutcomeKind) -> str:
        """Of proportions and counts: what the joint model of means alone can do."""
        if kind.is_mean:
            return ""
        if self.draws is not DrawMethod.APPROXIMATE_BAYES:
            return (
                "yes and no, and counts, are imputed by regressions visit by visit, whose coefficients are drawn: "
                f"write draws = {DrawMethod.APPROXIMATE_BAYES.value!r}, samples and seed"
            )
        named = (self.strategy, *self.strategies.values())
        strange = [each.value for each in named if each not in _SEQUENTIAL]
        if strange:
            known = " or ".join(repr(each.value) for each in _SEQUENTIAL)
            return f"{strange[0]} supposes means of a joint normal distribution; of yes and no, and of counts, write {known}"
        return ""

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """That of the model; risk ratios and odds ratios are pooled as logarithms."""
        if self.model is None:
            return Effect(scale=KINDS[outcome].scale)
        found = self.model.effect(outcome, arms)
        if found is None:  # no such model holds margins
            raise ProtocolError(f"{self.model.method.value} compares no arms")
        return replace(found, agrees=True)

    def uses_baseline(self, outcome: MeasuredOutcome) -> bool:
        """Whether the imputation or its model reads it."""
        own = outcome.kind.has_change and self._reads_baseline()
        return own or (self.model is not None and self.model.uses_baseline(outcome))

    def needed_visits(self, outcome: MeasuredOutcome) -> tuple[str, ...]:
        """The baseline alone, where it is a covariate of imputation or model."""
        of_model = () if self.model is None else self.model.needed_visits(outcome)
        reads = self.uses_baseline(outcome) or outcome.baseline in of_model
        return (outcome.baseline,) if reads and self.baseline_fill is None else ()

    def baseline_items(self, kind: OutcomeKind) -> tuple[str, ...]:
        """Those of the imputation and of its model."""
        own = ImputingMethod.baseline_items(self, kind)
        of_model = () if self.model is None else self.model.baseline_items(kind)
        return tuple(dict.fromkeys((*own, *of_model)))


def _why_not_pooled(model: Specification) -> str:
    """Why estimates of a model cannot be pooled; blank where they can."""
    if model.method is Method.RISK_DIFFERENCE:
        return (
            "it states no standard error; write 'standardised_risks', without covariates the same"
        )
    if model.without_margin:
        return model.without_margin
    one = (model.IS_REPEATED, model.READS_CLUSTERS, model.READS_PERIODS, model.READS_FACTORS)
    return "it analyses more than one value of a participant" if any(one) else ""
