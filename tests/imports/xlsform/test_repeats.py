"""A function is about the rows of a repeat, or it is none of these."""

from typing import ClassVar

import pytest

from tests.imports.xlsform.asked import QUESTIONS, asked
from trialkit.imports.xlsform.parts import Asked, Part, answer, number
from trialkit.imports.xlsform.repeats import OF_REPEATS, of_repeat
from trialkit.imports.xlsform.xpath import COLUMN, ITSELF
from trialkit.schemas.expressions.nodes import Name, Node, Number
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.forms.expressions import Kind
from trialkit.schemas.items.item_types import ItemType


class Seen:
    """A repeat ``r`` with a number, a date and a choice coded in numbers."""

    answered: ClassVar = {
        "n": asked("r.n", ItemType.INTEGER), "d": asked("r.d", ItemType.DATE),
        "c": asked("r.c", ItemType.CHOICE, "1", "2"),
    }  # fmt: skip

    def rows(self, name: str) -> str:
        return "r"

    def answers(self, name: str) -> Asked | None:
        return self.answered.get(name)

    def number(self, path: str) -> str:
        return "repeat"


def said(node: Node) -> Part:
    return number(node.text) if isinstance(node, Number) else answer(QUESTIONS["n"])


def of(function: str, *arguments: Node) -> Part | None:
    return of_repeat(function, arguments, Seen(), said)


N, D, C, R = (Name(parts=(name,)) for name in "ndcr")


@pytest.mark.parametrize(
    ("function", "arguments", "text", "kind", "whole"),
    [
        ("sum", (N,), "IF(ANY(r.n IS NULL), NULL, COALESCE(SUM(r.n), 0))", Kind.NUMBER, True),
        ("max", (C,), "IF(ANY(TO_NUMBER(r.c) IS NULL), NULL, MAX(TO_NUMBER(r.c)))", Kind.NUMBER, False),
        ("count", (R,), "COUNT(r)", Kind.NUMBER, True),
        ("count-non-empty", (C,), "COUNT(r.c IS NOT NULL)", Kind.NUMBER, True),
        ("position", (Name(parts=("..",)),), "repeat", Kind.NUMBER, True),
        ("indexed-repeat", (D, R, Number(text="2")), "MAX(IF(r.repeat = 2, r.d, NULL))", Kind.DATE, False),
        ("indexed-repeat", (N, R, Name(parts=("q",))), "MAX(IF(r.repeat = n, r.n, NULL))", Kind.NUMBER, True),
    ],
)  # fmt: skip
def test_it_asks_all_rows(
    function: str, arguments: tuple[Node, ...], text: str, kind: Kind, *, whole: bool
) -> None:
    found = of(function, *arguments)
    assert found is not None
    assert (found.text, found.kind, found.whole) == (text, kind, whole)
    assert function in OF_REPEATS


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("max", (Name(parts=("z",)),)), ("max", (N, D)), ("sum", (Number(text="1"),)),
        ("count", (Number(text="1"),)), ("join", (N, Name(parts=("z",)))), ("position", (Number(text="1"),)),
        ("max", (ITSELF,)), ("max", (Name(parts=(COLUMN, "n")),)),
    ],
)  # fmt: skip
def test_what_is_of_one_row_is_none_of_these(function: str, arguments: tuple[Node, ...]) -> None:
    assert of(function, *arguments) is None


@pytest.mark.parametrize(
    ("function", "arguments"), [("sum", (D,)), ("indexed-repeat", (C, R, Number(text="1")))]
)
def test_what_rules_cannot_ask_says_why(function: str, arguments: tuple[Node, ...]) -> None:
    with pytest.raises(ExpressionError, match=r"\S"):
        of(function, *arguments)
