"""Tipping points, as a plan may ask for them."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.limits import MOST_DELTA_POINTS
from trialkit.protocol.methods.delta_grid import DeltaGrid, MovedValues
from trialkit.protocol.methods.imputing_method import ImputingMethod
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class TippingPoint(ImputingMethod):
    """How much better or worse imputed values must be until a conclusion changes.

    ``deltas`` are added, one after the other, to values of ``arm`` that are imputed after an event;
    ``other_deltas`` to those of the arm that it is compared with.
    """

    method: Method = Method.TIPPING_POINT
    arm: str
    deltas: DeltaGrid
    other_deltas: DeltaGrid | None = None

    SUPPOSES: ClassVar[Supposition] = Supposition.SHIFTED
    WITHOUT_HEADLINE: ClassVar[frozenset[Method]] = frozenset({Method.TIPPING_POINT})

    def __post_init__(self) -> None:
        # the parts of the class with slots know no super() without names
        ImputingMethod.__post_init__(self)
        if not self.arm.strip():
            raise ProtocolError("arm is blank; give the code of the arm whose values are moved")
        points = len(self.moves.deltas) * len(self.moves.other_deltas)
        if points > MOST_DELTA_POINTS:
            raise ProtocolError(
                f"deltas and other_deltas have {points:,} points together, and {MOST_DELTA_POINTS} is "
                "the most; take larger steps"
            )

    @property
    def moves(self) -> MovedValues:
        """The grid."""
        others = () if self.other_deltas is None else self.other_deltas.deltas
        return MovedValues(arm=self.arm, deltas=self.deltas.deltas, others=others)

    @property
    def shifts(self) -> bool:
        """Always."""
        return True

    @property
    def supposes(self) -> Supposition:
        """That missing values are shifted, whatever else is supposed of them."""
        return self.SUPPOSES

    @property
    def arms_named(self) -> tuple[str, ...]:
        """The arm whose imputed values are moved."""
        return (self.arm,)

    def effect(self, outcome: OutcomeType, arms: int) -> Effect | None:
        """None that is one: there is a difference for each delta."""
        return None
