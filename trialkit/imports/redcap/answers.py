"""What a field in REDCap's logic is in the trial: the name a rule has for it, and what it holds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from trialkit.imports.redcap.choices import Choice
from trialkit.imports.redcap.logic import FieldName
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.items.kind import Nature


@dataclass(frozen=True, slots=True, kw_only=True)
class RedcapAnswer:
    """An item as a rule names it."""

    name: str
    """``item``, ``form.item`` or ``visit.form.item``."""
    type: ItemType
    choices: tuple[Choice, ...] = ()

    @property
    def nature(self) -> Nature:
        """What its values are."""
        return self.type.kind.nature

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its choices."""
        return tuple(choice.code for choice in self.choices)

    @property
    def is_coded_in_numbers(self) -> bool:
        """Whether every code of its choices in REDCap is a number."""
        return bool(self.choices) and all(choice.number is not None for choice in self.choices)

    @property
    def is_recoded(self) -> bool:
        """Whether a choice has another code here than in REDCap."""
        return any(choice.raw for choice in self.choices)


FindAnswer: TypeAlias = Callable[[FieldName], RedcapAnswer]
"""Finds the answer that a field in brackets means, or raises ``ExpressionError`` that says why not."""
