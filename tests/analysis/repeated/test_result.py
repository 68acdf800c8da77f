"""What can be asked of a fit."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.conftest import few_at_once
from trialkit.analysis.repeated.fit import mmrm
from trialkit.analysis.repeated.result import Attempt, MmrmFit
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


@pytest.mark.parametrize("structure", few_at_once(list(CovarianceStructure), 4))
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


@pytest.fixture(scope="module")
def complete(trial, trial_model):
    """Two arms of 15 at three visits, nothing missing: least squares has the closed form."""
    frame = trial(n=30, visits=3, missing=0, seed=3)
    return frame, mmrm(frame, **trial_model, covariates_by_visit=("base",))


def by_visit(frame):
    """The design of every visit, and the residuals (n, visit) of least squares."""
    wide = frame["y"].to_numpy().reshape(-1, 3)
    own = frame.drop_duplicates("id")
    x = np.column_stack([np.ones(30), own["arm"] == "E1", own["base"]]).astype(float)
    return x, wide, wide - x @ np.linalg.lstsq(x, wide, rcond=None)[0]


def test_the_likelihood_has_the_closed_form_of_complete_data(complete):
    frame, fit = complete
    x, _, left = by_visit(frame)
    sigma = left.T @ left / 27
    columns = 3 * np.linalg.slogdet(x.T @ x)[1]
    minus_two = 27 * (3 * np.log(2 * np.pi) + np.linalg.slogdet(sigma)[1] + 3) + columns
    assert isinstance(fit, MmrmFit)
    assert -2 * fit.log_likelihood == pytest.approx(minus_two)
    assert (fit.n_subjects, fit.n_observations, fit.n_covariance_parameters) == (30, 90, 6)
    assert fit.aic == pytest.approx(minus_two + 12)
    assert fit.bic == pytest.approx(minus_two + 6 * np.log(30))
    np.testing.assert_allclose(fit.covariance(), sigma, rtol=1e-6)
    sd = np.sqrt(np.diag(sigma))
    np.testing.assert_allclose(fit.correlation(), sigma / np.outer(sd, sd), rtol=1e-6)
    assert list(fit.covariance().columns) == list(fit.covariance().index) == [1, 2, 3]
    assert (fit.arms, fit.visits, fit.method) == (("C", "E1"), (1, 2, 3), "mmrm")
    assert fit.attempts == (Attempt(structure=CovarianceStructure.UNSTRUCTURED, reason=""),)


def test_coefficients_are_named_by_term_and_level(complete):
    frame, fit = complete
    x, wide, _ = by_visit(frame)
    beta = np.linalg.lstsq(x, wide, rcond=None)[0]  # intercept, arm, base by visit
    table = fit.coefficients()
    found = table.set_index("coefficient")["estimate"]
    expected = {"(Intercept)": beta[0, 0], "base": beta[2, 0], "arm[E1]": beta[1, 0]}
    for place in (1, 2):
        visit = place + 1
        expected[f"visit[{visit}]"] = beta[0, place] - beta[0, 0]
        expected[f"arm:visit[E1:{visit}]"] = beta[1, place] - beta[1, 0]
        expected[f"base:visit[{visit}]"] = beta[2, place] - beta[2, 0]
    assert found.to_dict() == pytest.approx(expected)
    named = table.set_index("coefficient")[["term", "level"]]
    assert named.loc["arm:visit[E1:2]"].tolist() == ["arm:visit", "E1:2"]
    assert named.loc["base"].tolist() == ["base", ""]
    variance = np.diag(fit.coefficient_covariance_matrix)
    np.testing.assert_allclose(np.sqrt(variance), table["se"])
    assert list(fit.coefficient_covariance_matrix.columns) == list(table["coefficient"])


def test_several_contrasts_at_once_have_the_p_value_of_their_f(complete):
    _, fit = complete
    names = list(fit.coefficients()["coefficient"])
    rows = np.zeros((2, len(names)))
    rows[[0, 1], [names.index("arm:visit[E1:2]"), names.index("arm:visit[E1:3]")]] = 1
    found = fit.test(rows)
    assert found.p_value == pytest.approx(stats.f.sf(found.statistic, 2, found.df_den))
    tests = fit.term_tests().set_index("term")
    assert tests.loc["arm:visit", "statistic"] == pytest.approx(found.statistic)
    assert tests.loc["arm:visit", "p_value"] == pytest.approx(found.p_value)


def test_one_variance_and_one_correlation_are_reported_as_such(complete, trial_model):
    frame, _ = complete
    fit = mmrm(frame, **trial_model, covariance="ar1", inference="satterthwaite")
    table = fit.covariance_parameters()
    assert table["parameter"].tolist() == ["sd", "correlation"]
    sd, rho = table["estimate"]
    sigma = fit.covariance().to_numpy()
    assert sd**2 == pytest.approx(sigma[1, 1])
    assert rho == pytest.approx(sigma[0, 1] / sigma[0, 0])
    assert sigma[0, 2] == pytest.approx(sd**2 * rho**2)
    assert table["theta"].tolist() == pytest.approx([np.log(sd), rho / np.sqrt(1 - rho**2)])
    assert (table["se_theta"] > 0).all()


def test_correlations_of_several_distances_are_counted_from_one(complete, trial_model):
    """Toeplitz at three visits: one standard deviation, and a correlation a distance."""
    frame, _ = complete
    table = mmrm(frame, **trial_model, covariance="toeplitz").covariance_parameters()
    assert table["parameter"].tolist() == ["sd", "correlation 1", "correlation 2"]


def test_averages_over_some_visits_are_of_those_visits(complete):
    frame, fit = complete
    x, wide, _ = by_visit(frame)
    average = wide[:, [0, 2]].mean(axis=1)
    beta, *_ = np.linalg.lstsq(x, average, rcond=None)
    left = average - x @ beta
    se = np.sqrt(left @ left / 27 * np.linalg.inv(x.T @ x)[1, 1])
    row = fit.averaged_contrasts(visits=[1, 3]).iloc[0]
    assert (row["estimate"], row["se"]) == (pytest.approx(beta[1]), pytest.approx(se, rel=1e-6))
    means = fit.averaged_marginal_means(visits=[1, 3], conf_level=0.8).set_index("arm")
    at = np.array([1.0, 1.0, x[:, 2].mean()])
    assert means.loc["E1", "estimate"] == pytest.approx(at @ beta)
    se = np.sqrt(left @ left / 27 * at @ np.linalg.inv(x.T @ x) @ at)
    reach = stats.t.ppf(0.9, 27) * se
    assert means.loc["E1", "conf_low"] == pytest.approx(at @ beta - reach, rel=1e-5)


def test_a_contrast_of_another_shape_and_a_group_of_nobody_are_refused(frame, model, complete):
    _, fit = complete
    count = len(fit.coefficients())
    for contrast in (np.ones(count - 1), np.full(count, np.nan), np.ones((1, 1, count))):
        with pytest.raises(AnalysisError, match=f"for each of the {count} coefficients"):
            fit.test(contrast)
    for nothing in (np.zeros(count), np.zeros((0, count))):
        with pytest.raises(AnalysisError, match="a contrast of zeros tests nothing"):
            fit.test(nothing)
    with pytest.raises(AnalysisError):
        fit.averaged_contrasts(visits=[9])
    grouped = mmrm(frame, **model, covariance="ar1", covariance_by="arm")
    for group in (None, "E9"):
        with pytest.raises(AnalysisError, match="each level of 'arm' has its own covariance"):
            grouped.covariance(group)
