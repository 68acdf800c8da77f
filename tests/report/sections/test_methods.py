"""Each part of the methods stands under its heading and tells what the protocol says there."""

from dataclasses import replace
from typing import Any

import pytest

from tests.line import Line
from tests.report.factory import MANIFEST, made_up_line, made_up_protocol
from tests.report.sections.telling import NO_ANSWERS, answered, outline, part, told_by
from trialkit.protocol.locks.plan_history import UNRECORDED
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.trial.kinds import Reporter
from trialkit.protocol.trial.outcomes import OutcomeRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Section
from trialkit.report.sections.methods import methods
from trialkit.report.words.en.sentences.plan_record import NOT_DATED, record_sentence
from trialkit.report.words.language.account import Account
from trialkit.results.lookup import ResultIndex
from trialkit.results.size_check import UNCHECKED, SizeCheck

TRIAL = made_up_protocol()


def methods_of(
    protocol: Protocol = TRIAL,
    *,
    index: ResultIndex | None = None,
    harms: bool = True,
    size: SizeCheck = UNCHECKED,
) -> Section:
    return methods(
        Account(protocol=protocol, index=index), NO_ANSWERS, manifest=MANIFEST,
        harms_counted=harms, size=size,
    )  # fmt: skip


def words(anchor: str, protocol: Protocol = TRIAL, **changes: Any) -> list[str]:
    return told_by(part(methods_of(protocol, **changes), anchor).blocks)


@pytest.fixture(scope="module")
def line() -> Line:
    return made_up_line()


def test_the_parts_stand_in_consort_s_order_with_the_items_they_answer() -> None:
    assert outline(methods_of()) == [
        ("methods", "Methods", ()),
        ("patient-involvement", "Patient and public involvement", ("8",)),
        ("design", "Trial design", ("9",)),
        ("changes", "Changes to the protocol", ("10",)),
        ("setting", "Setting", ("11",)),
        ("eligibility", "Eligibility", ("12a", "12b")),
        ("interventions", "Interventions", ("13",)),
        ("outcomes", "Outcomes", ("14",)),
        ("harms-methods", "Harms", ("15",)),
        ("sample-size", "Sample size and interim analyses", ("16a", "16b")),
        ("randomisation", "Randomisation", ("17a", "17b", "18", "19")),
        ("blinding", "Blinding", ("20a", "20b")),
        ("statistics", "Statistical methods", ("21a", "21b", "21c", "21d")),
    ]


def test_each_part_tells_what_the_protocol_says_there() -> None:
    assert words("patient-involvement") == ["gap 8 statement"]
    assert words("design") == [
        (
            "This is a superiority randomised trial with two parallel groups, allocated 1:1 (Arm 0 and "
            "Arm 1)."
        )
    ]
    assert words("setting") == ["Two clinics.", "Sites: Clinic A and Clinic B."]
    assert words("eligibility") == ["Inclusion: Adults", "Exclusion: Surgery", "Any."]
    assert words("interventions") == [
        "Arm 0 (reference): Name = Care 0. | Procedures = As described.",
        "Arm 1: Name = Care 1. | Procedures = As described. | Dose = Planned: 6 sessions.",
    ]
    assert words("harms-methods") == [
        "Definition: Any unfavourable sign.", "Assessment: Asked at every visit.",
    ]  # fmt: skip
    ethics = replace(TRIAL, trial=replace(TRIAL.trial, ethics="A board"))
    assert words("setting", ethics)[-1] == "Ethics: A board."


def test_size_and_interim_analyses_are_told_in_the_tense_of_the_account(line: Line) -> None:
    done = words("sample-size", index=ResultIndex(line.results))
    assert done[0] == "It was planned to randomise 30 participants."
    assert words("sample-size")[0] == "30 participants will be randomised."
    checked = words("sample-size", size=SizeCheck(recomputed="The assumptions need 64."))
    recomputed = "Recomputed from its assumptions: The assumptions need 64. The calculation allows for no losses."
    assert recomputed in checked


def test_a_post_hoc_analysis_with_a_time_of_its_own_names_it() -> None:
    after = Analysis(
        id="sooner", role=AnalysisRole.POST_HOC, outcomes=("pain",), population="itt",
        estimand="E1", specification=Ancova(), time_point=TRIAL.visits[1].code,
    )  # fmt: skip
    plan = replace(TRIAL.plan, analyses=(*TRIAL.plan.analyses, after))
    (told,) = (each for each in words("changes", replace(TRIAL, plan=plan)) if "sooner" in each)
    assert told.endswith("The analysis of Pain at week 4 (sooner) is post hoc.")


def test_a_change_is_told_and_a_post_hoc_analysis_is_one() -> None:
    after = Analysis(
        id="later", role=AnalysisRole.POST_HOC, outcomes=("better", "pain"), population="itt",
        estimand="E1", specification=Ancova(), reason="A referee asked",
    )  # fmt: skip
    unexplained = replace(after, id="last", outcomes=("pain",), reason="")
    plan = replace(TRIAL.plan, analyses=(*TRIAL.plan.analyses, after, unexplained))
    later = replace(TRIAL, plan=plan)
    joined, first, second = (
        "The second site joined later.",
        "The analysis of Much better and Pain (later) is post hoc. Reason: A referee asked.",
        "The analysis of Pain (last) is post hoc.",
    )
    unknown = record_sentence(UNRECORDED)
    gap = "gap 10 statement"
    assert words("changes") == [unknown, f": {joined}", gap]
    assert words("changes", later) == [unknown, f": {joined} | {first} | {second}", gap]
    unchanged = replace(later, trial=replace(TRIAL.trial, changes=()))
    assert words("changes", unchanged)[1] == f": {first} | {second}"
    lacks = {
        protocol: answered(part(methods_of(protocol), "changes").blocks[1].claims)
        for protocol in (later, unchanged)
    }
    assert lacks == {
        later: {("10", "changes"): NOT_DATED},
        unchanged: {("10", "changes"): f"only the post hoc analyses are named, and {NOT_DATED}"},
    }
    nothing = replace(TRIAL, trial=replace(TRIAL.trial, changes=()))
    said, gap = words("changes", nothing)
    assert said == unknown
    assert gap.startswith("gap 10")


DEFINED = (
    "[table-outcome-definitions] defines each by variable, metric, aggregation and time point."
)


def test_primary_outcomes_are_named_and_the_others_counted() -> None:
    pain, better = TRIAL.outcomes
    assert words("outcomes")[0] == (
        f"The primary outcome is Pain. There is one other outcome. {DEFINED}"
    )
    both = replace(TRIAL, outcomes=(pain, replace(better, role=OutcomeRole.PRIMARY)))
    assert words("outcomes", both)[0] == f"The primary outcomes are Pain and Much better. {DEFINED}"


def test_what_participants_report_themselves_is_said_and_answers_consort_pro() -> None:
    pain, better = TRIAL.outcomes
    own = replace(
        TRIAL,
        outcomes=(
            replace(pain, reported_by=Reporter.DEVICE),
            replace(better, reported_by=Reporter.PARTICIPANT),
        ),
    )
    assert words("outcomes", own)[0] == (
        "The primary outcome is Pain. There is one other outcome. Participants report these "
        f"themselves: Much better. {DEFINED}"
    )

    def by_pro(protocol: Protocol) -> dict[tuple[str, str], str]:
        (block, *_) = part(methods_of(protocol), "outcomes").blocks
        return answered(block.claims, checklist="pro")

    assert by_pro(own) == {("P6a", "who completes it"): ""}
    assert by_pro(TRIAL) == {}


def test_statistics_are_told_with_the_programs_and_where_missing_values_are() -> None:
    found = words("statistics")
    programs = "Analyses were made with trialkit 0.1.0 under Python 3.11.7 (SciPy 1.17.1)."
    where = "How many values are missing, and why, is shown in [table-missing]."
    assert programs in found
    assert found.index(programs) < found.index(where)
    items = part(methods_of(), "statistics")
    assert not [each for each in told_by(items.blocks) if each.startswith("gap 21b")]


def test_harms_are_told_among_the_statistics_where_they_are_counted(line: Line) -> None:
    index = ResultIndex(line.results)
    counted = " ".join(words("statistics", index=index))
    assert "Clopper and Pearson" in counted
    assert "Clopper" not in " ".join(words("statistics", index=index, harms=False))
