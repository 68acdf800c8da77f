"""What the arms get."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from trialkit.errors import ProtocolError
from trialkit.protocol.trial.kinds import InterventionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseProgramme:
    """What an arm that exercises does, in CERT's words."""

    equipment: str = ""
    grouping: str = ""
    supervision: str = ""
    motivation: str = ""
    progression_rule: str = ""
    progression: str = ""
    exercises: tuple[str, ...] = ()
    sets_and_repetitions: str = ""
    home_programme: str = ""
    other_components: str = ""
    starting_level: str = ""
    fidelity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    """What an arm gets, in TIDieR's words (CONSORT 13)."""

    name: str
    rationale: str = ""
    materials: str = ""
    procedures: str = ""
    provider: str = ""
    delivery: str = ""
    place: str = ""
    sessions: int | None = None
    sessions_per_week: float | None = None
    minutes_per_session: float | None = None
    weeks: float | None = None
    tailoring: str = ""
    adherence: str = ""
    kind: InterventionKind | None = None
    exercise: ExerciseProgramme | None = None

    def __post_init__(self) -> None:
        if self.sessions is not None and self.sessions < 1:
            raise ProtocolError(f"sessions must be 1 or more, got {self.sessions}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """A group that participants are allocated to; in a crossover trial a sequence of treatments."""

    code: str
    label: str
    reference: bool = False
    ratio: int | None = None
    """Its part of the allocation ratio; None where the protocol does not say it."""
    intervention: Intervention | None = None
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """Of a factorial trial, the code of its level by the code of each factor."""
    treatments: tuple[str, ...] = ()
    """Of a crossover trial, the code of what is given in each period; else none."""

    def __post_init__(self) -> None:
        several = [factor for factor, levels in self.levels.items() if len(levels) != 1]
        if several:
            raise ProtocolError(
                f"an arm has one level of a factor, as in {{ {several[0]} = 'yes' }}"
            )
        if self.ratio is not None and self.ratio < 1:
            raise ProtocolError(f"ratio must be a whole number of 1 or more, got {self.ratio}")

    @property
    def share(self) -> int:
        """Its part where one is needed, as for drawing a list: one where the protocol says none."""
        return 1 if self.ratio is None else self.ratio

    def level_of(self, factor: str) -> str:
        """The code of its level of a factor."""
        return self.levels[factor][0]
