"""The effect of an amount: of one unit or none it is that in who complies (vitamin_a.json)."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.sandbox.regression.gmm import IV2SLS

from tests.analysis.instrumental.received_cases import made_up
from trialkit.analysis.instrumental.complier_effect import complier_effect
from trialkit.analysis.instrumental.dose_response import dose_response
from trialkit.errors import AnalysisError

WHO = {"outcome": "y", "arm": "arm", "reference": "C"}


def test_one_unit_or_none_is_the_effect_in_who_complies() -> None:
    frame = made_up(6)
    dose = dose_response(frame, **WHO, dose="received").to_frame()
    flag = complier_effect(frame, **WHO, received="received").to_frame()
    for name in ("estimate", "se", "p_value", "first_stage_f"):
        assert dose[name][0] == flag[name][0]
    tenths = dose_response(frame.assign(received=frame["received"] * 10), **WHO, dose="received")
    assert tenths.to_frame()["estimate"][0] == pytest.approx(flag["estimate"][0] / 10, rel=1e-9)


def test_several_arms_are_several_instruments_as_in_statsmodels() -> None:
    frame = made_up(8, n=150)
    arm = np.array(["C", "E", "F"] * 50)
    rng = np.random.default_rng(1)
    dose = np.select([arm == "E", arm == "F"], [6.0, 12.0], 0.0) * rng.uniform(0.3, 1, 150)
    frame = frame.assign(arm=arm, sessions=dose, y=frame["y"] + 0.5 * dose)
    found = dose_response(
        frame, **WHO, dose="sessions", covariates=["x"], robust=None, order={"arm": ["C", "E", "F"]}
    )
    exogenous = np.column_stack([np.ones(150), frame["x"]])
    other = IV2SLS(
        frame["y"].to_numpy(),
        np.column_stack([dose, exogenous]),
        np.column_stack([arm == "E", arm == "F", exogenous]).astype(float),
    ).fit()
    row = found.to_frame().iloc[0]
    assert row["estimate"] == pytest.approx(other.params[0], rel=1e-9)
    assert row["se"] == pytest.approx(other.bse[0], rel=1e-8)
    assert found.first_stage()["contrast"].tolist() == ["E - C", "F - C"]
    assert found.first_stage()["df_num"].tolist() == [2, 2]
    assert found.stages.names == ["intercept", "x", "arm[E]", "arm[F]"]
    with pytest.raises(AnalysisError, match="are of two arms"):
        found.weak_instrument_limits()


def test_it_says_that_it_is_exploratory_and_on_what_it_rests() -> None:
    found = dose_response(made_up(6), **WHO, dose="sessions")
    assert found.title.startswith("Exploratory ")
    assert found.to_frame()["exploratory"][0]
    assert [each.split(":")[0] for each in found.assumptions] == [
        "randomised", "exclusion", "monotonicity", "linearity", "one effect", "relevance",
        "no interference",
    ]  # fmt: skip
    frame: pd.DataFrame = made_up(6)
    with pytest.raises(AnalysisError, match="'sessions' is 4 in all rows used"):
        dose_response(frame.assign(sessions=4), **WHO, dose="sessions")
