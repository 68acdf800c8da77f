"""The rule on times to an event: whether one hazard ratio describes them (R31)."""

from collections.abc import Iterator

from trialkit.protocol.methods.diagnostics import Check
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.report.lint.evidence import Evidence, Notice, note
from trialkit.report.numbers.numbers import is_below, p_equals
from trialkit.results.vocabulary import Stat


def hazards_that_change(evidence: Evidence) -> Iterator[Notice]:
    """R31: a hazard ratio of arms that changes with time, by the test beside the model."""
    alpha = evidence.protocol.plan.alpha
    for analysis, outcome in evidence.main_analyses():
        if outcome.kind.summary is not Summary.TIME:
            continue
        for row in evidence.results.rows:
            is_of_arms = (
                row.term == f"{Check.PROPORTIONAL_HAZARDS.value}: arm"
                and row.stat_name is Stat.P_VALUE
            )
            own = (row.analysis_id, row.outcome) == (analysis.id, outcome.code)
            if own and is_of_arms and row.stat is not None and is_below(row.stat, alpha):
                yield note(
                    f"In {analysis.id}, the hazard ratio for {outcome.label} changes with time "
                    f"({p_equals(row.stat, alpha=alpha)}): one ratio does not describe it.",
                    "Read it as an average over the time at risk, beside the curves and the shares at the time "
                    "point, and say so. The plan's model stays: no other is chosen by this test.",
                    place=f"[[analyses]] {analysis.id}",
                )
