"""Numbers that others printed, and whether ours round to them.

Each file of ``tests/reference/published`` is one source with its tables; a table is *about* one
question (``one proportion``), and its cases say what was given and what was printed, as printed.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from math import isinf, isnan
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "reference" / "published"
TIE = 1e-9
"""How far beyond half a unit of its last digit a number may lie, in units of that digit.

A source that rounded a tie the other way is no difference.
"""

Answers = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as a source prints it: ``0.0575``, ``2.454e-06``, ``<0.0001``, ``inf``."""

    text: str

    def is_what(self, found: float, *, digits: int | None = None) -> bool:
        """Whether ``found`` rounds to it, or agrees with it to so many significant digits."""
        if self.text.startswith("<"):
            return found < float(self.text[1:])
        value = float(self.text)
        if isinf(value) or isnan(found):
            return found == value
        if digits is not None:
            return abs(found - value) <= 10.0**-digits * (abs(value) or 1.0)
        exponent = Decimal(self.text).as_tuple().exponent
        assert isinstance(exponent, int)
        return abs(found - value) <= 10.0**exponent * (0.5 + TIE) + 1e-15 * abs(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedCase:
    """What a table was given and what it prints of it; ``otherwise`` tells why a number differs."""

    given: Mapping[str, Any]
    printed: Mapping[str, str]
    otherwise: Mapping[str, str] = field(default_factory=dict)
    digits: int | None = None

    @property
    def compared(self) -> tuple[str, ...]:
        """The numbers that must be ours too."""
        return tuple(name for name in self.printed if name not in self.otherwise)

    def differences(self, found: Answers) -> list[str]:
        """What is not as printed, or is as printed although a difference is stated."""
        return [
            f"{name} of {dict(self.given)}: printed {text}, found {found[name]!r}"
            for name, text in self.printed.items()
            if Printed(text).is_what(found[name], digits=self.digits) is (name in self.otherwise)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedTable:
    """A table of a source."""

    source: str
    title: str
    about: str
    cases: tuple[PublishedCase, ...]

    def __str__(self) -> str:
        return f"{self.source}, {self.title}"

    @property
    def count(self) -> int:
        """How many numbers must be ours too."""
        return sum(len(case.compared) for case in self.cases)

    def holds(self, answer: Callable[[Mapping[str, Any]], Answers]) -> None:
        """Assert that every case is answered as it is printed."""
        wrong = [each for case in self.cases for each in case.differences(answer(case.given))]
        assert not wrong, f"{self}\n" + "\n".join(wrong)


def published_tables() -> tuple[PublishedTable, ...]:
    """Every table of every source."""
    return tuple(table for path in sorted(FOLDER.glob("*.json")) for table in _tables(path))


def tables_about(question: str) -> tuple[PublishedTable, ...]:
    """The tables that print answers to a question."""
    return tuple(table for table in published_tables() if table.about == question)


def _tables(path: Path) -> list[PublishedTable]:
    written = json.loads(path.read_text(encoding="utf-8"))
    return [
        PublishedTable(
            source=path.stem,
            title=table["title"],
            about=table["about"],
            cases=tuple(PublishedCase(**case) for case in table["cases"]),
        )
        for table in written["tables"]
    ]
