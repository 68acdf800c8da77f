"""Markdown that a reader shows as it was written: checked with a reader of Markdown."""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.conftest import examples
from tests.line import Line
from tests.report.factory import content_of
from tests.report.hostile import HOSTILE
from trialkit.printable import fit_for_xml
from trialkit.report.writers.markdown import escaped, render_markdown

READER = MarkdownIt("commonmark").enable("table")


def shown(markdown: str) -> str:
    return unescape(re.sub("<[^>]*>", "", READER.render(markdown)))


def same(text: str) -> str:
    return " ".join(fit_for_xml(text).split())


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_shown_as_they_are(words: str) -> None:
    assert same(shown(escaped(words))) == same(words)
    assert same(shown(f"| a |\n|---|\n| {escaped(words)} |")) == same(f"a {words}")
    assert same(shown(f"- {escaped(words)}")) == same(words)


@given(st.text(alphabet=st.sampled_from("ab1 #*_`[]()!<>&;|\\-+=.~$:{}\n\t\"'é漢"), max_size=30))
@settings(max_examples=examples(150))
def test_any_words_are_shown_as_they_are(words: str) -> None:
    assert same(shown(f"x {escaped(words)}")) == same(f"x {words}")
    assert same(shown(escaped(words))) == same(words)


def test_the_example_has_its_tables_its_figures_and_its_headings(example: Line) -> None:
    content = content_of(example)
    text = render_markdown(content)
    page = READER.render(text)
    assert page.count("<table>") == len(content.tables) + len(content.checklists)
    assert page.count("<img ") == len(content.figures)
    assert "![" in text
    assert all(f"<h2>{section.title}</h2>" in page for section in content.sections)
    for found in re.findall(r"\]\(#([^)]+)\)", text):
        assert f'<a id="{found}">' in text


def test_no_row_of_a_table_has_more_or_fewer_cells_than_its_head(example: Line) -> None:
    text = render_markdown(content_of(example))
    for table in re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}
        assert len(widths) == 1, table[:200]


def test_the_columns_of_a_checklist_are_called_as_its_readers_call_them(example: Line) -> None:
    page = render_markdown(content_of(example))
    assert "| Item | Topic and requirement | Status | Place | Source |" in page
