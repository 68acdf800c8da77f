"""Patterns: of the whole text, in linear time, within bounds."""

import re
import time

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkit.errors import ProtocolError
from trialkit.limits import LONGEST_MATCHED, LONGEST_PATTERN
from trialkit.schemas.rules.patterns import matched, whole_text_pattern

PATTERNS = [
    "[A-Z]{2}-[0-9]{3}",
    r"\d+",
    r"[\d-]+",
    r"[^\d]",
    r"\w\W",
    r"\\d",
    "a|bb",
    "a*",
    "(?i)AB?",
    ".",
    "[]a]+",
    r"a{2,3}|(b{2}){2}",
    r"-?\d{1,3}(\.\d)?",
    r"\w{1,255}b",
]
TEXTS = st.text(alphabet="aAbB019-_.\\ ]é１\n", max_size=8)


def is_like(text: str | None, pattern: str) -> bool | None:
    table = pl.DataFrame({"text": [text]}, schema={"text": pl.String})
    return table.select(matched(pl.col("text"), whole_text_pattern(pattern))).item()


@given(pattern=st.sampled_from(PATTERNS), text=TEXTS)
def test_a_pattern_is_that_of_the_whole_text(pattern: str, text: str) -> None:
    assert is_like(text, pattern) == (re.fullmatch(pattern, text, re.ASCII) is not None)


def test_what_is_not_known_is_like_nothing_and_unlike_nothing() -> None:
    assert is_like(None, ".*") is None


def test_a_long_text_is_like_no_pattern() -> None:
    assert is_like("a" * LONGEST_MATCHED, "a*")
    assert not is_like("a" * (LONGEST_MATCHED + 1), "a*")


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("", "write IS NULL"),
        ("(?=a)b", "look-around"),
        (r"(a)\1", "backreferences are not supported"),
        ("a)|(b", "unopened group"),
        ("(", "unclosed group"),
        ("(?x)a#", "unclosed group"),
        ("a" * (LONGEST_PATTERN + 1), "501 characters; 500 are read at most"),
        ("(a{100}){11}", "more than 1,000 characters when they are written out"),
        ("(?:a{90}b?|c){2,12}", "more than 1,000 characters"),
        (r"(\p{L}{30}){30}", "too large when its repeats are written out"),
        ("a{99999999999999999999}", "more than 1,000 characters"),
    ],
)
def test_what_cannot_be_run_is_refused_with_the_reason(pattern: str, says: str) -> None:
    with pytest.raises(ProtocolError) as refused:
        whole_text_pattern(pattern)
    assert says in str(refused.value)


def test_a_hostile_pattern_and_a_hostile_column_end_soon() -> None:
    texts = pl.DataFrame({"text": ["a" * LONGEST_MATCHED] * 100})
    pattern = whole_text_pattern(r"(?:[a-z0-9]{1,30}\.?){1,30}.*x")
    began = time.process_time()
    assert not texts.select(matched(pl.col("text"), pattern))["text"].any()
    assert time.process_time() - began < 60
