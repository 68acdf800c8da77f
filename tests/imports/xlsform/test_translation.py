"""Expressions of an XLSForm in the words of our rules, and those that have no counterpart."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.imports.xlsform.asked import TRANSLATOR
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.forms.expressions import Kind

KEPT = {
    "${n} > 1 or ${m} = 2 and not(${n} = 3)": "n > 1 OR m = 2 AND NOT (n = 3)",
    "2 div ((${n} + 1) * 3) = 1": "2 / ((n + 1) * 3) = 1",
    "(${n} = 1 or ${n} = 2) and ${m} != -1.5": "(n = 1 OR n = 2) AND m <> -1.5",
    "${n} - (${m} - 1) > .5": "n - (m - 1) > 0.5",
    "${c} = 1": "c = '1'",
    "${c} > 1": "TO_NUMBER(c) > 1",
    "${c} + ${n} > 2": "TO_NUMBER(c) + n > 2",
    "${x} >= 1": "IF(x = '1', 1, NULL) >= 1",
    "${n} = ''": "n IS NULL",
    "${n} = 'NaN'": "n IS NULL",
    "${n} = '3'": "n = 3",
    "${t} = 3": "t = '3'",
    "string-length(${n}) > 0": "n IS NOT NULL",
    "string-length(${t}) = 0 or string-length(${t}) >= 3": "t IS NULL OR LENGTH(t) >= 3",
    "'' != ${c}": "c IS NOT NULL",
    "selected(${s}, 'B-1')": 'COALESCE("s__B-1", FALSE)',
    "${s} = 'a'": "(COALESCE(s__a, FALSE) AND s__count = 1)",
    "${y} = 'yes'": "y = 'yes'",
    "${y} = 'OK'": "y = 'yes'",
    "${y} != 'false'": "y <> 'no'",
    "${y}": "y IS NOT NULL",
    "${n}": "COALESCE(n <> 0, FALSE)",
    "true() and ${n} > 1": "n > 1",
    "false() or ${n} > 1": "n > 1",
    "(${n} > 1) = true()": "n > 1",
    "(${n} > 1) = false()": "NOT (n > 1)",
    '${c} = "2"': "c = '2'",
    "${c} = “2”": "c = '2'",
    ". < ${m}": "n < m",
    "${d} > '2025-01-31'": "d > '2025-01-31'",
    "${d} <= ${e} + 7": "d <= e + 7",
    "(${e} - ${d}) div 7 > 2": "(e - d) / 7 > 2",
    "null = ${t}": "t IS NULL",
}


@pytest.mark.parametrize("theirs", KEPT)
def test_what_a_blank_leaves_open_stays_open(theirs: str) -> None:
    assert TRANSLATOR.kept(theirs).text == KEPT[theirs]


SHOWN = {
    "${n} > 1": "COALESCE(n > 1, FALSE)",
    "${n} != 1": "COALESCE(n <> 1, TRUE)",
    "not(${c} = 1)": "NOT (COALESCE(c = '1', FALSE))",
    "${n} != ''": "n IS NOT NULL",
    "${c} = '9'": "FALSE",
    "${c} != '9'": "TRUE",
    "selected(${c}, '9') and ${n} = 1": "FALSE",
}


@pytest.mark.parametrize("theirs", SHOWN)
def test_of_when_a_question_is_shown_a_blank_decides(theirs: str) -> None:
    assert TRANSLATOR.shown(theirs).text == SHOWN[theirs]


VALUES = {
    "if(${n} != 1, ${m}, 0)": ("IF(COALESCE(n <> 1, TRUE), m, 0)", Kind.NUMBER),
    "if(${n} > 1, 'a', '')": ("IF(COALESCE(n > 1, FALSE), 'a', NULL)", Kind.TEXT),
    "if(${n} > 1, '1', '0')": ("IF(COALESCE(n > 1, FALSE), 1, 0)", Kind.NUMBER),
    "if(${n} > 1, ${m}, ${x})": (
        "IF(COALESCE(n > 1, FALSE), m, IF(x = '1', 1, NULL))", Kind.NUMBER,
    ),
    "if(true(), ${d}, ${e})": ("d", Kind.DATE),
    "coalesce(${n}, ${m})": ("COALESCE(n, m)", Kind.NUMBER),
    "coalesce(${d}, '')": ("d", Kind.DATE),
    "${n} mod 2": ("n - 2 * IF(n / 2 >= 0, FLOOR(n / 2), CEIL(n / 2))", Kind.NUMBER),
    "${d}": ("d", Kind.DATE),
    "${e} - ${d}": ("e - d", Kind.NUMBER),
    "${d} + 30": ("d + 30", Kind.DATE),
    "(${n} > 1) + (${y} = 'yes')": (
        "IF(COALESCE(n > 1, FALSE), 1, 0) + IF(COALESCE(y = 'yes', FALSE), 1, 0)", Kind.NUMBER,
    ),
}  # fmt: skip


@pytest.mark.parametrize("theirs", VALUES)
def test_a_value_has_the_kind_of_what_it_gives(theirs: str) -> None:
    found = TRANSLATOR.value(theirs)
    assert (found.text, found.kind) == VALUES[theirs]


@pytest.mark.parametrize(
    "theirs",
    ["${q} = 1", "../q = 1", "${n} = ", "(${n} = 1", "${s} = ${c}", "${s} > 'a'", "random() > 1",
     "pulldata('a')", "${n} = 1 ${m}", "", "(" * 50 + "1" + ")" * 50, "${d} * 2 > 2", "word = 1",
     "jr:itext('a') = 'b'", "${y} = 'perhaps'", "if(${n} > 1, ${d}, ${n}) = 1", "${n}[1] = 2"],
)  # fmt: skip
def test_everything_else_is_untranslatable_and_says_why(theirs: str) -> None:
    with pytest.raises(ExpressionError, match=r"\S"):
        TRANSLATOR.kept(theirs)


@settings(max_examples=examples(150), deadline=None)
@given(st.text(alphabet="${}nmcstdy.()'\"=!<>+-*/, andorotifmod1", max_size=40))
def test_any_text_is_translated_or_untranslatable(text: str) -> None:
    try:
        assert TRANSLATOR.value(text).text
    except ExpressionError:
        return
