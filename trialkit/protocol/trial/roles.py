"""The roles that people have in a trial's evidence store."""

from enum import StrEnum


class TrialRole(StrEnum):
    """As what somebody acts; ``trialkit.evidence.log.rights`` says what each may do."""

    COORDINATOR = "coordinator"
    INVESTIGATOR = "investigator"
    MONITOR = "monitor"
    DATA_MANAGER = "data manager"
    BLINDED_STATISTICIAN = "blinded statistician"
    UNBLINDED_STATISTICIAN = "unblinded statistician"
    AUDITOR = "auditor"
