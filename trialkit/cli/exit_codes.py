"""What a command tells the shell."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The end of a command, as scripts see it."""

    FINE = 0
    FINDINGS = 1
    """Hard findings, or with ``--strict`` a missing statement or a lint error."""
    CANNOT = 2
    """The protocol, the forms, the call or a primary analysis that is due cannot be carried out."""
    FAULT = 3
    """A fault of trialkit, not of the user."""
