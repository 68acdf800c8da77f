"""What a plan may ask of a method, and what every method says of what it reads and gives."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from trialkit.protocol.methods.comparisons import MarginQuestion
from trialkit.protocol.methods.cut_points import CutPoints
from trialkit.protocol.methods.delta_grid import MovedValues
from trialkit.protocol.methods.imputation import VarianceMeant
from trialkit.protocol.methods.made_outside import MadeOutside
from trialkit.protocol.methods.measured_outcome import ARM, BASELINE, MeasuredOutcome
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.missing_assumptions import MissingAssumption
from trialkit.protocol.methods.outcome_kinds import KINDS, OutcomeKind, Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect, Scale

MODEL = "model"
"""The option that holds the specification of another method."""
STRATA = "strata"
GROUPINGS = "groupings"
"""The options, among ``OF_BASELINE``, of which a number would be as many groups as it has values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification(ABC):
    """The options of a planned analysis; each method has its own class.

    What the class itself says is asked with the method's name alone, so that a plan is judged also
    where an option of the analysis could not be read.
    """

    method: Method

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    """What is supposed of missing values, whatever the options; each method says it for itself."""
    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset({Summary.MEAN})
    """How the outcomes are summarised that can be analysed, whatever their kind."""
    SUMMARIES_OF: ClassVar[Mapping[Method, frozenset[Summary]]] = MappingProxyType({})
    """The same for methods of the class that differ in them."""
    NOT_FOR: ClassVar[Mapping[Summary, str]] = MappingProxyType({})
    """Why some other outcomes cannot be analysed, where there is more to say."""
    WITHOUT_HEADLINE: ClassVar[frozenset[Method]] = frozenset()
    """The methods without a p value of the difference between two arms at the time point."""
    OF_BASELINE: ClassVar[tuple[str, ...]] = ()
    """The options that name baseline characteristics, as ``form.item`` or ``baseline``."""
    OF_MEANS: ClassVar[tuple[str, ...]] = ()
    """The options that an analysis of proportions does not read."""
    OF_RISKS: ClassVar[tuple[str, ...]] = ()
    """The options that an analysis of anything else does not read."""
    SCALES: ClassVar[Mapping[Summary, frozenset[Scale]]] = MappingProxyType({})
    """Of a method whose plan says the scale of its effect: which it may be of which outcomes."""
    SCALE_UNSAID: ClassVar[Scale | None] = None
    """Of such a method, the scale that a plan means which says none; None where it must say one."""
    THRESHOLDS: ClassVar[tuple[str, ...]] = ()
    """Options of which one is given, unless the outcome has a minimal important change."""
    IS_REPEATED: ClassVar[bool] = False
    """Whether visits after baseline are analysed together."""
    IMPUTES: ClassVar[bool] = False
    """Whether values that are missing are imputed, so that who lacks them is analysed all the same."""
    READS_RECEIVED: ClassVar[bool] = False
    """Whether it reads which arm's intervention somebody received, so that a form must ask."""
    OF_PRINCIPAL_STRATUM: ClassVar[bool] = False
    """Whether its effect is in some of the participants alone, whom nobody can name."""
    PERMUTES_ARMS: ClassVar[bool] = False
    """Whether it compares with other allocations that the randomisation could have made."""
    RANKS_EVENTS_WORST: ClassVar[bool] = False
    """Whether it reads who had an event of the composite strategy as the worst result, without a value."""
    READS_CLUSTERS: ClassVar[bool] = False
    """Whether it allows for the clusters of the trial, so that there must be some."""
    CLUSTERS_IN_SOME_ARMS: ClassVar[bool] = False
    """Of those: whether it is for a trial that has clusters in some of its arms alone."""
    READS_FACTORS: ClassVar[bool] = False
    """Whether it compares levels of the factors of a factorial trial, so that there must be some."""
    NEEDS_COMPETING: ClassVar[bool] = False
    """Whether it compares how often one of several competing events happens, so that some compete."""
    WITHOUT_COMPETING: ClassVar[bool] = False
    """Whether it reads a Kaplan-Meier curve as the share of participants, so that none competes."""
    READS_PERIODS: ClassVar[bool] = False
    """Whether it compares the treatments of a crossover trial, so that there must be periods."""
    TWO_BY_TWO: ClassVar[bool] = False
    """Of those: whether it is for two treatments in two periods alone."""
    COMPARES_ARMS: ClassVar[bool] = True
    """Whether arms are compared, so that nothing is left of it where one of them has no data."""
    IS_PAIRED: ClassVar[bool] = False
    """Whether each participant is compared with their own baseline value, whatever the kind."""

    HOLDS_A_MODEL: ClassVar[bool] = False
    """Whether its option ``model`` may hold the specification of another method."""
    HOLDS_MARGINS: ClassVar[bool] = False
    """Whether its estimates can be held against a margin: differences or ratios with limits of Wald's kind."""

    @property
    def without_margin(self) -> str:
        """Why its estimates cannot be held against a margin; blank where they can."""
        return "" if self.HOLDS_MARGINS else "it has no limits of estimate ± t times its error"

    @property
    def supposes(self) -> Supposition:
        """What is supposed of missing values, as the options have it."""
        return self.SUPPOSES if self.reads is self else self.reads.supposes

    @property
    def variance_meant(self) -> VarianceMeant | None:
        """What the standard error measures where missing values are imputed; None where none are."""
        return None

    @property
    def reads(self) -> "Specification":
        """The specification that says what is read of the data: this one, unless it holds another."""
        return self

    @property
    def split_by(self) -> str:
        """The characteristic in whose levels the arms are compared; blank where none is."""
        return ""

    @property
    def permutes_as_randomised(self) -> bool:
        """Whether arms are permuted within the blocks and strata used, so that forms must record them."""
        return self.PERMUTES_ARMS

    @property
    def cuts(self) -> CutPoints | None:
        """What makes levels of that characteristic where it is a number."""
        return None

    @property
    def made_outside(self) -> MadeOutside | None:
        """Where the results come from of a method that trialkit does not carry out; None else."""
        return None

    @property
    def moves(self) -> MovedValues | None:
        """What is added to imputed values, point by point of a grid with a difference each; None else."""
        return None

    @classmethod
    def takes(cls, method: Method, kind: OutcomeType) -> bool:
        """Whether the method can analyse outcomes of a kind."""
        return KINDS[kind].summary in cls.SUMMARIES_OF.get(method, cls.SUMMARIES)

    def unfit_for(self, kind: OutcomeKind) -> str:
        """Which of its options do not go with outcomes of a kind that it takes, and what to write."""
        return ""

    @abstractmethod
    def effect(self, outcome: OutcomeType, arms: int) -> Effect | None:
        """What a contrast of two of so many arms states; None where none is made."""

    @property
    def passes_over_clusters(self) -> bool:
        """Whether it compares arms as if each participant had been allocated; of others nobody knows."""
        return self.COMPARES_ARMS and not self.READS_CLUSTERS and self.made_outside is None

    @property
    def margin_question(self) -> MarginQuestion | None:
        """What is asked of a margin; None where arms are compared with no difference."""
        return None

    @property
    def adjusts_for_baseline(self) -> bool:
        """Whether the outcome's baseline value is a covariate: change and final value are then one."""
        named = (getattr(self, option) for option in self.OF_BASELINE)
        return any(BASELINE in ((each,) if isinstance(each, str) else each) for each in named)

    @property
    def of_covariates_alone(self) -> tuple[str, ...] | None:
        """The covariates of an ANCOVA that has no other option; None of any other analysis."""
        return None

    @property
    def compares_pairs(self) -> bool:
        """Whether a contrast reads its own two arms alone, so that it stands without the others."""
        return False

    @property
    def takes_events_as_independent(self) -> bool:
        """Whether the variance of a number of events is taken for its mean."""
        return False

    def scales(self, outcome: OutcomeType) -> tuple[Scale, ...]:
        """The scales on which it states contrasts of arms, that of its effect first."""
        effect = self.effect(outcome, 2)
        return () if effect is None else (effect.scale,)

    @property
    def chosen_visits(self) -> tuple[str, ...]:
        """The visits after baseline that the plan names; none where it takes all that there are."""
        return ()

    def analysed_visits(self, outcome: MeasuredOutcome) -> tuple[str, ...]:
        """The visits after baseline that are analysed together."""
        chosen = self.chosen_visits
        return tuple(visit for visit in outcome.later if not chosen or visit in chosen)

    def uses_baseline(self, outcome: MeasuredOutcome) -> bool:
        """Whether the analysis reads the outcome's own baseline value."""
        return self.IS_PAIRED or (outcome.kind.has_change and self._reads_baseline())

    def needed_visits(self, outcome: MeasuredOutcome) -> tuple[str, ...]:
        """The visits at which a participant must have a value to be analysed."""
        end = outcome.time_point
        return (outcome.baseline, end) if self.uses_baseline(outcome) else (end,)

    def one_of_visits(self, outcome: MeasuredOutcome) -> tuple[str, ...]:
        """The visits at any one of which a participant must have a value; none: not asked for."""
        return ()

    def visits_read(self, outcome: MeasuredOutcome) -> tuple[str, ...]:
        """The visits whose values have a part in the result, whoever must have one there."""
        read = (*self.needed_visits(outcome), *self.one_of_visits(outcome))
        return tuple(dict.fromkeys(read))

    def supposes_of(self, outcome: MeasuredOutcome) -> Supposition:
        """What is supposed where the outcome is missing at the time point of some.

        Who has a value at another visit is used by a likelihood of several visits, which then supposes
        the others missing at random; with one visit nobody who lacks it adds anything.
        """
        supposed = self.supposes
        if supposed is not Supposition.AT_RANDOM:
            return supposed
        later = [visit for visit in self.one_of_visits(outcome) if visit != outcome.baseline]
        alone = outcome.time_point in self.needed_visits(outcome) or len(later) < 2
        return Supposition.COMPLETE_CASES if alone else supposed

    def supposes_of_missing(self, outcome: MeasuredOutcome) -> MissingAssumption:
        """Of which kind that is: as observed, at random or stated by the plan."""
        return self.supposes_of(outcome).assumption

    def is_at_random_after(self, event: str) -> bool:
        """Whether it imputes who lacks a value after an event as if it had not happened."""
        return False

    def baseline_items(self, kind: OutcomeKind) -> tuple[str, ...]:
        """The baseline characteristics that the analysis of an outcome needs, as ``form.item``."""
        named: list[str] = []
        for option in self.OF_BASELINE:
            if kind.is_proportion and option in self.OF_MEANS:
                continue
            value = getattr(self, option)
            named += [value] if isinstance(value, str) else value
        return tuple(name for name in named if name not in {"", BASELINE, ARM})

    @property
    def imputed_from(self) -> tuple[str, ...]:
        """What missing values are imputed from, beside arm and visits; nothing where none is imputed."""
        return ()

    @property
    def further_outcomes(self) -> tuple[str, ...]:
        """The codes of outcomes that are read beside the one that is analysed, at its time point."""
        return ()

    @property
    def events_named(self) -> tuple[str, ...]:
        """The codes of intercurrent events that its options name."""
        return ()

    @property
    def arms_named(self) -> tuple[str, ...]:
        """The codes of arms that its options name."""
        return ()

    @property
    def visits_named(self) -> tuple[str, ...]:
        """The codes of visits that its options name beside ``chosen_visits``."""
        return ()

    @property
    def grouped_by(self) -> tuple[tuple[str, str], ...]:
        """The characteristics each of whose answers is a stratum or a group, by the options that name them."""
        found: list[tuple[str, str]] = []
        for option in (STRATA, GROUPINGS):
            named = getattr(self, option) if option in self.OF_BASELINE else ()
            found += [(option, name) for name in ((named,) if isinstance(named, str) else named)]
        return tuple(found)

    def _reads_baseline(self) -> bool:
        return False


def reads_change(response: Response, covariates: tuple[str, ...] = ()) -> bool:
    """Whether the baseline value is read, for a change or as a covariate."""
    return BASELINE in covariates or response is Response.CHANGE
