"""The reference cases of outcomes over visits."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

REFERENCE = Path(__file__).parents[2] / "reference" / "longitudinal"
MODELS: dict[str, dict[str, Any]] = {
    "long_epilepsy": {
        "family": "poisson",
        "reference": "placebo",
        "covariates": ["lbase", "lage", "visit"],
        "categories": ["visit"],
    },
    "long_schizophrenia": {
        "family": "binomial",
        "reference": "< 20 yrs",
        "covariates": ["month"],
    },
}
COLUMNS: dict[str, Any] = {"outcome": "y", "subject": "id", "visit": "visit", "arm": "arm"}


def frame(data: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / f"{data}.csv")


def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((REFERENCE / f"{name}.json").read_text(encoding="utf-8"))
    return found


def made_up(seed: int, *, subjects: int = 30, visits: int = 4) -> pd.DataFrame:
    """Subjects over visits, some of them missing, with a count and an event."""
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(subjects), visits)
    own = rng.normal(0, 0.6, subjects)[who]
    table = pd.DataFrame(
        {
            "id": [f"s{i:03d}" for i in who],
            "visit": np.tile(np.arange(1, visits + 1), subjects),
            "arm": np.where(who % 2 == 0, "C", "E"),
            "x": rng.normal(size=subjects)[who],
            "t": rng.uniform(0.5, 2.0, subjects * visits),
        }
    )
    table["n"] = rng.poisson(np.exp(0.5 + own - 0.2 * (who % 2)))
    table["y"] = (rng.random(len(who)) < 1 / (1 + np.exp(-own - 0.2))).astype(int)
    table["z"] = own + rng.normal(size=len(who))
    return table[rng.random(len(who)) < 0.9].reset_index(drop=True)
