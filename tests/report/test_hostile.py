"""Words that try to be markup stay words in every format, and nothing forbidden is written."""

import re
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from lxml import etree
from pypdf import PdfReader

from tests.conftest import few_at_once
from tests.report.hostile import HOSTILE, READABLE, hostile_content
from trialkit.printable import fit_for_xml
from trialkit.report.content.content import Block, Content
from trialkit.report.writers.markdown import render_markdown
from trialkit.report.writers.pdf import render_pdf
from trialkit.report.writers.pictures import pictures
from trialkit.report.writers.render import render_html
from trialkit.report.writers.rtf import render_rtf
from trialkit.report.writers.template_folder import find_templates
from trialkit.report.writers.word import render_word

TEMPLATES = find_templates()


@pytest.fixture(scope="module")
def content() -> Content:
    return hostile_content()


def word_text(data: bytes) -> str:
    with ZipFile(BytesIO(data)) as parts:
        tree = etree.fromstring(parts.read("word/document.xml"))
    return " ".join("".join(tree.itertext()).split())


def joined(text: str) -> str:
    return " ".join(fit_for_xml(text).replace("\N{NO-BREAK SPACE}", " ").split())


def test_every_kind_of_block_is_among_them(content: Content) -> None:
    kinds = {type(block) for block in content.all_blocks()}
    assert kinds == set(Block.__args__)


def test_word_holds_every_word_and_opens_again(content: Content) -> None:
    data = render_word(content, pictures(content.figures))
    document = docx.Document(BytesIO(data))
    assert len(document.tables) == 3
    text = joined(word_text(data))
    for words in HOSTILE:
        assert joined(words).replace(" ", "") in text.replace(" ", ""), words


def test_the_pdf_shows_every_word_that_it_has_letters_for() -> None:
    made = render_pdf(hostile_content(READABLE), TEMPLATES)
    assert made.notice == ""
    pages = PdfReader(BytesIO(made.document)).pages
    text = "".join("".join(page.extract_text() for page in pages).split())
    for words in READABLE:
        if words.isascii():
            shown = "".join(words.split())
            assert shown in text.replace("-\n", ""), words


def test_a_pdf_that_lacks_letters_says_which_and_is_made_all_the_same(content: Content) -> None:
    made = render_pdf(content, TEMPLATES)
    assert len(PdfReader(BytesIO(made.document)).pages) > 1
    assert "not PDF/UA-1" in made.notice
    assert "U+" in made.notice


def test_the_page_holds_no_markup_of_theirs(content: Content) -> None:
    page = render_html(content, TEMPLATES)
    assert "<script" not in page
    assert "javascript:alert(1)" in page
    assert 'href="javascript:' not in page
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe]", page)


def test_markdown_takes_none_of_them_for_markup(content: Content) -> None:
    text = render_markdown(content)
    text.encode("utf-8")
    assert "<script" not in text.replace("\\<script", "")
    assert not re.search(r"(?<!\\)\]\(https://evil", text)
    assert "](javascript:" not in text
    for line in text.splitlines():
        if line.startswith("#"):
            assert re.match(r"#{1,3} \S", line)
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    for row in rows:
        assert len(re.findall(r"(?<!\\)\|", row)) in {3, 4, 6}


def test_the_rtf_is_ascii_balanced_and_holds_every_letter(content: Content) -> None:
    text = render_rtf(content)
    assert text.isascii()
    plain = re.sub(r"\\[\\{}]", "", text)
    depth = 0
    for character in plain:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    spoken = rtf_text(text)
    for words in HOSTILE:
        expected = "".join(joined(words).split())
        assert expected in "".join(spoken.replace("\N{NO-BREAK SPACE}", " ").split()), words


def rtf_text(text: str) -> str:
    """What a reader of RTF shows: numbered characters decoded, escapes undone, words left out."""
    token = re.compile(r"\\u(-?[0-9]+)\?|\\([\\{}~])|\\[a-z*]+-?[0-9]* ?|[{}]|(.)", re.DOTALL)
    units: list[str] = []
    for found in token.finditer(text):
        number, escape, letter = found.groups()
        if number:
            units.append(chr(int(number) % 0x10000))
        elif escape:
            units.append("\N{NO-BREAK SPACE}" if escape == "~" else escape)
        elif letter:
            units.append(letter)
    return "".join(units).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


@pytest.mark.parametrize("draft", few_at_once([True, False], 1))
def test_a_draft_says_so_in_every_format(*, draft: bool) -> None:
    made = hostile_content(READABLE, draft=draft)
    mark = "Draft. Not for publication."
    word = render_word(made, pictures(made.figures))
    with ZipFile(BytesIO(word)) as parts:
        heads = b"".join(parts.read(name) for name in parts.namelist() if "header" in name)
    pages = PdfReader(BytesIO(render_pdf(made, TEMPLATES).document)).pages
    assert all((mark in page.extract_text()) is draft for page in pages)
    assert (mark.encode() in heads) is draft
    assert (mark in render_rtf(made)) is draft
    assert (mark in render_markdown(made)) is draft
    assert (mark in render_html(made, TEMPLATES)) is draft


def test_the_same_content_gives_the_same_bytes(content: Content) -> None:
    for render in (render_rtf, render_markdown):
        assert render(content) == render(content)
    drawn = pictures(content.figures)
    assert drawn == pictures(content.figures)
    assert render_word(content, drawn) == render_word(content, drawn)
    assert render_pdf(content, TEMPLATES) == render_pdf(content, TEMPLATES)
