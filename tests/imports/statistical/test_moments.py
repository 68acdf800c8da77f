"""Numbers since a day of each program's own, under its formats."""

import polars as pl
import pytest

from trialkit.imports.statistical.moments import MomentKind, Program, moments
from trialkit.imports.statistical.written_numbers import written_number, written_numbers

FORMATS = {
    (Program.SPSS, "DATE11"): MomentKind.DAY,
    (Program.SPSS, "EDATE10"): MomentKind.DAY,
    (Program.SPSS, "DATETIME20.3"): MomentKind.MOMENT,
    (Program.SPSS, "TIME8"): MomentKind.CLOCK,
    (Program.SPSS, "DTIME10"): None,
    (Program.SPSS, "MOYR8"): None,
    (Program.SPSS, "F8.2"): None,
    (Program.SAS, "DATE9."): MomentKind.DAY,
    (Program.SAS, "YYMMDD10."): MomentKind.DAY,
    (Program.SAS, "YYMMDDN8."): MomentKind.DAY,
    (Program.SAS, "E8601DA"): MomentKind.DAY,
    (Program.SAS, "DATETIME20."): MomentKind.MOMENT,
    (Program.SAS, "TIME5."): MomentKind.CLOCK,
    (Program.SAS, "BEST12."): None,
    (Program.STATA, "%td"): MomentKind.DAY,
    (Program.STATA, "%tdDD/NN/CCYY"): MomentKind.DAY,
    (Program.STATA, "%tc"): MomentKind.MOMENT,
    (Program.STATA, "%tm"): None,
    (Program.STATA, "%9.0g"): None,
}


@pytest.mark.parametrize(("program", "form"), FORMATS)
def test_a_format_says_what_its_numbers_are(program: Program, form: str) -> None:
    assert MomentKind.of(program, form) is FORMATS[program, form]


def said(number: float | None, kind: MomentKind, program: Program) -> str | None:
    frame = pl.DataFrame({"x": [number]}, schema={"x": pl.Float64})
    text = frame.select(moments(pl.col("x"), kind, program)).item()
    return None if text is None else str(text)


NUMBERS = [
    # 1 January 2000: 14,610 days after 1 January 1960, 152,385 after 14 October 1582
    (14_610.0, MomentKind.DAY, Program.SAS, "2000-01-01"),
    (-1.0, MomentKind.DAY, Program.SAS, "1959-12-31"),
    (14_610.25, MomentKind.DAY, Program.STATA, "2000-01-01 06:00"),
    (14_610 * 86_400.0 + 1, MomentKind.MOMENT, Program.SAS, "2000-01-01 00:00:01"),
    (14_610 * 86_400_000.0 + 1, MomentKind.MOMENT, Program.STATA, "2000-01-01 00:00:00.001000"),
    (152_385 * 86_400.0, MomentKind.DAY, Program.SPSS, "2000-01-01"),
    (0.0, MomentKind.CLOCK, Program.SAS, "00:00"),
    (86_399.0, MomentKind.CLOCK, Program.SPSS, "23:59:59"),
    (86_400.0, MomentKind.CLOCK, Program.SPSS, "86400.0"),
    (-5.0, MomentKind.CLOCK, Program.SPSS, "-5.0"),
    (1e300, MomentKind.DAY, Program.SAS, "1e+300"),
    (5e6, MomentKind.DAY, Program.SAS, "5000000.0"),
    (None, MomentKind.DAY, Program.SAS, None),
]


@pytest.mark.parametrize(("number", "kind", "program", "text"), NUMBERS)
def test_a_number_is_the_day_it_stands_for_or_stays_one(
    number: float | None, kind: MomentKind, program: Program, text: str | None
) -> None:
    assert said(number, kind, program) == text


def test_every_number_is_written_in_the_fewest_digits() -> None:
    for number in (0.1, 1 / 3, 5.4e-79, 123456789.125, -2.5):
        assert float(written_number(number)) == number
    assert [written_number(each) for each in (1.0, -0.0, 1e14, 2.5)] == [
        "1", "0", "100000000000000", "2.5",
    ]  # fmt: skip
    frame = pl.DataFrame({"x": [None, float("nan")]}, schema={"x": pl.Float64})
    assert frame.select(written_numbers(pl.col("x"))).to_series().to_list() == [None, None]
