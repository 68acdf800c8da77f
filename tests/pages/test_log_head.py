import pytest

from trialkit.pages.log_head import LogHead, shown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("plain 75", "plain 75"),
        ("Müller — 漢字", "Müller — 漢字"),
        ("a\x00b", "a[U+0000]b"),
        ("a\u202eb\u2066", "a[U+202E]b[U+2066]"),
        ("a\u00adb\ufeff", "a[U+00AD]b[U+FEFF]"),
        ("one\ntwo\tthree", "one⏎two⇥three"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_what_cannot_be_seen_is_shown(text, said):
    assert shown(text) == said


def test_the_head_says_which_log_it_is_and_has_nothing_unseen():
    head = LogHead(
        trial="A\u202e", registration="", synthetic="", asked="all", end="e", printed="p"
    )
    assert head.title == "Log of the evidence store: A[U+202E]"
    assert dict(head.about)["Registration"] == "–"
