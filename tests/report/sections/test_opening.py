"""The abstract is a skeleton of what protocol and data can say, with nothing made up."""

from dataclasses import replace

from tests.conftest import Line
from tests.report.factory import content_of, made_up_line
from trialkit.protocol.trial.conduct import Blinded
from trialkit.report.content.content import Content
from trialkit.report.content.text import Definitions


def abstract_of(content: Content) -> dict[str, str]:
    section = next(each for each in content.sections if each.anchor == "abstract")
    (block,) = [each for each in section.blocks if isinstance(each, Definitions)]
    return {
        entry.term: "".join(run if isinstance(run, str) else run.text for run in entry.runs)
        for entry in block.entries
    }


def test_the_abstract_has_what_the_protocol_and_the_data_say(three_arms: Line) -> None:
    said = abstract_of(content_of(three_arms))
    assert list(said) == [
        "Objective", "Design", "Randomisation", "Blinding", "Setting", "Participants",
        "Interventions", "Methods", "Recruitment", "Results", "Harms", "Registration", "Funding",
    ]  # fmt: skip
    assert said["Randomisation"] == "Stratified permuted blocks."
    assert (
        said["Blinding"]
        == "Blinded: outcome assessors. Not blinded: participants, providers and analysts."
    )
    assert said["Results"].count("95% CI") == 2


def test_what_is_not_known_is_left_out_and_not_made_up(example: Line) -> None:
    said = abstract_of(content_of(example))
    assert "Randomisation" not in said
    assert "Blinding" not in said


def test_blinding_is_said_only_when_it_is_known_of_everybody() -> None:
    line = made_up_line()
    some = replace(line.protocol.blinding, analysts=Blinded.NOT_REPORTED)
    said = abstract_of(content_of(replace(line, protocol=replace(line.protocol, blinding=some))))
    assert "Blinding" not in said
