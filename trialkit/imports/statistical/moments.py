"""Dates and times of statistical programs: numbers since a day of their own, under many formats.

SPSS counts seconds from the beginning of the Gregorian calendar, SAS days or seconds from 1960, Stata
days or milliseconds from 1960. Seconds are kept to the microsecond. A format that counts weeks,
months, quarters or leap seconds names no day, and its numbers stay numbers.
"""

import re
from datetime import date
from enum import Enum

import polars as pl


class Program(Enum):
    """The program whose file it is."""

    SAS = "SAS"
    SPSS = "SPSS"
    STATA = "Stata"


class MomentKind(Enum):
    """What a number of a date or time format stands for."""

    DAY = "date"
    MOMENT = "date and time"
    CLOCK = "time"

    @staticmethod
    def of(program: Program, form: str) -> "MomentKind | None":
        """The kind that a format makes of a number; None for a format of numbers."""
        for kind, pattern in _FORMATS[program].items():
            if re.fullmatch(pattern, form.upper()):
                return kind
        return None


_WIDTH = r"[0-9]*(?:\.[0-9]*)?"
_FORMATS = {
    Program.SPSS: {
        MomentKind.DAY: rf"(?:A|E|J|S)?DATE{_WIDTH}",
        MomentKind.MOMENT: rf"(?:DATETIME|YMDHMS){_WIDTH}",
        MomentKind.CLOCK: rf"TIME{_WIDTH}",
    },
    Program.SAS: {
        MomentKind.DAY: rf"(?:E8601DA|B8601DA|IS8601DA|WEEKDATE|WEEKDATX|WORDDATE|WORDDATX|DATE|"
        rf"(?:DDMMYY|MMDDYY|YYMMDD)[BCDNPS]?|JULIAN|EURDFDD|NLDATE){_WIDTH}",
        MomentKind.MOMENT: rf"(?:DATETIME|DATEAMPM|E8601DT|B8601DT|IS8601DT|NLDATM|MDYAMPM){_WIDTH}",
        MomentKind.CLOCK: rf"(?:TIME|TOD|HHMM|TIMEAMPM|E8601TM|B8601TM|IS8601TM){_WIDTH}",
    },
    Program.STATA: {
        MomentKind.DAY: r"%-?(?:TD|D).*",
        MomentKind.MOMENT: r"%-?TC.*(?<!_)",
        MomentKind.CLOCK: r"(?!)",
    },
}
_GREGORIAN, _SAS = date(1582, 10, 14), date(1960, 1, 1)
_DAY = 86_400 * 10**6
_UNITS = {
    (Program.SPSS, MomentKind.DAY): 10**6,
    (Program.SPSS, MomentKind.MOMENT): 10**6,
    (Program.SPSS, MomentKind.CLOCK): 10**6,
    (Program.SAS, MomentKind.DAY): _DAY,
    (Program.SAS, MomentKind.MOMENT): 10**6,
    (Program.SAS, MomentKind.CLOCK): 10**6,
    (Program.STATA, MomentKind.DAY): _DAY,
    (Program.STATA, MomentKind.MOMENT): 10**3,
}
"""How many microseconds one is."""
_FARTHEST = 3_000_000 * _DAY
"""Beyond it nothing is a day of four digits."""


def moments(numbers: pl.Expr, kind: MomentKind, program: Program) -> pl.Expr:
    """The numbers as ISO writes them; what is no day of the calendar stays a number."""
    unit = _UNITS[program, kind]
    micros = (numbers * unit).round()
    usable = micros.is_not_null() & micros.is_not_nan() & (micros.abs() < _FARTHEST)
    exact = pl.when(usable).then(micros).cast(pl.Int64)
    if kind is MomentKind.CLOCK:
        inside = exact.is_between(0, _DAY - 1)
        return _clock(pl.when(inside).then(exact)).fill_null(_as_number(numbers))
    epoch = _GREGORIAN if program is Program.SPSS else _SAS
    moment = pl.lit(epoch).cast(pl.Datetime("us")) + pl.duration(microseconds=exact)
    inside = moment.dt.year().is_between(1, 9999)
    day = pl.when(inside).then(moment.dt.strftime("%Y-%m-%d"))
    rest = exact.mod(_DAY)
    if kind is MomentKind.DAY:  # a time of day behind a date that does not show it
        text = pl.when(rest == 0).then(day).otherwise(day + " " + _clock(rest))
    else:
        text = day + " " + _clock(rest)
    return text.fill_null(_as_number(numbers))


def _clock(micros: pl.Expr) -> pl.Expr:
    """``08:30``, with seconds and their parts where there are any."""
    seconds, part = micros // 10**6, micros % 10**6

    def two(number: pl.Expr) -> pl.Expr:
        return number.cast(pl.String).str.zfill(2)

    short = two(seconds // 3600) + ":" + two(seconds // 60 % 60)
    long = short + ":" + two(seconds % 60)
    exact = long + "." + part.cast(pl.String).str.zfill(6)
    return pl.when(part > 0).then(exact).when(seconds % 60 > 0).then(long).otherwise(short)


def _as_number(numbers: pl.Expr) -> pl.Expr:
    return pl.when(numbers.is_not_null() & numbers.is_not_nan()).then(numbers.cast(pl.String))
