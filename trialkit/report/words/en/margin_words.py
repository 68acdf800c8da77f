"""What a comparison with a margin shows, in words that name the arms as readers know them."""

from trialkit.analysis.margins.margins import conclude
from trialkit.protocol.methods.comparisons import MarginQuestion
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.numbers.numbers import plain
from trialkit.results.lookup import Statistics, value
from trialkit.results.vocabulary import Stat


def margin_words(
    specification: MarginComparison,
    found: Statistics,
    outcome: Outcome,
    arm: Arm,
    protocol: Protocol,
) -> str:
    """The conclusion of one comparison and its margin; nothing where there is no interval."""
    low, high = value(found, Stat.CONF_LOW), value(found, Stat.CONF_HIGH)
    if low is None or high is None:
        return ""
    _, words = conclude(
        MarginQuestion(specification.method.value),
        outcome.direction,
        limits=(low, high),
        margin=specification.margin,
        names=(arm.label, protocol.reference.label),
    )
    return f"{words} (margin {plain(specification.margin)})"
