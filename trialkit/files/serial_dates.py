"""Days, times and lengths of time as a spreadsheet counts them, read exactly.

A spreadsheet holds a date as a number of days and shows it by a number format. Two ways of counting
are in use: from 1900, which has a 29 February 1900 that never was, and from 1904.
"""

import re
from datetime import date, timedelta
from enum import StrEnum

from trialkit.limits import LONGEST_FORMAT

_SECONDS = 86_400
_LAST_DAY = 2_958_465
"""31 December 9999, counted from 1900."""


class Shows(StrEnum):
    """What a number format makes of a number."""

    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    DATE_TIME = "date and time"
    DURATION = "length of time"


_BUILT_IN = {
    **dict.fromkeys((14, 15, 16, 17, *range(27, 32), 34, 35, 36, *range(50, 59)), Shows.DATE),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 45, 47), Shows.TIME),
    22: Shows.DATE_TIME,
    46: Shows.DURATION,
}
_UNSHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.')
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\]]*\]")


def shown_by(number: int, code: str) -> Shows:
    """What a number format shows, by its number where it is built in, else by its code."""
    if not code:
        return _BUILT_IN.get(number, Shows.NUMBER)
    first = _UNSHOWN.sub("", code[:LONGEST_FORMAT]).split(";")[0]
    if _ELAPSED.search(first):
        return Shows.DURATION
    plain = re.sub(r"general|am/pm|a/p", "", _BRACKETS.sub("", first), flags=re.IGNORECASE).lower()
    days = re.search(r"[ydg]|(?<![a-z])e(?![+\-a-z])|b[12]", plain)
    hours = re.search(r"[hs]", plain) or "am/pm" in first.lower()
    if days or ("m" in plain and not hours):
        return Shows.DATE_TIME if hours else Shows.DATE
    return Shows.TIME if hours else Shows.NUMBER


def moment(serial: float, shows: Shows, *, from_1904: bool) -> str:
    """The date, time or both as ISO text.

    A date with a time of day that its format hides is given with it; nothing is cut off. Raises
    :class:`ValueError` that says why there is no such moment.
    """
    if serial < 0:
        raise ValueError("a date or time before the first that a spreadsheet knows")
    seconds = round(serial * _SECONDS, 3)
    days, left = divmod(seconds, _SECONDS)
    if shows in {Shows.TIME, Shows.DURATION} and (days == 0 or shows is Shows.DURATION):
        return _clock(seconds)
    if shows is Shows.DATE and left == 0:
        return _day(int(days), from_1904=from_1904)
    return f"{_day(int(days), from_1904=from_1904)} {_clock(left)}"


def _day(days: int, *, from_1904: bool) -> str:
    if from_1904:
        days += 1462
    if days in {0, 60}:
        never = "1900-01-00" if days == 0 else "1900-02-29"
        raise ValueError(f"{never}, a day that never was")
    if days > _LAST_DAY:
        raise ValueError("a date after the year 9999")
    return (date(1899, 12, 31 if days < 60 else 30) + timedelta(days=days)).isoformat()


def _clock(seconds: float) -> str:
    whole = int(seconds)
    thousandths = round((seconds - whole) * 1000)
    text = f"{whole // 3600:02d}:{whole % 3600 // 60:02d}"
    if whole % 60 or thousandths:
        text += f":{whole % 60:02d}"
    return f"{text}.{thousandths:03d}" if thousandths else text
