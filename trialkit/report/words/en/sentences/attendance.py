"""What a session that counts is called: attended, or no more than logged where nobody asks who came."""

from collections.abc import Iterable

from trialkit.results.collected import is_not_collected
from trialkit.results.lookup import Statistics
from trialkit.results.vocabulary import Stat


def is_unasked(total: Statistics) -> bool:
    """Whether sessions are logged, and not whether they were attended."""
    return is_not_collected(total, Stat.UNKNOWN) and not is_not_collected(total, Stat.ATTENDED)


def held(totals: Iterable[Statistics]) -> str:
    """``attended``, or ``logged`` where the log of one of these arms does not ask who came."""
    return "logged" if any(map(is_unasked, totals)) else "attended"
