"""Comparisons of treatments within the participants of a crossover trial, as a plan may ask for them."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.protocol.methods.crossover_options import PreferenceTest
from trialkit.protocol.methods.measured_outcome import MeasuredOutcome
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mixed_models import MixedInference
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification, reads_change
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import EXACT, Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossoverDifference(Specification):
    """Two treatments in two periods: the changes between the periods, compared between sequences."""

    method: Method = Method.CROSSOVER_DIFFERENCE
    response: Response = Response.FINAL

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    READS_PERIODS: ClassVar[bool] = True
    TWO_BY_TWO: ClassVar[bool] = True

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The difference of two treatments in the same participants."""
        return Effect(scale=Scale.DIFFERENCE)

    def needed_visits(self, outcome: MeasuredOutcome) -> tuple[str, ...]:
        """The time point of both periods, and their baselines where changes are compared."""
        starts = outcome.starts if self.uses_baseline(outcome) else ()
        return (*starts, *outcome.ends)

    def _reads_baseline(self) -> bool:
        return reads_change(self.response)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossoverModel(Specification):
    """A linear mixed model of the periods with an intercept of each participant.

    A covariate is ``baseline``, the outcome's value at the start of the period, or ``form.item``.
    """

    method: Method = Method.CROSSOVER_MODEL
    response: Response = Response.FINAL
    covariates: tuple[str, ...] = ()
    sequence: bool = True
    carry_over: bool = False
    inference: MixedInference = MixedInference.KENWARD_ROGER

    SUPPOSES: ClassVar[Supposition] = Supposition.AT_RANDOM
    READS_PERIODS: ClassVar[bool] = True
    OF_BASELINE: ClassVar[tuple[str, ...]] = ("covariates",)

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The adjusted difference of two treatments."""
        return Effect(scale=Scale.DIFFERENCE)

    def needed_visits(self, outcome: MeasuredOutcome) -> tuple[str, ...]:
        """None: a participant without a period stays with the others."""
        return ()

    def one_of_visits(self, outcome: MeasuredOutcome) -> tuple[str, ...]:
        """The time point of any period."""
        return outcome.ends

    def _reads_baseline(self) -> bool:
        return reads_change(self.response, self.covariates)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossoverPreference(Specification):
    """Two treatments in two periods, yes or no: in which period alone who had the event had it."""

    method: Method = Method.CROSSOVER_EVENTS
    test: PreferenceTest = PreferenceTest.MAINLAND_GART

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset({Summary.PROPORTION})
    READS_PERIODS: ClassVar[bool] = True
    TWO_BY_TWO: ClassVar[bool] = True

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The odds ratio within participants; its exact limits are not the inverse of either test."""
        return Effect(scale=Scale.ODDS_RATIO, interval=EXACT, agrees=False)

    def needed_visits(self, outcome: MeasuredOutcome) -> tuple[str, ...]:
        """The time point of both periods."""
        return outcome.ends
