"""Where the results hold the headline of an analysis: its contrast at the outcome's time point."""

from collections.abc import Iterator
from dataclasses import dataclass

from trialkit.protocol.compared import compared
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.margins import better_effect
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.agreement import says_nothing
from trialkit.results.effect import MEASURES, Effect, Scale
from trialkit.results.lookup import ResultIndex, Shelf, Statistics, Term
from trialkit.results.results import Result
from trialkit.results.vocabulary import SUPERIORITY, Stat

MAIN_ROLES = frozenset({AnalysisRole.PRIMARY, AnalysisRole.SECONDARY})
RATIO_DIGITS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """One outcome of one planned analysis, and where its numbers stand."""

    analysis: Analysis
    outcome: Outcome
    protocol: Protocol
    index: ResultIndex

    @property
    def is_primary(self) -> bool:
        """Whether it is the primary analysis."""
        return self.analysis.role is AnalysisRole.PRIMARY

    @property
    def is_main(self) -> bool:
        """Whether it stands in the table of outcomes: planned as such, and comparing arms."""
        contrast = self.contrast
        return (
            self.analysis.role in MAIN_ROLES
            and contrast is not None
            and contrast.is_headline
            and not contrast.of_factors
        )

    @property
    def of_factors(self) -> bool:
        """Whether it compares levels of factors: it stands in the tables of a factorial trial alone."""
        contrast = self.contrast
        return contrast is not None and contrast.of_factors

    @property
    def contrast(self) -> Effect | None:
        """What the analysis says of two arms; None where it compares none."""
        return self.protocol.effect(self.analysis.id, self.outcome)

    @property
    def of_risks(self) -> bool:
        """Whether it compares risks: of a binary outcome, or of responding in a measured one."""
        return self.summary is Summary.PROPORTION

    @property
    def summary(self) -> Summary:
        """By what its arms are summed up: the table that it stands in, and how it is told."""
        contrast = self.contrast
        return self.outcome.kind.summary_on(None if contrast is None else contrast.scale)

    @property
    def measure(self) -> Stat | None:
        """Which measure of risks its effect is, by which the results keep it; None of a mean."""
        if not self.of_risks:
            return None
        contrast = self.contrast
        return (
            Stat.RISK_DIFFERENCE
            if contrast is None
            else MEASURES.get(contrast.scale, Stat.RISK_DIFFERENCE)
        )

    @property
    def counts_responders(self) -> bool:
        """Whether it compares shares of those whose value of a measured outcome improved."""
        return self.of_risks and not self.outcome.kind.is_proportion

    @property
    def is_superiority(self) -> bool:
        """Whether it is told as who has the higher value, for ties leave its shift without limits."""
        return any(
            says_nothing(self._shift(arm)) and self._superiority(arm)
            for arm in self.protocol.experimental
        )

    @property
    def scale(self) -> Scale:
        """In what the effect is measured that is printed."""
        if self.is_superiority:
            return Scale.PROBABILITY
        contrast = self.contrast
        return Scale.DIFFERENCE if contrast is None else contrast.scale

    @property
    def is_ratio(self) -> bool:
        """Whether the effect is a ratio."""
        return self.scale.is_ratio

    @property
    def lower_is_better(self) -> bool:
        """Whether an effect below none favours the experimental arm.

        A hazard ratio above 1, or a higher share with the event, says that it comes sooner, so that it
        runs against the time, whose direction the outcome has. What counts who is better off is better higher, whatever the outcome.
        """
        if self.scale.of_better:
            return False
        better = better_effect(self.scale, self.outcome.direction, of=self.summary)
        return better is Direction.LOWER

    @property
    def unit(self) -> str:
        """That of the values, or of an event the one in which its time is counted."""
        risk = self.outcome.risk
        if risk is None or self.summary is not Summary.TIME:
            return self.outcome.unit
        return risk.unit.value

    @property
    def digits(self) -> int:
        """The decimals of its effect: those of the outcome, where it is in the outcome's unit."""
        return self.outcome.digits if self.scale is Scale.DIFFERENCE else RATIO_DIGITS

    @property
    def has_own_means(self) -> bool:
        """Whether the model states means of its own, of which its effect is the difference or ratio."""
        means = (Term.ADJUSTED_MEAN, Term.MARGINAL_MEAN)
        return any(self._at(term=term, arm=self.protocol.reference.code) for term in means)

    @property
    def lacking(self) -> Result | None:
        """The row that says why the analysis has no number; None where it has one."""
        return self.index.lacking(self.analysis.id, self.outcome.code)

    def term(self, arm: Arm) -> str:
        """How the results name the comparison of an arm with the reference."""
        contrast = self.contrast or Effect(scale=Scale.DIFFERENCE)
        return contrast.term(arm.code, self.protocol.reference.code)

    def analysed(self, arm: Arm) -> Statistics:
        """How many of an arm are in the analysis."""
        return self._at(term=Term.VALUE, arm=arm.code)

    def effect(self, arm: Arm, *, method: str | None = None, visit: str = "") -> Statistics:
        """The comparison of an arm with the reference, at the time point where no visit is named."""
        if method is None:
            told = self._superiority if self.is_superiority else self._shift
            return told(arm, visit=visit)
        term = self.term(arm)
        own = self.analysis.specification.method.value
        found = self._at(term=term, arm="", method=method, visit=visit)
        if found or method not in {Stat.RISK_DIFFERENCE, self.measure}:
            return found
        return self._at(term=term, arm="", method=own, having=Stat.ESTIMATE, visit=visit)

    def _shift(self, arm: Arm, *, visit: str = "") -> Statistics:
        """What the method itself states of an arm."""
        own = self.analysis.specification.method.value
        return self._at(term=self.term(arm), arm="", method=own, visit=visit)

    def _superiority(self, arm: Arm, *, visit: str = "") -> Statistics:
        """Who has the higher value, which a rank test states beside its shift."""
        return self._at(term=self.term(arm), arm="", method=SUPERIORITY, visit=visit)

    def test(self, arm: Arm) -> Statistics:
        """The statistics beside the effect that hold its p value."""
        return self._at(term=self.term(arm), arm="", having=Stat.P_VALUE)

    def stated(self, term: str, *, method: str | None = None, arm: str = "") -> Statistics:
        """What the analysis states of a term at the time point, as its own method or another name."""
        own = self.analysis.specification.method.value
        return self._at(term=term, arm=arm, method=method or own)

    def described(self, arm: Arm, *, visit: str, term: str = Term.VALUE) -> Statistics:
        """What the outcome was in an arm at a visit."""
        return self.index.find(
            Shelf.DESCRIPTIVE, outcome=self.outcome.code, visit=visit, term=term, arm=arm.code
        )

    def of_arm(self, arm: Arm, term: Term) -> Statistics:
        """What the analysis itself states of an arm, beside its effect."""
        return self._at(term=term, arm=arm.code)

    def events(self, arm: Arm) -> Statistics:
        """How many of an arm had the outcome, or responded, at the time point."""
        own = self._at(term=Term.RESPONDERS, arm=arm.code)
        return own or self.described(arm, visit=self.outcome.time_point)

    def _at(
        self,
        *,
        term: str,
        arm: str,
        method: str | None = None,
        having: Stat | None = None,
        visit: str = "",
    ) -> Statistics:
        return self.index.find(
            self.analysis.id,
            outcome=self.outcome.code,
            visit=visit or self.outcome.time_point,
            term=term,
            arm=arm,
            method=method,
            having=having,
        )


def headlines(protocol: Protocol, index: ResultIndex) -> Iterator[Headline]:
    """Every outcome of every analysis, in the order of the plan; its arms are what it compares."""
    protocol = compared(protocol)
    for analysis in protocol.plan.analyses:
        for code in analysis.outcomes:
            outcome = protocol.analysed(analysis, code)
            yield Headline(analysis=analysis, outcome=outcome, protocol=protocol, index=index)


def main_headlines(protocol: Protocol, index: ResultIndex) -> tuple[Headline, ...]:
    """Those that stand in the tables of outcomes."""
    return tuple(each for each in headlines(protocol, index) if each.is_main)


def factorial_headlines(protocol: Protocol, index: ResultIndex) -> tuple[Headline, ...]:
    """Those of the factors of a factorial trial, whatever their role."""
    return tuple(each for each in headlines(protocol, index) if each.of_factors)


def has_primary_result(protocol: Protocol, index: ResultIndex) -> bool:
    """Whether a primary analysis has a number, so that somebody was analysed in it."""
    primary = [each for each in headlines(protocol, index) if each.is_primary]
    return not primary or any(each.lacking is None for each in primary)
