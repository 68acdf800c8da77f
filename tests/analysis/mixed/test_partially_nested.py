"""Classes in one arm against lme4 and nlme: mixed_models.json; the likelihood of all rows is a second route."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from tests.analysis.mixed.mixed_cases import (
    CLASSES,
    dense_derivatives,
    dense_expected,
    dense_inference,
    dense_value,
    expected,
    frame,
)
from trialkit.analysis.mixed.partially_nested import partially_nested
from trialkit.errors import AnalysisError

TERMS = ["intercept", "base", "arm[class]"]


@pytest.mark.parametrize(
    ("inference", "se", "df"),
    [("kenward-roger", "kr_se", "kr_df"), ("satterthwaite", "se", "satterthwaite_df")],
)
def test_classes_in_one_arm_are_those_of_lme4(inference: str, se: str, df: str) -> None:
    wanted = expected("mixed/mixed_models")["partly"]
    fit = partially_nested(frame("mixed/classes"), inference=inference, **CLASSES)
    found = fit.coefficients().set_index("term").loc[TERMS]
    np.testing.assert_allclose(found["estimate"], wanted["coef"], rtol=1e-7)
    np.testing.assert_allclose(found["se"], wanted[se], rtol=1e-7)
    np.testing.assert_allclose(found["df"], wanted[df], rtol=1e-6)
    np.testing.assert_allclose(fit.model.variances, wanted["variances"], rtol=1e-6)
    assert fit.log_likelihood == pytest.approx(wanted["log_likelihood"], abs=1e-9)


def test_residual_variances_by_arm_are_those_of_nlme() -> None:
    wanted = expected("mixed/mixed_models")["partly_by_arm"]
    fit = partially_nested(
        frame("mixed/classes"), residual_by_arm=True, inference="satterthwaite", **CLASSES
    )
    found = fit.coefficients().set_index("term").loc[TERMS]
    # nlme stops where its likelihood is 1e-13 below the maximum
    np.testing.assert_allclose(found["estimate"], wanted["coef"], rtol=1e-6)
    np.testing.assert_allclose(found["se"], wanted["se"], rtol=1e-6)
    assert fit.log_likelihood == pytest.approx(wanted["log_likelihood"], abs=1e-9)
    table = fit.variance_components().set_index("component")["estimate"]
    assert table["class"] == pytest.approx(wanted["variance_class"], rel=1e-5)
    for arm, variance in wanted["residual"].items():
        assert table[f"residual[{arm}]"] == pytest.approx(variance, rel=1e-6)


@pytest.mark.parametrize("by_arm", [False, True])
def test_the_likelihood_of_all_rows_gives_the_same(by_arm: bool) -> None:
    data = frame("mixed/classes")
    grouped = (data["arm"] == "class").to_numpy()
    codes = np.where(grouped, data["class"].astype("category").cat.codes, -1)
    x = np.column_stack([np.ones(len(data)), data["base"], grouped]).astype(float)
    y = data["y"].to_numpy()
    classes = grouped.astype(int) if by_arm else np.zeros(len(data), dtype=int)
    vs = dense_derivatives([codes], classes)
    row = np.array([0.0, 0, 1])
    fits = {
        inference: partially_nested(data, residual_by_arm=by_arm, inference=inference, **CLASSES)
        for inference in ("kenward-roger", "satterthwaite")
    }
    theta = fits["satterthwaite"].model.variances

    def value(at: np.ndarray) -> float:
        return dense_value(x, y, at, vs, restricted=True)

    assert -2 * fits["satterthwaite"].log_likelihood == pytest.approx(value(theta), abs=1e-8)
    assert np.abs(approx_fprime(theta, value, 1e-5) * theta).max() < 1e-3
    kr = dense_inference(x, theta, vs, 2 * np.linalg.inv(dense_expected(x, theta, vs)), row)
    found = fits["kenward-roger"].contrasts().iloc[0]
    assert found["se"] == pytest.approx(kr["kr_se"], rel=1e-8)
    assert found["df"] == pytest.approx(kr["df"], rel=1e-7)
    step = 1e-3 * theta
    hessian = np.array(
        [
            [
                (
                    value(theta + step * (a + b)) - value(theta + step * (a - b))
                    - value(theta - step * (a - b)) + value(theta - step * (a + b))
                ) / (4 * (step @ a) * (step @ b))
                for b in np.eye(len(theta))
            ]
            for a in np.eye(len(theta))
        ]
    )  # fmt: skip
    satterthwaite = dense_inference(x, theta, vs, 2 * np.linalg.inv(hessian), row)
    found = fits["satterthwaite"].contrasts().iloc[0]
    assert found["se"] == pytest.approx(satterthwaite["se"], rel=1e-8)
    assert found["df"] == pytest.approx(satterthwaite["df"], rel=1e-4)


def test_the_correlation_is_that_of_the_arm_with_classes() -> None:
    fit = partially_nested(frame("mixed/classes"), residual_by_arm=True, **CLASSES)
    (row,) = fit.icc().to_dict("records")
    between, _, within = fit.model.variances
    assert (row["grouping"], row["arm"], row["limits"]) == ("class", "class", "profile")
    assert row["estimate"] == pytest.approx(between / (between + within))
    assert row["conf_low"] < row["estimate"] < row["conf_high"]
    with pytest.raises(AnalysisError, match="2 residual variances"):
        fit.icc(limits="exact")


def test_what_stands_in_the_column_of_others_does_not_matter() -> None:
    data = frame("mixed/classes")
    other = data.assign(**{"class": data["class"].fillna("g1")})
    np.testing.assert_allclose(
        partially_nested(other, **CLASSES).contrasts()["estimate"],
        partially_nested(data, **CLASSES).contrasts()["estimate"],
    )


@pytest.mark.parametrize(
    ("arms", "message"),
    [
        (["group"], "names 'group', and must name arms"),
        ([], "names nothing"),
        ("class", "must be a list"),
        (["class", "individual"], "take random_intercepts"),
        (["individual"], "class is missing"),
    ],
)
def test_arms_that_are_none_are_refused(arms: list[str], message: str) -> None:
    with pytest.raises(AnalysisError, match=message):
        partially_nested(frame("mixed/classes"), **CLASSES | {"clustered_arms": arms})
