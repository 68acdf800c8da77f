"""Counts in a rehearsal: what is drawn, and the power, level and coverage of the planned models."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.report.falls_trial import write_falls
from trialkit.analysis.counts.negative_binomial import negative_binomial_regression
from trialkit.analysis.counts.poisson import poisson_regression
from trialkit.design.sample_size.rates import NegativeBinomialRates
from trialkit.design.simulation.assumptions import assume, read_assumptions
from trialkit.design.simulation.courses import drawn_counts
from trialkit.design.simulation.operating import operating_characteristics
from trialkit.errors import ProtocolError
from trialkit.planned.methods.kernel import SimulatedTrials
from trialkit.planned.methods.methods import card_of
from trialkit.protocol.methods.generalised_models import CountVariance, RatioLimits
from trialkit.protocol.methods.negative_binomial import NegativeBinomialComparison
from trialkit.protocol.methods.poisson import PoissonComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import OpenedTrial


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> OpenedTrial:
    folder = tmp_path_factory.mktemp("falls") / "trial"
    return open_trial(write_falls(folder, primary='method = "negative_binomial"'))


def test_counts_are_negative_binomial_and_people_stay_who_they_are() -> None:
    rng = np.random.default_rng(1)
    means = np.broadcast_to([2.0, 3.0], (200_000, 2))
    drawn = drawn_counts(means, np.full((2, 2), 0.5), rng)
    assert drawn.mean(axis=0) == pytest.approx([2, 3], rel=0.02)
    assert drawn.var(axis=0) == pytest.approx([2 + 0.5 * 4, 3 + 0.5 * 9], rel=0.03)
    # what two visits share is the gamma variable: cov = κ m₁ m₂
    assert np.cov(drawn.T)[0, 1] == pytest.approx(0.5 * 6, rel=0.05)


def test_what_is_assumed_of_a_count_by_default(trial: OpenedTrial) -> None:
    falls = assume(trial.protocol, trial.schemas).outcome("falls")
    assert (falls.baseline, falls.sd, falls.change("TRAIN")) == (2.0, 1.0, pytest.approx(-0.6))


def test_no_events_in_an_arm_are_no_assumption(trial: OpenedTrial, tmp_path: Path) -> None:
    path = tmp_path / "simulation.toml"
    path.write_text(
        '[[outcomes]]\ncode = "falls"\nbaseline = 2\nchanges = [{ arm = "TRAIN", change = -2 }]\n',
        "utf-8",
    )
    with pytest.raises(ProtocolError, match="0 events in TRAIN; expected a number above 0"):
        read_assumptions(tmp_path, trial.protocol, trial.schemas, path=path)


@pytest.mark.parametrize(
    "specification",
    [
        NegativeBinomialComparison(),
        *(PoissonComparison(variance=each) for each in CountVariance),
    ],
    ids=str,
)
def test_a_kernel_decides_as_the_analysis_does(specification: Specification) -> None:
    """Also where somebody has no count: of him the kernel knows nothing."""
    rng = np.random.default_rng(3)
    arms = np.repeat([0, 1], [30, 34])
    counts = drawn_counts(np.full((4, 64, 1), 2.0), np.array([[0.7]]), rng)
    counts[1, [2, 40, 41], 0] = np.nan
    kernel = card_of(specification).kernel
    assert kernel is not None
    trials = SimulatedTrials(values=counts, arms=arms, place=0, covariates=(), level=0.9, rng=rng)
    found = kernel.decide(specification, trials)
    for number, own in enumerate(counts[:, :, 0]):
        frame = pd.DataFrame(
            {"y": own, "arm": pd.Categorical(np.array(["C", "E"])[arms], ["C", "E"], ordered=True)}
        )
        who = {"outcome": "y", "arm": "arm", "reference": "C"}
        fit = (
            poisson_regression(frame, **who, variance=specification.variance)
            if isinstance(specification, PoissonComparison)
            else negative_binomial_regression(frame, **who)
        )
        row = fit.contrasts(conf_level=0.9).iloc[0]
        assert found.estimate[number, 0] == pytest.approx(row["log_estimate"], abs=1e-6)
        assert found.se[number, 0] == pytest.approx(row["se"], rel=1e-5)
        assert found.p_value[number, 0] == pytest.approx(row["p_value"], rel=1e-4)
        assert np.exp(found.conf_low[number, 0]) == pytest.approx(row["conf_low"], rel=1e-5)


def test_what_a_kernel_cannot_do_is_said() -> None:
    kernel = card_of(NegativeBinomialComparison()).kernel
    assert kernel is not None
    assert "profile limits" in kernel.refusal(
        NegativeBinomialComparison(limits=RatioLimits.PROFILE)
    )
    assert "covariates" in kernel.refusal(PoissonComparison(covariates=("baseline",)))
    assert kernel.refusal(PoissonComparison()) == ""


def test_the_planned_model_has_the_power_that_the_formula_says(trial: OpenedTrial) -> None:
    """A form that is not asked at baseline can be rehearsed, since a count has no change."""
    assumptions = assume(trial.protocol, trial.schemas)
    conduct = replace(assumptions.conduct, participants=300, dropout=0.0)
    found = operating_characteristics(
        trial.protocol,
        trial.schemas,
        replace(assumptions, conduct=conduct),
        replicates=2_000,
        entropy=11,
    )
    level, power = found.rows
    size = NegativeBinomialRates(rate_reference=2, rate_ratio=0.7, dispersion=1)
    assert power.rejected == pytest.approx(size.power(300), abs=0.04)
    assert level.rejected == pytest.approx(0.05, abs=0.015)
    assert power.truth == pytest.approx(np.log(0.7))
    assert power.coverage == pytest.approx(0.95, abs=0.02)
