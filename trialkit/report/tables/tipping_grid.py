"""Where the results of a tipping point analysis stand: a difference for each delta, and where it tips."""

from collections.abc import Iterator
from dataclasses import dataclass

from trialkit.protocol.methods.delta_grid import MovedValues
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.tables.cells import contrast_label
from trialkit.report.tables.headlines import Headline, headlines
from trialkit.results.deltas import delta_term
from trialkit.results.lookup import ResultIndex, Statistics, Term


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedGrid:
    """The grid of one arm that is compared with the reference, as the results have it."""

    headline: Headline
    moves: MovedValues
    arm: Arm
    moved: Arm
    other: Arm

    @property
    def protocol(self) -> Protocol:
        """The trial."""
        return self.headline.protocol

    @property
    def contrast(self) -> str:
        """The comparison, by the arms' labels."""
        return contrast_label(self.arm, self.protocol)

    @property
    def is_two_way(self) -> bool:
        """Whether values of both arms are moved."""
        return self.moves.is_two_way

    @property
    def is_stated(self) -> bool:
        """Whether the results have its points."""
        return bool(self.at(0.0, 0.0))

    def at(self, delta: float, other: float = 0.0) -> Statistics:
        """The difference with so much added."""
        term = delta_term(self._term, delta, other if self.is_two_way else None)
        return self.headline.stated(term)

    @property
    def tips(self) -> Statistics:
        """With which delta conclusions change."""
        return self.headline.stated(self._term)

    @property
    def why_not(self) -> Statistics:
        """Why there is no grid, where the analysis could not be carried out."""
        return self.headline.stated(Term.WHOLE)

    @property
    def _term(self) -> str:
        return f"{self.arm.code} - {self.protocol.reference.code}"


def stated_grids(protocol: Protocol, index: ResultIndex) -> Iterator[StatedGrid]:
    """Every grid of the plan, in its order, whether there are results or not."""
    for headline in headlines(protocol, index):
        moves = headline.analysis.specification.moves
        if moves is None:
            continue
        own = headline.protocol
        arms = {each.code: each for each in own.arms}
        for code in moves.compared(own.arm_codes):
            if code not in arms or moves.arm not in arms:
                continue
            moved = arms[moves.arm]
            other = arms[code] if moved is own.reference else own.reference
            yield StatedGrid(
                headline=headline,
                moves=moves,
                arm=arms[code],
                moved=moved,
                other=other,
            )
