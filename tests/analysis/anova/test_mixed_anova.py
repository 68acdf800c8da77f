"""The mixed analysis of variance against R, its invariants, and what it refuses."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.conftest import examples
from trialkit.analysis.anova.mixed_anova import MixedAnova, mixed_anova
from trialkit.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference" / "anova"
CASES = ["sim_2x2_n13", "sim_2x3_unbal", "sim_3x4_unbal", "obk_treatment_phase"]
LEVELS = {
    "sim_2x2_n13": (["A", "B"], ["t1", "t2"]),
    "sim_2x3_unbal": (["A", "B"], ["t1", "t2", "t3"]),
    "sim_3x4_unbal": (["A", "B", "C"], ["t1", "t2", "t3", "t4"]),
    "obk_treatment_phase": (["control", "A", "B"], ["fup", "post", "pre"]),
}
CLOSED = 1e-8
ITERATIVE = 1e-6


def expected_of(case: str) -> dict:
    return json.loads((REFERENCE / f"{case}.json").read_text())


def data_of(case: str) -> pd.DataFrame:
    name = "obk_phase_mean" if case == "obk_treatment_phase" else case
    return pd.read_csv(REFERENCE / f"{name}.csv")


def analyse(case: str, **options: object) -> MixedAnova:
    expected = expected_of(case)
    between, within = LEVELS[case]
    return mixed_anova(
        data_of(case),
        outcome=expected["dv"],
        subject=expected["id"],
        between=expected["between"],
        within=expected["within"],
        order={expected["between"]: between, expected["within"]: within},
        **options,
    )


def near(value: float, rel: float = CLOSED) -> object:
    return pytest.approx(value, rel=rel, abs=1e-300)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kind", [2, 3])
def test_the_table_is_that_of_car_and_afex(case: str, kind: int) -> None:
    expected = expected_of(case)[f"type{kind}"]
    table = analyse(case, sum_of_squares=kind).to_frame().set_index("term")
    for row in expected["tables"]["none"]:
        ours = table.loc[row["effect"]]
        assert ours["df_num"] == row["num Df"]
        assert ours["df_den"] == row["den Df"]
        assert ours["statistic"] == near(row["F"])
        assert ours["p_value"] == near(row["Pr(>F)"])
        assert ours["partial_eta_squared"] == near(row["pes"])
        assert ours["generalised_eta_squared"] == near(row["ges"])
        assert ours["error_sum_squares"] / ours["df_den"] == near(row["MSE"])
    for correction in ("GG", "HF"):
        for row in expected["tables"][correction]:
            ours = table.loc[row["effect"]]
            epsilon = min(1.0, ours[f"epsilon_{correction.lower()}"])
            assert ours["df_num"] * epsilon == near(row["num Df"])
            assert ours["df_den"] * epsilon == near(row["den Df"])
            assert ours[f"p_value_{correction.lower()}"] == near(row["Pr(>F)"])
    for row in expected["univariate"][1:]:
        assert table.loc[row["effect"], "sum_squares"] == near(row["Sum Sq"])
        assert table.loc[row["effect"], "error_sum_squares"] == near(row["Error SS"])


@pytest.mark.parametrize("case", CASES)
def test_epsilons_and_mauchly_are_those_of_car(case: str) -> None:
    expected = expected_of(case)["type3"]
    result = analyse(case)
    table = result.to_frame().set_index("term")
    for row in expected.get("epsilon", []):
        ours = table.loc[row["effect"]]
        assert ours["epsilon_gg"] == near(row["GG_eps"])
        assert ours["epsilon_hf"] == near(row["HF_eps"])
        assert ours["p_value_gg"] == near(row["GG_p"])
        assert ours["p_value_hf"] == near(row["HF_p"])
    for row in expected.get("mauchly", []):
        assert result.sphericity.mauchly_w == near(row["W"])
        assert result.sphericity.mauchly_p_value == near(row["p"])


@pytest.mark.parametrize("case", CASES)
def test_marginal_means_are_those_of_emmeans_with_the_multivariate_model(case: str) -> None:
    expected = expected_of(case)
    ours = analyse(case).marginal_means().set_index(["arm", "visit"])
    assert len(ours) == len(expected["emmeans_multivariate"])
    for row in expected["emmeans_multivariate"]:
        mean = ours.loc[(row[expected["between"]], row[expected["within"]])]
        assert mean["estimate"] == near(row["emmean"])
        assert mean["se"] == near(row["SE"])
        assert mean["df"] == row["df"]
        assert mean["conf_low"] == near(row["lower.CL"])
        assert mean["conf_high"] == near(row["upper.CL"])


def assert_mirrors(ours: pd.Series, row: dict, *, rel: float) -> None:
    """R's contrast is ``first - second``, ours ``second - first``."""
    assert ours["estimate"] == pytest.approx(-row["estimate"], rel=CLOSED, abs=1e-12)
    assert ours["se"] == near(row["SE"])
    assert ours["df"] == row["df"]
    assert ours["statistic"] == pytest.approx(-row["t.ratio"], rel=CLOSED, abs=1e-12)
    # R's ptukey is one minus a probability: its smallest p values carry an error of about 1e-10
    floor = 1e-10 if rel == ITERATIVE else 1e-300
    assert ours["p_adjusted"] == pytest.approx(row["p.value"], rel=rel, abs=floor)
    assert ours["conf_low"] == near(-row["upper.CL"], rel)
    assert ours["conf_high"] == near(-row["lower.CL"], rel)


def mirrored(contrast: str) -> str:
    first, second = contrast.split(" - ")
    return f"{second} - {first}"


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("adjustment", ["none", "bonferroni", "holm", "tukey"])
@pytest.mark.parametrize(
    ("kind", "block", "place", "column"),
    [
        ("at_visit", "pairs_between_at_within", "within", "visit"),
        ("within", "pairs_within_at_between", "between", "arm"),
    ],
)
def test_pairwise_contrasts_are_those_of_emmeans(
    *, case: str, adjustment: str, kind: str, block: str, place: str, column: str
) -> None:
    expected = expected_of(case)
    ours = (
        analyse(case)
        .contrasts(kind, comparisons="all_pairs", adjustment=adjustment)
        .set_index(["contrast", column])
    )
    rows = expected[f"{block}_{adjustment}"]
    assert len(ours) == len(rows)
    for row in rows:
        found = ours.loc[(mirrored(row["contrast"]), row[expected[place]])]
        assert_mirrors(found, row, rel=ITERATIVE if adjustment == "tukey" else CLOSED)


@pytest.mark.parametrize("case", CASES)
def test_differences_of_change_are_those_of_emmeans(case: str) -> None:
    expected = expected_of(case)
    ours = analyse(case).contrasts("change", comparisons="all_pairs")
    ours = ours.set_index(["contrast", "visit"])
    rows = expected["change_from_first_between"]
    assert len(ours) == len(rows)
    for row in rows:
        pair = next(v for k, v in row.items() if k.endswith("_pairwise"))
        change = next(v for k, v in row.items() if k.endswith("trt.vs.ctrl1"))
        found = ours.loc[(mirrored(pair), change.split(" - ")[0])]
        assert_mirrors(found, row, rel=CLOSED)


# invariants


@st.composite
def trials(draw: st.DrawFn, *, visits: int | None = None) -> pd.DataFrame:
    """Long data of two or three unequal groups, without ties or tricks."""
    sizes = draw(st.lists(st.integers(2, 6), min_size=2, max_size=3))
    times = visits or draw(st.integers(2, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    values = rng.normal(size=(sum(sizes), times)) + rng.normal(size=(sum(sizes), 1))
    groups = np.repeat(np.arange(len(sizes)), sizes)
    return pd.DataFrame(
        {
            "id": np.repeat([f"S{i:02d}" for i in range(len(values))], times),
            "group": np.repeat([f"G{g}" for g in groups], times),
            "time": np.tile(np.arange(times), len(values)),
            "y": values.ravel(),
        }
    )


def run(frame: pd.DataFrame, **options: object) -> MixedAnova:
    groups = sorted(frame["group"].dropna().unique())
    times = sorted(frame["time"].dropna().unique())
    options = {"between": "group", "order": {"group": groups, "time": times}} | options
    return mixed_anova(frame, outcome="y", subject="id", within="time", **options)


def assert_same_tables(one: MixedAnova, other: MixedAnova, rel: float = 1e-7) -> None:
    a, b = (r.to_frame().drop(columns=["sum_squares", "error_sum_squares"]) for r in (one, other))
    assert list(a["term"]) == list(b["term"])
    left, right = a.drop(columns="term").to_numpy(float), b.drop(columns="term").to_numpy(float)
    np.testing.assert_allclose(left, right, rtol=rel, atol=1e-12)


quick = settings(max_examples=examples(25), deadline=None)


@quick
@given(trials(), st.integers(0, 100))
def test_row_order_and_extra_columns_do_not_matter(frame: pd.DataFrame, seed: int) -> None:
    shuffled = frame.sample(frac=1, random_state=seed).assign(site="x", note=np.nan)
    assert_same_tables(run(frame), run(shuffled))


@quick
@given(trials(), st.floats(-1e4, 1e4), st.floats(0.01, 100))
def test_a_constant_and_a_unit_do_not_change_the_table(
    frame: pd.DataFrame, shift: float, scale: float
) -> None:
    moved = frame.assign(y=scale * frame["y"] + shift)
    assert_same_tables(run(frame), run(moved), rel=1e-5)
    before, after = run(frame).marginal_means(), run(moved).marginal_means()
    np.testing.assert_allclose(after["estimate"], scale * before["estimate"] + shift, rtol=1e-9)
    np.testing.assert_allclose(after["se"], scale * before["se"], rtol=1e-6)


@quick
@given(trials(visits=2))
def test_with_two_visits_the_interaction_is_the_test_of_the_changes(frame: pd.DataFrame) -> None:
    wide = frame.pivot_table(index=["id", "group"], columns="time", values="y").reset_index()
    changes = [part[1] - part[0] for _, part in wide.groupby("group")]
    table = run(frame).to_frame().set_index("term")
    expected = stats.f_oneway(*changes)
    assert table.loc["group:time", "statistic"] == pytest.approx(expected.statistic, rel=1e-8)
    assert table.loc["group:time", "p_value"] == pytest.approx(expected.pvalue, rel=1e-8)
    if len(changes) == 2:
        t = stats.ttest_ind(changes[1], changes[0])
        contrast = run(frame).contrasts("change").iloc[0]
        assert contrast["statistic"] == pytest.approx(t.statistic, rel=1e-8)
        assert table.loc["group:time", "statistic"] == pytest.approx(t.statistic**2, rel=1e-8)
        low, high = t.confidence_interval(0.95)
        assert contrast["conf_low"] == pytest.approx(low, rel=1e-7, abs=1e-9)
        assert contrast["conf_high"] == pytest.approx(high, rel=1e-7, abs=1e-9)


@quick
@given(trials())
def test_swapping_the_arms_mirrors_the_contrasts(frame: pd.DataFrame) -> None:
    result = run(frame)
    there = result.contrasts().set_index(["contrast", "visit"])
    back = result.contrasts(reference="G1").set_index(["contrast", "visit"])
    one, other = there.loc[("G1 - G0", 0)], back.loc[("G0 - G1", 0)]
    assert one["estimate"] == -other["estimate"]
    assert one["conf_low"] == pytest.approx(-other["conf_high"], rel=1e-12)
    assert one["p_value"] == other["p_value"]


@quick
@given(trials())
def test_the_order_of_the_groups_does_not_change_the_table(frame: pd.DataFrame) -> None:
    reverse = sorted(frame["group"].unique(), reverse=True)
    times = sorted(frame["time"].dropna().unique())
    assert_same_tables(run(frame), run(frame, order={"group": reverse, "time": times}))
    assert_same_tables(run(frame), run(frame, reference="G1"))


@quick
@given(trials())
def test_nothing_in_any_table_is_missing(frame: pd.DataFrame) -> None:
    result = run(frame)
    for table in (
        result.to_frame(),
        result.marginal_means(),
        result.contrasts(comparisons="all_pairs", adjustment="holm"),
        result.sphericity.to_frame(),
    ):
        assert not table.isna().to_numpy().any()


# second routes


def test_one_group_is_the_repeated_measures_anova_of_statsmodels() -> None:
    from statsmodels.stats.anova import AnovaRM

    frame = data_of("sim_3x4_unbal")
    one = frame[frame["group"] == "C"]
    ours = mixed_anova(
        one,
        outcome="y",
        subject="id",
        between=None,
        within="time",
        order={"time": LEVELS["sim_3x4_unbal"][1]},
    )
    theirs = AnovaRM(one, "y", "id", within=["time"]).fit().anova_table
    row = ours.to_frame().iloc[0]
    assert len(ours.to_frame()) == 1
    assert row["term"] == "time"
    assert row["statistic"] == pytest.approx(theirs["F Value"].iloc[0], rel=1e-10)
    assert row["p_value"] == pytest.approx(theirs["Pr > F"].iloc[0], rel=1e-9)
    assert list(ours.contrasts()["contrast"]) == ["t2 - t1", "t3 - t1", "t4 - t1"]
    assert "arm" not in ours.marginal_means().columns


@pytest.mark.parametrize("case", ["sim_2x2_n13", "sim_2x3_unbal", "sim_3x4_unbal"])
def test_type_two_is_what_pingouin_gives(case: str) -> None:
    import pingouin

    theirs = pingouin.mixed_anova(
        data_of(case), dv="y", subject="id", between="group", within="time"
    )
    ours = analyse(case, sum_of_squares=2).to_frame()
    np.testing.assert_allclose(ours["statistic"], theirs["F"], rtol=1e-9)
    np.testing.assert_allclose(ours["p_value"], theirs["p_unc"], rtol=1e-9)


def test_the_library_that_reads_the_within_effect_by_type_two_differs_from_ours() -> None:
    assert analyse("sim_2x3_unbal").to_frame()["statistic"][1] == pytest.approx(6.7559, abs=1e-4)


def test_mauchlys_p_value_is_that_of_rs_own_test() -> None:
    expected = expected_of("programs")["stats_mauchly_test"]
    found = analyse(expected["case"]).sphericity
    assert found.mauchly_w == near(expected["W"])
    assert found.mauchly_p_value == near(expected["p"])


def test_the_defaults_are_those_of_afex() -> None:
    expected = expected_of("programs")["afex_defaults"]
    assert analyse(expected["case"]).to_frame()["statistic"][1] == near(expected["time_F"])


# who is left out


def incomplete() -> pd.DataFrame:
    frame = data_of("sim_2x3_unbal")
    gone = (frame["id"] == "S003") & (frame["time"] == "t2")
    blank = (frame["id"] == "S005") & (frame["time"].isin(["t1", "t3"]))
    return frame[~gone].assign(y=frame["y"].mask(blank))


ORDER_2X3 = {"group": ["A", "B"], "time": ["t1", "t2", "t3"]}


def test_a_subject_with_a_missing_cell_is_left_out_and_listed_with_the_reason() -> None:
    frame = incomplete()
    result = mixed_anova(
        frame, outcome="y", subject="id", between="group", within="time", order=ORDER_2X3
    )
    assert result.excluded.to_dict("records") == [
        {"subject": "S003", "reason": "no y at t2"},
        {"subject": "S005", "reason": "no y at t1, t3"},
    ]
    complete = frame[~frame["id"].isin(["S003", "S005"])]
    again = mixed_anova(
        complete, outcome="y", subject="id", between="group", within="time", order=ORDER_2X3
    )
    pd.testing.assert_frame_equal(result.to_frame(), again.to_frame())
    assert result.n + len(result.excluded) == frame["id"].nunique()
    assert sum(result.counts.values()) == result.n


def test_a_subject_without_a_group_is_left_out_and_listed() -> None:
    frame = data_of("sim_2x3_unbal")
    frame = frame.assign(group=frame["group"].mask(frame["id"] == "S001"))
    result = run(frame)
    assert result.excluded.to_dict("records") == [{"subject": "S001", "reason": "no group"}]


def test_rows_without_a_subject_or_a_visit_are_left_out_and_listed() -> None:
    frame = data_of("sim_2x3_unbal")
    gaps = frame.assign(
        id=frame["id"].mask(frame.index == 0), time=frame["time"].mask(frame.index == 4)
    )
    result = run(gaps, order=ORDER_2X3)
    assert result.excluded.to_dict("records") == [
        {"subject": None, "reason": "id is missing in a row"},
        {"subject": "S002", "reason": "time is missing in a row"},
        {"subject": "S001", "reason": "no y at t1"},
        {"subject": "S002", "reason": "no y at t2"},
    ]
    again = run(frame[~frame["id"].isin(["S001", "S002"])])
    pd.testing.assert_frame_equal(result.to_frame(), again.to_frame())


def test_who_was_left_out_cannot_be_changed_in_the_result() -> None:
    result = run(incomplete())
    handed_out = result.excluded
    handed_out["reason"] = "none"
    assert result.excluded["reason"].str.startswith("no y").all()


def test_numbers_are_named_as_they_are_written() -> None:
    frame = data_of("sim_2x3_unbal")
    visits = frame.assign(time=frame["time"].str[1:].astype(int))
    numbered = visits.assign(id=frame["id"].str[1:].astype(int), group=frame["group"] == "B")
    numbered["group"] = numbered["group"].astype(int)
    twice = pd.concat([numbered, numbered.head(1)])
    refused(twice, "^id 1 has 2 rows at time 1;", order=None)
    refused(numbered[numbered["group"] == 0], "one level only, 0;", order=None)


def test_the_frame_of_the_caller_is_not_changed() -> None:
    frame = incomplete()
    before = frame.copy(deep=True)
    run(frame, order=ORDER_2X3).contrasts()
    pd.testing.assert_frame_equal(frame, before)


# what is refused


def refused(frame: pd.DataFrame, match: str, **options: object) -> None:
    options = {"order": ORDER_2X3, "between": "group", "within": "time"} | options
    with pytest.raises(AnalysisError, match=match):
        mixed_anova(frame, outcome="y", subject="id", **options)


def test_bad_data_are_refused_in_words() -> None:
    frame = data_of("sim_2x3_unbal")
    refused(frame, "nobody stated the order", order=None)
    refused(pd.concat([frame, frame.head(1)]), "'S001' has 2 rows at time 't1'")
    refused(frame[frame["time"] == "t1"], "nobody has 'y' at time 't2', 't3'")
    refused(
        frame[frame["time"] == "t1"],
        "one or more|two or more",
        order={"time": ["t1"]} | {"group": ["A", "B"]},
    )
    refused(frame[frame["group"] == "A"], "no subject of group 'B'")
    refused(frame[frame["group"] == "A"], "pass between=None", order=ORDER_2X3 | {"group": ["A"]})
    refused(frame.assign(y=frame["y"].mask(frame.index >= 0)), "nobody has 'y'")
    refused(frame.assign(y=np.where(frame.index == 3, np.inf, frame["y"])), "infinite")
    refused(frame.assign(y=frame["y"].astype(str)), "must be numeric")
    refused(frame.assign(group=np.where(frame.index == 0, "B", frame["group"])), "more than one")
    refused(frame.assign(id=None), "no subject")
    refused(frame.assign(y=frame["y"] * 1e200), "'y' has values of size .* give it in a unit")
    refused(frame.assign(y=frame["y"] * 1e-200), "'y' has values of size .* give it in a unit")
    refused(frame, "order='grp' is not a column", order=ORDER_2X3 | {"grp": ["A", "B"]})
    refused(frame, r"within=\['time'\] must be the name of one column", within=["time"])
    refused(frame.assign(time=frame["time"].replace("t3", "t9")), "'t9', not among its levels")
    refused(frame.iloc[:0], "no subject")
    refused(frame, "is not a column", between="grp")
    refused(frame, "both name the column", between="time")
    refused(frame, "reference='Z'", reference="Z")
    refused(frame, "between is None", between=None, reference="A")
    refused(frame, "sum_of_squares=1 is not known here; known are 2, 3", sum_of_squares=1)
    refused(frame, "sum_of_squares=True", sum_of_squares=True)


def test_data_without_variance_are_refused() -> None:
    frame = data_of("sim_2x3_unbal")
    refused(frame.assign(y=5.0), "no variance within subjects")
    subject = frame["id"].str[1:].astype(int)
    parallel = subject + frame["time"].str[1:].astype(int) * 0.1
    refused(frame.assign(y=parallel), "no variance within subjects")
    pattern = frame["time"].map({"t1": -1.0, "t2": 0.0, "t3": 1.0})
    refused(frame.assign(y=subject * pattern), "no variance between subjects")


def test_one_subject_in_an_arm_has_an_answer_and_one_in_each_has_none() -> None:
    frame = data_of("sim_2x3_unbal")
    first_b = frame.loc[frame["group"] == "B", "id"].iloc[0]
    lone = frame[(frame["group"] == "A") | (frame["id"] == first_b)]
    result = run(lone, order=ORDER_2X3)
    assert result.counts["B"] == 1
    assert np.isfinite(result.contrasts()["conf_high"]).all()
    refused(frame[frame["id"].isin(["S001", first_b])], "no degree of freedom")


def test_fewer_subjects_than_visits_have_epsilons_but_no_mauchly() -> None:
    frame = data_of("sim_3x4_unbal")
    few = frame[frame["id"].isin([*frame["id"].unique()[:2], *frame["id"].unique()[-2:]])]
    result = run(few)
    assert result.df == 2
    assert result.sphericity.mauchly_w is None
    assert not result.to_frame().isna().to_numpy().any()
    assert "too few subjects for Mauchly" in result.sphericity.note


def test_contrasts_that_do_not_belong_together_are_refused() -> None:
    result = analyse("sim_3x4_unbal")
    for options, match in [
        ({"adjustment": "tukey"}, "all pairs"),
        ({"adjustment": "dunnett", "comparisons": "all_pairs"}, "reference"),
        ({"adjustment": "dunnett", "family": "all"}, "within one visit"),
        ({"adjustment": "hol"}, "did you mean 'holm'"),
        ({"reference": "Z"}, "not among the levels"),
        ({"conf_level": 95}, "between 0 and 1"),
        ({"kind": "between"}, "known are at_visit, change, within"),
    ]:
        with pytest.raises(AnalysisError, match=match):
            result.contrasts(**options)


def test_a_family_of_all_contrasts_is_adjusted_together() -> None:
    result = analyse("sim_3x4_unbal")
    each = result.contrasts("change", adjustment="bonferroni")
    together = result.contrasts("change", adjustment="bonferroni", family="all")
    assert (each["p_adjusted"] == np.minimum(1, 2 * each["p_value"])).all()
    assert (together["p_adjusted"] == np.minimum(1, 6 * each["p_value"])).all()


def test_two_visits_are_spherical_and_have_no_mauchly_test() -> None:
    result = analyse("sim_2x2_n13")
    assert (result.to_frame()[["epsilon_gg", "epsilon_hf"]] == 1).all(axis=None)
    assert result.sphericity.mauchly_p_value is None
    assert "mauchly_w" not in result.sphericity.to_frame()


def test_a_result_prints_with_its_title() -> None:
    text = repr(analyse("sim_2x2_n13"))
    assert text.startswith("Mixed ANOVA of y by group over time (type 3, n = 26)")
    assert "group:time" in text


def test_a_visit_until_which_all_change_alike_has_a_difference_and_no_test() -> None:
    rows = data_of("sim_2x3_unbal")
    values = rows.assign(y=rows["y"].round(1))
    groups, visits = LEVELS["sim_2x3_unbal"]
    first = values[values["time"] == "t1"].set_index("id")["y"]
    alike = (values["id"].map(first) - 5.1).round(1)
    frame = values.assign(y=values["y"].mask(values["time"] == "t2", alike))
    found = mixed_anova(
        frame, outcome="y", subject="id", between="group", within="time",
        order={"group": groups, "time": visits},
    ).contrasts("change", adjustment="dunnett").set_index("visit")  # fmt: skip
    assert found.loc["t2", "estimate"] == pytest.approx(0, abs=1e-9)
    assert found.loc["t2", ["se", "p_value", "p_adjusted", "conf_low"]].isna().all()
    assert found.loc["t3", ["se", "p_value", "p_adjusted", "conf_low"]].notna().all()
