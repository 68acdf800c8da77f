"""Simulation: data of the planned trial, and what the planned analysis would find in them."""

from trialkit.design.simulation.assumptions import Assumptions, Scenario, assume, read_assumptions
from trialkit.design.simulation.characteristics import OperatingCharacteristics
from trialkit.design.simulation.operating import operating_characteristics
from trialkit.design.simulation.rehearsal import write_rehearsal

__all__ = [
    "Assumptions",
    "OperatingCharacteristics",
    "Scenario",
    "assume",
    "operating_characteristics",
    "read_assumptions",
    "write_rehearsal",
]
