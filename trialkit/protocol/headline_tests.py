"""The p values that a plan confirms by: one for each comparison of two arms at its time point.

Whether there are data or only a plan, everybody who counts comparisons counts these.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from trialkit.protocol.compared import compared
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineTest:
    """One comparison that is tested: in which family, and whether its own analysis adjusts it."""

    analysis_id: str
    outcome: str
    family: str
    adjusted_within: bool


def is_headline_p(row: Result, protocol: Protocol) -> bool:
    """Whether a row is the p value of a headline contrast at its outcome's time point."""
    if row.stat_name is not Stat.P_VALUE or row.scale is None:
        return False
    analysis = protocol.plan.analysis(row.analysis_id)
    if analysis is None:
        return False
    outcome = protocol.analysed(analysis, row.outcome)
    effect = protocol.effect(row.analysis_id, outcome)
    return (
        effect is not None
        and effect.has_headline_p
        and effect.is_headline_term(row.term)
        and row.visit == outcome.time_point
    )


def headline_p_values(protocol: Protocol, rows: Iterable[Result]) -> tuple[Result, ...]:
    """The p value of each comparison of two arms at an outcome's time point, once each."""
    planned = {each.id for each in protocol.plan.analyses}
    found: dict[tuple[str, str, str], Result] = {}
    for row in rows:
        if row.analysis_id in planned and is_headline_p(row, protocol):
            found.setdefault((row.analysis_id, row.outcome, row.term), row)
    return tuple(found.values())


def stated_tests(protocol: Protocol, rows: Iterable[Result]) -> tuple[HeadlineTest, ...]:
    """The tests that the results hold."""
    kept = tuple(rows)
    adjusted = {
        (row.analysis_id, row.outcome, row.term)
        for row in kept
        if row.stat_name is Stat.P_ADJUSTED and not row.family
    }
    return tuple(
        HeadlineTest(
            analysis_id=row.analysis_id,
            outcome=row.outcome,
            family=row.family,
            adjusted_within=(row.analysis_id, row.outcome, row.term) in adjusted,
        )
        for row in headline_p_values(protocol, kept)
    )


def planned_tests(protocol: Protocol) -> Iterator[HeadlineTest]:
    """The tests that the plan will make."""
    arms = compared(protocol).arm_codes
    for analysis in protocol.plan.analyses:
        for code in analysis.outcomes:
            effect = protocol.effect(analysis.id, protocol.outcome(code))
            if effect is None or not effect.is_headline or not effect.has_headline_p:
                continue
            for _ in effect.terms(arms):
                yield HeadlineTest(
                    analysis_id=analysis.id,
                    outcome=code,
                    family=analysis.family,
                    adjusted_within=not analysis.family and effect.adjusts_itself,
                )
