"""What REDCap's functions of numbers give, value by value, and where that is written."""

import pytest

from tests.imports.redcap.test_translation import TRANSLATOR, judged
from trialkit.imports.redcap.logic import read_logic
from trialkit.imports.redcap.numbers import is_left_open, number_said, stated_number
from trialkit.schemas.expressions.nodes import Call
from trialkit.schemas.expressions.reading import ExpressionError

FAQ = "REDCap Help & FAQ, calculated fields"
SPECIAL = "REDCap, special functions of calculations and logic"
RECORD = {
    "number": "2.5", "whole": "7", "yes": "1", "choice": "10", "words": "4.5", "day": "2025-01-31",
    "later": "2026-01-31", "moment": "2025-01-31 08:00", "until": "2025-02-01 09:30", "boxes": "1",
    "woke": "07:00", "slept": "23:15",
}  # fmt: skip
CASES = [
    # logic, what is other in the record, the result, where it is written
    ("sum([number], [whole], 1)", {}, 10.5, SPECIAL),
    ("sum([number], [whole], 1)", {"number": ""}, 8, f"{SPECIAL}: blanks are ignored"),
    ("mean([number], [whole])", {"number": ""}, 7, f"{SPECIAL}: blanks are ignored"),
    ("mean([number], [whole])", {"number": "", "whole": ""}, None, f"{SPECIAL}: no number, no mean"),
    ("median([number], [whole], [choice])", {}, 7, SPECIAL),
    ("median([number], [whole], [choice])", {"choice": ""}, 4.75, f"{SPECIAL}: blanks are ignored"),
    ("round(stdev(2, 4, 4, '', 5, 7, 9), 3)", {}, 2.483, f"{SPECIAL}: that of a sample"),
    ("stdev([number], [whole])", {"number": ""}, None, f"{SPECIAL}: blanks are ignored"),
    ("min([number], [whole], [choice])", {"number": ""}, 7, f"{SPECIAL}: blanks are ignored"),
    ("max([number], [whole], [choice])", {"choice": ""}, 7, f"{SPECIAL}: blanks are ignored"),
    ("[number] + [whole]", {"number": ""}, None, f"{FAQ}: a blank gives a blank"),
    ("[number] / ([whole] - 7)", {}, None, "no number, so a blank"),
    ("[words] * 2", {}, 9, "a text without validation that is a number"),
    ("[words] * 2", {"words": "many"}, None, "a text that is no number, so a blank"),
    ("[boxes(1)] + [boxes(abc)] + [yes]", {}, 2, f"{FAQ}: a choice is 1 where ticked, else 0"),
    ("round([number], 0)", {}, 3, SPECIAL),
    ("round(14.384, 1)", {}, 14.4, f"{SPECIAL}, its example"),
    ("roundup(14.384, 1)", {}, 14.4, f"{SPECIAL}, its example"),
    ("rounddown(14.384, 1)", {}, 14.3, f"{SPECIAL}, its example"),
    ("abs(0 - 7.1)", {}, 7.1, f"{SPECIAL}, its example"),
    ("(4)^(3)", {}, 64, f"{SPECIAL}, its example"),
    ("(4)^(0.5)", {}, 2, SPECIAL),
    ("sqrt(2.25)", {}, 1.5, SPECIAL),
    ("log(8, 2)", {}, 3, f"{SPECIAL}: log(number, base)"),
    ("log(1)", {}, 0, f"{SPECIAL}: without a base the natural one"),
    ("exponential(0)", {}, 1, SPECIAL),
    ("mod([whole], 4)", {}, 3, SPECIAL),
    ("year([day]) * 100 + month([day]) + day([day]) / 100", {}, 202501.31, SPECIAL),
    ("length([words])", {}, 3, SPECIAL),
    ("length([words])", {"words": ""}, 0, "a blank is an empty text"),
    ("datediff([day], [later], 'd')", {}, 365, FAQ),
    ("datediff([later], [day], 'd')", {}, 365, f"{FAQ}: without the sign the absolute value"),
    ("datediff([later], [day], 'd', 'ymd', true)", {}, -365, f"{FAQ}: returnSignedValue"),
    ("datediff([later], [day], 'd', true)", {}, -365, f"{FAQ}: the format may lack"),
    ("datediff([day], [later], 'y')", {}, 365 / 365.2425, f"{FAQ}: a year has 365.2425 days"),
    ("datediff([day], [later], 'M')", {}, 365 / 30.44, f"{FAQ}: a month has 30.44 days"),
    ("datediff([moment], [until], 'h')", {}, 25.5, FAQ),
    ("datediff([moment], [until], 'm')", {}, 1530, FAQ),
    ("datediff([until], [moment], 's', 'dmy', true)", {}, -91800, FAQ),
    ("datediff([woke], [slept], 'h')", {}, 16.25, f"{FAQ}: of two times"),
    ("datediff([slept], [woke], 'm', true)", {}, -975, f"{FAQ}: of two times"),
    ("datediff([woke], '06:30', 's')", {}, 1800, f"{FAQ}: of two times"),
    ("datediff([woke], [slept], 'h')", {"woke": ""}, None, f"{FAQ}: a blank gives a blank"),
    ("datediff([day], '2025-02-03', 'd')", {}, 3, FAQ),
    ("datediff([day], [later], 'd')", {"later": ""}, None, f"{FAQ}: a blank gives a blank"),
    ("if([yes] = '1', 5, 6)", {}, 5, SPECIAL),
    ("if([yes] = '1', 5, 6)", {"yes": ""}, 6, "a blank is not '1'"),
    ("if([yes] = '', 'NaN', 6)", {"yes": ""}, None, "'NaN' is what a calculation without result gives"),
    ("if([yes] = \"\", \"nan\", [yes])", {}, 1, "the same in small letters"),
    ("if([whole] > 10, 1, if([whole] > 5, 2, 3))", {}, 2, SPECIAL),
]  # fmt: skip


@pytest.mark.parametrize(
    ("logic", "other", "expected", "source"),
    CASES,
    ids=[f"{n} {each[0]}" for n, each in enumerate(CASES)],
)
def test_a_calculation_gives_this_value(logic, other, expected, source):
    assert source
    text = TRANSLATOR.calculation(logic)
    record = {**RECORD, **other, "expected": "" if expected is None else repr(float(expected))}
    same = f"COALESCE(ABS(({text}) - expected) <= 0.0000001, ({text}) IS NULL AND expected IS NULL)"

    assert judged(same, [record]) == [True]


def test_a_sum_of_blanks_alone_is_left_open_and_a_comparison_with_it_too():
    call = read_logic("sum([number], [whole])")
    assert isinstance(call, Call)
    assert is_left_open(call)
    assert not is_left_open(Call(function="mean", arguments=call.arguments))
    rule = TRANSLATOR.condition("sum([number], [whole]) = 0").text
    assert judged(rule, [{"number": "", "whole": ""}, {"number": "0", "whole": ""}]) == [None, True]


@pytest.mark.parametrize(
    ("logic", "why"),
    [
        ("find([words])", "the function find() with 1 values"),
        ("sum('', '')", "sum() of nothing but blanks"),
        ("sum()", "the function sum() with 0 values"),
        ("datediff([day], [later])", "datediff() of 2 values"),
        ("mod([number])", "mod() of 1 values"),
        ("sqrt([number], 2)", "sqrt() of 2 values"),
        ("log(1, 2, 3)", "log() of 3 values"),
        ("year([number])", "which is no date"),
        ("year([woke])", "a time of day where a date was expected"),
        ("datediff([woke], [slept], 'd')", "a time of day where a date was expected"),
        ("datediff([woke], 'now', 'h')", "a time of day where a date was expected"),
        ("datediff([woke], [moment], 'h')", "of a date and of a date with a time"),
    ],
)
def test_what_has_no_counterpart_says_so(logic, why):
    call = read_logic(logic)
    assert isinstance(call, Call)
    with pytest.raises(ExpressionError) as error:
        number_said(call, TRANSLATOR)
    assert why in str(error.value)


def test_a_number_in_quotation_marks_is_one():
    assert stated_number(" -1.5 ") == "-1.5"
    with pytest.raises(ExpressionError, match="'a' where a number was expected"):
        stated_number("a")
