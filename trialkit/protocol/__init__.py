"""The protocol of a trial: what it is, and how it is read from ``protocol.toml``."""

from trialkit.protocol.estimands import Estimand, IntercurrentEvent, Strategy
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.model import Arm, Outcome, Protocol, Visit, Window
from trialkit.protocol.plan import Analysis, AnalysisRole, Family, Plan
from trialkit.protocol.specifications import Method

__all__ = [
    "Analysis",
    "AnalysisRole",
    "Arm",
    "Estimand",
    "Family",
    "IntercurrentEvent",
    "Method",
    "Outcome",
    "Plan",
    "Protocol",
    "Strategy",
    "Visit",
    "Window",
    "load_protocol",
]
