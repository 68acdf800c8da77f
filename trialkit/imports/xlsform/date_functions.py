"""The functions of an XLSForm that are about dates, in the words of our rules."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from trialkit.imports.taking_in.beyond import NotInTheFileError
from trialkit.imports.xlsform.parts import Part, as_day, as_number, number, stated, together
from trialkit.imports.xlsform.xpath import SUM
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.forms.expressions import Kind

Given: TypeAlias = Sequence[Part]
_EPOCH = "DATE '1970-01-01'"
_PART_OF_A_DAY = re.compile("[1-9]")
_ISO_FORMATS = frozenset({"%Y-%m-%d"})
_PARTS_OF_DATES = {"%Y": "YEAR", "%m": "MONTH", "%n": "MONTH", "%d": "DAY", "%e": "DAY"}
_PADDED = frozenset({"%m", "%d"})
_SPOKEN = frozenset({"%b", "%a"})
"""Names of months and days, which the device writes in its own language."""


def number_of(given: Given) -> Part:
    """``number()``, and the days since 1970 of a date."""
    part = given[0]
    if part.kind is Kind.DATE:
        return number(f"{part.within(SUM)} - {_EPOCH}", SUM, whole=True)
    if part.kind is Kind.MOMENT:
        return number(f"{part.within(SUM)} - {_EPOCH}", SUM)
    return as_number(part)


def _days_of(given: Given) -> Part:
    """``decimal-date-time()``: of a text that states a date, too."""
    part = given[0]
    if part.quoted is not None:
        if _PART_OF_A_DAY.search(part.quoted[10:]):
            raise ExpressionError("decimal-date-time() of a moment within a day, as a number")
        return number(f"DATE {stated(part.quoted[:10]).text} - {_EPOCH}", SUM, whole=True)
    return number_of((as_day(part),))


def _date(given: Given) -> Part:
    """A date, from a text that states one, from a date, or from days since 1970.

    A part of a day is cut off, and where that is done otherwise before 1970 it is not known.
    """
    part = as_day(given[0])
    if part.quoted is not None:
        return stated(part.quoted[:10])
    if part.kind is Kind.NUMBER:
        days = part.within(SUM + 1)
        if not part.whole:
            days = f"IF({part.within(SUM)} >= 0, FLOOR({part.text}), NULL)"
        elif part.asked is not None and not part.asked.item.kind.is_asked:
            days = f"FLOOR({part.text})"
        return Part(text=f"{_EPOCH} + {days}", kind=Kind.DATE, level=SUM)
    if part.kind is Kind.DATE:
        return part
    raise ExpressionError("date() of something that is no date here")


def _formatted(given: Given) -> Part:
    """A date as it is kept anyway, or as the text that a pattern makes of it."""
    date, pattern = given
    if pattern.quoted is None:
        raise ExpressionError(f"a date written as {pattern.text}")
    if date.kind is not Kind.MOMENT:
        date = _date((date,))
    if pattern.quoted in _ISO_FORMATS and date.kind in {Kind.DATE, Kind.QUOTED}:
        return date
    if date.kind is Kind.QUOTED:
        date = Part(text=f"DATE {date.text}", kind=Kind.DATE)
    pieces = [_piece_of_a_date(each, date) for each in re.findall(r"%.|[^%]+", pattern.quoted)]
    return pieces[0] if len(pieces) == 1 else together(pieces)


def _piece_of_a_date(piece: str, date: Part) -> Part:
    if not piece.startswith("%"):
        return stated(piece)
    if piece in _SPOKEN:
        raise NotInTheFileError(f"{piece} in a date is written in the language of the device")
    if piece not in _PARTS_OF_DATES:
        raise ExpressionError(f"a date written with {piece}")
    part = f"{_PARTS_OF_DATES[piece]}({date.text})"
    text = f"TO_TEXT({part})"
    if piece in _PADDED:
        text = f"IF({part} < 10, CONCAT('0', {text}), {text})"
    return Part(text=text, kind=Kind.TEXT, as_a_number=part, whole=True)


def months_added(given: Given) -> Part:
    """``add-date()`` of the Community Health Toolkit: years, then months, then days; a blank is none."""
    date = _date(given[:1])
    if date.kind is Kind.QUOTED:
        date = Part(text=f"DATE {date.text}", kind=Kind.DATE)
    added = [as_number(part) for part in given[1:]]
    if any(part.text != "0" for part in added[3:]) or not all(part.whole for part in added):
        raise ExpressionError("add-date() of hours or minutes, or of parts of a month or a day")
    years, months, days, *_ = [*map(_or_none, added), "0", "0", "0"]
    text = f"ADD_MONTHS(ADD_MONTHS({date.text}, 12 * {years}), {months})"
    text = text if days == "0" else f"{text} + {days}"
    return Part(text=text, kind=Kind.DATE, level=SUM)


def _or_none(part: Part) -> str:
    return part.text if part.text.isdecimal() else f"COALESCE({part.text}, 0)"


def _apart(given: Given) -> tuple[str, str]:
    """Two days between which it is counted."""
    given = [as_day(part) for part in given]
    if any(part.kind not in {Kind.DATE, Kind.MOMENT} for part in given):
        raise ExpressionError("the time between something other than two dates")
    start, end = (part.within(SUM + 1) for part in given)
    return start, end


def _days_apart(given: Given) -> Part:
    start, end = _apart(given)
    both = all(as_day(part).kind is Kind.DATE for part in given)
    return number(f"{end} - {start}", SUM, whole=both)


def _weeks_apart(given: Given) -> Part:
    start, end = _apart(given)
    return number(f"IF({end} < {start}, NULL, FLOOR(({end} - {start}) / 7))", whole=True)


def _months_apart(given: Given) -> Part:
    """Whole months; not known at the end of a month, and backwards, where forms differ."""
    start, end = _apart(given)
    months = f"(YEAR({end}) - YEAR({start})) * 12 + MONTH({end}) - MONTH({start})"
    if given[1].kind is Kind.MOMENT:
        raise ExpressionError("the months to a date with a time")
    ends = f"MONTH({end} + 1) <> MONTH({end})"
    return number(
        f"IF({end} < {start}, NULL, DAY({end}) >= DAY({start}), {months}, {ends}, NULL, {months} - 1)",
        whole=True,
    )


def _years_apart(given: Given) -> Part:
    return number(f"FLOOR({_months_apart(given).text} / 12)", whole=True)


DATE_FUNCTIONS: Mapping[tuple[str, int], Callable[[Given], Part]] = {
    ("decimal-date-time", 1): _days_of,
    ("decimal-date", 1): _days_of,
    ("date", 1): _date,
    ("date-time", 1): _date,
    ("format-date", 2): _formatted,
    ("format-date-time", 2): _formatted,
    ("difference-in-months", 2): _months_apart,
    ("cht:difference-in-days", 2): _days_apart,
    ("cht:difference-in-weeks", 2): _weeks_apart,
    ("cht:difference-in-months", 2): _months_apart,
    ("cht:difference-in-years", 2): _years_apart,
}
"""By name and number of values."""
