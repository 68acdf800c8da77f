"""Every kind of block is placed by every renderer, and one that nobody knows is an error."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest

from tests.report.hostile import hostile_content
from trialkit.errors import ReportError
from trialkit.report.content.content import Block, Content, Section
from trialkit.report.writers.markdown import render_markdown
from trialkit.report.writers.paper import pieces
from trialkit.report.writers.pdf import render_pdf
from trialkit.report.writers.pictures import pictures
from trialkit.report.writers.render import render_html
from trialkit.report.writers.rtf import render_rtf
from trialkit.report.writers.template_folder import find_templates
from trialkit.report.writers.word import render_word

TEMPLATES = find_templates()
WORDS = ("plain", "words", "alone", "here")
RENDERERS = {
    "html": lambda content: render_html(content, TEMPLATES),
    "docx": lambda content: render_word(content, pictures(content.figures)),
    "pdf": lambda content: render_pdf(content, TEMPLATES),
    "rtf": render_rtf,
    "md": render_markdown,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Riddle:
    """A kind of block that no renderer knows."""

    kind: ClassVar[str] = "riddle"
    anchor: str = ""
    claims: tuple[Any, ...] = ()


def with_blocks(blocks: tuple[Any, ...]) -> Content:
    content = hostile_content(WORDS)
    section = Section(anchor="only", title="Only", blocks=blocks)
    return replace(content, sections=(section,))


@pytest.mark.parametrize("name", RENDERERS)
@pytest.mark.parametrize("kind", Block.__args__, ids=lambda kind: kind.__name__)
def test_each_kind_is_placed(name: str, kind: type) -> None:
    block = next(each for each in hostile_content(WORDS).all_blocks() if isinstance(each, kind))
    assert RENDERERS[name](with_blocks((block,)))


@pytest.mark.parametrize("name", ["html", "docx", "pdf", "rtf", "md"])
def test_a_kind_that_nobody_knows_is_an_error(name: str) -> None:
    with pytest.raises(
        (ReportError, AssertionError), match=r"(?i)riddle|unreachable|expected code"
    ):
        RENDERERS[name](with_blocks((Riddle(),)))


def test_the_papers_pieces_are_all_headings_and_blocks_in_order() -> None:
    content = hostile_content(WORDS)
    found = [piece for piece in pieces(content) if isinstance(piece, Block)]
    assert found[: len(list(content.all_blocks()))] == list(content.all_blocks())
