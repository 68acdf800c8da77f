"""Whether a count has a source: what nobody was asked about is not collected, and not none.

The results say it in the row of the count (:attr:`Status.NOT_COLLECTED`); whoever prints one asks here.
"""

from trialkit.results.effect import Status
from trialkit.results.lookup import Statistics
from trialkit.results.vocabulary import Stat


def is_not_collected(found: Statistics, stat: Stat) -> bool:
    """Whether no form of the trial asks for what this statistic would count."""
    return stat in found and found[stat].status is Status.NOT_COLLECTED
