"""An expression of a form, ready to run over a table: a condition, or a number to compute.

It is compiled once, when the forms are read, and kept with its form.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from trialkit.decimals import CALCULATED
from trialkit.decimals.columns import settled

MISSING = "__missing"
COUNT = "__count"
"""Behind a multi-choice item: how many choices were chosen."""
LATEST = "__latest"
"""Behind a partial date: the column of its latest day."""


class Kind(StrEnum):
    """What a value in a rule is."""

    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "yes/no value"
    DATE = "date"
    TIME = "time"
    MOMENT = "date and time"
    CHOICES = "list of choices"
    QUOTED = "quoted text"
    """A text in quotation marks, which becomes what it is compared with."""
    NULL = "NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What a name in a rule stands for: a key of the row, an item, or an item's missing code."""

    form: str
    item: str
    """An item, or a key column of the rule's own form."""
    visit: str = ""
    """The visit that was named; empty for the same row, or the same visit of another form."""
    code: bool = False
    """Whether the item's missing code is meant, and not its value."""
    of: str = ""
    """What of a multi-choice item is meant: ``__count``, or the column of one choice."""
    partial: bool = False
    """Whether it is a date that may be known in part, with a column for its latest day, too."""
    kind: Kind
    whole: bool = False
    """Whether it is a number without decimals."""
    known: tuple[str, ...] = ()
    """The only texts it can hold, where that is known."""

    @property
    def cell(self) -> str:
        """The name of the cell: ``form.item``, or ``visit.form.item`` elsewhere."""
        place = f"{self.form}.{self.item}"
        return f"{self.visit}.{place}" if self.visit else place

    @property
    def column(self) -> str:
        """The column of a rule's table that holds it."""
        return f"{self.cell}{MISSING if self.code else self.of}"

    @property
    def latest(self) -> str:
        """The column of the latest day of a partial date."""
        return f"{self.cell}{LATEST}"

    @property
    def wrong(self) -> str:
        """The column that says whether the cell holds something that cannot be right."""
        return f"{self.cell}__wrong"


class Looking(StrEnum):
    """What is asked of other rows: of the one before, in how many something holds, one number of all."""

    PREVIOUS = "PREVIOUS"
    COUNT = "COUNT"
    ANY = "ANY"
    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OtherRows:
    """What a condition asks of other rows of a participant, as columns of its own table.

    Beside ``column`` there are one that says whether a cell that it depends on cannot be right, and,
    where they are asked for, its latest value and the size of the numbers that it comes from.
    """

    how: Looking
    column: str
    form: str
    """The form whose rows are looked at."""
    key: tuple[str, ...]
    """Its key, whose last part is what its rows are in the order of."""
    visits: tuple[str, ...]
    visit: str = ""
    """The visit that was named; empty for all rows of the form that go with the row."""
    back: int = 1
    """How many rows before the row itself, for one that comes before."""
    references: tuple[Reference, ...]
    """What is read of each of those rows, and beside them."""
    outer: tuple[Reference, ...] = ()
    """What is read of the row that asks."""
    looks: tuple["OtherRows", ...] = ()
    literals: tuple[pl.Expr, ...]
    steps: tuple[pl.Expr, ...]
    kind: Kind
    """What a value is that it gives."""
    value: pl.Expr
    wrong: tuple[str, ...]
    """The columns that say whether a cell that it reads there cannot be right."""
    last: pl.Expr | None = None
    """The latest day of a value that is a date known in part."""
    among: pl.Expr | None = None
    """Of the row before: where it is false a row is passed over."""
    size: pl.Expr | None = None
    """How large the numbers are that a value has its rounding errors from."""

    @property
    def latest(self) -> str:
        """The column of the latest value that it can have."""
        return f"{self.column}{LATEST}"

    @property
    def sized(self) -> str:
        """The column of the size of its numbers."""
        return f"{self.column}__size"

    @property
    def doubt(self) -> str:
        """The column that says whether it depends on what cannot be right."""
        return f"{self.column}__wrong"


def every_reference(
    references: Sequence[Reference], looks: Sequence[OtherRows]
) -> tuple[Reference, ...]:
    """The references and those within what other rows are asked."""
    within = (every_reference([*each.references, *each.outer], each.looks) for each in looks)
    return tuple(dict.fromkeys([*references, *(one for each in within for one in each)]))


def every_look(looks: Sequence[OtherRows]) -> tuple[OtherRows, ...]:
    """What other rows are asked, and what is asked within it."""
    return tuple(one for each in looks for one in (each, *every_look(each.looks)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Condition:
    """A SQL boolean expression as polars runs it."""

    text: str
    references: tuple[Reference, ...]
    """What it reads: each needs its ``column`` and its ``wrong`` column in the table."""
    literals: tuple[pl.Expr, ...]
    """Columns of what stands in the rule itself, to add to the table first."""
    steps: tuple[pl.Expr, ...]
    """Columns to add to the table, one after the other, before it is judged."""
    holds: pl.Expr
    """True, false, or null where it cannot be said."""
    looks: tuple[OtherRows, ...] = ()
    """What it asks of other rows: each needs its columns in the table, too."""

    @property
    def reads(self) -> tuple[Reference, ...]:
        """All that it reads, of its own row and of others."""
        return every_reference(self.references, self.looks)

    def judged(self, table: pl.DataFrame) -> pl.Series:
        """For each row of the table whether the condition holds."""
        return run(table, self.literals, self.steps, self.holds)[0]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calculation:
    """A SQL expression that computes a number, as polars runs it; as for a condition."""

    text: str
    references: tuple[Reference, ...]
    literals: tuple[pl.Expr, ...]
    steps: tuple[pl.Expr, ...]
    gives: pl.Expr
    """The number, or null where it cannot be known."""
    size: pl.Expr
    """How large the numbers are from which it has its rounding errors."""
    looks: tuple[OtherRows, ...] = ()

    @property
    def reads(self) -> tuple[Reference, ...]:
        """All that it reads, of its own row and of others."""
        return every_reference(self.references, self.looks)

    @property
    def doubts(self) -> tuple[str, ...]:
        """The columns that say whether anything that it depends on cannot be right."""
        own = [each.wrong for each in self.references]
        return (*dict.fromkeys(own), *(each.doubt for each in self.looks))

    def computed(self, table: pl.DataFrame) -> pl.Series:
        """The number for each row of the table, in decimal: 0.1 + 0.2 is 0.3."""
        value, size = run(table, self.literals, self.steps, self.gives, self.size)
        found = settled(value.to_numpy(), size=size.to_numpy(), digits=CALCULATED)
        return pl.Series(value.name, found, dtype=pl.Float64).fill_nan(None)


def run(
    table: pl.DataFrame, literals: Sequence[pl.Expr], steps: Sequence[pl.Expr], *results: pl.Expr
) -> list[pl.Series]:
    """What expressions come to in each row of a table, for which literals and steps are made."""
    worked_out = table.lazy().with_columns(*literals)
    for step in steps:
        worked_out = worked_out.with_columns(step)
    named = {f"__result_{place}": result for place, result in enumerate(results)}
    found = worked_out.with_columns(**named).select(*named).collect()
    return [found[name] for name in named]
