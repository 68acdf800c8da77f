"""Each function of an XLSForm that has a counterpart, in our words."""

from calendar import monthrange
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.imports.xlsform.asked import TRANSLATOR
from trialkit.imports.taking_in.beyond import NotInTheFileError
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
    "format-date(${d}, '%m')": "IF(MONTH(d) < 10, CONCAT('0', TO_TEXT(MONTH(d))), TO_TEXT(MONTH(d)))",
    "format-date(${d}, '%n') + 1": "MONTH(d) + 1",
    "format-date(${d}, '%e/%n/%Y')": "CONCAT(TO_TEXT(DAY(d)), '/', TO_TEXT(MONTH(d)), '/', TO_TEXT(YEAR(d)))",
    "format-date-time('2025-01-31', '%Y')": "TO_TEXT(YEAR(DATE '2025-01-31'))",
    "format-date(${t}, '%Y-%m-%d')": "TO_DATE(t)",
    "date(${t})": "TO_DATE(t)",
    "decimal-date-time(${t})": "TO_DATE(t) - DATE '1970-01-01'",
    "number(${t})": "TO_NUMBER(t)",
    "date(decimal-date-time(${d}) - 365.25 * ${n})": "DATE '1970-01-01' + IF(d - DATE '1970-01-01' - 365.25 * n >= 0, "
    "FLOOR(d - DATE '1970-01-01' - 365.25 * n), NULL)",
    "add-date(${d}, 0 - ${n}, 0, 3)": "ADD_MONTHS(ADD_MONTHS(d, 12 * COALESCE(0 - n, 0)), 0) + 3",
    "cht:difference-in-days(${t}, ${e})": "e - TO_DATE(t)",
    "concat(${m}, ' kg')": "CONCAT(TO_TEXT(m), ' kg')",
    "concat(floor(${m}), ' years')": "CONCAT(TO_TEXT(FLOOR(FLOOR(m))), ' years')",
    "if(${n} = 1, 'z', ${c})": "IF(COALESCE(n = 1, FALSE), 'z', CONCAT(c))",
    "starts-with(${t}, ${c})": "STARTS_WITH(t, c)",
    "ends-with(${t}, 'a')": "ENDS_WITH(t, 'a')",
    "sqrt(${m})": "SQRT(m)",
    "pow(${m}, 0.5)": "POWER(m, 0.5)",
    "log10(${m})": "LN(m) / LN(10)",
    "2 * pi()": "2 * 3.141592653589793",
    "regex(${n}, '[0-9]{3}')": "MATCHES(TO_TEXT(n), '[0-9]{3}')",
    "selected-at(${t}, 1)": "IF(CONTAINS(t, '  '), NULL, SPLIT_PART(t, ' ', 2))",
    "substring-before(${t}, '-')": "IF(CONTAINS(t, '-'), SPLIT_PART(t, '-', 1), NULL)",
    "boolean-from-string(${t})": "COALESCE(LOWER(t) IN ('true', '1'), FALSE)",
    "boolean-from-string('TRUE')": "TRUE",
    "concat(${t}, ${d})": "CONCAT(t, CONCAT(TO_TEXT(YEAR(d)), '-', "
    "IF(MONTH(d) < 10, CONCAT('0', TO_TEXT(MONTH(d))), TO_TEXT(MONTH(d))), '-', "
    "IF(DAY(d) < 10, CONCAT('0', TO_TEXT(DAY(d))), TO_TEXT(DAY(d)))))",
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
    ["uuid()", "today()", "selected(${s}, ${c})", "count-selected(${n})", "round(${m}, ${n})",
     "jr:choice-name(${n}, '${n}')", "format-date(${d}, '%e %b')", "regex(${t}, ${t})",
     "contains(${m} div 3, '1')", "selected-at(${s}, 0)", "selected-at(${t}, ${n})", "substring-before(${t}, ${c})", "concat(${m} div 3, 'a')", "date(${y})", "add-date(${d}, ${m})",
     "add-date(${d}, 0, 0, 0, 2)", "format-date(${d}, '%H')", "format-date(${d}, ${t})",
     "substr(${t}, ${n}, 3)", "substr(${t}, 3, 3)", "substr(${m} div 3, 0, 1)",
     "difference-in-months(${y}, ${d})", "count(${fall})", "if(${n} = 1, '', '')"],
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


@pytest.mark.parametrize(
    "theirs",
    ["uuid()", "random()", "format-date(${d}, '%e %b')", "property('deviceid')", "version()"],
)
def test_what_only_the_device_knows_is_told_apart(theirs: str) -> None:
    with pytest.raises(NotInTheFileError, match="device"):
        TRANSLATOR.value(theirs)


@given(start=DAYS, years=st.integers(0, 90), months=st.integers(0, 11))
def test_a_date_some_years_and_months_ago_is_that_of_the_toolkit(
    start: date, years: int, months: int
) -> None:
    theirs = f"decimal-date-time(add-date(${{d}}, 0-{years}, 0-{months}))"
    at = (start.year - years) * 12 + start.month - 1
    first = date(start.year - years, start.month, 1)
    first = first.replace(day=min(start.day, monthrange(first.year, first.month)[1]))
    at -= months
    last = monthrange(at // 12, at % 12 + 1)[1]
    expected = date(at // 12, at % 12 + 1, min(first.day, last))
    assert worked_out(theirs, start, start) == (expected - date(1970, 1, 1)).days


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
    with pytest.raises(NotInTheFileError, match="nothing for any answer"):
        looked_up(key, {"9": "north"})
    with pytest.raises(
        ExpressionError, match="1,001 rows of a table, of which a rule can say 1,000"
    ):
        looked_up(answer(TRANSLATOR.find("t")), {str(n): "x" for n in range(1001)})
