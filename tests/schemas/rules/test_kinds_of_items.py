"""Partial dates are judged by all the days they can be; moments and lists of choices as they are."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.schemas.rules.test_expression import form, item
from trialkit.errors import ProtocolError
from trialkit.schemas.forms.partial_dates import earliest, latest
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.rules.expression import condition
from trialkit.schemas.rules.names import Scope

FORM = form(
    "f",
    item("a", ItemType.PARTIAL_DATE),
    item("b", ItemType.PARTIAL_DATE),
    item("d", ItemType.DATE),
    item("n", ItemType.INTEGER),
    item("started", ItemType.DATE_TIME),
    item("ended", ItemType.DATE_TIME),
    item("why", ItemType.MULTI_CHOICE, "work", "ill", "9", "x-1"),
    item("scan", ItemType.FILE),
    item("score", ItemType.CALCULATED),
    item("vas", ItemType.VISUAL_ANALOGUE),
)
SCOPE = Scope(form=FORM, forms={"f": FORM}, missing_codes=("ND",))


def judged(expression, **columns):
    """What the expression says of one row, its columns given without the form's name."""
    read = condition(expression, SCOPE)
    series = []
    for reference in read.references:
        names = [reference.column, *([reference.latest] if reference.partial else [])]
        series += [pl.Series(name, [columns[name.removeprefix("f.")]]) for name in names]
        series.append(pl.Series(reference.wrong, [False]))
    return read.judged(pl.DataFrame({each.name: each for each in series})).item()


def days_of(text):
    """Every day that a partial date can be."""
    ends = pl.DataFrame({"x": [text]}).select(a=earliest(pl.col("x")), b=latest(pl.col("x")))
    first, last = ends.row(0)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


PARTIAL = st.one_of(
    st.dates(date(2024, 1, 1), date(2024, 3, 31)).map(str),
    st.sampled_from(["2023-UN-UN", "2024-UN-UN", "2024-01-UN", "2024-02-UN", "2024-03-UN"]),
)
SAYS = {
    "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y,
    ">": lambda x, y: x > y,
    ">=": lambda x, y: x >= y,
    "=": lambda x, y: x == y,
    "<>": lambda x, y: x != y,
}


@given(PARTIAL, PARTIAL, st.sampled_from(sorted(SAYS)))
@settings(max_examples=examples(60), deadline=None)
def test_a_comparison_is_known_where_every_pair_of_days_gives_one_answer(one, other, sign):
    these, those = days_of(one), days_of(other)
    # the ends and a day that they share decide, so that not every pair has to be looked at
    shared = sorted({*these} & {*those})[:1]
    answers = {
        SAYS[sign](x, y)
        for x in {*these[:2], *these[-2:], *shared}
        for y in {*those[:2], *those[-2:], *shared}
    }

    said = judged(f"a {sign} b", a=these[0], a__latest=these[-1], b=those[0], b__latest=those[-1])

    assert said is (answers.pop() if len(answers) == 1 else None)


MARCH = {"a": date(2026, 3, 1), "a__latest": date(2026, 3, 31)}
EXACT = {"a": date(2026, 3, 5), "a__latest": date(2026, 3, 5)}


@pytest.mark.parametrize(
    ("expression", "columns", "expected"),
    [
        ("a >= '2026-03-01'", MARCH, True),
        ("a > '2026-03-01'", MARCH, None),
        ("a BETWEEN '2026-02-01' AND '2026-04-01'", MARCH, True),
        ("a BETWEEN '2026-02-01' AND '2026-03-15'", MARCH, None),
        ("a BETWEEN '2026-04-01' AND '2026-05-15'", MARCH, False),
        ("a IN ('2026-04-01', '2026-05-01')", MARCH, False),
        ("a + 31 > '2026-03-31'", MARCH, True),
        ("a - '2026-02-01' > 0", MARCH, None),
        ("a - '2026-03-01' = 4", EXACT, True),
        ("a IS NULL", MARCH, False),
        ("COALESCE(a, '2025-01-01') > '2026-02-28'", MARCH, True),
        ("COALESCE(a, '2025-01-01') > '2026-03-15'", MARCH, None),
        ("d < a", {**MARCH, "d": date(2026, 2, 28)}, True),
        ("d < a", {**MARCH, "d": None}, None),
        ("NOT (a > d)", {**MARCH, "d": date(2026, 3, 31)}, True),
        ("n = n", {"n": 1.0}, True),
    ],
)
def test_dates_known_in_part_are_intervals_of_days(expression, columns, expected):
    assert judged(expression, **columns) is expected


HALF_PAST = datetime.fromisoformat("2026-03-31T08:30")
LATER = datetime.fromisoformat("2026-03-31T10:30")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("started < ended", True),
        ("started = '2026-03-31 08:30'", True),
        ("(ended - started) * 24 = 2", True),
        ("started >= d", True),
        ("started = d", True),
        ("d = DATE '2026-03-31' AND started > DATE '2026-03-31'", False),
        ("started - d = 0", True),
    ],
)
def test_moments_are_compared_with_moments_and_their_days_with_dates(expression, expected):
    said = judged(expression, started=HALF_PAST, ended=LATER, d=date(2026, 3, 31))

    assert said is expected


@pytest.mark.parametrize(
    ("expression", "column"),
    [
        ("why__work = TRUE", "f.why__chosen_work"),
        ("why__9 = FALSE", "f.why__chosen_9"),
        ('"why__x-1" = TRUE', "f.why__chosen_x-1"),
        ("why__count >= 1", "f.why__count"),
        ("why__missing = 'ND'", "f.why__missing"),
        ("why IS NULL", "f.why"),
    ],
)
def test_one_choice_of_several_and_their_number_have_names(expression, column):
    assert [each.column for each in condition(expression, SCOPE).references] == [column]


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("why = 'work'", "ask for one choice, as in reasons__work = TRUE"),
        ("why__wrok = TRUE", "did you mean 'work'?"),
        ("why__count = 'work'", "number"),
        ("vas__work = TRUE", "rules know its value vas and its missing code vas__missing"),
        ("started + 1 > ended", "to which nothing can be added"),
        ("started = '2026-03-31'", "write '2026-03-31 08:30', or DATE '2026-03-31'".replace("2026", "2025")),
        ("started = '2026-03-31 25:00'", "no date and time"),
        ("scan > 3", "only values of one kind"),
        ("score = 'x'", "write numbers without quotation marks"),
    ],
)  # fmt: skip
def test_what_a_kind_cannot_say_is_a_protocol_error(expression, said):
    with pytest.raises(ProtocolError) as error:
        condition(expression, SCOPE)
    assert said in str(error.value)
