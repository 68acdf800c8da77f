"""How kinds of value meet: what a part is as a number, a text or a condition."""

import pytest

from tests.imports.xlsform.asked import QUESTIONS
from trialkit.imports.xlsform.parts import (
    NULL,
    alike,
    answer,
    as_condition,
    as_number,
    as_text,
    compared_alike,
    known_of,
    number,
    only_choice,
    stated,
)
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.forms.expressions import Kind

PARTS = {name: answer(each) for name, each in QUESTIONS.items()}


def test_a_part_is_a_number_where_it_has_one() -> None:
    assert as_number(stated(" 3 ")).text == "3"
    assert as_number(NULL) is NULL
    assert as_number(PARTS["t"]).text == "TO_NUMBER(t)"
    for name in ("s", "d"):
        with pytest.raises(ExpressionError, match="is no number here"):
            as_number(PARTS[name])


def test_a_part_is_a_condition_as_xpath_takes_it() -> None:
    assert [as_condition(each).text for each in (number("0"), number("2"), stated(""), stated("a"))] == [
        "FALSE", "TRUE", "FALSE", "TRUE",
    ]  # fmt: skip
    assert as_condition(PARTS["d"]).text == "d IS NOT NULL"


def test_a_part_is_a_text_as_odk_keeps_it() -> None:
    assert as_text(number("2")).quoted == "2"
    assert as_text(PARTS["y"]).text == "IF(y IS NULL, NULL, IF(y, 'yes', 'no'))"
    assert as_text(as_condition(PARTS["d"])).text == "IF(d IS NOT NULL, 'true', 'false')"


def test_branches_are_of_one_kind_or_are_refused() -> None:
    assert [each.kind for each in alike([stated("1"), number("2"), stated("")])] == [
        Kind.NUMBER, Kind.NUMBER, Kind.NULL,
    ]  # fmt: skip
    assert [each.text for each in alike([PARTS["y"], stated("dk")])][1] == "'dk'"
    assert known_of(alike([stated("a"), PARTS["c"]])) == ("a", "1", "2")
    assert known_of(alike([stated("a"), PARTS["t"]])) == ()
    with pytest.raises(ExpressionError, match="several kinds"):
        alike([PARTS["d"], PARTS["n"]])
    with pytest.raises(ExpressionError, match="gives nothing"):
        alike([stated(""), NULL])


@pytest.mark.parametrize(
    ("one", "other", "sign", "texts"),
    [
        ("c", "c", "<", ("TO_NUMBER(c)", "TO_NUMBER(c)")),
        ("c", "n", "=", ("TO_NUMBER(c)", "n")),
        ("y", "t", "=", ("IF(y IS NULL, NULL, IF(y, 'yes', 'no'))", "t")),
        ("d", "e", "<", ("d", "e")),
        ("n", "m", "=", ("n", "m")),
    ],
)
def test_two_sides_are_compared_as_one_kind(
    one: str, other: str, sign: str, texts: tuple[str, str]
) -> None:
    found = compared_alike(PARTS[one], PARTS[other], sign)
    assert (found[0].text, found[1].text) == texts


def test_one_choice_alone_is_that_choice_and_a_count_of_one() -> None:
    assert only_choice(QUESTIONS["s"], "a") == "(COALESCE(s__a, FALSE) AND s__count = 1)"
    with pytest.raises(ExpressionError, match="'z' is no choice of s"):
        only_choice(QUESTIONS["s"], "z")
