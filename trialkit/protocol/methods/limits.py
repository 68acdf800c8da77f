"""What options of several methods may not be."""

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.linear_models import ContrastAdjustment

ONLY_WALD = "its limits are not of estimate ± t times its error; write limits = 'wald'"
"""Why limits of a likelihood are held against no margin."""

MOST_REPLICATES = 10_000_000


def refuse_tukey(adjustment: ContrastAdjustment) -> None:
    """Raise :class:`ProtocolError` for an adjustment that needs all pairs of arms."""
    if adjustment is ContrastAdjustment.TUKEY:
        raise ProtocolError("adjustment 'tukey' is for all pairs; with a reference use 'dunnett'")


def refuse_few(replicates: int, seed: int) -> None:
    """Raise :class:`ProtocolError` unless replicates and seed can be used."""
    if not 999 <= replicates <= MOST_REPLICATES:
        raise ProtocolError(f"replicates must be from 999 to {MOST_REPLICATES}, got {replicates}")
    if seed < 0:
        raise ProtocolError(f"seed must be 0 or more, got {seed}")
