"""What an effect is: its scale, how its interval came about, what adjusts and standardises it.

Every reader of the results (tables, forest, sentences, lint) asks an :class:`Effect`; none infers
it from the name of a method, a term or a note.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from trialkit.results.vocabulary import Stat


class Scale(StrEnum):
    """In what an effect is measured."""

    DIFFERENCE = "difference"
    """Of means, medians or locations, in the outcome's unit."""
    STANDARDISED_DIFFERENCE = "standardised_difference"
    """In standard deviations; ``standardised_by`` says of what."""
    RATIO = "ratio"
    """Of means, geometric ones where the model is of logarithms."""
    PERCENTAGE_POINTS = "percentage_points"
    """A difference of risks; ``stat`` holds it as a share, from -1 to 1."""
    RISK_RATIO = "risk_ratio"
    ODDS_RATIO = "odds_ratio"
    EVENT_FREE_POINTS = "event_free_points"
    """A difference of shares still without the event; ``stat`` holds it as a share, from -1 to 1."""
    HAZARD_RATIO = "hazard_ratio"
    SUBDISTRIBUTION_HAZARD_RATIO = "subdistribution_hazard_ratio"
    """Of hazards in which who had a competing event stays at risk; above 1 more have the event."""
    RATE_RATIO = "rate_ratio"
    PROBABILITY = "probability"
    """That a participant of the experimental arm has the higher value, ties counted half."""
    WIN_PROBABILITY = "win_probability"
    """That a participant of the experimental arm has the better value, ties counted half."""
    WIN_ODDS = "win_odds"
    """The odds of that probability."""
    WIN_RATIO = "win_ratio"
    """Pairs in which the experimental arm has the better value over those in which the other has."""
    NET_BENEFIT = "net_benefit"
    """The share of the former pairs less that of the latter."""

    @property
    def is_ratio(self) -> bool:
        """Whether no effect is 1, and limits are symmetric on the logarithm."""
        return self in _RATIOS

    @property
    def of_risks(self) -> bool:
        """Whether it compares risks rather than values."""
        return self in _OF_RISKS

    @property
    def in_points(self) -> bool:
        """Whether it is a difference of shares, which is printed in percentage points."""
        return self in _IN_POINTS

    @property
    def of_sooner(self) -> bool:
        """Of times to an event: whether more of it means that the event comes sooner, or to more."""
        return self in _OF_SOONER

    @property
    def is_probability(self) -> bool:
        """Whether it is the probability of being above, or better than, somebody of the other arm."""
        return self in _PROBABILITIES

    @property
    def of_better(self) -> bool:
        """Whether more of it is better, whichever values of the outcome are."""
        return self in _OF_BETTER

    @property
    def null_value(self) -> float:
        """The value that means no effect."""
        return 1.0 if self.is_ratio else 0.5 if self.is_probability else 0.0


_RATIOS = frozenset({
    Scale.RATIO, Scale.RISK_RATIO, Scale.ODDS_RATIO, Scale.HAZARD_RATIO,
    Scale.SUBDISTRIBUTION_HAZARD_RATIO, Scale.RATE_RATIO, Scale.WIN_ODDS, Scale.WIN_RATIO,
})  # fmt: skip
_IN_POINTS = frozenset({Scale.PERCENTAGE_POINTS, Scale.EVENT_FREE_POINTS})
_OF_SOONER = frozenset({
    Scale.HAZARD_RATIO, Scale.SUBDISTRIBUTION_HAZARD_RATIO, Scale.PERCENTAGE_POINTS,
})  # fmt: skip
_PROBABILITIES = frozenset({Scale.PROBABILITY, Scale.WIN_PROBABILITY})
_OF_BETTER = frozenset({Scale.WIN_PROBABILITY, Scale.WIN_ODDS, Scale.WIN_RATIO, Scale.NET_BENEFIT})
_OF_RISKS = frozenset({Scale.PERCENTAGE_POINTS, Scale.RISK_RATIO, Scale.ODDS_RATIO})

DIFFERENCES = frozenset({Scale.DIFFERENCE, *_IN_POINTS})
"""The scales on which an effect is one arm less the other."""
MEASURES: Mapping[Scale, Stat] = MappingProxyType(
    {
        Scale.PERCENTAGE_POINTS: Stat.RISK_DIFFERENCE,
        Scale.RISK_RATIO: Stat.RISK_RATIO,
        Scale.ODDS_RATIO: Stat.ODDS_RATIO,
    }
)
"""The measure of risks on each scale: its name is the method of the rows that state it."""


class IntervalKind(StrEnum):
    """What the limits of an interval hold for."""

    POINTWISE = "pointwise"
    ONE_SIDED = "one-sided"
    EXACT = "exact"
    BONFERRONI = "simultaneous Bonferroni"
    DUNNETT = "simultaneous Dunnett"
    TUKEY = "simultaneous Tukey"

    @property
    def is_simultaneous(self) -> bool:
        """Whether the level is that of several intervals together."""
        return self in _SIMULTANEOUS


_SIMULTANEOUS = frozenset({IntervalKind.BONFERRONI, IntervalKind.DUNNETT, IntervalKind.TUKEY})


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval's kind, and for simultaneous ones how many hold together."""

    kind: IntervalKind
    of: int = 1

    def __str__(self) -> str:
        """As the results have it, such as ``simultaneous Tukey of 3``."""
        of = f" of {self.of}" if self.kind.is_simultaneous else ""
        return f"{self.kind.value}{of}"


POINTWISE = Interval(IntervalKind.POINTWISE)
ONE_SIDED = Interval(IntervalKind.ONE_SIDED)
EXACT = Interval(IntervalKind.EXACT)


class StandardisedBy(StrEnum):
    """The standard deviation that is the unit of a standardised difference."""

    POOLED_CHANGE = "pooled SD of the change"
    POOLED_FINAL = "pooled SD of the final value"
    AVERAGE_CHANGE = "average SD of the change"
    AVERAGE_FINAL = "average SD of the final value"
    REFERENCE_CHANGE = "reference SD of the change"
    REFERENCE_FINAL = "reference SD of the final value"
    OWN_CHANGE = "SD of the change in the arm"

    @property
    def of_final(self) -> bool:
        """Whether it is that of final values, and not of changes."""
        return self in _OF_FINAL


_OF_FINAL = frozenset(
    {StandardisedBy.POOLED_FINAL, StandardisedBy.AVERAGE_FINAL, StandardisedBy.REFERENCE_FINAL}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a contrast of arms states, whichever method it comes from.

    ``interval`` is None for methods that test and give no limits. ``has_headline_p`` says whether
    the plan's families count its p value, and ``one_sided`` whether that p asks in one direction;
    ``p_adjusted_by`` names what adjusts p within the analysis itself. ``agrees`` says whether limits
    and p come from one test, so that p is below 1 minus the level exactly where the limits leave
    out no effect; simultaneous limits answer to the adjusted p. ``standardised_by`` is what
    Hedges' g divides by, None where the method gives none. ``within`` is the characteristic in
    whose levels the arms are compared; where it is blank, the effect is the analysis' headline.
    ``of_factors`` says that levels of the factors of a factorial trial are compared, and not arms;
    ``named`` are then the names of its headlines.
    """

    scale: Scale
    interval: Interval | None = POINTWISE
    all_pairs: bool = False
    has_headline_p: bool = True
    one_sided: bool = False
    p_adjusted_by: str = ""
    agrees: bool = True
    standardised_by: StandardisedBy | None = None
    sign: str = "-"
    """Between the arms in the name of a contrast."""
    within: str = ""
    of_factors: bool = False
    named: tuple[str, ...] = ()

    @property
    def is_headline(self) -> bool:
        """Whether the analysis compares arms in all whom it analyses."""
        return not self.within

    @property
    def of_logarithms(self) -> bool:
        """Whether the model is of logarithms, so that a ratio is one of geometric means."""
        return self.sign == "/"

    @property
    def adjusts_itself(self) -> bool:
        """Whether the analysis adjusts its comparisons of several arms, in no family."""
        return bool(self.p_adjusted_by)

    def term(self, experimental: str, reference: str) -> str:
        """How the results name the comparison of two arms, by their codes."""
        return f"{experimental} {self.sign} {reference}"

    def terms(self, arms: Iterable[str]) -> tuple[str, ...]:
        """The names of all comparisons that it makes of ``arms``, the reference first."""
        if self.of_factors:
            return self.named
        first, *others = arms
        against = [first, *others] if self.all_pairs else [first]
        return tuple(
            self.term(later, earlier)
            for place, earlier in enumerate(against)
            for later in others[place:]
        )

    def is_headline_term(self, term: str) -> bool:
        """Whether a row of the analysis is of its headline, and not of what stands beside it."""
        return not self.of_factors or term in self.named

    def standardised(self) -> "Effect":
        """Hedges' g of this effect, whose limits are two-sided and its own alone."""
        return replace(
            self, scale=Scale.STANDARDISED_DIFFERENCE, interval=POINTWISE, one_sided=False
        )


class Status(StrEnum):
    """Whether there is a number; where there is none, ``note`` says why."""

    ESTIMATED = "estimated"
    NOT_ESTIMABLE = "not_estimable"
    NOT_DUE = "not_yet_due"
    """What the analysis needs is still to come at the data cut."""
    NOT_ASKED = "not_asked_for"
    """The analysis is of the plan, and was left out of this run."""
    NOT_COLLECTED = "not_collected"
    """Of a count: no form of the trial asks for what it would count, so that none is no answer."""
