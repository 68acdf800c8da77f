"""The reference trial of clusters, and made-up ones."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

REFERENCE = Path(__file__).parents[2] / "reference" / "cluster"
CLINICS = pd.read_csv(REFERENCE / "cluster_clinics_simulated.csv")
EXPECTED: dict[str, Any] = json.loads(
    (REFERENCE / "cluster_clinics_simulated.json").read_text(encoding="utf-8")
)
COLUMNS: dict[str, Any] = {"outcome": "y", "cluster": "cluster", "arm": "arm"}


def made_up(seed: int, *, clusters: int = 8, spread: float = 1.0) -> pd.DataFrame:
    """Clusters of 2 to 9 people, half of them in each arm, with a value, an event and a count."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 10, clusters)
    own = np.repeat(np.arange(clusters), sizes)
    shift = rng.normal(0, spread, clusters)[own]
    return pd.DataFrame(
        {
            "cluster": [f"c{each:02d}" for each in own],
            "arm": np.where(own % 2 == 0, "C", "E"),
            "x": rng.normal(size=len(own)),
            "y": 10 + shift + rng.normal(size=len(own)),
            "e": (rng.random(len(own)) < 0.5).astype(int),
            "n": 1 + rng.poisson(2, len(own)),
            "t": rng.uniform(0.5, 2, len(own)),
        }
    )
