"""The analysis of covariance against R, its invariants, and what it refuses."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.conftest import examples
from trialkit.analysis.linear.ancova import Ancova, ancova
from trialkit.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference" / "ancova"
CASES = ["anorexia_change", "anorexia_final", "antidep_v7"]
ARMS = {
    "anorexia_change": ["CBT", "Cont", "FT"],
    "anorexia_final": ["CBT", "Cont", "FT"],
    "antidep_v7": ["PLACEBO", "DRUG"],
}
CLOSED = 1e-8
ITERATIVE = 1e-6


def expected_of(case: str) -> dict:
    return json.loads((REFERENCE / f"{case}.json").read_text())


def data_of(case: str) -> pd.DataFrame:
    if case == "antidep_v7":
        rows = pd.read_csv(REFERENCE / "rbmi_antidepressant_data.csv", dtype={"VISIT": str})
        return rows[rows["VISIT"] == "7"]
    rows = pd.read_csv(REFERENCE / "MASS_anorexia.csv")
    return rows.assign(Change=rows["Postwt"] - rows["Prewt"])


def analyse(case: str, **options: object) -> Ancova:
    expected = expected_of(case)
    outcome, right = expected["formula"].split(" ~ ")
    covariate, arm = right.split(" + ")
    return ancova(
        data_of(case),
        outcome=outcome,
        arm=arm,
        reference=expected["ref"],
        covariates=(covariate,),
        order={arm: ARMS[case]},
        **options,
    )


def near(value: float, rel: float = CLOSED) -> object:
    return pytest.approx(value, rel=rel, abs=1e-300)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kind", [1, 2, 3])
def test_the_table_is_that_of_car(case: str, kind: int) -> None:
    expected = expected_of(case)
    ours = analyse(case, sum_of_squares=kind).to_frame().set_index("term")
    rows = [r for r in expected[f"type{kind}"] if r["term"] not in {"(Intercept)", "Residuals"}]
    assert list(ours.index) == [row["term"] for row in rows]
    for row in rows:
        assert ours.loc[row["term"], "df_num"] == row["Df"]
        assert ours.loc[row["term"], "sum_squares"] == near(row["Sum Sq"])
        assert ours.loc[row["term"], "statistic"] == near(row["F value"])
        assert ours.loc[row["term"], "p_value"] == near(row["Pr(>F)"])


@pytest.mark.parametrize("case", CASES)
def test_the_intercept_of_type_three_is_the_unweighted_mean_of_the_arms(case: str) -> None:
    row = next(r for r in expected_of(case)["type3"] if r["term"] == "(Intercept)")
    arms = len(ARMS[case])
    test = analyse(case).test([[1.0, 0.0] + [1 / arms] * (arms - 1)])
    assert test.df_num == row["Df"]
    assert test.statistic == near(row["F value"])
    assert test.p_value == near(row["Pr(>F)"])


@pytest.mark.parametrize("case", CASES)
def test_counts_sigma_and_r_squared_are_those_of_lm(case: str) -> None:
    expected = expected_of(case)
    result = analyse(case)
    assert result.n == expected["n"]
    assert result.counts == expected["group_n"]
    assert result.df == expected["df_resid"]
    assert result.sigma == near(expected["sigma"])
    assert result.r_squared == near(expected["r2"])
    adjusted = 1 - (1 - result.r_squared) * (result.n - 1) / result.df
    assert adjusted == near(expected["adj_r2"])
    assert result.rows.covariates[0].values.mean() == near(expected["covariate_mean"])


@pytest.mark.parametrize("case", CASES)
def test_partial_eta_squared_and_its_limits_are_those_of_effectsize(case: str) -> None:
    ours = analyse(case).to_frame(conf_level=0.95).set_index("term")
    for row in expected_of(case)["partial_eta2"]:
        found = ours.loc[row["Parameter"]]
        assert found["partial_eta_squared"] == near(row["Eta2_partial"])
        low, high = row["CI_low"], row["CI_high"]
        assert found["partial_eta_squared_conf_low"] == pytest.approx(low, rel=ITERATIVE)
        assert found["partial_eta_squared_conf_high"] == pytest.approx(high, rel=ITERATIVE)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("weights", ["equal", "proportional"])
def test_marginal_means_are_those_of_emmeans(case: str, weights: str) -> None:
    ours = analyse(case).marginal_means(weights=weights).set_index("arm")
    rows = expected_of(case)[f"lsmeans_{weights}"]
    assert len(ours) == len(rows)
    for row in rows:
        arm = row.get("Treat", row.get("THERAPY"))
        assert ours.loc[arm, "estimate"] == near(row["emmean"])
        assert ours.loc[arm, "se"] == near(row["SE"])
        assert ours.loc[arm, "df"] == row["df"]
        assert ours.loc[arm, "conf_low"] == near(row["lower.CL"])
        assert ours.loc[arm, "conf_high"] == near(row["upper.CL"])


def assert_contrast(found: pd.Series, row: dict, *, sign: int = 1, rel: float = CLOSED) -> None:
    limits = ("lower.CL", "upper.CL")
    low, high = limits if sign == 1 else reversed(limits)
    assert found["estimate"] == near(sign * row["estimate"])
    assert found["se"] == near(row["SE"])
    assert found["df"] == row["df"]
    assert found["statistic"] == near(sign * row["t.ratio"])
    assert found["p_adjusted"] == near(row["p.value"], rel)
    if "lower.CL" in row:
        assert found["conf_low"] == near(sign * row[low], rel)
        assert found["conf_high"] == near(sign * row[high], rel)


@pytest.mark.parametrize("case", CASES)
def test_contrasts_with_the_reference_are_those_of_emmeans(case: str) -> None:
    ours = analyse(case).contrasts().set_index("contrast")
    rows = expected_of(case)["vs_ref"]
    assert list(ours.index) == [row["contrast"] for row in rows]
    for row in rows:
        assert_contrast(ours.loc[row["contrast"]], row)
        assert ours.loc[row["contrast"], "p_value"] == near(row["p.value"])


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(
    ("adjustment", "block"),
    [
        ("none", "pairs_none"),
        ("tukey", "pairs_tukey"),
        ("bonferroni", "pairs_bonf"),
        ("holm", "pairs_holm"),
    ],
)
def test_all_pairs_are_those_of_emmeans(case: str, adjustment: str, block: str) -> None:
    ours = analyse(case).contrasts(comparisons="all_pairs", adjustment=adjustment)
    ours = ours.set_index("contrast")
    rows = expected_of(case)[block]
    assert len(ours) == len(rows)
    for row in rows:
        first, second = row["contrast"].split(" - ")
        sign = 1 if row["contrast"] in ours.index else -1
        name = f"{first} - {second}" if sign == 1 else f"{second} - {first}"
        rel = ITERATIVE if adjustment == "tukey" else CLOSED
        assert_contrast(ours.loc[name], row, sign=sign, rel=rel)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("robust", ["HC0", "HC1", "HC2", "HC3"])
def test_robust_contrasts_are_those_of_sandwich(case: str, robust: str) -> None:
    result = analyse(case, robust=robust)
    assert result.robust == robust
    ours = result.contrasts().set_index("contrast")
    for row in expected_of(case)["robust"][robust]:
        assert_contrast(ours.loc[row["contrast"]], row)


@pytest.mark.parametrize("case", CASES)
def test_the_slopes_test_is_that_of_nested_models(case: str) -> None:
    row = expected_of(case)["slopes_test"][1]
    ours = analyse(case).slopes_test().iloc[0]
    assert ours["df_num"] == row["Df"]
    assert ours["df_den"] == row["Res.Df"]
    assert ours["statistic"] == near(row["F"])
    assert ours["p_value"] == near(row["Pr(>F)"])


@pytest.mark.parametrize("case", CASES)
def test_coefficients_are_those_of_lm(case: str) -> None:
    ours = analyse(case).coefficients()
    by_size = {round(abs(row["estimate"]), 10): row for _, row in ours.iterrows()}
    rows = expected_of(case)["coef_treatment_coding"]
    for row in rows:
        found = by_size[round(abs(row["Estimate"]), 10)]
        assert found["estimate"] == near(row["Estimate"])
        assert found["se"] == near(row["Std. Error"])
        assert found["statistic"] == near(row["t value"])
        assert found["p_value"] == near(row["Pr(>|t|)"])
        assert found["conf_low"] == near(row["2.5 %"])
        assert found["conf_high"] == near(row["97.5 %"])


# further references


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("robust", ["HC0", "HC1", "HC2", "HC3", "HC4"])
def test_robust_covariances_are_those_of_the_papers_by_a_second_route(
    case: str, robust: str
) -> None:
    from statsmodels.api import OLS

    result = analyse(case, robust=robust)
    design, fit = result.model.design.matrix, result.model.fit
    if robust == "HC4":
        inverse = np.linalg.inv(design.T @ design)
        leverage = np.diag(design @ inverse @ design.T)
        power = np.minimum(4, len(design) * leverage / design.shape[1])
        weights = fit.residuals**2 / (1 - leverage) ** power
        theirs = inverse @ (design.T @ np.diag(weights) @ design) @ inverse
    else:
        theirs = getattr(OLS(result.rows.outcome, design).fit(), f"cov_{robust}")
    np.testing.assert_allclose(result.model.covariance, theirs, rtol=1e-7, atol=1e-14)


def test_influence_is_that_of_statsmodels() -> None:
    from statsmodels.api import OLS

    result = analyse("anorexia_final")
    influence = OLS(result.rows.outcome, result.model.design.matrix).fit().get_influence()
    ours = result.residuals()
    np.testing.assert_allclose(ours["leverage"], influence.hat_matrix_diag, rtol=1e-9)
    np.testing.assert_allclose(ours["cooks_distance"], influence.cooks_distance[0], rtol=1e-8)
    np.testing.assert_allclose(
        ours["standardised_residual"], influence.resid_studentized_internal, rtol=1e-8
    )


def categorical_case() -> pd.DataFrame:
    """Two categorical covariates and a numeric one, unbalanced, from a fixed seed."""
    rng = np.random.default_rng(20250711)
    n = 61
    frame = pd.DataFrame(
        {
            "arm": rng.choice(["C", "E", "F"], n, p=[0.5, 0.3, 0.2]),
            "sex": pd.Categorical(rng.choice(["m", "f"], n, p=[0.7, 0.3]), ["m", "f"], True),
            "site": pd.Categorical(rng.choice(["x", "y", "z"], n), ["x", "y", "z"], True),
            "base": rng.normal(50, 9, n),
        }
    )
    effect = frame["arm"].map({"C": 0, "E": 2, "F": 3}).astype(float)
    return frame.assign(post=0.6 * frame["base"] + effect + rng.normal(0, 4, n))


ARM_ORDER = {"arm": ["C", "E", "F"]}


def fit_categorical(frame: pd.DataFrame | None = None, **options: object) -> Ancova:
    return ancova(
        categorical_case() if frame is None else frame,
        **{
            "outcome": "post",
            "arm": "arm",
            "reference": "C",
            "covariates": ("base", "sex", "site"),
            "order": ARM_ORDER,
        }
        | options,
    )


@pytest.mark.parametrize("kind", [2, 3])
def test_categorical_covariates_give_the_tables_of_statsmodels(kind: int) -> None:
    import statsmodels.formula.api as smf
    from statsmodels.stats.anova import anova_lm

    frame = categorical_case()
    fit = smf.ols("post ~ base + C(sex, Sum) + C(site, Sum) + C(arm, Sum)", frame).fit()
    theirs = anova_lm(fit, typ=kind).drop(index=["Residual", "Intercept"], errors="ignore")
    ours = fit_categorical(sum_of_squares=kind).to_frame()
    theirs = theirs.loc[["base", "C(sex, Sum)", "C(site, Sum)", "C(arm, Sum)"]]
    np.testing.assert_allclose(ours["sum_squares"], theirs["sum_sq"], rtol=1e-8)
    np.testing.assert_allclose(ours["p_value"], theirs["PR(>F)"], rtol=1e-8)


def test_type_one_takes_the_terms_in_the_order_given_and_the_arm_last() -> None:
    import statsmodels.formula.api as smf

    frame = categorical_case()
    models = ["1", "site", "site + base", "site + base + sex", "site + base + sex + arm"]
    left = [smf.ols(f"post ~ {model}", frame).fit().ssr for model in models]
    ours = fit_categorical(frame, covariates=("site", "base", "sex"), sum_of_squares=1).to_frame()
    np.testing.assert_allclose(ours["sum_squares"], -np.diff(left), rtol=1e-9)


@pytest.mark.parametrize("weights", ["equal", "proportional"])
def test_marginal_means_average_the_predictions_over_the_grid(weights: str) -> None:
    frame = categorical_case()
    result = fit_categorical(frame)
    coefficients = result.coefficients().set_index("term")["estimate"]
    grid = {"sex": ["m", "f"], "site": ["x", "y", "z"]}
    for _, row in result.marginal_means(weights=weights).iterrows():
        mean = coefficients["intercept"] + coefficients["base"] * frame["base"].mean()
        mean += coefficients.get(f"arm[{row['arm']}]", 0.0)
        for name, levels in grid.items():
            share = frame[name].value_counts(normalize=True)
            for level in levels:
                weight = 1 / len(levels) if weights == "equal" else share[level]
                mean += weight * coefficients.get(f"{name}[{level}]", 0.0)
        assert row["estimate"] == pytest.approx(mean, rel=1e-10)


def test_proportional_weights_reproduce_the_mean_of_the_outcome() -> None:
    frame = categorical_case()
    means = fit_categorical(frame).marginal_means(weights="proportional")
    overall = (means["estimate"] * means["n"]).sum() / means["n"].sum()
    assert overall == pytest.approx(frame["post"].mean(), rel=1e-10)


def test_without_covariates_it_is_the_one_way_analysis_and_the_exact_dunnett() -> None:
    frame = categorical_case()
    result = fit_categorical(frame, covariates=())
    samples = [frame.loc[frame["arm"] == arm, "post"] for arm in "CEF"]
    f = stats.f_oneway(*samples)
    assert result.to_frame()["statistic"][0] == pytest.approx(f.statistic, rel=1e-10)
    ours = result.contrasts(adjustment="dunnett")
    theirs = stats.dunnett(*samples[1:], control=samples[0], rng=np.random.default_rng(1))
    np.testing.assert_allclose(ours["statistic"], theirs.statistic, rtol=1e-9)
    np.testing.assert_allclose(ours["p_adjusted"], theirs.pvalue, atol=2e-5)
    interval = theirs.confidence_interval(0.95)
    np.testing.assert_allclose(ours["conf_low"], interval.low, atol=1e-2)
    tukey = result.contrasts(comparisons="all_pairs", adjustment="tukey")
    scipy_tukey = stats.tukey_hsd(*samples)
    np.testing.assert_allclose(
        tukey["p_adjusted"], [scipy_tukey.pvalue[i] for i in ((1, 0), (2, 0), (2, 1))], rtol=1e-8
    )


@pytest.mark.parametrize("case", ["anorexia_change", "antidep_v7"])
def test_dunnett_lies_between_unadjusted_and_bonferroni(case: str) -> None:
    result = analyse(case)
    exact = result.contrasts(adjustment="dunnett")
    count = len(exact)
    assert (exact["p_adjusted"] >= exact["p_value"] * (1 - 1e-12)).all()
    assert (exact["p_adjusted"] <= np.minimum(1, count * exact["p_value"]) * (1 + 1e-12)).all()
    approximate = expected_of(case)["vs_ref_dunnett"]  # close to, but not, the exact value
    np.testing.assert_allclose(
        exact["p_adjusted"], [row["p.value"] for row in approximate], atol=0.003
    )


def test_the_log_scale_gives_ratios_of_geometric_means() -> None:
    frame = categorical_case()
    logged = fit_categorical(frame.assign(post=np.log(frame["post"])))
    result = fit_categorical(frame, scale="log")
    ratios, differences = result.contrasts(), logged.contrasts()
    assert list(ratios["contrast"]) == ["E / C", "F / C"]
    np.testing.assert_allclose(ratios["estimate"], np.exp(differences["estimate"]))
    np.testing.assert_allclose(ratios["conf_low"], np.exp(differences["conf_low"]))
    np.testing.assert_allclose(ratios["se"], ratios["estimate"] * differences["se"])
    np.testing.assert_array_equal(ratios["p_value"], differences["p_value"])
    np.testing.assert_allclose(
        result.marginal_means()["estimate"], np.exp(logged.marginal_means()["estimate"])
    )
    assert "logarithm" in result.title


def test_slopes_are_tested_for_each_covariate_and_for_all() -> None:
    import statsmodels.formula.api as smf

    frame = categorical_case()
    table = fit_categorical(frame).slopes_test().set_index("term")
    assert list(table.index) == ["base:arm", "sex:arm", "site:arm", "all"]
    small = smf.ols("post ~ base + sex + site + arm", frame).fit()
    one = smf.ols("post ~ base + sex + site + arm + site:arm", frame).fit()
    every = smf.ols("post ~ (base + sex + site) * arm", frame).fit()
    for term, large in (("site:arm", one), ("all", every)):
        f, p, df = large.compare_f_test(small)
        assert table.loc[term, "statistic"] == pytest.approx(f, rel=1e-8)
        assert table.loc[term, "p_value"] == pytest.approx(p, rel=1e-8)
        assert table.loc[term, "df_num"] == df


def empty_cell(**options: object) -> Ancova:
    return ancova(
        pd.read_csv(REFERENCE / "empty_cell.csv"),
        **{
            "outcome": "y",
            "arm": "arm",
            "reference": "C",
            "covariates": ("b", "s"),
            "order": {"arm": ["C", "E", "X"], "s": ["f", "m"]},
        }
        | options,
    )


def test_slopes_with_an_empty_cell_are_tested_as_far_as_r_can() -> None:
    ours = empty_cell().slopes_test().set_index("term")
    expected = expected_of("empty_cell")["slopes_test"]
    assert list(ours.index) == list(expected)
    for term, row in expected.items():
        assert ours.loc[term, "df_num"] == row["Df"]
        assert ours.loc[term, "df_den"] == row["Res.Df"]
        assert ours.loc[term, "statistic"] == near(row["F"])
        assert ours.loc[term, "p_value"] == near(row["p"])
    assert ours.loc["s:arm", "note"] == "1 of 2 degrees of freedom can be estimated"


def test_robust_slopes_do_not_depend_on_which_level_is_the_base() -> None:
    one = empty_cell(robust="HC1").slopes_test()
    swapped = {"arm": ["X", "E", "C"], "s": ["m", "f"]}
    other = empty_cell(robust="HC1", reference="X", order=swapped).slopes_test()
    np.testing.assert_allclose(
        one["statistic"].astype(float), other["statistic"].astype(float), rtol=1e-8
    )


def test_slopes_without_residual_degrees_of_freedom_are_blank_with_the_reason() -> None:
    few = pd.DataFrame(
        {"arm": list("CCCEEE"), "b": [1.0, 2, 4, 1, 3, 2], "c": [2.0, 1, 1, 5, 3, 3]}
    ).assign(y=[1.0, 3, 2, 5, 4, 7])
    result = ancova(few, outcome="y", arm="arm", reference="C", covariates=("b", "c"))
    table = result.slopes_test().set_index("term")
    assert table.loc["all", ["df_num", "df_den", "statistic", "p_value"]].isna().all()
    assert table.loc["all", "note"] == "the model with the interaction leaves no degree of freedom"
    assert (table.loc[["b:arm", "c:arm"], "df_den"] == 1).all()


def test_dunnett_is_that_of_emmeans_mvt_and_multcomp() -> None:
    expected = expected_of("programs")["dunnett"]
    ours = analyse("anorexia_change").contrasts(adjustment="dunnett").set_index("contrast")
    for name, mvt, multcomp in zip(
        expected["contrast"], expected["emmeans_mvt"], expected["multcomp"], strict=True
    ):
        assert ours.loc[name, "p_adjusted"] == pytest.approx(mvt, rel=1e-7)
        assert ours.loc[name, "p_adjusted"] == pytest.approx(multcomp, rel=1e-7)


def test_type_one_is_what_rs_aov_gives_with_the_covariate_last() -> None:
    first = expected_of("programs")["aov_treat_first"]
    one, three = analyse("anorexia_change", sum_of_squares=1), analyse("anorexia_change")
    assert three.to_frame().set_index("term").loc["Prewt", "statistic"] == near(first["Prewt"])
    assert one.to_frame().set_index("term").loc["Treat", "statistic"] != near(first["Treat"], 0.1)


def test_patsy_moves_categories_before_numbers_and_orders_arms_by_the_alphabet() -> None:
    import statsmodels.formula.api as smf

    names = list(smf.ols("post ~ base + arm", categorical_case()).fit().params.index)
    assert names == ["Intercept", "arm[T.E]", "arm[T.F]", "base"]


# invariants


@st.composite
def trials(draw: st.DrawFn) -> pd.DataFrame:
    sizes = draw(st.lists(st.integers(3, 9), min_size=2, max_size=3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    arms = np.repeat([f"G{i}" for i in range(len(sizes))], sizes)
    base = rng.normal(20, 4, len(arms))
    return pd.DataFrame({"arm": arms, "base": base, "post": base + rng.normal(0, 3, len(arms))})


def run(frame: pd.DataFrame, **options: object) -> Ancova:
    arms = sorted(frame["arm"].dropna().unique())
    defaults = {"covariates": ("base",), "reference": "G0", "order": {"arm": arms}}
    return ancova(frame, outcome="post", arm="arm", **defaults | options)


quick = settings(max_examples=examples(25), deadline=None)


@quick
@given(trials(), st.integers(0, 100))
def test_row_order_and_extra_columns_do_not_matter(frame: pd.DataFrame, seed: int) -> None:
    shuffled = frame.sample(frac=1, random_state=seed).assign(extra=np.nan)
    one, other = run(frame).contrasts(), run(shuffled).contrasts()
    columns = ["estimate", "se", "p_value", "conf_low"]
    np.testing.assert_allclose(one[columns], other[columns], rtol=1e-8, atol=1e-10)


@quick
@given(trials(), st.floats(-1e4, 1e4), st.floats(0.01, 100))
def test_a_constant_shifts_and_a_unit_scales(
    frame: pd.DataFrame, shift: float, scale: float
) -> None:
    moved = frame.assign(post=scale * frame["post"] + shift)
    one, other = run(frame).contrasts(), run(moved).contrasts()
    np.testing.assert_allclose(other["estimate"], scale * one["estimate"], rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(other["p_value"], one["p_value"], rtol=1e-5)


@quick
@given(trials())
def test_swapping_the_reference_mirrors_the_contrast(frame: pd.DataFrame) -> None:
    there = run(frame).contrasts().set_index("contrast").loc["G1 - G0"]
    back = run(frame, reference="G1").contrasts().set_index("contrast").loc["G0 - G1"]
    assert there["estimate"] == pytest.approx(-back["estimate"], rel=1e-7, abs=1e-9)
    assert there["conf_low"] == pytest.approx(-back["conf_high"], rel=1e-7, abs=1e-9)


@quick
@given(trials())
def test_change_and_final_value_give_the_same_difference(frame: pd.DataFrame) -> None:
    final = run(frame).contrasts()
    change = run(frame.assign(post=frame["post"] - frame["base"])).contrasts()
    np.testing.assert_allclose(change["estimate"], final["estimate"], rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(change["se"], final["se"], rtol=1e-7)


@quick
@given(trials())
def test_a_difference_of_marginal_means_is_the_contrast(frame: pd.DataFrame) -> None:
    result = run(frame)
    means = result.marginal_means().set_index("arm")["estimate"]
    found = result.contrasts().set_index("contrast").loc["G1 - G0", "estimate"]
    assert means["G1"] - means["G0"] == pytest.approx(found, rel=1e-8, abs=1e-9)


# who is left out, and what is refused


def test_incomplete_rows_are_left_out_and_listed() -> None:
    frame = categorical_case().assign(id=lambda rows: [f"P{i}" for i in range(len(rows))])
    frame.loc[4, "post"] = np.nan
    frame.loc[7, ["base", "arm"]] = np.nan
    result = fit_categorical(frame, subject="id")
    assert result.excluded.to_dict("records") == [
        {"subject": "P4", "reason": "post is missing"},
        {"subject": "P7", "reason": "arm is missing"},
    ]
    by_label = fit_categorical(frame).excluded
    assert list(by_label["row"]) == [4, 7]
    by_label.loc[:, "reason"] = "none"
    assert fit_categorical(frame).excluded["reason"].iloc[0] == "post is missing"
    assert result.n + len(result.excluded) == len(frame)
    assert list(result.residuals()["subject"].head(5)) == ["P0", "P1", "P2", "P3", "P5"]


def test_who_was_left_out_cannot_be_changed_in_the_result() -> None:
    frame = categorical_case()
    result = fit_categorical(frame.assign(post=frame["post"].mask(frame.index == 4)))
    handed_out = result.excluded
    handed_out["reason"] = "none"
    assert list(result.excluded["reason"]) == ["post is missing"]


def test_a_row_without_its_subject_is_left_out_and_listed() -> None:
    frame = categorical_case().assign(id=lambda rows: [f"P{i}" for i in range(len(rows))])
    result = fit_categorical(frame.assign(id=frame["id"].mask(frame.index == 3)), subject="id")
    assert list(result.excluded["reason"]) == ["id is missing"]
    assert result.excluded["subject"].isna().all()
    assert result.n == len(frame) - 1


def refused(match: str, frame: pd.DataFrame | None = None, **options: object) -> None:
    with pytest.raises(AnalysisError, match=match):
        fit_categorical(frame, **options)


def test_bad_data_are_refused_in_words() -> None:
    frame = categorical_case()
    refused("nobody stated the order", order=None)
    refused("is not a level of 'arm'|not among", reference="Z")
    refused("is not a column.*did you mean 'base'", covariates=("bas",))
    refused("must be a sequence of column names", covariates="base")
    refused("must be a sequence of column names", covariates=None)
    refused("must name the arm", reference=None)
    refused("reference='c' is not a level", reference="c", order=None)
    refused("more than once", covariates=("base", "base"))
    refused("more than once", covariates=("post",))
    refused(
        "'half' is a linear combination",
        frame.assign(half=frame["base"] / 2 + 1),
        covariates=("base", "half"),
    )
    refused("'one' is the same in all rows", frame.assign(one=3.0), covariates=("one",))
    twin = pd.Categorical(frame["arm"], ["C", "E", "F"], ordered=True)
    refused(r"'arm\[E\]' is a linear combination", frame.assign(twin=twin), covariates=("twin",))
    refused("nobody stated the order", frame.assign(site=frame["site"].astype(str)))
    refused("no value of 'post' in arm F", frame[frame["arm"] != "F"])
    refused("no value of 'post' in arm C, E, F", frame.assign(post=np.nan))
    refused("infinite", frame.assign(base=np.where(frame.index == 1, np.inf, frame["base"])))
    refused("must be numeric", frame.assign(post="7"))
    refused("reproduces the outcome exactly", frame.assign(post=5.0))
    refused("reproduces the outcome exactly", frame.assign(post=2 * frame["base"] + 1))
    refused(
        "4 coefficients needs at least 5 rows, got 3",
        frame.groupby("arm").head(1),
        covariates=("base",),
    )
    refused("0 or less", frame.assign(post=-frame["post"]), scale="log")
    refused("known are HC0, HC1, HC2, HC3, HC4", robust="HC9")
    refused("known are identity, log", scale="ln")
    refused("known are 1, 2, 3", sum_of_squares=4)
    refused("has more than one row", frame.assign(id="P1"), subject="id")
    refused("has one level only", frame[frame["sex"] == "m"])


@pytest.mark.parametrize("name", [0, None, ("base", "sex"), 1.5])
def test_a_covariate_is_named_by_text(name: object) -> None:
    refused("must be names of columns as text", categorical_case(), covariates=(name,))


def test_an_odd_text_is_a_name_as_any_other() -> None:
    frame = categorical_case()
    for name in ("", "a:b", "intercept", "x[y]"):
        renamed = frame.rename(columns={"base": name})
        ours = fit_categorical(renamed, covariates=(name,))
        assert ours.to_frame()["term"][0] == name
        assert ours.slopes_test()["term"][0] == f"{name}:arm"
        np.testing.assert_array_equal(
            ours.contrasts()["estimate"],
            fit_categorical(covariates=("base",)).contrasts()["estimate"],
        )


def test_the_cause_is_named_and_not_another() -> None:
    frame = categorical_case()
    refused("covariate 'base' has no value in any row", frame.assign(base=np.nan))
    refused("covariate 'sex' has no value in any row", frame.assign(sex=None))
    only_f = frame.assign(base=frame["base"].mask(frame["arm"] == "F"))
    n = int((frame["arm"] == "F").sum())
    refused(f"none of the rows of arm F with an outcome .* base is missing in {n}", only_f)
    refused(
        "'base' has values of size .* give it in a unit", frame.assign(base=frame["base"] * 1e200)
    )
    refused(
        "'post' has values of size .* give it in a unit", frame.assign(post=frame["post"] * 1e200)
    )
    refused(
        "'post' has values of size .* give it in a unit", frame.assign(post=frame["post"] * 1e-200)
    )
    refused(
        "'base' varies only between .* subtract a constant", frame.assign(base=frame["base"] + 1e14)
    )
    refused("rounding of values up to", frame.assign(post=frame["post"] + 1e17))
    refused("'arm' holds no value, so reference='C'", frame.iloc[:0], order=None, covariates=())
    refused("order='arrm' is not a column .* did you mean 'arm'", order=ARM_ORDER | {"arrm": ["C"]})
    refused("must be a sequence of levels", order={"arm": "CEF"})
    refused(r"arm=\['arm'\] must be the name of one column", arm=["arm"], order=None)


def test_numbers_are_named_as_they_are_written() -> None:
    frame = categorical_case()
    numbered = frame.assign(arm=frame["arm"].map({"C": 0, "E": 1, "F": 2}), id=7)
    refused("'arm': 0, 1, 2$", numbered, reference=9, order=None)
    refused("subject 7 has more than one row", numbered, reference=0, order=None, subject="id")
    refused("holds 2, not among its levels 0, 1$", numbered, reference=0, order={"arm": [0, 1]})


@pytest.mark.parametrize("scale", [1e-60, 1e60])
def test_extreme_units_change_nothing_but_the_unit(scale: float) -> None:
    frame = categorical_case()
    scaled = fit_categorical(frame.assign(post=frame["post"] * scale, base=frame["base"] * scale))
    plain = fit_categorical(frame)
    for kind in ("statistic", "p_value"):
        np.testing.assert_allclose(scaled.to_frame()[kind], plain.to_frame()[kind], rtol=1e-9)
        np.testing.assert_allclose(
            scaled.slopes_test()[kind].astype(float),
            plain.slopes_test()[kind].astype(float),
            rtol=1e-8,
        )
    np.testing.assert_allclose(
        scaled.contrasts()["estimate"] / scale, plain.contrasts()["estimate"], rtol=1e-9
    )


def test_requests_to_a_result_are_refused_in_words() -> None:
    result = fit_categorical()
    with pytest.raises(AnalysisError, match="known are equal, proportional"):
        result.marginal_means(weights="cells")
    with pytest.raises(AnalysisError, match="between 0 and 1"):
        result.contrasts(conf_level=95)
    with pytest.raises(AnalysisError, match="between 0 and 1"):
        result.to_frame(conf_level=95)
    with pytest.raises(AnalysisError, match="has 2 column"):
        result.test([[1, 2]])
    with pytest.raises(AnalysisError, match="depend on each other"):
        result.test([[0, 1, 0, 0, 0, 0, 0], [0, 2, 0, 0, 0, 0, 0]])
    with pytest.raises(AnalysisError, match="needs a covariate"):
        fit_categorical(covariates=()).slopes_test()


def test_one_subject_in_an_arm_has_an_answer_but_no_robust_one() -> None:
    frame = categorical_case()
    lone = pd.concat([frame[frame["arm"] != "F"], frame[frame["arm"] == "F"].head(1)])
    result = fit_categorical(lone)
    assert result.counts["F"] == 1
    assert np.isfinite(result.contrasts()["conf_high"]).all()
    alone = result.residuals().set_index("arm").loc["F"]
    assert alone["residual"] == 0
    assert np.isinf(alone["cooks_distance"])
    refused("leverage 1", lone, robust="HC3")


def test_a_boolean_covariate_is_a_category_and_numbers_may_be_one() -> None:
    frame = categorical_case().assign(smoker=lambda rows: rows["base"] > 50, grade=0)
    frame["grade"] = np.arange(len(frame)) % 3
    smoker = fit_categorical(frame, covariates=("smoker",))
    assert "smoker[True]" in set(smoker.coefficients()["term"])
    numeric = fit_categorical(frame, covariates=("grade",)).to_frame()
    factor = fit_categorical(
        frame, covariates=("grade",), order=ARM_ORDER | {"grade": [0, 1, 2]}
    ).to_frame()
    assert list(numeric["df_num"]) == [1, 2]
    assert list(factor["df_num"]) == [2, 2]


@pytest.mark.parametrize("robust", [None, "HC3"])
@pytest.mark.parametrize("offset", [1e3, 1e6, 1e9])
def test_a_covariate_far_from_zero_costs_no_more_digits_than_its_own(
    offset: float, robust: str | None
) -> None:
    frame = categorical_case()
    near_zero = fit_categorical(frame, covariates=("base",), robust=robust)
    far = fit_categorical(
        frame.assign(base=frame["base"] + offset), covariates=("base",), robust=robust
    )
    rel = 1e-15 * offset + 1e-10
    assert far.df == near_zero.df
    for found, expected in (
        (far.contrasts(), near_zero.contrasts()),
        (far.marginal_means(), near_zero.marginal_means()),
    ):
        np.testing.assert_allclose(
            found[["estimate", "se"]], expected[["estimate", "se"]], rtol=rel
        )
    assert far.to_frame()["statistic"][0] == pytest.approx(
        near_zero.to_frame()["statistic"][0], rel=100 * rel
    )


def test_an_enormous_effect_has_limits_near_one() -> None:
    frame = categorical_case()
    huge = frame.assign(post=frame["post"] + 1e9 * (frame["arm"] == "E"))
    row = fit_categorical(huge).to_frame().set_index("term").loc["arm"]
    low, high = row["partial_eta_squared_conf_low"], row["partial_eta_squared_conf_high"]
    assert 1 - 1e-12 < low <= row["partial_eta_squared"] <= high <= 1


def test_the_title_names_what_was_done() -> None:
    title = fit_categorical(robust="HC3", scale="log", sum_of_squares=2).title
    assert title == (
        "ANCOVA of post by arm adjusted for base, sex, site "
        "(type 2, n = 61, logarithm of the outcome, HC3 standard errors)"
    )
