"""Both models of arms over visits answer the same questions, each from its own coefficients."""

import numpy as np
import pytest

from tests.analysis.gee.visit_cases import COLUMNS, made_up
from trialkit.analysis.gee.arms_over_visits import ArmsOverVisits
from trialkit.analysis.gee.estimating import generalised_estimating_equations
from trialkit.analysis.gee.random_intercept import random_intercept_model

COUNTS = COLUMNS | {"outcome": "n", "family": "poisson", "reference": "C"}


@pytest.mark.parametrize("model", [generalised_estimating_equations, random_intercept_model])
def test_what_is_asked_follows_from_the_fixed_effects(model) -> None:
    data = made_up(5)
    found: ArmsOverVisits = model(data, covariates=("x",), **COUNTS)
    fixed = found.fixed
    terms = found.coefficients()
    np.testing.assert_allclose(fixed.estimates, terms["estimate"], rtol=0)
    np.testing.assert_allclose(np.sqrt(np.diag(fixed.covariance)), terms["se"], rtol=1e-12)
    assert (terms["df"] == fixed.df).all()
    place = terms["term"].tolist().index("arm[E]")
    row, named = found.contrasts().iloc[0], found.contrast("E").iloc[0]
    assert row["log_estimate"] == pytest.approx(fixed.estimates[place], rel=1e-12)
    shared = ["estimate", "se", "p_value", "conf_low", "conf_high"]
    np.testing.assert_allclose(row[shared].astype(float), named[shared].astype(float), rtol=1e-10)
    means = found.marginal_means(at={"x": 0.0}).set_index("arm")["estimate"]
    assert means["E"] / means["C"] == pytest.approx(row["estimate"], rel=1e-12)
    assert found.n_subjects == data["id"].nunique()
    assert set(found.pictures()) == {"effects", "means"}
