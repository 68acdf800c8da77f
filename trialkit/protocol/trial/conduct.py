"""How the trial is run: its size, its randomisation, who is blinded, harms and looks at the data."""

from dataclasses import dataclass
from enum import StrEnum

from trialkit.errors import ProtocolError
from trialkit.protocol.sizing.design import SampleSizeMethod
from trialkit.protocol.sizing.specifications import SizeSpecification


class Blinded(StrEnum):
    """Whether somebody was blinded; never a "double-blind" string."""

    YES = "yes"
    NO = "no"
    NOT_REPORTED = "not reported"


class Access(StrEnum):
    """Whether somebody could see the sequence before participants were assigned."""

    YES = "yes"
    NO = "no"
    NOT_REPORTED = "not reported"


class RandomisationType(StrEnum):
    """How the sequence was restricted."""

    SIMPLE = "simple"
    PERMUTED_BLOCKS = "permuted blocks"
    STRATIFIED_BLOCKS = "stratified permuted blocks"
    MINIMISATION = "minimisation"
    BIASED_COIN = "biased coin"
    URN = "urn"
    BIG_STICK = "big stick"
    NOT_REPORTED = "not reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSizeHeading:
    """How many are planned, and by which calculation, whatever that assumes."""

    planned: int
    """The participants to be randomised, dropout included."""
    justification: str = ""
    method: SampleSizeMethod | None = None
    power: float | None = None
    """The power that the planned number is to reach."""
    dropout: float = 0.0
    """The share of the randomised that will not be analysed."""

    def __post_init__(self) -> None:
        if self.planned < 1:
            raise ProtocolError(f"planned must be 1 or more, got {self.planned}")
        if self.power is not None and not 0 < self.power < 1:
            raise ProtocolError(f"power must lie between 0 and 1, got {self.power}")
        if not 0 <= self.dropout < 1:
            raise ProtocolError(f"dropout must be from 0 to below 1, got {self.dropout}")
        if self.method is None and (self.power is not None or self.dropout):
            raise ProtocolError("power and dropout belong to a calculation; name its method")
        if self.method is not None and self.power is None:
            raise ProtocolError(f"method {self.method.value!r} needs the power that is wanted")


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSize(SampleSizeHeading):
    """How many, and every assumption behind the number (CONSORT 16a).

    With a method the assumptions stand in ``specification``, and the number can be recomputed.
    """

    specification: SizeSpecification | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Randomisation:
    """How participants came into their arms (CONSORT 17 to 19)."""

    type: RandomisationType
    block_sizes: tuple[int, ...] = ()
    strata: tuple[str, ...] = ()
    generated_by: str = ""
    """Who generated the sequence."""
    sequence: str = ""
    """The method by which it was generated."""
    concealment: str = ""
    """The mechanism that hid it."""
    concealment_steps: str = ""
    """What was done so that it stayed hidden until participants were assigned."""
    implementation: str = ""
    enrolling_access: Access = Access.NOT_REPORTED
    """Whether those who enrolled participants could see it."""
    assigning_access: Access = Access.NOT_REPORTED
    """Whether those who assigned participants to their arms could see it."""

    @property
    def is_blocked(self) -> bool:
        """Whether the arms were balanced within blocks."""
        return self.type in {
            RandomisationType.PERMUTED_BLOCKS,
            RandomisationType.STRATIFIED_BLOCKS,
        }

    @property
    def is_stratified(self) -> bool:
        """Whether each stratum had a sequence of its own."""
        return bool(self.strata) or self.type is RandomisationType.STRATIFIED_BLOCKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Blinding:
    """Who did not know the allocation, one by one (CONSORT 20)."""

    participants: Blinded
    providers: Blinded
    assessors: Blinded
    analysts: Blinded
    how: str = ""
    similarity: str = ""
    """How alike the interventions were."""


MOST_PERCENT = 5.0
"""The largest share of an arm whose terms may be printed together: that of ClinicalTrials.gov."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Harms:
    """How harms were defined and looked for (CONSORT 15)."""

    definition: str = ""
    assessment: str = ""
    rare_below_percent: float | None = None
    """Terms that fewer percent of every arm had are printed together, but for those that were, or may
    have been, serious; None where every term is printed."""

    def __post_init__(self) -> None:
        percent = self.rare_below_percent
        if percent is not None and not 0 < percent <= MOST_PERCENT:
            raise ProtocolError(
                f"rare_below_percent must be above 0 and at most {MOST_PERCENT:g} (tables of adverse "
                f"events leave out no more), got {percent:g}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Interim:
    """Interim looks and stopping rules (CONSORT 16b); "none planned" must be said."""

    planned: bool
    rule: str = ""
