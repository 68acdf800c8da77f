"""REDCap's logic as a tree: names in brackets, signs by how tightly they bind, and what is none."""

import pytest

from trialkit.imports.redcap.logic import FieldName, read_logic
from trialkit.imports.taking_in.beyond import NotInTheFileError
from trialkit.schemas.expressions.nodes import (
    Call,
    Negative,
    Node,
    Number,
    Operation,
    Text,
    Truth,
)
from trialkit.schemas.expressions.reading import ExpressionError


def name(*parts: str, **more: object) -> FieldName:
    return FieldName(**{"parts": parts, "name": parts[-1].lower(), **more})


def of(sign: str, left: Node, right: Node) -> Operation:
    return Operation(sign=sign, left=left, right=right)


A, B, C = name("a"), name("b"), name("c")
ONE, TWO = Number(text="1"), Number(text="2")
NAMES = {
    "[ Pain ]": name("Pain"),
    "[why(-99)]": name("why(-99)", name="why", code="-99"),
    "[why( A )]": name("why( A )", name="why", code="A"),
    "[Base_Arm_1][x]": name("Base_Arm_1", "x", event="base_arm_1"),
    "[x][3]": name("x", "3", name="x", instance="3"),
    "[x][last-instance]": name("x", "last-instance", name="x", instance="last-instance"),
    "[ev][x][previous-instance]": name(
        "ev", "x", "previous-instance", name="x", event="ev", instance="previous-instance"
    ),
    "[event-name]": name("event-name"),
    "[event-name][x]": name("event-name", "x", event="event-name"),
    "[x:value:label]": name("x:value:label", name="x", modifiers=(":value", ":label")),
    "[x(2):checked]": name("x(2):checked", name="x", code="2", modifiers=(":checked",)),
}


@pytest.mark.parametrize(("text", "expected"), NAMES.items())
def test_brackets_name_an_event_a_field_and_an_instance(text: str, expected: FieldName) -> None:
    assert read_logic(text) == expected


def test_a_field_is_called_in_messages_as_it_stands() -> None:
    for text in ("[ev][why(2):checked][3]", "[x]", "[x][current-instance]"):
        assert str(read_logic(text)) == text


TREES = {
    "[a] = '1'": of("=", A, Text(text="1")),
    '[a] <> "it\'s"': of("<>", A, Text(text="it's")),
    "[a] != 1": of("<>", A, ONE),
    "[a] <= 1": of("<=", A, ONE),
    "[a] >= 1": of(">=", A, ONE),
    "-[a]": Negative(operand=A),
    "+[a]": A,
    "TRUE": Truth(holds=True),
    "false": Truth(holds=False),
    # and before or, comparisons before both, products before sums, powers before products
    "[a] = 1 or [b] = 2 and [c] = 1": of(
        "or", of("=", A, ONE), of("and", of("=", B, TWO), of("=", C, ONE))
    ),
    "[a] = 1 || [b] = 2 && [c] = 1": of(
        "or", of("=", A, ONE), of("and", of("=", B, TWO), of("=", C, ONE))
    ),
    "([a] OR [b]) AND [c]": of("and", of("or", A, B), C),
    "[a] + [b] * [c] > 1": of(">", of("+", A, of("*", B, C)), ONE),
    "[a] - [b] - [c]": of("-", of("-", A, B), C),
    "[a] / [b] / [c]": of("/", of("/", A, B), C),
    "[a] * ([b])^(2)": of("*", A, of("^", B, TWO)),
    "-[a] + 1": of("+", Negative(operand=A), ONE),
    "round([a], 2)": Call(function="round", arguments=(A, TWO)),
    "SUM([a],[b] , 1)": Call(function="sum", arguments=(A, B, ONE)),
    "[a] // a remark\n = 1 # another": of("=", A, ONE),
    ".5 + 2.": of("+", Number(text=".5"), Number(text="2.")),
}


@pytest.mark.parametrize(("text", "tree"), TREES.items())
def test_signs_bind_as_redcap_says(text: str, tree: Node) -> None:
    assert read_logic(text) == tree


REFUSED = {
    "[a] = yes": "the word 'yes', which is no field in brackets and no function",
    "[2a]": "[2a], which names no field of the dictionary",
    "[a][b][c]": "[a][b][c], which names no field of the dictionary",
    "[Wrong Event][x]": "[Wrong Event][x], which names no field of the dictionary",
    "[3]": "[3], which names no field of the dictionary",
    "": "",
    "[a] =": "",
    "[a] [b] 1": "",
    "2 ^ 3 ^ 4": "",
    "[a] $ 1": "",
}


@pytest.mark.parametrize(("text", "why"), REFUSED.items())
def test_what_is_no_logic_is_refused(text: str, why: str) -> None:
    with pytest.raises(ExpressionError, match=r"\S") as error:
        read_logic(text)
    assert why in str(error.value)


@pytest.mark.parametrize(
    "variable",
    ["user-name", "user-dag-id", "project-id", "is-survey", "survey-url:base", "form-link:base"],
)
def test_what_the_server_alone_knows_is_told_apart(variable: str) -> None:
    with pytest.raises(NotInTheFileError, match="which the server alone knows"):
        read_logic(f"[{variable}] = '1'")


@pytest.mark.parametrize(
    "variable", ["aggregate-sum:x", "arm-number", "survey-date-completed:base"]
)
def test_other_smart_variables_are_lost(variable: str) -> None:
    with pytest.raises(ExpressionError, match="names no field") as error:
        read_logic(f"[{variable}] = '1'")
    assert not isinstance(error.value, NotInTheFileError)


def test_logic_has_a_length_and_a_depth_that_can_be_read() -> None:
    assert read_logic("1" + " " * 65_534) == ONE
    with pytest.raises(ExpressionError, match=r"^65536 characters; 65535 can be read$"):
        read_logic("1" + " " * 65_535)
    with pytest.raises(ExpressionError, match="100"):
        read_logic("(" * 101 + "1" + ")" * 101)
    assert read_logic("(" * 100 + "1" + ")" * 100) == ONE
