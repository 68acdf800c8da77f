"""A label of REDCap's editor as the text that a person sees."""

import pytest

from trialkit.imports.redcap.plain_text import plain


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("<b>Pain</b> today", "Pain today"),
        ("one<br>two<br/>three", "one two three"),
        ("<p class='x'>one</p><p>two</p>", "one two"),
        ("<SPAN style='color:red'>red</SPAN>der", "redder"),
        ("age < 5 and b > 3", "age < 5 and b > 3"),
        ("<script>x</script>", "<script>x</script>"),
        ("a<!-- hidden -->b", "a b"),
        ("R&amp;D &lt;b&gt;", "R&D <b>"),
        ("  two\n\tlines\u00a0here  ", "two lines here"),
        ("a\x00b", "a b"),
        ("", ""),
    ],
)
def test_formatting_goes_and_words_stay(label: str, text: str) -> None:
    assert plain(label) == text
