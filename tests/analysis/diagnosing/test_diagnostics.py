"""Diagnostic rows: what is in them, and what they say where a check cannot be made."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.anova.mixed_anova import MixedAnova, mixed_anova
from trialkit.analysis.diagnosing.diagnostics import (
    diagnose_ancova,
    diagnose_mixed_anova,
    multivariate_cooks_distance,
)
from trialkit.analysis.linear.ancova import Ancova, ancova
from trialkit.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference"
TREAT = {"Treat": ["CBT", "Cont", "FT"]}


def expected_of(name: str) -> dict:
    return json.loads((REFERENCE / name).read_text())


def anorexia(frame: pd.DataFrame | None = None, **options: object) -> Ancova:
    rows = pd.read_csv(REFERENCE / "ancova" / "MASS_anorexia.csv") if frame is None else frame
    defaults = {"covariates": ("Prewt",), "reference": "Cont", "order": TREAT}
    return ancova(rows, outcome="Postwt", arm="Treat", **defaults | options)


def empty_cell(covariates: tuple[str, ...] = ("b", "s"), arms: str = "CEX") -> Ancova:
    rows = pd.read_csv(REFERENCE / "ancova" / "empty_cell.csv")
    return ancova(
        rows[rows["arm"].isin(list(arms))],
        outcome="y",
        arm="arm",
        reference="C",
        covariates=covariates,
        order={"arm": list(arms), "s": ["f", "m"]},
    )


def repeated(case: str = "sim_3x4_unbal", frame: pd.DataFrame | None = None) -> MixedAnova:
    rows = pd.read_csv(REFERENCE / "anova" / f"{case}.csv") if frame is None else frame
    order = {name: sorted(rows[name].unique()) for name in ("group", "time")}
    return mixed_anova(rows, outcome="y", subject="id", between="group", within="time", order=order)


def test_an_ancova_has_the_tests_of_r() -> None:
    expected = expected_of("ancova/anorexia_final.json")
    table = diagnose_ancova(anorexia()).to_frame().set_index("check")
    normal = table.loc["normality_of_residuals"]
    assert normal["statistic"] == pytest.approx(expected["shapiro"]["statistic"], rel=1e-8)
    equal = table.loc["homogeneity_of_variance"]
    assert equal["p_value"] == pytest.approx(expected["levene_bf"][0]["Pr(>F)"], rel=1e-8)
    levene = expected_of("ancova/programs.json")["levene"]
    assert equal["p_value"] != pytest.approx(levene["mean"]["p"], rel=0.1)
    slopes = table.loc["homogeneity_of_slopes"]
    assert slopes["place"] == "Prewt:Treat"
    assert slopes["p_value"] == pytest.approx(expected["slopes_test"][1]["Pr(>F)"], rel=1e-8)


def test_influential_rows_are_named_the_most_influential_first() -> None:
    rows = pd.read_csv(REFERENCE / "ancova" / "MASS_anorexia.csv")
    rows = rows.assign(id=[f"P{i:02d}" for i in range(72)])
    rows.loc[20, "Postwt"] += 60
    table = diagnose_ancova(anorexia(rows, subject="id")).to_frame()
    found = table[table["check"] == "influential_subject"]
    assert found["place"].iloc[0] == "P20"
    assert found["statistic"].is_monotonic_decreasing
    assert (found["statistic"] > 4 / 72).all()


def test_a_mixed_anova_has_rows_for_each_visit_and_the_whole() -> None:
    expected = expected_of("anova/sim_3x4_unbal.json")["type3"]
    result = repeated()
    table = diagnose_mixed_anova(result).to_frame()
    counts = table["check"].value_counts()
    assert counts["normality_of_residuals"] == counts["homogeneity_of_variance"] == 4
    assert counts["pairwise_test"] == 12
    sphericity = table.set_index("check").loc["sphericity"]
    assert sphericity["statistic"] == pytest.approx(expected["mauchly"][0]["W"], rel=1e-8)
    assert sphericity["p_value"] == pytest.approx(expected["mauchly"][0]["p"], rel=1e-8)
    assert sphericity["statistic"] == pytest.approx(result.sphericity.mauchly_w, rel=1e-10)
    assert counts["homogeneity_of_covariance"] == 1


def test_with_one_group_there_is_nothing_to_compare() -> None:
    rows = pd.read_csv(REFERENCE / "anova" / "sim_2x2_n13.csv")
    result = mixed_anova(
        rows, outcome="y", subject="id", between=None, within="time", order={"time": ["t1", "t2"]}
    )
    table = diagnose_mixed_anova(result).to_frame()
    assert set(table["check"]) <= {"normality_of_residuals", "sphericity", "influential_subject"}
    assert "holds by construction" in table.set_index("check").loc["sphericity", "note"]


def test_one_visit_gives_the_ordinary_cooks_distance() -> None:
    result = repeated()
    distances = multivariate_cooks_distance(result)
    assert distances.shape == (32,)
    data = result.data
    h = 1 / np.bincount(data.codes)[data.codes]
    e = data.values - result.cell_means[data.codes]
    inverse = np.linalg.inv(result.error)
    expected = [h[i] / (1 - h[i]) ** 2 * e[i] @ inverse @ e[i] / 12 for i in range(32)]
    np.testing.assert_allclose(distances, expected, rtol=1e-9)


def test_an_outlying_subject_is_the_most_influential() -> None:
    rows = pd.read_csv(REFERENCE / "anova" / "sim_2x3_unbal.csv")
    at = (rows["id"] == "S004") & (rows["time"] == "t2")
    table = diagnose_mixed_anova(repeated(frame=rows.assign(y=rows["y"] + 40 * at))).to_frame()
    assert table.loc[table["check"] == "influential_subject", "place"].iloc[0] == "S004"


def test_what_cannot_be_checked_is_a_row_that_says_why() -> None:
    rows = pd.read_csv(REFERENCE / "anova" / "sim_3x4_unbal.csv")
    firsts = rows.groupby("group")["id"].unique()
    few = [*firsts["A"][:1], *firsts["B"][:2], *firsts["C"][:1]]
    result = repeated(frame=rows[rows["id"].isin(few)])
    table = diagnose_mixed_anova(result).to_frame().set_index("check")
    assert table.loc["homogeneity_of_variance", "note"].str.contains("fewer than two").all()
    assert "no more subjects than" in table.loc["homogeneity_of_covariance", "note"]
    assert "too few subjects" in table.loc["sphericity", "note"]
    assert "too few subjects" in table.loc["influential_subject", "note"]
    unable = table.loc[
        ["homogeneity_of_covariance", "sphericity", "influential_subject", "pairwise_test"], "note"
    ]
    assert unable.str.startswith("not estimable: ").all()
    assert table.loc[["homogeneity_of_covariance", "sphericity"], "statistic"].isna().all()
    with pytest.raises(AnalysisError, match="too few subjects"):
        multivariate_cooks_distance(result)


def test_a_visit_at_which_all_are_alike_leaves_influence_unknown() -> None:
    rows = pd.read_csv(REFERENCE / "anova" / "sim_2x3_unbal.csv")
    alike = rows.assign(y=rows["y"].mask(rows["time"] == "t1", 50.0))
    with pytest.raises(AnalysisError, match="a visit without variance"):
        multivariate_cooks_distance(repeated(frame=alike))


def test_a_row_without_which_there_is_no_arm_is_infinitely_influential() -> None:
    rows = pd.read_csv(REFERENCE / "ancova" / "MASS_anorexia.csv")
    lone = pd.concat([rows[rows["Treat"] != "FT"], rows[rows["Treat"] == "FT"].head(1)])
    table = diagnose_ancova(anorexia(lone)).to_frame().set_index("check")
    influential = table.loc[["influential_subject"]]
    assert np.isinf(influential["statistic"].iloc[0])
    assert influential["note"].iloc[0] == "determines a coefficient alone"
    assert "fewer than two" in table.loc["homogeneity_of_variance", "note"]
    assert table.loc["homogeneity_of_slopes", "df_num"] == 1
    assert table.loc["homogeneity_of_slopes", "note"].startswith("1 of 2 degrees of freedom")


def test_an_empty_cell_leaves_the_other_slopes_and_what_can_be_estimated() -> None:
    table = diagnose_ancova(empty_cell()).to_frame().set_index("place")
    slopes = table[table["check"] == "homogeneity_of_slopes"]
    assert list(slopes.index) == ["b:arm", "s:arm", "all"]
    assert list(slopes["df_num"]) == [2, 1, 3]
    assert list(slopes["note"]) == [
        "",
        "1 of 2 degrees of freedom can be estimated",
        "3 of 4 degrees of freedom can be estimated",
    ]


def test_an_interaction_that_cannot_be_estimated_is_a_row_that_says_so() -> None:
    table = diagnose_ancova(empty_cell(("s",), "CX")).to_frame().set_index("check")
    row = table.loc["homogeneity_of_slopes"]
    why = "no degree of freedom of the interaction can be estimated"
    assert row["note"] == f"not estimable: {why}"
    assert row[["statistic", "df_num", "df_den", "p_value"]].isna().all()


def test_tied_values_have_no_variance_of_their_deviations() -> None:
    rows = pd.DataFrame(
        {"Treat": ["CBT"] * 4 + ["Cont"] * 4, "Postwt": [1.0, 3.0] * 2 + [2.0, 4.0] * 2}
    )
    result = anorexia(rows, covariates=(), order={"Treat": ["Cont", "CBT"]})
    table = diagnose_ancova(result).to_frame().set_index("check")
    assert "do not vary" in table.loc["homogeneity_of_variance", "note"]


def test_the_same_data_give_the_same_rows() -> None:
    assert diagnose_ancova(anorexia()).rows == diagnose_ancova(anorexia()).rows


def large(n: int, *, scale: float = 1.0, ratio: float = 1.0, offset: float = 0.0) -> MixedAnova:
    """Two arms, four visits; the values of arm B vary ``ratio`` times as much."""
    rng = np.random.default_rng(19)
    group = np.repeat([0, 1], n // 2)
    values = rng.normal(size=(n, 1)) + rng.normal(size=(n, 4))
    values = scale * values * np.where(group, ratio, 1.0)[:, None] + offset
    frame = pd.DataFrame(
        {
            "id": np.repeat(np.arange(n), 4),
            "time": np.tile(np.arange(4), n),
            "group": np.repeat(np.array(["A", "B"])[group], 4),
            "y": values.ravel(),
        }
    )
    return repeated(frame=frame)


def assert_numbers_or_why(table: pd.DataFrame) -> None:
    """No row holds a number that is none, and one without numbers says that and why."""
    numbers = table[["statistic", "df_num", "df_den", "p_value"]]
    assert np.isfinite(numbers.to_numpy(dtype=float, na_value=0.0)).all()
    without = numbers.isna().all(axis=1)
    assert table.loc[without, "note"].str.match("not estimable: .").all()


@pytest.mark.parametrize("scale", [1e-60, 1e-12, 1e12, 1e60])
def test_the_unit_does_not_matter(scale: float) -> None:
    here, there = (diagnose_mixed_anova(large(40, scale=each)) for each in (1.0, scale))
    assert_numbers_or_why(there.to_frame())
    assert [(row.check, row.place) for row in here.rows] == [
        (row.check, row.place) for row in there.rows
    ]
    for one, other in zip(here.rows, there.rows, strict=True):
        assert other.statistic == pytest.approx(one.statistic, rel=1e-6)
        assert other.p_value == pytest.approx(one.p_value, rel=1e-6)


@pytest.mark.parametrize("ratio", [1.6, 1e6, 1e12, 1e-12, 1e-300])
@pytest.mark.parametrize("offset", [0.0, 1e6, 1e12])
def test_no_ratio_of_variances_stops_them(ratio: float, offset: float) -> None:
    result = large(40, ratio=ratio, offset=offset)
    assert_numbers_or_why(diagnose_mixed_anova(result).to_frame())


def test_26_000_subjects_have_all_but_the_test_of_normality() -> None:
    table = diagnose_mixed_anova(large(26_000, ratio=1.6)).to_frame().set_index("check")
    assert_numbers_or_why(table)
    without = table.index[table["statistic"].isna()]
    assert set(without) == {"normality_of_residuals"}
    assert table.loc["homogeneity_of_covariance", "statistic"] > 10_000
    assert table["note"].str.contains("more than 5000 values").sum() == 4


def test_a_library_that_doubts_leaves_the_other_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    def doubt(*_: object) -> float:
        raise AnalysisError("pingouin doubts its answer: why")

    result = large(40)
    whole = diagnose_mixed_anova(result).rows
    monkeypatch.setattr("trialkit.analysis.engines.pingouin.mauchly_w", doubt)
    changed = diagnose_mixed_anova(result).rows
    different = [one for one, other in zip(changed, whole, strict=True) if one != other]
    assert [row.check for row in different] == ["sphericity"]
    assert different[0].note == "not estimable: pingouin doubts its answer: why"
