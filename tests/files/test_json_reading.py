import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkit.files.json_reading import json_object

WRONG = {
    "[]": "no object",
    "": "Expecting value",
    "{": "Expecting",
    '{"a": NaN}': "NaN is no number",
    '{"a": -Infinity}': "-Infinity is no number",
    '{"a":' * 20_000: "nested too deep",
    "[" * 20_000: "nested too deep",
    '{"a": 1, "b": 2, "a": 1}': "says 'a' twice",
    '{"x": {"a": 1, "a": 2}}': "says 'a' twice",
}


@pytest.mark.parametrize("text", WRONG, ids=range(len(WRONG)))
def test_what_is_no_object_is_refused_with_the_reason(text: str) -> None:
    with pytest.raises(ValueError, match=WRONG[text]):
        json_object(text)


def test_an_object_is_read_from_text_and_from_bytes() -> None:
    assert json_object('{"a": "ü"}') == json_object('{"a": "ü"}'.encode()) == {"a": "ü"}


def test_bytes_that_are_not_utf_8_are_refused() -> None:
    with pytest.raises(ValueError, match="utf-8"):
        json_object(b'{"a": "\xff"}')


@given(
    st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text(), max_size=4)
)
def test_every_object_comes_back(found: dict[str, object]) -> None:
    assert json_object(json.dumps(found)) == found
