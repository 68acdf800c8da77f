"""What a fitted model can be asked: means, contrasts, tests of terms, sizes of groups."""

import numpy as np
import pytest

from tests.analysis.mixed.mixed_cases import MADE_UP, THERAPISTS, frame, made_up
from trialkit.analysis.mixed.fitting import fit_mixed_model
from trialkit.analysis.mixed.linear_mixed_fit import LinearMixedFit
from trialkit.analysis.mixed.random_intercepts import random_intercepts
from trialkit.analysis.mixed.variance_fit import fit_variances
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.mixed_models import MixedInference
from trialkit.protocol.methods.repeated import Likelihood


@pytest.fixture(scope="module")
def fit() -> LinearMixedFit:
    return random_intercepts(
        frame("mixed/therapists"), cluster=["site", "therapist"], nested=True,
        covariates=["base", "sex"], **THERAPISTS,
    )  # fmt: skip


def test_contrasts_are_differences_of_marginal_means(fit: LinearMixedFit) -> None:
    means = fit.marginal_means().set_index("arm")["estimate"]
    table = fit.contrasts(comparisons="all_pairs", adjustment="tukey").set_index("contrast")
    assert table["estimate"]["high - low"] == pytest.approx(means["high"] - means["low"])
    assert (table["p_adjusted"] > table["p_value"]).all()
    assert table["df"].nunique() == 3
    at = fit.coefficients().set_index("term")["estimate"]
    data = frame("mixed/therapists")
    held = at["intercept"] + at["base"] * data["base"].mean() + at["sex[m]"] / 2
    assert means["control"] == pytest.approx(held)
    shares = fit.marginal_means(weights="proportional").set_index("arm")["estimate"]
    moved = at["sex[m]"] * ((data["sex"] == "m").mean() - 0.5)
    assert shares["control"] == pytest.approx(held + moved)


def test_a_test_of_one_contrast_is_its_t_squared(fit: LinearMixedFit) -> None:
    row = np.array([term == "arm[high]" for term in fit.design.names], dtype=float)
    one = fit.test(row)
    t = fit.coefficients().set_index("term").loc["arm[high]"]
    assert one.statistic == pytest.approx(t["statistic"] ** 2)
    assert one.df_den == pytest.approx(t["df"])
    with pytest.raises(AnalysisError, match="for each of the 5 coefficients"):
        fit.test(np.ones(3))
    with pytest.raises(AnalysisError, match="tests nothing"):
        fit.test(np.zeros(5))


def test_sizes_and_correlations_say_of_what_they_are(fit: LinearMixedFit) -> None:
    sizes = fit.group_sizes()
    assert sizes["n"].sum() == 2 * fit.n
    site = sizes[(sizes["grouping"] == "site") & (sizes["arm"] == "low")].iloc[0]
    assert site["levels"] == 6
    assert site["mean"] * 6 == site["n"]
    icc = fit.icc().set_index("grouping")
    site, therapist, within = fit.model.variances
    total = site + therapist + within
    # two patients of one therapist share the site, too
    assert icc["estimate"]["site"] == pytest.approx(site / total)
    assert icc["estimate"]["therapist"] == pytest.approx((site + therapist) / total)
    assert (icc["conf_low"] <= icc["estimate"]).all()
    with pytest.raises(AnalysisError, match="2 groupings"):
        fit.icc(limits="exact")
    assert "intercepts: 6 of site" in fit.title


def test_numbers_are_those_of_the_rows_of_the_design() -> None:
    data = made_up(2)
    fit = random_intercepts(data, **MADE_UP)
    again = fit_variances(
        fit.design.matrix, fit.rows.outcome, fit.groupings, fit.classes, n_classes=1,
        likelihood=Likelihood.REML, inference=MixedInference.KENWARD_ROGER,
    )  # fmt: skip
    np.testing.assert_allclose(again.fitted.estimate, fit.model.fitted.estimate)
    by_arm = fit_mixed_model(
        fit.rows, (*fit.rows.covariates, fit.rows.arm), fit.groupings, what="", outcome="y",
        scale=fit.scale, likelihood=fit.likelihood, inference=fit.inference, residual_by_arm=True,
        held={},
    )  # fmt: skip
    assert by_arm.residual_names == ("residual[C]", "residual[E]")
    assert by_arm.log_likelihood >= fit.log_likelihood - 1e-9
