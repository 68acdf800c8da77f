"""What REDCap's logic means, written down a second time and as plainly as possible.

A record is a text for each field, as an export has it: a blank is ``''``, a missing data code stands
in place of the value. What REDCap's documentation leaves open (the order of two things of which one
is blank or a missing code) is ``None``, and goes through ``and`` and ``or`` as an unknown does.
"""

from dataclasses import dataclass
from math import floor

CODES = ("UNK",)


@dataclass(frozen=True)
class Ref:
    """A field, or one choice of a checkbox."""

    name: str
    code: str = ""

    def text(self):
        return f"[{self.name}({self.code})]" if self.code else f"[{self.name}]"

    def raw(self, record):
        if not self.code:
            return record[self.name]
        return "1" if self.code in record[self.name].split() else "0"


@dataclass(frozen=True)
class Is:
    """``[x] = 'value'`` or ``[x] <> 'value'``."""

    ref: Ref
    sign: str
    value: str

    def text(self):
        mark = '"' if "'" in self.value else "'"
        return f"{self.ref.text()} {self.sign} {mark}{self.value}{mark}"

    def holds(self, record):
        same = alike(self.ref.raw(record), self.value)
        return same if self.sign == "=" else not same


@dataclass(frozen=True)
class Beyond:
    """``[x] > 2``: the order of a number, a date, or a choice by its code."""

    ref: Ref
    sign: str
    value: str

    def text(self):
        return f"{self.ref.text()} {self.sign} '{self.value}'"

    def holds(self, record):
        raw = self.ref.raw(record)
        if raw == "" or raw in CODES:
            return None
        one, other = (raw, self.value) if "-" in self.value[1:] else (float(raw), float(self.value))
        return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[
            self.sign
        ]


@dataclass(frozen=True)
class Both:
    """``and`` or ``or`` of two conditions."""

    word: str
    left: object
    right: object

    def text(self):
        return f"({self.left.text()}) {self.word} ({self.right.text()})"

    def holds(self, record):
        parts = {self.left.holds(record), self.right.holds(record)}
        decisive = self.word == "or"
        if decisive in parts:
            return decisive
        return None if None in parts else not decisive


@dataclass(frozen=True)
class Asked:
    """``isblankormissingcode([x])`` and ``ismissingcode([x])``."""

    function: str
    ref: Ref

    def text(self):
        return f"{self.function}({self.ref.text()})"

    def holds(self, record):
        raw = self.ref.raw(record)
        blank = self.function == "isblankormissingcode" and raw == ""
        return blank or raw in CODES


@dataclass(frozen=True)
class Constant:
    """A number that stands in the calculation."""

    value: int

    def text(self):
        return str(self.value)

    def number(self, _record):
        return float(self.value)


@dataclass(frozen=True)
class Value:
    """A field as a number; a blank has none."""

    ref: Ref

    def text(self):
        return self.ref.text()

    def number(self, record):
        raw = self.ref.raw(record)
        return None if raw == "" or raw in CODES else float(raw)


@dataclass(frozen=True)
class Arithmetic:
    """Two numbers with a sign between; without one of them there is no result."""

    sign: str
    left: object
    right: object

    def text(self):
        return f"({self.left.text()} {self.sign} {self.right.text()})"

    def number(self, record):
        one, other = self.left.number(record), self.right.number(record)
        if one is None or other is None or (self.sign == "/" and other == 0):
            return None
        return {"+": one + other, "-": one - other, "*": one * other, "/": one / (other or 1)}[
            self.sign
        ]


@dataclass(frozen=True)
class Together:
    """``sum`` or ``mean`` of what is there."""

    function: str
    parts: tuple

    def text(self):
        return f"{self.function}({', '.join(part.text() for part in self.parts)})"

    def number(self, record):
        there = [part.number(record) for part in self.parts]
        there = [each for each in there if each is not None]
        if self.function == "sum":
            return float(sum(there)) if there else None
        return sum(there) / len(there) if there else None


@dataclass(frozen=True)
class Rounded:
    """``round``, ``rounddown``, ``roundup`` to no decimals; down and up for what is not negative."""

    function: str
    part: object

    def text(self):
        return f"{self.function}({self.part.text()})"

    def number(self, record):
        found = self.part.number(record)
        if found is None or (found < 0 and self.function != "round"):
            return None
        whole = floor(found)
        if self.function == "rounddown":
            return float(whole)
        if self.function == "roundup":
            return float(whole + (found > whole))
        return float(floor(abs(found) + 0.5)) * (1 if found >= 0 else -1)


@dataclass(frozen=True)
class Chosen:
    """``if(condition, then, otherwise)``; where the condition is open, so is the result."""

    when: object
    then: object
    otherwise: object

    def text(self):
        return f"if({self.when.text()}, {self.then.text()}, {self.otherwise.text()})"

    def number(self, record):
        holds = self.when.holds(record)
        if holds is None:
            return None
        return (self.then if holds else self.otherwise).number(record)


def alike(raw, value):
    """Whether two texts are one to REDCap: the same, or the same number."""
    try:
        return float(raw) == float(value)
    except ValueError:
        return raw == value
