"""Rubin's rules against mice, at their limits, and on whole tables."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.analysis.missing.rubin import pool_rubin, pool_tables
from trialkit.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference" / "mi"
SCALARS = json.loads((REFERENCE / "pool_scalar.json").read_text(encoding="utf-8"))
SOME = [case for case in SCALARS if case["b"] > 0]
NONE_MISSING = next(case for case in SCALARS if case["b"] == 0)


@pytest.mark.parametrize("case", SOME)
def test_pooled_scalars_equal_mice(case):
    found = pool_rubin(case["q"], case["u"], df_complete=float(case["dfcom"]))
    names = {
        "estimate": "qbar",
        "within": "ubar",
        "between": "b",
        "total": "t",
        "se": "se",
        "df": "df_barnard_rubin",
        "relative_increase": "r",
        "fraction_missing_information": "fmi",
        "proportion_missing": "lambda",
        "statistic": "t_stat",
        "p_value": "p",
    }
    for ours, theirs in names.items():
        assert getattr(found, ours) == pytest.approx(case[theirs], rel=1e-10), ours
    assert [found.conf_low, found.conf_high] == pytest.approx(case["ci"], rel=1e-10)
    old = pool_rubin(case["q"], case["u"])
    assert old.df == pytest.approx(case["df_rubin1987"], rel=1e-10)


def test_imputations_that_agree_have_barnard_and_rubins_limit():
    case = NONE_MISSING
    found = pool_rubin(case["q"], case["u"], df_complete=20)
    assert found.df == pytest.approx(21 / 23 * 20, rel=1e-12)
    # mice 3.15 lifts lambda to 1e-4, by which its degrees of freedom are less
    lifted = 1 / (1 / (found.df * (1 - 1e-4)) + 1e-4**2 / (3 - 1))
    assert lifted == pytest.approx(case["df_barnard_rubin"], rel=1e-12)
    assert [found.total, found.statistic] == pytest.approx([case["t"], case["t_stat"]], rel=1e-12)
    assert found.fraction_missing_information == pytest.approx(case["fmi"], rel=2e-4)
    assert found.p_value == pytest.approx(case["p"], rel=1e-4)


def test_further_published_values():
    q, u = (1.2, 1.5, 0.9, 1.1, 1.4), (0.25, 0.30, 0.22, 0.27, 0.24)
    limited = pool_rubin(q, u, df_complete=47)
    assert limited.df == pytest.approx(25.51063069, rel=1e-9)
    assert limited.fraction_missing_information == pytest.approx(0.2662090436, rel=1e-9)
    assert pool_rubin(q, u).df == pytest.approx(89.97243596, rel=1e-9)


def analyses():
    """The regression of each imputed data set, one row a coefficient."""
    data = pd.read_csv(REFERENCE / "fev_wide_imputed_m10.csv")
    frames = []
    for _, part in data.groupby(".imp"):
        columns = {
            "(Intercept)": np.ones(len(part)),
            "FEV1_BL": part["FEV1_BL"],
            "RACEBlack or African American": part["RACE"] == "Black or African American",
            "RACEWhite": part["RACE"] == "White",
            "SEXFemale": part["SEX"] == "Female",
            "ARMCDTRT": part["ARMCD"] == "TRT",
        }
        x = np.column_stack([np.asarray(each, dtype=float) for each in columns.values()])
        y = part["VIS4"].to_numpy()
        inverse = np.linalg.inv(x.T @ x)
        coefficients = inverse @ x.T @ y
        df = len(y) - x.shape[1]
        variance = ((y - x @ coefficients) ** 2).sum() / df
        frames.append(
            pd.DataFrame(
                {
                    "term": list(columns),
                    "estimate": coefficients,
                    "se": np.sqrt(variance * np.diag(inverse)),
                    "df": df,
                }
            )
        )
    return frames


def test_pooled_regressions_equal_mice():
    expected = json.loads((REFERENCE / "mice_fev_vis4_pool.json").read_text(encoding="utf-8"))
    found = pool_tables(analyses(), by=["term"]).to_frame()
    assert len(found) == len(expected["pooled"])
    pooled = {row["term"]: row for row in expected["pooled"]}
    summary = {row["term"]: row for row in expected["summary"]}
    for row in found.to_dict("records"):
        assert row["estimate"] == pytest.approx(pooled[row["term"]]["estimate"], rel=1e-9)
        assert row["total"] == pytest.approx(pooled[row["term"]]["t"], rel=1e-9)
        assert row["df"] == pytest.approx(pooled[row["term"]]["df"], rel=1e-9)
        assert row["fraction_missing_information"] == pytest.approx(
            pooled[row["term"]]["fmi"], rel=1e-9
        )
        assert row["p_value"] == pytest.approx(summary[row["term"]]["p.value"], rel=1e-8)
        assert row["conf_low"] == pytest.approx(summary[row["term"]]["2.5 %"], rel=1e-8)
        assert row["conf_high"] == pytest.approx(summary[row["term"]]["97.5 %"], rel=1e-8)


def test_tables_that_do_not_match_are_refused():
    frames = analyses()[:3]
    with pytest.raises(AnalysisError, match="analysis 2 has other rows"):
        pool_tables([frames[0], frames[1].iloc[1:]], by=["term"])
    with pytest.raises(AnalysisError, match="analysis 1 has no column se"):
        pool_tables([frames[0].drop(columns="se")] * 2, by=["term"])
    with pytest.raises(AnalysisError, match="different degrees of freedom"):
        pool_tables([frames[0], frames[1].assign(df=7.0)], by=["term"])
    with pytest.raises(AnalysisError, match="names a row twice"):
        pool_tables([frames[0].assign(term="a")] * 2, by=["term"])
    with pytest.raises(AnalysisError, match="no analysis"):
        pool_tables([], by=["term"])
    shuffled = pool_tables([frames[0], frames[1].iloc[::-1]], by=["term"]).to_frame()
    plain = pool_tables(frames[:2], by=["term"]).to_frame()
    pd.testing.assert_frame_equal(shuffled, plain)


@given(
    q=st.lists(st.floats(-5, 5), min_size=2, max_size=8),
    u=st.floats(0.1, 4),
    df=st.floats(1, 500),
    shift=st.floats(-9, 9),
)
@settings(max_examples=examples(60), deadline=None)
def test_pooling_keeps_its_bounds(q, u, df, shift):
    found = pool_rubin(q, [u] * len(q), df_complete=df)
    assert found.total >= u * (1 - 1e-12)
    assert 0 < found.df <= df * (df + 1) / (df + 3) * (1 + 1e-12)
    assert 0 <= found.proportion_missing < 1
    moved = pool_rubin([each + shift for each in q], [u] * len(q), df_complete=df)
    assert moved.estimate == pytest.approx(found.estimate + shift, abs=1e-9)
    assert moved.se == pytest.approx(found.se, rel=1e-6)


def test_what_cannot_be_pooled_is_refused():
    with pytest.raises(AnalysisError, match="2 imputations"):
        pool_rubin([1.0], [1.0])
    with pytest.raises(AnalysisError, match="as many estimates as variances"):
        pool_rubin([1.0, 2.0], [1.0])
    with pytest.raises(AnalysisError, match="above 0"):
        pool_rubin([1.0, 2.0], [1.0, 0.0])
    with pytest.raises(AnalysisError, match="finite"):
        pool_rubin([1.0, np.nan], [1.0, 1.0])
    with pytest.raises(AnalysisError, match="df_complete"):
        pool_rubin([1.0, 2.0], [1.0, 1.0], df_complete=0)
    agreed = pool_rubin([1.0, 1.0], [1.0, 1.0])
    assert math.isinf(agreed.df)
    assert agreed.p_value == pytest.approx(0.31731050786)


def test_estimates_that_differ_by_rounding_alone_agree() -> None:
    exact = pool_rubin([0.3] * 5, [0.04] * 5)
    rounded = pool_rubin([0.3, 0.3, 0.1 + 0.2, 0.3, 0.3], [0.04] * 5)
    assert (rounded.between, rounded.df, rounded.se) == (0.0, exact.df, exact.se)
    assert math.isinf(rounded.df)
    around_0 = pool_rubin([0.0, 1e-17, -1e-17, 0.0, 0.0], [0.04] * 5, df_complete=20)
    assert around_0.df == pool_rubin([0.0] * 5, [0.04] * 5, df_complete=20).df
    small_and_real = pool_rubin([1e-9, 2e-9, 3e-9], [1e-18] * 3)
    assert small_and_real.between > 0
