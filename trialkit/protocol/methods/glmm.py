"""The generalised linear mixed model with a random intercept, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.generalised_models import FEWEST_NODES, MOST_NODES
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.repeated_events import RepeatedEventModel
from trialkit.protocol.methods.suppositions import Supposition


@dataclass(frozen=True, slots=True, kw_only=True)
class Glmm(RepeatedEventModel):
    """The arms compared at each visit for a participant of a given intercept."""

    method: Method = Method.GLMM
    nodes: int = 25
    """Of the adaptive quadrature, by which the intercepts are integrated out."""

    SUPPOSES: ClassVar[Supposition] = Supposition.AT_RANDOM

    def __post_init__(self) -> None:
        if not FEWEST_NODES <= self.nodes <= MOST_NODES:
            raise ProtocolError(
                f"nodes must lie between {FEWEST_NODES} and {MOST_NODES}, got {self.nodes}"
            )
