"""Planned analyses under mechanisms of leaving: biased where closed forms say, by as much, and else not."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import expit
from scipy.stats import norm

from tests.design.simulation.reference import THREE_ARMS, assuming, planning
from trialkit.design.executors import local_processes
from trialkit.design.simulation.assumptions import Assumptions
from trialkit.design.simulation.characteristics import OperatingCharacteristics
from trialkit.design.simulation.courses import course_of
from trialkit.design.simulation.left_courses import left_course, mechanism_refusal
from trialkit.design.simulation.mechanisms import (
    DropoutMechanism,
    LeavingDependsOn,
    LeavingOfArm,
    SeenAs,
)
from trialkit.design.simulation.operating import operating_characteristics
from trialkit.errors import DesignError
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.estimands import IntercurrentEvent, Strategy
from trialkit.protocol.methods.imputation import ImputationStrategy
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.trial.intercurrent import IntercurrentEventAsked
from trialkit.steps.stages import OpenedTrial

CLOSE = 4.0
"""Monte Carlo standard errors within which a simulation must agree with the truth."""
MCAR, MAR, MNAR = LeavingDependsOn.NOTHING, LeavingDependsOn.SEEN, LeavingDependsOn.UNSEEN
FINAL = MeanComparison(method=Method.WELCH_T, response=Response.FINAL)
COMPLETELY = DropoutMechanism(
    name="completely", mechanism=MCAR, dropout=0.2, arms=(LeavingOfArm(arm="EG", dropout=0.4),)
)
AT_RANDOM = replace(COMPLETELY, name="at random", mechanism=MAR, log_odds_per_sd=1.0)
BY_UNSEEN = replace(COMPLETELY, name="by the unseen", mechanism=MNAR, log_odds_per_sd=1.0)
WORSE = replace(
    COMPLETELY,
    name="worse",
    mechanism=MNAR,
    arms=(LeavingOfArm(arm="EG", dropout=0.4, delta=-1.5),),
)


def meaning(trial: OpenedTrial, strategy: Strategy, *, coded: bool = True) -> OpenedTrial:
    """The same trial, of whose estimands leaving is the only intercurrent event."""
    event = IntercurrentEvent(event="left", strategy=strategy)
    asked = IntercurrentEventAsked(code="left", label="Left") if coded else None
    return replace(
        trial,
        protocol=replace(
            trial.protocol,
            intercurrent_events=() if asked is None else (asked,),
            estimands=tuple(
                replace(each, intercurrent_events=(event,)) for each in trial.protocol.estimands
            ),
        ),
    )


def simulated(
    trial: OpenedTrial, *mechanisms: DropoutMechanism, replicates: int = 1_000, **more
) -> OperatingCharacteristics:
    assumed = assuming(trial, participants=200, sd=2.0, correlation=0.6, difference=1.0)
    return operating_characteristics(
        trial.protocol,
        trial.schemas,
        replace(assumed, mechanisms=mechanisms),
        replicates=replicates,
        entropy=20_260_102,
        chunk=500,
        **more,
    )


def row(found: OperatingCharacteristics, term: str = "EG - CG"):
    (only,) = (each for each in found.rows if each.term == term)
    return only


def mean_of_those_who_stay(dropout: float, log_odds: float) -> float:
    """Of a standard normal variable, if leaving has a logistic chance with this share and slope."""

    def over(what) -> float:
        return quad(lambda z: what(z) * norm.pdf(z), -12, 12)[0]

    intercept = brentq(lambda a: over(lambda z: expit(a + log_odds * z)) - dropout, -30, 30)
    return over(lambda z: z * expit(-intercept - log_odds * z)) / (1 - dropout)


@pytest.mark.parametrize(
    "specification",
    [FINAL, Ancova(), MixedAnova(), MeanComparison(method=Method.WELCH_T)],
    ids=["final values", "ancova", "mixed anova", "changes"],
)
def test_leaving_completely_at_random_biases_no_analysis_of_complete_cases(specification) -> None:
    trial = meaning(planning(specification), Strategy.TREATMENT_POLICY)
    found = row(simulated(trial, COMPLETELY))
    assert found.truth == pytest.approx(1.0)
    assert abs(found.bias) < CLOSE * found.bias_mcse
    assert found.coverage == pytest.approx(0.95, abs=CLOSE * found.coverage_mcse)
    assert (found.mechanism, found.strategy) == ("completely", "treatment policy")


@pytest.mark.parametrize("log_odds", [1.0, -2.0])
def test_leaving_at_random_biases_means_of_complete_cases_by_the_closed_form(
    log_odds: float,
) -> None:
    """Of a bivariate normal pair: the correlation times the mean baseline of those who stay."""
    mechanism = replace(AT_RANDOM, log_odds_per_sd=log_odds)
    found = row(simulated(planning(FINAL), mechanism))
    stay = [mean_of_those_who_stay(dropout, log_odds) for dropout in (0.4, 0.2)]
    bias = 2.0 * 0.6 * (stay[0] - stay[1])
    assert np.sign(bias) == -np.sign(log_odds)
    assert abs(bias) > 10 * found.bias_mcse
    assert found.bias == pytest.approx(bias, abs=CLOSE * found.bias_mcse)
    adjusted = row(simulated(planning(Ancova()), mechanism))
    assert abs(adjusted.bias) < CLOSE * adjusted.bias_mcse


def test_leaving_by_the_unseen_value_biases_an_adjusted_analysis_too() -> None:
    """The mean of those who stay is that of the value itself, and not of one that correlates with it."""
    found = row(simulated(planning(FINAL), BY_UNSEEN))
    stay = [mean_of_those_who_stay(dropout, 1.0) for dropout in (0.4, 0.2)]
    assert found.bias == pytest.approx(2.0 * (stay[0] - stay[1]), abs=CLOSE * found.bias_mcse)
    adjusted = row(simulated(planning(Ancova()), BY_UNSEEN))
    assert adjusted.bias < -10 * adjusted.bias_mcse


def test_a_model_of_all_visits_is_not_biased_by_leaving_at_random_where_complete_cases_are() -> (
    None
):
    arms = (LeavingOfArm(arm="HIGH", dropout=0.5),)
    mechanism = DropoutMechanism(
        name="at random", mechanism=MAR, dropout=0.1, log_odds_per_sd=1.5, arms=arms
    )
    found = {}
    for specification in (Mmrm(response=Response.FINAL, covariates=("baseline",)), Ancova()):
        trial = planning(specification, folder=THREE_ARMS)
        found[specification.method] = row(
            simulated(trial, mechanism, replicates=500), "HIGH - CTRL"
        )
    model, complete = found[Method.MMRM], found[Method.ANCOVA]
    assert abs(model.bias) < CLOSE * model.bias_mcse
    assert model.coverage == pytest.approx(0.95, abs=CLOSE * model.coverage_mcse)
    assert complete.bias < -10 * complete.bias_mcse


def test_values_that_change_by_leaving_bias_by_the_change_times_the_share() -> None:
    """Of treatment policy, whose truth they are in; not of what would be had nobody left."""
    policy = row(simulated(meaning(planning(Ancova()), Strategy.TREATMENT_POLICY), WORSE))
    assert policy.truth == pytest.approx(1.0 - 1.5 * 0.4)
    assert policy.bias == pytest.approx(1.5 * 0.4, abs=CLOSE * policy.bias_mcse)
    assert policy.coverage < 0.6
    had = row(simulated(meaning(planning(Ancova()), Strategy.HYPOTHETICAL), WORSE))
    assert (had.truth, had.strategy) == (pytest.approx(1.0), "hypothetical")
    assert abs(had.bias) < CLOSE * had.bias_mcse
    assert had.bias + had.truth == pytest.approx(policy.bias + policy.truth), "the same data"


@pytest.mark.parametrize("retrieved", [0.5, 1.0])
def test_values_observed_after_leaving_are_used_by_treatment_policy(retrieved: float) -> None:
    trial = meaning(planning(FINAL), Strategy.TREATMENT_POLICY)
    found = row(simulated(trial, replace(WORSE, retrieved=retrieved)))
    left, there = 0.4 * retrieved, 0.6 + 0.4 * retrieved
    bias = -1.5 * left / there + 1.5 * 0.4
    assert found.bias == pytest.approx(bias, abs=CLOSE * found.bias_mcse)


def test_values_observed_after_leaving_are_left_out_where_the_strategy_sets_them_missing() -> None:
    """By the code of an event it is carried out; in words it is described, and the values stay."""
    mechanism = replace(WORSE, retrieved=1.0)
    coded = row(simulated(meaning(planning(FINAL), Strategy.HYPOTHETICAL), mechanism))
    assert abs(coded.bias) < CLOSE * coded.bias_mcse
    words = row(simulated(meaning(planning(FINAL), Strategy.HYPOTHETICAL, coded=False), mechanism))
    assert words.bias == pytest.approx(-1.5 * 0.4, abs=CLOSE * words.bias_mcse)


def test_mechanisms_of_one_run_are_told_apart_and_differ_in_no_value() -> None:
    found = simulated(planning(FINAL), COMPLETELY, AT_RANDOM, replicates=200)
    assert [(each.mechanism, each.term) for each in found.rows] == [
        ("completely", "EG - CG"),
        ("at random", "EG - CG"),
    ]
    nobody = replace(COMPLETELY, dropout=0.0, arms=())
    stays = simulated(planning(FINAL), nobody, replace(nobody, name="again"), replicates=200)
    first, second = stays.rows
    assert replace(second, mechanism=first.mechanism) == first
    plain = operating_characteristics(
        planning(FINAL).protocol, planning(FINAL).schemas,
        assuming(planning(FINAL), participants=200, sd=2.0, correlation=0.6, difference=1.0),
        replicates=200, entropy=20_260_102, chunk=500,
    )  # fmt: skip
    assert plain.rows[0].bias == first.bias


@pytest.mark.cluster
def test_the_same_seed_gives_the_same_numbers_on_two_processes() -> None:
    trial = planning(Ancova())
    alone = simulated(trial, AT_RANDOM, WORSE)
    with local_processes(2) as executor:
        together = simulated(trial, AT_RANDOM, WORSE, executor=executor)
    assert together.rows == alone.rows
    assert together.to_frame().to_csv() == alone.to_frame().to_csv()


def test_strategies_and_outcomes_that_are_not_simulated_are_named_with_the_reason() -> None:
    trial = meaning(planning(FINAL), Strategy.COMPOSITE)
    with pytest.raises(
        DesignError, match="the composite strategy of its estimand is not simulated"
    ):
        simulated(trial, COMPLETELY)
    protocol = trial.protocol
    (analysis,) = protocol.plan.analyses
    policy = meaning(trial, Strategy.TREATMENT_POLICY).protocol
    assert mechanism_refusal(policy, analysis, policy.primary, WORSE) == ""
    binary = next(
        each
        for each in planning(FINAL, folder=THREE_ARMS).protocol.outcomes
        if each.kind.is_proportion
    )
    assert mechanism_refusal(policy, analysis, binary, AT_RANDOM) == (
        "leaving that depends on values, or changes them, is simulated of numbers alone"
    )
    assert mechanism_refusal(policy, analysis, binary, COMPLETELY) == ""


def test_two_strategies_need_the_event_that_leaving_is() -> None:
    trial = planning(FINAL)
    events = (
        IntercurrentEvent(event="left", strategy=Strategy.HYPOTHETICAL),
        IntercurrentEvent(event="rescue", strategy=Strategy.TREATMENT_POLICY),
    )
    protocol = replace(
        trial.protocol,
        estimands=tuple(
            replace(each, intercurrent_events=events) for each in trial.protocol.estimands
        ),
    )
    (analysis,) = protocol.plan.analyses
    assert mechanism_refusal(protocol, analysis, protocol.primary, WORSE) == (
        "its estimand has 2 strategies for its events; name the event that leaving is in mechanism 'worse'"
    )
    for event, truth in (("left", 1.0), ("rescue", 0.4)):
        named = replace(WORSE, event=event)
        found = row(simulated(replace(trial, protocol=protocol), named, replicates=100))
        assert found.truth == pytest.approx(truth)


def test_the_means_of_an_estimand_are_those_of_a_course_with_as_many_gone() -> None:
    trial = meaning(planning(FINAL), Strategy.TREATMENT_POLICY)
    protocol, assumed = trial.protocol, assumption(trial)
    visits = protocol.visit_codes
    course = course_of(
        protocol, protocol.primary, assumed.outcomes[0], visits, effect=1, dropout=0.1
    )
    (analysis,) = protocol.plan.analyses
    found = left_course(
        course, WORSE, protocol=protocol, analysis=analysis, outcome=protocol.primary, visits=visits,
        dropout=0.1,
    )  # fmt: skip
    assert [found.leaving.left_by(place)[1] for place in (0, 1)] == pytest.approx([0.0, 0.4])
    assert found.means_at(1) == pytest.approx([50.0, 51.0 - 0.6])
    assert found.means_at(0) == pytest.approx([50.0, 50.0])


def assumption(trial: OpenedTrial) -> Assumptions:
    return assuming(trial, participants=200, sd=2.0, correlation=0.6, difference=1.0)


def test_leaving_may_depend_on_the_change_which_nobody_has_at_baseline() -> None:
    changed = replace(AT_RANDOM, depends_on=SeenAs.CHANGE)
    found = row(simulated(planning(FINAL), changed))
    assert abs(found.bias) < CLOSE * found.bias_mcse


@pytest.mark.slow
def test_imputation_as_in_the_reference_arm_is_right_where_leaving_undoes_the_effect() -> None:
    """Whoever leaves the experimental arm loses the difference of 1, which is what jump to reference says."""
    undone = replace(WORSE, arms=(LeavingOfArm(arm="EG", dropout=0.4, delta=-1.0),))
    found = {}
    for strategy in (ImputationStrategy.JUMP_TO_REFERENCE, ImputationStrategy.MISSING_AT_RANDOM):
        trial = meaning(planning(MultipleImputation(strategy=strategy)), Strategy.TREATMENT_POLICY)
        found[strategy] = row(simulated(trial, undone, replicates=60))
    jump, at_random = found.values()
    assert jump.truth == pytest.approx(0.6)
    assert abs(jump.bias) < CLOSE * jump.bias_mcse
    assert at_random.bias == pytest.approx(0.4, abs=CLOSE * at_random.bias_mcse)
    assert at_random.bias > CLOSE * at_random.bias_mcse
