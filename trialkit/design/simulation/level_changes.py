"""What is assumed of an outcome of a factorial trial by the levels of its factors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from trialkit.protocol.tables.definitions import Complaints
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelChange:
    """What arms at these levels of a factorial trial change in addition: of one factor, or of several together."""

    levels: Mapping[str, tuple[str, ...]] = field(hash=False)
    """The code of a level by the code of its factor; of several, what they do beyond their sum."""
    change: float

    def is_of(self, arm: Arm) -> bool:
        """Whether an arm has all these levels."""
        return all(arm.levels.get(factor) == level for factor, level in self.levels.items())


def change_at_levels(changes: Sequence[LevelChange], arm: Arm) -> float:
    """What an arm changes by all its levels, and by what they do together."""
    return sum(each.change for each in changes if each.is_of(arm))


def complain_of_levels(
    outcome: str, changes: Sequence[LevelChange], protocol: Protocol, complaints: Complaints
) -> None:
    """Add a complaint for each level that the protocol does not have: no arm would change by it."""
    known = {each.code: [level.code for level in each.levels] for each in protocol.factors}
    listed = ", ".join(f"{code} = {' or '.join(own)}" for code, own in known.items())
    for change in changes:
        for factor, levels in change.levels.items():
            if len(levels) != 1 or levels[0] not in known.get(factor, ()):
                complaints.add(
                    table=f"outcomes {outcome!r}",
                    key="by_level",
                    found=f"{factor} = {', '.join(levels)}",
                    expected=f"a level of a factor: {listed or 'the protocol has no [[factors]]'}",
                )
