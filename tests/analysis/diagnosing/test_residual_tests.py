"""The tests of residuals against R."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.diagnosing.residual_tests import brown_forsythe, shapiro_wilk
from trialkit.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference"


def ancova_residuals() -> tuple[np.ndarray, np.ndarray, dict]:
    expected = json.loads((REFERENCE / "ancova" / "anorexia_final.json").read_text())
    frame = pd.read_csv(REFERENCE / "ancova" / "MASS_anorexia.csv")
    codes = pd.Categorical(frame["Treat"], ["CBT", "Cont", "FT"]).codes
    design = np.column_stack([np.eye(3)[codes], frame["Prewt"]])
    outcome = frame["Postwt"].to_numpy()
    return outcome - design @ np.linalg.lstsq(design, outcome, rcond=None)[0], codes, expected


def test_shapiro_wilk_is_rs() -> None:
    residuals, _, expected = ancova_residuals()
    found = shapiro_wilk(residuals)
    assert found.statistic == pytest.approx(expected["shapiro"]["statistic"], rel=1e-8)
    assert found.p_value == pytest.approx(expected["shapiro"]["p.value"], rel=1e-6)


def test_levene_with_medians_is_cars() -> None:
    residuals, codes, expected = ancova_residuals()
    found = brown_forsythe([residuals[codes == code] for code in range(3)])
    row, error = expected["levene_bf"]
    assert found.statistic == pytest.approx(row["F value"], rel=1e-8)
    assert found.p_value == pytest.approx(row["Pr(>F)"], rel=1e-8)
    assert (found.df_num, found.df_den) == (row["Df"], error["Df"])


@pytest.mark.parametrize("scale", [1e-60, 1e-12, 1e12, 1e60])
def test_the_unit_does_not_matter(scale: float) -> None:
    """scipy takes values within 1e-19 for equal."""
    residuals, codes, _ = ancova_residuals()
    here, there = shapiro_wilk(residuals), shapiro_wilk(scale * residuals)
    assert there.statistic == pytest.approx(here.statistic)
    assert there.p_value == pytest.approx(here.p_value)
    samples = [residuals[codes == code] for code in range(3)]
    equal = brown_forsythe([scale * sample for sample in samples])
    assert equal.p_value == pytest.approx(brown_forsythe(samples).p_value)


def test_what_has_no_test_of_normality_says_why() -> None:
    with pytest.raises(AnalysisError, match="3 values; 4 are needed"):
        shapiro_wilk(np.array([1.0, 2.0, 4.0]))
    with pytest.raises(AnalysisError, match="all residuals are equal"):
        shapiro_wilk(np.full(10, 0.1))
    with pytest.raises(AnalysisError, match="more than 5000 values"):
        shapiro_wilk(np.arange(5001.0))
