"""What REDCap's functions of texts give and ask, value by value, and where that is written."""

import pytest

from tests.imports.redcap.test_translation import TRANSLATOR, judged
from trialkit.imports.redcap.logic import read_logic
from trialkit.imports.redcap.texts import QUESTIONS, is_text, text_said
from trialkit.schemas.expressions.reading import ExpressionError

SPECIAL = "REDCap, special functions of calculations and logic"
RECORD = {"words": "Left knee", "choice": "10", "yes": "1", "whole": "7", "boxes": ""}
CASES = [
    ("upper([words])", {}, "LEFT KNEE", SPECIAL),
    ("lower([words])", {}, "left knee", SPECIAL),
    ("left([words], 4)", {}, "Left", SPECIAL),
    ("right([words], 4)", {}, "knee", SPECIAL),
    ("mid([words], 2, 3)", {}, "eft", f"{SPECIAL}: counted from 1"),
    ("trim(' a ')", {}, "a", SPECIAL),
    ("concat([words], ', ', [whole])", {}, "Left knee, 7", SPECIAL),
    ("concat([words], '!')", {"words": ""}, "!", "a blank is an empty text"),
    ("concat([choice], [yes])", {}, "101", "codes stand for themselves"),
    ("concat_ws('-', [choice], 'x', [whole])", {}, "10-x-7", SPECIAL),
    ("concat_ws('-', [words], 'x')", {"words": ""}, None, "not documented with a blank, so unknown"),
    ("if([whole] > 5, 'high', 'low')", {}, "high", SPECIAL),
    ("if([whole] > 5, 'high', '')", {"whole": "2"}, None, "an empty text is a blank"),
    ("if([yes] = '1', upper([words]), 'none')", {"yes": ""}, "none", SPECIAL),
]  # fmt: skip


@pytest.mark.parametrize(
    ("logic", "other", "expected", "source"),
    CASES,
    ids=[f"{n} {each[0]}" for n, each in enumerate(CASES)],
)
def test_a_text_is_this(logic, other, expected, source):
    assert source
    text = TRANSLATOR.text(logic)
    same = f"({text}) = '{expected}'" if expected is not None else f"({text}) IS NULL"

    assert judged(same, [{**RECORD, **other}]) == [True]


ASKED = [
    ("contains([words], 'KNEE')", {}, True, f"{SPECIAL}: capitals do not count"),
    ("contains([words], 'hip')", {}, False, SPECIAL),
    ("contains([words], 'knee')", {"words": ""}, False, "a blank contains nothing"),
    ("not_contain([words], 'knee')", {"words": ""}, True, "a blank contains nothing"),
    ("starts_with([words], 'left')", {}, True, f"{SPECIAL}: capitals do not count"),
    ("ends_with([words], 'left')", {}, False, SPECIAL),
    ("contains([choice], '0') = 1", {}, True, "true is 1"),
    ("contains([choice], '0') = false", {}, False, "false is 0"),
    ("left([words], 4) = 'Left'", {}, True, "texts are equal with their capitals"),
    ("left([words], 4) <> 'Left'", {"words": ""}, True, "a blank is not 'Left'"),
    ("upper([words]) = ''", {"words": ""}, True, "a blank is an empty text"),
    ("isnumber([words])", {"words": "-4.5"}, True, SPECIAL),
    ("isnumber([words])", {"words": ""}, False, SPECIAL),
    ("isinteger([words])", {"words": "4.5"}, False, SPECIAL),
    ("isinteger([whole])", {}, True, SPECIAL),
    ("isinteger([number])", {"number": "4.5"}, False, SPECIAL),
    ("isinteger([number])", {"number": "4"}, True, SPECIAL),
    ("isinteger([number])", {"number": ""}, False, f"{SPECIAL}: a blank is none"),
    ("[words] = '5'", {"words": "5"}, True, "a number in a text is compared as text"),
    ("[words] > 4", {"words": "10"}, True, "and as a number where it is more or less"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("logic", "other", "holds", "source"), ASKED, ids=[f"{n} {e[0]}" for n, e in enumerate(ASKED)]
)
def test_a_question_of_a_text_has_this_answer(logic, other, holds, source):
    assert source
    assert judged(TRANSLATOR.condition(logic).text, [{**RECORD, **other}]) == [holds]


def test_a_part_that_is_a_field_and_blank_is_left_open():
    said = TRANSLATOR.condition("contains([words], [choice])")
    assert said.open
    assert judged(said.text, [{"words": "a10b", "choice": ""}, {"words": "a10b", "choice": "10"}]) == [
        None, True,
    ]  # fmt: skip


def test_which_parts_are_texts():
    assert is_text(read_logic("if(1 = 1, 'a', 2)"))
    assert is_text(read_logic("concat('1', '2')"))
    assert not is_text(read_logic("if(1 = 1, '1', 'NaN')"))
    assert not is_text(read_logic("length('a')"))
    assert set(QUESTIONS) == {"contains", "not_contain", "starts_with", "ends_with"}


@pytest.mark.parametrize(
    ("logic", "why"),
    [
        ("upper([number])", "may be written in several ways"),
        ("upper([boxes(1)])", "one choice of a checkbox"),
        ("upper('a', 'b')", "upper() of 2 values"),
        ("left([words], [whole])", "without whole numbers of characters"),
        ("concat_ws([words], 'a')", "without a separator"),
        ("1 + 2", "where a text was expected"),
    ],
)
def test_what_is_no_text_says_so(logic, why):
    with pytest.raises(ExpressionError) as error:
        text_said(read_logic(logic), TRANSLATOR)
    assert why in str(error.value)
