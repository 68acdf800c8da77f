"""The card of an item type: everything that is true of it, for whoever reads, checks or prints it.

A card holds facts, neutral nouns and small pure functions. Whoever owns a library draws from them:
the gate a column, the workbook a formula, the blank form a box.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import Protocol, TypeAlias

import numpy as np
import polars as pl

from trialkit.protocol.methods.outcome_kinds import Values
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.items.answers import UNLIMITED, ItemChoice, Range


class Nature(Enum):
    """What a value is once its text has been read."""

    NUMBER = "float64"
    WHOLE = "Int64"
    """A number without decimals."""
    TRUTH = "boolean"
    TEXT = "str"
    CODE = "category"
    """One of the choices."""
    CODES = "codes"
    """Any number of the choices, none included: their codes with a space between."""
    DAY = "day"
    DAYS = "days"
    """An interval of days: a date that may be known in part, kept as ``2026-03-UN``."""
    MOMENT = "moment"
    CLOCK = "clock"
    """A time of day, kept as ``08:30``."""

    @property
    def is_number(self) -> bool:
        """Whether it can be reckoned with."""
        return self in {Nature.NUMBER, Nature.WHOLE}

    @property
    def has_a_day(self) -> bool:
        """Whether it lies on the calendar."""
        return self in {Nature.DAY, Nature.DAYS, Nature.MOMENT}

    @property
    def dtype(self) -> str:
        """The type of a column of such values in pandas."""
        if self.has_a_day:
            return "datetime64[us]"
        return "str" if self in {Nature.CODES, Nature.CLOCK} else self.value


class Describes(Enum):
    """How a table of participants describes them by it."""

    BY_NUMBERS = "mean, SD"
    BY_CATEGORIES = "n (%)"
    BY_CHOICES = "n (%) of each, of which anybody may have several"
    NOT = "not"
    """It is no characteristic of a participant."""


class PaperSpace(StrEnum):
    """What a printed form offers for an answer."""

    LINE = "line"
    BOXES = "boxes"
    """A box for each digit where the range says how many there are, else a line."""
    TICK_ONE = "tick one"
    TICK_MANY = "tick all that apply"
    DATE = "date"
    TIME = "time"
    DATE_TIME = "date and time"
    SCALE = "scale"
    CIRCLE = "circle"
    """A row of numbers of which one is circled, where the range says so few of them."""
    NOTHING = "nothing"


class TypingCheck(Enum):
    """What a spreadsheet lets somebody type into a cell, beside the missing codes."""

    ANYTHING = "anything"
    LISTED = "one of the answers that are offered"
    WHOLE = "a whole number within the range"
    NUMBER = "a number within the range"
    DATE = "2025-03-31, within the range"
    PARTIAL_DATE = "2025-03-UN"
    TIME = "08:30"
    DATE_TIME = "2025-03-31 08:30"

    @property
    def is_number(self) -> bool:
        """Whether the cell is a number to the spreadsheet, and no text."""
        return self in {TypingCheck.WHOLE, TypingCheck.NUMBER}


class TypedColumn(Enum):
    """The type of a column of a Parquet file that holds the values as they are."""

    WHOLE = "whole numbers"
    NUMBER = "numbers"
    TRUTH = "truth values"
    DATE = "dates"


class Particulars(Protocol):
    """What a type may ask of an item of its own."""

    @property
    def choices(self) -> tuple[ItemChoice, ...]:
        """The answers that its form lists."""

    @property
    def example(self) -> str:
        """A text that has the form that its pattern asks for."""

    @property
    def range(self) -> Range:
        """Outside it a value cannot be right."""

    @property
    def expected_range(self) -> Range:
        """Outside it a value is unusual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How texts are read: the way of the trial's files, and the choices of the item."""

    data: DataFormat
    codes: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    """Those of several choices that exclude every other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """How an answer is made up."""

    rng: np.random.Generator
    anchor: date
    """Dates lie here or a few days later."""
    rare: bool = False
    """Whether yes is the exception."""
    first_mostly: bool = False
    """Whether the first choices are the frequent ones."""
    words: tuple[str, ...] = ()
    """What a free text says one of."""


Drawn: TypeAlias = str | int | float | bool | date
"""A made-up answer: a value, or the text that stands for it in a data file."""


def offers_its_choices(item: Particulars) -> tuple[ItemChoice, ...]:
    """The answers of an item that has choices; none of any other."""
    return item.choices


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemKind:
    """Everything that is true of an item type."""

    name: str
    """Its name in form files."""
    nature: Nature
    read: Callable[[pl.Expr, Reading], pl.Expr]
    """The values of texts without space around them; null where a text is none."""
    said: Callable[[DataFormat], str]
    """What a text should be, after "cannot be read as"."""
    to_enter: str
    """What an entry workbook asks for, after "Enter"."""

    keys: frozenset[str] = frozenset()
    """Which of choices, anchors, calculation and pattern an item has."""
    has_range: bool = False
    """Whether there are limits: days for what lies on the calendar, else numbers."""
    default_range: Range = UNLIMITED
    default_unit: str = ""
    """The unit of the default range."""
    is_asked: bool = True
    """Whether somebody answers it, and it does not follow from other items."""
    takes_any_text: bool = False
    names_a_file: bool = False
    """Whether a value is a path in the trial's folder ``files/``."""
    has_decimals: bool = False
    """Whether texts have the decimal sign of the data files."""
    typed_column: TypedColumn | None = None
    offers: Callable[[Particulars], tuple[ItemChoice, ...]] = offers_its_choices
    """The answers that are listed, with their labels."""

    outcome: Values | None = None
    """What an outcome needs that it can record."""
    describes: Describes = Describes.NOT
    typing: TypingCheck = TypingCheck.ANYTHING
    space: PaperSpace = PaperSpace.LINE

    draw: Callable[[Particulars, Chance], Drawn] | None = None
    """A made-up answer; None where nobody can make one up."""
    fit: Callable[[Range, float, int], Drawn] | None = None
    """A simulated number as the item can hold it, with so many decimals at most."""

    redcap: tuple[str, ...] = ()
    """The text validations of REDCap that mean it, as regular expressions."""
    xlsform: tuple[str, ...] = ()
    """The question types of an XLSForm that mean it."""

    @property
    def is_number(self) -> bool:
        """Whether its values can be reckoned with."""
        return self.nature.is_number
