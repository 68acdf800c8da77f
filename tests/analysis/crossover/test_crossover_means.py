"""Two periods against Hills and Armitage's tests in R: crossover_abba_complete.json."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from tests.analysis.crossover.crossover_cases import COLUMNS, EXPECTED, FRAME, long, made_up
from tests.conftest import examples
from trialkit.analysis.crossover.crossover_means import CrossoverMeans, crossover_means
from trialkit.errors import AnalysisError


def fit(frame: pd.DataFrame, **changed: Any) -> CrossoverMeans:
    return crossover_means(frame, **COLUMNS | {"outcome": "y", "reference": "A"} | changed)


def effects(frame: pd.DataFrame, **changed: Any) -> pd.DataFrame:
    return fit(frame, **changed).to_frame().set_index("effect")


def test_it_is_hills_and_armitage_in_r() -> None:
    wanted, found = EXPECTED["hills_armitage"], effects(FRAME, reference="B")
    row = found.loc["treatment"]
    assert row["contrast"] == "A - B"
    name = "treatment_effect_first_minus_second_in_sequence1"
    assert row["estimate"] == pytest.approx(wanted[name], rel=1e-9)
    assert row["statistic"] == pytest.approx(wanted["treatment_t"], rel=1e-9)
    assert row["p_value"] == pytest.approx(wanted["treatment_p"], rel=1e-8)
    limits = row[["conf_low", "conf_high"]].astype(float)
    np.testing.assert_allclose(limits, wanted["treatment_ci"], rtol=1e-9)
    assert row["df"] == wanted["df"]
    carried, period = found.loc["carry_over"], found.loc["period"]
    assert carried["statistic"] == pytest.approx(wanted["carryover_t"], rel=1e-9)
    assert carried["p_value"] == pytest.approx(wanted["carryover_p"], rel=1e-9)
    assert "must not choose" in carried["note"]
    # the file has the first period minus the second
    assert period["statistic"] == pytest.approx(-wanted["period_t"], rel=1e-9)
    assert period["p_value"] == pytest.approx(wanted["period_p"], rel=1e-8)
    ranks = effects(FRAME, method="mann_whitney_asymptotic").loc["treatment"]
    assert ranks["p_value"] == pytest.approx(wanted["wilcoxon_p"], rel=1e-9)


def test_complete_data_are_the_models_of_r() -> None:
    """Subjects as fixed effects, and the mixed model where nobody lacks a period."""
    fixed, mixed, found = EXPECTED["fixed_subjects"], EXPECTED["mixed"], effects(FRAME)
    row = found.loc["treatment"]
    assert row["estimate"] == pytest.approx(fixed["coef"], rel=1e-9)
    assert (row["se"], row["df"]) == (pytest.approx(fixed["se"], rel=1e-7), fixed["df"])
    assert found.loc["period", "estimate"] == pytest.approx(mixed["coef"][2], rel=1e-6)
    assert found.loc["period", "se"] == pytest.approx(mixed["kr_se"][2], rel=1e-6)
    # the sequence's effect in the mixed model is half the difference of totals
    assert found.loc["carry_over", "estimate"] / 2 == pytest.approx(mixed["coef"][3], rel=1e-6)
    assert found.loc["carry_over", "p_value"] == pytest.approx(mixed["kr_p"][3], rel=1e-6)


@settings(max_examples=examples(25))
@given(st.integers(0, 2**32 - 1))
def test_it_is_least_squares_with_subjects_and_swaps_mirror(seed: int) -> None:
    frame = made_up(seed)
    found = effects(frame)
    model = smf.ols("y ~ C(treatment) + C(period) + C(subject)", frame).fit()
    for effect, name in (("treatment", "C(treatment)[T.B]"), ("period", "C(period)[T.2]")):
        assert found.loc[effect, "estimate"] == pytest.approx(model.params[name], abs=1e-9)
        assert found.loc[effect, "se"] == pytest.approx(model.bse[name], rel=1e-8)
        assert found.loc[effect, "p_value"] == pytest.approx(model.pvalues[name], rel=1e-7)
    turned = effects(frame.sample(frac=1, random_state=1), reference="B")
    assert turned.loc["treatment", "estimate"] == pytest.approx(-found.loc["treatment", "estimate"])
    assert turned.loc["period", "estimate"] == pytest.approx(found.loc["period", "estimate"])
    later = effects(frame.assign(y=frame["y"] + 30.0 * (frame["period"] == 2)))
    assert later.loc["treatment", "estimate"] == pytest.approx(found.loc["treatment", "estimate"])
    assert later.loc["period", "estimate"] == pytest.approx(found.loc["period", "estimate"] + 30)
    assert later.loc["carry_over", "p_value"] == pytest.approx(found.loc["carry_over", "p_value"])


def test_without_a_period_effect_equal_sequences_are_the_paired_analysis() -> None:
    frame = FRAME.pivot_table(index="subject", columns="treatment", values="y")
    paired = (frame["B"] - frame["A"]).mean()
    assert effects(FRAME).loc["treatment", "estimate"] == pytest.approx(paired, rel=1e-12)


def test_ranks_are_scipys_and_the_shift_mirrors() -> None:
    frame = made_up(3)
    wide = frame.pivot_table(index="subject", columns="period", values="y").round(1)
    early = frame[frame["period"] == 1].set_index("subject")["treatment"] == "B"
    change = ((wide[2] - wide[1]) / 2).round(6)
    row = effects(frame, method="mann_whitney").loc["treatment"]
    assert row["p_value"] == pytest.approx(
        mannwhitneyu(change[~early], change[early], method="exact").pvalue, rel=1e-9
    )
    assert row["estimate"] == pytest.approx(
        np.median(np.subtract.outer(change[~early].to_numpy(), change[early].to_numpy()))
    )
    assert np.isnan(row["se"])


def test_who_lacks_a_period_is_told_and_the_means_are_of_who_has_both() -> None:
    frame = made_up(5).astype({"subject": object})
    frame.loc[0, "y"] = None
    frame = frame.drop(index=frame.index[-1])
    frame.loc[3, "subject"] = None
    found = fit(frame)
    assert sorted(found.excluded["reason"]) == [
        "period 1 is missing", "period 2 is missing", "subject is missing", "y of period 1 is missing",
    ]  # fmt: skip
    assert (
        found.means()["n"].tolist() == [found.periods.sizes[0]] * 2 + [found.periods.sizes[1]] * 2
    )
    assert found.means()["sequence"].tolist() == ["B, A"] * 2 + ["A, B"] * 2
    assert "n = 11" in found.title


def test_other_designs_are_refused_in_words() -> None:
    frame = made_up(1)
    three = frame.assign(period=np.arange(len(frame)) % 3)
    for data, asked, message in (
        (three, {}, "two treatments in two periods, got 2 of 'treatment' and 3 of 'period'"),
        (pd.concat([frame, frame.iloc[:1]]), {}, "has two rows in period 1"),
        (frame.assign(treatment=["A", "B"] * 14), {}, "the same treatment in both periods"),
        (frame[frame["subject"] % 5 >= 2], {}, "the sequence B, A needs two subjects"),
        (frame.assign(y=1.0), {}, "does not vary"),
        (frame, {"method": "welch_anova"}, "compares no two sequences"),
        (frame, {"reference": "C"}, "is not a level of"),
    ):
        with pytest.raises(AnalysisError, match=message):
            fit(data, **asked)


def test_totals_that_are_all_alike_leave_the_treatment_its_test() -> None:
    frame = long([1, 2, 3, 4, 6, 5], [9, 8, 7, 6, 4, 5], [True, True, True, False, False, False])
    found = effects(frame)
    assert np.isfinite(found.loc["treatment", "p_value"])
    assert found.loc["carry_over", "note"].startswith("no test: ")
    assert found.loc["carry_over", "estimate"] == 0
