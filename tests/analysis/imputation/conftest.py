import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.imputation.drawing import imputation_draws
from trialkit.analysis.imputation.model import imputation_model

ROOT = Path(__file__).parents[2] / "reference"
ORDER = {"VISIT": ["4", "5", "6", "7"]}
COLUMNS = {
    "outcome": "CHANGE",
    "subject": "PATIENT",
    "visit": "VISIT",
    "arm": "THERAPY",
    "reference": "PLACEBO",
    "order": ORDER,
}


@pytest.fixture(scope="session")
def rbmi():
    path = ROOT / "imputation" / "rbmi_antidepressant.json"
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def antidepressant():
    return pd.read_csv(ROOT / "mmrm" / "antidepressant_data.csv", dtype={"VISIT": str})


@pytest.fixture(scope="session")
def events(antidepressant):
    """The first missing visit of each subject but 3618, whose gap is at random."""
    wide = antidepressant.pivot_table(index="PATIENT", columns="VISIT", values="CHANGE").isna()
    first = wide.idxmax(axis=1)[wide.any(axis=1)].drop(3618)
    frame = first.rename("VISIT").reset_index()
    return frame.assign(strategy="jump-to-reference")


@pytest.fixture(scope="session")
def antidepressant_model(antidepressant, events):
    return imputation_model(
        antidepressant, covariates_by_visit=["BASVAL"], events=events, **COLUMNS
    )


@pytest.fixture(scope="session")
def jackknifed(antidepressant_model):
    return imputation_draws(antidepressant_model)


def made_up(seed=1, *, n=30, visits=3, gaps=True, drop=0.3):
    """A trial of two arms with dropout and, if asked, a gap; and its events, a row a subject."""
    random = np.random.default_rng(seed)
    arm = np.arange(n) % 2
    base = random.normal(10, 2, n)
    mixing = np.eye(visits) + 0.6 * np.tri(visits)
    y = random.normal(size=(n, visits)) @ mixing.T + 0.4 * base[:, None] + arm[:, None]
    left = np.where(random.random(n) < drop, random.integers(1, visits + 1, n), visits)
    left[:10] = visits
    y[np.arange(visits) >= left[:, None]] = np.nan
    if gaps:
        y[12, 0] = np.nan
    frame = pd.DataFrame(
        {
            "id": np.repeat([f"s{i:02d}" for i in range(n)], visits),
            "visit": np.tile(np.arange(1, visits + 1), n),
            "arm": np.repeat(np.array(["C", "E"])[arm], visits),
            "base": np.repeat(base, visits),
            "y": y.ravel(),
        }
    )
    gone = np.flatnonzero(left < visits)
    events = pd.DataFrame(
        {
            "id": [f"s{i:02d}" for i in gone],
            "visit": left[gone] + 1,
            "strategy": "jump-to-reference",
        }
    )
    return frame, events


@pytest.fixture(scope="session")
def trial():
    return made_up


SHORT = {"outcome": "y", "subject": "id", "visit": "visit", "arm": "arm", "reference": "C"}


@pytest.fixture(scope="session")
def short():
    """The columns of :func:`made_up`."""
    return SHORT
