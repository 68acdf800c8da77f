"""The tag of a control says of which statement it is, and as what it was written."""

import pytest

from trialkit.report.content.marks import CitedWork
from trialkit.report.writers.word_controls import (
    citation_tag,
    citation_tagged,
    source_hash,
    statement_tag,
    statement_tagged,
    words_hash,
)


def test_a_tag_says_its_statement_again_and_word_keeps_it() -> None:
    made = statement_tag("npt-5b", source="*Asked* twice.\n", words="Asked twice.")
    assert len(statement_tag("tidier-12", source="", words="").text) <= 64
    assert statement_tagged(made.text) == made
    assert (made.key, made.source, made.words) == (
        "npt-5b", source_hash("*Asked* twice.\n"), words_hash("Asked\u00a0twice."),
    )  # fmt: skip
    assert made.source != source_hash("Asked twice.\n")


@pytest.mark.parametrize(
    "text", ["", "trialkit:statement:6", "trialkit:statement:../x:" + "0" * 16 + ":" + "0" * 8]
)
def test_another_tag_is_no_statement(text: str) -> None:
    assert statement_tagged(text) is None


def test_works_cited_together_have_a_tag_of_their_own() -> None:
    a, b = CitedWork(key="a"), CitedWork(key="b", locator="p. 3")
    assert citation_tag((a, b)) != citation_tag((a,))
    assert citation_tag((a,)) == citation_tag([CitedWork(key="a")])
    tag = citation_tag((a, b), printed="(1,2)")
    assert len(tag) <= 64
    assert citation_tagged(tag) == (citation_tag((a, b)), words_hash("(1,2)"))
    assert citation_tagged(citation_tag((a, b))) == (citation_tag((a, b)), "")
    assert citation_tagged("other") == ("other", "")
