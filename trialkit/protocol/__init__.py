"""The protocol of a trial: what it is, and how it is read from ``protocol.toml``."""

from trialkit.protocol.loading import load_protocol
from trialkit.protocol.methods.estimands import Estimand, IntercurrentEvent, Strategy
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.plan import Analysis, AnalysisRole, Family, Plan
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.visits import Visit, Window

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
