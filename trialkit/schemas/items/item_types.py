"""The item types: each is registered here, once, with its card."""

from enum import StrEnum
from typing import Self

from trialkit.schemas.items import (
    calculated,
    choice,
    date,
    date_time,
    decimal,
    file,
    integer,
    multi_choice,
    partial_date,
    text,
    time,
    visual_analogue,
    yes_no,
)
from trialkit.schemas.items.kind import ItemKind, Nature


class ItemType(StrEnum):
    """What an item holds; its value is the name of the type in form files."""

    _value_: str
    kind: ItemKind
    """Everything that is true of the type."""

    def __new__(cls, kind: ItemKind) -> Self:
        """A member whose value is the name on its card."""
        member = str.__new__(cls, kind.name)
        member._value_ = kind.name
        member.kind = kind
        return member

    TEXT = text.TEXT
    INTEGER = integer.INTEGER
    DECIMAL = decimal.DECIMAL
    CHOICE = choice.CHOICE
    MULTI_CHOICE = multi_choice.MULTI_CHOICE
    YES_NO = yes_no.YES_NO
    DATE = date.DATE
    PARTIAL_DATE = partial_date.PARTIAL_DATE
    TIME = time.TIME
    DATE_TIME = date_time.DATE_TIME
    CALCULATED = calculated.CALCULATED
    FILE = file.FILE
    VISUAL_ANALOGUE = visual_analogue.VISUAL_ANALOGUE


def types_of(nature: Nature) -> tuple[ItemType, ...]:
    """The types whose values are of this nature."""
    return tuple(each for each in ItemType if each.kind.nature is nature)


def types_with(key: str) -> tuple[ItemType, ...]:
    """The types whose items have this key in form files."""
    return tuple(each for each in ItemType if key in each.kind.keys)
