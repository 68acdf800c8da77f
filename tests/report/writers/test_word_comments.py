"""What is still to be written: marked in Word, with a comment that says who asks for it."""

from datetime import date
from io import BytesIO

from docx import Document

from tests.report.contents import content
from trialkit.report.content.content import Section
from trialkit.report.content.text import Paragraph, ToWrite
from trialkit.report.writers.word import render_word


def written(*runs: str | ToWrite) -> bytes:
    section = Section(anchor="s", title="S", blocks=(Paragraph(runs=runs),))
    return render_word(content(sections=(section,), is_article=True), {})


def test_the_comment_stands_on_the_words_it_is_about() -> None:
    document = Document(
        BytesIO(written("Before ", ToWrite(text="[<here>]", advice="Ask & tell."), "."))
    )
    (comment,) = document.comments
    assert comment.text == "Ask & tell."
    assert comment.timestamp is not None
    assert comment.timestamp.date() == date(2025, 3, 31)
    paragraph = document.paragraphs[-1]
    assert paragraph.text == "Before [<here>]."
    marks = [child.tag.rpartition("}")[2] for child in paragraph._p]
    assert marks[-6:] == ["r", "commentRangeStart", "r", "commentRangeEnd", "r", "r"]
    assert [run.text for run in paragraph.runs if run.font.highlight_color is not None] == [
        "[<here>]"
    ]


def test_words_without_advice_have_no_comment() -> None:
    document = Document(BytesIO(written(ToWrite(text="[\N{HEBREW LETTER ALEF}]"))))
    assert list(document.comments) == []
    assert document.paragraphs[-1].text == "[\N{HEBREW LETTER ALEF}]"


def test_the_same_content_gives_the_same_bytes() -> None:
    wanted = ToWrite(text="[here]", advice="Advice\nin two lines")
    assert written(wanted) == written(wanted)


def test_an_article_says_nothing_of_checklists() -> None:
    text = "\n".join(each.text for each in Document(BytesIO(written("Words"))).paragraphs)
    assert text.split("\n") == ["A whole title", "Line one", "S", "Words"]
