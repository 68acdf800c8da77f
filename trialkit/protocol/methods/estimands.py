"""Estimands as ICH E9(R1) has them: five attributes, each said."""

from dataclasses import dataclass
from enum import StrEnum

from trialkit.errors import ProtocolError


class Strategy(StrEnum):
    """How an intercurrent event enters the question."""

    TREATMENT_POLICY = "treatment policy"
    HYPOTHETICAL = "hypothetical"
    COMPOSITE = "composite"
    WHILE_ON_TREATMENT = "while on treatment"
    PRINCIPAL_STRATUM = "principal stratum"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntercurrentEvent:
    """Something after randomisation that changes what a value means, and what is done about it."""

    event: str
    """The code of one of the ``[[intercurrent_events]]``, whose strategy is then carried out; or words."""
    strategy: Strategy
    value: str = ""
    """Of the composite strategy: what the event is as a value, ``failure``, ``worst`` or a number."""
    assumption: str = ""
    """What is supposed, so that the analysis answers the question all the same."""

    def __post_init__(self) -> None:
        if self.value and self.strategy is not Strategy.COMPOSITE:
            raise ProtocolError(
                f"value says what the event is as a value, under strategy = {Strategy.COMPOSITE.value!r}; "
                f"this one is {self.strategy.value!r}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimand:
    """The question, precise enough that an estimator can be judged by it."""

    code: str
    treatment: str
    population: str
    variable: str
    intercurrent_events: tuple[IntercurrentEvent, ...]
    summary: str
