"""What a report and a plan both say of the trial itself."""

from dataclasses import replace
from datetime import date

import pytest

from tests.report.factory import made_up_protocol
from tests.report.lint.evidence import written
from tests.report.sections.telling import answered, told
from trialkit.protocol.trial.conduct import Harms
from trialkit.protocol.trial.outcomes import OutcomeRole
from trialkit.protocol.trial.people import Eligibility
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.registered import Documents, Framework, Funding, Objectives
from trialkit.report.content.content import Block
from trialkit.report.content.text import Paragraph, WebAddress
from trialkit.report.sections.trial import (
    design,
    design_sentence,
    documents,
    eligibility,
    ethics,
    funder,
    funding,
    harms,
    identity,
    objectives,
    other_outcomes,
    primary_outcomes,
    registration,
    setting,
)
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
    for text, number in (("Approved by a board", 1), ("Not reported", 0)):
        own = ethics(replace(protocol, trial=replace(protocol.trial, ethics=text)))
        assert own is not None
        assert len(own.claims) == number


def test_what_is_not_there_is_not_told() -> None:
    protocol = replace(made_up_protocol(), registration=None)
    assert registration(protocol) == ()
    assert identity(protocol, "Version 1") == ("Version 1",)
    assert other_outcomes(protocol) == "There is one other outcome."
    assert other_outcomes(replace(protocol, outcomes=protocol.outcomes[:1])) == ""


TRIAL = made_up_protocol(arms=3)


def test_the_design_is_told_with_framework_arms_and_ratio() -> None:
    first, second, third = TRIAL.arms
    unequal = replace(TRIAL, arms=(first, replace(second, ratio=2), replace(third, ratio=3)))
    block = design(unequal)
    assert told(block) == (
        "This is a superiority randomised trial with three parallel groups, allocated 1:2:3 "
        "(Arm 0, Arm 1 and Arm 2)."
    )
    assert answered(block.claims) == {
        ("9", "type"): "", ("9", "allocation ratio"): "", ("9", "framework"): "",
    }  # fmt: skip
    unsaid = replace(TRIAL, arms=(first, replace(second, ratio=None), third))
    assert told(design(unsaid)) == (
        "This is a superiority randomised trial with three parallel groups (Arm 0, Arm 1 and Arm 2)."
    )
    assert answered(design(unsaid).claims) == {("9", "type"): "", ("9", "framework"): ""}
    equal = replace(TRIAL, trial=replace(TRIAL.trial, framework=Framework.EQUIVALENCE))
    assert design_sentence(equal).startswith("This is an equivalence randomised trial with three")


def test_a_registration_is_told_with_number_address_and_day() -> None:
    (block,) = registration(registered_at("https://example.org/1"))
    assert told(block) == (
        f"REG123 (https://example.org/1), registered on {written(date(2023, 12, 1))}."
    )
    assert answered(block.claims) == {
        ("2", "registry and number"): "", ("2", "date of registration"): "",
    }  # fmt: skip
    assert (
        told(registration(TRIAL)[0])
        == f"REG123 (https://example.org/REG123), registered on {written(date(2023, 12, 1))}."
    )
    assert identity(TRIAL, "Line") == ("Registered as REG123", "Line")


def test_what_the_protocol_says_is_told_where_it_belongs() -> None:
    """Each text answers its own part, and a text that says that nothing is reported none."""
    paid = replace(TRIAL, funding=Funding(source="Not reported", role="None"))
    objected = Objectives(benefits=("Less pain", "More sleep"), harms=("Not reported",))
    said: list[tuple[tuple[Block | None, ...], dict[str, dict[tuple[str, str], str]]]] = [
        (
            documents(replace(TRIAL, documents=Documents(protocol="Here", analysis_plan="There"))),
            {
                "Protocol: Here.": {("3", "protocol"): ""},
                "Statistical analysis plan: There.": {("3", "statistical analysis plan"): ""},
            },
        ),
        (
            (funding(paid), funder(paid)),
            {
                "Funding: Not reported.": {},
                "Role of the funder: None.": {("5a", "role of the funder"): ""},
            },
        ),
        (
            objectives(replace(TRIAL, objectives=objected)),
            {
                "Benefits: Less pain | More sleep": {("7", "benefits"): ""},
                "Harms: Not reported": {},
            },
        ),
        (
            setting(TRIAL),
            {
                "Two clinics.": {("11", "setting"): ""},
                "Sites: Clinic A and Clinic B.": {("11", "places"): ""},
            },
        ),
        (
            harms(TRIAL),
            {
                "Definition: Any unfavourable sign.": {("15", "definition"): ""},
                "Assessment: Asked at every visit.": {("15", "assessment"): ""},
            },
        ),
        (
            tuple(block for blocks in eligibility(TRIAL, providers="Who treats").values()
                  for block in blocks),
            {
                "Inclusion: Adults": {("12a", "inclusion criteria"): ""},
                "Exclusion: Surgery": {("12a", "exclusion criteria"): ""},
                "Who treats: Any.": {("12b", "sites and providers"): ""},
            },
        ),
    ]  # fmt: skip
    for blocks, expected in said:
        found = {told(block): answered(block.claims) for block in blocks if block is not None}
        assert found == expected
        assert list(found) == list(expected)
    assert list(eligibility(TRIAL)) == ["12a", "12b"]


def test_nothing_is_told_of_what_the_protocol_leaves_blank() -> None:
    blank = replace(
        TRIAL, documents=Documents(), funding=Funding(), objectives=Objectives(), sites=(),
        trial=replace(TRIAL.trial, setting=""), eligibility=Eligibility(), harms=Harms(),
    )  # fmt: skip
    blocks = (
        *documents(blank), funding(blank), funder(blank), *objectives(blank), *setting(blank),
        *harms(blank), *(block for own in eligibility(blank).values() for block in own),
    )  # fmt: skip
    assert set(blocks) == {None}


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("A randomised trial", {"randomised in the title"}),
        ("A RANDOMIZED trial", {"randomised in the title"}),
        ("A non-inferiority trial", {"named in the title"}),
        ("Equivalence of two randomised doses", {"randomised in the title", "named in the title"}),
        ("Two doses", set()),
    ],
)
def test_a_title_answers_for_the_words_that_it_has(title: str, parts: set[str]) -> None:
    named = replace(TRIAL, trial=replace(TRIAL.trial, title=title))
    found = {each.part for each in claims_of(named) if each.checklist != "spirit"}
    assert found == parts


def test_primary_outcomes_are_named_and_others_counted() -> None:
    pain, better = TRIAL.outcomes
    more = replace(better, code="more", role=OutcomeRole.EXPLORATORY)
    both = replace(TRIAL, outcomes=(better, pain, more))
    assert primary_outcomes(both) == ["Pain"]
    assert other_outcomes(both) == "There are two other outcomes."
