"""Each number that pingouin gives, against another route."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.engines import pingouin as engine

REFERENCE = Path(__file__).parents[2] / "reference"


def wide_of(case: str) -> tuple[np.ndarray, np.ndarray]:
    frame = pd.read_csv(REFERENCE / "anova" / f"{case}.csv")
    wide = frame.pivot_table(index=["group", "id"], columns="time", values="y")
    return wide.to_numpy(), pd.factorize(wide.index.get_level_values("group"), sort=True)[0]


def centred(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    means = np.array([values[groups == g].mean(axis=0) for g in np.unique(groups)])
    return values - means[groups]


def ancova_residuals() -> tuple[np.ndarray, np.ndarray, dict]:
    expected = json.loads((REFERENCE / "ancova" / "anorexia_final.json").read_text())
    frame = pd.read_csv(REFERENCE / "ancova" / "MASS_anorexia.csv")
    codes = pd.Categorical(frame["Treat"], ["CBT", "Cont", "FT"]).codes
    design = np.column_stack([np.eye(3)[codes], frame["Prewt"]])
    outcome = frame["Postwt"].to_numpy()
    return outcome - design @ np.linalg.lstsq(design, outcome, rcond=None)[0], codes, expected


def test_shapiro_wilk_is_rs() -> None:
    residuals, _, expected = ancova_residuals()
    found = engine.shapiro_wilk(residuals)
    assert found.statistic == pytest.approx(expected["shapiro"]["statistic"], rel=1e-8)
    assert found.p_value == pytest.approx(expected["shapiro"]["p.value"], rel=1e-6)


def test_levene_with_medians_is_cars() -> None:
    residuals, codes, expected = ancova_residuals()
    found = engine.brown_forsythe([residuals[codes == code] for code in range(3)])
    row, error = expected["levene_bf"]
    assert found.statistic == pytest.approx(row["F value"], rel=1e-8)
    assert found.p_value == pytest.approx(row["Pr(>F)"], rel=1e-8)
    assert (found.df_num, found.df_den) == (row["Df"], error["Df"])


@pytest.mark.parametrize("case", ["sim_2x3_unbal", "sim_3x4_unbal"])
def test_mauchlys_w_and_the_epsilon_are_cars(case: str) -> None:
    values, groups = wide_of(case)
    expected = json.loads((REFERENCE / "anova" / f"{case}.json").read_text())["type3"]
    residuals = centred(values, groups)
    w = engine.mauchly_w(residuals)
    assert w == pytest.approx(expected["mauchly"][0]["W"], rel=1e-8)
    epsilon = engine.greenhouse_geisser_epsilon(residuals)
    assert epsilon == pytest.approx(expected["epsilon"][0]["GG_eps"], rel=1e-8)
