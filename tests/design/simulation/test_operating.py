"""Operating characteristics: against exact power, and what must hold of any simulation."""

from dataclasses import replace

import numpy as np
import pytest

from tests.design.simulation.reference import (
    NONE,
    POWER,
    THREE_ARMS,
    assuming,
    planning,
)
from trialkit.design.simulation.assumptions import SCENARIOS
from trialkit.design.simulation.characteristics import OperatingCharacteristics
from trialkit.design.simulation.operating import operating_characteristics
from trialkit.errors import DesignError
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.linear_models import ContrastAdjustment
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import OpenedTrial

CLOSE = 4.0
"""Monte Carlo standard errors within which a simulation must agree with the truth."""


def simulated(trial: OpenedTrial, assumptions, *, replicates: int = 4_000, **more):
    return operating_characteristics(
        trial.protocol,
        trial.schemas,
        assumptions,
        replicates=replicates,
        entropy=20_260_101,
        chunk=1_000,
        **more,
    )


def row(found: OperatingCharacteristics, term: str = "EG - CG"):
    return next(each for each in found.rows if each.term == term)


@pytest.mark.parametrize(
    ("name", "specification", "factor"),
    [
        ("mixed_2x2", MixedAnova(), "difference_in_change"),
        (
            "student_t",
            MeanComparison(method=Method.STUDENT_T, response=Response.FINAL),
            "difference",
        ),
        ("ancova", Ancova(), "difference"),
    ],
)
def test_simulated_power_agrees_with_the_exact(name: str, specification, factor: str) -> None:
    exact = POWER[name]
    trial = planning(specification)
    assumed = assuming(
        trial,
        participants=2 * exact["n_per_arm"],
        correlation=exact.get("correlation", 0.5),
        difference=exact[factor],
    )
    found = row(simulated(trial, assumed))

    assert found.rejected == pytest.approx(exact["power"], abs=CLOSE * found.rejected_mcse)
    assert abs(found.bias) < CLOSE * found.bias_mcse
    assert found.coverage == pytest.approx(0.95, abs=CLOSE * found.coverage_mcse)
    assert found.mean_se == pytest.approx(found.empirical_se, rel=0.05)


def test_simulated_power_of_an_mmrm_with_dropout_agrees_with_lu_luo_and_chens() -> None:
    trial = planning(
        Mmrm(response=Response.FINAL, covariates=()), folder=THREE_ARMS, analysis_id="primary"
    )
    exact = POWER["mmrm"]
    arms = tuple(
        replace(arm, ratio=1) for arm in trial.protocol.arms if arm.code in {"HIGH", "CTRL"}
    )
    trial = replace(trial, protocol=replace(trial.protocol, arms=arms))
    assumed = assuming(
        trial,
        participants=2 * exact["n_per_arm"],
        correlation=exact["correlation"],
        difference=exact["difference"],
        dropout=0.3,
    )
    found = row(simulated(trial, assumed, replicates=2_000), "HIGH - CTRL")

    # three visits after baseline retain 0.89, 0.79 and 0.7; the reference has four with 1 to 0.7
    assert found.rejected == pytest.approx(exact["power"], abs=0.04)
    assert found.coverage == pytest.approx(0.95, abs=CLOSE * found.coverage_mcse)
    assert abs(found.bias) < CLOSE * found.bias_mcse


@pytest.mark.parametrize(
    "specification",
    [
        MixedAnova(),
        Ancova(covariates=("baseline", "demographics.age_years", "demographics.activity")),
        MeanComparison(method=Method.WELCH_T),
    ],
    ids=["mixed anova", "ancova with more covariates", "welch"],
)
def test_without_an_effect_the_error_is_alpha_also_with_dropout(specification) -> None:
    trial = planning(specification)
    assumed = assuming(trial, participants=30, dropout=0.2, scenarios=NONE)
    found = row(simulated(trial, assumed))

    assert found.truth == 0
    assert found.rejected == pytest.approx(0.05, abs=CLOSE * found.rejected_mcse)
    assert found.coverage == pytest.approx(0.95, abs=CLOSE * found.coverage_mcse)


def test_three_arms_have_a_row_each_and_the_test_of_all() -> None:
    trial = planning(MixedAnova(), folder=THREE_ARMS)
    found = simulated(trial, assuming(trial, participants=34, scenarios=SCENARIOS), replicates=200)
    assert [(each.scenario, each.term) for each in found.rows] == [
        (scenario.name, term)
        for scenario in SCENARIOS
        for term in ("group:visit", "HIGH - CTRL", "LOW - CTRL")
    ]
    assert found.sizes == (10, 14, 10)  # reference first; 34 in the ratio 3:4:3
    assert found.to_frame()["rejected"].between(0, 1).all()


def test_the_same_entropy_and_chunk_give_the_same_result_and_others_another() -> None:
    trial = planning(MixedAnova())
    assumed = assuming(trial, participants=20, difference=1.0)

    def at(entropy: int, chunk: int) -> tuple:
        return operating_characteristics(
            trial.protocol,
            trial.schemas,
            assumed,
            replicates=300,
            entropy=entropy,
            chunk=chunk,
        ).rows

    assert at(1, 100) == at(1, 100)
    assert at(1, 100) != at(2, 100)
    assert at(1, 100) != at(1, 150)


def test_every_chunk_is_done_once_also_where_the_last_is_short() -> None:
    trial = planning(MixedAnova())
    seen: list[tuple[int, int]] = []
    found = operating_characteristics(
        trial.protocol,
        trial.schemas,
        assuming(trial, participants=20),
        replicates=1_001,
        entropy=1,
        chunk=250,
        progress=lambda done, of: seen.append((done, of)),
    )
    assert row(found).analysed == 1_001
    assert seen == [(done, 5) for done in range(6)]


def test_data_sets_that_cannot_be_analysed_are_counted_out() -> None:
    trial = planning(MeanComparison(method=Method.WELCH_T))
    found = row(simulated(trial, assuming(trial, participants=6, dropout=0.6), replicates=500))
    assert 0 < found.analysed < 500
    assert np.isfinite([found.rejected, found.bias, found.coverage]).all()


@pytest.mark.parametrize(
    ("specification", "words"),
    [
        (MeanComparison(method=Method.MANN_WHITNEY), "no kernel for mann_whitney"),
        (MixedAnova(adjustment=ContrastAdjustment.HOLM), "adjusted by holm"),
        (Mmrm(covariance_by="arm"), "covariance_by"),
    ],
    ids=["ranks", "adjusted", "by arm"],
)
def test_what_has_no_kernel_is_refused(specification, words: str) -> None:
    trial = planning(specification)
    with pytest.raises(DesignError, match=words):
        simulated(trial, assuming(trial, participants=20))


def test_an_analysis_that_is_not_simulated_is_named_beside_those_that_are() -> None:
    trial = open_trial(THREE_ARMS)
    assumed = replace(
        assuming(trial, participants=34),
        outcomes=tuple(
            replace(assuming(trial, participants=34).outcomes[0], code=outcome.code)
            for outcome in trial.protocol.outcomes
        ),
    )
    found = simulated(
        trial,
        assumed,
        replicates=100,
        analyses=("primary", "improvement", "function_per_protocol"),
    )
    assert {each.analysis_id for each in found.rows} == {"primary"}
    reasons = {each.analysis_id: each.reason for each in found.left_out}
    assert "risk_difference" in reasons["improvement"]
    assert "per_protocol" in reasons["function_per_protocol"]


def test_an_unknown_analysis_and_a_chunk_too_large_are_refused() -> None:
    trial = planning(MixedAnova())
    assumed = assuming(trial, participants=20)
    with pytest.raises(DesignError, match="no analysis 'other'"):
        simulated(trial, assumed, analyses=("other",))
    with pytest.raises(DesignError, match="give --chunk"):
        operating_characteristics(
            trial.protocol,
            trial.schemas,
            assumed,
            replicates=10**7,
            entropy=1,
            chunk=10**7,
        )
    with pytest.raises(DesignError, match="fewer than 2"):
        simulated(trial, assuming(trial, participants=3))
