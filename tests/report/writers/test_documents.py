"""Every file that is asked for is made by its own writer, from the same content, in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.report.contents import content
from trialkit.protocol.trial.reporting import ReportFormat
from trialkit.report.content.content import Content, Figure, Section
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.writers import documents
from trialkit.report.writers.documents import render_documents
from trialkit.report.writers.editions import EVERY_FORMAT, Document, Edition

TEMPLATES = Path("templates")
HTML, WORD, PDF, RTF, MARKDOWN = (
    ReportFormat.HTML, ReportFormat.WORD, ReportFormat.PDF, ReportFormat.RTF, ReportFormat.MARKDOWN,
)  # fmt: skip
FLOW, FOREST = (
    Figure(
        anchor=name,
        name=name,
        drawing=FigureDrawing(lambda: "<svg/>"),
        title="",
        description="",
        caption="",
    )
    for name in ("flow", "forest")
)
WHOLE = content(
    title="\N{GREEK SMALL LETTER ALPHA}",
    sections=(Section(anchor="s", title="S", blocks=(FLOW, FOREST)),),
)


@dataclass
class Writers:
    """Writers that say what they were given."""

    drawn: list[str] = field(default_factory=list)
    dots: list[int] = field(default_factory=list)

    def module(self, name: str) -> Any:
        return {
            "render": SimpleNamespace(
                render_html=lambda whole, templates: f"html {whole.title} {templates}"
            ),
            "word": SimpleNamespace(render_word=self.word),
            "pdf": SimpleNamespace(
                render_pdf=lambda whole, templates: SimpleNamespace(
                    document=f"pdf {whole.short_title} {templates}".encode(), notice="Some fonts"
                )
            ),
            "rtf": SimpleNamespace(render_rtf=lambda whole: f"rtf {whole.short_title}"),
            "markdown": SimpleNamespace(render_markdown=lambda whole: f"md {whole.title}"),
            "pictures": SimpleNamespace(pictures=self.pictures, IN_WORD=200),
        }[name]

    def word(self, whole: Content, drawn: Mapping[str, bytes], *, reference: Path | None) -> bytes:
        return f"word {whole.short_title} {sorted(drawn)} {reference}".encode()

    def pictures(self, figures: tuple[Figure, ...], dots_per_inch: int = 300) -> dict[str, bytes]:
        self.dots.append(dots_per_inch)
        self.drawn += [each.name for each in figures]
        return {each.name: each.name.upper().encode() for each in figures}


@pytest.fixture
def writers(monkeypatch: pytest.MonkeyPatch) -> Writers:
    made = Writers()
    monkeypatch.setattr(documents, "writer_of", made.module)
    return made


def rendered(edition: Edition, whole: Content = WHOLE) -> tuple[tuple[Document, ...], list[str]]:
    """The files, and what was said while they were made."""
    said: list[str] = []
    found = render_documents(whole, TEMPLATES, edition, progress=said.append)
    return found, said


def test_each_format_is_the_work_of_its_writer_under_its_own_name(writers: Writers) -> None:
    found, _ = rendered(Edition(formats=EVERY_FORMAT, reference=Path("mine.docx")))
    assert {each.file: each.data.decode() for each in found} == {
        "report.html": "html \N{GREEK SMALL LETTER ALPHA} templates",
        "report.docx": "word Short title ['flow', 'forest'] mine.docx",
        "report.pdf": "pdf Short title templates",
        "tables.rtf": "rtf Short title",
        "report.md": "md \N{GREEK SMALL LETTER ALPHA}",
    }
    assert {each.file: each.notice for each in found if each.notice} == {"report.pdf": "Some fonts"}


def test_files_come_in_the_order_asked_for_and_word_is_made_last(writers: Writers) -> None:
    found, said = rendered(Edition(formats=(WORD, MARKDOWN, HTML)))
    assert [each.file for each in found] == ["report.docx", "report.md", "report.html"]
    assert said == ["report.md", "report.html", "report.docx"]


def test_pictures_are_drawn_for_word_alone_and_written_only_where_asked_for(
    writers: Writers,
) -> None:
    found, _ = rendered(Edition(formats=(WORD,)))
    assert [each.file for each in found] == ["report.docx"]
    assert writers.drawn == ["flow", "forest"]
    writers.drawn.clear()
    rendered(Edition(formats=(HTML, PDF, RTF, MARKDOWN)))
    assert writers.drawn == []


def test_pictures_that_are_asked_for_follow_the_files(writers: Writers) -> None:
    found, said = rendered(Edition(formats=(RTF,), pictures=True))
    assert [(each.file, each.data) for each in found] == [
        ("tables.rtf", b"rtf Short title"),
        ("figures/flow.png", b"FLOW"),
        ("figures/forest.png", b"FOREST"),
    ]
    assert said == ["tables.rtf", "figures as pictures"]


def test_word_has_smaller_pictures_than_the_files_beside_it(writers: Writers) -> None:
    alone, _ = rendered(Edition(formats=(WORD,)))
    beside, _ = rendered(Edition(formats=(WORD,), pictures=True))
    assert writers.dots == [200, 200, 300]
    assert alone[0] == beside[0]


def test_a_report_without_figures_draws_none(writers: Writers) -> None:
    found, _ = rendered(Edition(formats=(WORD,), pictures=True), replace(WHOLE, sections=()))
    assert [each.file for each in found] == ["report.docx"]
    assert found[0].data == b"word Short title [] None"
    assert writers.drawn == []


def test_the_writers_are_those_of_the_package() -> None:
    """Without stand-ins: a report of three formats, each of which says the title."""
    found, _ = rendered(Edition(formats=(RTF, MARKDOWN)), content(title="A tale of two arms"))
    assert found[0].data.startswith(b"{\\rtf1")
    assert b"A tale of two arms" in found[1].data
