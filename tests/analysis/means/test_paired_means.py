"""compare_paired against R, and what it refuses."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.analysis.means.paired_means import compare_paired
from trialkit.analysis.means.t_tests import paired_t
from trialkit.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference" / "between"


def load(name):
    return json.loads((REFERENCE / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("method", "block"),
    [
        ("wilcoxon_signed_rank", "wilcoxon_signed_exact_coin_wilcoxon"),
        ("wilcoxon_signed_rank_pratt", "wilcoxon_signed_exact_coin_pratt"),
    ],
)
def test_exact_signed_rank_tests_equal_coin(method, block):
    found = sleep(method=method).to_frame()
    assert found["p_value"].item() == pytest.approx(load("paired_sleep.json")[block], rel=1e-12)


def sleep(**options):
    frame = pd.read_csv(REFERENCE / "datasets_sleep.csv")
    return compare_paired(
        frame, outcome="extra", subject="ID", within="group", reference=1, **options
    )


def test_paired_tests_equal_r():
    case = load("paired_sleep.json")
    row = sleep().to_frame().iloc[0]
    expected = case["paired_t"]
    assert row["contrast"] == "2 - 1"
    assert row["estimate"] == pytest.approx(expected["estimate"], rel=1e-12)
    assert row["statistic"] == pytest.approx(expected["statistic"], rel=1e-12)
    assert row["p_value"] == pytest.approx(expected["p"], rel=1e-12)
    assert row[["conf_low", "conf_high"]].to_list() == pytest.approx(expected["ci"], rel=1e-12)
    assert row["hedges_g"] == pytest.approx(case["hedges_g_z"][0]["Hedges_g"], rel=1e-12)
    ranks = sleep(method="wilcoxon_signed_rank_asymptotic_corrected").to_frame().iloc[0]
    expected = case["wilcoxon_signed_cc"]
    assert ranks["statistic"] == expected["statistic"]
    assert ranks["p_value"] == pytest.approx(expected["p"], rel=1e-12)
    assert ranks["estimate"] == pytest.approx(expected["estimate"], abs=1e-4)
    assert ranks[["conf_low", "conf_high"]].to_list() == pytest.approx(expected["ci"], abs=1e-4)


def test_a_subject_without_a_pair_is_refused_or_listed():
    frame = pd.read_csv(REFERENCE / "datasets_sleep.csv").iloc[:-1]
    options = {"outcome": "extra", "subject": "ID", "within": "group", "reference": 1}
    with pytest.raises(AnalysisError, match=r"lack one value of 'extra' of a pair \(10\)"):
        compare_paired(frame, **options)
    found = compare_paired(frame, **options, incomplete="exclude")
    assert found.excluded.to_dict("list") == {"subject": [10], "reason": ["no value at group 2"]}
    assert found.to_frame()["n"].item() == 9


def test_paired_comparisons_are_made_within_each_arm():
    frame = pd.DataFrame(
        {
            "id": [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6],
            "visit": ["base", "end"] * 6,
            "arm": ["CG"] * 6 + ["EG"] * 6,
            "y": [1.0, 2, 2, 4, 3, 3, 5, 1, 6, 3, 7, 2],
        }
    )
    order = {"arm": ["CG", "EG"], "visit": ["base", "end"]}
    found = compare_paired(
        frame, outcome="y", subject="id", within="visit", reference="base", arm="arm", order=order
    ).to_frame()
    assert found["arm"].to_list() == ["CG", "EG"]
    assert found["estimate"].to_list() == pytest.approx([1.0, -4.0])
    with pytest.raises(AnalysisError, match="two rows of visit"):
        compare_paired(
            pd.concat([frame, frame.iloc[:1]]),
            outcome="y",
            subject="id",
            within="visit",
            reference="base",
            order=order,
        )
    with pytest.raises(AnalysisError, match="stands in two arms"):
        compare_paired(
            frame.assign(arm=["CG", "EG"] * 6),
            outcome="y",
            subject="id",
            within="visit",
            reference="base",
            arm="arm",
            order=order,
        )


def test_unequal_lengths_are_an_error_and_never_an_unpaired_test():
    with pytest.raises(AnalysisError, match="got 3 and 4"):
        paired_t(np.arange(3.0), np.arange(4.0))
    with pytest.raises(AnalysisError, match="hold a missing value"):
        paired_t(np.array([1.0, np.nan]), np.arange(2.0))


@given(
    first=st.lists(st.integers(-20, 20), min_size=3, max_size=10),
    data=st.data(),
    method=st.sampled_from(["paired_t", "wilcoxon_signed_rank", "wilcoxon_signed_rank_pratt"]),
)
@settings(max_examples=examples(40), deadline=None)
def test_swapping_first_and_second_mirrors(first, data, method):
    n = len(first)
    second = data.draw(
        st.lists(st.integers(-20, 20), min_size=n, max_size=n).filter(
            lambda values: len({b - a for a, b in zip(first, values, strict=True)}) > 1
        )
    )
    frame = pd.DataFrame(
        {"id": [*range(n), *range(n)], "time": [1] * n + [2] * n, "y": [*first, *second]}
    )
    options = {"outcome": "y", "subject": "id", "within": "time", "method": method}
    there = compare_paired(frame, **options, reference=1).to_frame().iloc[0]
    back = compare_paired(frame, **options, reference=2).to_frame().iloc[0]
    assert there["estimate"] == pytest.approx(-back["estimate"], abs=1e-9)
    assert there["p_value"] == pytest.approx(back["p_value"], rel=1e-9)
    assert there["conf_low"] == pytest.approx(-back["conf_high"], abs=1e-9)


def test_two_pairs_have_a_test_though_no_effect_size():
    frame = pd.DataFrame({"id": [1, 2] * 2, "time": [0, 0, 1, 1], "y": [1.0, 3, 2, 5]})
    found = compare_paired(frame, outcome="y", subject="id", within="time", reference=0)
    row = found.to_frame().iloc[0]
    # R: t.test(c(2, 5), c(1, 3), paired = TRUE)
    assert row[["statistic", "df"]].to_list() == pytest.approx([3, 1])
    assert row["p_value"] == pytest.approx(0.2048327646991, rel=1e-10)
    limits = [-4.85310236808735, 7.85310236808735]
    assert row[["conf_low", "conf_high"]].to_list() == pytest.approx(limits, rel=1e-10)
    assert np.isnan(row["hedges_g"])
    assert "more than 1 degree of freedom" in row["note"]


def test_pairs_that_cannot_be_compared_are_refused():
    frame = pd.read_csv(REFERENCE / "datasets_sleep.csv")
    options = {"outcome": "extra", "subject": "ID", "within": "group", "reference": 1}
    for data, match in (
        (frame[frame["group"] == 1], "nothing to pair"),
        (frame.assign(extra=1.0), "does not vary"),
        (frame[frame["ID"] == 1], "needs 2 pairs, got 1"),
        (frame.assign(ID=frame["ID"].where(frame.index > 0)), "in every row"),
    ):
        with pytest.raises(AnalysisError, match=match):
            compare_paired(data, **options)
    with pytest.raises(AnalysisError, match="all differences are zero"):
        compare_paired(frame.assign(extra=1.0), **options, method="wilcoxon_signed_rank")
    with pytest.raises(AnalysisError, match="within arms needs 'arm' in every row"):
        compare_paired(
            frame.assign(arm=[None, *["A"] * 19]), **options, arm="arm", order={"arm": ["A"]}
        )


@settings(max_examples=examples(60))
@given(
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), min_size=3, max_size=10).filter(
        lambda each: any(one != other for one, other in each)
    ),
    st.integers(0, 2),
    st.sampled_from(["wilcoxon_signed_rank", "wilcoxon_signed_rank_pratt"]),
)
def test_ranks_of_decimal_pairs_are_those_of_whole_numbers(values, places, method):
    def compared(scale):
        rows = [
            {"id": name, "visit": visit, "score": value / scale}
            for name, pair in enumerate(values)
            for visit, value in zip(("W6", "BL"), pair, strict=True)
        ]
        found = compare_paired(
            pd.DataFrame(rows), outcome="score", subject="id", within="visit", reference="BL",
            method=method, order={"visit": ("BL", "W6")},
        )  # fmt: skip
        return found.to_frame().iloc[0]

    found, right = compared(10**places), compared(1)
    for name in ("statistic", "p_value", "z"):
        assert found[name] == right[name]


def test_one_change_in_all_is_one_change_whatever_its_floats():
    frame = pd.DataFrame(
        {"id": [1, 1, 2, 2, 3, 3], "visit": ["BL", "W6"] * 3,
         "score": [5.3, 5.1, 9.9, 9.7, 7.7, 7.5]}
    )  # fmt: skip
    with pytest.raises(AnalysisError, match="does not vary"):
        compare_paired(frame, outcome="score", subject="id", within="visit", reference="BL",
                       order={"visit": ("BL", "W6")})  # fmt: skip
