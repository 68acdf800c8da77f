"""Proportions compared within strata, as a plan may ask for it."""

from dataclasses import dataclass

from trialkit.protocol.methods.method import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class StratifiedProportions:
    """Proportions compared within the strata of a baseline characteristic, and pooled."""

    strata: str
    method: Method = Method.COCHRAN_MANTEL_HAENSZEL
