"""Cox regressions of many data sets are each that of the single model, and R's of Gehan's trial."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.survival.batched_cox import cox_batch
from trialkit.analysis.survival.batched_risk_sets import batched_risk_sets
from trialkit.analysis.survival.cox import cox_regression
from trialkit.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference" / "survival"


def drawn(arms: int, *, tied: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(arms + 10 * tied)
    groups = np.arange(45) % arms
    time = rng.exponential(np.exp(-0.4 * groups), (15, 45))
    time[:, 7] = np.nan
    return (np.ceil(time * 4) / 4 if tied else time), rng.random((15, 45)) < 0.7, groups


@pytest.mark.parametrize("arms", [2, 3])
@pytest.mark.parametrize("tied", [False, True])
def test_each_data_set_has_the_model_that_it_has_alone(arms: int, tied: bool) -> None:
    time, event, groups = drawn(arms, tied=tied)
    found = cox_batch(time, event, groups, conf_level=0.9)
    for place in range(len(time)):
        frame = pd.DataFrame({"time": time[place], "event": event[place], "arm": groups})
        fit = cox_regression(frame, time="time", event="event", arm="arm", reference=0)
        rows = fit.hazard_ratios(conf_level=0.9)
        for name, numbers in (
            ("estimate", np.exp(found.estimate)),
            ("se", found.se),
            ("p_value", found.p_value),
            ("conf_low", np.exp(found.conf_low)),
            ("conf_high", np.exp(found.conf_high)),
        ):
            np.testing.assert_allclose(numbers[place], rows[name], rtol=1e-7, err_msg=name)
    assert found.usable.all()


def test_gehans_trial_is_that_of_r() -> None:
    data = pd.read_csv(REFERENCE / "MASS_gehan.csv")
    wanted = json.loads((REFERENCE / "MASS_gehan.json").read_text("utf-8"))["cox_efron"]
    groups = (data["arm"] == "6-MP").to_numpy().astype(int)
    time, event = (data[name].to_numpy()[None, :] for name in ("time", "status"))
    found = cox_batch(np.repeat(time, 3, axis=0), np.repeat(event, 3, axis=0), groups)
    (row,) = wanted["coef"]
    assert found.estimate[:, 0] == pytest.approx(row["coef"], abs=1e-6)
    assert found.se[:, 0] == pytest.approx(row["se(coef)"], abs=1e-6)


def test_a_ratio_of_nothing_or_without_bound_is_not_usable_and_leaves_the_others() -> None:
    time, event, groups = drawn(2, tied=False)
    event = event.copy()
    event[0, groups == 1] = False
    event[1] = False
    found = cox_batch(time, event, groups)
    assert found.usable[:, 0].tolist() == [False, False] + [True] * 13
    assert np.isnan(found.p_value[:2]).all()


def test_turning_the_arms_turns_the_sign() -> None:
    time, event, groups = drawn(2, tied=True)
    one, other = cox_batch(time, event, groups), cox_batch(time, event, 1 - groups)
    np.testing.assert_allclose(one.estimate, -other.estimate, atol=1e-9)
    np.testing.assert_allclose(one.p_value, other.p_value, atol=1e-9)


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(AnalysisError, match="must have the shape"):
        cox_batch(np.ones((2, 3)), np.ones((2, 3)), np.array([0, 1]))
    with pytest.raises(AnalysisError, match="number two arms or more"):
        cox_batch(np.ones((2, 3)), np.ones((2, 3)), np.zeros(3, dtype=int))


def test_who_is_at_risk_and_tied_is_counted_by_arm() -> None:
    time = np.array([[2.0, 1.0, 2.0, np.nan, 3.0]])
    event = np.array([[True, False, True, True, True]])
    sets = batched_risk_sets(time, event)
    at = sets.seen[0]
    assert sets.at_risk[0][at].tolist() == [4, 3, 3, 1]
    assert sets.tied[0][at].tolist() == [0, 2, 2, 1]
    assert sets.rank[0][at].tolist() == [0, 0, 1, 0]
    at_risk, tied = sets.of(np.array([True, True, False, True, False]))
    assert at_risk[0][at].tolist() == [2, 1, 1, 0]
    assert tied[0][at].tolist() == [0, 1, 1, 0]
