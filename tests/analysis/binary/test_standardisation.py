"""Standardised risks and their five variances against R: binary_indo_rct.json."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.binary.trial_cases import EXPECTED, FRAME, MODEL
from tests.conftest import examples
from trialkit.analysis.binary.standardisation import standardised_risks
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.generalised_models import RiskVariance

SHORT = {"rd": "risk_difference", "lrr": "risk_ratio", "lor": "odds_ratio"}


def errors(variance: RiskVariance) -> dict[str, float]:
    if variance in {RiskVariance.INFLUENCE, RiskVariance.YE}:
        return {SHORT[name]: se for name, se in EXPECTED[f"{variance.value}_se"][0].items()}
    return {SHORT[row["measure"]]: row["se"] for row in EXPECTED[f"delta_{variance.value}"][0]}


@pytest.mark.parametrize("variance", list(RiskVariance))
def test_risks_contrasts_and_errors_are_those_of_r(variance: RiskVariance) -> None:
    found = standardised_risks(FRAME, variance=variance, **MODEL)
    np.testing.assert_allclose(found.estimates, EXPECTED["marginal_risk"], rtol=1e-10)
    table = found.to_frame().set_index("stat_name")
    for name, se in errors(variance).items():
        assert table["se"][name] == pytest.approx(se, rel=1e-10)
        assert table["variance"][name] == variance.value
    for row in EXPECTED["delta_model"][0]:
        value = float(table["estimate"][SHORT[row["measure"]]])
        value = value if row["measure"] == "rd" else float(np.log(value))
        assert value == pytest.approx(row["estimate"], rel=1e-10)
    if f"{variance.value}_cov" in EXPECTED:
        np.testing.assert_allclose(found.covariance, EXPECTED[f"{variance.value}_cov"], rtol=1e-9)
    risks = found.risks()
    np.testing.assert_allclose(risks["se"] ** 2, np.diag(found.covariance))
    assert variance.value in found.title


def test_limits_are_walds_on_the_scale_of_the_measure() -> None:
    table = standardised_risks(FRAME, **MODEL).to_frame().set_index("stat_name")
    reach = 1.959963984540054 * table["se"]
    low = table["estimate"]["risk_difference"] - reach["risk_difference"]
    assert table["conf_low"]["risk_difference"] == pytest.approx(low)
    high = np.log(table["estimate"]["odds_ratio"]) + reach["odds_ratio"]
    assert np.log(table["conf_high"]["odds_ratio"]) == pytest.approx(high)


ARMS: dict[str, Any] = {"outcome": "y", "arm": "arm", "reference": "C"}


def made_up(seed: int, n: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    arm = rng.permutation(np.repeat(["C", "E"], n // 2))
    x = rng.integers(0, 3, n)
    y = (rng.random(n) < 0.3 + 0.15 * x - 0.1 * (arm == "E")).astype(int)
    y[:4], arm[:4] = [0, 1, 0, 1], ["C", "C", "E", "E"]
    return pd.DataFrame({"arm": arm, "y": y, "x": x.astype(float)})


@settings(max_examples=examples(30))
@given(st.integers(0, 2**32 - 1), st.sampled_from(list(RiskVariance)))
def test_without_covariates_they_are_the_crude_risks(seed: int, variance: RiskVariance) -> None:
    frame = made_up(seed)
    found = standardised_risks(frame, variance=variance, **ARMS)
    crude = frame.groupby("arm")["y"].mean()
    np.testing.assert_allclose(found.estimates, crude, rtol=1e-9)
    sizes = frame.groupby("arm")["y"].count()
    if variance in {RiskVariance.MODEL, RiskVariance.HC0, RiskVariance.INFLUENCE}:
        np.testing.assert_allclose(
            np.diag(found.covariance), crude * (1 - crude) / sizes, rtol=1e-8
        )
    if variance is RiskVariance.YE:
        np.testing.assert_allclose(
            np.diag(found.covariance), crude * (1 - crude) / (sizes - 1), rtol=1e-8
        )


@settings(max_examples=examples(25))
@given(st.integers(0, 2**32 - 1), st.sampled_from(list(RiskVariance)))
def test_swaps_mirror_and_rows_move(seed: int, variance: RiskVariance) -> None:
    frame = made_up(seed)
    one = standardised_risks(frame, covariates=["x"], variance=variance, **ARMS)
    two = standardised_risks(
        frame.sample(frac=1, random_state=3).assign(y=lambda each: 1 - each["y"]),
        covariates=["x"],
        variance=variance,
        **ARMS | {"reference": "E"},
    )
    ours, theirs = one.to_frame(), two.to_frame()
    # the arms the other way and the other event: the difference is as it was
    assert theirs["estimate"][0] == pytest.approx(ours["estimate"][0], rel=1e-7, abs=1e-10)
    assert theirs["estimate"][2] == pytest.approx(ours["estimate"][2], rel=1e-7)
    np.testing.assert_allclose(theirs["se"][[0, 2]], ours["se"][[0, 2]], rtol=1e-6)


def test_an_arm_without_events_has_a_difference_and_no_ratio() -> None:
    frame = made_up(3).assign(y=lambda each: np.where(each["arm"] == "E", 0, each["y"]))
    for variance in RiskVariance:
        found = standardised_risks(frame, covariates=["x"], variance=variance, **ARMS)
        table = found.to_frame().set_index("stat_name")
        assert found.estimates[1] == 0
        assert table["status"].tolist() == ["estimated", "not_estimable", "not_estimable"]
        assert table["estimate"]["risk_ratio"] == 0
        assert (table["conf_low"]["risk_ratio"], table["conf_high"]["risk_ratio"]) == (0, np.inf)
        assert np.isfinite(table["conf_low"]["risk_difference"])
        assert table["note"].str.startswith("a risk is 0 or 1").all()


def test_three_arms_are_compared_with_one() -> None:
    frame = made_up(8, 90)
    frame["arm"] = np.where(np.arange(90) % 3 == 2, "F", frame["arm"])
    found = standardised_risks(
        frame, covariates=["x"], outcome="y", arm="arm", reference="E",
        order={"arm": ["C", "E", "F"]},
    )  # fmt: skip
    assert found.to_frame()["contrast"].unique().tolist() == ["C - E", "F - E"]
    assert found.covariance.shape == (3, 3)


def test_one_subject_in_an_arm_has_no_variance_of_ye() -> None:
    frame = pd.DataFrame({"arm": ["C"] * 5 + ["E"], "y": [0, 1, 0, 1, 1, 1], "x": range(6)})
    with pytest.raises(AnalysisError, match="two subjects an arm"):
        standardised_risks(frame, **ARMS)
