"""What can be asked of a fit."""

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.mmrm import mmrm
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.repeated import CovarianceStructure, Inference


@pytest.fixture(scope="module")
def frame(trial):
    made = trial(n=45, visits=4, arms=3, missing=0.15, seed=11)
    made["day"] = made["visit"] * 7.0 + np.random.default_rng(2).uniform(-2, 2, len(made))
    return made


@pytest.fixture(scope="module")
def model(trial_model):
    return {**trial_model, "order": {"stratum": ["low", "high"], "arm": ["C", "E1", "E2"]}}


@pytest.fixture(scope="module")
def fit(frame, model):
    return mmrm(frame, **model, covariates=("base", "stratum"))


def test_tables_have_the_columns_of_the_vocabulary(fit):
    limits = ["conf_low", "conf_high", "conf_level"]
    estimates = ["estimate", "se", "df"]
    tests = [*estimates, "statistic", "p_value"]
    compared = [*tests, "p_adjusted", *limits, "adjustment"]
    assert list(fit.contrasts().columns) == ["contrast", "visit", *compared]
    assert list(fit.averaged_contrasts().columns) == ["contrast", *compared]
    assert list(fit.marginal_means().columns) == ["arm", "visit", *estimates, *limits]
    assert list(fit.coefficients().columns) == ["coefficient", "term", "level", *tests, *limits]
    assert list(fit.contrasts()["contrast"].unique()) == ["E1 - C", "E2 - C"]
    assert fit.to_frame().equals(fit.contrasts())
    assert "MMRM of y, unstructured covariance, REML, kenward-roger-linear" in repr(fit)


def test_all_pairs_of_arms_are_differences_of_those_with_the_reference(fit):
    pairs = fit.contrasts(comparisons="all_pairs").set_index(["contrast", "visit"])["estimate"]
    assert set(pairs.index.get_level_values(0)) == {"E1 - C", "E2 - C", "E2 - E1"}
    np.testing.assert_allclose(pairs["E2 - E1"], pairs["E2 - C"] - pairs["E1 - C"], atol=1e-12)


@pytest.mark.parametrize("adjustment", ["bonferroni", "holm", "dunnett"])
def test_an_adjustment_answers_for_the_contrasts_of_a_visit(fit, adjustment):
    plain, adjusted = fit.contrasts(), fit.contrasts(adjustment=adjustment)
    assert (adjusted["p_adjusted"] >= plain["p_value"]).all()
    assert (adjusted["p_adjusted"] <= np.minimum(1, 2 * plain["p_value"]) + 1e-12).all()
    assert (adjusted["conf_low"] < plain["conf_low"]).all()
    assert (plain["p_adjusted"] == plain["p_value"]).all()
    one = adjusted["visit"] == 4
    smallest = plain.loc[one, "p_value"].min()
    expected = 2 * smallest
    found = adjusted.loc[one, "p_adjusted"].min()
    assert found < expected if adjustment == "dunnett" else found == pytest.approx(expected)


def test_an_interval_adjusted_ends_at_zero_where_the_adjusted_p_is_its_level(fit):
    for adjustment, comparisons in (("dunnett", "reference"), ("tukey", "all_pairs")):
        asked = {"adjustment": adjustment, "comparisons": comparisons}
        row = fit.averaged_contrasts(**asked).iloc[0]
        at = fit.averaged_contrasts(**asked, conf_level=1 - row["p_adjusted"]).iloc[0]
        nearest = min(abs(at["conf_low"]), abs(at["conf_high"]))
        assert nearest == pytest.approx(0, abs=1e-6 * row["se"])


def test_an_adjustment_belongs_to_its_comparisons(fit):
    with pytest.raises(AnalysisError, match="all pairs"):
        fit.contrasts(adjustment="tukey")


def test_a_contrast_is_the_difference_of_marginal_means(fit):
    means = fit.marginal_means().set_index(["arm", "visit"])["estimate"]
    for row in fit.contrasts().itertuples():
        arm = row.contrast.removesuffix(" - C")
        assert row.estimate == pytest.approx(means[arm, row.visit] - means["C", row.visit])


def test_averages_over_visits_are_averages(fit):
    means = fit.marginal_means()
    whole = fit.averaged_marginal_means().set_index("arm")["estimate"]
    some = fit.averaged_contrasts(visits=[2, 4]).set_index("contrast")["estimate"]
    by_arm = means.groupby("arm", observed=False)["estimate"].mean()
    np.testing.assert_allclose(whole, by_arm)
    late = means[means["visit"].isin([2, 4])].groupby("arm", observed=False)["estimate"].mean()
    assert some["E2 - C"] == pytest.approx(late["E2"] - late["C"])


def test_marginal_means_hold_numbers_at_their_mean_over_the_rows_used(frame, fit):
    used = frame[frame["y"].notna()]
    coefficients = fit.coefficients().set_index("coefficient")["estimate"]
    by_hand = (
        coefficients["(Intercept)"]
        + coefficients["base"] * used["base"].mean()
        + coefficients["stratum[high]"] / 2
    )
    assert fit.marginal_means()["estimate"][0] == pytest.approx(by_hand)


def test_intervals_follow_the_level(fit):
    narrow, wide = fit.contrasts(conf_level=0.5), fit.contrasts(conf_level=0.99)
    assert (wide["conf_low"] < narrow["conf_low"]).all()
    assert (wide["conf_high"] > narrow["conf_high"]).all()
    assert fit.test(np.eye(14)[3], conf_level=0.9).conf_level == 0.9


def test_nobody_disappears(frame, model):
    holes = frame.copy()
    holes.loc[holes["id"] == 7, "y"] = np.nan
    holes.loc[(holes["id"] == 9) & (holes["visit"] == 1), "base"] = np.nan
    holes.loc[(holes["id"] == 10) & (holes["visit"] == 1), "arm"] = None

    fit = mmrm(holes, **model, covariates=("base",))

    rows = fit.excluded[fit.excluded["visit"].notna()]
    assert fit.n_observations + len(rows) == len(holes)
    whole = fit.excluded[fit.excluded["visit"].isna()]
    assert list(whole["subject"]) == [7]
    reasons = fit.excluded.set_index(["subject", "visit"])["reason"]
    assert reasons[9, 1] == "base is missing"
    assert reasons[10, 1] == "arm is missing"
    assert fit.n_subjects == 44


def test_residuals_of_each_kind(frame, fit):
    response = fit.residuals()
    assert len(response) == fit.n_observations
    values = frame.set_index(["id", "visit"])["y"]
    keys = list(zip(response["subject"], response["visit"], strict=True))
    assert np.isfinite(values.loc[keys]).all()
    pearson = fit.residuals("pearson")
    sd = pd.Series(np.sqrt(np.diag(fit.covariance())), index=fit.visits)
    np.testing.assert_allclose(
        pearson["residual"], response["residual"] / sd.loc[list(response["visit"])].to_numpy()
    )
    normalised = fit.residuals("normalised")["residual"]
    first = response["subject"] == response["subject"][0]
    sigma = fit.covariance().loc[list(response["visit"][first]), list(response["visit"][first])]
    raw = response["residual"][first].to_numpy()
    assert (normalised[first] ** 2).sum() == pytest.approx(raw @ np.linalg.solve(sigma, raw))


def test_predictions_are_those_of_the_normal_distribution(frame, model):
    fit = mmrm(frame, **model, covariates=("base",))
    found = fit.predict()
    table = found.to_frame()

    missing = frame[frame["y"].isna()]
    assert len(table) == len(missing)
    assert len(found.left_out) == 0
    subject = table["subject"].iloc[0]
    records = fit.parts.records
    number = records.subjects.index(subject)
    x = fit.parts.design.rows(np.full(4, number), np.arange(4))
    beta = fit.coefficients()["estimate"].to_numpy()
    y = frame[frame["id"] == subject].sort_values("visit")["y"].to_numpy()
    seen, new = np.flatnonzero(~np.isnan(y)), np.flatnonzero(np.isnan(y))
    sigma = fit.covariance().to_numpy()
    gain = sigma[np.ix_(new, seen)] @ np.linalg.inv(sigma[np.ix_(seen, seen)])
    expected = x[new] @ beta + gain @ (y[seen] - x[seen] @ beta)
    spread = sigma[np.ix_(new, new)] - gain @ sigma[np.ix_(seen, new)]
    own = table[table["subject"] == subject]
    np.testing.assert_allclose(own["estimate"], expected)
    np.testing.assert_allclose(own["sd"], np.sqrt(np.diag(spread)))
    assert (own["se"] > own["sd"]).all()
    np.testing.assert_allclose(np.sqrt(np.diag(found.covariance(subject))), own["se"])


def test_refitting_with_the_predictions_gives_the_same_means(frame, model):
    """The fixed point of the EM algorithm: the estimates satisfy the completed data too."""
    fit = mmrm(
        frame, **model, covariates_by_visit=("base",), method="ml", inference="satterthwaite"
    )
    table = fit.predict().to_frame().set_index(["subject", "visit"])["estimate"]
    keys = list(zip(frame["id"], frame["visit"], strict=True))
    filled = frame.assign(
        y=frame["y"].fillna(pd.Series([table.get(key, 0.0) for key in keys], index=frame.index))
    )
    again = mmrm(
        filled, **model, covariates_by_visit=("base",), method="ml", inference="satterthwaite"
    )
    np.testing.assert_allclose(
        again.contrasts()["estimate"], fit.contrasts()["estimate"], rtol=1e-6
    )


def test_visits_that_cannot_be_predicted_are_listed(frame, model):
    holes = frame.copy()
    changing = np.random.default_rng(1).normal(size=len(holes))
    holes["changing"] = np.where(holes["y"].isna(), np.nan, changing)
    fit = mmrm(holes, **model, covariates=("changing",))
    found = fit.predict()
    assert len(found.to_frame()) == 0
    assert len(found.left_out) == holes["y"].isna().sum()
    assert "covariate" in found.left_out["reason"][0]


def test_a_subject_without_values_gets_the_mean(frame, model):
    holes = frame.copy()
    holes.loc[holes["id"] == 7, "y"] = np.nan
    fit = mmrm(holes, **model)
    table = fit.predict().to_frame()
    means = fit.marginal_means().set_index(["arm", "visit"])["estimate"]
    own = table[table["subject"] == 7]
    arm = frame.loc[frame["id"] == 7, "arm"].iloc[0]
    np.testing.assert_allclose(own["estimate"], means[arm])


def test_each_group_has_its_covariance(frame, model):
    fit = mmrm(frame, **model, covariance="ar1", covariance_by="arm")
    parameters = fit.covariance_parameters()
    assert list(parameters["group"].unique()) == ["C", "E1", "E2"]
    assert list(parameters["parameter"][:2]) == ["sd", "correlation"]
    assert fit.covariance("E1").iloc[0, 0] == pytest.approx(parameters["estimate"][2] ** 2)
    assert len(fit.predict().to_frame()) == frame["y"].isna().sum()


@pytest.mark.parametrize("structure", list(CovarianceStructure))
@pytest.mark.parametrize("inference", list(Inference))
def test_every_structure_goes_with_every_inference(frame, model, structure, inference):
    options = {"time": "day"} if structure is CovarianceStructure.SPATIAL_EXPONENTIAL else {}
    fit = mmrm(
        frame, **model, covariates=("base",), covariance=structure, inference=inference, **options
    )
    for table in (fit.contrasts(), fit.marginal_means(), fit.term_tests("III")):
        numbers = table.select_dtypes("number").to_numpy()
        assert np.isfinite(numbers).all()
    assert len(fit.predict().to_frame()) == frame["y"].isna().sum()


def test_times_as_visits_serve_the_spatial_structure(frame, model):
    by_visit = mmrm(frame, **model, covariance="spatial-exponential")
    named = mmrm(frame, **model, covariance="spatial-exponential", time="visit")
    ar1 = mmrm(frame, **model, covariance="ar1")
    assert by_visit.log_likelihood == pytest.approx(named.log_likelihood, abs=1e-9)
    assert by_visit.log_likelihood == pytest.approx(ar1.log_likelihood, abs=1e-8)
    np.testing.assert_allclose(by_visit.covariance(), ar1.covariance(), rtol=1e-6)


def test_own_times_that_are_equal_are_common_times(frame, model):
    common = mmrm(frame, **model, covariance="spatial-exponential", time="visit")
    nudged = frame.assign(day=frame["visit"] + 1e-9 * (frame["id"] == 3))
    own = mmrm(nudged, **model, covariance="spatial-exponential", time="day")
    assert own.parts.model.structure.has_own_times
    assert own.log_likelihood == pytest.approx(common.log_likelihood, abs=1e-6)
    np.testing.assert_allclose(own.contrasts()["df"], common.contrasts()["df"], rtol=1e-6)
    np.testing.assert_allclose(
        mmrm(
            nudged, **model, covariance="spatial-exponential", time="day", inference="kenward-roger"
        ).contrasts()["se"],
        mmrm(
            frame,
            **model,
            covariance="spatial-exponential",
            time="visit",
            inference="kenward-roger",
        ).contrasts()["se"],
        rtol=1e-6,
    )


def test_the_reference_need_not_be_the_first_level(frame, model):
    other = mmrm(frame, **{**model, "reference": "E1"})
    first = mmrm(frame, **model)
    assert other.arms == ("E1", "C", "E2")
    a = other.contrasts().set_index(["contrast", "visit"])["estimate"]
    b = first.contrasts().set_index(["contrast", "visit"])["estimate"]
    assert a["C - E1", 2] == pytest.approx(-b["E1 - C", 2])
    assert other.log_likelihood == pytest.approx(first.log_likelihood, abs=1e-8)


def test_covariates_of_every_kind_are_taken(frame, model):
    made = frame.assign(
        flag=frame["base"] > 10,
        site=pd.Categorical(frame["id"] // 3 % 3, categories=[0, 1, 2], ordered=True),
        changing=np.random.default_rng(3).normal(size=len(frame)),
    )
    fit = mmrm(made, **model, covariates=("flag", "site"), covariates_by_visit=("changing", "base"))
    assert fit.terms == (
        "flag",
        "site",
        "changing",
        "base",
        "arm",
        "visit",
        "arm:visit",
        "changing:visit",
        "base:visit",
    )
    both = mmrm(made, **model, covariates=("base",), covariates_by_visit=("base",))
    assert both.terms == ("base", "arm", "visit", "arm:visit", "base:visit")
