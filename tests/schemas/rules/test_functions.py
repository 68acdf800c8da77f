"""The functions, each of parts made by hand."""

import polars as pl
import pytest

from tests.schemas.rules.parts import column, come_to, draft
from trialkit.errors import ProtocolError
from trialkit.schemas.forms.expressions import Kind
from trialkit.schemas.rules.functions import FUNCTIONS
from trialkit.schemas.rules.grammar import FUNCTIONS as WORDS

A, S = column("a", Kind.NUMBER), column("s", Kind.TEXT)
TABLE = pl.DataFrame({"a": [-1.5, 2.9999999999999996, None], "s": ["déjà", "", None]})


def test_the_grammar_knows_the_same_functions() -> None:
    assert set(FUNCTIONS) == set(WORDS)


@pytest.mark.parametrize(
    ("name", "part", "found"),
    [
        ("ABS", A, [1.5, 2.9999999999999996, None]),
        ("ROUND", A, [-2.0, 3.0, None]),
        ("FLOOR", A, [-2.0, 3.0, None]),
        ("CEIL", A, [-1.0, 3.0, None]),
        ("LENGTH", S, [4.0, 0.0, None]),
        ("COALESCE", A, [-1.5, 2.9999999999999996, None]),
    ],
)
def test_what_each_gives(name: str, part: object, found: list[object]) -> None:
    written = draft()
    assert come_to(FUNCTIONS[name]([part], written), written, TABLE) == found


def test_each_says_what_it_takes() -> None:
    with pytest.raises(ProtocolError, match="ABS of 2 values; it takes one"):
        FUNCTIONS["ABS"]([A, A], draft())
    with pytest.raises(ProtocolError, match="LENGTH is for texts"):
        FUNCTIONS["LENGTH"]([A], draft())
