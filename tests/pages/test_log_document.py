"""The log as a PDF: every text is data, wraps, and none is lost without a word."""

from hashlib import sha256
from io import BytesIO

import pytest
from pypdf import PdfReader

from trialkit.errors import EvidenceError
from trialkit.pages import log_document
from trialkit.pages.codebook_page import find_form_templates
from trialkit.pages.log_document import render_log
from trialkit.pages.log_head import LogHead

HEAD = LogHead(
    trial="Walk & talk <b>",
    registration="ISRCTN12345678",
    synthetic="Not real",
    asked="subject P2",
    end=f"to event 8, whose hash is {'a' * 64}",
    printed="by ann, 2026-03-02 09:00:00 (UTC)",
)
EVENTS = ("event", "when", "who", "what", "where", "before", "after", "why")


def rendered(*rows):
    padded = [("1", "now", "ann", "changed", "pain.vas", *row) for row in rows]
    return render_log(HEAD, EVENTS, padded, find_form_templates(), what="log.pdf")


def pages_of(made):
    return [page.extract_text() for page in PdfReader(BytesIO(made.content)).pages]


def text_of(made):
    return " ".join("".join(pages_of(made)).split())


def test_head_hash_and_page_stand_on_the_paper():
    made = rendered(("57", "75", "misread"))
    [page] = pages_of(made)
    for said in (
        "Log of the evidence store: Walk & talk <b>", "ISRCTN12345678", "Not real", "subject P2", "a" * 64,
        "by ann, 2026-03-02 09:00:00 (UTC)", "Page 1 of 1", "misread",
    ):  # fmt: skip
        assert said in page
    assert made.numbered == ""


def test_heads_and_the_end_of_the_log_stand_on_each_page():
    first, *middle, last = pages_of(rendered(*[("57", "75", "misread")] * 90))
    assert middle
    for number, page in enumerate((first, *middle, last), start=1):
        assert "before" in page
        assert "a" * 64 in page
        assert f"Page {number} of {2 + len(middle)}" in page


@pytest.mark.parametrize(
    "text",
    [
        "#strong[x] *bold* _i_ $x^2$ = Head @ref <l> // c /* d */", '#read("/etc/passwd")', "#import \"a\"",
        "\\#eval", "[]{}()\"'`", "~ -- --- ...",
    ],
)  # fmt: skip
def test_no_text_is_markup(text):
    said = text_of(rendered((text, text, text)))
    assert said.count(" ".join(text.split())) >= 1
    assert "root:" not in said


def test_a_title_is_no_markup_either():
    head = LogHead(
        trial="#panic() *x*", registration="", synthetic="", asked="#a", end="$b$", printed="_c_"
    )
    made = render_log(head, EVENTS, [], find_form_templates(), what="log.pdf")
    assert "#panic() *x*" in text_of(made)


def test_what_cannot_be_seen_is_printed_by_its_number():
    said = text_of(rendered(("a\u202eb", "c\x07d", "e\nf\tg")))
    assert "a[U+202E]b" in said
    assert "c[U+0007]d" in said
    assert "e⏎f⇥g" in said


def test_letters_of_other_scripts_are_printed():
    made = rendered(("πόνος", "боль", "ألم"))
    said = text_of(made)
    assert "πόνος" in said
    assert "боль" in said
    assert made.numbered == ""
    assert b"DejaVuSans" in made.content


def test_a_character_that_no_font_has_is_printed_by_its_number_and_told():
    made = rendered(("a\U00012000b", "x", "\U00012000"))
    assert made.numbered == "\U00012000"
    said = text_of(made)
    assert "a[U+12000]b" in said
    assert "no font of the computer has" in said


def test_no_character_is_a_box_whatever_was_thought_of_the_fonts(monkeypatch):
    """By itself some font may have an accent, and none where it stands: all that ours lack are numbers then."""
    monkeypatch.setattr(log_document, "without_glyph", lambda _: "")
    made = rendered(("a\U00012000", "漢", "Ж"))
    assert "\U00012000" in made.numbered
    said = text_of(made)
    assert "a[U+12000]" in said
    assert "[U+6F22]" in said
    assert "Ж" in said


@pytest.mark.parametrize("text", ["A" * 400, "ß" * 400, "ا" * 400, "path/" * 80, "long " * 900])
def test_a_long_text_stays_in_its_column_and_goes_on_on_the_next_page(text):
    made = rendered((text, text, text))
    words = "".join("".join(pages_of(made)).split())
    assert words.count(text[0]) >= 3 * text.count(text[0])
    assert max(len(line) for page in pages_of(made) for line in page.splitlines()) < 160
    for page in PdfReader(BytesIO(made.content)).pages:
        right = float(page.mediabox.right)
        places: list[float] = []
        page.extract_text(
            visitor_text=lambda said, _, at, *__, into=places: into.append(
                at[4] if said.strip() else 0.0
            )
        )
        assert max(places) < right - 30


def test_what_is_copied_has_nothing_unseen_in_it_wherever_a_long_word_may_break():
    """Some readers take what stood after a letter in one place for a part of it in all places."""
    hashes = [sha256(str(each).encode()).hexdigest() for each in range(5)]
    made = rendered(*[(each, each, "\U00012000 and 0123456789abcdef") for each in hashes])
    text = "".join(pages_of(made))
    assert "\u200b" not in text
    assert "by ann, 2026-03-02 09:00:00 (UTC)" in text
    assert all(text.replace("\n", "").count(each) >= 2 for each in hashes)


def test_the_same_log_gives_the_same_bytes():
    assert rendered(("57", "75", "x")).content == rendered(("57", "75", "x")).content


def test_more_than_a_pdf_holds_is_refused_before_it_is_set(monkeypatch):
    monkeypatch.setattr(log_document, "MOST_PRINTED_EVENTS", 3)
    with pytest.raises(EvidenceError, match=r"log\.pdf: a PDF holds 3 events") as refused:
        rendered(*[("57", "75", "x")] * 4)
    assert "write .html or .csv" in str(refused.value)
    monkeypatch.setattr(log_document, "LONGEST_PRINTED_LOG", 100)
    with pytest.raises(EvidenceError, match="100 characters at most"):
        rendered(("a" * 101, "", ""))
