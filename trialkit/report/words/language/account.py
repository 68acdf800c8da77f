"""What a methods section tells of: the plan, what was measured when, and what the fits say."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from trialkit.protocol.headline_tests import HeadlineTest, planned_tests, stated_tests
from trialkit.protocol.locks.plan_history import UNRECORDED, PlanHistory
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.words.language.method_words import Telling
from trialkit.report.words.language.tense import Tense
from trialkit.results.effect import Effect, Scale, StandardisedBy
from trialkit.results.lookup import ResultIndex, Shelf

Measured: TypeAlias = Mapping[str, tuple[str, ...]]
"""The visits at which each outcome's form is filled in."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Account:
    """A plan that is to be carried out, or was; then with its results."""

    protocol: Protocol
    measured: Measured = field(default_factory=dict)
    """Left out where no data are at hand: then every visit counts."""
    index: ResultIndex | None = None
    history: PlanHistory = UNRECORDED
    """The record of when the plan was made."""

    @property
    def tense(self) -> Tense:
        """Whether there are results to tell of."""
        return Tense.PLANNED if self.index is None else Tense.DONE

    @property
    def tests(self) -> tuple[HeadlineTest, ...]:
        """The comparisons that are tested: those of the results, else those of the plan."""
        if self.index is None:
            return tuple(planned_tests(self.protocol))
        return stated_tests(self.protocol, self.index.rows)

    @property
    def standardisers(self) -> tuple[StandardisedBy, ...]:
        """What standardised differences are multiples of: as the results say, else as the plan."""
        found = (
            (each.standardised_by for each in self._effects())
            if self.index is None
            else (row.standardised_by for row in self.index.rows)
        )
        return tuple(dict.fromkeys(each for each in found if each is not None))

    @property
    def scales(self) -> tuple[Scale, ...]:
        """In what the analyses of the plan that compare arms measure their effects, each once."""
        return tuple(dict.fromkeys(each.scale for each in self._effects() if not each.of_factors))

    @property
    def compares_factors(self) -> bool:
        """Whether an analysis of the plan compares levels of factors."""
        return any(each.of_factors for each in self._effects())

    def _effects(self) -> Iterator[Effect]:
        for analysis in self.protocol.plan.analyses:
            for code in analysis.outcomes:
                effect = self.protocol.effect(analysis.id, self.protocol.outcome(code))
                if effect is not None:
                    yield effect

    def telling(self, analysis: Analysis) -> Telling:
        """What one analysis is told from."""
        outcomes = tuple(self.protocol.analysed(analysis, code) for code in analysis.outcomes)
        return Telling(
            outcomes=outcomes,
            protocol=self.protocol,
            visits=max(len(self.visits_used(analysis, each)) for each in outcomes),
            analysis_id=analysis.id,
            index=self.index,
        )

    def visits_used(self, analysis: Analysis, outcome: Outcome) -> tuple[str, ...]:
        """The visits whose values an analysis needs, of those at which the outcome is measured."""
        needed = analysis.specification.needed_visits(self.protocol.measured(outcome))
        planned = self.measured.get(outcome.code, self.protocol.visit_codes)
        return tuple(visit for visit in needed if visit in planned)


def measured_visits(index: ResultIndex, protocol: Protocol) -> Measured:
    """At which visits each outcome was planned to be measured: there its missing values are counted."""
    found = {
        outcome.code: {
            address.visit for address in index.addresses(Shelf.MISSING, outcome=outcome.code)
        }
        for outcome in protocol.outcomes
    }
    return {
        code: tuple(visit for visit in protocol.visit_codes if visit in visits)
        for code, visits in found.items()
        if visits
    }
