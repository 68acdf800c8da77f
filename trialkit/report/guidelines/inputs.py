"""Everything that a report is made from."""

from dataclasses import dataclass

import pandas as pd

from trialkit.protocol.locks.plan_history import UNRECORDED, PlanHistory
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.reporting import ReportStyle
from trialkit.report.citing.library import NO_WORKS, Library
from trialkit.report.content.manifest import Manifest
from trialkit.report.guidelines.statements import AuthorStatement
from trialkit.results.results import Results
from trialkit.results.size_check import UNCHECKED, SizeCheck


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReportInputs:
    """What a report is made from; it adds nothing of its own."""

    protocol: Protocol
    results: Results
    findings: pd.DataFrame
    """The listing of the validation: of its columns ``form``, ``label``, ``rule_id`` and
    ``severity`` are read."""
    statements: tuple[AuthorStatement, ...]
    manifest: Manifest
    library: Library = NO_WORKS
    """The works that statements and protocol can cite."""
    history: PlanHistory = UNRECORDED
    """The record of when the plan was made."""
    size: SizeCheck = UNCHECKED
    style: ReportStyle = ReportStyle.PLAIN
    hard_findings_allowed: bool = False
    """Whether the analysis went on although there were hard findings."""
    draft: bool = False
    """Whether every page is marked as a draft."""
