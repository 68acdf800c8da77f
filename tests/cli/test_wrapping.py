"""Lines fit the terminal, and neither a word nor what is to be copied is cut."""

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.conftest import examples
from trialkit.cli.wrapping import NARROWEST, wrapped


def test_a_line_hangs_under_its_beginning() -> None:
    text = "  - " + " ".join(["word"] * 14)
    assert wrapped(text, 40).split("\n") == [
        "  - " + " ".join(["word"] * 7),
        "    " + " ".join(["word"] * 7),
    ]


def test_a_word_that_is_wider_stays_whole() -> None:
    hash_ = "a" * 64
    assert wrapped(f"Keep this: {hash_} well", 40).split("\n") == [
        "Keep this:",
        f"  {hash_}",
        "  well",
    ]


def test_what_is_to_be_copied_stays_on_a_line() -> None:
    call = "trialkit run 'my own trial'"
    shown = wrapped(f"{'word ' * 6}{call} and more words here", 40, whole=[call])
    assert any(call in line for line in shown.split("\n"))
    assert call not in wrapped(f"{'word ' * 6}{call} and more words here", 40).split("\n")[1:2]


def test_a_narrow_terminal_gets_lines_that_fit_it() -> None:
    text = " ".join(["word"] * 12)
    for width in (20, 25, 32):
        shown = wrapped(text, width).split("\n")
        assert width - 7 < max(map(len, shown)) <= width


def test_letters_of_two_columns_count_twice() -> None:
    text = " ".join(["痛痛痛痛"] * 10)
    assert all(cell_len(line) <= 40 for line in wrapped(text, 40).split("\n"))
    assert len(wrapped(text, 40).split("\n")) > 2


@settings(max_examples=examples(100))
@given(st.text(alphabet="ab -.\n", max_size=300), st.integers(1, 120))
def test_nothing_is_lost_and_no_line_with_several_words_is_too_wide(text: str, width: int) -> None:
    shown = wrapped(text, width)
    assert shown.split() == text.split()
    for line in shown.split("\n"):
        assert len(line) <= max(width, NARROWEST) or len(line.split()) < 2 or line in text
