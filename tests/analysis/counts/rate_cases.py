"""The reference cases of counts, and four made-up people."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

REFERENCE = Path(__file__).parents[2] / "reference" / "counts"
CASES = ("counts_epilepsy_total", "counts_falls_simulated")
ADJUSTED = {"counts_epilepsy_total": ("lbase", "age"), "counts_falls_simulated": ("site",)}


def read(case: str) -> tuple[dict[str, Any], pd.DataFrame]:
    expected = json.loads((REFERENCE / f"{case}.json").read_text(encoding="utf-8"))
    frame = pd.read_csv(REFERENCE / f"{case}.csv")
    if "base" in frame:
        frame["lbase"] = np.log(frame["base"])
    return expected, frame


def covariates(case: str, model: str) -> tuple[str, ...]:
    return ADJUSTED[case] if model == "adjusted" else ()


def small(events: list[int], *, arms: str = "AABB") -> pd.DataFrame:
    return pd.DataFrame({"arm": list(arms), "y": events, "t": [1.0, 2.0, 1.5, 0.5]})
