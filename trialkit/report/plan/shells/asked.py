"""What the forms of a trial ask, as far as the rows of its tables follow from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from trialkit.results.harms import EventFact


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCharacteristic:
    """How a row of the baseline table is answered."""

    categories: tuple[str, ...] | None = None
    """The answers that there are; None of a number."""
    several: bool = False
    """Whether several of them may apply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedHarms:
    """What is asked of adverse events."""

    facts: frozenset[EventFact]
    severities: tuple[str, ...] = ()
    """From the mildest on, where the form lists them."""
    terms: tuple[str, ...] = ()
    """The events that the form lists; empty where they are written in words."""
    arms: tuple[str, ...] = ()
    """The codes of the arms that are asked; empty for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFlow:
    """What is asked of the way through the trial; None where no form asks."""

    not_enrolled: tuple[str, ...] = ()
    received: bool = False
    not_received: tuple[str, ...] = ()
    discontinued: bool = False
    discontinuation: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedForms:
    """Everything that the shells need to know of the forms."""

    characteristics: Mapping[str, AskedCharacteristic] = field(default_factory=dict)
    """By ``form.item``."""
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By ordinal outcome, the labels of its levels in their order."""
    harms: AskedHarms | None = None
    flow: AskedFlow = field(default_factory=AskedFlow)
