"""What a mark of review says was done, and as what it is done."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from trialkit.protocol.trial.roles import TrialRole


class ReviewKind(StrEnum):
    """What a mark says was done."""

    SOURCE = "source data verified"
    DATA = "reviewed by data management"
    MEDICAL = "medically reviewed"


DONE_AS: Mapping[ReviewKind, TrialRole] = MappingProxyType(
    {
        ReviewKind.SOURCE: TrialRole.MONITOR,
        ReviewKind.DATA: TrialRole.DATA_MANAGER,
        ReviewKind.MEDICAL: TrialRole.INVESTIGATOR,
    }
)
"""ICH E6: monitors hold entries against the source, data management reviews data, a physician judges
what is medical."""
