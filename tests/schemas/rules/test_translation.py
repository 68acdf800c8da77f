"""What a rule computes, number by number: rounding, tolerances, days, moments and dates in part."""

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.errors import ProtocolError
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item
from trialkit.schemas.items.answers import ItemChoice
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.rules.draft import Draft
from trialkit.schemas.rules.expression import calculation, condition
from trialkit.schemas.rules.grammar import expression_tree
from trialkit.schemas.rules.names import Scope
from trialkit.schemas.rules.translation import boolean, number


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


KINDS = {
    "a": (ItemType.DECIMAL, pl.Float64),
    "b": (ItemType.DECIMAL, pl.Float64),
    "n": (ItemType.INTEGER, pl.Float64),
    "p": (ItemType.YES_NO, pl.Boolean),
    "d": (ItemType.DATE, pl.Date),
    "m": (ItemType.DATE_TIME, pl.Datetime),
    "k": (ItemType.DATE_TIME, pl.Datetime),
    "u": (ItemType.PARTIAL_DATE, pl.Date),
    "s": (ItemType.TEXT, pl.String),
    "c": (ItemType.CHOICE, pl.String),
    "h": (ItemType.CHOICE, pl.String),
}
CODES = {"c": ("1", "2", "-10"), "h": ("1", "2.5")}
FORM = Form(
    id="f", title="f", kind=FormKind.OTHER, expected=Expected.AS_NEEDED, visits=(),
    repeating=False, rules=(), file="", sha256="",
    items=tuple(
        Item(
            id=name, label=name, type=kind,
            choices=tuple(ItemChoice(code=code, label=code) for code in CODES.get(name, ())),
        )
        for name, (kind, _) in KINDS.items()
    ),
)  # fmt: skip


def draft() -> Draft:
    return Draft(scope=Scope(form=FORM, forms={"f": FORM}, missing_codes=("ND",)))


def table(row: Mapping[str, object], wrong: str) -> pl.DataFrame:
    """One row; of a partial date the cell is its first and its last day."""
    columns = {}
    for name, (_, dtype) in KINDS.items():
        cell = row.get(name)
        first, last = cell if isinstance(cell, tuple) else (cell, cell)
        columns[f"f.{name}"] = pl.Series([first], dtype=dtype)
        columns[f"f.{name}__latest"] = pl.Series([last], dtype=dtype)
        columns[f"f.{name}__wrong"] = pl.Series([name == wrong])
    return pl.DataFrame(columns)


def evaluated(written: Draft, value: pl.Expr, row: Mapping[str, object], wrong: str) -> object:
    found = table(row, wrong).with_columns(*written.literals)
    for step in written.steps:
        found = found.with_columns(step)
    return found.select(value).item()


def computed(text: str, *, wrong: str = "", **row: object) -> object:
    written = draft()
    term = number(expression_tree(text), written)
    return evaluated(written, term.value, row, wrong)


def holds(text: str, *, wrong: str = "", **row: object) -> object:
    written = draft()
    term = boolean(expression_tree(text), written)
    return evaluated(written, term.value, row, wrong)


NUMBERS = [
    ("a + b", {"a": 2.5, "b": 4.0}, 6.5),
    ("a - b", {"a": 2.5, "b": 4.0}, -1.5),
    ("a * b", {"a": 2.5, "b": 4.0}, 10.0),
    ("a / b", {"a": 2.5, "b": 4.0}, 0.625),
    ("a / b", {"a": 2.5, "b": 0.0}, None),
    # only a divisor may not be zero
    ("a + b", {"a": 2.5, "b": 0.0}, 2.5),
    ("a * b", {"a": 2.5, "b": 0.0}, 0.0),
    ("a / (b - b)", {"a": 2.5, "b": 4.0}, None),
    ("-a", {"a": 2.5}, -2.5),
    ("a - -b", {"a": 2.5, "b": 4.0}, 6.5),
    ("a + b", {"a": 2.5}, None),
    ("ABS(a - b)", {"a": 2.5, "b": 4.0}, 1.5),
    # half away from zero, on either side, and to decimals
    ("ROUND(a)", {"a": 2.5}, 3.0),
    ("ROUND(a)", {"a": -2.5}, -3.0),
    ("ROUND(a)", {"a": 2.49}, 2.0),
    ("ROUND(a)", {"a": -0.4}, 0.0),
    ("ROUND(a, 1)", {"a": 0.25}, 0.3),
    ("ROUND(a, 2)", {"a": 1.005}, 1.01),
    ("ROUND(a, 9)", {"a": 0.1234567894}, 0.123456789),
    ("ROUND(a, 0)", {"a": 1.5}, 2.0),
    # a whole number but for the error of arithmetic is that number
    ("FLOOR(a)", {"a": 2.9999999999999}, 3.0),
    ("FLOOR(a)", {"a": 2.999999}, 2.0),
    ("FLOOR(a)", {"a": -2.1}, -3.0),
    ("CEIL(a)", {"a": 3.0000000000001}, 3.0),
    ("CEIL(a)", {"a": 3.000001}, 4.0),
    ("CEIL(a)", {"a": -2.9}, -2.0),
    ("LENGTH(s)", {"s": "añb"}, 3.0),
    ("LENGTH('four')", {}, 4.0),
    ("TO_NUMBER(c)", {"c": "-10"}, -10.0),
    ("TO_NUMBER(h)", {"h": "2.5"}, 2.5),
    ("IF(a > b, a, b)", {"a": 2.5, "b": 4.0}, 4.0),
    ("IF(a > b, a, b)", {"a": 5.0, "b": 4.0}, 5.0),
    ("IF(p, 1, 0)", {}, 0.0),
    ("IF(p, NULL, 2)", {"p": True}, None),
    ("COALESCE(a, b, 7)", {"b": 4.0}, 4.0),
    ("COALESCE(a, b, 7)", {}, 7.0),
    ("COALESCE(NULL, a)", {"a": 2.5}, 2.5),
    # days, and parts of days
    ("d - '2025-01-01'", {"d": date(2025, 3, 1)}, 59.0),
    ("'2025-01-01' - d", {"d": date(2025, 3, 1)}, -59.0),
    ("m - k", {"m": at("2025-01-02 18:00"), "k": at("2025-01-01 12:00")}, 1.25),
    ("k - m", {"m": at("2025-01-02 18:00"), "k": at("2025-01-01 12:00")}, -1.25),
    ("m - '2025-01-02 06:00'", {"m": at("2025-01-02 18:00")}, 0.5),
    # beside a date of a moment its day alone counts
    ("m - d", {"m": at("2025-01-02 23:59"), "d": date(2025, 1, 1)}, 1.0),
    ("d - m", {"m": at("2025-01-02 00:01"), "d": date(2025, 1, 1)}, -1.0),
    # a date that is known in part is no day to count from, unless it could be one day only
    ("u - d", {"u": (date(2025, 3, 1), date(2025, 3, 31)), "d": date(2025, 1, 1)}, None),
    ("u - d", {"u": date(2025, 3, 1), "d": date(2025, 1, 1)}, 59.0),
    # beyond the range of numbers nothing is known
    ("a * b", {"a": 1e300, "b": 1e300}, None),
    ("ABS(a * b - a * b)", {"a": 1e300, "b": 1e300}, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "row", "expected"), NUMBERS)
def test_a_calculation_gives_this_number(
    text: str, row: dict[str, object], expected: float | None
) -> None:
    found = computed(text, **row)
    if expected is None:
        assert found is None
    else:
        assert found == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_what_depends_on_a_wrong_cell_is_unknown_and_the_rest_is_not() -> None:
    assert computed("COALESCE(a, 7)", wrong="a") is None
    assert computed("COALESCE(a, b)", a=2.5, wrong="b") is None
    assert computed("IF(p, a, b)", p=True, a=2.5, b=4.0, wrong="b") is None
    assert computed("IF(p, a, 7)", p=True, a=2.5, wrong="b") == 2.5
    assert holds("a IS NULL", wrong="a") is None
    assert holds("a IS NULL", wrong="b") is True
    assert holds("a + b IS NULL", a=1.0, wrong="b") is None
    assert holds("a IS NULL AND p", p=False, wrong="a") is False


SIZES = [
    # a sum is compared with a tolerance of one part in 10¹² of what it was computed from
    ("a + b = 1", {"a": 0.4, "b": 0.6 + 5e-13}, True),
    ("a + b = 1", {"a": 0.4, "b": 0.6 + 2e-12}, False),
    ("a + b = 1000000", {"a": 400000.0, "b": 600000.0000005}, True),
    ("a + b = 1000000", {"a": 400000.0, "b": 600000.000002}, False),
    ("a + b = 0.001", {"a": 0.0, "b": 0.001 + 5e-16}, True),
    ("1 = a + b", {"a": 0.4, "b": 0.6 + 5e-13}, True),
    ("a - b = 0", {"a": 1000000.3, "b": 1000000.3 - 5e-7}, True),
    ("a - b = 0", {"a": 1000000.3, "b": 1000000.3 - 2e-6}, False),
    ("a * b - 1 = 0", {"a": 0.1, "b": 10 + 5e-12}, True),
    ("a / b - 3 = 0", {"a": 0.3, "b": 0.1}, True),
    ("a + b = 0.0000000009", {"a": 1e-10, "b": 2e-10}, False),
    ("IF(p, a - b, 0) = 0.2", {"a": 9.9, "b": 9.7, "p": True}, True),
    ("COALESCE(a - b, 0) <= 0.2", {"a": 9.9, "b": 9.7}, True),
    ("a + b <> 1", {"a": 0.4, "b": 0.6 + 5e-13}, False),
    ("a + b > 1", {"a": 0.4, "b": 0.6 + 5e-13}, False),
    ("a + b >= 1", {"a": 0.4, "b": 0.6 - 5e-13}, True),
    ("a + b < 1", {"a": 0.4, "b": 0.6 - 5e-13}, False),
    ("a + b <= 1", {"a": 0.4, "b": 0.6 + 5e-13}, True),
    ("-(a + b) = -1", {"a": 0.4, "b": 0.6 + 5e-13}, True),
    ("COALESCE(a + b, 0) = 1", {"a": 0.4, "b": 0.6 + 5e-13}, True),
    ("IF(p, a + b, 0) = 1", {"a": 0.4, "b": 0.6 + 5e-13, "p": True}, True),
    # what was entered is compared as it is
    ("a = 1", {"a": 1 + 5e-13}, False),
    ("-a = -1", {"a": 1 + 5e-13}, False),
    ("COALESCE(a, 0) > 1", {"a": 1 + 5e-13}, True),
    ("a BETWEEN 1 AND 2", {"a": 1.0}, True),
    ("a BETWEEN 1 AND 2", {"a": 2.0}, True),
    ("a BETWEEN 1 AND 2", {"a": 2.0000001}, False),
    ("a BETWEEN 1 AND 2", {"a": 0.9999999}, False),
    ("a + b BETWEEN 1 AND 2", {"a": 0.4, "b": 0.6 - 5e-13}, True),
    ("a + b IN (5, 1)", {"a": 0.4, "b": 0.6 - 5e-13}, True),
    # every part of a chain counts
    ("a > 1 AND b > 1 AND n > 1", {"a": 2.0, "b": 2.0, "n": 0.0}, False),
    ("a > 1 AND b > 1 AND n > 1", {"a": 0.0, "b": 2.0, "n": 2.0}, False),
    ("a > 1 OR b > 1 OR n > 1", {"a": 0.0, "b": 2.0, "n": 0.0}, True),
    ("a > 1 OR b > 1 OR n > 1", {"a": 0.0, "b": 0.0, "n": 0.0}, False),
    # moments
    ("m > k", {"m": at("2025-01-01 12:01"), "k": at("2025-01-01 12:00")}, True),
    ("m = d", {"m": at("2025-01-01 12:00"), "d": date(2025, 1, 1)}, True),
    ("m > '2025-01-01 12:00'", {"m": at("2025-01-01 12:00")}, False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "row", "expected"), SIZES)
def test_sizes_are_compared_with_the_tolerance_of_arithmetic(
    text: str, row: dict[str, object], expected: bool
) -> None:
    assert holds(text, **row) is expected


SCOPE = Scope(form=FORM, forms={"f": FORM}, missing_codes=("ND",))
CALCULATIONS = (
    "a + b", "a - b", "b - a", "a * b", "a + b - a", "(a + b + n) / 3", "(a - b) * n",
    "ABS(a - b)", "-(a - b)", "IF(a > b, a - b, b - a)", "COALESCE(a - b, n)", "a - b + (b - a)",
    "a * 10 - b * 10", "ROUND(a * b, 2)", "(a + b) / 8",
)  # fmt: skip
on_a_grid = st.builds(Fraction, st.integers(-999, 999), st.sampled_from([1, 10, 100]))


def exactly(text: str, a: Fraction, b: Fraction, n: int) -> Fraction:
    """The same calculation in fractions, written as Python has it."""
    names = {
        "IF": lambda holds, then, otherwise: then if holds else otherwise,
        "COALESCE": lambda first, _: first,
        "ABS": abs,
        "ROUND": lambda x, digits: Fraction(half_away(x * 10**digits), 10**digits),
    }
    return Fraction(eval(text, names | {"a": a, "b": b, "n": n}))


def half_away(value: Fraction) -> int:
    size = int(abs(value) + Fraction(1, 2))
    return size if value >= 0 else -size


@given(on_a_grid, on_a_grid, st.integers(-9, 9), st.sampled_from(CALCULATIONS))
def test_calculated_items_are_those_of_exact_arithmetic(
    a: Fraction, b: Fraction, n: int, text: str
) -> None:
    row = table({"a": float(a), "b": float(b), "n": float(n)}, "")
    found, exact = calculation(text, SCOPE).computed(row).item(), exactly(text, a, b, n)
    if (exact * 10**9).denominator == 1:
        assert found == float(exact)
    else:
        assert found == pytest.approx(float(exact), rel=1e-12)


@settings(max_examples=examples(60))
@given(on_a_grid, on_a_grid, st.integers(-9, 9), st.sampled_from(CALCULATIONS))
def test_a_calculation_is_compared_as_exact_arithmetic_has_it(
    a: Fraction, b: Fraction, n: int, text: str
) -> None:
    exact = exactly(text, a, b, n)
    row = table({"a": float(a), "b": float(b), "n": float(n)}, "")
    for nearby in (-1, 0, 1):
        limit = Fraction(round(exact * 10**4) + nearby, 10**4)
        answers = {"=": exact == limit, "<=": exact <= limit, ">": exact > limit}
        for sign, holds_exactly in answers.items():
            stated = f"{text} {sign} {float(limit):.4f}"
            assert condition(stated, SCOPE).judged(row).item() is holds_exactly, stated


MARCH = (date(2025, 3, 1), date(2025, 3, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("other", "less", "at_most", "same"),
    [
        # the day before March, its first, one inside, its last, the day after
        ("2025-02-28", False, False, False),
        ("2025-03-01", False, None, None),
        ("2025-03-15", None, None, None),
        ("2025-03-31", None, True, None),
        ("2025-04-01", True, True, False),
    ],
)
def test_a_date_known_in_part_is_compared_where_every_day_gives_one_answer(
    other: str, less: bool | None, at_most: bool | None, same: bool | None
) -> None:
    def not_(truth: bool | None) -> bool | None:
        return None if truth is None else not truth

    row = {"u": MARCH, "d": day(other)}
    assert holds("u < d", **row) is less
    assert holds("u <= d", **row) is at_most
    assert holds("u = d", **row) is same
    assert holds("u <> d", **row) is not_(same)
    assert holds("u > d", **row) is not_(at_most)
    assert holds("u >= d", **row) is not_(less)
    # and the other way round
    assert holds("d > u", **row) is less
    assert holds("d >= u", **row) is at_most
    assert holds("d < u", **row) is not_(at_most)
    assert holds("d <= u", **row) is not_(less)
    assert holds("d = u", **row) is same


def test_a_date_known_in_part_between_limits_and_among_days() -> None:
    assert holds("u BETWEEN '2025-03-01' AND '2025-03-31'", u=MARCH) is True
    assert holds("u BETWEEN '2025-03-02' AND '2025-03-31'", u=MARCH) is None
    assert holds("u BETWEEN '2025-04-01' AND '2025-04-30'", u=MARCH) is False
    assert holds("u IN ('2025-02-01', '2025-04-01')", u=MARCH) is False
    assert holds("u IN ('2025-02-01', '2025-03-15')", u=MARCH) is None
    whole = (day("2025-03-15"), day("2025-03-15"))
    assert holds("u IN ('2025-02-01', '2025-03-15')", u=whole) is True
    assert holds("u = d", u=whole, d=day("2025-03-15")) is True
    assert holds("u = d", u=MARCH) is None
    assert holds("u + 31 > '2025-04-01'", u=MARCH) is None
    assert holds("u + 32 > '2025-04-01'", u=MARCH) is True
    assert holds("u - 31 >= '2025-03-01'", u=MARCH) is False
    assert holds("COALESCE(u, d) < '2025-03-31'", u=MARCH) is None
    assert holds("COALESCE(u, d) < '2025-03-31'", d=day("2025-03-30")) is True


def test_days_are_added_on_the_calendar_and_not_beyond_it() -> None:
    assert holds("d + 28 = '2024-03-29'", d=day("2024-03-01")) is True
    assert holds("d = DATE '2024-03-01'", d=day("2024-03-01")) is True
    assert holds("d < DATE '2024-03-01'", d=day("2024-03-01")) is False
    assert holds("d - 1 = '2024-02-29'", d=day("2024-03-01")) is True
    assert holds("n + d = '2024-03-03'", d=day("2024-03-01"), n=2.0) is True
    assert holds("d + 1 > d", d=date.max) is None
    assert holds("d + 0 = d", d=date.max) is True
    assert holds("d - 1 < d", d=date.min) is None
    assert holds("d - 0 = d", d=date.min) is True
    # the number of days between two dates, and what is made of whole numbers, is whole
    assert holds("d + (d - '2024-02-01') = '2024-03-30'", d=day("2024-03-01")) is True
    assert holds("d + n * 2 + 1 = '2024-03-06'", d=day("2024-03-01"), n=2.0) is True
    assert holds("d + ROUND(a) = '2024-03-04'", d=day("2024-03-01"), a=2.5) is True
    assert holds("d + IF(p, n, 0) = '2024-03-03'", d=day("2024-03-01"), n=2.0, p=True) is True
    assert holds("d + COALESCE(n, 0) = '2024-03-01'", d=day("2024-03-01")) is True
    assert holds("d + TO_NUMBER(c) = '2024-03-03'", d=day("2024-03-01"), c="2") is True


REFUSED = {
    "d + a > d": "a beside a date; only a whole number of days can be added",
    "d + n / 2 > d": "a computed number beside a date; only a whole number",
    "d + TO_NUMBER(h) > d": "a computed number beside a date",
    "d + ROUND(a, 1) > d": "a computed number beside a date",
    "d + IF(p, n, a) > d": "IF(…) beside a date",
    "d + COALESCE(n, a) > d": "COALESCE(…) beside a date",
    "d + s > d": "s beside a date",
    "n - d > 1": "n - d: a date cannot be taken from a number",
    "m + 1 > k": "m, a date and time, to which nothing can be added; compare a difference",
    "d > n": "d is a date and n a number",
    "c > '1'": "an order of c, whose codes are names and have none; compare TO_NUMBER(c)",
    "s AND p": "s, a text where a condition belongs",
    "a + s > 1": "s, a text; arithmetic is for numbers",
    "-p": "p, a yes/no value; a minus sign is for numbers",
    "ABS(a, b) > 1": "ABS of 2 values; it takes one",
    "LENGTH(a) > 1": "a, a number; LENGTH is for texts",
    "ROUND(a, 10) > 1": "ROUND with other decimals than a whole number from 0 to 9",
    "ROUND(a, 1, 1) > 1": "ROUND with other decimals",
    "ROUND(a, 1.5) > 1": "ROUND with other decimals",
    "CEIL(a, 1) > 1": "CEIL with decimals; multiply before and divide after it",
    "a = NULL": "a comparison with NULL, which is never true; write IS NULL",
    "a BETWEEN NULL AND 2": "a comparison with NULL",
    "a BETWEEN 1 AND NULL": "a comparison with NULL",
    "p > p": "p p: yes is not more than no; use = or <>",
}


@pytest.mark.parametrize(("text", "why"), REFUSED.items())
def test_what_has_no_meaning_is_refused(text: str, why: str) -> None:
    with pytest.raises(ProtocolError) as error:
        boolean(expression_tree(text), draft())
    assert why in str(error.value)


def test_a_condition_is_no_number_and_a_number_no_condition() -> None:
    with pytest.raises(
        ProtocolError, match=r"^a condition, a yes/no value where a number belongs$"
    ):
        number(expression_tree("a > 1"), draft())
    with pytest.raises(ProtocolError, match=r"^a, a number where a condition belongs$"):
        boolean(expression_tree("a"), draft())
    with pytest.raises(ProtocolError, match=r"^'x', a quoted text where a number belongs$"):
        number(expression_tree("'x'"), draft())


def test_what_a_rule_reads_is_kept_in_its_order_and_once() -> None:
    written = draft()
    term = boolean(expression_tree("b > a AND n > b OR p"), written)
    assert [each.item for each in written.references] == ["b", "a", "n", "p"]
    assert term.wrong == {"f.b__wrong", "f.a__wrong", "f.n__wrong", "f.p__wrong"}


def test_what_a_rule_states_and_uses_twice_are_columns() -> None:
    written = draft()
    boolean(expression_tree("a + 1 BETWEEN 2 AND 5"), written)
    assert [each.meta.output_name() for each in written.literals] == [
        "__literal_0", "__literal_1", "__literal_2",
    ]  # fmt: skip
    names = [each.meta.output_name() for each in written.steps]
    assert names == [f"__step_{place}" for place in range(len(names))]
    assert len(names) >= 1


@pytest.mark.parametrize("n", [None, 1, 2, 3])
@pytest.mark.parametrize("a", [None, 0.1, 0.3])
def test_an_if_with_further_conditions_is_one_within_the_other(
    n: int | None, a: float | None
) -> None:
    flat = computed("IF(n = 1, a + 0.2, n = 2, NULL, n = 3, 20, 30)", n=n, a=a)
    nested = computed("IF(n = 1, a + 0.2, IF(n = 2, NULL, IF(n = 3, 20, 30)))", n=n, a=a)
    assert flat == nested
    assert computed("IF(n = 1, a, n = 2, 20, 30)", wrong="n", n=2, a=a) is None
