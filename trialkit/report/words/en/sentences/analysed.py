"""What an analysis is of: its outcomes, and the time that it has for itself."""

from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.words.en.wording import listing, lowered


def outcomes_analysed(analysis: Analysis, protocol: Protocol) -> str:
    """The outcomes as "Pain and Function", and "Pain at week 12" where that is the analysis' own time point."""
    labels = listing([protocol.outcome(code).label for code in analysis.outcomes])
    if not analysis.time_point:
        return labels
    return f"{labels} at {lowered(protocol.visit(analysis.time_point).label)}"
