"""What is asked of texts, against plain Python."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.schemas.rules.parts import column, come_to, draft, quoted
from trialkit.errors import ProtocolError
from trialkit.schemas.forms.expressions import Kind
from trialkit.schemas.rules.kinds import RuleTerm
from trialkit.schemas.rules.text_functions import TEXT_FUNCTIONS

S, T = column("s", Kind.TEXT), column("t", Kind.TEXT)
CODE = column("s", Kind.TEXT, known=("left", "right"))
TEXTS = st.none() | st.text(alphabet="aAbß .*é", min_size=1, max_size=5)


def number(text: str) -> RuleTerm:
    return RuleTerm(kind=Kind.NUMBER, value=pl.lit(float(text)), words=text)


def of(name: str, *parts: RuleTerm, s: str | None, t: str | None = None) -> object:
    written = draft()
    table = pl.DataFrame({"s": [s], "t": [t]}, schema=dict.fromkeys("st", pl.String))
    return come_to(TEXT_FUNCTIONS[name](parts, written), written, table)[0]


ASKS = {
    "STARTS_WITH": str.startswith,
    "ENDS_WITH": str.endswith,
    "CONTAINS": str.__contains__,
}


@pytest.mark.parametrize("name", ASKS)
@given(s=TEXTS, t=TEXTS)
def test_parts_of_texts_are_looked_for_as_they_stand(
    name: str, s: str | None, t: str | None
) -> None:
    expected = None if s is None or t is None else ASKS[name](s, t)
    assert of(name, S, T, s=s, t=t) == expected
    if t is not None:
        assert of(name, S, quoted(t), s=s) == expected


CHANGES = {
    "LOWER": str.lower,
    "UPPER": str.upper,
    "TRIM": str.strip,
    "LEFT": lambda s: s[:2],
    "RIGHT": lambda s: s[-2:],
    "SUBSTR": lambda s: s[1:4],
    "CONCAT": lambda s: f"{s}!",
}
MORE = {
    "LEFT": [number("2")],
    "RIGHT": [number("2")],
    "SUBSTR": [number("2"), number("3")],
    "CONCAT": [quoted("!")],
}


@pytest.mark.parametrize("name", CHANGES)
@given(s=TEXTS)
def test_texts_made_of_a_text_are_unknown_where_nothing_is_left(name: str, s: str | None) -> None:
    expected = None if s is None else CHANGES[name](s) or None
    assert of(name, S, *MORE.get(name, []), s=s) == expected


@given(s=TEXTS, place=st.integers(1, 4), between=st.sampled_from([" ", "a", ".*"]))
def test_a_text_is_taken_apart(s: str | None, place: int, between: str) -> None:
    pieces = [] if s is None else s.split(between)
    expected = (pieces[place - 1 : place] or [None])[0] or None
    assert of("SPLIT_PART", S, quoted(between), number(str(place)), s=s) == expected


def test_it_is_taken_apart_at_what_the_rule_states() -> None:
    for parts in (
        [S],
        [S, T, number("1")],
        [S, quoted(""), number("1")],
        [S, quoted("-"), number("0")],
    ):
        with pytest.raises(ProtocolError, match="SPLIT_PART without a separator"):
            of("SPLIT_PART", *parts, s="a")


def test_a_pattern_is_asked_of_the_whole_text() -> None:
    assert of("MATCHES", S, quoted("[ab]+"), s="abba") is True
    assert of("MATCHES", S, quoted("[ab]+"), s="abbas") is False
    assert of("MATCHES", S, quoted("[ab]+"), s=None) is None


@pytest.mark.parametrize(
    ("name", "parts", "says"),
    [
        ("MATCHES", [CODE, quoted("up")], "s, of which nothing matches 'up'; it is one of left"),
        ("STARTS_WITH", [CODE, quoted("L")], "of which nothing begins with 'L'"),
        ("CONTAINS", [S, quoted("")], "which every text has"),
        ("MATCHES", [S, T], "MATCHES without a text in quotation marks"),
        ("MATCHES", [column("a", Kind.NUMBER), quoted("1")], "MATCHES is for texts"),
        ("LEFT", [S, T], "write LEFT(x, 3)"),
        ("SUBSTR", [S, number("1.5"), number("2")], "write SUBSTR(x, 1, 3)"),
        ("LOWER", [S, T], "LOWER of 2 values"),
        ("CONCAT", [], "CONCAT of no values"),
    ],
)
def test_each_says_what_it_takes(name: str, parts: list[RuleTerm], says: str) -> None:
    with pytest.raises(ProtocolError) as refused:
        TEXT_FUNCTIONS[name](parts, draft())
    assert says in str(refused.value)


def test_what_one_code_can_be_like_is_no_mistake() -> None:
    assert of("STARTS_WITH", CODE, quoted("le"), s="left") is True
