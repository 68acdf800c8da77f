"""Trials of two to six arms, an arm without anybody, and nothing measured: in every format."""

from dataclasses import replace
from io import BytesIO

import docx
import pytest
from pypdf import PdfReader

from tests.report.factory import arm_flow, content_of, made_up_line
from trialkit.planned.carrying_out import carry_out
from trialkit.report.content.content import Content
from trialkit.report.writers.markdown import render_markdown
from trialkit.report.writers.pdf import render_pdf
from trialkit.report.writers.pictures import pictures
from trialkit.report.writers.render import render_html
from trialkit.report.writers.rtf import render_rtf
from trialkit.report.writers.template_folder import find_templates
from trialkit.report.writers.word import render_word


def assert_made_in_every_format(content: Content) -> None:
    word = docx.Document(BytesIO(render_word(content, pictures(content.figures))))
    assert len(word.tables) == len(content.tables) + len(content.checklists) + 1  # the form
    made = render_pdf(content, find_templates())
    assert made.notice == ""
    assert len(PdfReader(BytesIO(made.document)).pages) > 3
    assert render_rtf(content).count(r"\trhdr") >= len(content.tables)
    for text in (render_markdown(content), render_html(content, find_templates())):
        assert "nan" not in text.split()


@pytest.mark.slow  # an arm without anybody and nothing measured go through every format at once
@pytest.mark.parametrize("arms", [2, 6])
def test_few_and_many_arms(arms: int) -> None:
    line = made_up_line(arms=arms)
    assert_made_in_every_format(content_of(line))


@pytest.mark.slow
def test_nothing_was_measured() -> None:
    line = made_up_line()
    content = content_of(replace(line, results=replace(line.results, rows=())))
    assert_made_in_every_format(content)


def test_an_arm_without_anybody() -> None:
    line = made_up_line()
    flow = line.datasets.disposition
    nobody, others = arm_flow(line.protocol.arms[0], 0), flow.arms[1:]
    randomised = sum(arm.allocated for arm in others)
    refused = sum(reason.count for reason in flow.not_randomised)
    emptied = replace(
        flow, arms=(nobody, *others), randomised=randomised, assessed=randomised + refused
    )
    results = carry_out(line.protocol, replace(line.datasets, disposition=emptied))
    assert_made_in_every_format(content_of(replace(line, results=results)))
