"""Works and statements that try to be something else than words, in every format of the report."""

import json
import re
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from pypdf import PdfReader

from tests.report.hostile import checklist_of
from trialkit.report.citing.library import read_library
from trialkit.report.citing.placing import with_references
from trialkit.report.content.author_text import AuthorText
from trialkit.report.content.content import Content, Section
from trialkit.report.marks.reading import TextPlace, read_blocks
from trialkit.report.numbers.styles import BMJ, JAMA, LANCET, NEJM, PLAIN, Style
from trialkit.report.writers.markdown import render_markdown
from trialkit.report.writers.pdf import render_pdf
from trialkit.report.writers.render import render_html
from trialkit.report.writers.rtf import render_rtf
from trialkit.report.writers.template_folder import find_templates
from trialkit.report.writers.word import render_word

BIB = r"""
@article{a, title={<script>alert(1)</script> \input{/etc/passwd} <i>kept</i> {\rtf1 x}},
  author={<b>Lee</b>, #eval("1") and {=cmd|'/c calc'!A1}}, journal={{{ 7 * 7 }} {% raw %}}, year=2020,
  volume={[x](javascript:alert)}, pages={1--2 *bold*}, doi={10.1/"><script>x</script>}}
@online{b, title={&lt;b&gt; &#65; ]]> -->}, url={https://example.org/"onmouseover="alert(1)}, year=2021}
"""
JSON = [
    {
        "id": "c",
        "title": "\u0000\ud800\ufffe bell\u0007 <sub>2</sub> ]]>",
        "URL": "javascript:alert(1)",
        "author": [{"literal": "\u202eevil"}],
    }
]
TEXT = """<img src=x onerror=alert(1)> [@a; @b, <script>p</script>] [click](javascript:alert(1))

- {{ 7 * 7 }} *#eval("1")* `\\rtf1` [@c]

| <b>h</b> | =1+1 |
|---|---|
| ]]> | \\input{x} |
"""


def content(folder: Path, style: Style) -> Content:
    (folder / "references.bib").write_text(BIB)
    (folder / "references.json").write_text(json.dumps(JSON))
    words = AuthorText(item="6", blocks=read_blocks(TEXT, TextPlace(file="statements/6.md")))
    section = Section(anchor="s", title="S", blocks=(words,))
    return Content(
        title="T",
        short_title="T",
        identity=(),
        synthetic="",
        warnings=(),
        sections=with_references((section,), read_library(folder), style),
        checklist=checklist_of(("plain", "words", "alone", "here")),
        facts=(),
        dated=date(2025, 3, 31),
        style=style,
    )


@pytest.mark.parametrize(
    "style", [PLAIN, JAMA, NEJM, LANCET, BMJ], ids=lambda style: str(style.name)
)
def test_nothing_of_it_becomes_more_than_words(tmp_path: Path, style: Style) -> None:
    made = content(tmp_path, style)
    page = render_html(made, find_templates())
    assert "<script" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page
    assert '"onmouseover="' not in page
    assert "<em>kept</em>" in page or style in {JAMA, BMJ}
    assert "passwd" in page

    text = render_markdown(made)
    assert "<script" not in text.replace("\\<script", "")
    assert not re.search(r"(?<!\\)\]\(javascript:", text)
    assert render_rtf(made).isascii()

    word = render_word(made, {})
    with ZipFile(BytesIO(word)) as parts:
        assert b"javascript" not in parts.read("word/_rels/document.xml.rels")
    told = "\n".join(each.text for each in Document(BytesIO(word)).paragraphs)
    assert "<script>alert(1)</script>" in told


def test_the_pdf_is_made_of_it(tmp_path: Path) -> None:
    made = render_pdf(content(tmp_path, LANCET), find_templates())
    text = PdfReader(BytesIO(made.document)).pages[0].extract_text()
    assert "eval" in text
    assert "root:" not in text
