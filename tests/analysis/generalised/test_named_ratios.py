"""Ratios and means by names, from coefficients that are written down."""

import numpy as np
import pytest

from trialkit.analysis.generalised.named_ratios import NamedModel
from trialkit.analysis.linear.linear_model import FactorColumn, NumericColumn, build_design
from trialkit.errors import AnalysisError
from trialkit.results.effect import Scale

ARM = FactorColumn(name="arm", codes=np.array([0, 1, 2, 0]), levels=("CG", "A", "B"))
VISIT = FactorColumn(name="visit", codes=np.array([0, 1, 0, 1]), levels=("W4", "W8"))
AGE = NumericColumn(name="age", values=np.array([40.0, 50.0, 60.0, 50.0]))


def model(scale: Scale = Scale.ODDS_RATIO, *, by_visit: bool = False) -> NamedModel:
    terms = (("arm",), ("age",)) + ((("visit",), ("arm", "visit")) if by_visit else ())
    design = build_design((ARM, AGE, VISIT) if by_visit else (ARM, AGE), terms)
    estimates = np.array([-2.0, 0.5, -0.25, 0.04, 0.3, 0.1, 0.2][: len(design.names)])
    return NamedModel(
        design=design,
        arm=ARM,
        by_visit="visit" if by_visit else None,
        reference="CG",
        estimates=estimates,
        covariance=np.diag(np.arange(1, len(estimates) + 1) / 100),
        df=np.inf,
        scale=scale,
    )


def test_a_ratio_is_the_exponential_of_the_difference_of_coefficients() -> None:
    row = model().contrast(("A", "B"), None, at={}, conf_level=0.95).iloc[0]
    se = np.sqrt(0.02 + 0.03)
    assert row["contrast"] == "A - B"
    assert row["measure"] == "odds_ratio"
    assert row["log_estimate"] == pytest.approx(0.75)
    assert row["se"] == pytest.approx(se)
    assert row["estimate"] == pytest.approx(np.exp(0.75))
    assert row["conf_low"] == pytest.approx(np.exp(0.75 - 1.959963984540054 * se))


def test_a_contrast_at_a_visit_adds_its_interaction() -> None:
    fit = model(by_visit=True)
    first, second, change = (
        fit.contrast("B", visit, at={}, conf_level=0.95)["log_estimate"][0]
        for visit in ("W4", "W8", ("W8", "W4"))
    )
    assert first == pytest.approx(-0.25)
    assert second == pytest.approx(-0.25 + 0.2)
    assert change == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("scale", "response"),
    [
        (Scale.ODDS_RATIO, lambda predictor: 1 / (1 + np.exp(-predictor))),
        (Scale.RATE_RATIO, np.exp),
        (Scale.DIFFERENCE, lambda predictor: predictor),
    ],
    ids=["odds", "rates", "values"],
)
def test_a_mean_is_what_the_predictor_says_of_the_outcome(scale: Scale, response: object) -> None:
    means = model(scale).means(at={"age": 45}, conf_level=0.9).set_index("arm")
    assert means.loc["A", "estimate"] == pytest.approx(response(-2 + 0.5 + 0.04 * 45))
    average = model(scale).means(at={}, conf_level=0.9).set_index("arm")
    assert average.loc["CG", "estimate"] == pytest.approx(response(-2 + 0.04 * 50))
    se = np.sqrt(0.01 + 0.04 * 50**2)
    assert average.loc["CG", "conf_high"] == pytest.approx(
        response(0.0 + 1.6448536269514722 * se), rel=1e-9
    )


def test_a_difference_of_values_is_not_exponentiated() -> None:
    row = model(Scale.DIFFERENCE).contrast("A", None, at={}, conf_level=0.95).iloc[0]
    assert row["estimate"] == pytest.approx(0.5)
    assert "log_estimate" not in row


def test_means_at_each_visit_have_its_name() -> None:
    means = model(by_visit=True).means(at={"age": 0}, conf_level=0.95)
    assert means["visit"].tolist() == ["W4", "W8"] * 3
    assert means["arm"].tolist() == ["CG", "CG", "A", "A", "B", "B"]


def test_weights_that_sum_to_something_are_a_mean() -> None:
    with pytest.raises(AnalysisError, match="must sum to 0"):
        model().contrast({"A": 1}, None, at={}, conf_level=0.95)
