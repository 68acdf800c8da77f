"""What is said of a tipping point, in English."""

from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.report.numbers.numbers import p_symbol, plain

NEVER = "no delta of the grid changes it"


def worse_words(outcome: Outcome) -> str:
    """Which sign of a delta makes values worse."""
    sign = "Positive" if outcome.direction is Direction.LOWER else "Negative"
    return f"{sign} deltas are worse values: {outcome.direction.value} is better"


def unmoved_words(arm: str) -> str:
    """Why each delta gives the same difference."""
    return (
        f"All deltas in {arm} give the same difference: none of its values is imputed at or after an "
        "event, so that nothing is moved"
    )


def significance_words(alpha: float) -> str:
    """What tips first, as the head of a row."""
    return f"{p_symbol()} is {plain(alpha)} at"


def importance_words(important: float, unit: str) -> str:
    """What tips as well, where a difference that matters is stated."""
    return f"The difference is the important one ({plain(important)} {unit}".rstrip() + ") at"
