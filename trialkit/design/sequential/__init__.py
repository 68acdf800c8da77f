"""Group-sequential designs: boundaries, sizes, and what each look says."""

from trialkit.design.sequential.boundaries import Boundaries, boundaries, boundaries_at
from trialkit.design.sequential.designs import GroupSequentialDesign, equal_looks
from trialkit.design.sequential.monitoring import (
    Decision,
    FinalInference,
    Look,
    LookResult,
    Monitoring,
    conditional_power,
    monitor,
    repeated_p_value,
)
from trialkit.design.sequential.sizes import SequentialSize, sequential_size
from trialkit.design.sequential.spending import (
    BetaSpending,
    FutilityBounds,
    HwangShihDeCani,
    KimDeMets,
    OBrienFleming,
    OBrienFlemingSpending,
    Pocock,
    PocockSpending,
    UserSpending,
    WangTsiatis,
)

__all__ = [
    "BetaSpending",
    "Boundaries",
    "Decision",
    "FinalInference",
    "FutilityBounds",
    "GroupSequentialDesign",
    "HwangShihDeCani",
    "KimDeMets",
    "Look",
    "LookResult",
    "Monitoring",
    "OBrienFleming",
    "OBrienFlemingSpending",
    "Pocock",
    "PocockSpending",
    "SequentialSize",
    "UserSpending",
    "WangTsiatis",
    "boundaries",
    "boundaries_at",
    "conditional_power",
    "equal_looks",
    "monitor",
    "repeated_p_value",
    "sequential_size",
]
