"""Each rule of the lint finds what it should on a trial that is not the example, and nothing else."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.line import Line
from tests.report.factory import (
    arm_flow,
    content_of,
    made_up_datasets,
    made_up_line,
    made_up_protocol,
    page_in_words,
    said,
    with_event,
)
from trialkit.datasets.collected import NotCollected
from trialkit.datasets.model import Datasets
from trialkit.design.sample_size.checking import size_check
from trialkit.errors import ReportError
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.comparisons import Adjustment
from trialkit.protocol.methods.delta_grid import DeltaGrid
from trialkit.protocol.methods.imputation import ImputationStrategy
from trialkit.protocol.methods.linear_models import ContrastAdjustment
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.methods.plan import Analysis, AnalysisRole, Family
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.tipping_point import TippingPoint
from trialkit.protocol.methods.within_arms import WithinArms
from trialkit.protocol.sizing.design import SampleSizeMethod
from trialkit.protocol.sizing.specifications import SIZE_SPECIFICATIONS
from trialkit.protocol.trial.conduct import Blinded, RandomisationType, SampleSize
from trialkit.protocol.trial.kinds import InterventionKind, Reporter, Side
from trialkit.protocol.trial.outcomes import OutcomeRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.registered import Accepted
from trialkit.report.content.finding import LintFinding, LintSeverity
from trialkit.report.guidelines.statements import AuthorStatement
from trialkit.report.lint.evidence import Evidence
from trialkit.report.lint.linting import RULES, lint
from trialkit.report.lint.section import lint_frame
from trialkit.report.words.en.dates import trial_dates
from trialkit.results.flow import Disposition, Reason
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Result, Results
from trialkit.results.vocabulary import Stat

ERROR, WARNING, NOTE = LintSeverity.ERROR, LintSeverity.WARNING, LintSeverity.NOTE


def all_found(line: Line, statements: tuple[AuthorStatement, ...] = ()) -> tuple[LintFinding, ...]:
    return lint(
        Evidence(
            protocol=line.protocol,
            results=line.results,
            index=ResultIndex(line.results),
            statements=statements,
            dates=trial_dates(line.protocol, line.results.conduct),
            size=size_check(line.protocol),
        )
    )


def found(rule: str, line: Line, statements: tuple[AuthorStatement, ...] = ()) -> list[LintFinding]:
    return [each for each in all_found(line, statements) if each.rule == rule]


def line_with(protocol: Protocol, datasets: Datasets | None = None) -> Line:
    line = made_up_line(protocol=protocol)
    if datasets is None:
        return line
    return replace(line, datasets=datasets, results=carry_out(protocol, datasets))


def with_plan(*analyses: Analysis, families: Iterable[Family] = ()) -> Protocol:
    protocol = made_up_protocol(visits=3)
    plan = replace(protocol.plan, analyses=analyses, families=tuple(families))
    return replace(protocol, plan=plan)


def analysis(name: str, role: AnalysisRole, specification: Any, **more: Any) -> Analysis:
    values = {"outcomes": ("pain",), "population": "itt", "estimand": "E1"} | more
    return Analysis(id=name, role=role, specification=specification, **values)


PRIMARY = analysis("primary", AnalysisRole.PRIMARY, Ancova())
BETTER = analysis("secondary", AnalysisRole.SECONDARY, ProportionComparison(), outcomes=("better",))


def without_rows(line: Line, unwanted: Any) -> Line:
    kept = tuple(row for row in line.results.rows if not unwanted(row))
    return replace(line, results=replace(line.results, rows=kept))


def with_rows(line: Line, *rows: Result) -> Line:
    return replace(line, results=replace(line.results, rows=(*line.results.rows, *rows)))


def a_row(line: Line, stat: Stat = Stat.P_VALUE, **changes: Any) -> Result:
    first = next(row for row in line.results.rows if row.stat_name is stat)
    return replace(first, result_id="made/up", **changes)


def with_missing(datasets: Datasets, *, outcome: str, visit: str, subjects: int) -> Datasets:
    measured = datasets.measurements.copy()
    own = (measured["outcome"] == outcome) & (measured["visit"] == visit)
    gone = measured[own & (measured["arm"] == "A1")]["subject_id"].iloc[:subjects]
    rows = own & measured["subject_id"].isin(gone)
    measured.loc[rows, ["value", "change"]] = float("nan")
    measured.loc[rows, "missing_reason"] = "not done"
    return replace(datasets, measurements=measured)


@pytest.fixture(scope="module")
def sound() -> Line:
    return made_up_line()


def test_every_rule_has_a_number_of_its_own_and_a_place() -> None:
    found = sorted({rule.id for rule in RULES})
    assert found == [f"R{number:02}" for number in range(1, len(found) + 1)]
    assert all(rule.rows and rule.anchor and rule.place for rule in RULES)


def test_a_sound_trial_leaves_only_what_nobody_can_mend(sound: Line) -> None:
    assert {each.rule for each in all_found(sound)} == {"R10", "R11", "R20", "R26", "R37"}


# R01


def test_r01_registration_after_the_first_participant_is_counted_in_days() -> None:
    protocol = made_up_protocol()
    assert protocol.registration is not None
    late = replace(protocol, registration=replace(protocol.registration, date=date(2024, 2, 5)))
    (finding,) = found("R01", line_with(late))
    assert finding.severity is ERROR
    assert "30 days after enrolment began" in finding.found


def test_r01_a_month_counts_from_its_last_day() -> None:
    protocol = made_up_protocol()
    trial = replace(protocol.trial, start=date(2024, 1, 1), months_only=True)
    assert protocol.registration is not None
    registration = replace(protocol.registration, date=date(2024, 2, 5))
    line = line_with(replace(protocol, trial=trial, registration=registration))
    (finding,) = found("R01", line)
    assert "at least 5 days" in finding.found
    within = replace(registration, date=date(2024, 1, 20))
    assert not found("R01", line_with(replace(protocol, trial=trial, registration=within)))


def test_r01_no_registration_is_an_error_and_one_in_time_is_nothing(sound: Line) -> None:
    protocol = replace(made_up_protocol(), registration=None)
    assert found("R01", line_with(protocol))[0].severity is ERROR
    assert not found("R01", sound)


# R02


def test_r02_an_outcome_thought_of_later_is_no_secondary_outcome() -> None:
    protocol = made_up_protocol()
    pain, better = protocol.outcomes
    later = replace(protocol, outcomes=(pain, replace(better, prespecified=False)))
    (finding,) = found("R02", line_with(later))
    assert finding.severity is ERROR
    assert "Much better was not prespecified" in finding.found


def test_r02_the_registry_record_decides_what_was_planned(sound: Line) -> None:
    protocol = made_up_protocol()
    assert protocol.registration is not None
    record = replace(protocol.registration, primary_outcomes=("better",))
    line = line_with(replace(protocol, registration=record))
    words = [each.found for each in found("R02", line)]
    assert any(
        "Much better is primary in the registry record, and secondary" in each for each in words
    )
    assert any("Pain is reported as primary, but the registry" in each for each in words)
    agrees = replace(record, primary_outcomes=("pain",), secondary_outcomes=("Much better",))
    assert not found("R02", line_with(replace(protocol, registration=agrees)))
    assert not found("R02", sound)


def test_r02_a_post_hoc_analysis_is_noted_and_an_unplanned_result_is_an_error(sound: Line) -> None:
    later = analysis("later", AnalysisRole.POST_HOC, Ancova(), reason="Asked for")
    protocol = with_plan(PRIMARY, BETTER, later)
    assert [each.severity for each in found("R02", line_with(protocol))] == [NOTE]
    strange = with_rows(sound, a_row(sound, analysis_id="dredged"))
    (finding,) = found("R02", strange)
    assert finding.severity is ERROR
    assert "dredged" in finding.found


# R03


def test_r03_an_outcome_without_a_result_is_named() -> None:
    (finding,) = found("R03", line_with(with_plan(PRIMARY)))
    assert finding.severity is ERROR
    assert "Much better (secondary)" in finding.found


def test_r03_a_registered_outcome_that_vanished_is_named(sound: Line) -> None:
    protocol = made_up_protocol()
    assert protocol.registration is not None
    record = replace(
        protocol.registration,
        primary_outcomes=("pain",),
        secondary_outcomes=("better", "Days off work"),
    )
    (finding,) = found("R03", line_with(replace(protocol, registration=record)))
    assert "Days off work" in finding.found
    assert not found("R03", sound)


# R04


def test_r04_p_values_at_baseline_are_cautioned(sound: Line) -> None:
    baseline = a_row(sound, analysis_id="baseline", outcome="demographics.age", term="A1 - A0")
    (finding,) = found("R04", with_rows(sound, baseline))
    assert "demographics.age" in finding.found
    assert not found("R04", sound)


# R05


def test_r05_a_change_within_an_arm_is_no_evidence() -> None:
    within = analysis("within", AnalysisRole.EXPLORATORY, WithinArms(method=Method.PAIRED_T))
    (beside,) = found("R05", line_with(with_plan(PRIMARY, BETTER, within)))
    assert beside.severity is NOTE
    alone = line_with(with_plan(PRIMARY, BETTER, within))
    untested = without_rows(
        alone, lambda row: row.analysis_id == "primary" and row.stat_name is Stat.P_VALUE
    )
    assert found("R05", untested)[0].severity is ERROR
    assert not found("R05", line_with(with_plan(PRIMARY, BETTER)))


# R06


def test_r06_a_p_value_without_an_interval_is_an_error(sound: Line) -> None:
    bare = without_rows(
        sound, lambda row: row.stat_name is Stat.CONF_LOW and row.analysis_id == "primary"
    )
    (finding,) = found("R06", bare)
    assert finding.severity is ERROR
    assert "primary gives a p value for Pain" in finding.found
    assert not found("R06", sound)


def test_r06_a_test_of_all_arms_alone_has_no_effect() -> None:
    omnibus = analysis(
        "ranks", AnalysisRole.SENSITIVITY, MeanComparison(method=Method.KRUSKAL_WALLIS)
    )
    protocol = replace(made_up_protocol(arms=3), plan=with_plan(PRIMARY, BETTER, omnibus).plan)
    assert [each.place for each in found("R06", line_with(protocol))] == ["[[analyses]] ranks"]


@pytest.mark.parametrize("words", ["p > 0.05", "P≥.05", "p = 0.000", "was NS.", "N.S. in both"])
def test_r06_words_that_hide_a_p_value_are_found(sound: Line, words: str) -> None:
    (finding,) = found("R06", sound, statements=(said("29", f"The difference {words}"),))
    assert finding.place == "statements/29.md"


@pytest.mark.parametrize(
    "words", ["p = 0.06", "p < 0.001", "The NSAID group", "p = 0.0004", "answers", "p > 0.051"]
)
def test_r06_words_that_hide_nothing_are_left_alone(sound: Line, words: str) -> None:
    assert not found("R06", sound, statements=(said("29", f"We found {words} here."),))


# R07


def test_r07_a_binary_outcome_needs_both_effects(sound: Line) -> None:
    absolute = without_rows(sound, lambda row: row.method in {"risk_ratio", "odds_ratio"})
    assert "no relative effect" in found("R07", absolute)[0].found
    relative = without_rows(sound, lambda row: row.method == "risk_difference")
    assert "no absolute effect" in found("R07", relative)[0].found
    assert not found("R07", sound)


# R08


def test_r08_a_flow_that_differs_from_the_analysis_is_an_error(sound: Line) -> None:
    flow = sound.datasets.disposition
    short = tuple(
        arm_flow(
            sound.protocol.arm(arm.arm), arm.allocated, reasons=(Reason(text="Moved", count=1),)
        )
        for arm in flow.arms
    )
    datasets = replace(sound.datasets, disposition=replace(flow, arms=short))
    findings = found("R08", line_with(sound.protocol, datasets))
    assert [each.severity for each in findings] == [ERROR, ERROR]
    assert "7 analysed" in findings[0].found
    assert not found("R08", sound)


def test_r08_a_flow_of_other_people_is_an_error(sound: Line) -> None:
    flow = sound.datasets.disposition
    arms = tuple(arm_flow(sound.protocol.arm(arm.arm), 9) for arm in flow.arms)
    other = Disposition(assessed=21, not_randomised=flow.not_randomised, randomised=18, arms=arms)
    datasets = replace(sound.datasets, disposition=other)
    assert any(
        "the data 8 randomised" in each.found
        for each in found("R08", line_with(sound.protocol, datasets))
    )


# R09


def test_r09_more_analysed_than_randomised_is_an_error(sound: Line) -> None:
    rows = tuple(
        replace(row, stat=11)
        if row.stat_name is Stat.N and row.analysis_id == "secondary" and row.term == "" and row.arm
        else row
        for row in sound.results.rows
    )
    findings = found("R09", replace(sound, results=Results(rows=rows)))
    assert "analyses 11 in Arm 0 for Much better, but 8 were randomised" in findings[0].found


def test_r09_fewer_need_a_reason_and_one_with_a_reason_is_nothing(sound: Line) -> None:
    datasets = with_missing(sound.datasets, outcome="pain", visit="V1", subjects=2)
    line = line_with(sound.protocol, datasets)
    assert not found("R09", line)
    silent = tuple(
        replace(row, note="") if row.stat_name is Stat.N_EXCLUDED else row
        for row in line.results.rows
    )
    (finding,) = found("R09", replace(line, results=Results(rows=silent)))
    assert "6 of 8 in Arm 1" in finding.found


# R10


def test_r10_tests_without_a_family_are_an_error_that_counts_them() -> None:
    protocol = made_up_protocol(arms=3)
    plan = replace(
        protocol.plan,
        families=(),
        analyses=tuple(replace(each, family="") for each in protocol.plan.analyses),
    )
    (finding,) = found("R10", line_with(replace(protocol, plan=plan)))
    assert finding.severity is ERROR
    assert "Two outcomes are tested in four comparisons" in finding.found
    assert "over all 4 together, Holm leaves" in finding.found


def test_r10_a_family_and_a_word_in_the_discussion_leave_a_note(sound: Line) -> None:
    words = (said("30", "Multiplicity was dealt with by Holm's method."),)
    assert [each.severity for each in found("R10", sound, statements=words)] == [NOTE]
    assert [each.severity for each in found("R10", sound)] == [WARNING]


def test_r10_one_test_is_no_multiplicity() -> None:
    protocol = with_plan(PRIMARY)
    one = replace(protocol, outcomes=protocol.outcomes[:1])
    assert not found("R10", line_with(one))


def test_r10_a_family_that_adjusts_nothing_does_not_count() -> None:
    family = Family(code="f", label="Both", adjustment=Adjustment.NONE)
    first = replace(PRIMARY, family="f")
    protocol = with_plan(first, replace(BETTER, family="f"), families=(family,))
    three = replace(protocol, arms=made_up_protocol(arms=3).arms)
    assert found("R10", line_with(three))[0].severity is ERROR


def test_r10_arms_that_the_analysis_adjusts_itself_are_not_open() -> None:
    dunnett = Ancova(adjustment=ContrastAdjustment.DUNNETT)
    protocol = with_plan(replace(PRIMARY, specification=dunnett))
    three = replace(protocol, arms=made_up_protocol(arms=3).arms)
    (finding,) = found("R10", line_with(three))
    assert finding.severity is WARNING
    assert "2 are adjusted for the number of arms in their own analysis" in finding.found
    assert "not adjusted" not in finding.found


# R11


def test_r11_none_occurred_and_none_was_looked_for_are_different(sound: Line) -> None:
    assert {each.severity for each in found("R11", sound)} == {NOTE}
    assert "0 of 8" in found("R11", sound)[0].found
    assert "36.9%" in found("R11", sound)[0].found
    uncollected = replace(
        sound.datasets, not_collected=NotCollected(harms=frozenset(sound.protocol.arm_codes))
    )
    (finding,) = found("R11", line_with(sound.protocol, uncollected))
    assert finding.severity is ERROR


def test_r11_an_arm_with_events_is_not_noted(sound: Line) -> None:
    datasets = with_event(sound.datasets, term="Soreness", arm="A1")
    assert len(found("R11", line_with(sound.protocol, datasets))) == 1


# R12


def test_r12_assumptions_that_do_not_give_the_number_are_found(sound: Line) -> None:
    method = SampleSizeMethod.TWO_SAMPLE_T
    specification = SIZE_SPECIFICATIONS[method](difference=10.0, sd=20.0)  # type: ignore[call-arg]
    size = SampleSize(planned=30, method=method, power=0.8, specification=specification)
    (finding,) = found("R12", line_with(replace(sound.protocol, sample_size=size)))
    assert finding.severity is ERROR
    assert "30" in finding.found
    enough = replace(size, planned=128)
    assert not found("R12", line_with(replace(sound.protocol, sample_size=enough)))
    assert not found("R12", sound)


# R13


def untreated(*, blinded: Blinded, by: Reporter, kind: InterventionKind) -> Protocol:
    protocol = made_up_protocol()
    arms = tuple(
        replace(arm, intervention=replace(arm.intervention, kind=kind))
        if arm.reference and arm.intervention
        else arm
        for arm in protocol.arms
    )
    pain, better = protocol.outcomes
    return replace(
        protocol,
        arms=arms,
        outcomes=(replace(pain, reported_by=by), better),
        blinding=replace(protocol.blinding, participants=blinded),
    )


def test_r13_an_untreated_control_and_a_self_reported_outcome_are_found() -> None:
    protocol = untreated(
        blinded=Blinded.NO, by=Reporter.PARTICIPANT, kind=InterventionKind.WAITING_LIST
    )
    (finding,) = found("R13", line_with(protocol))
    assert finding.severity is WARNING
    assert "Arm 0 gets nothing" in finding.found


@pytest.mark.parametrize(
    ("blinded", "by", "kind"),
    [
        (Blinded.YES, Reporter.PARTICIPANT, InterventionKind.NO_INTERVENTION),
        (Blinded.NO, Reporter.DEVICE, InterventionKind.NO_INTERVENTION),
        (Blinded.NO, Reporter.PARTICIPANT, InterventionKind.SHAM),
    ],
)
def test_r13_any_of_the_three_missing_is_nothing(
    blinded: Blinded, by: Reporter, kind: InterventionKind
) -> None:
    assert not found("R13", line_with(untreated(blinded=blinded, by=by, kind=kind)))


# R14


def two_sides(first: Side, second: Side, *, measure: str = "grip") -> Protocol:
    protocol = made_up_protocol()
    pain, better = protocol.outcomes
    return replace(
        protocol,
        outcomes=(
            replace(pain, side=first, measure=measure),
            replace(better, side=second, measure="grip"),
        ),
    )


def test_r14_left_and_right_of_one_measure_are_one_question() -> None:
    (finding,) = found("R14", line_with(two_sides(Side.LEFT, Side.RIGHT)))
    assert finding.severity is WARNING
    assert "Pain and Much better" in finding.found


def test_r14_an_affected_side_and_another_measure_are_nothing() -> None:
    assert not found("R14", line_with(two_sides(Side.AFFECTED, Side.UNAFFECTED)))
    assert not found("R14", line_with(two_sides(Side.LEFT, Side.RIGHT, measure="pinch")))


# R15


def test_r15_complete_cases_with_missing_values_need_a_sensitivity_analysis(sound: Line) -> None:
    datasets = with_missing(sound.datasets, outcome="pain", visit="V1", subjects=2)
    (finding,) = found("R15", line_with(sound.protocol, datasets))
    assert "2 of 8 (25%) in Arm 1" in finding.found
    (unequal,) = found("R35", line_with(sound.protocol, datasets))
    assert "25.0 percentage points more in Arm 1 than in Arm 0 (95% limits " in unequal.found
    assert not found("R15", sound)
    assert not found("R35", sound)


def test_r15_a_model_of_visits_with_one_follow_up_is_the_same_analysis_again(sound: Line) -> None:
    again = analysis("again", AnalysisRole.SENSITIVITY, Mmrm())
    protocol = replace(sound.protocol, plan=with_plan(PRIMARY, BETTER, again).plan)
    datasets = with_missing(sound.datasets, outcome="pain", visit="V1", subjects=2)
    (finding,) = found("R15", line_with(protocol, datasets))
    assert finding.found.endswith("Not counted: again uses no more participants.")


def test_r15_missing_at_random_is_answered_by_what_departs_from_it() -> None:
    """As carried out: by values imputed as in the reference arm, and by a delta until it tips."""
    own = analysis("primary", AnalysisRole.PRIMARY, Mmrm())
    jump = MultipleImputation(strategy=ImputationStrategy.JUMP_TO_REFERENCE)
    tipping = TippingPoint(arm="A1", deltas=DeltaGrid(first=0, last=2))
    for specification, answers in ((jump, True), (tipping, True), (MultipleImputation(), False)):
        other = analysis("other", AnalysisRole.SENSITIVITY, specification)
        protocol = with_plan(own, BETTER, other)
        datasets = made_up_datasets(protocol, per_arm=20)
        gaps = with_missing(datasets, outcome="pain", visit="V2", subjects=3)
        findings = [each.found for each in found("R15", line_with(protocol, gaps))]
        assert any("missing at random" in each for each in findings) is not answers


def test_r34_half_missing_is_an_error_also_beside_a_model_that_uses_the_others() -> None:
    protocol = with_plan(analysis("primary", AnalysisRole.PRIMARY, Mmrm()), BETTER)
    datasets = made_up_datasets(protocol, per_arm=20)
    few = with_missing(datasets, outcome="pain", visit="V2", subjects=8)
    assert not found("R34", line_with(protocol, few))
    many = with_missing(datasets, outcome="pain", visit="V2", subjects=9)
    (finding,) = found("R34", line_with(protocol, many))
    assert finding.severity is ERROR
    assert "9 of 20 (45%) in Arm 1" in finding.found


def test_r15_an_analysis_that_uses_incomplete_participants_answers_it() -> None:
    incomplete = analysis("incomplete", AnalysisRole.SENSITIVITY, Mmrm())
    protocol = with_plan(PRIMARY, BETTER, incomplete)
    datasets = made_up_datasets(protocol, per_arm=20)
    gaps = with_missing(datasets, outcome="pain", visit="V2", subjects=3)
    assert not found("R15", line_with(protocol, gaps))
    assert found("R15", line_with(with_plan(PRIMARY, BETTER), gaps))


# R16


def dosed(**changes: Any) -> Protocol:
    protocol = made_up_protocol()
    arms = tuple(
        replace(arm, intervention=replace(arm.intervention, **changes))
        if not arm.reference and arm.intervention
        else arm
        for arm in protocol.arms
    )
    return replace(protocol, arms=arms)


def test_r16_a_vague_dose_without_numbers_is_an_error() -> None:
    protocol = dosed(sessions=None, delivery="Sessions for up to 6 weeks")
    datasets = replace(made_up_datasets(protocol))
    (finding,) = found("R16", line_with(protocol, datasets))
    assert finding.severity is ERROR
    assert "up to 6" in finding.found


def test_r16_a_vague_dose_with_a_log_is_noted_and_without_one_an_error() -> None:
    protocol = dosed(delivery="As tolerated")
    assert found("R16", line_with(protocol))[0].severity is NOTE
    nobody = replace(
        made_up_datasets(protocol), attendance=made_up_datasets(protocol).attendance.iloc[:0]
    )
    assert found("R16", line_with(protocol, nobody))[0].severity is ERROR


def test_r16_sessions_that_do_not_multiply_are_found(sound: Line) -> None:
    (finding,) = found("R16", line_with(dosed(sessions_per_week=2, weeks=6)))
    assert "are 12, but 6 are planned" in finding.found
    assert not found("R16", line_with(dosed(sessions_per_week=1, weeks=6)))
    assert not found("R16", sound)


# R17


def test_r17_another_guideline_or_its_numbers_are_found(sound: Line) -> None:
    protocol = made_up_protocol()
    older = replace(protocol, trial=replace(protocol.trial, guideline="CONSORT 2010"))
    (finding,) = found("R17", line_with(older))
    assert finding.severity is ERROR
    newer = replace(protocol, trial=replace(protocol.trial, guideline="CONSORT 2031"))
    assert "which is older" in found("R17", line_with(newer))[0].found
    words = (said("30", "Reported after CONSORT 2010. See CONSORT item 31 and CONSORT item 21."),)
    texts = [each.found for each in found("R17", sound, statements=words)]
    assert len(texts) == 2
    assert any("item 31" in each for each in texts)
    assert not found("R17", sound)


# R18


@pytest.mark.parametrize(
    "words",
    [
        "Permuted blocks of 4 and 6",
        "Block size 4, by a computer",
        "a block size of four",
        "blocks of size 6",
        "4 or 6 per block",
    ],
)
def test_r18_block_sizes_in_words_are_found(words: str) -> None:
    protocol = made_up_protocol()
    leaky = replace(protocol, randomisation=replace(protocol.randomisation, sequence=words))
    (finding,) = found("R18", line_with(leaky))
    assert finding.place == "[randomisation] sequence"


@pytest.mark.parametrize(
    "words", ["Permuted blocks of random size", "In blocks", "Block B of the clinic, 4 rooms"]
)
def test_r18_blocks_without_a_size_are_nothing(words: str) -> None:
    protocol = made_up_protocol()
    safe = replace(protocol, randomisation=replace(protocol.randomisation, sequence=words))
    assert not found("R18", line_with(safe))


# R19


def stratified(*covariates: str) -> Protocol:
    protocol = with_plan(replace(PRIMARY, specification=Ancova(covariates=covariates)))
    return replace(
        protocol,
        outcomes=protocol.outcomes[:1],
        randomisation=replace(
            protocol.randomisation,
            type=RandomisationType.STRATIFIED_BLOCKS,
            strata=("demographics.sex",),
        ),
    )


def test_r19_strata_that_the_analysis_leaves_out_are_found() -> None:
    (finding,) = found("R19", line_with(stratified("baseline")))
    assert "stratified by demographics.sex" in finding.found
    assert not found("R19", line_with(stratified("baseline", "demographics.sex")))


# together


@pytest.mark.slow
def test_a_finding_that_is_accepted_says_why_and_no_longer_counts() -> None:
    protocol = replace(
        made_up_protocol(),
        registration=None,
        accepted=(Accepted(rule="R01", reason="No registry took trials then"),),
    )
    content = content_of(line_with(protocol))
    (finding,) = [each for each in content.lint if each.rule == "R01"]
    assert not finding.counts
    assert "Accepted: No registry took trials then" in page_in_words(content)


def test_an_accepted_rule_that_does_not_exist_is_refused() -> None:
    protocol = replace(made_up_protocol(), accepted=(Accepted(rule="R77", reason="why"),))
    with pytest.raises(ReportError, match="R77"):
        content_of(line_with(protocol))


def test_the_section_and_the_file_hold_the_same_findings(example: Line) -> None:
    content = content_of(example)
    table = next(each for each in content.tables if each.anchor == "table-lint")
    frame = lint_frame(content.lint)
    assert [row.head for row in table.rows] == frame["rule"].tolist()
    assert [row.cells[1].text for row in table.rows] == frame["found"].tolist()
    ranks = [list(LintSeverity).index(LintSeverity(each)) for each in frame["severity"]]
    assert ranks == sorted(ranks)


@pytest.mark.slow
def test_places_of_the_findings_are_there(example: Line, three_arms: Line) -> None:
    for line in (example, three_arms):
        content = content_of(line)
        page = page_in_words(content)
        assert all(f'id="{each.anchor}"' in page for each in content.lint)


def test_the_example_shows_what_its_readers_saw(example: Line) -> None:
    rules = {each.rule: each for each in content_of(example).lint}
    assert "at least 940 days" in rules["R01"].found
    assert "Nine outcomes" in rules["R10"].found
    assert "Hamstring strength, left and Hamstring strength, right" in rules["R14"].found
    assert "Usual daily life gets nothing" in rules["R13"].found


def test_roles_other_than_the_four_of_the_lint_do_not_matter(sound: Line) -> None:
    pain, better = sound.protocol.outcomes
    exploratory = replace(
        sound.protocol, outcomes=(pain, replace(better, role=OutcomeRole.EXPLORATORY))
    )
    assert not found("R02", line_with(exploratory))
