import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

REFERENCE = Path(__file__).parents[2] / "reference" / "mmrm"
ORDERS = {
    "AVISIT": ["VIS1", "VIS2", "VIS3", "VIS4"],
    "RACE": ["Asian", "Black or African American", "White"],
    "SEX": ["Male", "Female"],
    "ARMCD": ["PBO", "TRT"],
}


@pytest.fixture(scope="session")
def reference():
    return REFERENCE


@pytest.fixture(scope="session")
def fev():
    frame = pd.read_csv(REFERENCE / "fev_data.csv")
    for name, levels in ORDERS.items():
        frame[name] = pd.Categorical(frame[name], categories=levels, ordered=True)
    return frame


@pytest.fixture(scope="session")
def fev_model():
    return {
        "outcome": "FEV1",
        "subject": "USUBJID",
        "visit": "AVISIT",
        "arm": "ARMCD",
        "reference": "PBO",
        "covariates": ("RACE", "SEX"),
    }


@pytest.fixture(scope="session")
def antidepressant():
    return pd.read_csv(REFERENCE / "antidepressant_data.csv", dtype={"VISIT": str})


@pytest.fixture(scope="session")
def antidepressant_model():
    return {
        "outcome": "CHANGE",
        "subject": "PATIENT",
        "visit": "VISIT",
        "arm": "THERAPY",
        "reference": "PLACEBO",
        "covariates_by_visit": ("BASVAL",),
        "order": {"VISIT": ["4", "5", "6", "7"]},
    }


@pytest.fixture(scope="session")
def six_visits():
    frame = pd.read_csv(REFERENCE / "six_visits.csv")
    frame["arm"] = pd.Categorical(frame["arm"], categories=["A", "B", "C"], ordered=True)
    return frame


@pytest.fixture(scope="session")
def second_route():
    return json.loads((REFERENCE / "second_route.json").read_text(encoding="utf-8"))["cases"]


@pytest.fixture(scope="session")
def sas():
    return json.loads((REFERENCE / "sas_published.json").read_text(encoding="utf-8"))


def make_trial(*, n=40, visits=3, arms=2, missing=0.1, seed=1):
    """A small trial with gaps, a baseline and a two-level stratum."""
    rng = np.random.default_rng(seed)
    arm = np.arange(n) % arms
    base = rng.normal(10, 2, n)
    stratum = rng.integers(0, 2, n)
    mixing = np.eye(visits) + 0.5 * np.tri(visits)
    values = rng.normal(size=(n, visits)) @ mixing.T + base[:, None] * 0.4 + arm[:, None] * 0.5
    holes = rng.random((n, visits)) < missing
    holes[: 4 * arms] = False
    values[holes] = np.nan
    return pd.DataFrame(
        {
            "id": np.repeat(np.arange(n), visits),
            "visit": np.tile(np.arange(1, visits + 1), n),
            "arm": np.repeat(np.array(["C", "E1", "E2"])[arm], visits),
            "base": np.repeat(base, visits),
            "stratum": np.repeat(np.array(["low", "high"])[stratum], visits),
            "y": values.ravel(),
        }
    )


TRIAL = {
    "outcome": "y",
    "subject": "id",
    "visit": "visit",
    "arm": "arm",
    "reference": "C",
    "order": {"stratum": ["low", "high"], "arm": ["C", "E1", "E2"]},
}


@pytest.fixture(scope="session")
def trial():
    return make_trial


@pytest.fixture(scope="session")
def trial_model():
    return {**TRIAL, "order": {"stratum": ["low", "high"]}}
