"""What a report and a plan both say of the trial itself."""

from dataclasses import replace

import pytest

from tests.report.factory import made_up_protocol
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.text import Paragraph, WebAddress
from trialkit.report.sections.trial import ethics, identity, other_outcomes, registration
from trialkit.report.sections.trial import title_claims as claims_of


def registered_at(url: str) -> Protocol:
    protocol = made_up_protocol()
    assert protocol.registration is not None
    return replace(protocol, registration=replace(protocol.registration, url=url))


@pytest.mark.parametrize(
    ("url", "is_followed"), [("https://example.org/1", True), ("javascript:x", False)]
)
def test_an_address_on_the_web_can_be_followed_and_no_other(url: str, is_followed: bool) -> None:
    (block,) = registration(registered_at(url))
    assert isinstance(block, Paragraph)
    assert (WebAddress(url=url) in block.runs) is is_followed
    assert (url in block.runs) is not is_followed


def test_a_title_that_says_randomised_answers_both_guidelines() -> None:
    protocol = made_up_protocol()
    assert {each.checklist for each in claims_of(protocol)} == {"consort", "spirit"}
    silent = replace(protocol, trial=replace(protocol.trial, title="Two doses"))
    assert claims_of(silent) == ()


def test_ethics_that_are_not_reported_answer_nothing() -> None:
    protocol = made_up_protocol()
    assert ethics(protocol) is None
    for text, answered in (("Approved by a board", 1), ("Not reported", 0)):
        own = ethics(replace(protocol, trial=replace(protocol.trial, ethics=text)))
        assert own is not None
        assert len(own.claims) == answered


def test_what_is_not_there_is_not_told() -> None:
    protocol = replace(made_up_protocol(), registration=None)
    assert registration(protocol) == ()
    assert identity(protocol, "Version 1") == ("Version 1",)
    assert other_outcomes(protocol) == "There is one other outcome."
    assert other_outcomes(replace(protocol, outcomes=protocol.outcomes[:1])) == ""
