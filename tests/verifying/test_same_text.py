"""The last digits of an unrounded number are no difference; every other character is."""

import pytest

from trialkit.verifying.same_text import is_same_content, is_same_number, is_same_text


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("x 1.23456789012345 y", "x 1.23456789012346 y", True),
        ("x 1.23456789012345e-05", "x 1.23456789012346e-05", True),
        ("-0.1234567890123", "0.1234567890123", False),
        ("x 1.23456789012345 y", "x 1.23456889012345 y", False),
        ("x 1.23456789012345 y", "x 1.23456789012345 z", False),
        ("1.2345678", "1.2345679", False),
        ("12.4", "12.3", False),
        ("1.23456789012345", "1.23456789012345 1.23456789012345", False),
        ("1000000000000000000001", "1000000000000000000002", False),
        ("", "a", False),
        ("", "", True),
    ],
)
def test_texts(one: str, other: str, same: bool) -> None:
    assert is_same_text(one, other) is same
    assert is_same_text(other, one) is same
    assert is_same_content(one.encode(), other.encode()) is same


def test_what_is_no_text_has_to_be_the_same_bytes() -> None:
    assert is_same_content(b"\xff\x00", b"\xff\x00")
    assert not is_same_content(b"\xff1.23456789012345", b"\xff1.23456789012346")


def test_what_is_no_number_is_not_the_same_number() -> None:
    assert is_same_number("1.5", "1.50")
    assert not is_same_number("", "")
    assert not is_same_number("one", "one")
