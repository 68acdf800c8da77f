"""What a plan may ask of the imputation of missing values, whatever it makes of the imputed data sets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.imputation import (
    CovariateFill,
    DrawMethod,
    ImputationStrategy,
    ResampledLimits,
    VarianceMeant,
)
from trialkit.protocol.methods.measured_outcome import BASELINE, MeasuredOutcome
from trialkit.protocol.methods.repeated import CovarianceStructure, Likelihood
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.suppositions import Supposition

MISSING = "missing"
"""How a plan names, among the events, that no value is there from some visit to the last one."""
FEWEST_SAMPLES, MOST_SAMPLES = 2, 100_000
_SUPPOSED = MappingProxyType(
    {
        ImputationStrategy.MISSING_AT_RANDOM: Supposition.AT_RANDOM,
        ImputationStrategy.LAST_MEAN: Supposition.LAST_MEAN,
    }
)
"""The strategies that make no use of the reference arm."""
_BOLDEST = (
    Supposition.AS_REFERENCE,
    Supposition.LAST_MEAN,
    Supposition.SHIFTED,
    Supposition.AT_RANDOM,
)
"""Of several suppositions the first of these is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImputingMethod(Specification):
    """The imputation model, what is supposed of missing values, and how its parameters are drawn.

    ``strategy`` holds from the first visit that is affected by what ``after`` names; ``strategies`` says
    another one of an event. Covariates are of the imputation and of the analysis; those in ``covariates_by_visit`` have an effect of their own
    at each visit of the imputation; ``auxiliary`` ones are of the imputation alone.
    """

    strategy: ImputationStrategy = ImputationStrategy.MISSING_AT_RANDOM
    after: tuple[str, ...] = ()
    """The codes of intercurrent events, and ``missing`` for the last visits without any value."""
    strategies: Mapping[str, ImputationStrategy] = field(default_factory=dict, hash=False)
    """By event, or ``missing``, where it is not ``strategy``."""
    draws: DrawMethod = DrawMethod.JACKKNIFE
    samples: int | None = None
    """How many draws there are of those that are random."""
    seed: int | None = None
    limits: ResampledLimits = ResampledLimits.PERCENTILE
    """Of a bootstrap of expected values alone."""
    covariates: tuple[str, ...] = ()
    covariates_by_visit: tuple[str, ...] = (BASELINE,)
    auxiliary: tuple[str, ...] = ()
    covariance: CovarianceStructure = CovarianceStructure.UNSTRUCTURED
    fallback: tuple[CovarianceStructure, ...] = ()
    covariance_by_arm: bool = False
    likelihood: Likelihood = Likelihood.REML
    baseline_fill: CovariateFill | None = None
    """What stands in for a baseline value of the outcome that is missing; without it nobody who lacks it
    is analysed."""
    visits: tuple[str, ...] = ()
    """The visits after baseline of the imputation; all where none is named."""

    SUPPOSES: ClassVar[Supposition] = Supposition.AT_RANDOM
    OF_BASELINE: ClassVar[tuple[str, ...]] = ("covariates", "covariates_by_visit", "auxiliary")
    IS_REPEATED: ClassVar[bool] = True
    IMPUTES: ClassVar[bool] = True

    def __post_init__(self) -> None:
        unread = [each for each in self.strategies if self.after and each not in self.after]
        if unread:
            raise ProtocolError(
                f"strategies names {unread[0]!r}, which is not among those of after"
            )
        self._refuse_covariates()
        self._refuse_draws()
        structures = (self.covariance, *self.fallback)
        if CovarianceStructure.SPATIAL_EXPONENTIAL in structures:
            raise ProtocolError(
                "an imputation needs visits that all have in common, and no spatial covariance"
            )
        if self.draws is DrawMethod.BAYES and set(structures) != {CovarianceStructure.UNSTRUCTURED}:
            raise ProtocolError("draws = 'bayes' needs an unstructured covariance, and no fallback")

    def _refuse_covariates(self) -> None:
        named = self.imputed_from
        twice = sorted({each for each in named if named.count(each) > 1})
        if twice:
            raise ProtocolError(
                f"{', '.join(twice)} stands twice among covariates, covariates_by_visit and auxiliary; "
                "name each once"
            )
        if self.baseline_fill is not None and BASELINE not in named:
            raise ProtocolError(
                "baseline_fill is of the baseline value, which is no covariate here"
            )

    def _refuse_draws(self) -> None:
        given = self.samples is not None or self.seed is not None
        if not self.draws.is_random and given:
            raise ProtocolError(
                f"draws = {self.draws.value!r} is not random; take out samples and seed"
            )
        if self.draws.is_random and (self.samples is None or self.seed is None):
            raise ProtocolError(f"draws = {self.draws.value!r} is random; give samples and seed")
        if self.samples is not None and not FEWEST_SAMPLES <= self.samples <= MOST_SAMPLES:
            raise ProtocolError(
                f"samples must be {FEWEST_SAMPLES} to {MOST_SAMPLES:,}, got {self.samples}"
            )
        if self.seed is not None and self.seed < 0:
            raise ProtocolError(f"seed must be 0 or more, got {self.seed}")
        chosen = self.limits is not ResampledLimits.PERCENTILE
        if chosen and self.draws is not DrawMethod.BOOTSTRAP:
            raise ProtocolError(
                f"limits are chosen of draws = {DrawMethod.BOOTSTRAP.value!r}; others have their own"
            )

    @property
    def supposes(self) -> Supposition:
        """What the plan states after an event, else that values are missing at random."""
        named = (self.strategy, *self.strategies.values())
        found = {_SUPPOSED.get(each, Supposition.AS_REFERENCE) for each in named}
        found.add(Supposition.SHIFTED if self.shifts else Supposition.AT_RANDOM)
        return next(each for each in _BOLDEST if each in found)

    def supposes_of(self, outcome: MeasuredOutcome) -> Supposition:
        """At random, where values at other visits or auxiliary variables tell of the missing ones."""
        tells = len(self.analysed_visits(outcome)) > 1 or self.auxiliary
        at_random = self.supposes is Supposition.AT_RANDOM
        return Supposition.COMPLETE_CASES if at_random and not tells else self.supposes

    @property
    def variance_meant(self) -> VarianceMeant:
        """That of the draws."""
        return self.draws.variance_meant

    @property
    def analysed_covariates(self) -> tuple[str, ...]:
        """The covariates of the analysis of each imputed data set, unless it has its own."""
        return (*self.covariates, *self.covariates_by_visit)

    @property
    def shifts(self) -> bool:
        """Whether something is added to imputed values."""
        return False

    def strategy_of(self, event: str) -> ImputationStrategy:
        """What is supposed after an event, or where values are ``missing`` up to the last visit."""
        return self.strategies.get(event, self.strategy)

    def is_at_random_after(self, event: str) -> bool:
        """Whether neither the event nor missing values up to the last visit change what is supposed."""
        known = [each for each in (event, MISSING) if each in self.follows((event,))]
        at_random = ImputationStrategy.MISSING_AT_RANDOM
        return not self.shifts and all(self.strategy_of(each) is at_random for each in known)

    def follows(self, coded: Sequence[str]) -> tuple[str, ...]:
        """After what something is supposed, where the estimand names these events by their codes.

        A plan that does not say means them all, and missing visits up to the last one where these are
        not at random, or shifted.
        """
        if self.after:
            return self.after
        tails = self.shifts or self.strategy_of(MISSING) is not ImputationStrategy.MISSING_AT_RANDOM
        named = (*coded, *self.strategies, *((MISSING,) if tails else ()))
        return tuple(dict.fromkeys(named))

    @property
    def events_named(self) -> tuple[str, ...]:
        """The codes of intercurrent events that the plan names here, each once."""
        named = dict.fromkeys((*self.after, *self.strategies))
        return tuple(each for each in named if each != MISSING)

    @property
    def imputed_from(self) -> tuple[str, ...]:
        """The covariates and the auxiliary variables."""
        return (*self.analysed_covariates, *self.auxiliary)

    @property
    def chosen_visits(self) -> tuple[str, ...]:
        """Those of the plan."""
        return self.visits

    def needed_visits(self, outcome: MeasuredOutcome) -> tuple[str, ...]:
        """The baseline alone, where it is a covariate: values after it are imputed."""
        reads = self.uses_baseline(outcome) and self.baseline_fill is None
        return (outcome.baseline,) if reads else ()

    def visits_read(self, outcome: MeasuredOutcome) -> tuple[str, ...]:
        """All that tell of missing values: those of the imputation, and the baseline where it is read."""
        first = (outcome.baseline,) if self.uses_baseline(outcome) else ()
        return (*first, *self.analysed_visits(outcome))

    def _reads_baseline(self) -> bool:
        return BASELINE in self.imputed_from
