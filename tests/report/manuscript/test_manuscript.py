"""The article says what the report says, in a journal's heads: nothing is lost, added or said twice."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.conftest import few_at_once
from tests.line import Line
from tests.report.factory import every_author_statement, inputs_of
from trialkit.errors import ReportError
from trialkit.protocol.trial.reporting import ReportStyle
from trialkit.report.composing import compose
from trialkit.report.content.content import Block, Content, Figure, Section
from trialkit.report.content.tables import Table
from trialkit.report.content.text import Definitions, Gap, Paragraph, ToWrite
from trialkit.report.manuscript.manuscript import APART, Manuscript, compose_manuscript
from trialkit.report.writers.pdf import render_pdf
from trialkit.report.writers.template_folder import find_templates

MOST_PAGES = 12


def made(line: Line, style: ReportStyle = ReportStyle.PLAIN, **changes: object) -> Manuscript:
    return compose_manuscript(report(line, style, **changes), line.protocol, None)


def report(line: Line, style: ReportStyle = ReportStyle.PLAIN, **changes: object) -> Content:
    return compose(inputs_of(line, style=style, **changes))


def wanted(content: Content) -> list[ToWrite]:
    return [
        run for block in content.all_blocks() for run in runs_of(block) if isinstance(run, ToWrite)
    ]


def runs_of(block: Block) -> Iterator[object]:
    if isinstance(block, Paragraph):
        yield from block.runs
    if isinstance(block, Definitions):
        for entry in block.entries:
            yield from entry.runs


def heads(section: Section) -> list[str]:
    return [each.title for each in section.sections]


def top(content: Content, anchor: str) -> Section:
    return next(each for each in content.sections if each.anchor == anchor)


@pytest.mark.parametrize("style", few_at_once(ReportStyle, 2))
def test_nothing_that_the_report_says_is_lost(three_arms: Line, style: ReportStyle) -> None:
    """Every table and figure stands once, in the article or the supplement, and every text too."""
    whole, paper = report(three_arms, style), made(three_arms, style)
    shown = (*paper.article.all_blocks(), *paper.supplement.all_blocks())
    told = [
        block
        for section in whole.sections
        if section.anchor not in APART
        for block in section.all_blocks()
    ]
    for kind in (Table, Figure):
        ours = Counter(each.anchor for each in shown if isinstance(each, kind))
        assert ours == Counter(each.anchor for each in told if isinstance(each, kind))
    said = {each.runs for each in shown if isinstance(each, Paragraph)}
    plain = [
        each for each in told if isinstance(each, Paragraph) and all(map(_is_plain, each.runs))
    ]
    assert [each.runs for each in plain if each.runs not in said] == []


def _is_plain(run: object) -> bool:
    return isinstance(run, str)


@pytest.mark.parametrize("style", few_at_once(ReportStyle, 2))
def test_checklists_of_the_article_judge_as_those_of_the_report(
    example: Line, style: ReportStyle
) -> None:
    whole = report(example, style)
    paper = made(example, style)
    assert list(paper.checklists) == [f"checklist_{each.code}" for each in whole.checklists]
    for ours in whole.extensions:
        (section,) = paper.checklists[f"checklist_{ours.code}"].sections
        (table,) = (block for block in section.blocks if isinstance(block, Table))
        statuses = [row.cells[1].text for row in table.rows]
        assert statuses == [row.status.value for row in ours.rows], ours.code


def test_places_of_the_form_are_heads_and_displays_of_the_manuscript(example: Line) -> None:
    paper = made(example, ReportStyle.LANCET)
    (section,) = paper.checklists["checklist_consort"].sections
    (table,) = (block for block in section.blocks if isinstance(block, Table))
    contents = (paper.article, paper.supplement)
    known = {
        each.title for whole in contents for top in whole.sections for each in top.all_sections()
    }
    known |= {block.label for whole in contents for block in whole.tables} | {
        block.label for whole in contents for block in whole.figures
    }
    places = {
        place
        for row in table.rows
        for place in re.sub("^(In part|Not applicable): ", "", row.cells[2].text).split(", ")
    }
    not_places = {"Title", "Not reported", "In part", "Not applicable"}
    assert places - known - not_places == set()
    assert "Statistical analysis" in places
    assert not any(cell.pages for row in table.rows for cell in row.cells)


@pytest.mark.parametrize(
    ("style", "abstract", "methods"),
    [
        (ReportStyle.JAMA, "Importance", "Study Design"),
        (ReportStyle.NEJM, "Background", "Trial Design and Oversight"),
        (ReportStyle.LANCET, "Background", "Study design and participants"),
        (ReportStyle.BMJ, "Objective", "Trial design"),
        (ReportStyle.PLAIN, "Background", "Trial design"),
    ],
)
def test_heads_are_those_of_the_journal(
    example: Line, style: ReportStyle, abstract: str, methods: str
) -> None:
    article = made(example, style).article
    (block,) = (each for each in top(article, "abstract").blocks if isinstance(each, Definitions))
    assert block.entries[0].term == abstract
    assert heads(top(article, "methods"))[0] == methods


def test_the_lancet_finds_and_interprets(example: Line) -> None:
    article = made(example, ReportStyle.LANCET).article
    (block,) = (each for each in top(article, "abstract").blocks if isinstance(each, Definitions))
    terms = [each.term for each in block.entries]
    assert terms == ["Background", "Methods", "Findings", "Interpretation", "Funding"]
    assert [each.anchor for each in article.sections][2] == "research-in-context"


def test_gaps_are_words_to_replace_with_the_reason_beside_them(example: Line) -> None:
    article = made(example).article
    assert not any(isinstance(block, Gap) for block in article.all_blocks())
    holes = {each.text: each.advice for each in wanted(article)}
    blinding = next(text for text in holes if "Who was blinded is not reported" in text)
    assert holes[blinding] == "Not reported \N{EN DASH} CONSORT 20a."
    conclusions = next(each for each in holes if "conclusions" in each)
    assert "statements/1b.md" in holes[conclusions]


def test_author_statements_leave_no_hole_but_those_of_the_data(three_arms: Line) -> None:
    """With every statement the conclusions stand in the abstract, and nothing asks for a file."""
    article = made(three_arms, statements=every_author_statement()).article
    assert [each for each in wanted(article) if "statements/" in each.advice] == []
    (block,) = (each for each in top(article, "abstract").blocks if isinstance(each, Definitions))
    (conclusions,) = (each for each in block.entries if each.term == "Conclusions")
    assert "The author's words on" in str(conclusions.runs)


def test_no_tag_no_lint_and_no_provenance_stand_in_an_article(example: Line) -> None:
    paper = made(example)
    for whole in (paper.article, paper.supplement):
        assert whole.is_article
        assert not any(each.items for top in whole.sections for each in top.all_sections())
        assert {each.anchor for each in whole.sections} & APART == set()


def test_wide_tables_stand_at_the_end_and_keep_their_number(example: Line) -> None:
    article = made(example).article
    *_, last = article.all_blocks()
    outcomes = next(each for each in article.tables if each.anchor == "table-outcomes")
    assert outcomes.label == "Table 2"
    assert last is outcomes
    assert [each.label for each in article.tables if each is not outcomes] == ["Table 1", "Table 3"]


def test_a_section_without_a_place_is_refused(example: Line) -> None:
    whole = report(example)
    strange = Section(
        anchor="novelty", title="Novelty", sections=(Section(anchor="new", title="New"),)
    )
    with pytest.raises(ReportError, match="'new'"):
        compose_manuscript(
            replace(whole, sections=(*whole.sections, strange)), example.protocol, None
        )


def pages(pdf: bytes) -> int:
    return len(PdfReader(BytesIO(pdf)).pages)


@pytest.mark.slow
@pytest.mark.parametrize("style", list(ReportStyle))
def test_the_article_of_the_example_has_few_pages(example: Line, style: ReportStyle) -> None:
    article = made(example, style).article
    assert 6 <= pages(render_pdf(article, find_templates()).document) <= MOST_PAGES
