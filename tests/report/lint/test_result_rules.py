"""The rules on the results speak exactly when they should, and say it with the right numbers."""

from dataclasses import replace
from typing import Any

import pytest

from tests.report.factory import made_up_protocol
from tests.report.lint.evidence import ERROR, NOTE, WARNING, evidence_on, said_by
from tests.report.rows import result, rows
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.diagnostics import Check
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.protocol.trial.people import Grouping
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.lint.result_rules import (
    baseline_tests,
    binary_without_both,
    flow_differs,
    no_harms,
    numbers_analysed,
    p_without_effect,
)
from trialkit.results.effect import Scale, Status
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

TRIAL = made_up_protocol()
DIFFERENCE = Scale.DIFFERENCE


def analysis(name: str, role: AnalysisRole, specification: Specification, **more: Any) -> Analysis:
    values = {"outcomes": ("pain",), "population": "itt", "estimand": "E1"} | more
    return Analysis(id=name, role=role, specification=specification, reason="Asked", **values)


def planned(*analyses: Analysis, trial: Protocol = TRIAL) -> Protocol:
    return replace(trial, plan=replace(trial.plan, analyses=analyses))


PRIMARY = analysis("primary", AnalysisRole.PRIMARY, Ancova())


# R04


@pytest.mark.parametrize(
    "row",
    [
        result(Stat.P_VALUE, 0.2, analysis_id="baseline", outcome="age"),
        result(Stat.P_VALUE, 0.2, analysis_id="baseline", outcome="", term="age"),
        result(Stat.P_VALUE, 0.2, outcome="age", visit="V0", scale=DIFFERENCE),
    ],
)
def test_p_values_at_baseline_are_named(row: Result) -> None:
    more = result(Stat.P_VALUE, 0.3, analysis_id="baseline", outcome="height")
    assert said_by(baseline_tests, evidence_on(TRIAL, more, row)) == [
        (WARNING, "The results hold p values of differences at baseline (age and height).")
    ]


def test_other_numbers_at_baseline_and_p_values_later_are_no_tests_of_it() -> None:
    evidence = evidence_on(
        TRIAL,
        result(Stat.MEAN, 40, analysis_id="baseline", outcome="age"),
        result(Stat.P_VALUE, 0.2, visit="V1", scale=DIFFERENCE),
        # a test of the model at that visit, which compares no arms
        result(Stat.P_VALUE, 0.2, visit="V0", term="sphericity"),
        result(Stat.ESTIMATE, 1.0, visit="V0", scale=DIFFERENCE),
    )
    assert said_by(baseline_tests, evidence) == []


# R06

EFFECT = {Stat.ESTIMATE: 1.0, Stat.CONF_LOW: 0.5, Stat.CONF_HIGH: 1.5, Stat.P_VALUE: 0.01}
HERE = {"term": "A1 - A0", "visit": "V1", "scale": DIFFERENCE}


def test_a_p_value_with_its_effect_and_both_limits_is_complete() -> None:
    assert said_by(p_without_effect, evidence_on(planned(PRIMARY), *rows(EFFECT, **HERE))) == []


@pytest.mark.parametrize("gone", [Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH])
def test_a_p_value_that_lacks_any_part_of_its_effect_is_named_by_its_contrast(gone: Stat) -> None:
    incomplete = {stat: number for stat, number in EFFECT.items() if stat is not gone}
    unknown = EFFECT | {gone: None}
    for numbers in (incomplete, unknown):
        evidence = evidence_on(planned(PRIMARY), *rows(numbers, **HERE))
        assert said_by(p_without_effect, evidence) == [
            (
                ERROR,
                (
                    "primary gives a p value for Pain (A1 - A0) without an effect and its confidence "
                    "interval."
                ),
            )
        ]
        assert [each.place for each in p_without_effect(evidence)] == ["[[analyses]] primary"]


@pytest.mark.parametrize(
    "elsewhere",
    [{"visit": "V0"}, {"term": "A2 - A0"}, {"analysis_id": "other"}, {"outcome": "better"}],
)
def test_an_interval_of_something_else_does_not_answer_for_a_p_value(
    elsewhere: dict[str, str],
) -> None:
    test = result(Stat.P_VALUE, 0.01, **HERE)
    effect = {stat: number for stat, number in EFFECT.items() if stat is not Stat.P_VALUE}
    evidence = evidence_on(planned(PRIMARY), test, *rows(effect, **HERE | elsewhere))
    assert len(said_by(p_without_effect, evidence)) == 1


def test_contrasts_are_named_once_each() -> None:
    again = result(Stat.P_VALUE, 0.01, **HERE | {"visit": "V0"})
    other = result(Stat.P_VALUE, 0.01, **HERE | {"term": "A2 - A0"})
    evidence = evidence_on(planned(PRIMARY), result(Stat.P_VALUE, 0.01, **HERE), again, other)
    ((_, text),) = said_by(p_without_effect, evidence)
    assert text.startswith("primary gives a p value for Pain (A1 - A0 and A2 - A0) without")


def test_a_test_of_all_arms_needs_an_interval_somewhere_in_its_analysis() -> None:
    omnibus = result(Stat.P_VALUE, 0.01, term="arm")
    limit = result(Stat.CONF_HIGH, 1.0, term="A1 - A0", scale=DIFFERENCE)
    alone = evidence_on(planned(PRIMARY), omnibus)
    assert [text[:38] for _, text in said_by(p_without_effect, alone)] == [
        "primary gives a p value for Pain witho"
    ]
    assert said_by(p_without_effect, evidence_on(planned(PRIMARY), omnibus, limit)) == []


def test_a_test_of_all_arms_is_no_error_beside_an_analysis_that_estimates_the_differences() -> None:
    other = analysis("pairs", AnalysisRole.SECONDARY, Ancova(), outcomes=("pain",))
    omnibus = result(Stat.P_VALUE, 0.01, term="group")
    effect = rows(EFFECT, analysis_id="pairs", **HERE)
    assert said_by(p_without_effect, evidence_on(planned(PRIMARY, other), omnibus, *effect)) == [
        (
            NOTE,
            ("primary tests Pain in all arms at once; how far they differ is estimated by pairs."),
        )
    ]
    for elsewhere in ({"outcome": "better"}, {"arm": "A1"}):
        effect = rows(EFFECT, analysis_id="pairs", **HERE | elsewhere)
        evidence = evidence_on(planned(PRIMARY, other), omnibus, *effect)
        assert [severity for severity, _ in said_by(p_without_effect, evidence)] == [ERROR]


@pytest.mark.parametrize(
    ("role", "severity"), [(AnalysisRole.SENSITIVITY, NOTE), (AnalysisRole.SECONDARY, ERROR)]
)
def test_a_test_whose_effect_has_no_limits_is_no_error_beside_the_main_analyses(
    role: AnalysisRole, severity: str
) -> None:
    drawn = MeanComparison(method=Method.PERMUTATION)
    other = analysis("drawn", role, drawn, outcomes=("pain",))
    bare = rows({Stat.ESTIMATE: 1.0, Stat.P_VALUE: 0.01}, analysis_id="drawn", **HERE)
    effect = rows(EFFECT, analysis_id=PRIMARY.id, **HERE)
    found = said_by(p_without_effect, evidence_on(planned(PRIMARY, other), *bare, *effect))
    assert [each for each, _ in found] == [severity]
    alone = said_by(p_without_effect, evidence_on(planned(PRIMARY, other), *bare))
    assert [each for each, _ in alone] == [ERROR]


@pytest.mark.parametrize("term", [f"{check.value} of something" for check in Check])
def test_a_test_of_an_assumption_or_within_an_arm_needs_no_effect(term: str) -> None:
    diagnostic = result(Stat.P_VALUE, 0.01, term=term)
    within = result(Stat.P_VALUE, 0.01, arm="A1")
    assert said_by(p_without_effect, evidence_on(planned(PRIMARY), diagnostic, within)) == []


# R07

BINARY = analysis("risks", AnalysisRole.SECONDARY, ProportionComparison(), outcomes=("better",))
OF_RISKS = {"analysis_id": "risks", "outcome": "better", "role": "secondary", "term": "A1 - A0"}


def effect(scale: Scale, **changes: Any) -> Result:
    return result(Stat.ESTIMATE, 0.1, scale=scale, method=scale.value, **OF_RISKS | changes)


ABSOLUTE, ODDS = effect(Scale.PERCENTAGE_POINTS), effect(Scale.ODDS_RATIO)
NO_ABSOLUTE = "no absolute effect (risk difference)"
NO_RELATIVE = "no relative effect (risk or odds ratio)"


@pytest.mark.parametrize(
    ("found", "lacks"),
    [
        ((ABSOLUTE, ODDS), ""),
        ((ABSOLUTE, effect(Scale.RISK_RATIO)), ""),
        ((ABSOLUTE,), NO_RELATIVE),
        ((ODDS,), NO_ABSOLUTE),
        ((), f"{NO_ABSOLUTE} and {NO_RELATIVE}"),
        ((ABSOLUTE, effect(Scale.ODDS_RATIO, role="sensitivity")), NO_RELATIVE),
        ((ABSOLUTE, effect(Scale.ODDS_RATIO, outcome="pain")), NO_RELATIVE),
        ((ABSOLUTE, effect(Scale.RATE_RATIO)), NO_RELATIVE),
        ((ABSOLUTE, result(Stat.SE, 0.1, scale=Scale.ODDS_RATIO, **OF_RISKS)), NO_RELATIVE),
        # within the levels of a characteristic is not in all who are analysed
        ((ABSOLUTE, effect(Scale.ODDS_RATIO, analysis_id="levels")), NO_RELATIVE),
        ((ABSOLUTE, effect(Scale.ODDS_RATIO, role="primary", analysis_id="again")), ""),
    ],
)
def test_a_binary_outcome_needs_an_absolute_and_a_relative_effect(
    found: tuple[Result, ...], lacks: str
) -> None:
    levels = analysis(
        "levels", AnalysisRole.EXPLORATORY, Subgroups(by="demographics.sex"), outcomes=("better",)
    )
    again = replace(BINARY, id="again", role=AnalysisRole.SENSITIVITY)
    protocol = planned(PRIMARY, BINARY, levels, again)
    says = [(ERROR, f"Much better is binary, and risks gives {lacks}.")] if lacks else []
    assert said_by(binary_without_both, evidence_on(protocol, *found)) == says


# R08 and R09


def flow(
    *, analysed: tuple[int, int] = (8, 9), allocated: tuple[int, int] = (8, 9)
) -> list[Result]:
    """A flow of 8 and 9, all received and analysed unless they were lost."""

    def row(term: str, count: int, arm: str = "") -> Result:
        return result(Stat.N, count, analysis_id="flow", outcome="", term=term, arm=arm)

    total = sum(allocated)
    found = [row("assessed", total), row("randomised", total)]
    for code, all_of_it, kept in zip(("A0", "A1"), allocated, analysed, strict=True):
        found += [row(term, all_of_it, code) for term in ("allocated", "received")]
        found.append(row("analysed", kept, code))
        if all_of_it > kept:
            found.append(row("lost: moved", all_of_it - kept, code))
    return found


def population(kept: int, left: int, arm: str, *, code: str = "itt") -> tuple[Result, ...]:
    place = {"analysis_id": "populations", "outcome": "", "term": code, "arm": arm}
    return rows({Stat.N: kept, Stat.N_EXCLUDED: left}, **place)


def analysed(number: int, arm: str, **changes: Any) -> Result:
    return result(Stat.N, number, arm=arm, **changes)


def test_a_flow_that_the_data_and_the_primary_analysis_bear_out_is_sound() -> None:
    evidence = evidence_on(
        planned(PRIMARY), *flow(analysed=(8, 7)),
        *population(6, 2, "A0"), *population(9, 0, "A1"), analysed(8, "A0"), analysed(7, "A1"),
    )  # fmt: skip
    assert said_by(flow_differs, evidence) == []


def test_an_arm_of_other_people_than_the_data_hold_is_found() -> None:
    evidence = evidence_on(
        planned(PRIMARY), *flow(), *population(6, 2, "A0"), *population(9, 1, "A1"),
        *population(1, 1, "A0", code="safety"),
    )  # fmt: skip
    assert said_by(flow_differs, evidence) == [
        (ERROR, "Arm 1: the flow diagram has 9, the data 10 randomised.")
    ]


def test_the_population_that_is_asked_is_one_of_those_as_allocated() -> None:
    received, itt = TRIAL.populations[1], TRIAL.populations[0]
    protocol = replace(planned(PRIMARY), populations=(received, itt))
    rows_of = (*population(1, 1, "A0", code="safety"), *population(8, 0, "A0"))
    assert said_by(flow_differs, evidence_on(protocol, *flow(), *rows_of)) == []
    half = result(Stat.N, 3, analysis_id="populations", outcome="", term="itt", arm="A0")
    assert said_by(flow_differs, evidence_on(protocol, *flow(), half)) == []


def test_another_number_than_in_the_first_primary_analysis_is_found() -> None:
    second = analysis("second", AnalysisRole.PRIMARY, Ancova())
    before = analysis("before", AnalysisRole.SECONDARY, Ancova())
    several = replace(PRIMARY, outcomes=("pain", "better"))
    numbers = (
        analysed(8, "A0"),
        analysed(6, "A1"),
        analysed(5, "A0", outcome="better"),
        analysed(4, "A0", analysis_id="second"),
        analysed(3, "A0", analysis_id="before"),
        analysed(2, "A0", term="change"),
    )
    evidence = evidence_on(planned(before, several, second), *flow(), *numbers)
    assert said_by(flow_differs, evidence) == [
        (ERROR, "Arm 1: the flow diagram has 9 analysed, primary 6.")
    ]


def test_a_primary_analysis_of_those_as_treated_need_not_agree_with_the_flow() -> None:
    treated = replace(PRIMARY, population="safety")
    evidence = evidence_on(planned(treated), *flow(), analysed(7, "A0"), analysed(6, "A1"))
    assert said_by(flow_differs, evidence) == []


def test_more_analysed_than_randomised_is_an_error_and_as_many_nothing() -> None:
    evidence = evidence_on(planned(PRIMARY), *flow(), analysed(9, "A0"), analysed(9, "A1"))
    assert said_by(numbers_analysed, evidence) == [
        (ERROR, "primary analyses 9 in Arm 0 for Pain, but 8 were randomised.")
    ]
    (notice,) = numbers_analysed(evidence)
    assert notice.place == "[[analyses]] primary"


@pytest.mark.parametrize(
    ("excluded", "reason", "says"),
    [
        (2, "moved", False),
        (2, "", True),
        (1, "moved", True),
        (3, "moved", True),
        (None, "", True),
    ],
)
def test_fewer_analysed_need_a_reason_for_every_one_of_them(
    excluded: int | None, reason: str, says: bool
) -> None:
    found = [analysed(7, "A1")]
    if excluded is not None:
        found.append(result(Stat.N_EXCLUDED, excluded, arm="A1", note=reason))
    text = "primary analyses 7 of 9 in Arm 1 for Pain, and no reason is given for the others."
    evidence = evidence_on(planned(PRIMARY), *flow(), analysed(8, "A0"), *found)
    assert said_by(numbers_analysed, evidence) == ([(ERROR, text)] if says else [])
    if says:
        assert [each.place for each in numbers_analysed(evidence)] == ["[[analyses]] primary"]


def test_every_outcome_is_counted_of_populations_as_allocated_alone() -> None:
    both = replace(PRIMARY, outcomes=("pain", "better"))
    treated = analysis("treated", AnalysisRole.SENSITIVITY, Ancova(), population="safety")
    last = analysis("last", AnalysisRole.SENSITIVITY, Ancova())
    numbers = (
        analysed(8, "A0"), analysed(9, "A1"), analysed(10, "A1", outcome="better"),
        analysed(11, "A0", analysis_id="treated"), analysed(12, "A0", analysis_id="last"),
    )  # fmt: skip
    evidence = evidence_on(planned(both, treated, last), *flow(), *numbers)
    assert [text for _, text in said_by(numbers_analysed, evidence)] == [
        "primary analyses 10 in Arm 1 for Much better, but 9 were randomised.",
        "last analyses 12 in Arm 0 for Pain, but 8 were randomised.",
    ]
    assert TRIAL.populations[1].group_by is Grouping.RECEIVED


# R11


def harms(events: int, arm: str, *, high: float | None = 0.369, n: int = 8) -> tuple[Result, ...]:
    numbers = {Stat.EVENTS: events, Stat.N: n}
    if high is not None:
        numbers[Stat.CONF_HIGH] = high
    return rows(numbers, analysis_id="harms", outcome="", term="any", arm=arm)


def test_that_harms_were_not_collected_is_an_error_and_says_nothing_of_the_arms() -> None:
    nobody = [
        row
        for arm in TRIAL.arm_codes
        for row in rows(
            {Stat.EVENTS: None}, analysis_id="harms", outcome="", term="any", arm=arm,
            status=Status.NOT_COLLECTED,
        )
    ]  # fmt: skip
    evidence = evidence_on(TRIAL, *nobody)
    assert said_by(no_harms, evidence) == [
        (
            ERROR,
            "Harms were not collected: that none are reported does not mean that none occurred.",
        )
    ]


def test_what_nobody_asked_of_harms_is_told() -> None:
    unasked = [
        row
        for arm in TRIAL.arm_codes
        for row in rows(
            {Stat.EVENTS: None}, analysis_id="harms", outcome="", term="any: related", arm=arm,
            status=Status.NOT_COLLECTED,
        )
    ]  # fmt: skip
    evidence = evidence_on(TRIAL, *harms(1, "A0"), *harms(2, "A1"), *unasked)
    assert said_by(no_harms, evidence) == [
        (
            WARNING,
            "Of adverse events not collected: relation. What nobody asked about is not none.",
        )
    ]


def test_an_arm_without_an_event_is_told_with_the_upper_limit() -> None:
    protocol = replace(TRIAL, plan=replace(TRIAL.plan, confidence_level=0.9))
    evidence = evidence_on(protocol, *harms(1, "A0"), *harms(0, "A1", high=0.2589, n=11))
    assert said_by(no_harms, evidence) == [
        (
            NOTE,
            (
                "Nobody in Arm 1 had an adverse event (0 of 11); the risk may still be up to 25.9% "
                "(upper exact 90% limit)."
            ),
        )
    ]


def test_without_a_limit_or_without_a_count_nothing_is_said() -> None:
    assert said_by(no_harms, evidence_on(TRIAL, *harms(0, "A1", high=None))) == []
    assert said_by(no_harms, evidence_on(TRIAL)) == []
