"""Non-inferiority and equivalence, as a plan may ask for them."""

from dataclasses import dataclass, replace
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.comparisons import MarginQuestion
from trialkit.protocol.methods.measured_outcome import MeasuredOutcome
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.outcome_kinds import KINDS, OutcomeKind, Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification, reads_change
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import MEASURES, Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginComparison(Specification):
    """Whether the arms differ by less than a margin: by means or risks as they are, or by a model.

    Of a difference ``margin`` is its size in the outcome's unit (of risks a share), of a ratio the value
    that must be excluded.
    """

    method: Method
    margin: float
    response: Response = Response.CHANGE
    alpha: float = 0.025
    """One-sided level of each test against the margin."""
    model: Specification | None = None
    """What estimates the difference or ratio, with the options of its own method."""
    scale: Scale | None = None
    """Which of several measures of risks that a model gives: that of its effect, unless it is said."""

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    """Where there is no model."""
    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset({Summary.MEAN, Summary.PROPORTION})
    OF_MEANS: ClassVar[tuple[str, ...]] = ("response",)
    HOLDS_A_MODEL: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not self.margin > 0:
            raise ProtocolError(f"margin is a size and must be above 0, got {self.margin}")
        if not 0 < self.alpha < 0.5:
            raise ProtocolError(f"alpha must lie between 0 and 0.5, got {self.alpha}")
        if self.model is None:
            if self.scale is not None:
                raise ProtocolError("scale says which estimate of a model; name the model too")
            return
        if self.scale is not None and self.scale not in MEASURES:
            known = ", ".join(each.value for each in MEASURES)
            raise ProtocolError(f"scale is one of {known}, got {self.scale.value!r}")
        if self.model.without_margin:
            raise ProtocolError(
                f"method {self.model.method.value!r} of the model cannot be held against a margin: "
                f"{self.model.without_margin}"
            )
        if self.response is not Response.CHANGE:
            raise ProtocolError("response is an option of the model, and stands in its table")

    @property
    def margin_question(self) -> MarginQuestion:
        """What its method asks of the margin."""
        return MarginQuestion(self.method.value)

    @property
    def reads(self) -> Specification:
        """The model, where there is one."""
        return self if self.model is None else self.model

    @property
    def compares_pairs(self) -> bool:
        """Yes, each arm is held against the reference by itself; of a model as that has it."""
        return self.model is None or self.model.compares_pairs

    @property
    def adjusts_for_baseline(self) -> bool:
        """Whether the model does."""
        return self.model is not None and self.model.adjusts_for_baseline

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The effect held against the margin: one-sided p, and a two-sided 1 - 2 alpha interval."""
        if self.model is None:
            return Effect(scale=KINDS[outcome].scale, one_sided=True)
        own = self.model.effect(outcome, arms)
        if own is None:  # no such model holds margins
            raise ProtocolError(f"{self.model.method.value} compares no arms")
        return replace(own, scale=self.scale or own.scale, one_sided=True, agrees=True)

    def scales(self, outcome: OutcomeType) -> tuple[Scale, ...]:
        """That of the effect alone."""
        return (self.effect(outcome, 2).scale,)

    def uses_baseline(self, outcome: MeasuredOutcome) -> bool:
        """Whether the change is compared, or the model reads it."""
        if self.model is not None:
            return self.model.uses_baseline(outcome)
        return outcome.kind.has_change and reads_change(self.response)

    def needed_visits(self, outcome: MeasuredOutcome) -> tuple[str, ...]:
        """Those of the model, or the time point and, for a change, the baseline."""
        if self.model is not None:
            return self.model.needed_visits(outcome)
        end = outcome.time_point
        return (outcome.baseline, end) if self.uses_baseline(outcome) else (end,)

    def one_of_visits(self, outcome: MeasuredOutcome) -> tuple[str, ...]:
        """Those of the model."""
        return () if self.model is None else self.model.one_of_visits(outcome)

    def baseline_items(self, kind: OutcomeKind) -> tuple[str, ...]:
        """Those of the model."""
        return () if self.model is None else self.model.baseline_items(kind)
