"""Validation: the phases over a snapshot, and the findings they make."""

from trialkit.checks.findings import Findings

__all__ = ["Findings"]
