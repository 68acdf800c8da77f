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


@pytest.mark.parametrize("case", ["sim_2x3_unbal", "sim_3x4_unbal"])
def test_mauchlys_w_is_cars(case: str) -> None:
    values, groups = wide_of(case)
    expected = json.loads((REFERENCE / "anova" / f"{case}.json").read_text())["type3"]
    residuals = centred(values, groups)
    w = engine.mauchly_w(residuals)
    assert w == pytest.approx(expected["mauchly"][0]["W"], rel=1e-8)
