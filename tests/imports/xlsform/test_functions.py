"""Each function of an XLSForm that has a counterpart, in our words."""

import pytest

from tests.imports.xlsform.asked import TRANSLATOR
from trialkit.imports.xlsform.functions import function_of, looked_up
from trialkit.imports.xlsform.parts import answer, number, stated
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.forms.expressions import Kind

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
     "contains(${n}, '1')", "concat(${n}, 'a')", "date(${t})", "if(${n} = 1, '', '')"],
)  # fmt: skip
def test_what_has_none_says_so(theirs: str) -> None:
    with pytest.raises(ExpressionError, match=r"\S"):
        TRANSLATOR.value(theirs)


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
