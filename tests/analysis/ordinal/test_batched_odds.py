"""Proportional odds of many tables at once: each is the single analysis, and R's."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.ordinal.batched_odds import proportional_odds_batch
from trialkit.analysis.ordinal.proportional_odds import proportional_odds
from trialkit.errors import AnalysisError

FOLDER = Path(__file__).parents[2] / "reference" / "ordinal"
ARMS = np.array(["CG", "EG", "OG"])


def single(values: np.ndarray, groups: np.ndarray) -> pd.DataFrame | None:
    arm = pd.Categorical(ARMS[groups], categories=list(ARMS[: groups.max() + 1]), ordered=True)
    try:
        fit = proportional_odds(
            pd.DataFrame({"y": values, "arm": arm}), outcome="y", arm="arm", reference="CG"
        )
    except AnalysisError:
        return None
    return fit.contrasts()


def test_each_data_set_is_as_the_single_analysis_has_it() -> None:
    """Few subjects of three arms: levels that nobody has, arms without a finite ratio, lost values."""
    rng = np.random.default_rng(7)
    groups = np.repeat([0, 1, 2], 5)
    values = rng.integers(1, 6, size=(40, 15)).astype(float)
    values[rng.random(values.shape) < 0.1] = np.nan
    values[0, groups == 2] = 5.0
    values[0, groups != 2] = np.minimum(values[0, groups != 2], 4.0)
    values[1, groups == 1] = np.nan
    values[2] = 3.0
    found = proportional_odds_batch(values, groups, conf_level=0.9)
    kept = 0
    for number, row in enumerate(values):
        alone = single(row, groups)
        if alone is None or len(alone) < 2:
            assert not found.usable[number].any()
            continue
        kept += 1
        assert found.estimate[number] == pytest.approx(alone["log_estimate"].to_numpy(), abs=1e-7)
        assert found.se[number] == pytest.approx(alone["se"].to_numpy(), abs=1e-7)
        assert found.p_value[number] == pytest.approx(alone["p_value"].to_numpy(), abs=1e-7)
    assert kept > 30
    assert not found.usable[:3].any()
    reach = found.conf_high - found.estimate
    assert reach[3:] == pytest.approx(1.6448536 * found.se[3:], rel=1e-6, nan_ok=True)


def test_swapping_the_arms_turns_the_sign() -> None:
    rng = np.random.default_rng(8)
    values, groups = rng.integers(0, 4, size=(20, 40)).astype(float), np.repeat([0, 1], 20)
    one, other = (proportional_odds_batch(values, each) for each in (groups, 1 - groups))
    assert one.estimate == pytest.approx(-other.estimate, abs=1e-8)
    assert proportional_odds_batch(-values, groups).estimate == pytest.approx(
        -one.estimate, abs=1e-8
    )


def test_the_unadjusted_model_of_the_reference_data_is_rs() -> None:
    patients = pd.read_csv(FOLDER / "ordinal_pgic_simulated.csv")
    stated = json.loads((FOLDER / "ordinal_pgic_simulated.json").read_text(encoding="utf-8"))
    groups = (patients["arm"] == "EG").to_numpy().astype(int)
    found = proportional_odds_batch(patients["y"].to_numpy(dtype=float)[None, :], groups)
    assert found.estimate[0, 0] == pytest.approx(stated["proportional_odds"]["beta"], abs=1e-8)
    assert found.se[0, 0] == pytest.approx(stated["proportional_odds"]["se"][-1], abs=1e-8)


@pytest.mark.parametrize(
    ("values", "groups", "said"),
    [
        (np.ones(4), np.array([0, 0, 1, 1]), "must be of shape"),
        (np.ones((2, 4)), np.array([0, 1]), "must be of shape"),
        (np.ones((2, 4)), np.zeros(4, dtype=int), "two arms or more"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(
    values: np.ndarray, groups: np.ndarray, said: str
) -> None:
    with pytest.raises(AnalysisError, match=said):
        proportional_odds_batch(values, groups)
