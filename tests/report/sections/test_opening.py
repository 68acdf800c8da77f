"""The abstract is a skeleton of what protocol and data can say, with nothing made up."""

from dataclasses import replace
from datetime import date
from typing import Any

from tests.line import Line
from tests.report.factory import content_of, made_up_line, made_up_protocol
from tests.report.lint.evidence import UNDATED, written
from tests.report.rows import index_of, result
from tests.report.sections.telling import NO_ANSWERS, answered, outline, part, plain, told_by
from trialkit.protocol.trial.conduct import Blinded, RandomisationType
from trialkit.protocol.trial.kinds import Reporter
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Content
from trialkit.report.content.text import Definitions
from trialkit.report.sections.opening import abstract, introduction, open_science
from trialkit.report.words.en.dates import TrialDates
from trialkit.results.lookup import ResultIndex
from trialkit.results.vocabulary import Stat


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


# the sections by themselves, of a protocol and of flow counts made by hand

TRIAL = made_up_protocol()
FLOW = index_of(
    result(Stat.N, 31, analysis_id="flow", outcome="", term="randomised"),
    result(Stat.N, 15, analysis_id="flow", outcome="", term="allocated", arm="A0"),
    result(Stat.N, 16, analysis_id="flow", outcome="", term="allocated", arm="A1"),
)
EQUALS = "\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}"


def entries(protocol: Protocol = TRIAL, dates: TrialDates = UNDATED) -> dict[str, str]:
    section = abstract(protocol, FLOW, dates, NO_ANSWERS)
    (block,) = [each for each in section.blocks if isinstance(each, Definitions)]
    return {entry.term: plain(entry.runs) for entry in block.entries}


def in_trial(**changes: Any) -> Protocol:
    return replace(TRIAL, trial=replace(TRIAL.trial, **changes))


def test_each_line_of_the_abstract_says_its_own_part_of_the_protocol() -> None:
    first, last = date(2024, 1, 8), date(2024, 6, 7)
    dates = replace(UNDATED, first_randomised=first, last_randomised=last)
    assert list(entries(dates=dates).items()) == [
        ("Objective", "Less pain."),
        (
            "Design",
            (
                "This is a superiority randomised trial with two parallel groups, allocated 1:1 (Arm 0 "
                "and Arm 1)."
            ),
        ),
        ("Randomisation", "Permuted blocks."),
        (
            "Blinding",
            "Blinded: outcome assessors. Not blinded: participants, providers and analysts.",
        ),
        ("Setting", "Two clinics"),
        (
            "Participants",
            f"31 participants were randomised: Arm 0 (n{EQUALS}15); Arm 1 (n{EQUALS}16).",
        ),
        ("Interventions", "Arm 0; Arm 1 (6 sessions planned). The reference arm is Arm 0."),
        (
            "Methods",
            (
                "Primary outcome: Pain, change from baseline, week 4. Primary analysis: mixed analysis "
                "of variance."
            ),
        ),
        ("Recruitment", f"Participants were randomised from {written(first)} to {written(last)}."),
        ("Registration", "REG123."),
        ("Funding", "A foundation."),
    ]


def test_what_is_open_has_no_line_in_the_abstract() -> None:
    open_trial = replace(
        in_trial(setting="Not reported"),
        objectives=replace(TRIAL.objectives, benefits=("Not reported",)),
        randomisation=replace(TRIAL.randomisation, type=RandomisationType.NOT_REPORTED),
        blinding=replace(TRIAL.blinding, providers=Blinded.NOT_REPORTED),
        registration=None,
        funding=replace(TRIAL.funding, source="Not reported"),
    )
    assert list(entries(open_trial)) == ["Design", "Participants", "Interventions", "Methods"]
    half = replace(UNDATED, first_randomised=date(2024, 1, 8))
    assert "Recruitment" not in entries(dates=half)
    assert "Recruitment" not in entries(dates=replace(UNDATED, last_randomised=date(2024, 1, 8)))
    later = replace(TRIAL.objectives, benefits=("Not reported", "More sleep", "Less pain"))
    assert entries(replace(TRIAL, objectives=later))["Objective"] == "More sleep."


def test_everybody_blinded_and_nobody_blinded_are_each_said_alone() -> None:
    def blinding(flag: Blinded) -> str:
        own = replace(
            TRIAL.blinding, participants=flag, providers=flag, assessors=flag, analysts=flag
        )
        return entries(replace(TRIAL, blinding=own))["Blinding"]

    everybody = "participants, providers, outcome assessors and analysts."
    assert blinding(Blinded.YES) == f"Blinded: {everybody}"
    assert blinding(Blinded.NO) == f"Not blinded: {everybody}"


def claims_of(
    protocol: Protocol, checklist: str, index: ResultIndex = FLOW
) -> set[tuple[str, str]]:
    section = abstract(protocol, index, UNDATED, NO_ANSWERS)
    claims = [claim for block in section.blocks for claim in block.claims]
    return set(answered(claims, checklist=checklist))


def test_the_abstract_answers_for_what_it_prints() -> None:
    printed = {
        ("objective", "objective"), ("interventions", "interventions"), ("blinding", "blinding"),
        ("funding", "source"), ("outcome", "primary outcome"), ("randomisation", "allocation"),
        ("numbers-randomised", "each group"), ("registration", "registry and number"),
        ("participants", "settings"),
    }  # fmt: skip
    assert claims_of(TRIAL, "abstracts") == printed
    unpaid = replace(TRIAL, funding=replace(TRIAL.funding, source=""), registration=None)
    assert claims_of(unpaid, "abstracts") == printed - {
        ("funding", "source"), ("registration", "registry and number"),
    }  # fmt: skip
    assert claims_of(TRIAL, "consort") == {("1b", "design"), ("1b", "methods")}


def test_results_and_harms_are_answered_for_where_there_are_any() -> None:
    line = made_up_line()
    index = ResultIndex(line.results)
    assert ("1b", "results") in claims_of(line.protocol, "consort", index)
    assert claims_of(line.protocol, "abstracts", index) >= {
        ("numbers-analysed", "each group"), ("harms", "harms"),
    }  # fmt: skip


def test_a_primary_outcome_that_participants_report_answers_consort_pro() -> None:
    pain, better = TRIAL.outcomes

    def reported(primary: Reporter, secondary: Reporter) -> set[tuple[str, str]]:
        outcomes = (replace(pain, reported_by=primary), replace(better, reported_by=secondary))
        return claims_of(replace(TRIAL, outcomes=outcomes), "pro")

    assert reported(Reporter.PARTICIPANT, Reporter.DEVICE) == {("P1b", "named in the abstract")}
    assert reported(Reporter.DEVICE, Reporter.PARTICIPANT) == set()


def test_open_science_says_where_and_when_by_whom_and_what_is_shared() -> None:
    dates = replace(UNDATED, first_screened=date(2023, 12, 11))
    section = open_science(TRIAL, dates, NO_ANSWERS)
    assert outline(section) == [
        ("open-science", "Open science", ()),
        ("registration", "Registration", ("2",)),
        ("protocol-and-plan", "Protocol and statistical analysis plan", ("3",)),
        ("data-sharing", "Data sharing", ("4",)),
        ("funding", "Funding and interests", ("5a", "5b")),
    ]
    assert told_by(section.all_blocks()) == [
        f"REG123 (https://example.org/REG123), registered on {written(date(2023, 12, 1))}.",
        (
            "The trial was registered prospectively, 10 days before first enrolment "
            f"({written(date(2023, 12, 11))})."
        ),
        "Protocol: On request.",
        "Statistical analysis plan: On request.",
        "No.",
        "Funding: A foundation.",
        "Role of the funder: The funder had no part in the trial.",
        "gap 5b statement",
    ]
    unregistered = open_science(replace(TRIAL, registration=None), dates, NO_ANSWERS)
    assert told_by(part(unregistered, "registration").blocks)[0].startswith("gap 2")


def test_the_introduction_has_the_author_s_background_and_the_protocol_s_objectives() -> None:
    section = introduction(TRIAL, NO_ANSWERS)
    assert outline(section) == [
        ("introduction", "Introduction", ()),
        ("background", "Background and rationale", ("6",)),
        ("objectives", "Objectives", ("7",)),
    ]
    assert told_by(section.all_blocks()) == [
        "gap 6 statement", "Benefits: Less pain", "Harms: Soreness",
    ]  # fmt: skip
