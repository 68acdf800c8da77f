"""compare_means and compare_paired against R, and what they refuse."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pingouin as pg
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.analysis.linear.ancova import ancova
from trialkit.analysis.means.means import compare_means
from trialkit.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference" / "between"
CASES = sorted(REFERENCE.glob("cont_*.json"))
SMALL = json.loads((REFERENCE / "small_samples.json").read_text(encoding="utf-8"))


def load(name):
    return json.loads((REFERENCE / name).read_text(encoding="utf-8"))


def two_arms(x, y):
    return pd.DataFrame({"y": np.concatenate([x, y]), "arm": ["EG"] * len(x) + ["CG"] * len(y)})


def compare(x, y, method="welch_t", **options):
    found = compare_means(
        two_arms(x, y), outcome="y", arm="arm", reference="CG", method=method, **options
    )
    return found.to_frame().iloc[0]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    ("block", "method", "options"),
    [
        ("welch", "welch_t", {}),
        ("welch_less", "welch_t", {"alternative": "less"}),
        ("welch_greater", "welch_t", {"alternative": "greater"}),
        ("welch_90", "welch_t", {"conf_level": 0.90}),
        ("student", "student_t", {}),
    ],
)
def test_t_tests_equal_r(path, block, method, options):
    case = load(path.name)
    expected = case[block]
    row = compare(case["x"], case["y"], method, **options)
    # a mean of -0.45 printed to 15 digits: the difference is good to 1e-12
    assert row["estimate"] == pytest.approx(np.subtract(*expected["estimate"]), rel=1e-10)
    assert row["statistic"] == pytest.approx(expected["statistic"], rel=1e-10)
    assert row["df"] == pytest.approx(expected["parameter"], rel=1e-12)
    assert row["p_value"] == pytest.approx(expected["p"], rel=1e-9)
    assert row["se"] == pytest.approx(expected["stderr"], rel=1e-12)
    limits = [
        (-np.inf, np.inf)[side] if value is None else value
        for side, value in enumerate(expected["ci"])
    ]
    assert row[["conf_low", "conf_high"]].to_list() == pytest.approx(limits, rel=1e-9)
    assert row["contrast"] == "EG - CG"
    assert row["method"] == method
    assert [row["n_experimental"], row["n_reference"]] == case["n"]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_hedges_g_stands_beside_the_t_test(path):
    case = load(path.name)
    expected = case["hedges_g"][0]
    row = compare(case["x"], case["y"])
    assert row["hedges_g"] == pytest.approx(expected["Hedges_g"], rel=1e-12)
    assert row["hedges_g_conf_low"] == pytest.approx(expected["CI_low"], rel=2e-6)
    assert row["hedges_g_conf_high"] == pytest.approx(expected["CI_high"], rel=2e-6)
    assert row["standardiser"] == "pooled"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_exact_mann_whitney_equals_coin(path):
    case = load(path.name)
    expected = case["mwu_exact_permutation_coin"]
    row = compare(case["x"], case["y"], "mann_whitney")
    assert row["p_value"] == pytest.approx(expected["p"], rel=1e-10)
    assert row["z"] == pytest.approx(expected["z"], rel=1e-10)
    assert row["estimate"] == pytest.approx(expected["hl"], rel=1e-10)
    assert row[["conf_low", "conf_high"]].to_list() == pytest.approx(
        expected["ci"], rel=1e-10, abs=1e-12
    )
    biserial = case["rank_biserial"][0]
    assert row["statistic"] == case["mwu_asymptotic_cc"]["statistic"]
    assert row["rank_biserial"] == pytest.approx(biserial["r_rank_biserial"], rel=1e-12)
    assert row["rank_biserial_conf_low"] == pytest.approx(biserial["CI_low"], rel=1e-10)
    assert row["rank_biserial_conf_high"] == pytest.approx(biserial["CI_high"], rel=1e-10)
    superiority = case["prob_superiority_np"][0]["p_superiority"]
    assert (row["rank_biserial"] + 1) / 2 == pytest.approx(superiority, rel=1e-12)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    ("block", "method"),
    [
        ("mwu_asymptotic_nocc", "mann_whitney_asymptotic"),
        ("mwu_asymptotic_cc", "mann_whitney_asymptotic_corrected"),
    ],
)
def test_asymptotic_mann_whitney_equals_r(path, block, method):
    case = load(path.name)
    row = compare(case["x"], case["y"], method)
    assert row["p_value"] == pytest.approx(case[block]["p"], rel=1e-10)
    assert row["estimate"] == pytest.approx(case["hodges_lehmann"], rel=1e-10)
    # R's uniroot stops within 1e-4 of the difference at which the statistic jumps
    assert row[["conf_low", "conf_high"]].to_list() == pytest.approx(case[block]["ci"], abs=2e-4)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_exact_permutation_test_of_means_equals_coin(path):
    case = load(path.name)
    row = compare(case["x"], case["y"], "permutation")
    assert row["p_value"] == pytest.approx(case["perm_mean_exact"], rel=1e-10)


def test_omnibus_tests_equal_r():
    case = load("kgroup_anorexia_change.json")
    frame = pd.read_csv(REFERENCE / "MASS_anorexia.csv")
    frame = frame.assign(change=frame["Postwt"] - frame["Prewt"])

    def row(method):
        found = compare_means(
            frame,
            outcome="change",
            arm="Treat",
            method=method,
            order={"Treat": ["CBT", "Cont", "FT"]},
        ).to_frame()
        assert len(found) == 1
        assert found["term"].item() == "Treat"
        return found.iloc[0]

    anova = row("one_way_anova")
    assert anova["statistic"] == pytest.approx(case["anova"]["F value"], rel=1e-10)
    assert anova["p_value"] == pytest.approx(case["anova"]["Pr(>F)"], rel=1e-10)
    assert (anova["df_num"], anova["df_den"]) == (2, 69)
    eta, omega = case["eta2"][0], case["omega2"][0]
    assert anova["eta_squared"] == pytest.approx(eta["Eta2"], rel=1e-12)
    assert anova["eta_squared_conf_low"] == pytest.approx(eta["CI_low"], rel=1e-5)
    assert anova["eta_squared_conf_high"] == pytest.approx(eta["CI_high"], rel=1e-5)
    assert anova["omega_squared"] == pytest.approx(omega["Omega2"], rel=1e-12)
    welch = row("welch_anova")
    assert welch["statistic"] == pytest.approx(case["welch_anova"]["statistic"], rel=1e-10)
    assert welch["df_den"] == pytest.approx(case["welch_anova"]["parameter"][1], rel=1e-10)
    assert welch["p_value"] == pytest.approx(case["welch_anova"]["p"], rel=1e-10)
    kruskal = row("kruskal_wallis")
    assert kruskal["statistic"] == pytest.approx(case["kruskal"]["statistic"], rel=1e-10)
    assert kruskal["p_value"] == pytest.approx(case["kruskal"]["p"], rel=1e-10)


def test_pairs_after_a_one_way_analysis_are_contrasts_of_ancova_without_covariates():
    case = load("kgroup_anorexia_change.json")
    frame = pd.read_csv(REFERENCE / "MASS_anorexia.csv")
    frame = frame.assign(change=frame["Postwt"] - frame["Prewt"])
    order = {"Treat": ["CBT", "Cont", "FT"]}
    found = ancova(frame, outcome="change", arm="Treat", reference="CBT", order=order)
    tukey = found.contrasts(comparisons="all_pairs", adjustment="tukey").set_index("contrast")
    for expected in case["tukey"]:
        row = tukey.loc[expected["_row"].replace("-", " - ")]
        assert row["estimate"] == pytest.approx(expected["diff"], rel=1e-9)
        assert row["p_adjusted"] == pytest.approx(expected["p adj"], rel=1e-6)
        limits = row[["conf_low", "conf_high"]].to_list()
        assert limits == pytest.approx([expected["lwr"], expected["upr"]], rel=1e-6)
    holm = found.contrasts(comparisons="all_pairs", adjustment="holm").set_index("contrast")
    (first, _), (second, third) = case["pairwise_t_holm"]
    for name, expected in (("Cont - CBT", first), ("FT - CBT", second), ("FT - Cont", third)):
        assert holm.loc[name, "p_adjusted"] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("case", SMALL.values(), ids=SMALL.keys())
def test_small_tied_and_lopsided_samples_equal_r(case):
    x, y = case["x"], case["y"]
    for method, block in (("welch_t", "welch"), ("student_t", "student")):
        row = compare(x, y, method)
        found = row[["statistic", "df", "p_value", "conf_low", "conf_high"]].to_list()
        assert found == pytest.approx(case[block], rel=1e-10)
    assert compare(x, y, "mann_whitney")["statistic"] == case["w"]
    for method, alternative, block in (
        ("mann_whitney_asymptotic", "two_sided", "p_nocc"),
        ("mann_whitney_asymptotic_corrected", "two_sided", "p_cc"),
        ("mann_whitney_asymptotic_corrected", "less", "p_less"),
        ("mann_whitney_asymptotic_corrected", "greater", "p_greater"),
        ("mann_whitney", "two_sided", "p_permutation"),
        ("mann_whitney", "less", "p_permutation_less"),
        ("mann_whitney", "greater", "p_permutation_greater"),
    ):
        found = compare(x, y, method, alternative=alternative)["p_value"]
        assert found == pytest.approx(case[block], rel=1e-10), block
    frame = two_arms(x, y)
    for method, block in (("kruskal_wallis", "kruskal"), ("welch_anova", "welch_anova")):
        row = compare_means(frame, outcome="y", arm="arm", reference="CG", method=method)
        found = row.to_frame()[["statistic", "p_value"]].iloc[0].to_list()
        assert found == pytest.approx(case[block], rel=1e-10)


@pytest.mark.parametrize("name", ["distinct", "lopsided", "far"])
def test_the_exact_test_and_its_interval_equal_r_without_ties(name):
    case = SMALL[name]
    row = compare(case["x"], case["y"], "mann_whitney")
    assert row["p_value"] == pytest.approx(case["p_exact"], rel=1e-10)
    assert row[["conf_low", "conf_high"]].to_list() == pytest.approx(case["limits"])


def test_a_level_that_is_met_exactly_is_decided_as_r_does_and_alike_on_both_sides():
    # P(U <= 4) = 11 / 220 for 3 and 9 subjects: wilcox.test keeps U = 4
    x, y = [1.05, 2.1, 7.3], [0.2, 0.9, 1.4, 2.6, 3.3, 4.8, 5.9, 6.1, 8.5]
    row = compare(x, y, "mann_whitney", conf_level=0.9)
    differences = np.sort(np.subtract.outer(x, y), axis=None)
    assert row[["conf_low", "conf_high"]].to_list() == [differences[3], differences[23]]


def test_an_exact_limit_that_so_few_subjects_cannot_reach_is_infinite():
    row = compare([1.0, 2.0], [3.0, 4.0], "mann_whitney")
    assert (row["conf_low"], row["conf_high"]) == (-np.inf, np.inf)
    assert row["p_value"] == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("x", "y"), [([3.0, 2], [2.0, 1, 1]), ([1.0, 0, 0], [0.0, 0, 1]), ([1.0] * 3, [0.0] * 2 + [1])]
)
def test_ties_between_arms_make_no_limit_that_so_few_subjects_cannot_reach(x, y):
    # coin prints NA NA: with two and three subjects no tail is below 1 / 10, with three and three 1 / 20
    row = compare(x, y, "mann_whitney")
    assert (row["conf_low"], row["conf_high"]) == (-np.inf, np.inf)


def test_each_arm_is_compared_with_the_reference_from_its_own_data():
    frame = pd.read_csv(REFERENCE / "MASS_anorexia.csv")
    frame = frame.assign(change=frame["Postwt"] - frame["Prewt"])
    frame["Treat"] = pd.Categorical(frame["Treat"], ["Cont", "FT", "CBT"], ordered=True)
    found = compare_means(frame, outcome="change", arm="Treat", reference="Cont").to_frame()
    assert found["contrast"].to_list() == ["FT - Cont", "CBT - Cont"]
    for contrast, name in (("FT - Cont", "FT_Cont"), ("CBT - Cont", "CBT_Cont")):
        expected = load(f"cont_anorexia_change_{name}.json")["welch"]
        row = found.set_index("contrast").loc[contrast]
        assert row["p_value"] == pytest.approx(expected["p"], rel=1e-9)


def test_pingouin_is_the_second_route_to_the_statistics():
    case = load("cont_anorexia_change_CBT_Cont.json")
    theirs = pg.ttest(case["x"], case["y"], correction=True)
    row = compare(case["x"], case["y"])
    assert row["statistic"] == pytest.approx(theirs["T"].item(), rel=1e-10)
    assert row["p_value"] == pytest.approx(theirs["p_val"].item(), rel=1e-10)


values = st.lists(st.integers(-60, 60).map(lambda k: k / 4), min_size=3, max_size=12)
methods = st.sampled_from(["welch_t", "student_t", "mann_whitney", "mann_whitney_asymptotic"])


@given(x=values, y=values, method=methods)
@settings(max_examples=examples(60), deadline=None)
def test_swapping_the_arms_mirrors_the_contrast(x, y, method):
    assume(len(set(x)) > 1 and len(set(y)) > 1)
    there, back = compare(x, y, method), compare(y, x, method)
    assert there["estimate"] == pytest.approx(-back["estimate"], abs=1e-9)
    assert there["conf_low"] == pytest.approx(-back["conf_high"], abs=1e-9)
    assert there["conf_high"] == pytest.approx(-back["conf_low"], abs=1e-9)
    assert there["p_value"] == pytest.approx(back["p_value"], rel=1e-9)


@given(
    x=values, y=values, method=methods, shift=st.integers(-9, 9), factor=st.sampled_from([0.5, 4])
)
@settings(max_examples=examples(40), deadline=None)
def test_adding_shifts_nothing_and_scaling_scales(x, y, method, shift, factor):
    assume(len(set(x)) > 1 and len(set(y)) > 1)
    before = compare(x, y, method)
    after = compare(factor * (np.array(x) + shift), factor * (np.array(y) + shift), method)
    assert after["p_value"] == pytest.approx(before["p_value"], rel=1e-9)
    assert after["estimate"] == pytest.approx(factor * before["estimate"], abs=1e-9)
    assert after["conf_low"] == pytest.approx(factor * before["conf_low"], abs=1e-9)
    if "hedges_g" in before:
        assert after["hedges_g"] == pytest.approx(before["hedges_g"], rel=1e-9, abs=1e-12)


@given(x=values, y=values, seed=st.integers(0, 99))
@settings(max_examples=examples(20), deadline=None)
def test_row_order_extra_columns_and_the_index_do_not_matter(x, y, seed):
    assume(len(set(x)) > 1 and len(set(y)) > 1)
    frame = two_arms(x, y)
    options = {"outcome": "y", "arm": "arm", "reference": "CG"}
    plain = compare_means(frame, **options).to_frame()
    other = frame.sample(frac=1, random_state=seed).assign(noise="z", again=1).set_index("again")
    shuffled = compare_means(other, **options).to_frame()
    pd.testing.assert_frame_equal(plain, shuffled, rtol=1e-9)


@given(x=values, y=values)
@settings(max_examples=examples(20), deadline=None)
def test_two_arms_make_the_f_test_the_squared_t_test(x, y):
    assume(len(set(x)) > 1 or len(set(y)) > 1)
    student = compare(x, y, "student_t") if len(set(x + y)) > 1 else None
    assume(student is not None)
    options = {"outcome": "y", "arm": "arm", "reference": "CG"}
    anova = compare_means(two_arms(x, y), **options, method="one_way_anova").to_frame().iloc[0]
    assert anova["statistic"] == pytest.approx(student["statistic"] ** 2, rel=1e-9, abs=1e-12)
    assert anova["p_value"] == pytest.approx(student["p_value"], rel=1e-8)


def test_rows_without_outcome_or_arm_are_listed():
    frame = pd.DataFrame(
        {
            "id": list("abcdefg"),
            "y": [1.0, 2, np.nan, 4, 5, 7, 8],
            "arm": ["CG", "CG", "CG", "EG", "EG", None, "EG"],
        }
    )
    found = compare_means(frame, outcome="y", arm="arm", reference="CG", subject="id")
    assert found.excluded.to_dict("records") == [
        {"subject": "c", "reason": "y is missing"},
        {"subject": "f", "reason": "arm is missing"},
    ]
    assert found.to_frame()[["n_experimental", "n_reference"]].iloc[0].to_list() == [3, 2]
    assert frame["y"].isna().sum() == 1


def refused(frame, match, **options):
    with pytest.raises(AnalysisError, match=match):
        compare_means(frame, **({"outcome": "y", "arm": "arm", "reference": "CG"} | options))


def test_what_cannot_be_compared_is_refused_with_a_reason():
    frame = two_arms([1.0, 2, 3], [2.0, 4, 9])
    refused(frame, "known are welch_t, student_t", method="welch")
    refused(frame, "did you mean", outcome="yy")
    refused(frame, "name the reference arm", reference=None, order={"arm": ["CG", "EG"]})
    refused(frame, "conf_level must lie between 0 and 1", conf_level=95)
    refused(frame, "nobody stated the order", reference=None, method="one_way_anova")
    refused(frame, "'XX' is not a level|nobody stated", reference="XX")
    refused(frame, "no value of 'y' in arm ZZ", order={"arm": ["CG", "EG", "ZZ"]})
    refused(frame.assign(y=["a"] * 6), "must be numeric")
    refused(frame.assign(y=[1, 2, np.inf, 4, 5, 6]), "infinite")
    refused(frame.assign(y=np.nan), "no value of 'y' in arm CG, EG")
    refused(frame.assign(arm="CG"), "needs two arms")
    refused(frame.iloc[[0, 3, 4]], "2 subjects an arm, got 1 and 2")
    refused(frame.iloc[[0, 3, 4]], "2 subjects", method="student_t")
    refused(frame.iloc[[0, 3, 4]], "at least 2 in each", method="welch_anova")
    refused(frame, "has no direction", method="kruskal_wallis", alternative="less")
    constant = two_arms([2.0, 2, 2], [1.0, 1, 1])
    for method in ("welch_t", "student_t", "one_way_anova", "welch_anova"):
        refused(constant, "does not vary", method=method)
    for method in ("mann_whitney", "mann_whitney_asymptotic", "kruskal_wallis", "permutation"):
        refused(constant.assign(y=3.0), "all values are equal", method=method)
    refused(two_arms([np.pi, 1, 2], [3.0, 4, 5]), "no decimal step", method="permutation")


def test_an_exact_test_that_would_take_for_ever_is_refused_and_not_replaced():
    rng = np.random.default_rng(1)
    big = two_arms(rng.normal(size=20_000), rng.normal(size=20_000))
    refused(big, "plan the asymptotic test", method="mann_whitney")


def test_a_permutation_test_of_large_round_numbers_equals_coin():
    # coin::oneway_test, distribution = "exact"
    x = 1e5 * np.array([994, 1002, 992, 1016, 1003, 992, 1005, 1007, 1006, 997, 1015, 1004])
    y = [984, 968, 1001, 990, 990, 999, 998, 996, 999, 998, 991, 970, 996, 989, 988]
    y = 1e5 * np.array(
        [*y, 975, 985, 994, 1004, 989, 994, 989, 976, 986, 986, 989, 1001, 998, 988, 987]
    )
    assert compare(x, y, "permutation")["p_value"] == pytest.approx(8.69575724094e-05, rel=1e-10)
    refused(two_arms(x * 1e10, y), "no longer told apart", method="permutation")


def test_numbers_of_single_precision_keep_their_decimal_step():
    x, y = np.array([0.1, 0.2, 80.2, 3.3]), np.array([0.4, 0.9, 1.7])
    single = two_arms(x.astype(np.float32), y.astype(np.float32))
    found = compare_means(single, outcome="y", arm="arm", reference="CG", method="permutation")
    expected = compare(x, y, "permutation")["p_value"]
    assert found.to_frame()["p_value"].item() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("x", "y", "options", "why"),
    [
        ([1.0, 4, 2], [2.0, 3], {"standardiser": "reference"}, "more than 1 degree of freedom"),
        ([1.0, 4, 2], [2.0, 2, 2], {"standardiser": "reference"}, "reference standard deviation"),
        ([1.0, 4], [2.0, 2, 2], {"standardiser": "average"}, "more than 1 degree of freedom"),
    ],
)
def test_a_test_stands_where_its_effect_size_does_not_exist(x, y, options, why):
    row, plain = compare(x, y, **options), compare(x, y)
    assert row["p_value"] == plain["p_value"]
    assert np.isnan(row["hedges_g"])
    assert why in row["note"]
    assert (plain["note"], np.isnan(plain["hedges_g"])) == ("", False)


def test_the_result_prints_with_its_method():
    frame = two_arms([1.0, 2, 3], [2.0, 4, 9])
    text = repr(compare_means(frame, outcome="y", arm="arm", reference="CG"))
    assert "y by arm: welch_t" in text
    assert "EG - CG" in text
