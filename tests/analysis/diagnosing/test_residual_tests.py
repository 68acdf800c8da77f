"""The tests of residuals against R."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.diagnosing.residual_tests import brown_forsythe, shapiro_wilk

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
