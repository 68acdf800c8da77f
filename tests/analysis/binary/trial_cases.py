"""The reference trial of a binary outcome."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

REFERENCE = Path(__file__).parents[2] / "reference" / "binary"
EXPECTED: dict[str, Any] = json.loads(
    (REFERENCE / "binary_indo_rct.json").read_text(encoding="utf-8")
)
FRAME = pd.read_csv(REFERENCE / "binary_indo_rct.csv")
MODEL: dict[str, Any] = {
    "outcome": "y",
    "arm": "arm",
    "reference": "0_placebo",
    "covariates": ["site", "risk", "age", "sod"],
    "order": {
        "site": ["1_UM", "2_IU", "3_UK", "4_Case"],
        "sod": ["0_no", "1_yes"],
        "arm": ["0_placebo", "1_indomethacin"],
    },
}
FINITE = [index for index, name in enumerate(EXPECTED["logistic"]["names"]) if name != "site4_Case"]
"""Coefficients that have a finite maximum: site 4 has no event."""
