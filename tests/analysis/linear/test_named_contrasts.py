"""A contrast by names is that of the table, that of the coefficients, and that of a shifted model."""

import numpy as np
import pandas as pd
import pytest

import trialkit
from trialkit.analysis.linear.named_contrasts import (
    NOWHERE,
    arm_weights,
    contrast_words,
    held_covariates,
    held_numbers,
    visit_weights,
)
from trialkit.errors import AnalysisError

ARMS, VISITS = ("CG", "A", "B"), ("W4", "W8", "W12")
SAME = ["estimate", "se", "df", "statistic", "p_value", "conf_low", "conf_high"]


def long(n: int = 90) -> pd.DataFrame:
    rng = np.random.default_rng(11)
    arm = np.tile(ARMS, n // 3)
    base, site = rng.normal(50, 10, n), rng.choice(["Ulm", "Bern"], n)
    rows = pd.concat(
        pd.DataFrame({
            "id": np.arange(n), "arm": arm, "visit": visit, "base": base, "site": site,
            "score": 0.5 * base - 3 * at * (arm == "A") + rng.normal(0, 5, n) + 2 * (site == "Ulm"),
        })
        for at, visit in enumerate(VISITS)
    )  # fmt: skip
    rows["fell"] = rng.random(len(rows)) < 0.3 + 0.2 * (rows["arm"] == "B")
    for name, levels in (("arm", ARMS), ("visit", VISITS), ("site", ("Bern", "Ulm"))):
        rows[name] = pd.Categorical(rows[name], categories=levels, ordered=True)
    return rows.reset_index(drop=True)


LONG = long()
LAST = LONG[LONG["visit"] == "W12"]
MODEL = {"arm": "arm", "reference": "CG", "covariates": ("base", "site")}
MMRM = trialkit.mmrm(
    LONG, outcome="score", subject="id", visit="visit", covariates_by_visit=("base",), **MODEL
)
ANCOVA = trialkit.ancova(LAST, outcome="score", **MODEL)


def test_an_arm_is_compared_with_the_reference() -> None:
    table = MMRM.contrasts()
    for arm in ("A", "B"):
        for visit in VISITS:
            ours = MMRM.contrast(arm, visit)
            theirs = table[(table["contrast"] == f"{arm} - CG") & (table["visit"] == visit)]
            np.testing.assert_allclose(ours[SAME], theirs[SAME], rtol=1e-10)
            assert ours["contrast"][0] == f"{arm} - CG, {visit}"


def test_a_pair_is_the_first_less_the_second() -> None:
    table = MMRM.contrasts(comparisons="all_pairs").set_index(["contrast", "visit"])
    theirs = table.loc[("B - A", "W8"), SAME].astype(float)
    np.testing.assert_allclose(MMRM.contrast(("B", "A"), "W8")[SAME].iloc[0], theirs, rtol=1e-9)


def test_weights_by_name_are_the_vector_of_coefficients() -> None:
    names = list(MMRM.parts.design.names)
    vector = np.zeros(len(names))
    vector[names.index("arm[A]")] = 0.5
    vector[names.index("arm[B]")] = 0.5
    vector[names.index("arm:visit[A:W12]")] = 0.5
    vector[names.index("arm:visit[B:W12]")] = 0.5
    theirs = MMRM.test(vector)
    ours = MMRM.contrast({"A": 0.5, "B": 0.5, "CG": -1}, "W12")
    assert ours["contrast"][0] == "-CG + 0.5 A + 0.5 B, W12"
    assert ours["estimate"][0] == pytest.approx(theirs.estimate, rel=1e-10)
    assert ours["df"][0] == pytest.approx(theirs.df, rel=1e-8)
    assert ours["p_value"][0] == pytest.approx(theirs.p_value, rel=1e-8)


def test_a_pair_of_visits_is_a_change_and_of_both_its_difference() -> None:
    names = list(MMRM.parts.design.names)
    vector = np.zeros(len(names))
    vector[names.index("arm:visit[A:W12]")] = 1.0
    ours = MMRM.contrast("A", ("W12", "W4"))
    assert ours["estimate"][0] == pytest.approx(MMRM.test(vector).estimate, rel=1e-10)
    assert ours["contrast"][0] == "A - CG, W12 - W4"
    means = MMRM.marginal_means().set_index(["arm", "visit"])["estimate"]
    change = MMRM.contrast({"A": 1}, ("W12", "W4"))["estimate"][0]
    assert change == pytest.approx(means[("A", "W12")] - means[("A", "W4")], rel=1e-10)


@pytest.mark.parametrize("fit", [MMRM, ANCOVA], ids=["mmrm", "ancova"])
def test_means_at_the_average_are_the_means(fit: object) -> None:
    rows = LONG if fit is MMRM else LAST
    at = {"base": float(rows["base"].mean())}
    pd.testing.assert_frame_equal(fit.marginal_means(at=at), fit.marginal_means(), rtol=1e-10)


@pytest.mark.parametrize("base", [-20.0, 35.5, 80])
def test_means_at_a_value_are_those_of_a_model_that_is_centred_there(base: float) -> None:
    """The second route: covariates that are 0 there, and the coefficients of such a model."""
    moved = LAST.assign(base=LAST["base"] - base)
    coefficients = trialkit.ancova(moved, outcome="score", **MODEL).coefficients().set_index("term")
    at_ulm = coefficients.loc["intercept", "estimate"] + coefficients.loc["site[Ulm]", "estimate"]
    means = ANCOVA.marginal_means(at={"base": base, "site": "Ulm"}).set_index("arm")
    assert means.loc["CG", "estimate"] == pytest.approx(at_ulm, rel=1e-9)
    at_bern = ANCOVA.marginal_means(at={"base": base, "site": "Bern"}).set_index("arm")
    assert at_bern.loc["CG", "se"] == pytest.approx(coefficients.loc["intercept", "se"], rel=1e-9)


def test_means_of_repeated_measures_at_a_value_are_those_of_a_centred_model() -> None:
    moved = trialkit.mmrm(
        LONG.assign(base=LONG["base"] - 65), outcome="score", subject="id", visit="visit",
        covariates_by_visit=("base",), **MODEL,
    )  # fmt: skip
    zero = moved.coefficients().set_index("coefficient")
    first = MMRM.contrast({"CG": 1}, "W4", at={"base": 65, "site": "Bern"})
    assert first["estimate"][0] == pytest.approx(zero.loc["(Intercept)", "estimate"], rel=1e-7)
    assert first["se"][0] == pytest.approx(zero.loc["(Intercept)", "se"], rel=1e-6)
    assert first["contrast"][0] == "CG, W4, base = 65, site = Bern"
    table = MMRM.marginal_means(at={"base": 65, "site": "Bern"})
    assert table["estimate"][0] == pytest.approx(first["estimate"][0], rel=1e-10)


def test_where_covariates_do_not_act_on_the_arms_differences_are_the_same_everywhere() -> None:
    assert ANCOVA.contrast("A", at={"base": 90})["estimate"][0] == pytest.approx(
        ANCOVA.contrasts()["estimate"][0]
    )


def test_an_ancova_of_logarithms_gives_ratios() -> None:
    rows = LAST.assign(score=np.exp(LAST["score"] / 30))
    fit = trialkit.ancova(rows, outcome="score", scale="log", **MODEL)
    ours, theirs = fit.contrast("A"), fit.contrasts()
    np.testing.assert_allclose(ours[SAME].iloc[0], theirs[SAME].iloc[0].astype(float), rtol=1e-10)
    assert ours["contrast"][0] == "A / CG"


def test_a_mixed_model_names_its_arms() -> None:
    fit = trialkit.random_intercepts(LONG, outcome="score", cluster="id", **MODEL)
    ours, theirs = fit.contrast(("B", "CG")), fit.contrasts().iloc[1]
    np.testing.assert_allclose(ours[SAME].iloc[0], theirs[SAME].astype(float), rtol=1e-9)
    low, high = (fit.marginal_means(at={"base": base})["estimate"] for base in (40, 50))
    slope = fit.coefficients().set_index("term").loc["base", "estimate"]
    np.testing.assert_allclose(high - low, 10 * slope, rtol=1e-8)


def test_a_mixed_anova_names_arms_and_visits() -> None:
    fit = trialkit.mixed_anova(LONG, outcome="score", subject="id", between="arm", within="visit")
    table = fit.contrasts().set_index(["contrast", "visit"])
    ours = fit.contrast("B", "W8")
    np.testing.assert_allclose(
        ours[SAME].iloc[0], table.loc[("B - CG", "W8"), SAME].astype(float), rtol=1e-10
    )
    change = fit.contrasts("change").set_index(["contrast", "visit"])
    theirs = change.loc[("A - CG", "W12"), SAME].astype(float)
    np.testing.assert_allclose(fit.contrast("A", ("W12", "W4"))[SAME].iloc[0], theirs, rtol=1e-10)
    alone = trialkit.mixed_anova(LONG, outcome="score", subject="id", between=None, within="visit")
    assert alone.contrast(visit=("W12", "W4"))["contrast"][0] == "W12 - W4"
    with pytest.raises(AnalysisError, match="one group only"):
        alone.contrast("A", "W4")


def test_constrained_longitudinal_analyses_name_the_baseline() -> None:
    before = LAST.assign(visit="BL", score=LAST["base"])
    rows = pd.concat([before, LONG.assign(visit=LONG["visit"].astype(str))], ignore_index=True)
    fit = trialkit.constrained_longitudinal(
        rows, outcome="score", subject="id", visit="visit", baseline="BL", arm="arm", reference="CG",
        order={"visit": ["BL", *VISITS]},
    )  # fmt: skip
    table, changes = fit.contrasts(), fit.changes()
    at = table[(table["contrast"] == "B - CG") & (table["visit"] == "W12")]
    np.testing.assert_allclose(fit.contrast("B", "W12")[SAME], at[SAME], rtol=1e-9)
    own = changes[(changes["arm"] == "A") & (changes["visit"] == "W8")]
    np.testing.assert_allclose(fit.contrast({"A": 1}, ("W8", "BL"))[SAME], own[SAME], rtol=1e-9)
    with pytest.raises(AnalysisError, match="a contrast of zeros"):
        fit.contrast("A", "BL")


@pytest.mark.parametrize("by_visit", [True, False])
@pytest.mark.parametrize("kind", ["gee", "glmm"])
def test_models_of_repeated_events_name_arms_and_visits(kind: str, by_visit: bool) -> None:
    call = (
        trialkit.generalised_estimating_equations
        if kind == "gee"
        else trialkit.random_intercept_model
    )
    fit = call(
        LONG, outcome="fell", subject="id", visit="visit", arm="arm", reference="CG", family="binomial",
        by_visit=by_visit, covariates=("base",) if by_visit else ("visit", "base"),
    )  # fmt: skip
    table = fit.contrasts()
    same = [*SAME, "log_estimate"]
    ours = fit.contrast("B", "W8") if by_visit else fit.contrast("B")
    theirs = table[table["contrast"] == "B - CG"]
    theirs = theirs[theirs["visit"] == "W8"] if by_visit else theirs
    np.testing.assert_allclose(ours[same], theirs[same], rtol=1e-9)
    assert ours["measure"][0] == "odds_ratio"
    means = fit.marginal_means(at={"base": 40.0} if by_visit else {"visit": "W8", "base": 40.0})
    odds = (means["estimate"] / (1 - means["estimate"])).to_numpy()
    first, last = (odds[1], odds[7]) if by_visit else (odds[0], odds[2])
    assert last / first == pytest.approx(ours["estimate"][0], rel=1e-9)
    if not by_visit:
        with pytest.raises(AnalysisError, match="the arms differ alike at all visits"):
            fit.contrast("B", "W8")


def test_a_logistic_model_names_arms_and_its_means_are_the_shares() -> None:
    fit = trialkit.logistic_regression(LAST, outcome="fell", arm="arm", reference="CG")
    table = fit.contrasts().set_index("contrast")
    ours = fit.contrast(("B", "CG"))
    np.testing.assert_allclose(
        ours[SAME].iloc[0], table.loc["B - CG", SAME].astype(float), rtol=1e-9
    )
    shares = LAST.groupby("arm", observed=True)["fell"].mean()
    np.testing.assert_allclose(fit.marginal_means()["estimate"], shares, rtol=1e-6)
    with pytest.raises(AnalysisError, match=r"must sum to 0.*marginal_means"):
        fit.contrast({"B": 1})


def test_without_a_finite_estimate_the_contrast_says_so() -> None:
    rows = LAST.assign(fell=(LAST["fell"] & (LAST["arm"] != "A")))
    fit = trialkit.modified_poisson(rows, outcome="fell", arm="arm", reference="CG")
    with pytest.raises(AnalysisError, match=r"no finite estimate of arm\[A\]"):
        fit.contrast("A")
    assert np.isfinite(fit.contrast("B")["estimate"][0])


UNKNOWN = (
        (lambda: MMRM.contrast("C", "W4"), r"arm='C' is not known; there are 'CG', 'A', 'B'"),
        (lambda: MMRM.contrast("CG", "W4"), r"arm='CG' is the reference; .*arm=\{'CG': 1\}"),
        (lambda: MMRM.contrast("A", "W13"), r"visit='W13' is not known; .*did you mean 'W12'"),
        (lambda: MMRM.contrast("A"), r"visit= must say when: one of 'W4', 'W8', 'W12'"),
        (lambda: MMRM.contrast("A", "W4", at={"bas": 1}), r"covariates are 'site', 'base'; did you mean 'base'"),
        (lambda: MMRM.contrast("A", "W4", at={"site": "Graz"}), "site='Graz' is not known; there are 'Bern', 'Ulm'"),
        (lambda: MMRM.contrast("A", "W4", at={"base": "much"}), "must be a number"),
        (lambda: MMRM.contrast("A", "W4", at={"base": np.nan}), "must be a number"),
        (lambda: MMRM.contrast(("A", "B", "CG"), "W4"), "must be a pair of two"),
        (lambda: MMRM.contrast(("A", "A"), "W4"), "must be a pair of two"),
        (lambda: MMRM.contrast({"A": "one"}, "W4"), "must be a number"),
        (lambda: MMRM.contrast({"A": 0}, "W4"), "weighs nothing"),
        (lambda: MMRM.contrast({"A": 1, "CG": -0.5}, "W4"), "sums to 0.5: weights sum to 0 for a difference"),
        (lambda: MMRM.contrast("A", {"W4": 1, "W8": 1}), "visit=.* sums to 2"),
        (lambda: ANCOVA.contrast("X"), "arm='X' is not known"),
        (lambda: ANCOVA.marginal_means(at={"age": 3}), "covariates are 'base', 'site'"),
        (lambda: ANCOVA.contrast("A", at=50), "must say each covariate's value"),
)  # fmt: skip


@pytest.mark.parametrize(("call", "said"), UNKNOWN, ids=[str(at) for at in range(len(UNKNOWN))])
def test_what_is_not_known_is_told_with_what_there_is(call: object, said: str) -> None:
    with pytest.raises(AnalysisError, match=said):
        call()


def test_the_parts_of_a_contrast() -> None:
    assert arm_weights("A", ARMS, reference="CG").weights.tolist() == [-1, 1, 0]
    assert arm_weights(("A", "B"), ARMS, reference="CG", sign="/").words == "A / B"
    assert (
        visit_weights({"W4": -0.5, "W8": -0.5, "W12": 1}, VISITS).words == "-0.5 W4 - 0.5 W8 + W12"
    )
    named = arm_weights("A", ARMS, reference="CG")
    assert contrast_words(named, None, NOWHERE) == "A - CG"
    assert held_covariates({"age": 3}, {"age": None}) == {"age": 3}
    columns = ANCOVA.rows.covariates
    assert held_numbers({"site": "Ulm", "base": 2}, columns) == {"site": 1.0, "base": 2.0}
    with pytest.raises(AnalysisError, match="it has none"):
        held_covariates({"age": 3}, {})


def test_levels_have_odds_ratios_and_no_means() -> None:
    rows = LAST.assign(
        feels=pd.cut(LAST["score"], [-np.inf, 20, 28, np.inf], labels=["low", "mid", "high"])
    )
    fit = trialkit.proportional_odds(rows, outcome="feels", **MODEL)
    table = fit.contrasts().set_index("contrast")
    ours = fit.contrast("B", at={"base": 40})
    np.testing.assert_allclose(
        ours[SAME].iloc[0], table.loc["B - CG", SAME].astype(float), rtol=1e-9
    )
    with pytest.raises(AnalysisError, match="have an order and no mean"):
        fit.marginal_means()
