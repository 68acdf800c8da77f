"""Crossover trials against lme4 and pbkrtest: crossover_abba_complete.json, crossover_williams.json."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.analysis.mixed.mixed_cases import CROSSOVER, ORDERS, expected, frame
from tests.conftest import examples
from trialkit.analysis.mixed.crossover import crossover_mixed_model
from trialkit.errors import AnalysisError


def _fit(name: str, data: pd.DataFrame | None = None, **others: object):
    data = frame(f"crossover/{name}") if data is None else data
    options = CROSSOVER | {"order": ORDERS[name], "sequence": "sequence"} | others
    return crossover_mixed_model(data, **options)


@pytest.mark.parametrize("name", ["crossover_abba_complete", "crossover_williams"])
@pytest.mark.parametrize(("inference", "key"), [("kenward-roger", "kr"), ("satterthwaite", "satt")])
def test_they_are_those_of_lme4(name: str, inference: str, key: str) -> None:
    wanted = expected(f"crossover/{name}")
    mixed = wanted["mixed"]
    fit = _fit(name, inference=inference)
    found = fit.coefficients()
    names = [
        "(Intercept)" if t == "intercept" else t.translate({91: "", 93: ""}) for t in found["term"]
    ]
    found = found.assign(term=names).set_index("term").loc[mixed["names"]]
    np.testing.assert_allclose(found["estimate"], mixed["coef"], rtol=1e-8, atol=1e-11)
    # lme4 stops at about 1e-8 of the variances
    np.testing.assert_allclose(found["se"], mixed[f"{key}_se"], rtol=1e-7)
    np.testing.assert_allclose(found["df"], mixed[f"{key}_df"], rtol=1e-6)
    np.testing.assert_allclose(fit.model.variances, mixed["vc"], rtol=1e-6)
    within = fit.contrasts()
    np.testing.assert_allclose(within["estimate"], wanted["fixed_subjects"]["coef"], rtol=1e-8)
    np.testing.assert_allclose(within["se"], wanted["fixed_subjects"]["se"], rtol=1e-8)
    np.testing.assert_allclose(within["p_value"], wanted["fixed_subjects"]["p"], rtol=1e-7)


def test_two_periods_are_those_of_hills_and_armitage() -> None:
    wanted = expected("crossover/crossover_abba_complete")["hills_armitage"]
    fit = _fit("crossover_abba_complete")
    row = fit.contrasts().iloc[0]
    assert -row["estimate"] == pytest.approx(
        wanted["treatment_effect_first_minus_second_in_sequence1"], rel=1e-8
    )
    assert [-row["conf_high"], -row["conf_low"]] == pytest.approx(wanted["treatment_ci"], rel=1e-8)
    table = fit.coefficients().set_index("term")
    assert table["p_value"]["sequence[BA]"] == pytest.approx(wanted["carryover_p"], rel=1e-7)
    assert table["p_value"]["period[2]"] == pytest.approx(wanted["period_p"], rel=1e-7)
    without = _fit("crossover_abba_complete", sequence=None, carry_over=True)
    carried = without.term_tests().set_index("term").loc["carry-over of treatment"]
    assert carried["p_value"] == pytest.approx(wanted["carryover_p"], rel=1e-7)


@settings(max_examples=examples(20))
@given(seed=st.integers(0, 10_000), own=st.floats(3, 10), n=st.integers(4, 12))
def test_complete_data_are_the_paired_analysis(seed: int, own: float, n: int) -> None:
    rng = np.random.default_rng(seed)
    level = rng.normal(40, own, 2 * n)
    rows = [
        (who, "AB" if who < n else "BA", period, "AB"[(who >= n) ^ (period == 2)])
        for who in range(2 * n)
        for period in (1, 2)
    ]
    data = pd.DataFrame(rows, columns=["subject", "sequence", "period", "treatment"])
    data["y"] = level[data["subject"]] + rng.normal(0, 1, len(data))
    wide = data.pivot_table(index="subject", columns="period", values="y")
    change = (wide[2] - wide[1]).to_numpy()
    halves = stats.ttest_ind(change[:n], change[n:])
    fit = crossover_mixed_model(
        data, **CROSSOVER, sequence="sequence", order={"sequence": ["AB", "BA"]}
    )
    row = fit.contrasts().iloc[0]
    assert row["df"] == pytest.approx(2 * n - 2, rel=1e-6)
    assert row["estimate"] == pytest.approx((change[:n].mean() - change[n:].mean()) / 2, rel=1e-8)
    assert row["p_value"] == pytest.approx(halves.pvalue, rel=1e-6)


def test_a_period_without_an_outcome_is_left_out_and_the_others_kept() -> None:
    name = "crossover_williams"
    data = frame(f"crossover/{name}")
    data.loc[(data["subject"] == 3) & (data["period"] == 2), "y"] = np.nan
    data = data.drop(data.index[(data["subject"] == 7) & (data["period"] >= 2)])
    fit = _fit(name, data)
    assert fit.n == len(data) - 1
    assert fit.excluded.to_numpy().tolist() == [[3, "y is missing"]]
    assert len(fit.groupings[0].levels) == data["subject"].nunique()
    assert (fit.contrasts()["df"] < 32).all()


def test_a_period_missing_in_all_falls_out() -> None:
    name = "crossover_williams"
    data = frame(f"crossover/{name}")
    fit = _fit(name, data.assign(y=data["y"].where(data["period"] < 3)))
    assert fit.excluded["reason"].tolist() == ["y is missing"] * 18
    assert "period[3]" not in fit.coefficients()["term"].tolist()
    alone = _fit(name, data[data["period"] < 3])
    np.testing.assert_allclose(fit.contrasts()["estimate"], alone.contrasts()["estimate"])


def test_carry_over_of_a_period_not_measured_is_known_from_its_row_or_the_sequence() -> None:
    name = "crossover_williams"
    data = frame(f"crossover/{name}")
    here = (data["subject"] == 3) & (data["period"] == 2)
    blank = _fit(name, data.assign(y=data["y"].mask(here)), carry_over=True)
    absent = _fit(name, data[~here], carry_over=True)
    np.testing.assert_allclose(
        blank.coefficients()["estimate"], absent.coefficients()["estimate"], rtol=1e-9
    )
    unknown = _fit(name, data[~here], carry_over=True, sequence=None)
    assert unknown.excluded["reason"].tolist() == ["treatment of the period before is not known"]


def test_carry_over_that_the_sequence_explains_is_refused() -> None:
    with pytest.raises(AnalysisError, match="cannot be told from 'sequence'"):
        _fit("crossover_abba_complete", carry_over=True)


def test_what_is_no_crossover_is_refused() -> None:
    name = "crossover_abba_complete"
    data = frame(f"crossover/{name}")
    with pytest.raises(AnalysisError, match="has 2 rows in period 1"):
        _fit(name, pd.concat([data, data.iloc[:1]]))
    with pytest.raises(AnalysisError, match="more than one 'sequence'"):
        _fit(name, data.assign(sequence=["BA", *data["sequence"][1:]]))
    with pytest.raises(AnalysisError, match="'period' has one level only"):
        _fit(name, data.assign(y=data["y"].where(data["period"] == 1)))
    first = data[(data["period"] == 1) == (data["subject"] % 2 == 0)]
    with pytest.raises(AnalysisError, match=r"one row|linear combination"):
        _fit(name, first)
