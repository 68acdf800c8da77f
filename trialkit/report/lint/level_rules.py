"""Rules on ordinal outcomes: whether one odds ratio describes them, and levels of nobody (R30)."""

from collections.abc import Iterator

from trialkit.grammar import by_number
from trialkit.protocol.methods.diagnostics import Check
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.report.lint.evidence import Evidence, Notice, note
from trialkit.report.numbers.numbers import is_below, p_equals
from trialkit.report.tables.headlines import Headline
from trialkit.report.tables.levels import level_terms
from trialkit.report.words.en.wording import listing
from trialkit.results.lookup import Before, value
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def levels_and_their_model(evidence: Evidence) -> Iterator[Notice]:
    """R30: odds that differ from cut to cut under a model of one ratio, and a level that nobody has."""
    seen: set[str] = set()
    for analysis, outcome in evidence.main_analyses():
        if outcome.kind.summary is not Summary.LEVELS:
            continue
        yield from _proportionality(analysis, outcome, evidence)
        if outcome.code not in seen:
            seen.add(outcome.code)
            yield from _empty_levels(analysis, outcome, evidence)


def _proportionality(analysis: Analysis, outcome: Outcome, evidence: Evidence) -> Iterator[Notice]:
    """Each test of proportionality that fails: the ratio is then an average over the cuts."""
    alpha = evidence.protocol.plan.alpha
    for row in evidence.results.rows:
        if _is_of(row, analysis, outcome) and row.stat is not None and is_below(row.stat, alpha):
            place = row.term.partition(": ")[2]
            yield note(
                f"In {analysis.id}, the odds ratio of {place} for {outcome.label} differs from cut to cut between "
                f"levels ({p_equals(row.stat, alpha=alpha)}): one ratio does not describe it.",
                "Read the shares at each level beside it, and say so. The plan's model stays: no other is chosen by "
                "this test.",
                place=f"[[analyses]] {analysis.id}",
            )


def _is_of(row: Result, analysis: Analysis, outcome: Outcome) -> bool:
    return (
        row.analysis_id == analysis.id
        and row.outcome == outcome.code
        and row.stat_name is Stat.P_VALUE
        and row.term.startswith(Check.PROPORTIONALITY.value)
    )


def _empty_levels(analysis: Analysis, outcome: Outcome, evidence: Evidence) -> Iterator[Notice]:
    """Levels of the form at which nobody of any arm is, though somebody has a value."""
    protocol = evidence.protocol
    headline = Headline(analysis=analysis, outcome=outcome, protocol=protocol, index=evidence.index)
    visit = outcome.time_point
    if not any(value(headline.described(arm, visit=visit), Stat.N) for arm in protocol.arms):
        return
    empty = [
        term.removeprefix(Before.LEVEL)
        for term in level_terms(headline, visit=visit)
        if not any(
            value(headline.described(arm, visit=visit, term=term), Stat.EVENTS)
            for arm in protocol.arms
        )
    ]
    if empty:
        yield note(
            f"Nobody in any arm is at {by_number(len(empty), 'the level', 'the levels')} "
            f"{listing([f'‘{each}’' for each in empty])} of {outcome.label}.",
            "Models and ranks leave such a level out; the table and the figure keep it.",
            place=f"[[outcomes]] {outcome.code}",
        )
