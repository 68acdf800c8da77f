"""Two values beside each other, and what has no order."""

import polars as pl
import pytest

from tests.schemas.rules.parts import column, draft, quoted
from trialkit.errors import ProtocolError
from trialkit.schemas.forms.expressions import Kind
from trialkit.schemas.rules.comparing import comparable, compared
from trialkit.schemas.rules.kinds import RuleTerm

ONE, OTHER = column("one", Kind.NUMBER), column("other", Kind.NUMBER)
NUMBERS = pl.DataFrame({"one": [0.1 + 0.2, 0.3, None], "other": [0.3, 0.4, 1.0]})


def test_numbers_as_entered_are_compared_exactly_and_computed_ones_as_decimals() -> None:
    assert NUMBERS.select(compared("=", ONE, OTHER))["one"].to_list() == [False, False, None]
    computed = column("one", Kind.NUMBER, computed=True)
    assert NUMBERS.select(compared("=", computed, OTHER))["one"].to_list() == [True, False, None]
    assert NUMBERS.select(compared(">", computed, OTHER))["one"].to_list() == [False, False, None]


def test_quoted_text_becomes_what_it_is_beside() -> None:
    written = draft()
    left, right = comparable(column("p", Kind.BOOLEAN), quoted("yes"), written)
    table = pl.DataFrame({"p": [True, False]}).with_columns(*written.literals)
    assert table.select(compared("=", left, right))["p"].to_list() == [True, False]


@pytest.mark.parametrize(
    ("term", "says"),
    [
        (column("p", Kind.BOOLEAN), "yes is not more than no"),
        (column("c", Kind.TEXT, known=("1", "2")), "compare TO_NUMBER\\(c\\)"),
        (column("c", Kind.TEXT, known=("a", "b")), "use =, <> or IN"),
    ],
)
def test_what_has_no_order_is_not_ordered(term: RuleTerm, says: str) -> None:
    with pytest.raises(ProtocolError, match=says):
        compared("<", term, term)


def test_null_is_compared_with_nothing() -> None:
    with pytest.raises(ProtocolError, match="write IS NULL"):
        comparable(ONE, RuleTerm(kind=Kind.NULL, value=pl.lit(None), words="NULL"), draft())
