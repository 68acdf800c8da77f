"""The sample size as its assumptions give it, in sentences, and whether it is the planned one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeCheck:
    """What is known of a protocol's sample size."""

    recomputed: str = ""
    """What the assumptions need; empty where no method is named or it cannot be computed."""
    mismatch: str = ""
    """What is wrong with the planned number; empty when nothing is."""
    assumptions: tuple[tuple[str, str], ...] = ()
    """Each assumption by its key in the protocol, with its value; those of defaults too."""
    counts_losses: bool = False
    """Whether losses are among the assumptions, beside a dropout."""
    reference: str = ""
    """Where the method of the calculation comes from."""


UNCHECKED = SizeCheck()
