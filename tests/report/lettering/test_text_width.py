import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.report.lettering.text_width import text_width, wrap

texts = st.text(min_size=0, max_size=220)


def test_width_grows_with_size_and_with_weight() -> None:
    assert text_width("Allocated", size=24) == pytest.approx(2 * text_width("Allocated", size=12))
    assert text_width("Allocated", size=12, bold=True) > text_width("Allocated", size=12)
    assert text_width("", size=12) == 0


def test_letters_that_the_font_lacks_have_a_width_too() -> None:
    assert text_width("疼痛", size=10) == pytest.approx(20)
    assert text_width("e\u0301", size=10) == text_width("e", size=10)


@given(texts, st.sampled_from([60.0, 120.0, 300.0]), st.booleans())
@settings(max_examples=examples(80), deadline=None)
def test_no_line_is_wider_than_its_box(text: str, width: float, bold: bool) -> None:
    lines = wrap(text, size=12, width=width, bold=bold)
    assert all(text_width(line, size=12, bold=bold) <= width for line in lines)


@given(texts)
@settings(max_examples=examples(80), deadline=None)
def test_wrapping_loses_no_character(text: str) -> None:
    lines = wrap(text, size=12, width=150)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_long_word_fills_each_line_before_the_next() -> None:
    """Whatever the letter: no line but the last has room for one more."""
    lines = wrap("m" * 40, size=12, width=100)
    assert len(lines) > 3
    assert len({len(line) for line in lines[:-1]}) == 1
    assert text_width(lines[0] + "m", size=12) > 100


def test_short_text_stays_on_one_line() -> None:
    assert wrap("Randomised (n = 26)", size=12, width=240) == ("Randomised (n = 26)",)
