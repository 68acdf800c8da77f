"""Every file that R's mmrm made, through the public interface."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import fdtrc

from trialkit.analysis import mmrm

FILES = sorted((Path(__file__).parents[2] / "reference" / "mmrm" / "expected").glob("*.json"))
STRUCTURES = {
    "us": "unstructured",
    "toep": "toeplitz",
    "toeph": "heterogeneous-toeplitz",
    "ar1": "ar1",
    "ar1h": "heterogeneous-ar1",
    "cs": "compound-symmetry",
    "csh": "heterogeneous-compound-symmetry",
    "ad": "ante-dependence",
    "adh": "heterogeneous-ante-dependence",
}
INFERENCES = {
    "satt": "satterthwaite",
    "kr": "kenward-roger",
    "krl": "kenward-roger-linear",
    "bw": "between-within",
    "residual": "residual",
}
COLUMNS = {
    "estimate": "estimate",
    "se": "SE",
    "df": "df",
    "conf_low": "lower.CL",
    "conf_high": "upper.CL",
}


def fitted(path, fev, fev_model, antidepressant, antidepressant_model):
    words = path.stem.split("_")
    trial = words.pop(0)
    options = {}
    if words[0] == "bl":
        options["covariates_by_visit"] = ("FEV1_BL",)
        words.pop(0)
    if "weighted" in words:
        options["weights"] = "WEIGHT"
    if "grouped" in words:
        options["covariance_by"] = "ARMCD"
    options["covariance"] = STRUCTURES[words[0]]
    options["method"] = words[1]
    options["inference"] = INFERENCES[words[2]]
    if trial == "antidep":
        return mmrm(antidepressant, **antidepressant_model, **options)
    return mmrm(fev, **fev_model, **options)


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.stem)
def case(request, fev, fev_model, antidepressant, antidepressant_model):
    expected = json.loads(request.param.read_text(encoding="utf-8"))
    return expected, fitted(request.param, fev, fev_model, antidepressant, antidepressant_model)


def close(found, expected, rtol):
    np.testing.assert_allclose(np.asarray(found, dtype=float), expected, rtol=rtol, atol=0)


def test_there_are_all_the_files():
    assert len(FILES) == 46


def test_the_likelihood_and_its_criteria(case):
    expected, fit = case

    assert fit.log_likelihood == pytest.approx(expected["logLik"], abs=1e-7, rel=0)
    assert fit.aic == pytest.approx(expected["AIC"], abs=1e-6, rel=0)
    assert fit.bic == pytest.approx(expected["BIC"], abs=1e-6, rel=0)
    assert fit.n_observations == expected["n_obs"]
    assert fit.n_subjects == expected["n_subjects"]
    assert fit.n_covariance_parameters == expected["n_theta"]


def test_the_covariance_parameters_are_those_of_mmrm(case):
    expected, fit = case
    close(fit.covariance_parameters()["theta"], expected["theta"], 1e-6)
    scale = np.sqrt(np.diag(expected["theta_vcov"]))
    found = fit.parts.fitted.theta_covariance
    assert np.max(np.abs(found - expected["theta_vcov"]) / np.outer(scale, scale)) < 1e-5


def test_the_covariance_by_visit(case):
    expected, fit = case
    matrices = expected["varcor"]
    groups = matrices if isinstance(matrices, dict) else {None: matrices[0]}
    for group, matrix in groups.items():
        close(fit.covariance(group), matrix, 1e-6)
        sd = np.sqrt(np.diag(matrix))
        close(fit.correlation(group), matrix / np.outer(sd, sd), 1e-6)


def test_the_marginal_means(case):
    expected, fit = case
    found = fit.marginal_means()
    wanted = pd.DataFrame(expected["lsmeans"])
    arm, visit = wanted.columns[:2]
    keys = list(zip(found["arm"].astype(str), found["visit"].astype(str), strict=True))
    wanted = wanted.set_index([arm, visit]).loc[keys].rename(columns={"emmean": "estimate"})
    for name, theirs in COLUMNS.items():
        close(found[name], wanted[theirs], 1e-5 if name == "df" else 1e-6)


def test_the_contrasts(case):
    expected, fit = case
    found = fit.contrasts()
    wanted = pd.DataFrame(expected["contrasts"])
    assert list(found["contrast"]) == list(wanted["contrast"])
    assert list(found["visit"].astype(str)) == list(wanted.iloc[:, 1])
    for name, theirs in {**COLUMNS, "statistic": "t.ratio", "p_value": "p.value"}.items():
        close(found[name], wanted[theirs], 1e-5 if name in ("df", "p_value") else 1e-6)


def columns_in_their_order(fit, expected):
    """Where each of R's columns stands among ours."""
    ours = {}
    for at, name in enumerate(fit.coefficients()["coefficient"]):
        plain = name.replace("[", "").replace("]", "")
        ours[plain] = at
    place = []
    visits = {str(each) for each in fit.visits}
    for name in expected["coef_names"]:
        parts = name.split(":")
        factor = fit.parts.records.columns
        if len(parts) == 2:
            levels = [part.removeprefix(factor.arm).removeprefix(factor.visit) for part in parts]
            at_visit = next(each for each in levels if each in visits)
            other = next(each for each in levels if each != at_visit)
            is_arm = other in {str(each) for each in fit.arms}
            name_of = f"{factor.arm}:{factor.visit}{other}:{at_visit}"
            by_number = f"{other}:{factor.visit}{at_visit}"
            place.append(ours[name_of if is_arm else by_number])
        else:
            place.append(ours[name])
    return place


def test_the_coefficients_and_their_covariance(case):
    expected, fit = case
    place = columns_in_their_order(fit, expected)
    found = fit.coefficients().iloc[place]
    close(found["estimate"], expected["beta"], 1e-6)
    close(found["se"], expected["se"], 1e-6)
    close(found["df"], expected["df"], 1e-5)
    close(found["p_value"], expected["p"], 1e-5)


def test_the_joint_test_of_all_contrasts(case):
    expected, fit = case
    place = columns_in_their_order(fit, expected)
    matrix = np.zeros((len(expected["linfct_contrasts"]), len(place)))
    matrix[:, place] = expected["linfct_contrasts"]
    wanted = expected["f_all_contrasts"]

    found = fit.test(matrix)

    assert found.df_num == wanted["num_df"]
    assert found.df_den == pytest.approx(wanted["denom_df"], rel=1e-5)
    assert found.statistic == pytest.approx(wanted["F"], rel=1e-6)
    assert found.p_value == pytest.approx(wanted["p"], rel=1e-5)


@pytest.mark.parametrize("kind", ["II", "III"])
def test_the_tests_of_terms(case, kind):
    expected, fit = case
    found = fit.term_tests(kind).set_index("term")
    for row in expected[f"anova_{kind}"]:
        name = row["term"]
        term = found.loc[name if name in found.index else ":".join(name.split(":")[::-1])]
        assert term["df_num"] == row["Df"]
        assert term["df_den"] == pytest.approx(row["Res.Df"], rel=1e-5)
        assert term["statistic"] == pytest.approx(row["F"], rel=1e-6)
        assert term["p_value"] == pytest.approx(row["Pr(>F)"], rel=1e-4)


def differences_to_the_first(fit, term):
    """The contrasts that emmeans makes of a term: levels less the first, all else averaged."""
    marginal = fit.parts.design.marginal
    columns = fit.parts.records.columns
    by_arm = marginal[1:] - marginal[:1]
    match set(term.split(":")):
        case names if names == {columns.arm}:
            return by_arm.mean(axis=1)
        case names if names == {columns.visit}:
            means = marginal.mean(axis=0)
            return means[1:] - means[:1]
        case names if names == {columns.arm, columns.visit}:
            return (by_arm[:, 1:] - by_arm[:, :1]).reshape(-1, marginal.shape[2])
    terms = {each.name: each for each in fit.parts.design.terms}
    identity = np.eye(marginal.shape[2])
    if term in columns.covariates_by_visit:  # the slope averaged over visits
        by_visit = identity[list(terms[f"{term}:{columns.visit}"].columns)]
        return identity[list(terms[term].columns)] + by_visit.sum(axis=0) / marginal.shape[1]
    return identity[list(terms[term].columns)]


def test_the_joint_tests_of_emmeans(case):
    expected, fit = case
    beta = fit.coefficients()["estimate"].to_numpy()
    covariance = fit.coefficient_covariance_matrix.to_numpy()
    for row in expected["joint_tests"]:
        term = row["model term"]
        contrasts = differences_to_the_first(fit, term)
        values = contrasts @ beta
        spread = contrasts @ covariance @ contrasts.T
        wald = values @ np.linalg.solve(spread, values) / len(contrasts)
        df = min(fit.test(each).df for each in contrasts)
        assert len(contrasts) == row["df1"]
        assert wald == pytest.approx(row["F.ratio"], abs=6e-4)
        assert df == pytest.approx(row["df2"], abs=6e-3)
        assert fdtrc(len(contrasts), df, wald) == pytest.approx(row["p.value"], rel=1e-5)
