"""Journals' ways of printing p values, intervals and numbers, each as one frozen noun.

Which one is in use is known to :mod:`trialkit.report.numbers.numbers` alone, for as long as a report is
composed, as decimal arithmetic knows its context: the functions that make tables and sentences say
what a number is, and never how it is printed.

Where each rule comes from stands in ``docs/report.md``.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from trialkit.protocol.trial.reporting import ReportStyle

NARROW = "\N{NARROW NO-BREAK SPACE}"
EN_DASH = "\N{EN DASH}"
MID_DOT = "\N{MIDDLE DOT}"
LETTERS = tuple("abcdefghijklmnopqrstuvwxyz")
SYMBOLS = ("*", "\N{DAGGER}", "\N{DOUBLE DAGGER}", "\N{SECTION SIGN}", "\N{PILCROW SIGN}",
           "\N{DOUBLE VERTICAL LINE}")  # fmt: skip


class Spelling(StrEnum):
    """Whose English the report's own words are spelled in, as a language is named."""

    BRITISH = "en-GB"
    AMERICAN = "en-US"


@dataclass(frozen=True, slots=True, kw_only=True)
class PValues:
    """How p values are printed."""

    symbol: str = "p"
    leading_zero: bool = True
    digits_from: tuple[tuple[str, int], ...] = (("0", 3),)
    """From which p on there are how many digits, the largest p first."""
    significant: int = 0
    """How many significant figures there are; with 0 the digits are those of ``digits_from``."""
    floor: str = "0.001"
    """A smaller p is printed as smaller than this."""
    may_be_one: bool = True
    """Whether a p of 1 is printed as 1, and not as more than the largest p below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How every number of a report is printed."""

    name: ReportStyle
    p: PValues = PValues()
    decimal_point: str = "."
    thousands: str = NARROW
    grouped_from: int = 10_000
    interval_joiner: str = " to "
    """Between two limits; where one of them is negative it is always ``to``."""
    quartiles_joiner: str = " to "
    confidence_lead: str = "{level} CI "
    """What stands before the limits in a sentence."""
    plus_minus: bool = False
    """Whether a mean and its standard deviation are joined by a plus-minus sign."""
    percent_sign_in_cells: bool = True
    spaced_equals: bool = True
    """Whether blanks stand around the sign in ``n = 13`` and ``p = 0.03``."""
    note_marks: tuple[str, ...] = LETTERS
    row_rules: bool = False
    """Whether the rows of tables are parted by hairlines."""
    spelling: Spelling = Spelling.BRITISH

    def marks(self, wanted: int) -> tuple[str, ...]:
        """As many marks for footnotes as are wanted; after the last they are doubled."""
        known = self.note_marks
        return tuple(
            known[number % len(known)] * (number // len(known) + 1) for number in range(wanted)
        )


_TWO_DIGITS = (("0.01", 2), ("0", 3))

PLAIN = Style(name=ReportStyle.PLAIN)
JAMA = Style(
    name=ReportStyle.JAMA,
    p=PValues(symbol="P", leading_zero=False, digits_from=_TWO_DIGITS, may_be_one=False),
    quartiles_joiner=EN_DASH,
    confidence_lead="{level} CI, ",
    percent_sign_in_cells=False,
    row_rules=True,
    spelling=Spelling.AMERICAN,
)
NEJM = Style(
    name=ReportStyle.NEJM,
    spelling=Spelling.AMERICAN,
    p=PValues(symbol="P", digits_from=_TWO_DIGITS, may_be_one=False),
    thousands=",",
    grouped_from=1_000,
    quartiles_joiner=EN_DASH,
    confidence_lead="{level} CI, ",
    plus_minus=True,
    spaced_equals=False,
    note_marks=SYMBOLS,
)
LANCET = Style(
    name=ReportStyle.LANCET,
    p=PValues(significant=2, floor="0.0001"),
    decimal_point=MID_DOT,
    interval_joiner=EN_DASH,
    quartiles_joiner=EN_DASH,
    spaced_equals=False,
    note_marks=SYMBOLS,
)
BMJ = Style(
    name=ReportStyle.BMJ,
    p=PValues(symbol="P", digits_from=_TWO_DIGITS),
    confidence_lead="{level} confidence interval ",
    spaced_equals=False,
    note_marks=SYMBOLS,
)
STYLES: Mapping[ReportStyle, Style] = MappingProxyType(
    {each.name: each for each in (PLAIN, JAMA, NEJM, LANCET, BMJ)}
)

_IN_USE: ContextVar[Style] = ContextVar("style", default=PLAIN)


def style_in_use() -> Style:
    """The style that numbers are printed in now."""
    return _IN_USE.get()


@contextmanager
def printed_in(style: Style) -> Iterator[None]:
    """Print every number in this style until the end of the block."""
    token = _IN_USE.set(style)
    try:
        yield
    finally:
        _IN_USE.reset(token)


def p_digits(p: Decimal, rule: PValues) -> int:
    """How many decimals a p value has that is not below the floor."""
    if not rule.significant:
        return next(digits for least, digits in rule.digits_from if p >= Decimal(least))
    return max(rule.significant - 1 - p.adjusted(), rule.significant - 1)
