"""What a spreadsheet checks while somebody types: formulas that let a missing code through.

A formula is written for the first row of the checked cells, which it calls ``{cell}``; the
spreadsheet moves it down. Excel's own kinds of check (whole number, date …) would refuse ``ND``.
"""

from datetime import date

from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.answers import Range
from trialkit.schemas.items.kind import TypingCheck

MISSING_CODES = "missing_codes"
"""The name that a workbook defines for the cells that list the missing codes."""
_IS_CODE = f"SUMPRODUCT(--EXACT({MISSING_CODES},{{cell}}))>0"


def typing_check(item: Item, cell: str) -> str:
    """The formula that is true for what may be typed into ``cell``; empty if anything may be."""
    holds = _value_check(item)
    if not holds:
        return ""
    return f"OR({_IS_CODE},IFERROR(AND({holds}),FALSE))".replace("{cell}", cell)


def shape_check(kind: TypingCheck, cell: str) -> str:
    """The formula that is true for what is written as such a kind is, whatever its range."""
    holds = ",".join(_SHAPES[kind])
    return f"OR({_IS_CODE},IFERROR(AND({holds}),FALSE))".replace("{cell}", cell)


def unusual_check(item: Item, cell: str) -> str:
    """The formula that is true for a value outside the expected range; empty without one."""
    low, high = _ends(item.expected_range)
    outside = [f"{{cell}}<{low}"] * bool(low) + [f"{{cell}}>{high}"] * bool(high)
    if not outside:
        return ""
    is_date = isinstance(item.expected_range.low or item.expected_range.high, date)
    kind = "LEN({cell})=10" if is_date else "ISNUMBER({cell})"
    return f"AND({kind},OR({','.join(outside)}))".replace("{cell}", cell)


def range_words(limits: Range, unit: str = "") -> str:
    """A range as a person reads it: ``0 to 100 mm``, ``at least 18``, or nothing."""
    low, high = (_shown(end) for end in (limits.low, limits.high))
    after = f" {unit}" if unit else ""
    if low and high:
        return f"{low} to {high}{after}"
    if low:
        return f"at least {low}{after}"
    return f"at most {high}{after}" if high else ""


def _value_check(item: Item) -> str:
    """What holds of a value of the item, its conditions with commas between."""
    shape = _SHAPES.get(item.kind.typing, ())
    ranged = item.kind.typing in {TypingCheck.WHOLE, TypingCheck.NUMBER, TypingCheck.DATE}
    return ",".join([*shape, *(_within(item.range) if ranged else [])])


_IS_DATE = (
    "LEN({cell})=10",
    'MID({cell},5,1)="-"',
    'MID({cell},8,1)="-"',
    "DATEVALUE({cell})>0",  # an ISO date is one in every language of a spreadsheet
)
_IS_TIME = (
    "LEN({cell})=5",
    'MID({cell},3,1)=":"',
    "VALUE(LEFT({cell},2))<24",
    "VALUE(RIGHT({cell},2))<60",
)

_IS_DATE_TIME = (
    "LEN({cell})>15",
    'MID({cell},5,1)="-"',
    'MID({cell},8,1)="-"',
    "DATEVALUE(LEFT({cell},10))>0",
    "TIMEVALUE(MID({cell},12,8))>=0",
)
_IS_PARTIAL_DATE = ("LEN({cell})=10", 'MID({cell},5,1)="-"', 'MID({cell},8,1)="-"')

_SHAPES = {
    TypingCheck.WHOLE: ("ISNUMBER({cell})", "{cell}=INT({cell})"),
    TypingCheck.NUMBER: ("ISNUMBER({cell})",),
    TypingCheck.DATE: _IS_DATE,
    TypingCheck.TIME: _IS_TIME,
    TypingCheck.DATE_TIME: _IS_DATE_TIME,
    TypingCheck.PARTIAL_DATE: _IS_PARTIAL_DATE,
}


def _within(limits: Range) -> list[str]:
    low, high = _ends(limits)
    return [f"{{cell}}>={low}"] * bool(low) + [f"{{cell}}<={high}"] * bool(high)


def _ends(limits: Range) -> tuple[str, str]:
    """The ends of a range as a formula has them; dates are texts, as they are typed."""
    low, high = limits.low, limits.high
    return tuple(  # type: ignore[return-value]  # two of them
        "" if end is None else f'"{end.isoformat()}"' if isinstance(end, date) else _shown(end)
        for end in (low, high)
    )


def _shown(end: float | date | None) -> str:
    if end is None:
        return ""
    if isinstance(end, date):
        return end.isoformat()
    return str(int(end)) if float(end).is_integer() and abs(end) < 1e15 else repr(float(end))
