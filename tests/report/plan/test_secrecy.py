"""No words that name a block size become public, whoever wrote them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.report.author_words import in_paragraphs
from tests.report.factory import made_up_protocol
from tests.report.plan.test_document import plan_of
from trialkit.errors import ReportError
from trialkit.protocol.trial.conduct import Randomisation, RandomisationType
from trialkit.protocol.trial.responsible import ProtocolAmendment
from trialkit.report.content.author_text import AuthorText
from trialkit.report.content.content import Block, Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.content.marks import MarkedText
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.content.text import Bullets, Definition, Definitions, Paragraph
from trialkit.report.plan.secrecy import refuse_block_sizes_in, refuse_in_block

LEAK = "in blocks of 4"
BLOCKED = Randomisation(type=RandomisationType.PERMUTED_BLOCKS, block_sizes=(4,))


def test_words_of_the_protocol_are_refused_with_their_place() -> None:
    protocol = made_up_protocol()
    refuse_block_sizes_in(protocol)
    leaky = replace(protocol, randomisation=replace(protocol.randomisation, sequence=LEAK))
    with pytest.raises(ReportError, match=r"\[randomisation\] sequence"):
        refuse_block_sizes_in(leaky)


@pytest.mark.parametrize(
    "block",
    [
        Paragraph(runs=("Drawn ", LEAK)),
        Bullets(items=(("Drawn",), (LEAK,))),
        Definitions(entries=(Definition(term="How", runs=(LEAK,)),)),
        AuthorText(item="17a", blocks=in_paragraphs(("Drawn.", LEAK))),
        AuthorText(item="17a", blocks=(Paragraph(runs=("in blocks of ", MarkedText(text="4"))),)),
    ],
)
def test_every_kind_of_block_is_looked_through(block: Block) -> None:
    refuse_in_block(Paragraph(runs=("Drawn in permuted blocks",)), BLOCKED)
    with pytest.raises(ReportError, match="blocks of 4"):
        refuse_in_block(block, BLOCKED)


def test_every_text_of_a_table_is_looked_at() -> None:
    def table(**own: Any) -> Table:
        plain = Table(
            anchor="baseline",
            caption="Baseline",
            stub="Characteristic",
            heads=(ColumnHead(text="All"),),
            groups=(RowGroup(head="", rows=(Row(head="Age", cells=(Cell(text="x"),)),)),),
        )
        return replace(plain, **own)

    def row(head: str = "Age", cell: str = "x", note: str = "") -> dict[str, Any]:
        cells = (Cell(text=cell, note=note),)
        return {"groups": (RowGroup(head="", rows=(Row(head=head, cells=cells),)),)}

    refuse_in_block(table(), BLOCKED)
    for leaky in (
        {"caption": LEAK}, {"stub": LEAK}, {"notes": (LEAK,)}, {"heads": (ColumnHead(text=LEAK),)},
        row(head="Age (block size 4)"), row(cell=LEAK), row(note=LEAK),
        row(head="Block sizes", cell="4"), {"groups": (RowGroup(head=LEAK, rows=()),)},
    ):  # fmt: skip
        with pytest.raises(ReportError, match=r"^table 'baseline': .*block"):
            refuse_in_block(table(**leaky), BLOCKED)


def test_a_figure_is_read_with_what_it_says_to_those_who_cannot_see_it() -> None:
    def figure(description: str = "x", drawn: str = "Age") -> Figure:
        svg = f"<svg><text x='1'>{drawn}</text></svg>"
        return Figure(
            anchor="flow", name="flow", drawing=FigureDrawing(lambda: svg), title="Flow",
            description=description, caption="Flow",
        )  # fmt: skip

    refuse_in_block(figure(), BLOCKED)
    for leaky in (figure(description=LEAK), figure(drawn="Drawn in <tspan>blocks of</tspan> 4")):
        with pytest.raises(ReportError, match="figure 'flow'"):
            refuse_in_block(leaky, BLOCKED)


def test_a_characteristic_that_names_a_block_size_stops_the_plan() -> None:
    protocol = made_up_protocol()
    visit = replace(protocol.visits[0], label="Start (block size 4)")
    with pytest.raises(ReportError, match="block size 4"):
        plan_of(replace(protocol, visits=(visit, *protocol.visits[1:])))


def test_strata_with_numbers_beside_the_trials_own_blocks_are_no_leak() -> None:
    protocol = made_up_protocol()
    own = replace(protocol.randomisation, strata=("age of 60 or more", "site"))
    plan_of(replace(protocol, randomisation=own))


def test_an_amendment_that_names_block_sizes_stops_the_plan() -> None:
    leaky = ProtocolAmendment(version="2", date=date(2025, 3, 3), changes=f"Now {LEAK}", reason="x")
    with pytest.raises(ReportError, match="blocks of 4"):
        plan_of(replace(made_up_protocol(), amendments=(leaky,)))
