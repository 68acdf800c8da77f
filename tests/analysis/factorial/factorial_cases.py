"""The reference trial of two factors, and made-up ones."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

REFERENCE = Path(__file__).parents[2] / "reference"
FRAME = pd.read_csv(REFERENCE / "factorial" / "factorial_simulated.csv")
EXPECTED: dict[str, Any] = json.loads(
    (REFERENCE / "factorial" / "factorial_simulated.json").read_text(encoding="utf-8")
)
FACTORS: dict[str, Any] = {
    "factors": ["exercise", "education"],
    "reference": {"exercise": "no", "education": "no"},
}


def made_up(seed: int, *, n: int = 80) -> pd.DataFrame:
    """Subjects in four cells with a covariate, a value and an event; every cell has both events."""
    rng = np.random.default_rng(seed)
    number = np.arange(n)
    frame = pd.DataFrame(
        {
            "exercise": np.where(number % 2, "yes", "no"),
            "education": np.where(number // 2 % 2, "yes", "no"),
            "x": rng.normal(size=n),
        }
    )
    frame["y"] = 3 + frame["x"] - 2 * (frame["exercise"] == "yes") + rng.normal(size=n)
    frame["e"] = (rng.random(n) < 0.4).astype(int)
    frame.loc[:3, "e"], frame.loc[4:7, "e"] = 0, 1
    return frame


def one(table: pd.DataFrame, effect: str, factor: str, **where: str) -> pd.Series:
    """The one row of an effect of a factor."""
    keep = (table["effect"] == effect) & (table["factor"] == factor)
    for name, value in where.items():
        keep &= table[name] == value
    (found,) = (row for _, row in table[keep].iterrows())
    return found
