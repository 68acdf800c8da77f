"""How two kinds of value meet in a rule: what quoted text becomes, and what cannot be compared."""

from dataclasses import replace
from datetime import date, datetime

import polars as pl
import pytest

from trialkit.errors import ProtocolError
from trialkit.schemas.forms.expressions import Kind
from trialkit.schemas.rules.kinds import RuleTerm, alike, date_in


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def term(kind: Kind, words: str = "x", **more: object) -> RuleTerm:
    return RuleTerm(kind=kind, value=pl.col("x"), words=words, **more)


def text(said: str) -> RuleTerm:
    return RuleTerm(
        kind=Kind.QUOTED, value=pl.lit(said), words=f"'{said}'", quoted=said, literal=True
    )


def value(of: RuleTerm) -> object:
    return pl.select(of.value).item()


NULL = term(Kind.NULL, "NULL")
READ = {
    (Kind.DATE, "2025-03-31"): date(2025, 3, 31),
    (Kind.MOMENT, "2025-03-31 08:30"): at("2025-03-31 08:30"),
    (Kind.MOMENT, "2025-03-31 23:59:58"): at("2025-03-31 23:59:58"),
    (Kind.TIME, "23:59"): "23:59",
    (Kind.BOOLEAN, "yes"): True,
    (Kind.BOOLEAN, "no"): False,
    (Kind.TEXT, "anything"): "anything",
}


@pytest.mark.parametrize(("said", "expected"), READ.items())
@pytest.mark.parametrize("first", [True, False])
def test_quoted_text_becomes_what_it_stands_beside(
    said: tuple[Kind, str], expected: object, first: bool
) -> None:
    model = term(said[0])
    pair = [text(said[1]), model] if first else [model, text(said[1])]
    found = alike(pair)
    assert [each.kind for each in found] == [said[0], said[0]]
    read = found[0] if first else found[1]
    assert (value(read), read.literal, read.quoted) == (expected, True, said[1])
    assert found[1 if first else 0] is model


def test_null_beside_anything_stays_null() -> None:
    assert alike([NULL, term(Kind.NUMBER)])[0] is NULL
    assert [each.kind for each in alike([NULL, text("a"), NULL])] == [
        Kind.NULL, Kind.TEXT, Kind.NULL,
    ]  # fmt: skip


def test_a_moment_beside_a_date_is_its_day() -> None:
    moment = replace(term(Kind.MOMENT), value=pl.lit(at("2025-03-31 23:59")))
    day = replace(term(Kind.DATE), value=pl.lit(date(2025, 3, 31)))
    for pair in ([moment, day], [day, moment]):
        found = alike(pair)
        assert [each.kind for each in found] == [Kind.DATE, Kind.DATE]
        assert [value(each) for each in found] == [date(2025, 3, 31)] * 2
    # quoted text beside both is a date, too
    assert value(alike([moment, day, text("2025-04-01")])[2]) == date(2025, 4, 1)
    # beside its own kind a moment stays what it is
    assert alike([moment, moment])[0] is moment


CHOICE = term(Kind.TEXT, "side", known=("left", "right"))


def test_a_text_that_a_choice_can_have_is_taken() -> None:
    assert alike([CHOICE, text("left")])[1].kind is Kind.TEXT


ONLY = "; only values of one kind can be compared"
REFUSED = {
    "a choice": (
        [CHOICE, text("lefft")],
        "'lefft', which side can never be; it is one of left, right; did you mean 'left'?",
    ),
    "a date": ([term(Kind.DATE), text("31.3.2025")], "'31.3.2025', which is no date; write '2025-03-31'"),
    "no such day": ([term(Kind.DATE), text("2025-02-30")], "'2025-02-30', which is no date"),
    "a short date": ([term(Kind.DATE), text("20250331")], "'20250331', which is no date"),
    "a time": ([term(Kind.TIME), text("8:30")], "'8:30'; a time is written '08:30'"),
    "a late time": ([term(Kind.TIME), text("24:00")], "'24:00'; a time is written '08:30'"),
    "a moment": (
        [term(Kind.MOMENT), text("2025-03-31")],
        "'2025-03-31', which is no date and time; write '2025-03-31 08:30', or DATE '2025-03-31'",
    ),
    "no such moment": ([term(Kind.MOMENT), text("2025-02-30 08:30")], "which is no date and time"),
    "a truth": (
        [term(Kind.BOOLEAN), text("true")],
        "'true'; a yes/no item is TRUE, FALSE, 'yes' or 'no'",
    ),
    "a number in quotes": (
        [term(Kind.NUMBER, "vas"), text("5")],
        f"vas is a number and '5' a quoted text{ONLY}; write numbers without quotation marks",
    ),
    "a code without quotes": (
        [term(Kind.TEXT, "side"), term(Kind.NUMBER, "1")],
        f"side is a text and 1 a number{ONLY}; codes are texts: write '1'",
    ),
    "several choices": (
        [term(Kind.CHOICES, "why"), text("a")],
        (f"why is a list of choices and 'a' a quoted text{ONLY}; ask for one choice, as in "
        "reasons__work = TRUE, or for reasons__count"),
    ),
    "beside several choices": (
        [term(Kind.NUMBER, "vas"), term(Kind.CHOICES, "why")],
        f"vas is a number and why a list of choices{ONLY}; ask for one choice, as in",
    ),
    "a number beside a date": (
        [term(Kind.DATE, "day"), term(Kind.NUMBER, "vas")],
        f"day is a date and vas a number{ONLY}",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("terms", "why"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_compared_is_refused(terms: list[RuleTerm], why: str) -> None:
    with pytest.raises(ProtocolError) as error:
        alike(terms)
    assert why in str(error.value)
    if why.endswith(ONLY):
        assert str(error.value).endswith(ONLY)


def test_the_first_that_fits_no_other_is_named() -> None:
    with pytest.raises(ProtocolError, match=r"^a is a number and b a date;"):
        alike([NULL, term(Kind.NUMBER, "a"), term(Kind.DATE, "b"), term(Kind.TEXT, "c")])


def test_a_date_in_a_rule() -> None:
    assert date_in("2024-02-29") == date(2024, 2, 29)
    for wrong in ("2025-02-29", "2025-2-28", "2025-02-28 ", ""):
        with pytest.raises(ProtocolError, match=r"which is no date; write '2025-03-31'"):
            date_in(wrong)
