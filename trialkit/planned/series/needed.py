"""Which series a report draws; no other is computed, so that nobody's values are written unasked."""

from trialkit.datasets.model import Datasets
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.report_contents import INDIVIDUAL, FigureKind

MOST_PEOPLE = 400
"""With more participants than this, marks of single ones cover each other and are not drawn."""
MOST_COURSES = 50
"""With more participants than this in an arm, their lines hide its mean and are not drawn."""


def draws(protocol: Protocol, kind: FigureKind) -> bool:
    """Whether the report has the figure."""
    report = protocol.report
    chosen = kind in {*report.figures, *report.supplementary_figures}
    return chosen and (report.individual_participants or kind not in INDIVIDUAL)


def is_small(datasets: Datasets) -> bool:
    """Whether participants can be drawn one by one."""
    return datasets.disposition.randomised <= MOST_PEOPLE


def primary_measured(protocol: Protocol) -> tuple[tuple[Analysis, Outcome], ...]:
    """Each primary analysis with each of its outcomes that can change, in the plan's order."""
    return tuple(
        (analysis, outcome)
        for analysis in protocol.plan.analyses
        if analysis.role is AnalysisRole.PRIMARY
        for outcome in map(protocol.outcome, analysis.outcomes)
        if outcome.kind.has_change
    )
