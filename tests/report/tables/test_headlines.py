"""The headline of an analysis is looked up at the outcome's time point, in the right arms."""

from dataclasses import replace
from typing import Any

import pytest

from tests.report.factory import made_up_protocol
from tests.report.rows import index_of, result
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.comparisons import MissingRule
from trialkit.protocol.methods.linear_models import OutcomeScale
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.protocol.methods.within_arms import WithinArms
from trialkit.report.tables.headlines import (
    RATIO_DIGITS,
    Headline,
    headlines,
    main_headlines,
)
from trialkit.results.lookup import Statistics
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

TRIAL = made_up_protocol(arms=3, visits=3)
LATER, EARLIER = "V2", "V1"


def analysis(name: str, specification: Specification, **changes: Any) -> Analysis:
    given: dict[str, Any] = {
        "role": AnalysisRole.PRIMARY, "outcomes": ("pain",), "population": "itt",
        "estimand": "E1",
    }  # fmt: skip
    return Analysis(id=name, specification=specification, **given | changes)


def headline(
    specification: Specification, *found: Result, outcome: str = "pain", **changes: Any
) -> Headline:
    """The headline of a plan of one analysis, ``primary``, of one outcome."""
    own = analysis("primary", specification, outcomes=(outcome,), **changes)
    digits = replace(TRIAL.outcome("pain"), digits=3)
    protocol = replace(
        TRIAL,
        plan=replace(TRIAL.plan, analyses=(own,)),
        outcomes=(digits, TRIAL.outcome("better")),
    )
    (only,) = headlines(protocol, index_of(*found))
    return only


def numbers(found: Statistics) -> dict[Stat, float | None]:
    return {stat: row.stat for stat, row in found.items()}


LOGARITHMS = Ancova(scale=OutcomeScale.LOG)
WITHIN = WithinArms(method=Method.PAIRED_T)
RESPONDERS = ResponderComparison(missing=MissingRule.OBSERVED_ONLY)


@pytest.mark.parametrize(
    ("specification", "outcome", "said", "digits", "term"),
    [
        (Ancova(), "pain", (False, False, False), 3, "A2 - A0"),
        (LOGARITHMS, "pain", (False, False, True), RATIO_DIGITS, "A2 / A0"),
        (ProportionComparison(), "better", (True, False, False), RATIO_DIGITS, "A2 - A0"),
        (RESPONDERS, "pain", (True, True, False), RATIO_DIGITS, "A2 - A0"),
        # no contrast of arms, so that its numbers are in the outcome's unit
        (WITHIN, "pain", (False, False, False), 3, "A2 - A0"),
    ],
)
def test_a_headline_knows_what_its_effect_is(
    specification: Specification,
    outcome: str,
    said: tuple[bool, bool, bool],
    digits: int,
    term: str,
) -> None:
    own = headline(specification, outcome=outcome)
    assert (own.of_risks, own.counts_responders, own.is_ratio) == said
    assert own.digits == digits
    assert own.term(TRIAL.arm("A2")) == term


def test_a_headline_that_compares_no_arms_has_no_contrast() -> None:
    assert headline(WITHIN).contrast is None
    assert headline(Ancova()).contrast is not None


@pytest.mark.parametrize(
    ("role", "primary", "main"),
    [
        (AnalysisRole.PRIMARY, True, True),
        (AnalysisRole.SECONDARY, False, True),
        (AnalysisRole.SENSITIVITY, False, False),
        (AnalysisRole.EXPLORATORY, False, False),
        (AnalysisRole.POST_HOC, False, False),
    ],
)
def test_planned_comparisons_of_arms_stand_in_the_table_of_outcomes(
    role: AnalysisRole, primary: bool, main: bool
) -> None:
    own = headline(Ancova(), role=role, reason="An afterthought")
    assert (own.is_primary, own.is_main) == (primary, main)
    assert not headline(WITHIN, role=role, reason="An afterthought").is_main
    levels = Subgroups(by="demographics.sex")
    assert not headline(levels, role=role, reason="An afterthought").is_main


def test_the_effect_is_that_of_the_arm_at_the_time_point() -> None:
    here = {"method": "ancova", "term": "A1 - A0", "visit": LATER}
    own = headline(
        Ancova(),
        result(Stat.ESTIMATE, 1.0, **here | {"visit": EARLIER}),
        result(Stat.ESTIMATE, 2.0, **here | {"arm": "A1"}),
        result(Stat.ESTIMATE, 3.0, **here | {"outcome": "better"}),
        result(Stat.ESTIMATE, 4.0, **here | {"analysis_id": "secondary"}),
        result(Stat.ESTIMATE, 5.0, **here | {"term": "A2 - A0"}),
        result(Stat.ESTIMATE, 6.0, **here | {"method": "welch_t"}),
        result(Stat.ESTIMATE, 7.0, **here),
        result(Stat.P_VALUE, 0.04, **here),
    )
    assert numbers(own.effect(TRIAL.arm("A1"))) == {Stat.ESTIMATE: 7.0, Stat.P_VALUE: 0.04}
    assert numbers(own.effect(TRIAL.arm("A2"))) == {Stat.ESTIMATE: 5.0}
    assert numbers(own.effect(TRIAL.arm("A1"), method="welch_t")) == {Stat.ESTIMATE: 6.0}
    assert not own.effect(TRIAL.arm("A1"), method="absent")


def test_a_risk_difference_may_stand_under_the_name_of_the_analysis() -> None:
    here = {"term": "A1 - A0", "visit": LATER, "outcome": "better"}
    margin = MarginComparison(method=Method.NON_INFERIORITY, margin=0.1)
    method = margin.method.value
    test = result(Stat.P_VALUE, 0.03, **here, method=method)
    under_own = result(Stat.ESTIMATE, 0.2, **here | {"term": "A2 - A0"}, method=method)
    named = result(Stat.ESTIMATE, 0.1, **here, method=Stat.RISK_DIFFERENCE.value)
    own = headline(margin, test, under_own, named, outcome="better")
    first, second = TRIAL.arm("A1"), TRIAL.arm("A2")
    assert numbers(own.effect(first, method=Stat.RISK_DIFFERENCE)) == {Stat.ESTIMATE: 0.1}
    assert numbers(own.effect(second, method=Stat.RISK_DIFFERENCE)) == {Stat.ESTIMATE: 0.2}
    assert not own.effect(second, method=Stat.RISK_RATIO)
    # a test alone is no risk difference
    untested = headline(margin, test, outcome="better")
    assert not untested.effect(first, method=Stat.RISK_DIFFERENCE)


def test_the_test_is_what_has_a_p_value_wherever_it_stands() -> None:
    here = {"term": "A1 - A0", "visit": LATER}
    own = headline(
        MeanComparison(method=Method.WELCH_T),
        result(Stat.ESTIMATE, 3.0, **here, method="first"),
        result(Stat.P_VALUE, 0.5, **here | {"term": "A2 - A0"}, method="second"),
        result(Stat.P_VALUE, 0.04, **here, method="second"),
    )
    assert numbers(own.test(TRIAL.arm("A1"))) == {Stat.P_VALUE: 0.04}
    assert numbers(own.test(TRIAL.arm("A2"))) == {Stat.P_VALUE: 0.5}


def test_an_arm_is_described_at_the_visit_that_is_asked_for() -> None:
    shelf = {"analysis_id": "descriptive", "arm": "A1", "visit": EARLIER}
    own = headline(
        Ancova(),
        result(Stat.MEAN, 10.0, **shelf | {"arm": "A0"}),
        result(Stat.MEAN, 11.0, **shelf | {"outcome": "better"}),
        result(Stat.MEAN, 12.0, **shelf | {"visit": LATER}),
        result(Stat.MEAN, 13.0, **shelf | {"term": "change"}),
        result(Stat.MEAN, 14.0, **shelf),
        result(Stat.N, 8, arm="A1", visit=EARLIER),
        result(Stat.N, 9, arm="A1", visit=LATER),
    )
    arm = TRIAL.arm("A1")
    assert numbers(own.described(arm, visit=EARLIER)) == {Stat.MEAN: 14.0}
    assert numbers(own.described(arm, visit=EARLIER, term="change")) == {Stat.MEAN: 13.0}
    assert numbers(own.described(arm, visit=LATER)) == {Stat.MEAN: 12.0}
    assert numbers(own.analysed(arm)) == {Stat.N: 9}
    assert numbers(own.events(arm)) == {Stat.MEAN: 12.0}, "none responded: what was measured"


def test_who_responded_goes_before_what_was_measured() -> None:
    place = {"visit": LATER, "arm": "A1"}
    own = headline(
        RESPONDERS,
        result(Stat.EVENTS, 3, analysis_id="descriptive", **place),
        result(Stat.EVENTS, 5, term="responders", **place),
        result(Stat.EVENTS, 6, term="responders", **place | {"arm": "A2"}),
    )
    assert numbers(own.events(TRIAL.arm("A1"))) == {Stat.EVENTS: 5}
    assert numbers(own.events(TRIAL.arm("A2"))) == {Stat.EVENTS: 6}


def test_headlines_come_in_the_order_of_the_plan_and_of_its_outcomes() -> None:
    analyses = (
        analysis("z", Ancova(), outcomes=("better", "pain"), role=AnalysisRole.SECONDARY),
        analysis("a", WITHIN),
        analysis("m", Ancova()),
        analysis("s", Ancova(), role=AnalysisRole.SENSITIVITY),
    )
    protocol = replace(TRIAL, plan=replace(TRIAL.plan, analyses=analyses))
    every = [(each.analysis.id, each.outcome.code) for each in headlines(protocol, index_of())]
    assert every == [
        ("z", "better"), ("z", "pain"), ("a", "pain"), ("m", "pain"), ("s", "pain"),
    ]  # fmt: skip
    main = [(each.analysis.id, each.outcome.code) for each in main_headlines(protocol, index_of())]
    assert main == [("z", "better"), ("z", "pain"), ("m", "pain")]
