"""Cochran-Mantel-Haenszel, subgroups and pairs of a binary outcome, against R and statsmodels."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import StratifiedTable

from tests.conftest import examples
from trialkit.analysis.proportions.event_counts import ArmCount
from trialkit.analysis.proportions.paired_proportions import compare_paired_proportions
from trialkit.analysis.proportions.proportion_subgroups import (
    compare_proportions_in_subgroups,
    interaction_test,
)
from trialkit.analysis.proportions.stratified_proportions import cochran_mantel_haenszel
from trialkit.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference" / "between"
CASE = json.loads((REFERENCE / "stratified.json").read_text(encoding="utf-8"))
INDO = pd.read_csv(REFERENCE / "medicaldata_indo_rct.csv")
ORDER = {
    "rx": ["0_placebo", "1_indomethacin"],
    "site": ["1_UM", "2_IU", "3_UK", "4_Case"],
    "gender": ["1_female", "2_male"],
}
LEVELS = ["low", "middle", "high"]
TRIAL = {"outcome": "outcome", "event": "1_yes", "arm": "rx", "reference": "0_placebo"}


@pytest.mark.parametrize(("strata", "block"), [("site", "site"), ("gender", "sex")])
def test_common_odds_ratio_and_test_equal_r(strata, block):
    found = cochran_mantel_haenszel(INDO, **TRIAL, strata=strata, order=ORDER)
    expected = CASE[block]
    odds = found.contrasts[0].odds_ratio
    assert odds.estimate == pytest.approx(expected["odds_ratio"], rel=1e-12)
    assert [odds.conf_low, odds.conf_high] == pytest.approx(expected["limits"], rel=1e-10)
    tests = found.tests().set_index("test")
    plain = tests.loc["cochran_mantel_haenszel"]
    assert plain["statistic"] == pytest.approx(expected["statistic"], rel=1e-12)
    assert plain["p_value"] == pytest.approx(expected["p"], rel=1e-10)
    if "p_corrected" in expected:
        corrected = tests.loc["cochran_mantel_haenszel_corrected"]
        assert corrected["statistic"] == pytest.approx(expected["statistic_corrected"], rel=1e-12)
        assert corrected["p_value"] == pytest.approx(expected["p_corrected"], rel=1e-10)


def test_statsmodels_is_the_second_route_to_the_common_ratios_and_homogeneity():
    found = cochran_mantel_haenszel(INDO, **TRIAL, strata="gender", order=ORDER)
    contrast = found.contrasts[0]
    tables = [
        np.array(
            [
                [each.experimental.events, each.experimental.without],
                [each.reference.events, each.reference.without],
            ]
        )
        for each in contrast.strata
    ]
    theirs = StratifiedTable(tables)
    assert contrast.odds_ratio.estimate == pytest.approx(theirs.oddsratio_pooled, rel=1e-12)
    assert contrast.risk_ratio.estimate == pytest.approx(theirs.riskratio_pooled, rel=1e-12)
    homogeneity = theirs.test_equal_odds(adjust=True)
    assert contrast.homogeneity.statistic == pytest.approx(homogeneity.statistic, rel=1e-9)
    assert contrast.homogeneity.p_value == pytest.approx(homogeneity.pvalue, rel=1e-9)
    assert contrast.homogeneity.df == 1


def test_the_published_example_of_greenland_and_robins_variances():
    # one stratum: the common measures are the crude ones, with Katz's and the exact variances
    frame = pd.DataFrame(
        {"event": [1] * 9 + [0] * 1 + [1] * 3 + [0] * 7, "arm": ["E"] * 10 + ["C"] * 10, "s": 1}
    )
    found = cochran_mantel_haenszel(
        frame, outcome="event", arm="arm", reference="C", strata="s"
    ).contrasts[0]
    katz = json.loads((REFERENCE / "bin_newcombe_b_9_10_3_10.json").read_text(encoding="utf-8"))
    assert found.risk_difference.estimate == pytest.approx(katz["rd"])
    ratio = found.risk_ratio
    assert [ratio.conf_low, ratio.conf_high] == pytest.approx(katz["rr_katz"], rel=1e-12)
    odds = found.odds_ratio
    assert [odds.conf_low, odds.conf_high] == pytest.approx(katz["or_woolf"], rel=1e-12)
    assert found.statistic == pytest.approx(katz["n_minus_1_chi2"], rel=1e-12)


def test_the_limits_of_a_common_difference_are_satos_worked_out_by_hand():
    """Sato T. Biometrics 1989;45:1323-1324, with 9 of 10 against 3 of 20, and 5 of 12 against 4 of 8.

    P is (10² · 3 - 20² · 9 + 10 · 20 · (20 - 10) / 2) / 30² and (12² · 4 - 8² · 5 + 12 · 8 · (8 - 12)
    / 2) / 20², Q is (9 · 17 + 3 · 1) / 60 and (5 · 4 + 4 · 7) / 40.
    """
    cells = (("E", 1, 9, 10), ("C", 1, 3, 20), ("E", 2, 5, 12), ("C", 2, 4, 8))
    rows = [
        {"arm": arm, "s": stratum, "event": int(place < events)}
        for arm, stratum, events, n in cells
        for place in range(n)
    ]
    found = cochran_mantel_haenszel(
        pd.DataFrame(rows), outcome="event", arm="arm", reference="C", strata="s"
    ).contrasts[0]
    weight = 200 / 30 + 96 / 20
    difference = (150 / 30 - 8 / 20) / weight
    variance = (difference * (-2300 / 900 + 64 / 400) + 156 / 60 + 48 / 40) / weight**2
    limits = [difference - 1.959964 * variance**0.5, difference + 1.959964 * variance**0.5]
    assert found.risk_difference.estimate == pytest.approx(difference, rel=1e-12)
    assert [found.risk_difference.conf_low, found.risk_difference.conf_high] == pytest.approx(
        limits, rel=1e-6
    )


def test_a_distance_below_a_half_is_not_corrected_as_in_r():
    # mantelhaen.test(correct = TRUE): X-squared 0.0917431192660551, p 0.7619727273124
    rows = [(0, "E", 1)] + [(0, "E", 0)] * 2 + [(0, "C", 1)] + [(0, "C", 0)] * 2
    rows += [(1, "E", 1)] * 2 + [(1, "E", 0)] * 2 + [(1, "C", 1)] + [(1, "C", 0)] * 2
    frame = pd.DataFrame(rows, columns=["site", "arm", "event"])
    found = cochran_mantel_haenszel(
        frame, outcome="event", arm="arm", reference="C", strata="site"
    ).contrasts[0]
    assert found.statistic_corrected == pytest.approx(0.0917431192660551, rel=1e-12)
    assert found.p_value_corrected == pytest.approx(0.7619727273124, rel=1e-12)
    assert found.statistic == found.statistic_corrected


def test_one_stratum_has_no_test_of_homogeneity():
    frame = pd.DataFrame({"site": 1, "arm": ["E", "C"] * 6, "event": [0, 1, 1, 0, 0, 0] * 2})
    found = cochran_mantel_haenszel(frame, outcome="event", arm="arm", reference="C", strata="site")
    assert found.contrasts[0].homogeneity is None
    assert "breslow_day_tarone" not in found.tests()["test"].to_list()


def test_a_stratum_with_one_arm_is_listed_and_zero_cells_are_not_padded():
    frame = pd.DataFrame(
        {
            "id": range(14),
            "event": [0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 1, 1],
            "arm": ["E", "E", "E", "C", "C", "C", "E", "E", "C", "C", "E", "E", "E", "C"],
            "site": ["a"] * 6 + ["b"] * 4 + ["c"] * 3 + [None],
        }
    )
    found = cochran_mantel_haenszel(
        frame,
        outcome="event",
        arm="arm",
        reference="C",
        strata="site",
        subject="id",
        order={"site": ["a", "b", "c"]},
    )
    assert len(found.contrasts[0].strata) == 2
    assert found.excluded["subject"].to_list() == [10, 11, 12, 13]
    assert found.excluded["reason"].to_list() == [
        *["nobody of the other arm in this site"] * 3,
        "site is missing",
    ]
    odds = found.contrasts[0].odds_ratio
    assert (odds.estimate, odds.conf_low, odds.conf_high) == (0.0, 0.0, np.inf)
    assert "zero cells" in odds.note
    with pytest.raises(AnalysisError, match="no stratum holds both"):
        cochran_mantel_haenszel(
            frame, outcome="event", arm="arm", reference="C", strata="arm",
            order={"arm": ["C", "E"]},
        )  # fmt: skip


@pytest.mark.parametrize(
    ("subgroup", "block"), [("gender", "interaction_sex"), ("level", "interaction_risk")]
)
def test_the_interaction_equals_the_deviance_of_rs_logistic_models(subgroup, block):
    frame = INDO.assign(level=pd.cut(INDO["risk"], [0, 1.5, 2.5, 10], labels=LEVELS))
    found = compare_proportions_in_subgroups(frame, **TRIAL, subgroup=subgroup, order=ORDER)
    row = found.interaction().iloc[0]
    assert row["statistic"] == pytest.approx(CASE[block]["statistic"], rel=1e-6)
    assert row["df"] == CASE[block]["df"]
    assert row["p_value"] == pytest.approx(CASE[block]["p"], rel=1e-6)
    table = found.to_frame()
    assert len(table) == 3 * len((ORDER | {"level": LEVELS})[subgroup])
    differences = table[table["stat_name"] == "risk_difference"]
    assert differences["n_experimental"].sum() == 295
    assert differences["events_reference"].sum() == 52


pairs = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(0, 8), st.integers(0, 8)).filter(
        lambda t: t[0] + t[1] > 0 and t[2] + t[3] > 0
    ),
    min_size=2,
    max_size=4,
)


@given(tables=pairs)
@settings(max_examples=examples(80), deadline=None)
def test_the_interaction_is_the_same_for_the_opposite_event_and_the_swapped_arms(tables):
    def statistic(rows):
        counts = [
            (ArmCount(arm="E", events=a, n=a + b), ArmCount(arm="C", events=c, n=c + d))
            for a, b, c, d in rows
        ]
        return interaction_test(counts)[0]

    plain = statistic(tables)
    assert plain >= 0
    assert np.isfinite(plain)
    assert statistic([(b, a, d, c) for a, b, c, d in tables]) == pytest.approx(plain, abs=1e-7)
    assert statistic([(c, d, a, b) for a, b, c, d in tables]) == pytest.approx(plain, abs=1e-7)
    assert statistic([tables[0]] * 3) == pytest.approx(0, abs=1e-9)


def test_who_is_in_no_subgroup_is_listed_with_what_is_missing():
    """The third lacks the outcome, the fourth and fifth the arm or the level, the rest nothing."""
    frame = pd.DataFrame(
        {
            "who": list("abcdefghij"),
            "arm": ["CG", "CG", "CG", None, "EG", "EG", "EG", "CG", "EG", "CG"],
            "better": [1, 0, np.nan, 1, 0, 1, 0, 1, 1, 0],
            "sex": ["f", "f", "f", "m", None, "f", "m", "m", "m", "m"],
        }
    )
    found = compare_proportions_in_subgroups(
        frame,
        outcome="better",
        arm="arm",
        reference="CG",
        subgroup="sex",
        subject="who",
        order={"arm": ["CG", "EG"], "sex": ["f", "m"]},
    )
    left_out = found.excluded[["subject", "reason"]].to_numpy().tolist()
    assert left_out == [
        ["c", "better is missing"],
        ["d", "arm is missing"],
        ["e", "sex is missing"],
    ]


def test_a_subgroup_without_an_arm_is_refused():
    frame = INDO.assign(gender=INDO["gender"].where(INDO["rx"] == "0_placebo", "1_female"))
    with pytest.raises(AnalysisError, match="a subgroup needs both arms"):
        compare_proportions_in_subgroups(frame, **TRIAL, subgroup="gender", order=ORDER)


def test_pairs_of_binary_measurements_equal_r():
    case = json.loads((REFERENCE / "mcnemar.json").read_text(encoding="utf-8"))
    (a, b), (c, d) = case["table"]
    frame = pd.DataFrame(
        {
            "before": [1] * (a + b) + [0] * (c + d),
            "after": [1] * a + [0] * b + [1] * c + [0] * d,
        }
    )
    found = compare_paired_proportions(frame, first="after", second="before")
    assert (found.gained, found.lost) == (b, c)
    assert found.test.p_value == pytest.approx(case["exact"]["p"], rel=1e-10)
    low, high = case["exact"]["ci"]
    assert [found.conf_low, found.conf_high] == pytest.approx(
        [low / (1 - low), high / (1 - high)], rel=1e-9
    )
    assert found.odds_ratio == pytest.approx(16 / 6)
    assert found.to_frame()["risk_difference"].item() == pytest.approx(10 / 161)
    holes = frame.astype(float)
    holes.loc[0, "after"] = np.nan
    assert compare_paired_proportions(holes, first="after", second="before").n == 160
    same = compare_paired_proportions(
        frame.assign(after=1, before=1), first="after", second="before"
    )
    assert (same.conf_low, same.conf_high, same.test.p_value) == (0, np.inf, 1)


def test_limits_that_do_not_exist_are_named_after_their_authors() -> None:
    """All of one arm, and nobody of the other, in both strata."""
    frame = pd.DataFrame(
        {"well": [1, 1, 0, 0] * 2, "arm": ["E", "E", "C", "C"] * 2, "sex": ["f"] * 4 + ["m"] * 4}
    )
    order = {"arm": ["C", "E"], "sex": ["f", "m"]}
    found = cochran_mantel_haenszel(
        frame, outcome="well", arm="arm", reference="C", strata="sex", order=order
    ).to_frame()
    notes = dict(zip(found["stat_name"], found["note"], strict=False))
    none = "zero cells in all strata: the interval of"
    assert notes["risk_difference"] == "a variance of 0: the interval of Sato does not exist"
    assert notes["risk_ratio"] == f"{none} Greenland and Robins does not exist"
    assert notes["odds_ratio"] == f"{none} Robins, Breslow and Greenland does not exist"
