"""Random intercepts against lme4, pbkrtest and lmerTest: cluster_clinics_simulated.json, mixed_models.json."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.mixed.mixed_cases import MADE_UP, THERAPISTS, expected, frame, made_up
from tests.conftest import examples
from trialkit.analysis.linear.ancova import ancova
from trialkit.analysis.mixed.random_intercepts import random_intercepts
from trialkit.errors import AnalysisError

CLINICS = {
    "outcome": "y", "arm": "arm", "reference": "CG", "cluster": "cluster", "covariates": ["base"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("inference", "se", "df"),
    [
        ("kenward-roger", "kr_se", "kr"),
        ("satterthwaite", "se_unadjusted", "satterthwaite"),
    ],
)
def test_clinics_are_those_of_lme4(inference: str, se: str, df: str) -> None:
    wanted = expected("cluster/cluster_clinics_simulated")["lmm"]
    fit = random_intercepts(
        frame("cluster/cluster_clinics_simulated"), inference=inference, **CLINICS
    )
    found = fit.coefficients().set_index("term").loc[["intercept", "arm[EG]", "base"]]
    np.testing.assert_allclose(found["estimate"], wanted["coef"], rtol=1e-7)
    np.testing.assert_allclose(found["se"], wanted[se], rtol=1e-7)
    np.testing.assert_allclose(found["df"], wanted[f"{df}_df"], rtol=1e-6)
    np.testing.assert_allclose(found["p_value"], wanted[f"{df}_p"], rtol=1e-6)
    variances = fit.variance_components().set_index("component")["estimate"]
    assert variances["cluster"] == pytest.approx(wanted["var_cluster"], rel=1e-6)
    assert variances["residual"] == pytest.approx(wanted["var_residual"], rel=1e-6)
    assert fit.icc()["estimate"][0] == pytest.approx(wanted["icc"], rel=1e-6)
    assert fit.log_likelihood == pytest.approx(wanted["reml_loglik"], abs=1e-9)
    contrast = fit.contrasts().iloc[0]
    assert contrast["contrast"] == "EG - CG"
    assert contrast["df"] == pytest.approx(found["df"].iloc[1], rel=1e-12)
    assert list(fit.contrasts()) == list(
        ancova(
            frame("cluster/cluster_clinics_simulated"), outcome="y", arm="arm", reference="CG"
        ).contrasts()
    )


def _therapists() -> pd.DataFrame:
    return frame("mixed/therapists")


def _flat() -> pd.DataFrame:
    """Therapists alike: the variance between them is 0."""
    data = _therapists()
    own = data["site"] + data["therapist"].astype(str)
    zigzag = np.resize([0, 1], len(data))
    return data.assign(own=own, y=data["y"] - data.groupby(own)["y"].transform("mean") + zigzag)


CASES: dict[str, dict[str, Any]] = {
    "nested": {
        "cluster": ["site", "therapist"],
        "nested": True,
        "covariates": ["base", "sex"],
    },
    "crossed": {"cluster": ["site", "therapist"], "covariates": ["base"]},
    "nested_ml": {
        "cluster": ["site", "therapist"],
        "nested": True,
        "covariates": ["base", "sex"],
        "method": "ml",
    },
    "singular": {"cluster": "own", "covariates": ["base"]},
}


@pytest.mark.parametrize(
    ("name", "inference", "df"),
    [
        (name, inference, df)
        for name in CASES
        for inference, df in (("kenward-roger", "kr"), ("satterthwaite", "satterthwaite"))
        if (name, df) != ("nested_ml", "kr")
    ],
)
def test_three_arms_within_therapists_are_those_of_lme4(name: str, inference: str, df: str) -> None:
    wanted = expected("mixed/mixed_models")[name]
    data = _flat() if name == "singular" else _therapists()
    fit = random_intercepts(data, inference=inference, **CASES[name], **THERAPISTS)
    found = fit.coefficients()
    order = np.argsort([wanted["names"].index(_in_r(term)) for term in found["term"]])
    found = found.iloc[order]
    np.testing.assert_allclose(found["estimate"], wanted["coef"], rtol=1e-7)
    se = "kr_se" if df == "kr" else "se"
    np.testing.assert_allclose(found["se"], wanted[se], rtol=1e-7)
    np.testing.assert_allclose(found["df"], wanted[f"{df}_df"], rtol=1e-6)
    assert fit.log_likelihood == pytest.approx(wanted["log_likelihood"], abs=1e-9)
    variances = np.sort(fit.model.variances)
    np.testing.assert_allclose(variances, np.sort(wanted["variances"]), rtol=1e-6, atol=1e-9)
    if f"{df}_f" in wanted:
        # Satterthwaite's F depends on the basis: lmerTest was given each arm against the reference
        arms = np.array(
            [[term == f"arm[{arm}]" for term in fit.design.names] for arm in ("low", "high")]
        )
        test = fit.test(arms)
        ours = [test.statistic, test.df_num, test.df_den]
        np.testing.assert_allclose(ours, wanted[f"{df}_f"][:3], rtol=1e-6)


def _in_r(term: str) -> str:
    return "(Intercept)" if term == "intercept" else term.replace("[", "").replace("]", "")


def test_a_variance_of_zero_is_said_and_the_fit_goes_on() -> None:
    fit = random_intercepts(_flat(), **CASES["singular"], **THERAPISTS)
    assert "'own' is estimated as 0" in fit.note
    table = fit.variance_components().set_index("component")
    assert table["estimate"]["own"] == 0
    assert table["conf_low"]["own"] == 0 < table["conf_high"]["own"]
    assert "boundary" in table["note"]["own"]
    alone = ancova(
        _flat(), outcome="y", arm="arm", reference="control", covariates=["base"],
        order=THERAPISTS["order"],
    )  # fmt: skip
    satterthwaite = random_intercepts(
        _flat(), inference="satterthwaite", **CASES["singular"], **THERAPISTS
    )
    np.testing.assert_allclose(
        satterthwaite.contrasts()[["estimate", "se", "df"]].to_numpy(dtype=float),
        alone.contrasts()[["estimate", "se", "df"]].to_numpy(dtype=float),
        rtol=1e-9,
    )
    assert random_intercepts(_therapists(), **CASES["nested"], **THERAPISTS).note == ""


def test_equal_clusters_without_covariates_are_the_t_test_of_their_means() -> None:
    rng = np.random.default_rng(8)
    cluster = np.repeat(np.arange(10), 3)
    y = rng.normal(0, 5, 10)[cluster] + rng.normal(size=30)
    data = pd.DataFrame({"cluster": cluster, "arm": np.where(cluster < 5, "C", "E"), "y": y})
    means = data.groupby("cluster").agg(arm=("arm", "first"), y=("y", "mean"))
    wanted = ancova(means, outcome="y", arm="arm", reference="C").contrasts()
    found = random_intercepts(data, **MADE_UP | {"covariates": []})
    assert found.note == ""
    columns = ["estimate", "se", "df", "p_value", "conf_low", "conf_high"]
    np.testing.assert_allclose(
        found.contrasts()[columns].to_numpy(dtype=float),
        wanted[columns].to_numpy(dtype=float),
        rtol=1e-8,
    )


@settings(max_examples=examples(20))
@given(seed=st.integers(0, 10_000), factor=st.floats(0.01, 100), shift=st.floats(-1e3, 1e3))
def test_labels_order_and_scale_do_not_matter(seed: int, factor: float, shift: float) -> None:
    data = made_up(seed)
    rng = np.random.default_rng(seed)
    names = rng.permutation([f"k{number}" for number in range(data["cluster"].nunique())])
    other = data.assign(cluster=names[data["cluster"]], y=factor * data["y"] + shift)
    other = other.iloc[rng.permutation(len(data))]
    one = random_intercepts(data, **MADE_UP)
    two = random_intercepts(other, **MADE_UP)
    mirrored = random_intercepts(data, **MADE_UP | {"reference": "E"})
    a, b, c = (each.contrasts().iloc[0] for each in (one, two, mirrored))
    assert b["estimate"] == pytest.approx(factor * a["estimate"], rel=1e-6, abs=1e-8 * factor)
    assert b["se"] == pytest.approx(factor * a["se"], rel=1e-6)
    assert b["df"] == pytest.approx(a["df"], rel=1e-5)
    assert c["estimate"] == pytest.approx(-a["estimate"], rel=1e-6, abs=1e-8)
    assert c["p_value"] == pytest.approx(a["p_value"], rel=1e-5)


def test_the_logarithm_gives_ratios_of_geometric_means() -> None:
    data = made_up(4)
    log = random_intercepts(data, **MADE_UP, scale="log")
    plain = random_intercepts(data.assign(y=np.log(data["y"])), **MADE_UP)
    row, wanted = log.contrasts().iloc[0], plain.contrasts().iloc[0]
    assert row["contrast"] == "E / C"
    assert row["estimate"] == pytest.approx(np.exp(wanted["estimate"]), rel=1e-10)
    assert row["conf_high"] == pytest.approx(np.exp(wanted["conf_high"]), rel=1e-10)


def test_rows_without_a_cluster_are_listed() -> None:
    data = made_up(5).assign(who=lambda each: [f"p{number}" for number in range(len(each))])
    data.loc[3, "y"] = np.nan
    data["cluster"] = data["cluster"].where(data.index != 7)
    fit = random_intercepts(data, subject="who", **MADE_UP)
    assert fit.excluded.to_numpy().tolist() == [
        ["p3", "y is missing"], ["p7", "cluster is missing"],
    ]  # fmt: skip
    assert fit.n == len(data) - 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cluster": 1}, "'cluster' has 1 level"),
        ({"cluster": range(40)}, "one row, so that its intercept is the residual"),
        ({"cluster": "arm"}, "such as one level an arm"),
        ({"y": 3.0}, "there is no variance"),
        ({"y": "cluster"}, "residual variance runs to zero"),
    ],
)
def test_what_has_no_variance_between_clusters_is_refused(
    change: dict[str, Any], message: str
) -> None:
    data = made_up(6, clusters=10)
    new = {
        name: data[value]
        if isinstance(value, str)
        else np.resize(list(value), len(data))
        if isinstance(value, range)
        else value
        for name, value in change.items()
    }
    if change.get("cluster") == range(40):
        new = {"cluster": np.arange(len(data))}
    if change.get("y") == "cluster":
        new = {"y": 1.5 * data["cluster"] + (data["cluster"] == 3)}
    with pytest.raises(AnalysisError, match=message):
        random_intercepts(data.assign(**new), **MADE_UP)


def test_kenward_and_roger_need_reml_and_groupings_differ() -> None:
    data = made_up(7)
    with pytest.raises(AnalysisError, match="does not go with method='ml'"):
        random_intercepts(data, method="ml", **MADE_UP)
    with pytest.raises(AnalysisError, match="group the rows alike"):
        random_intercepts(
            data.assign(other=data["cluster"] + 100), **MADE_UP | {"cluster": ["cluster", "other"]}
        )
    with pytest.raises(AnalysisError, match="did you mean 'cluster'"):
        random_intercepts(data, **MADE_UP | {"cluster": "clusters"})
