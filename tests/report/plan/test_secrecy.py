"""No words that name a block size become public, whoever wrote them."""

from dataclasses import replace
from datetime import date

import pytest

from tests.report.factory import made_up_protocol
from tests.report.plan.test_document import plan_of
from trialkit.errors import ReportError
from trialkit.protocol.trial.responsible import ProtocolAmendment
from trialkit.report.content.author_text import AuthorText, in_paragraphs
from trialkit.report.content.content import Block
from trialkit.report.content.marks import MarkedText
from trialkit.report.content.text import Bullets, Definition, Definitions, Paragraph
from trialkit.report.plan.secrecy import refuse_block_sizes, refuse_block_sizes_in

LEAK = "in blocks of 4"


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
    refuse_block_sizes([Paragraph(runs=("Drawn in permuted blocks",))])
    with pytest.raises(ReportError, match="blocks of 4"):
        refuse_block_sizes([block])


def test_an_amendment_that_names_block_sizes_stops_the_plan() -> None:
    leaky = ProtocolAmendment(version="2", date=date(2025, 3, 3), changes=f"Now {LEAK}", reason="x")
    with pytest.raises(ReportError, match="blocks of 4"):
        plan_of(replace(made_up_protocol(), amendments=(leaky,)))
