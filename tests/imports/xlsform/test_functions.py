"""Each function of an XLSForm that has a counterpart, in our words."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.imports.xlsform.asked import TRANSLATOR
from trialkit.imports.xlsform.functions import function_of, looked_up
from trialkit.imports.xlsform.parts import answer, number, stated
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.forms.expressions import Kind
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.rules.expression import calculation
from trialkit.schemas.rules.names import Scope

FUNCTIONS = {
    "selected(${c}, '1')": "COALESCE(c = '1', FALSE)",
    "selected(${y}, 'yes')": "COALESCE(y = 'yes', FALSE)",
    "selected(${t}, 'word')": "COALESCE(t = 'word', FALSE)",
    "selected(${n}, '2')": "COALESCE(n = 2, FALSE)",
    "selected('1 2', ${c})": "COALESCE(c IN ('1', '2'), FALSE)",
    "count-selected(${s})": "s__count",
    "round(${m})": "ROUND(m, 0)",
    "round(${m}, 2)": "ROUND(m, 2)",
    "floor(${m})": "FLOOR(m)",
    "ceiling(${m})": "CEIL(m)",
    "abs(${n} - 3)": "ABS(n - 3)",
    "int(${m})": "IF(m >= 0, FLOOR(m), CEIL(m))",
    "pow(${m}, 2)": "m * m",
    "number(${c})": "TO_NUMBER(c)",
    "number('3')": "3",
    "decimal-date-time(${d})": "d - DATE '1970-01-01'",
    "date(20000)": "DATE '1970-01-01' + 20000",
    "date('2025-01-31')": "'2025-01-31'",
    "format-date(${d}, '%Y-%m-%d')": "d",
    "format-date(${d}, '%m')": "MONTH(d)",
    "substr(${t}, 0, 3)": "SUBSTR(t, 1, 3)",
    "substr(${t}, 2)": "SUBSTR(t, 3, 9997)",
    "substr(${n}, 0, 1)": "SUBSTR(TO_TEXT(n), 1, 1)",
    "string-length(${n})": "LENGTH(TO_TEXT(n))",
    "concat(${t}, ${n})": "CONCAT(t, TO_TEXT(n))",
    "if(${y} = 'yes', ${t}, ${n})": "IF(COALESCE(y = 'yes', FALSE), t, TO_TEXT(n))",
    "cht:difference-in-days(${d}, ${e})": "e - d",
    "cht:difference-in-weeks(${d}, ${e})": "IF(e < d, NULL, FLOOR((e - d) / 7))",
    "once(${n} + 1)": "n + 1",
    "string(${t})": "t",
    "max(${n}, ${m})": "IF(n + m IS NULL, NULL, IF(n >= m, n, m))",
    "min(${n}, ${m})": "IF(n + m IS NULL, NULL, IF(n <= m, n, m))",
    "regex(${t}, '[A-Z]+')": "MATCHES(t, '[A-Z]+')",
    "starts-with(${t}, 'a')": "STARTS_WITH(t, 'a')",
    "contains(${t}, 'a')": "CONTAINS(t, 'a')",
    "concat(${t}, ' ', ${c})": "CONCAT(t, ' ', c)",
    "jr:choice-name(${c}, '${c}')": "COALESCE(IF(c = '1', 'Label 1', NULL), IF(c = '2', 'Label 2', NULL))",
    "boolean(${t})": "t IS NOT NULL",
    "true()": "TRUE",
    "not(false())": "TRUE",
}


@pytest.mark.parametrize("theirs", FUNCTIONS)
def test_a_function_has_its_counterpart(theirs: str) -> None:
    assert TRANSLATOR.value(theirs).text == FUNCTIONS[theirs]


@pytest.mark.parametrize(
    "theirs",
    ["uuid()", "today()", "selected(${s}, ${c})", "count-selected(${n})", "pow(${m}, ${n})", "round(${m}, ${n})",
     "jr:choice-name(${n}, '${n}')", "format-date(${d}, '%e %b')", "regex(${t}, ${t})",
     "contains(${n}, '1')", "concat(${m}, 'a')", "date(${t})",
     "substr(${t}, ${n}, 3)", "substr(${t}, 3, 3)", "substr(${m}, 0, 1)", "format-date(${t}, '%m')",
     "difference-in-months(${t}, ${d})", "count(${fall})", "if(${n} = 1, '', '')"],
)  # fmt: skip
def test_what_has_none_says_so(theirs: str) -> None:
    with pytest.raises(ExpressionError, match=r"\S"):
        TRANSLATOR.value(theirs)


DAYS = st.dates(date(1999, 1, 1), date(2031, 12, 31))


def worked_out(theirs: str, start: date, end: date) -> object:
    """What a calculation of two days comes to."""
    items = tuple(Item(id=name, label=name, type=ItemType.DATE) for name in ("d", "e"))
    form = Form(
        id="f", title="f", kind=FormKind.OTHER, expected=Expected.AS_NEEDED, visits=(),
        repeating=False, items=items, rules=(), file="", sha256="",
    )  # fmt: skip
    scope = Scope(form=form, forms={"f": form}, missing_codes=())
    read = calculation(TRANSLATOR.value(theirs).text, scope)
    cells = {"d": start, "e": end}
    table = {each.column: [cells[each.item]] for each in read.references}
    table |= {each.wrong: [False] for each in read.references}
    return read.computed(pl.DataFrame(table))[0]


@given(start=DAYS, end=DAYS)
def test_months_are_whole_ones_and_not_known_where_forms_differ(start: date, end: date) -> None:
    found = worked_out("difference-in-months(${d}, ${e})", start, end)
    years = worked_out("cht:difference-in-years(${d}, ${e})", start, end)
    ends = (end + timedelta(days=1)).day == 1
    if end < start or (ends and end.day < start.day):
        assert (found, years) == (None, None)
        return
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    assert (found, years) == (months, months // 12)


def test_a_function_is_told_by_its_name_and_what_it_is_given() -> None:
    found = function_of("pow", (number("2"), number("3")), TRANSLATOR.find)
    assert (found.text, found.kind) == ("2 * 2 * 2", Kind.NUMBER)
    with pytest.raises(ExpressionError, match=r"pow\(\) with 1 values"):
        function_of("pow", (number("2"),), TRANSLATOR.find)


def test_what_a_table_says_of_a_code_is_looked_up() -> None:
    key = answer(TRANSLATOR.find("c"))
    found = looked_up(key, {"1": "north", "2": "", "3": "south"})
    assert (found.text, found.known) == ("IF(c = '1', 'north', NULL)", ("north",))
    with pytest.raises(ExpressionError, match="no single choice"):
        looked_up(stated("1"), {"1": "north"})
