"""Whether an analysis makes another assumption about missing values than the main one, by what was done."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trialkit.protocol.methods.imputation import ImputationStrategy
from trialkit.protocol.methods.missing_assumptions import MissingAssumption
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.lookup import ResultIndex, Shelf, Statistics, Term, value
from trialkit.results.notes import strategies_imputed
from trialkit.results.vocabulary import Stat

Shares = Mapping[str, tuple[int, int]]
"""Each arm's missing values at the time point, of those expected."""

_OTHERS = {
    MissingAssumption.AS_OBSERVED: (
        MissingAssumption.AT_RANDOM,
        MissingAssumption.STATED,
        MissingAssumption.UNKNOWN,
    ),
    MissingAssumption.AT_RANDOM: (MissingAssumption.STATED, MissingAssumption.UNKNOWN),
}
"""Which assumptions are others than that of an analysis; of an analysis not named here none is asked for."""
_AFTER_EVENTS = frozenset({Supposition.AS_REFERENCE, Supposition.LAST_MEAN})


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingInOutcome:
    """The missing values of an outcome at a time point, as the results count them."""

    protocol: Protocol
    index: ResultIndex
    outcome: Outcome

    @property
    def shares(self) -> Shares:
        """Of each arm in which values were expected; what is still to come is not missing."""
        found = {}
        for arm in self.protocol.arms:
            counts = self._counted(Shelf.MISSING, arm.code)
            missing, expected = (int(value(counts, stat) or 0) for stat in (Stat.N_MISSING, Stat.N))
            if expected:
                found[arm.code] = (missing, expected)
        return found

    @property
    def more_than_reference(self) -> Iterator[tuple[str, Statistics]]:
        """Each arm with the results on how much larger its share is than the reference's."""
        reference = self.protocol.reference.code
        for arm in self.protocol.experimental:
            found = self._counted(Shelf.MISSING, f"{arm.code} - {reference}")
            if Stat.ESTIMATE in found:
                yield arm.code, found

    def supposed(self, analysis: Analysis) -> MissingAssumption:
        """What an analysis supposes of the missing values, by what was done and not only by the plan.

        The visits are those at which the outcome was expected. An analysis that could use who lacks the
        value, and in whose arms there is nobody more than have it, used complete cases; one that imputed
        nothing at the time point but at random supposed that.
        """
        visits = {
            each.visit
            for each in self.index.addresses(Shelf.MISSING, outcome=self.outcome.code)
            if not each.term
        }
        measured = self.protocol.measured(self.outcome, visits | {self.outcome.time_point})
        planned = analysis.specification.supposes_of(measured)
        if planned in _AFTER_EVENTS and self._is_imputed_at_random(analysis):
            planned = Supposition.AT_RANDOM
        adds_nobody = planned.assumption is not MissingAssumption.STATED and (
            self._is_of_everybody(analysis) and self._adds_nobody(analysis)
        )
        return MissingAssumption.AS_OBSERVED if adds_nobody else planned.assumption

    def _is_imputed_at_random(self, analysis: Analysis) -> bool:
        """Whether values were imputed at the time point, and none by what the plan states after events."""
        named = [
            strategies_imputed(found[Stat.N_IMPUTED].note)
            for arm in self.protocol.arms
            if Stat.N_IMPUTED in (found := self._counted(analysis.id, arm.code, Term.IMPUTED))
        ]
        others = {each for names in named for each in names} - {
            ImputationStrategy.MISSING_AT_RANDOM
        }
        return bool(named) and not others

    def _adds_nobody(self, analysis: Analysis) -> bool:
        used, there = self._used(analysis), self.shares
        arms = used.keys() & there.keys()
        return bool(arms) and all(used[arm] <= there[arm][1] - there[arm][0] for arm in arms)

    def _is_of_everybody(self, analysis: Analysis) -> bool:
        """Whether its population leaves out nobody who was randomised, so that counts are of the same people."""
        return all(
            not value(
                self.index.find(Shelf.POPULATIONS, term=analysis.population, arm=arm.code),
                Stat.N_EXCLUDED,
            )
            for arm in self.protocol.arms
        )

    def has_answer(self, analysis: Analysis) -> bool:
        """Whether no other assumption is asked for, or a prespecified analysis makes one."""
        return self.supposed(analysis) not in _OTHERS or any(
            not self.why_not_counted(each, analysis) for each in self._others(analysis)
        )

    def not_counted(self, analysis: Analysis) -> Iterator[str]:
        """Each sensitivity or post hoc analysis of the outcome, and why it is no answer."""
        for each in self._others(analysis):
            if each.role in {AnalysisRole.SENSITIVITY, AnalysisRole.POST_HOC}:
                yield f"{each.id} {self.why_not_counted(each, analysis)}"

    def _others(self, analysis: Analysis) -> Iterator[Analysis]:
        for each in self.protocol.plan.analyses:
            if each is not analysis and self.outcome.code in each.outcomes:
                yield each

    def why_not_counted(self, other: Analysis, analysis: Analysis) -> str:
        """Why another analysis of the outcome is no answer to what one supposes; blank where it is one."""
        own = self.protocol.analysed(other, self.outcome.code)
        if other.role is AnalysisRole.POST_HOC:
            return "is post hoc"
        if own.time_point != self.outcome.time_point:
            return "is of another time point"
        if other.population != analysis.population:
            return "is of another population"
        if self.index.lacking(other.id, own.code) is not None:
            return "has no result"
        if not self._uses_enough(other, analysis):
            return "uses no more participants"
        there, here = self.supposed(other), self.supposed(analysis)
        return "" if there in _OTHERS.get(here, ()) else "supposes the same"

    def _uses_enough(self, other: Analysis, analysis: Analysis) -> bool:
        """Whether it uses who lacks the value: in some arm more people than complete cases, else no fewer."""
        more, own = self._used(other), self._used(analysis)
        arms = more.keys() & own.keys()
        if self.supposed(analysis) is MissingAssumption.AS_OBSERVED:
            return any(more[arm] > own[arm] for arm in arms)
        return bool(arms) and all(more[arm] >= own[arm] for arm in arms)

    def _used(self, analysis: Analysis) -> dict[str, int]:
        """How many of each arm the results say that an analysis used."""
        found = {}
        for arm in self.protocol.arms:
            number = value(self._counted(analysis.id, arm.code), Stat.N)
            if number is not None:
                found[arm.code] = int(number)
        return found

    def _counted(self, analysis_id: str, arm: str, term: str = "") -> Statistics:
        return self.index.find(
            analysis_id,
            outcome=self.outcome.code,
            visit=self.outcome.time_point,
            term=term,
            arm=arm,
        )
