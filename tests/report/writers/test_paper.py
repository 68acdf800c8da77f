"""A paper document has every heading and block in order, on turned pages where tables need them."""

from dataclasses import replace

import pytest

from tests.report.contents import content, empty_checklist
from trialkit.report.content.checklists import RowStatus
from trialkit.report.content.content import Content, Fact, Figure, Section
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.content.text import Paragraph
from trialkit.report.writers import paper
from trialkit.report.writers.paper import (
    MEANING,
    PaperHeading,
    Piece,
    checklist_section,
    completeness,
    paper_sections,
    pieces,
    provenance,
    spreads,
)


def table(anchor: str) -> Table:
    return Table(
        anchor=anchor, caption="", stub="", heads=(ColumnHead(text=""),),
        groups=(RowGroup(head="", rows=(Row(head="", cells=(Cell(text="1"),)),)),),
    )  # fmt: skip


def figure(anchor: str) -> Figure:
    return Figure(
        anchor=anchor, name=anchor, drawing=FigureDrawing(str), title="", description="", caption=""
    )


def words(text: str) -> Paragraph:
    return Paragraph(runs=(text,), anchor=text)


SECTIONS = (
    Section(
        anchor="one",
        title="One",
        items=("1a", "2"),
        blocks=(words("first"),),
        sections=(
            Section(
                anchor="two", title="Two", blocks=(words("second"),),
                sections=(Section(anchor="three", title="Three", blocks=(table("turned"),)),),
            ),
            Section(anchor="four", title="Four", blocks=(figure("wide"), figure("upright"))),
        ),
    ),
    Section(anchor="five", title="Five", blocks=(table("small"), words("last"))),
)  # fmt: skip


@pytest.fixture(autouse=True)
def needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """One table and one figure need a turned page."""
    monkeypatch.setattr(paper, "fits_upright", lambda each: each.anchor != "turned")
    monkeypatch.setattr(paper, "drawing_fits_upright", lambda each: each.anchor != "wide")


def whole() -> Content:
    return content(sections=SECTIONS, facts=(Fact(term="Data cut", text="31 March"),))


def named(found: tuple[Piece, ...]) -> list[str]:
    return [each.anchor for each in found if each.anchor]


ORDER = ["one", "first", "two", "second", "three", "turned", "four", "wide", "upright", "five",
         "small", "last"]  # fmt: skip


def test_headings_and_blocks_stand_in_order_with_their_level_and_items() -> None:
    found = pieces(whole())
    assert named(found)[: len(ORDER)] == ORDER
    headings = [each for each in found if isinstance(each, PaperHeading)]
    assert [(each.title, each.level, each.items) for each in headings[:5]] == [
        ("One", 1, ("1a", "2")), ("Two", 2, ()), ("Three", 3, ()), ("Four", 2, ()), ("Five", 1, ()),
    ]  # fmt: skip
    assert [each.level for each in headings[5:]] == [1, 1]


def test_the_checklists_and_the_provenance_come_last() -> None:
    other = replace(empty_checklist(), guideline="Another guideline")
    both = paper_sections(replace(whole(), extensions=(other,)))
    assert [each.title for each in both] == [
        "One", "Five", "CONSORT 2025 checklist", "Another guideline checklist", "Provenance",
    ]  # fmt: skip


def test_a_turned_page_takes_the_headings_above_what_needs_it_and_no_more() -> None:
    found = [(each.turned, named(each.pieces)) for each in spreads(whole())]
    assert found[:2] == [
        (False, ["one", "first", "two", "second"]),
        (True, ["three", "turned", "four", "wide"]),
    ]
    assert [turned for turned, _ in found] == [False, True, False]
    assert found[2][1][:4] == ["upright", "five", "small", "last"]
    assert [each for spread in spreads(whole()) for each in spread.pieces] == list(pieces(whole()))


def test_how_complete_a_checklist_is_is_counted_by_status() -> None:
    checklist = empty_checklist()
    text = completeness(checklist)
    assert text.startswith("CONSORT 2025: ")
    for status in RowStatus:
        number = sum(row.status is status for group in checklist.groups for row in group.rows)
        assert f"{number} {status.value}" in text


def test_a_checklist_is_a_table_of_its_rows_under_their_groups() -> None:
    checklist = empty_checklist()
    lead, made = checklist_section(checklist).blocks
    assert isinstance(lead, Paragraph)
    assert lead.runs[1] == f" {MEANING}"
    assert isinstance(made, Table)
    assert [head.text for head in made.heads] == [
        "Topic and requirement", "Status", "Place", "Source",
    ]  # fmt: skip
    expected = [
        (group.name, row.number, row.status.value) for group in checklist.groups
        for row in group.rows
    ]  # fmt: skip
    assert expected == [
        (group.head, row.head, row.cells[1].text) for group in made.groups for row in group.rows
    ]
    first = checklist.groups[0].rows[0]
    assert made.rows[0].cells[0].text.startswith(f"{first.topic}. {first.requirement}")
    assert made.notes == (checklist.attribution,)
    assert not made.shown_as_data


def test_provenance_prints_every_fact() -> None:
    _, facts = provenance(whole()).blocks
    assert "31 March" in str(facts)
    assert "Data cut" in str(facts)
