"""What the rules of the lint look at, and how a rule says what it noticed."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from trialkit.protocol.headline_tests import headline_p_values
from trialkit.protocol.locks.plan_history import UNRECORDED, PlanHistory
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.trial.outcomes import Outcome, OutcomeRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.finding import LintSeverity
from trialkit.report.guidelines.checklist import CORE
from trialkit.report.guidelines.statements import AuthorStatement
from trialkit.report.words.en.dates import TrialDates
from trialkit.report.words.en.sentences.told import Told
from trialkit.results.effect import Status
from trialkit.results.flow import Disposition, read_flow
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Result, Results
from trialkit.results.size_check import UNCHECKED, SizeCheck
from trialkit.results.vocabulary import Stat

MAIN = frozenset({AnalysisRole.PRIMARY.value, AnalysisRole.SECONDARY.value})
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+(?=\S)")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """Protocol, results and words of one trial."""

    protocol: Protocol
    results: Results
    index: ResultIndex
    statements: tuple[AuthorStatement, ...]
    dates: TrialDates
    size: SizeCheck = UNCHECKED
    history: PlanHistory = UNRECORDED
    """The record of when the plan was made."""
    printed: frozenset[str] | None = None
    """The results and series that the report prints or draws; None where it is not written yet."""
    told: Told = frozenset()
    """What of the results the methods text names."""

    @property
    def flow(self) -> Disposition:
        """The participant flow, as the report draws it."""
        return read_flow(self.index, {arm.code: arm.label for arm in self.protocol.arms})

    def statement(self, item: str) -> str:
        """The author's words on an item; empty when there are none."""
        found = (
            " ".join(each.paragraphs)
            for each in self.statements
            if each.item == item and each.checklist == CORE
        )
        return " ".join(found)

    def sentences(self) -> Iterator[tuple[AuthorStatement, str]]:
        """Every sentence of every statement."""
        for each in self.statements:
            for paragraph in each.paragraphs:
                for sentence in _SENTENCE_ENDS.split(paragraph):
                    yield each, sentence

    def main_analyses(self) -> Iterator[tuple[Analysis, Outcome]]:
        """Each outcome of each primary and secondary analysis."""
        for analysis in self.protocol.plan.analyses:
            if analysis.role.value in MAIN:
                for code in analysis.outcomes:
                    yield analysis, self.protocol.analysed(analysis, code)

    def lacking(self, analysis: Analysis, outcome: Outcome) -> Result | None:
        """The row that says why an analysis has no number; None where it has one."""
        return self.index.lacking(analysis.id, outcome.code)

    def is_to_come(self, analysis: Analysis, outcome: Outcome) -> bool:
        """Whether an analysis waits for values that are still to come at the data cut."""
        row = self.lacking(analysis, outcome)
        return row is not None and row.status is Status.NOT_DUE

    def headline_tests(self) -> tuple[Result, ...]:
        """The p value of each comparison of two arms at an outcome's time point, once each."""
        return headline_p_values(self.protocol, self.results.rows)

    def tested_within_arms(self, analysis: Analysis) -> tuple[str, ...]:
        """The outcomes whose change within single arms an analysis tests."""
        tested = {
            row.outcome
            for row in self.results.rows
            if row.analysis_id == analysis.id and row.stat_name is Stat.P_VALUE and row.arm
        }
        return tuple(code for code in analysis.outcomes if code in tested)

    def of_role(self, role: OutcomeRole) -> tuple[Outcome, ...]:
        """The outcomes of this role."""
        return tuple(each for each in self.protocol.outcomes if each.role is role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a rule noticed, before it is placed."""

    severity: LintSeverity
    found: str
    mend: str
    place: str = ""
    """Where to mend it, if not where the rule says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LintRule:
    """One rule: what it is about, where it belongs, and the function that looks."""

    id: str
    title: str
    rows: tuple[str, ...]
    anchor: str
    place: str
    look: Callable[[Evidence], Iterator[Notice]]


def error(found: str, mend: str, *, place: str = "") -> Notice:
    """A contradiction or an omission."""
    return Notice(severity=LintSeverity.ERROR, found=found, mend=mend, place=place)


def warning(found: str, mend: str, *, place: str = "") -> Notice:
    """A weakness that should be dealt with in words."""
    return Notice(severity=LintSeverity.WARNING, found=found, mend=mend, place=place)


def note(found: str, mend: str, *, place: str = "") -> Notice:
    """Something to know."""
    return Notice(severity=LintSeverity.NOTE, found=found, mend=mend, place=place)
