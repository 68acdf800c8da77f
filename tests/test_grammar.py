"""What goes with one and with several is known in one place, and nowhere made by hand."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from trialkit.grammar import by_number, counted, plural

PACKAGE = Path(__file__).parents[1] / "trialkit"
NO_GRAMMAR = {
    "Locked",
    "all",
    "one",
    "TRUE",
    "the head",
    " The plan asks this in one population alone.",
}
"""Words that say another thing of one, and not the same thing by another form."""


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (1234, "1,234 rows")],
)
def test_a_count_and_its_noun(count: int, said: str) -> None:
    assert counted(count, "row") == said


def test_words_of_one_and_of_several() -> None:
    assert [by_number(n, "row is", "rows are") for n in (0, 1, 2)] == [
        "rows are",
        "row is",
        "rows are",
    ]
    assert [plural(n, "stratum", "strata") for n in (1, 3)] == ["stratum", "strata"]
    assert counted(2, "analysis", "analyses") == "2 analyses"
    assert plural(1.0, "day") == "day"
    assert plural(0.5, "day") == "days"


COMPARED_WITH_ONE = re.compile(r"==[\s(]*(?:1|True)\b")


def hand_made(tree: ast.AST) -> Iterator[str]:
    """Two texts between which a comparison with one chooses."""
    for node in ast.walk(tree):
        match node:
            case ast.IfExp(
                test=ast.Compare(ops=[ast.Eq()], comparators=[ast.Constant(value=1)]),
                body=ast.Constant(value=str() as one),
                orelse=ast.Constant(value=str()),
            ) if one not in NO_GRAMMAR:
                yield one


def test_nobody_else_makes_it_by_hand() -> None:
    assert {
        f"{path.relative_to(PACKAGE)}: {one}"
        for path in PACKAGE.rglob("*.py")
        if path.name != "grammar.py"
        for text in [path.read_text(encoding="utf-8")]
        if COMPARED_WITH_ONE.search(text)  # the others need no tree
        for one in hand_made(ast.parse(text))
    } == set()


def test_a_plural_made_by_hand_is_seen() -> None:
    assert list(hand_made(ast.parse("noun = 'row' if n == 1 else 'rows'"))) == ["row"]
