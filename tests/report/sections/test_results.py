"""The results stand under their headings: who, when, what was given, what came of it, and harms."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.line import Line
from tests.report.factory import inputs_of, made_up_line, made_up_protocol, with_event
from tests.report.lint.evidence import UNDATED, written
from tests.report.sections.telling import NO_ANSWERS, answered, outline, part, told_by
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.trial.outcomes import OutcomeRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Section
from trialkit.report.content.text import Paragraph, PrintedNumber
from trialkit.report.sections.results import results
from trialkit.report.words.en.dates import TrialDates
from trialkit.results.effect import Status
from trialkit.results.flow import ArmFlow, Disposition, Reason
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Results
from trialkit.results.vocabulary import Stat

FIRST, LAST, END = date(2024, 2, 3), date(2024, 5, 6), date(2024, 9, 10)
DATES = replace(UNDATED, first_randomised=FIRST, last_randomised=LAST)


def undrawn(protocol: Protocol) -> Protocol:
    """The same trial without figures among its results, which take longest."""
    return replace(protocol, report=replace(protocol.report, figures=()))


@pytest.fixture(scope="module")
def line() -> Line:
    """Two arms of eight: one of them lost one, the other two, and both analyse the rest."""
    own = made_up_line(protocol=undrawn(made_up_protocol()))
    lost = (("A0", 7, 1), ("A1", 6, 2))
    arms = tuple(
        ArmFlow(
            arm=code, label=own.protocol.arm(code).label, allocated=8, received=8,
            not_received=(), lost=(Reason(text="Moved", count=gone),), discontinued=(),
            analysed=kept, excluded=(),
        )
        for code, kept, gone in lost
    )  # fmt: skip
    flow = Disposition(
        assessed=19, not_randomised=(Reason(text="Declined", count=3),), randomised=16, arms=arms
    )
    datasets = replace(own.datasets, disposition=flow)
    return replace(own, datasets=datasets, results=carry_out(own.protocol, datasets))


def results_of(line: Line, dates: TrialDates = DATES, **changes: Any) -> Section:
    inputs = inputs_of(line, **changes)
    return results(inputs, ResultIndex(inputs.results), dates, NO_ANSWERS)


def words(line: Line, anchor: str, dates: TrialDates = DATES, **changes: Any) -> list[str]:
    return told_by(part(results_of(line, dates, **changes), anchor).blocks)


def test_the_parts_stand_in_consort_s_order_with_the_items_they_answer(line: Line) -> None:
    assert outline(results_of(line)) == [
        ("results", "Results", ()),
        ("flow-of-participants", "Participant flow", ("22a", "22b")),
        ("recruitment", "Recruitment and follow-up", ("23a", "23b")),
        ("baseline", "Baseline characteristics", ("25",)),
        ("delivery", "Interventions as delivered", ("24a", "24b")),
        ("outcome-results", "Outcomes and estimation", ("26",)),
        ("harms", "Harms", ("27",)),
        ("ancillary", "Additional analyses", ("28",)),
        ("missing-data", "Missing data", ()),
    ]
    assert words(line, "baseline") == ["table table-baseline"]
    assert words(line, "delivery")[0] == "table table-adherence"


def test_the_flow_is_counted_in_a_sentence_whose_numbers_lead_to_all_their_rows(
    line: Line,
) -> None:
    section = part(results_of(line), "flow-of-participants")
    assert told_by(section.blocks) == [
        (
            "Of 19 people assessed for eligibility, 16 were randomised and 13 were analysed for the "
            "primary outcome ([figure-flow])."
        ),
        "figure figure-flow",
    ]
    sentence = section.blocks[0]
    assert isinstance(sentence, Paragraph)
    stated = {row.result_id: row.stat for row in line.results.rows}
    behind = [
        [stated[name] for name in run.results]
        for run in sentence.runs
        if isinstance(run, PrintedNumber)
    ]
    assert behind == [[19], [16], [7, 6]]


def test_without_a_primary_result_nobody_is_said_to_be_analysed(line: Line) -> None:
    protocol = line.protocol
    primary = {each.id for each in protocol.plan.analyses if each.role is AnalysisRole.PRIMARY}
    rows = tuple(
        replace(row, stat=None, status=Status.NOT_ESTIMABLE, note="not estimable: all are equal")
        if row.analysis_id in primary and row.stat_name in {Stat.ESTIMATE, Stat.P_VALUE}
        else row
        for row in line.results.rows
    )
    equal = replace(line, results=replace(line.results, rows=rows))
    assert told_by(part(results_of(equal), "flow-of-participants").blocks)[0] == (
        "Of 19 people assessed for eligibility, 16 were randomised and 13 had what is needed to "
        "analyse the primary outcome ([figure-flow]); the primary analysis has no result."
    )


def test_recruitment_and_follow_up_are_dated_as_far_as_the_data_are(line: Line) -> None:
    full = replace(DATES, first_screened=date(2024, 1, 2), last_followed=END)
    randomised = f"articipants were randomised from {written(FIRST)} to {written(LAST)}."
    assert words(line, "recruitment", full)[:2] == [
        f"Screening began on {written(date(2024, 1, 2))}; p{randomised}",
        f"The last participant ended follow-up, for benefits and harms, on {written(END)}.",
    ]
    assert words(line, "recruitment")[0] == f"P{randomised}"
    one_day = words(line, "recruitment", replace(DATES, last_randomised=FIRST))[0]
    assert one_day == f"Participants were randomised on {written(FIRST)}."
    for half in (replace(DATES, first_randomised=None), replace(DATES, last_randomised=None)):
        assert all("randomised" not in text for text in words(line, "recruitment", half))
    blocks = part(results_of(line, full), "recruitment").blocks
    assert [answered(block.claims) for block in blocks[:2]] == [
        {("23a", "recruitment"): ""}, {("23a", "follow-up"): ""},
    ]  # fmt: skip


def test_while_some_are_still_followed_nobody_is_the_last(line: Line) -> None:
    rows = tuple(
        replace(row, stat=3) if row.stat_name is Stat.N_NOT_DUE else row
        for row in line.results.rows
    )
    young = replace(line, results=replace(line.results, rows=rows))
    blocks = part(results_of(young, replace(DATES, last_followed=END)), "recruitment").blocks
    said = "".join(str(run) for run in blocks[1].runs)
    assert said == f"Follow-up goes on; of those who ended it, the last did so on {written(END)}."
    assert answered(blocks[1].claims) == {("23a", "follow-up"): "follow-up goes on"}


def with_flow(line: Line, *, assessed: int, randomised: int) -> Line:
    """The same trial when so few had come, all of the randomised into the first arm."""
    arms = tuple(
        ArmFlow(
            arm=arm.code, label=arm.label, allocated=many, received=many, not_received=(), lost=(),
            discontinued=(), analysed=many, excluded=(),
        )
        for arm, many in zip(line.protocol.arms, (randomised, 0), strict=True)
    )  # fmt: skip
    left = assessed - randomised
    reasons = (Reason(text="Declined", count=left),) if left else ()
    flow = Disposition(assessed=assessed, not_randomised=reasons, randomised=randomised, arms=arms)
    datasets = replace(line.datasets, disposition=flow)
    return replace(line, results=carry_out(line.protocol, datasets))


def test_before_the_first_randomisation_it_is_said_that_nobody_was(line: Line) -> None:
    nobody = with_flow(line, assessed=3, randomised=0)
    screened = replace(UNDATED, first_screened=date(2024, 1, 2))
    assert words(nobody, "recruitment", UNDATED)[0] == "Nobody was randomised by the data cut."
    assert words(nobody, "recruitment", screened)[0] == (
        f"Screening began on {written(date(2024, 1, 2))}; nobody was randomised by the data cut."
    )
    block = part(results_of(nobody, UNDATED), "recruitment").blocks[0]
    assert answered(block.claims) == {("23a", "recruitment"): "nobody was randomised so far"}


def test_one_person_is_one_in_the_sentence_of_the_flow(line: Line) -> None:
    one = with_flow(line, assessed=1, randomised=1)
    assert words(one, "flow-of-participants")[0].startswith(
        "Of 1 person assessed for eligibility, 1 was randomised and 1 was analysed"
    )


def test_outcomes_are_told_by_sentence_course_tables_and_other_figures(line: Line) -> None:
    drawn = replace(line, protocol=made_up_protocol())
    found = words(drawn, "outcome-results")
    assert found[0].startswith("Pain, week 4: mean change in Arm 0 ")
    kinds = [
        text if text.startswith("table") else text.split("_")[0].removeprefix("figure figure-")
        for text in found[1:-1]
    ]
    tables = ["table table-outcomes", "table table-proportions"]
    where = kinds.index(tables[0])
    assert kinds[where : where + 2] == tables
    assert all(kind.startswith("course") for kind in kinds[:where])
    assert not any(kind.startswith("course") for kind in kinds[where + 2 :])
    assert "[table-missing]." in found[-1]
    assert "all visits" not in found[-1]


def test_a_primary_outcome_of_yes_and_no_comes_before_the_means_of_others() -> None:
    protocol = undrawn(made_up_protocol())
    pain, better = protocol.outcomes
    first, second = protocol.plan.analyses
    turned = replace(
        protocol,
        outcomes=(
            replace(pain, role=OutcomeRole.SECONDARY),
            replace(better, role=OutcomeRole.PRIMARY),
        ),
        plan=replace(
            protocol.plan,
            analyses=(
                replace(second, role=AnalysisRole.PRIMARY, family=None),
                replace(first, role=AnalysisRole.SECONDARY, family="secondary"),
            ),
        ),
    )
    tables = [
        text
        for text in words(made_up_line(protocol=turned), "outcome-results")
        if text.startswith("table ")
    ]
    assert tables == ["table table-proportions", "table table-outcomes"]


def test_all_visits_are_pointed_to_where_there_are_more_than_two() -> None:
    assert words(made_up_line(protocol=undrawn(made_up_protocol(visits=3))), "outcome-results")[
        -1
    ] == (
        "Missing values and their reasons are in [table-missing]; all visits are in [table-visits]."
    )


def test_harms_say_who_had_any_and_what_none_may_mean(line: Line) -> None:
    none = "0/8 (0%)"
    assert words(line, "harms")[:2] == [
        (
            f"Participants with at least one adverse event: Arm 0 {none}; Arm 1 {none}. Serious "
            f"adverse events: Arm 0 {none}; Arm 1 {none}."
        ),
        (
            "That nobody had an event is compatible with a risk of up to 36.9% in Arm 0 and Arm 1 "
            "(upper exact 95% limit)."
        ),
    ]
    some = with_event(with_event(line.datasets, term="Soreness", arm="A1"), term="Ache", arm="A1")
    one = words(line, "harms", results=carry_out(line.protocol, some))
    assert one[0].startswith(
        "Participants with at least one adverse event: Arm 0 0/8 (0%); Arm 1 1/8"
    )
    assert one[-1] == "table table-harms"


@pytest.mark.parametrize(
    ("events", "told"),
    [
        (1, "1 event before randomisation is not counted."),
        (3, "3 events before randomisation are not counted."),
    ],
)
def test_events_before_randomisation_are_said_not_to_count(
    line: Line, events: int, told: str
) -> None:
    conduct = replace(line.results.conduct, events_before_randomisation=events)
    assert told in words(line, "harms", results=replace(line.results, conduct=conduct))
    assert not any("before randomisation" in text for text in words(line, "harms"))


def test_harms_that_nobody_looked_for_are_a_gap(line: Line) -> None:
    rows = tuple(row for row in line.results.rows if row.analysis_id != "harms")
    conduct = replace(line.results.conduct, events_before_randomisation=3)
    uncollected = Results(rows=rows, series=line.results.series, conduct=conduct)
    sentence, gap = words(line, "harms", results=uncollected)
    assert sentence == "Harms were not collected: no form of the trial asks for adverse events."
    assert gap.startswith("gap 27")


def test_additional_analyses_have_a_table_or_are_said_not_to_exist(line: Line) -> None:
    assert words(line, "ancillary") == [
        "No analysis beyond the primary and secondary ones was made."
    ]
    more = Analysis(
        id="more", role=AnalysisRole.SENSITIVITY, outcomes=("pain",), population="itt",
        estimand="E1", specification=Ancova(),
    )  # fmt: skip
    plan = replace(line.protocol.plan, analyses=(*line.protocol.plan.analyses, more))
    assert words(made_up_line(protocol=replace(line.protocol, plan=plan)), "ancillary") == [
        "table table-additional"
    ]
