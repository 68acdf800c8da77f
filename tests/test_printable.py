"""Which characters are shown, which end a line, and which XML may hold."""

import pytest

from trialkit.printable import (
    as_a_name,
    by_number,
    fit_for_xml,
    fits_xml,
    harmless_on_a_terminal,
    has_line_ends,
    is_printable,
    is_unseen,
    on_one_line,
    printable,
)

TURNED, LINE_END, HALF, NO_BREAK = "\u202e", "\u2028", "\ud800", "\u00a0"


@pytest.mark.parametrize("character", ["\n", "\x00", "\x9b", TURNED, LINE_END, HALF, NO_BREAK])
def test_what_is_not_printable_becomes_a_sign_or_a_blank(character):
    text = f"a{character}b"

    assert not is_printable(text)
    assert printable(text) == "a\ufffdb"
    assert on_one_line(f" {text}{character} c ") == "a b c"


def test_letters_and_signs_of_any_script_stay():
    text = "Ärztin 漢 😀 +5 °C"

    assert is_printable(text)
    assert printable(text) == on_one_line(text) == harmless_on_a_terminal(text) == text
    assert fits_xml(text)
    assert not any(map(is_unseen, text))


@pytest.mark.parametrize(
    ("character", "ends"), [("\n", True), ("\x07", True), (LINE_END, True), (TURNED, False)]
)
def test_line_ends_are_those_of_unicode_and_every_control(character, ends):
    assert has_line_ends(f"a{character}b") is ends


def test_joiner_that_a_script_needs_is_no_unseen_character():
    assert [is_unseen(each) for each in (TURNED, HALF, "\t", "\u200d", NO_BREAK)] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_terminal_gets_lines_and_tabs_and_nothing_that_it_obeys():
    assert harmless_on_a_terminal(f"a\tb\nc\x1b[2J{TURNED}\x9b") == "a\tb\nc\ufffd[2J\ufffd\ufffd"


def test_xml_holds_no_control_and_no_half_of_a_pair():
    text = f"a\x00{HALF}\ufffe\tb"

    assert not fits_xml(text)
    assert fit_for_xml(text) == "a\ufffd\ufffd\ufffd\tb"
    assert fit_for_xml(text, "-") == "a---\tb"


def test_character_is_named_by_its_number():
    assert [by_number(each) for each in "A😀"] == ["U+0041", "U+1F600"]


@pytest.mark.parametrize(
    "other", ["\u00c9rika \u00d6zil", "\u00e9rika \u00f6zil", "E\u0301RIKA  O\u0308ZIL ", "\uff25\u0301rika\u00a0O\u0308zil",
              "\u00c9ri\u200bka \u00d6zil"],
)  # fmt: skip
def test_name_is_the_same_however_its_letters_are_written(other):
    assert as_a_name(other) == as_a_name("\u00c9rika \u00d6zil")
    assert as_a_name(other) != as_a_name("Erika Ozil")
