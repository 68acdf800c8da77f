"""nlme, clubSandwich and published SAS output: structures and sandwiches that mmrm's files lack."""

from dataclasses import replace

import numpy as np
import pytest

from trialkit.analysis import mmrm
from trialkit.analysis.repeated.cohort import gather, statistics_of
from trialkit.analysis.repeated.design import build_design
from trialkit.analysis.repeated.fit import fit_design
from trialkit.analysis.repeated.inference import settle_covariance
from trialkit.analysis.repeated.likelihood import CovarianceModel
from trialkit.analysis.repeated.maximise import Optimum, maximise
from trialkit.analysis.repeated.records import Columns, read_records
from trialkit.analysis.repeated.structures import structure_for
from trialkit.protocol.methods.repeated import (
    CoefficientCovariance,
    CovarianceStructure,
    Inference,
    Likelihood,
)


def close(found, expected, rtol):
    np.testing.assert_allclose(np.asarray(found, dtype=float), expected, rtol=rtol, atol=0)


@pytest.mark.parametrize("method", ["reml", "ml"])
@pytest.mark.parametrize("time", ["visitn", "owntime"])
def test_spatial_exponential_is_that_of_nlme(fev, fev_model, second_route, method, time):
    expected = second_route[f"spatial_{time}_{method}"]
    frame = fev.assign(OWNTIME=fev["VISITN"] + 0.2 * np.tanh(fev["VISITN2"]))

    fit = mmrm(
        frame,
        **fev_model,
        covariance="spatial-exponential",
        time=time.upper(),
        method=method,
        inference="satterthwaite",
    )

    assert fit.log_likelihood == pytest.approx(expected["log_likelihood"], abs=1e-7, rel=0)
    # nlme stops a little earlier
    error = fit.coefficients()["estimate"] - expected["beta"]
    assert np.max(np.abs(error / expected["se"])) < 1e-5
    close(fit.coefficients()["se"], expected["se"], 5e-6)
    variance, rho = fit.covariance_parameters()["estimate"]
    assert variance == pytest.approx(expected["sigma"] ** 2, rel=1e-5)
    assert rho == pytest.approx(np.exp(-1 / expected["range"]), rel=1e-5)


@pytest.mark.parametrize(
    ("structure", "name"),
    [
        ("unstructured", "six_unstructured_reml"),
        ("compound-symmetry", "six_compound_reml"),
        ("heterogeneous-ar1", "six_har1_reml"),
    ],
)
def test_three_arms_at_six_visits_are_those_of_nlme(six_visits, second_route, structure, name):
    expected = second_route[name]

    fit = mmrm(
        six_visits,
        outcome="y",
        subject="id",
        visit="visit",
        arm="arm",
        reference="A",
        covariates_by_visit=("base",),
        covariance=structure,
        inference="satterthwaite",
    )

    found = fit.coefficients().set_index("coefficient")
    names = ["(Intercept)", "base", *(f"visit[{v}]" for v in range(2, 7)), "arm[B]", "arm[C]"]
    names += [f"base:visit[{visit}]" for visit in range(2, 7)]
    by_visit = [f"arm:visit[{arm}:{visit}]" for arm in "BC" for visit in range(2, 7)]
    assert fit.log_likelihood == pytest.approx(expected["log_likelihood"], abs=1e-7, rel=0)
    # R runs through visits within each arm
    order = names + by_visit
    close(found.loc[order, "se"], expected["se"], 2e-5)
    np.testing.assert_allclose(
        found.loc[order, "estimate"], expected["beta"], atol=2e-5 * max(expected["se"]), rtol=0
    )


def test_weights_are_those_of_nlme(fev, fev_model, second_route):
    expected = second_route["weighted_ar1_reml"]

    fit = mmrm(fev, **fev_model, covariance="ar1", weights="WEIGHT", inference="satterthwaite")

    assert fit.log_likelihood == pytest.approx(expected["log_likelihood"], abs=1e-7, rel=0)
    close(fit.coefficients()["se"], expected["se"], 5e-6)


@pytest.mark.parametrize(("kind", "name"), [("empirical", "cr0"), ("jackknife", "cr3")])
def test_sandwiches_are_those_of_clubsandwich(fev, fev_model, second_route, kind, name):
    expected = second_route[f"sandwich_{name}"]

    fit = mmrm(
        fev,
        **fev_model,
        covariance="ar1",
        inference="satterthwaite",
        coefficient_covariance=kind,
    )

    found = fit.coefficients()
    close(found["se"], expected["se"], 1e-6)
    close(found["df"], expected["df"], 1e-5)
    vcov = np.array(expected["vcov"])
    scale = np.sqrt(np.outer(np.diag(vcov), np.diag(vcov)))
    assert np.max(np.abs(fit.coefficient_covariance_matrix - vcov) / scale) < 1e-6


def test_the_bias_reduced_sandwich_is_near_that_of_clubsandwich(fev, fev_model, second_route):
    """A matrix has many square roots: clubSandwich takes another one than mmrm."""
    expected = second_route["sandwich_cr2"]

    fit = mmrm(
        fev,
        **fev_model,
        covariance="ar1",
        inference="satterthwaite",
        coefficient_covariance="bias-reduced",
    )

    close(fit.coefficients()["se"], expected["se"], 3e-4)
    close(fit.coefficients()["df"], expected["df"], 2e-3)


def test_the_antidepressant_trial_is_that_of_sas(antidepressant, antidepressant_model, sas):
    expected = sas["antidepressant"]

    fit = mmrm(antidepressant, **antidepressant_model)

    assert -2 * fit.log_likelihood == pytest.approx(expected["minus_two_log_likelihood"], abs=5e-8)
    covariance = fit.covariance().to_numpy()
    for row, values in enumerate(expected["covariance"]):
        # SAS stops its iterations a little earlier than this
        np.testing.assert_allclose(covariance[row, : len(values)], values, atol=1.2e-4)
    found = fit.contrasts()
    for name, tolerance in (("estimate", 6e-5), ("se", 6e-5), ("df", 0.5)):
        np.testing.assert_allclose(found[name], expected["contrasts"][name], atol=tolerance, rtol=0)
    assert found["p_value"].iloc[-1] == pytest.approx(expected["p_value_visit_7"], abs=6e-5)
    means = fit.marginal_means()
    last = means[means["visit"] == "7"].set_index("arm")
    for arm, (estimate, se) in expected["means_visit_7"].items():
        assert last.loc[arm, "estimate"] == pytest.approx(estimate, abs=6e-5)
        assert last.loc[arm, "se"] == pytest.approx(se, abs=6e-5)


def arm_only(frame, **columns):
    """The records, and the design of a model with the arm alone."""
    records = read_records(
        frame,
        Columns(
            outcome="FEV1",
            subject="USUBJID",
            visit="AVISIT",
            arm="ARMCD",
            reference="PBO",
            covariates=(),
            covariates_by_visit=(),
            covariance_by=None,
            time=columns.get("time"),
            weights=columns.get("weights"),
            order=None,
        ),
    )
    full = build_design(records)
    kept = [0, 1]
    design = replace(
        full,
        terms=full.terms[:2],
        coefficients=full.coefficients[:2],
        layout=full.layout[:, :, kept],
        rescale=np.eye(2),
        marginal=full.marginal[:, :, kept],
    )
    return records, design


def fit_arm_only(frame, structure, inference, covariance=None, **columns):
    records, design = arm_only(frame, **columns)
    return fit_design(
        records,
        design,
        (CovarianceStructure(structure),),
        likelihood=Likelihood.REML,
        inference=inference,
        coefficient_covariance=settle_covariance(inference, covariance, Likelihood.REML),
    )


@pytest.mark.parametrize(
    "structure",
    ["unstructured", "heterogeneous-toeplitz", "heterogeneous-compound-symmetry"],
)
def test_kenward_roger_linear_is_that_of_sas(fev, sas, structure):
    expected = sas["arm_only"]["kenward_roger"][structure]

    fit = fit_arm_only(fev, structure, Inference.KENWARD_ROGER_LINEAR)
    test = fit.test([0, 1])

    # SAS stops its iterations earlier, and some of its output is rounded
    assert test.estimate == pytest.approx(expected["estimate"], rel=5e-5)
    assert test.se == pytest.approx(expected["se"], rel=2e-4)
    assert test.df == pytest.approx(expected["df"], rel=2e-3)


def test_a_spatial_structure_in_two_dimensions_is_that_of_sas(fev, sas):
    expected = sas["arm_only"]["kenward_roger"]["spatial-exponential"]
    records, design = arm_only(fev)
    cohort = gather(records, design)
    used = fev[records.used]
    place = {subject: at for at, subject in enumerate(cohort.subjects)}
    at = np.zeros((*cohort.observed.shape, 2))
    rows = [place[each] for each in records.subject[records.used]]
    at[rows, records.visit[records.used]] = used[["VISITN", "VISITN2"]]
    distances = np.linalg.norm(at[:, :, None] - at[:, None], axis=3)
    n = len(cohort.subjects)
    model = CovarianceModel(
        structure=structure_for(
            CovarianceStructure.SPATIAL_EXPONENTIAL, 4, np.moveaxis(distances, 0, 2)
        ),
        group_of_block=np.zeros(n, dtype=int),
        n_groups=1,
    )
    statistics, _ = statistics_of(cohort, np.arange(n))

    found = maximise(statistics, model, np.array([4.0, -1.0]), restricted=True)

    assert isinstance(found, Optimum)
    assert float(found.at.value) == pytest.approx(expected["minus_two_log_likelihood"], abs=1e-6)
    beta = cohort.basis @ (found.at.gamma + cohort.origin)
    assert beta[1] == pytest.approx(expected["estimate"], abs=1e-5)


@pytest.mark.parametrize("weights", [None, "WEIGHT"])
@pytest.mark.parametrize(
    "structure",
    [
        "unstructured",
        "toeplitz",
        "heterogeneous-toeplitz",
        "ar1",
        "heterogeneous-ar1",
        "compound-symmetry",
        "heterogeneous-compound-symmetry",
        "heterogeneous-ante-dependence",
    ],
)
def test_the_empirical_covariance_is_that_of_sas(fev, sas, structure, weights):
    expected = sas["arm_only"]["empirical_variance_weighted" if weights else "empirical_variance"]

    fit = fit_arm_only(
        fev, structure, Inference.RESIDUAL, CoefficientCovariance.EMPIRICAL, weights=weights
    )

    assert fit.test([0, 1]).se ** 2 == pytest.approx(expected[structure], rel=1e-4)


@pytest.mark.parametrize(
    ("kind", "variance"),
    [
        (CoefficientCovariance.EMPIRICAL, 0.681966674143019),
        (CoefficientCovariance.JACKKNIFE, 0.696645916580453),
        (CoefficientCovariance.BIAS_REDUCED, 0.689265455017577),
    ],
)
def test_the_sandwiches_are_those_that_mmrm_tests_itself_by(fev, kind, variance):
    """FEV1 ~ ARMCD with AR(1), from the snapshots of the R package's tests (0.3)."""
    fit = fit_arm_only(fev, "ar1", Inference.RESIDUAL, kind)
    assert fit.test([0, 1]).se ** 2 == pytest.approx(variance, rel=2e-6)


@pytest.mark.parametrize("kind", ["response", "normalised", "pearson"])
def test_residuals_are_those_of_sas(fev, fev_model, sas, kind):
    expected = sas["residuals"]
    fit = mmrm(fev, **fev_model)

    found = fit.residuals(kind).set_index(["subject", "visit"])["residual"]

    keys = list(zip(expected["subject"], expected["visit"], strict=True))
    np.testing.assert_allclose(found.loc[keys], expected[kind], atol=2e-4)
