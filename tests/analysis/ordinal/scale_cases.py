"""The reference cases of ordered outcomes."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

REFERENCE = Path(__file__).parents[2] / "reference" / "ordinal"
CASES: dict[str, dict[str, Any]] = {
    "ordinal_licorice_pain": {
        "covariates": ["gender", "smoking"],
        "categories": ["gender", "smoking"],
    },
    "ordinal_pgic_simulated": {"covariates": ["bl"]},
}


def read(case: str) -> tuple[dict[str, Any], pd.DataFrame]:
    expected = json.loads((REFERENCE / f"{case}.json").read_text(encoding="utf-8"))
    return expected, pd.read_csv(REFERENCE / f"{case}.csv")


def from_counts(counts: dict[str, list[int]]) -> pd.DataFrame:
    """A row a subject: ``counts`` by arm of the levels 0, 1, …."""
    rows = [
        (arm, level)
        for arm, by_level in counts.items()
        for level, count in enumerate(by_level)
        for _ in range(count)
    ]
    return pd.DataFrame(rows, columns=["arm", "y"])
