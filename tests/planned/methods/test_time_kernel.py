"""Kernels of times decide what the single tests say of the same times."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.survival.cox import cox_regression
from trialkit.analysis.survival.log_rank import log_rank
from trialkit.design.simulation.drawn_events import drawn_times
from trialkit.planned.methods.cox import COX, state_cox
from trialkit.planned.methods.kernel import SimulatedTrials
from trialkit.planned.methods.log_rank import LOG_RANK
from trialkit.planned.methods.time_kernel import (
    decide_cox,
    decide_log_rank,
    refuse_cox,
    refuse_log_rank,
)
from trialkit.protocol.methods.cox import Cox
from trialkit.protocol.methods.log_rank import LogRank
from trialkit.protocol.methods.time_to_event import HazardLimits, TiedEvents

ARMS = np.repeat([0, 1, 2], [14, 15, 16])


@pytest.fixture(scope="module")
def trials() -> SimulatedTrials:
    rng = np.random.default_rng(3)
    risks = np.array([0.5, 0.7, 0.4])[ARMS]
    values = drawn_times(risks, 0.8, 8, rng)
    return SimulatedTrials(values=values, arms=ARMS, place=0, covariates=(), level=0.9, rng=rng)


def frames(trials: SimulatedTrials) -> list[pd.DataFrame]:
    time, event = trials.times()
    return [
        pd.DataFrame({"time": one, "event": two, "arm": ARMS})
        for one, two in zip(time, event, strict=True)
    ]


def test_the_log_rank_test_of_each_arm_is_that_of_two_arms(trials: SimulatedTrials) -> None:
    found = decide_log_rank(LogRank(), trials)
    for place, frame in enumerate(frames(trials)):
        for arm in (1, 2):
            own = frame[frame["arm"].isin([0, arm])]
            test = log_rank(own, time="time", event="event", arm="arm")
            row = test.peto_ratio(reference=0, conf_level=0.9).iloc[0]
            assert np.exp(found.estimate[place, arm - 1]) == pytest.approx(row["estimate"])
            assert found.p_value[place, arm - 1] == pytest.approx(test.p_value)
            assert np.exp(found.conf_low[place, arm - 1]) == pytest.approx(row["conf_low"])
            assert np.exp(found.conf_high[place, arm - 1]) == pytest.approx(row["conf_high"])


def test_the_hazard_ratios_are_those_of_one_model(trials: SimulatedTrials) -> None:
    found = decide_cox(Cox(), trials)
    for place, frame in enumerate(frames(trials)):
        fit = cox_regression(frame, time="time", event="event", arm="arm", reference=0)
        rows = fit.hazard_ratios(conf_level=0.9)
        np.testing.assert_allclose(np.exp(found.estimate[place]), rows["estimate"], rtol=1e-7)
        np.testing.assert_allclose(found.se[place], rows["se"], rtol=1e-7)


def test_cards_have_these_kernels_and_say_what_they_lack() -> None:
    assert COX.carry_out is state_cox
    for specification, kernel in ((Cox(), COX.kernel), (LogRank(), LOG_RANK.kernel)):
        assert kernel is not None
        assert specification.method in kernel.methods
        assert kernel.refusal(specification) == ""
    assert refuse_cox(replace(Cox(), ties=TiedEvents.BRESLOW)) == ""
    for refused in (Cox(covariates=("a.b",)), Cox(strata=("a.b",))):
        assert "covariates or strata" in refuse_cox(refused)
    for refused in (Cox(robust=True), Cox(limits=HazardLimits.PROFILE)):
        assert "robust errors or profile" in refuse_cox(refused)
    assert "stratified" in refuse_log_rank(LogRank(strata=("a.b",)))
