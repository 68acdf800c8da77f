"""The rules on the plan speak exactly when they should, and count what they say they count."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.report.factory import made_up_protocol, said
from tests.report.lint.evidence import ERROR, NOTE, WARNING, evidence_on, said_by
from tests.report.rows import result
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.comparisons import Adjustment
from trialkit.protocol.methods.plan import Analysis, AnalysisRole, Family
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.outcomes import OutcomeRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.registered import Registration
from trialkit.report.lint.plan_rules import (
    many_tests,
    not_prespecified,
    outcome_without_result,
    within_arm_evidence,
)
from trialkit.results.effect import Scale
from trialkit.results.results import Result
from trialkit.results.series import Point, Series, SeriesKind
from trialkit.results.vocabulary import Stat

TRIAL = made_up_protocol()
POST_HOC, EXPLORATORY = AnalysisRole.POST_HOC, AnalysisRole.EXPLORATORY


def analysis(
    name: str, role: AnalysisRole, specification: Specification | None = None, **more: Any
) -> Analysis:
    values = {"outcomes": ("pain",), "population": "itt", "estimand": "E1"} | more
    return Analysis(
        id=name, role=role, specification=specification or Ancova(), reason="Asked", **values
    )


def planned(
    *analyses: Analysis, families: tuple[Family, ...] = (), trial: Protocol = TRIAL
) -> Protocol:
    return replace(trial, plan=replace(trial.plan, analyses=analyses, families=families))


def recorded(primary: tuple[str, ...] = (), secondary: tuple[str, ...] = ()) -> Registration:
    return Registration(
        registry="REG", id="1", date=date(2023, 1, 1), primary_outcomes=primary,
        secondary_outcomes=secondary,
    )  # fmt: skip


def with_outcome(code: str, protocol: Protocol = TRIAL, **changes: Any) -> Protocol:
    return replace(
        protocol,
        outcomes=tuple(
            replace(each, **changes) if each.code == code else each for each in protocol.outcomes
        ),
    )


PRIMARY = analysis("primary", AnalysisRole.PRIMARY)
SECOND = analysis("second", AnalysisRole.SECONDARY, outcomes=("better",))


# R02


def test_a_post_hoc_analysis_is_noted_with_its_outcomes() -> None:
    later = analysis("later", POST_HOC, outcomes=("better", "pain"))
    assert said_by(not_prespecified, evidence_on(planned(PRIMARY, later))) == [
        (
            NOTE,
            (
                "The analysis later of Much better and Pain is post hoc, and is called so wherever it "
                "stands."
            ),
        )
    ]


def test_an_outcome_thought_of_later_has_no_main_analysis() -> None:
    protocol = with_outcome("better", planned(PRIMARY, SECOND), prespecified=False)
    evidence = evidence_on(protocol)
    assert said_by(not_prespecified, evidence) == [
        (
            ERROR,
            "Much better was not prespecified, but its analysis second has the role secondary.",
        )
    ]
    assert [each.place for each in not_prespecified(evidence)] == ["[[analyses]] second"]
    explored = replace(SECOND, role=EXPLORATORY)
    aside = with_outcome("better", planned(PRIMARY, explored), prespecified=False)
    assert said_by(not_prespecified, evidence_on(aside)) == []


def test_results_that_no_plan_and_no_shelf_names_are_named() -> None:
    found = [
        result(Stat.N, 1, analysis_id=name) for name in ("dredged", "primary", "harms", "apart")
    ]
    assert said_by(not_prespecified, evidence_on(planned(PRIMARY), *found)) == [
        (ERROR, "The results hold apart and dredged, which the plan does not name.")
    ]


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (recorded(), []),
        (recorded(("pain",), ("better",)), []),
        (recorded(("Pain",), ("Much better",)), []),
        (
            recorded(("pain",)),
            ["Much better is reported as secondary, but the registry record does not name it."],
        ),
        (
            recorded((), ("Much better",)),
            ["Pain is reported as primary, but the registry record does not name it."],
        ),
        (
            recorded(("better",), ("pain",)),
            [
                "Pain is secondary in the registry record, and primary in the report.",
                "Much better is primary in the registry record, and secondary in the report.",
            ],
        ),
        # a record that names an outcome twice names it in its role of the report too
        (recorded(("pain", "better"), ("better",)), []),
    ],
)
def test_outcomes_are_held_against_the_record(record: Registration, says: list[str]) -> None:
    protocol = replace(planned(PRIMARY, SECOND), registration=record)
    assert said_by(not_prespecified, evidence_on(protocol)) == [(ERROR, text) for text in says]


@pytest.mark.parametrize("changes", [{"role": OutcomeRole.EXPLORATORY}, {"prespecified": False}])
def test_the_record_need_not_name_what_is_not_said_to_be_planned(changes: dict[str, Any]) -> None:
    protocol = with_outcome("better", replace(planned(PRIMARY), registration=recorded(("pain",))))
    assert len(said_by(not_prespecified, evidence_on(protocol))) == 1
    assert said_by(not_prespecified, evidence_on(with_outcome("better", protocol, **changes))) == []


# R03

STATED = result(Stat.ESTIMATE, 1.0)


def test_an_outcome_without_a_result_of_the_plan_is_named() -> None:
    described = result(Stat.MEAN, 1.0, analysis_id="descriptive", outcome="better")
    protocol = replace(planned(PRIMARY), registration=None)
    evidence = evidence_on(protocol, STATED, described)
    text = "Much better ({}) is defined, and no analysis gives a result for it."
    assert said_by(outcome_without_result, evidence) == [(ERROR, text.format("secondary"))]
    assert [each.place for each in outcome_without_result(evidence)] == ["[[outcomes]] better"]
    explored = with_outcome("better", protocol, role=OutcomeRole.EXPLORATORY)
    assert said_by(outcome_without_result, evidence_on(explored, STATED)) == [
        (WARNING, text.format("exploratory"))
    ]


def test_registered_outcomes_that_the_report_does_not_have_are_named() -> None:
    record = recorded(("pain", "Sleep"), ("Much better", "Walking"))
    protocol = replace(planned(PRIMARY, SECOND), registration=record)
    better = result(Stat.ESTIMATE, 1.0, analysis_id="second", outcome="better")
    assert said_by(outcome_without_result, evidence_on(protocol, STATED, better)) == [
        (ERROR, f"The registry record names the outcome '{name}', which the report does not have.")
        for name in ("Sleep", "Walking")
    ]


# R05


def p(
    value: float | None,
    of: str = "primary",
    outcome: str = "pain",
    term: str = "A1 - A0",
    **more: Any,
) -> Result:
    """The p value of a contrast at the time point."""
    given = {"role": "primary" if of == "primary" else "secondary", "scale": Scale.DIFFERENCE,
             "visit": TRIAL.outcome(outcome).time_point}  # fmt: skip
    return result(Stat.P_VALUE, value, analysis_id=of, outcome=outcome, term=term, **given | more)


def test_changes_within_arms_are_an_error_where_no_analysis_compares_them() -> None:
    inside = analysis("inside", EXPLORATORY, outcomes=("pain", "better"))
    within = [
        result(Stat.P_VALUE, 0.01, analysis_id="inside", outcome=outcome, arm="A1")
        for outcome in ("better", "pain")
    ]
    others = [
        result(Stat.P_VALUE, 0.01, analysis_id="second", outcome="better", term="sphericity"),
        result(Stat.MEAN, 0.01, analysis_id="second", outcome="better", arm="A1"),
    ]
    evidence = evidence_on(planned(PRIMARY, SECOND, inside), p(0.04), *within, *others)
    assert said_by(within_arm_evidence, evidence) == [
        (NOTE, "inside tests the change of Pain within each arm; the arms are compared elsewhere."),
        (
            ERROR,
            "inside tests the change of Much better within each arm; no analysis compares the arms.",
        ),
    ]
    assert {each.place for each in within_arm_evidence(evidence)} == {"[[analyses]] inside"}


# R10

HOLM = Family(code="f", label="Both", adjustment=Adjustment.HOLM)


def together(method: str, *adjusted: tuple[Result, float]) -> Series:
    points = tuple(Point(label=row.result_id, x=row.stat, y=value) for row, value in adjusted)
    return Series(kind=SeriesKind.TOGETHER, analysis_id=method, outcome="", points=points)


FIRST, OTHER = p(0.0499), p(0.05, "second", "better")


def test_one_comparison_is_no_multiplicity() -> None:
    later = p(0.01, "later", "better", role="post hoc")
    unknown = p(None, "second", "better")
    protocol = planned(PRIMARY, SECOND, analysis("later", POST_HOC, outcomes=("better",)))
    assert said_by(many_tests, evidence_on(protocol, FIRST)) == []
    assert said_by(many_tests, evidence_on(protocol, FIRST, later, unknown)) == []


def test_two_comparisons_are_counted_below_the_level_and_after_all_are_adjusted() -> None:
    """0.0499 is below 0.05 and 0.05 is not; of adjusted ones likewise."""
    series = (
        together("holm", (FIRST, 0.05), (OTHER, 0.0499)),
        together("hochberg", (FIRST, 0.04), (OTHER, 0.02)),
    )
    evidence = evidence_on(planned(PRIMARY, SECOND), FIRST, OTHER, series=series)
    assert said_by(many_tests, evidence) == [
        (
            WARNING,
            (
                "Two outcomes are tested in two comparisons of two arms, and 2 are not adjusted. Raw p "
                "is below 0.05 in 1; over all 2 together, Holm leaves 1 and Hochberg 2 (Much better)."
            ),
        )
    ]
    (notice,) = many_tests(evidence)
    assert notice.mend == (
        "Say in the abstract which results are adjusted, and discuss the number of tests under "
        "item 30."
    )


def test_a_word_in_the_discussion_makes_a_warning_a_note() -> None:
    evidence = evidence_on(
        planned(PRIMARY, SECOND), FIRST, OTHER, statements=(said("30", "Multiplicity matters."),)
    )
    (notice,) = many_tests(evidence)
    assert notice.severity is NOTE
    assert notice.mend == "Say in the abstract which results are adjusted."
    elsewhere = (said("29", "Multiplicity matters."),)
    other = evidence_on(planned(PRIMARY, SECOND), FIRST, OTHER, statements=elsewhere)
    assert [each.severity for each in many_tests(other)] == [WARNING]


@pytest.mark.parametrize(
    ("tests", "looks"),
    [
        # one open primary and one open secondary comparison are what a plan may have
        ((FIRST, OTHER), WARNING),
        ((FIRST, p(0.01, term="A2 - A0")), ERROR),
        ((FIRST, OTHER, p(0.01, "second", "better", term="A2 - A0")), ERROR),
        ((FIRST, replace(OTHER, family="f"), p(0.01, "third", family="f")), WARNING),
        ((p(0.01, family="f"), p(0.01, term="A2 - A0", family="f")), WARNING),
    ],
)
def test_more_than_one_open_comparison_of_a_role_is_an_error(
    tests: tuple[Result, ...], looks: object
) -> None:
    third = analysis("third", AnalysisRole.SECONDARY)
    protocol = planned(
        PRIMARY, SECOND, third, families=(HOLM,), trial=made_up_protocol(arms=3)
    )  # fmt: skip
    (notice,) = many_tests(evidence_on(protocol, *tests))
    assert notice.severity is looks
    start = "Name the families in" if looks is ERROR else "Say in the abstract"
    assert notice.mend.startswith(start)


def counted(
    *tests: Result, families: tuple[Family, ...] = (), more: tuple[Analysis, ...] = ()
) -> str:
    """What R10 says of these tests, of which arms are three."""
    protocol = planned(
        PRIMARY, SECOND, *more, families=families, trial=made_up_protocol(arms=3)
    )  # fmt: skip
    ((_, text),) = said_by(many_tests, evidence_on(protocol, *tests))
    return text.split(" Raw p ")[0]


def test_one_outcome_in_several_comparisons_is_said_in_the_singular() -> None:
    again = p(0.01, term="A2 - A0", family="f")
    assert counted(FIRST, again, families=(HOLM,)) == (
        "One outcome is tested in two comparisons of two arms, 1 is adjusted together by Holm's "
        "method (Both), and 1 is not adjusted."
    )


def test_families_are_told_by_what_adjusts_them() -> None:
    none = Family(code="n", label="None", adjustment=Adjustment.NONE)
    gate = Family(code="g", label="Gate", adjustment=Adjustment.NONE, after="f")
    empty = Family(code="e", label="Empty", adjustment=Adjustment.HOCHBERG)
    tests = (
        p(0.01, family="f"), p(0.02, term="A2 - A0", family="f"),
        p(0.03, "second", "better", family="g"), p(0.03, "second", "better", "A2 - A0", family="n"),
    )  # fmt: skip
    assert counted(*tests, families=(HOLM, none, gate, empty)) == (
        "Two outcomes are tested in four comparisons of two arms, 2 are adjusted together by "
        "Holm's method (Both), 1 is adjusted together by a gate (Gate), and 1 is not adjusted."
    )


def test_arms_that_an_analysis_adjusts_itself_are_counted_if_it_has_one_outcome() -> None:
    last = p(0.02, term="A2 - A0")
    place = {"visit": FIRST.visit, "scale": Scale.DIFFERENCE}
    adjusted = [
        result(Stat.P_ADJUSTED, 0.04, term=term, **place) for term in ("A1 - A0", "A2 - A0")
    ]
    assert counted(FIRST, last, *adjusted) == (
        "One outcome is tested in two comparisons of two arms, and 2 are adjusted for the number "
        "of arms in their own analysis."
    )
    assert counted(FIRST, last, adjusted[0]).endswith(
        "1 is adjusted for the number of arms in their own analysis, and 1 is not adjusted."
    )
    # over several outcomes the arms alone are not all that is tested
    both = replace(PRIMARY, outcomes=("pain", "better"))
    trial = planned(both, SECOND, trial=made_up_protocol(arms=3))
    ((_, text),) = said_by(many_tests, evidence_on(trial, FIRST, last, *adjusted))
    assert text.startswith(
        "One outcome is tested in two comparisons of two arms, and 2 are not adjusted."
    )


def test_p_values_of_additional_analyses_are_counted_apart() -> None:
    later = analysis("later", POST_HOC)
    more = [p(0.01, "later", term=term, role="post hoc") for term in ("A1 - A0", "A2 - A0")]
    assert counted(FIRST, OTHER, *more, more=(later,)).endswith(
        "and 2 are not adjusted. 2 more p values come from additional analyses."
    )
    assert counted(FIRST, OTHER, more[0], more=(later,)).endswith(
        "1 more p value comes from additional analyses."
    )


def test_of_several_arms_the_comparisons_that_are_left_are_named() -> None:
    ratio = p(0.01, "second", "better", "A2 / A0")
    trial = planned(PRIMARY, SECOND, trial=made_up_protocol(arms=3))
    series = (together("holm", (ratio, 0.02), (FIRST, 0.03)),)
    ((_, text),) = said_by(many_tests, evidence_on(trial, FIRST, ratio, series=series))
    assert text.endswith(
        "Holm leaves 2 and Hochberg 0 (Pain, Arm 1 vs Arm 0 and Much better, Arm 2 vs Arm 0)."
    )


def test_the_level_is_that_of_the_plan() -> None:
    trial = planned(PRIMARY, SECOND)
    strict = replace(trial, plan=replace(trial.plan, alpha=0.01))
    series = (together("holm", (FIRST, 0.02)),)
    ((_, text),) = said_by(many_tests, evidence_on(strict, FIRST, OTHER, series=series))
    assert text.endswith(
        "Raw p is below 0.01 in none; over all 2 together, Holm leaves 0 and Hochberg 0."
    )
