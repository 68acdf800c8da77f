"""A report in American English: our words alone, and the same words otherwise."""

from dataclasses import replace

from tests.line import Line
from tests.report.factory import inputs_of, said
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.reporting import ReportStyle
from trialkit.report.composing import compose
from trialkit.report.content.author_text import AuthorText
from trialkit.report.content.content import Content
from trialkit.report.content.text import Gap
from trialkit.report.numbers.styles import STYLES
from trialkit.report.spelling import words_of_others
from trialkit.report.words.en.american import is_british
from trialkit.report.writers.markdown import render_markdown

LABEL = "Randomised programme of the centre"


def of(line: Line, style: ReportStyle) -> Content:
    protocol = line.protocol
    first, *others = protocol.arms
    labelled = replace(protocol, arms=(replace(first, label=LABEL), *others))
    words = said("6", "The authors analysed what others had randomised.")
    return compose(replace(inputs_of(line, statements=(words,)), protocol=labelled, style=style))


def test_our_words_are_american_and_others_are_theirs(example: Line) -> None:
    content = of(example, ReportStyle.JAMA)
    assert content.language == "en-US"
    page = render_markdown(content)
    assert "randomized and" in page
    assert page.count(LABEL) == render_markdown(of(example, ReportStyle.PLAIN)).count(LABEL) > 5
    (words,) = (
        each for each in content.all_blocks() if isinstance(each, AuthorText) and each.item == "6"
    )
    assert words.paragraphs == ("The authors analysed what others had randomised.",)
    assert "Randomized" in content.figure("flow").svg
    assert "Enrolment" not in content.figure("flow").svg


def test_what_is_left_of_british_words_is_somebody_elses(example: Line) -> None:
    """No sentence of ours is forgotten: what is British stands in a text of others, or asks for one."""
    content = of(example, ReportStyle.NEJM)
    inputs = replace(inputs_of(example), protocol=of_arms(example))
    others = sorted(
        (each for each in words_of_others(inputs) if is_british(each)), key=len, reverse=True
    )
    for block in content.all_blocks():
        if isinstance(block, Gap | AuthorText):
            continue
        runs = [each for each in getattr(block, "runs", ()) if isinstance(each, str)]
        for text in (getattr(block, "caption", ""), *runs):
            rest = text.lower()
            for other in others:
                rest = rest.replace(other.lower(), "")
            assert not is_british(rest), rest


def of_arms(line: Line) -> Protocol:
    first, *others = line.protocol.arms
    return replace(line.protocol, arms=(replace(first, label=LABEL), *others))


def test_british_styles_change_nothing(example: Line) -> None:
    for style in (ReportStyle.PLAIN, ReportStyle.LANCET, ReportStyle.BMJ):
        assert STYLES[style].spelling.value == "en-GB"
        assert of(example, style).language == "en-GB"
        assert "randomised and" in render_markdown(of(example, style))
