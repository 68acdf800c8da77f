"""Logic of REDCap means the same as a rule, blanks and missing data codes included."""

from contextlib import suppress
from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.conftest import examples, few_at_once
from tests.imports.redcap.one_form import DTYPES, OneForm
from tests.imports.redcap.tiny_redcap import (
    Arithmetic,
    Asked,
    Beyond,
    Both,
    Chosen,
    Constant,
    Is,
    Ref,
    Rounded,
    Together,
    Value,
)
from trialkit.errors import ProtocolError
from trialkit.imports.redcap.translation import Translator
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.forms.expressions import Kind
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.rules.expression import condition

OFFERED = {"choice": ("1", "2", "10"), "boxes": ("1", "-99", "abc")}
TYPES = {
    "choice": ItemType.CHOICE,
    "boxes": ItemType.MULTI_CHOICE,
    "yes": ItemType.YES_NO,
    "number": ItemType.DECIMAL,
    "whole": ItemType.INTEGER,
    "words": ItemType.TEXT,
    "day": ItemType.DATE,
    "later": ItemType.DATE,
    "moment": ItemType.DATE_TIME,
    "until": ItemType.DATE_TIME,
    "woke": ItemType.TIME,
    "slept": ItemType.TIME,
    "expected": ItemType.DECIMAL,
}
ONE_FORM = OneForm(types=TYPES, offered=OFFERED, missing_codes=("UNK",))
SCOPE = ONE_FORM.scope
find = ONE_FORM.find
TRANSLATOR = Translator(find=find, missing_codes={"UNK": "UNK"})


def cell(reference, record):  # noqa: PLR0911 - one a kind of value
    """What a rule finds where a record holds this."""
    raw = record.get(reference.item, "")
    if reference.code:
        return raw if raw == "UNK" else None
    if raw in {"", "UNK"}:
        return None
    if reference.of:
        return reference.of.removeprefix("__chosen_") in raw.split()
    if reference.kind is Kind.NUMBER:
        return float(raw)
    if reference.kind is Kind.BOOLEAN:
        return raw == "1"
    if reference.kind is Kind.MOMENT:
        return datetime.fromisoformat(raw)
    return date.fromisoformat(raw) if reference.kind is Kind.DATE else raw


def judged(rule, records):
    """What a rule of ours says of each record."""
    read = condition(rule, SCOPE)
    columns = {}
    for reference in read.references:
        dtype = pl.String if reference.code else DTYPES[reference.kind]
        cells = [cell(reference, record) for record in records]
        columns[reference.column] = pl.Series(reference.column, cells, dtype=dtype)
        columns[reference.wrong] = pl.Series(reference.wrong, [False] * len(records))
    return read.judged(pl.DataFrame(columns or {"none": [0] * len(records)})).to_list()


def blank_or(*texts):
    return st.sampled_from(("", "UNK", *texts))


records = st.fixed_dictionaries(
    {
        "choice": blank_or("1", "2", "10"),
        "boxes": blank_or("1", "-99", "1 -99", "abc"),
        "yes": blank_or("0", "1"),
        "number": blank_or("-1.5", "0", "2", "2.5", "10"),
        "whole": blank_or("0", "2", "7"),
        "words": blank_or("abc", "it's", "Abc"),
        "day": blank_or("2025-01-31", "2025-02-01", "2024-12-31"),
    }
)
VALUES = {
    "choice": ("1", "2", "10", "", "UNK"),
    "yes": ("0", "1", "", "UNK"),
    "number": ("0", "2", "2.5", "", "UNK"),
    "whole": ("2", "-3", "", "UNK"),
    "words": ("abc", "it's", "", "UNK"),
    "day": ("2025-01-31", "", "UNK"),
}
fields = st.sampled_from(tuple(VALUES))
equalities = fields.flatmap(
    lambda name: st.builds(
        Is, st.just(Ref(name)), st.sampled_from(("=", "<>")), st.sampled_from(VALUES[name])
    )
)
ticks = st.builds(
    Is,
    st.builds(Ref, st.just("boxes"), st.sampled_from(OFFERED["boxes"])),
    st.sampled_from(("=", "<>")),
    st.sampled_from(("0", "1")),
)
signs = st.sampled_from(("<", "<=", ">", ">="))
orders = st.one_of(
    st.builds(Beyond, st.just(Ref("choice")), st.sampled_from((">", ">=")), st.just("2")),
    st.builds(Beyond, st.just(Ref("number")), signs, st.sampled_from(("0", "2", "-1"))),
    st.builds(Beyond, st.just(Ref("day")), signs, st.just("2025-01-31")),
)
questions = st.builds(
    Asked, st.sampled_from(("isblankormissingcode", "ismissingcode")), st.builds(Ref, fields)
)
conditions = st.recursive(
    st.one_of(equalities, equalities, ticks, orders, questions),
    lambda inner: st.builds(Both, st.sampled_from(("and", "or")), inner, inner),
    max_leaves=4,
)
numbers = st.recursive(
    st.one_of(
        st.builds(Constant, st.integers(0, 9)),
        st.builds(Value, st.builds(Ref, st.sampled_from(("choice", "yes", "number", "whole")))),
        st.builds(Value, st.builds(Ref, st.just("boxes"), st.sampled_from(OFFERED["boxes"]))),
    ),
    lambda inner: st.one_of(
        st.builds(Arithmetic, st.sampled_from("+-*/"), inner, inner),
        st.builds(
            Together, st.sampled_from(("sum", "mean")), st.tuples(inner, inner) | st.tuples(inner)
        ),
        st.builds(Rounded, st.sampled_from(("round", "rounddown", "roundup")), inner),
        st.builds(Chosen, conditions, inner, inner),
    ),
    max_leaves=5,
)


@settings(max_examples=examples(100), deadline=None)
@given(conditions, st.lists(records, min_size=1, max_size=8))
def test_a_condition_says_what_redcap_says(logic, rows):
    rule = TRANSLATOR.condition(logic.text()).text
    try:
        condition(rule, SCOPE)
    except ProtocolError as error:  # two parts that contradict each other are refused
        assume("can never be true" not in str(error))
    assert judged(rule, rows) == [logic.holds(row) for row in rows]


@settings(max_examples=examples(100), deadline=None)
@given(numbers, st.lists(records, min_size=1, max_size=6))
def test_a_calculation_gives_what_redcap_gives(logic, rows):
    text = TRANSLATOR.calculation(logic.text())
    found = [logic.number(row) for row in rows]
    given_too = [
        {**row, "expected": "" if number is None else repr(number)}
        for row, number in zip(rows, found, strict=True)
    ]
    same = f"COALESCE(ABS(({text}) - expected) <= 0.000001, ({text}) IS NULL AND expected IS NULL)"
    assert judged(same, given_too) == [True] * len(rows)


SAID = {
    "[choice] = '1'": "COALESCE(choice = '1', FALSE)",
    "'1' = [choice]": "COALESCE(choice = '1', FALSE)",
    '[choice] <> ""': "NOT (choice IS NULL AND choice__missing IS NULL)",
    "[choice] > 1 and [number] < 3": "choice IN ('2', '10') AND number < 3",
    "[choice] = 01": "COALESCE(choice = '1', FALSE)",
    "[boxes(-99)] = '1' OR [boxes(ABC)] = 0": 'COALESCE("boxes__-99", FALSE) OR '
    "NOT COALESCE(boxes__abc, FALSE)",
    "[words] != 'x' && [yes]": "COALESCE(words <> 'x', TRUE) AND COALESCE(yes = TRUE, FALSE)",
    "[number] = 'UNK'": "COALESCE(number__missing = 'UNK', FALSE)",
    "datediff([day], [later], 'd', 'ymd', true) > 3": "(later - day) > 3",
    "datediff([day],\n[later], 'y') >= 1 // a year": "(ABS(later - day) / 365.2425) >= 1",
    "isblankormissingcode([day]) = false": "NOT (day IS NULL)",
    "([number])^(2) = ''": "(number * number) IS NULL",
    "if([boxes(1)] = '1', 1, 0)": "COALESCE(boxes__1, FALSE)",
    "[whole] + 1 - (2 - [number]) = 0": "COALESCE(whole + 1 - (2 - number) = 0, FALSE)",
}


@pytest.mark.parametrize(("logic", "rule"), SAID.items())
def test_the_words_of_a_rule(logic: str, rule: str) -> None:
    assert TRANSLATOR.condition(logic).text == rule
    condition(rule, SCOPE)


REFUSED = {
    "": "nothing in it",
    "[choice]=": "ends where a value was expected",
    "[boxes] = '1' + [boxes]": "holds no number",
    "[boxes(7)] = '1'": "no choice '7'",
    "[boxes(1)] > 'a'": "a choice is 1 or 0",
    "[choice(1)] = '1'": "no checkbox",
    "[yes] > 'no'": "yes is 1 and no is 0",
    "[nothing] = 1": "unknown",
    "[previous-event-name][number] = 1": "no field of the dictionary",
    "[number:label] = '1'": "more than the value",
    "[words] > 'a'": "the order of free texts",
    "[choice] > 'a'": "no numbers",
    "datediff([day], 'yesterday', 'd') > 3": "datediff() of 'yesterday'",
    "datediff([day], [number], 'd') > 3": "no date",
    "datediff([day], [moment], 'd') > 3": "of a date and of a date with a time",
    "datediff([day], [later], 'w') > 3": "in the unit",
    "left([words], [whole]) = 'a'": "without whole numbers of characters",
    "upper([number]) = 'A'": "may be written in several ways",
    "upper([words]) > 'A'": "the order of texts",
    "contains([words], '')": "of an empty text",
    "find([words], 'a') > 2": "the function find()",
    "round([number], [whole]) > 2": "decimals",
    "[number] > 1 extra": "'extra' where an end was expected",
    "import os": "the word 'import'",
    "[number] > 1; drop": "cannot be read",
    "(" * 120 + "1" + ")" * 120 + " = 1": "nested more than",
    "[number] = 1" + " or [number] = 1" * 5000: "can be read",
    "[number] + " * 400 + "1 > 2": "within each other",
}


@pytest.mark.parametrize(("logic", "why"), REFUSED.items(), ids=range(len(REFUSED)))
def test_what_cannot_be_said_is_refused_with_a_reason(logic: str, why: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        TRANSLATOR.condition(logic)
    assert why in str(refused.value)


@settings(max_examples=examples(100), deadline=None)
@given(st.text(alphabet="[]()'\"=<>+-*/^, aborndifnumy123\n#", max_size=60))
def test_any_text_is_said_or_refused(logic: str) -> None:
    with suppress(ExpressionError):
        TRANSLATOR.condition(logic)


@pytest.mark.parametrize("sign", few_at_once(["or", "and"], 1))
def test_a_chain_as_long_as_redcap_keeps_is_said_and_can_be_run(sign: str) -> None:
    parts = [f"[number] = '{place % 50}'" for place in range(3200)]
    logic = f" {sign} ".join(parts)
    assert 60_000 < len(logic) <= 65_535
    rule = TRANSLATOR.condition(logic).text
    rows = [{"number": "7"}, {"number": "77"}, {"number": ""}]
    assert judged(rule, rows) == ([True, False, False] if sign == "or" else [False] * 3)


def test_eighty_ifs_within_each_other_are_said_and_can_be_run() -> None:
    logic = "'99'"
    for place in range(80, 0, -1):
        logic = f"if([whole] = '{place}', {place * 10}, {logic})"
    text = TRANSLATOR.calculation(logic)
    assert judged(f"{text} = 800", [{"whole": "80"}, {"whole": "81"}]) == [True, False]
    assert judged(f"{text} = 99", [{"whole": "80"}, {"whole": "81"}]) == [False, True]


@pytest.mark.parametrize("sign", ["+", "*", "-"])
def test_a_sum_as_long_as_logic_may_be_is_said_or_refused(sign: str) -> None:
    with suppress(ExpressionError):
        TRANSLATOR.calculation(sign.join(["[a]"] * 300))
    with suppress(ExpressionError):
        TRANSLATOR.calculation(sign.join(["[number]"] * 299))


NEVER = {
    "[choice] = '9'": ("FALSE", "never true"),
    "[choice] <> '9'": ("TRUE", "always true"),
    "[choice] > 99": ("FALSE", "no choice of choice is"),
    "[yes] = '7' or [number] = 2": ("COALESCE(number = 2, FALSE)", "cannot have this value"),
    "[yes] > 1": ("FALSE", "yes is 1, no is 0"),
    "[number] = 'many'": ("FALSE", "cannot have this value"),
    "[boxes(1)] = '2' and [yes] = 1": ("FALSE", "never true"),
}


@pytest.mark.parametrize(("logic", "rule", "remark"), [(a, *b) for a, b in NEVER.items()])
def test_what_no_answer_can_be_is_said_with_a_remark(logic: str, rule: str, remark: str) -> None:
    said = TRANSLATOR.condition(logic)
    assert said.text == rule
    assert remark in " ".join(said.remarks)
    condition(rule, SCOPE)
